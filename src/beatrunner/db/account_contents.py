"""What an account's export holds: every table that belongs to accounts, but for what is named here.

A new table or column goes out, and comes back, without a word here. What stays behind is said with
its reason, which the export's manifest repeats: secrets, what concerns this computer, and what
follows from the rest (it is computed anew).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from graphlib import TopologicalSorter

from sqlalchemy import Column, Table, UniqueConstraint, Uuid

from beatrunner.db.ownership import owned_tables
from beatrunner.db.portable import Portable
from beatrunner.db.schema import metadata

_COMPUTED = "follows from the rest and is computed anew"
_UNSHARED = "a secret, which is made anew"
_OF_THIS_COMPUTER = "concerns this computer alone"

TABLES_LEFT_OUT: Mapping[str, str] = {
    "sign_ins": _UNSHARED,
    "identities": _UNSHARED,
    "account_codes": _UNSHARED,
    "totp_factors": _UNSHARED,
    "recovery_codes": _UNSHARED,
    "pending_sign_ins": _UNSHARED,
    "personal_tokens": _UNSHARED,
    "security_events": _OF_THIS_COMPUTER,
    "consents": "what is agreed to is the runner's word, given anew",
    "pairing_codes": _UNSHARED,
    "phone_tickets": _UNSHARED,
    "share_links": "a link leads to this computer; it is shared anew",
    "tempo_sources": "whether services may be asked is the runner's word, given anew",
    "jobs": _OF_THIS_COMPUTER,
    "import_batches": "the log of what was handed in here; there it begins with the export",
    "import_files": "the log of what was handed in here; there it begins with the export",
    "recording_repeats": "the log of what was handed in here; there it begins with the export",
    "listen_repeats": "the log of what was handed in here; there it begins with the export",
    "watched_folders": _OF_THIS_COMPUTER,
    "watched_files": _OF_THIS_COMPUTER,
    "account_exports": _OF_THIS_COMPUTER,
    "carried_ids": _OF_THIS_COMPUTER,
    "run_figures": _COMPUTED,
    "best_efforts": _COMPUTED,
    "soundtracks": _COMPUTED,
    "spans": _COMPUTED,
    "measured_runs": _COMPUTED,
    "insights": _COMPUTED,
    "insight_effects": _COMPUTED,
}

#: Of what stays behind, what the runner can read all the same in the export's folder `held`, and
#: nothing takes back: these columns, of which none opens anything.
TABLES_TO_READ: Mapping[str, Sequence[str]] = {
    "accounts": ("kind", "email", "email_verified_at", "created_at"),
    "sign_ins": ("device_name", "created_at", "confirmed_at", "rotated_at", "ended_at"),
    "identities": ("kind", "label", "created_at", "used_at"),
    "totp_factors": ("confirmed_at",),
    "recovery_codes": ("used_at",),
    "personal_tokens": ("name", "scopes", "created_at", "used_at", "expires_at"),
    "security_events": ("at", "kind", "device_name", "network", "detail"),
    "consents": ("kind", "given_at"),
    "share_links": (
        "activity_id",
        "shows_time",
        "shows_heart_rate",
        "created_at",
        "expires_at",
        "opened_count",
        "last_opened_at",
    ),
    "tempo_sources": ("source", "is_on", "changed_at"),
    "import_batches": ("id", "state", "created_at", "finished_at"),
    "import_files": (
        "batch_id",
        "path",
        "size_bytes",
        "kind",
        "outcome",
        "reason",
        "activities_added",
        "listens_added",
    ),
    "watched_folders": ("folder", "looked_at"),
    "watched_files": ("path", "size_bytes", "handed_in_at"),
}

#: What tells the runner nothing: codes of minutes, work under way, links between rows.
TABLES_UNREAD = frozenset(
    {
        "account_codes",
        "account_exports",
        "carried_ids",
        "jobs",
        "listen_repeats",
        "pairing_codes",
        "pending_sign_ins",
        "phone_tickets",
        "recording_repeats",
    }
)

#: Besides whose a row is, which goes without saying, and `batch_id`: there, all of it comes with
#: the import of the export, which can so be undone as one.
COLUMNS_LEFT_OUT: Mapping[str, str] = {
    "accounts.id": "every account has its own",
    "accounts.kind": _OF_THIS_COMPUTER,
    "accounts.email": "who signs in here",
    "accounts.email_verified_at": "who signs in here",
    "accounts.disabled_at": _OF_THIS_COMPUTER,
    "accounts.erase_at": _OF_THIS_COMPUTER,
    "accounts.library_version": "counts changes on this computer",
    "accounts.created_at": _OF_THIS_COMPUTER,
    "activities.track_count": _COMPUTED,
    "activities.visibility": "what is public is so on this computer; there it begins private",
    "devices.token_hash": _UNSHARED,
    "devices.status": "of the moment",
    "devices.seen_at": "of the moment",
    "devices.is_own": _OF_THIS_COMPUTER,
    "workouts.conductor": "of the moment",
    "workouts.generation": "of the moment",
    "workouts.holder": "of the moment",
    "workouts.stop_asked_at": "of the moment",
}

#: Beside the columns of a run: by what it is found where it was imported before.
KNOWN_BY = "known_by"

#: Identifiers without a foreign key, and what they name.
_NAMES = {
    "music_events.track_id": "tracks",
    "music_events.name_id": "track_names",
    "tracks.merged_into": "tracks",
}


@cache
def carried_tables() -> Mapping[str, Portable]:
    """By name; whose rows are named before those that name them."""
    tables = [table for table in owned_tables() if table.name not in TABLES_LEFT_OUT]
    order = TopologicalSorter[Table]()
    for table in tables:
        named = (named_table(column) for column in table.columns if is_carried(column))
        order.add(table, *(found for found in named if found in tables and found is not table))
    return {
        str(table.name): Portable(table, [x for x in table.columns if is_carried(x)])
        for table in order.static_order()
    }


@cache
def readable_tables() -> Mapping[str, Portable]:
    """By name, with the columns that are shown."""
    tables = {str(table.name): table for table in owned_tables()}
    return {
        name: Portable(tables[name], [tables[name].c[column] for column in columns])
        for name, columns in sorted(TABLES_TO_READ.items())
    }


def is_carried(column: Column[object]) -> bool:
    return f"{column.table.name}.{column.name}" not in COLUMNS_LEFT_OUT and column.name not in {
        "account_id",
        "batch_id",
    }


def unique_columns(table: Table) -> list[list[str]]:
    """By which rows are known besides their identifier, without whose they are."""
    constraints = [x.columns for x in table.constraints if isinstance(x, UniqueConstraint)]
    indexes = [
        x.columns
        for x in table.indexes
        if x.unique and x.dialect_options["sqlite"]["where"] is None
    ]
    return [
        [column.name for column in columns if column.name != "account_id"]
        for columns in (*constraints, *indexes)
    ]


def named_table(column: Column[object]) -> Table | None:
    """Whose rows the column's identifiers name; None for what is no such identifier."""
    if not isinstance(column.type, Uuid) or column.name == "id":
        return None
    for key in column.foreign_keys:
        return key.column.table
    name = _NAMES.get(f"{column.table.name}.{column.name}")
    return None if name is None else metadata.tables[name]
