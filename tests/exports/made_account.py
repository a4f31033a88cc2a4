"""Accounts made up from the tables' own columns: rows in every table, each naming real others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import numpy as np
from hypothesis import strategies as st
from sqlalchemy import Column, Table, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.codecs.sealed_streams import GROUPS, seal
from beatrunner.core.path import encode_polyline
from beatrunner.core.provenance import Provenance
from beatrunner.db.account_contents import carried_tables, named_table, unique_columns
from tests.db.made_rows import TEXTS, values_of

Rows = dict[str, list[dict[str, Any]]]

_LAP = st.fixed_dictionaries(
    {
        "start_s": st.floats(0, 9),
        "end_s": st.floats(9, 90),
        "distance_m": st.none() | st.floats(0, 1e5),
    }
)
_REPAIR = st.fixed_dictionaries({"code": st.just("truncated"), "count": st.integers(1, 5)})
_PAUSE = st.tuples(st.floats(0, 9), st.floats(9, 90)).map(list)
_WAY = st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=1, max_size=3).map(
    lambda points: encode_polyline(*np.array(points).T)
)

#: Where a page reads a column in a form of its own.
_SHAPES: dict[str, st.SearchStrategy[Any]] = {
    "laps": st.lists(_LAP, max_size=2),
    "pauses": st.lists(_PAUSE, max_size=2),
    "repairs": st.lists(_REPAIR, max_size=2),
    "length_s": st.integers(0, 600),
    "edited": st.lists(st.just("name"), max_size=1),
    "gives": st.none() | st.just([]),
    "shift_s": st.integers(-5, 5),
    "provenance": st.sampled_from(list(Provenance)),
    "format": st.sampled_from(["fit", "gpx"]),
    "units": st.sampled_from(["km", "mi"]),
    "theme": st.sampled_from(["system", "light", "dark"]),
    "time_zone": st.none() | st.just("Europe/Berlin"),
    "map_style_url": st.none() | st.just("https://tiles.example/style.json"),
    "display_name": st.sampled_from(["Ann", "Łucja", "李"]),
    "tracks.kind": st.sampled_from(["music", "podcast", "audiobook"]),
    "tempo_readings.source": st.sampled_from(["manual", "tap", "tag", "analysis"]),
    "privacy_zones.name": st.sampled_from(["Home", "家"]),
    "privacy_zones.latitude": st.floats(-90, 90),
    "privacy_zones.longitude": st.floats(-180, 180),
    "privacy_zones.radius_m": st.integers(100, 2000),
    "privacy_zones.is_hidden": st.just(True),
    "thumbnail": st.none() | _WAY,
    "workouts.state": st.sampled_from(["sealed", "dropped"]),
}
_PROFILE: dict[str, st.SearchStrategy[Any]] = {
    "birth_year": st.integers(1900, 2000),
    "sex": st.sampled_from(["female", "male"]),
    "height_cm": st.floats(100, 250),
    "weight_kg": st.floats(25, 300),
    "vo2_max": st.floats(10, 100),
    "resting_heart_rate_bpm": st.integers(40, 60),
    "max_heart_rate_bpm": st.integers(180, 220),
    "heart_rate_ceiling_bpm": st.integers(150, 170),
    "fitness_level": st.sampled_from(["beginner", "advanced"]),
    "max_speed_kmh": st.floats(1, 40),
    "max_incline_pct": st.floats(0, 40),
}


@st.composite
def made_accounts(draw: st.DrawFn, most: int = 3) -> Rows:
    """Rows by table, without whose they are; parents before children."""
    made: Rows = {}
    for name, portable in carried_tables().items():
        count = 1 if name == "accounts" else draw(st.integers(0, most))
        rows = [_row(draw, portable.table, made, number) for number in range(count)]
        made[name] = _told_apart(portable.table, rows)
    return made


def _row(draw: st.DrawFn, table: Table, made: Rows, number: int) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.name not in {"account_id", "batch_id"}:
            row[column.name] = _value(draw, column, made, number)
    if table.name == "music_events":
        row["started_at"], row["ended_at"] = sorted((row["started_at"], row["ended_at"]))
    if table.name == "sealed_streams":
        row["part"] = draw(st.sampled_from(sorted(GROUPS)))
        row["blob"] = seal(
            {GROUPS[row["part"]][0]: np.arange(draw(st.integers(0, 5)), dtype=float)}
        )
    return row


def _value(draw: st.DrawFn, column: Column[Any], made: Rows, number: int) -> Any:
    table = column.table.name
    parent = named_table(column)
    if column.name == "id":
        return UUID(int=draw(st.integers(2**120, 2**128 - 1)))
    if parent is not None:
        named = [row["id"] for row in made.get(parent.name, ())]
        if not named:
            return None
        return draw(st.sampled_from([None, *named] if column.nullable else named))
    if any(column.name in names for names in unique_columns(column.table)):
        return draw(_unique(column, number))
    if table == "runner_profiles" and column.name in _PROFILE:
        return draw(st.none() | _PROFILE[column.name])
    if table == "experiments" and column.name == "track_ids":
        return [str(row["id"]) for row in made.get("tracks", ())]
    shape = _SHAPES.get(f"{table}.{column.name}", _SHAPES.get(column.name))
    return draw(values_of(column) if shape is None else shape)


def _unique(column: Column[Any], number: int) -> st.SearchStrategy[Any]:
    if column.name == "session_index":
        return st.just(number)
    if column.name == "content_sha256":
        return st.just(f"{number:064x}")
    return TEXTS.map(lambda text: f"{text}{number}") if column.name != "kind" else TEXTS


def _told_apart(table: Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows that all their names name something, and that have a key of their own."""
    keys = [x.name for x in table.primary_key.columns if x.name != "account_id"]
    always = [x.name for x in table.columns if not x.nullable and named_table(x) is not None]
    always = [name for name in always if name != "account_id"]
    whole = [row for row in rows if all(row[name] is not None for name in always)]
    return list({tuple(row[name] for name in keys): row for row in whole}.values())


async def insert_made(tx: AsyncConnection, account_id: UUID, made: Rows) -> None:
    """Into an account that is there already."""
    tables = {name: portable.table for name, portable in carried_tables().items()}
    accounts = tables.pop("accounts")
    settings = {x: made["accounts"][0][x] for x in ("display_name", "units", "theme")}
    settings |= {x: made["accounts"][0][x] for x in ("time_zone", "map_style_url")}
    await tx.execute(accounts.update().where(accounts.c.id == account_id).values(**settings))
    for name, table in tables.items():
        for row in made[name]:
            whose = {"account_id": account_id} if "account_id" in table.c else {}
            await tx.execute(insert(table).values(**row, **whose))
