"""One of everything that an account can own, stored without asking anybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.engine import Database
from beatrunner.db.export_tables import account_exports
from beatrunner.db.identity_tables import identities, personal_tokens, sign_ins
from beatrunner.db.insight_tables import experiments
from beatrunner.db.live_tables import devices, workouts
from beatrunner.db.playlist_tables import playlists
from beatrunner.db.privacy_tables import privacy_zones
from beatrunner.db.share_tables import share_links
from beatrunner.db.tables import (
    activities,
    import_batches,
    music_events,
    recordings,
    track_names,
    tracks,
)
from beatrunner.kit.ids import new_id
from tests.conftest import HeldClock
from tests.devices.calibration_file import CALIBRATION

FIT = b"\x0e\x10 a run of nobody"
#: By the names of path parameters.
NAMES = (
    "activity_id",
    "device_id",
    "experiment_id",
    "export_id",
    "import_id",
    "link_id",
    "merged_track_id",
    "name_id",
    "other_track_id",
    "other_activity_id",
    "other_passkey_id",
    "passkey_id",
    "playlist_id",
    "recording_id",
    "sign_in_id",
    "token_id",
    "track_id",
    "treadmill_id",
    "workout_id",
    "zone_id",
)


async def make_run(tx: AsyncConnection, activity_id: UUID, owned: dict[str, Any]) -> None:
    """With one file from a watch."""
    at = owned["created_at"]
    ended_at = at + timedelta(seconds=60)
    await tx.execute(
        insert(activities).values(
            id=activity_id, name="A run", ended_at=ended_at, **said(at), **owned
        )
    )
    await make_recording(tx, activity_id, new_id(), owned, "file")


async def make_recording(
    tx: AsyncConnection,
    activity_id: UUID,
    recording_id: UUID,
    owned: dict[str, Any],
    provenance: str,
) -> None:
    await tx.execute(
        insert(recordings).values(
            id=recording_id,
            activity_id=activity_id,
            content_sha256=sha256(FIT).hexdigest(),
            session_index=recording_id.int % 2**31,
            provenance=provenance,
            format="fit",
            file_name="run.fit",
            is_sport_guessed=False,
            **said(owned["created_at"]),
            **owned,
        )
    )


def said(started_at: datetime) -> dict[str, Any]:
    return {
        "sport": "run",
        "is_indoor": False,
        "started_at": started_at,
        "length_s": 60,
        "elapsed_s": 60.0,
        "moving_s": 60.0,
        "has_path": False,
        "laps": [],
        "pauses": [],
        "repairs": [],
    }


async def make_workout(tx: AsyncConnection, things: dict[str, UUID], owned: dict[str, Any]) -> None:
    """A workout, and the file of the run that was made of it."""
    await make_recording(tx, things["activity_id"], things["recording_id"], owned, "live")
    await tx.execute(
        insert(workouts).values(
            id=things["workout_id"],
            activity_id=things["activity_id"],
            state="ready",
            settings={"mode": "manual"},
            started_at=owned["created_at"],
            **owned,
        )
    )


async def make_devices(tx: AsyncConnection, things: dict[str, UUID], owned: dict[str, Any]) -> None:
    """A bridge, and a calibrated treadmill beside it."""
    await tx.execute(
        insert(devices).values(
            id=things["device_id"], kind="bridge", name="Cellar", is_virtual=False, **owned
        )
    )
    await tx.execute(
        insert(devices).values(
            id=things["treadmill_id"],
            bridge_id=things["device_id"],
            kind="treadmill",
            name="Belt",
            is_virtual=False,
            calibration=CALIBRATION,
            **owned,
        )
    )


async def make_tracks(tx: AsyncConnection, things: dict[str, UUID], owned: dict[str, Any]) -> None:
    """Two tracks, another one that is merged into the first, and a play of that."""
    account_id = owned["account_id"]
    merged_into = {"merged_track_id": things["track_id"]}
    for name in ("track_id", "other_track_id", "merged_track_id"):
        await tx.execute(
            insert(tracks).values(
                id=things[name],
                match_key=str(things[name]),
                merged_into=merged_into.get(name),
                kind="music",
                title="Title",
                artist="Artist",
                tempo_bpm=170.0,
                tempo_source="generated",
                tempo_verdict="single",
                **owned,
            )
        )
        name_id = things["name_id"] if name == "track_id" else new_id()
        await tx.execute(
            insert(track_names).values(
                id=name_id,
                account_id=account_id,
                name_key=str(name_id),
                track_id=things[name],
                title="Title",
                artist="Artist",
            )
        )
    noon = datetime(2024, 5, 4, 12, tzinfo=UTC)
    await tx.execute(
        insert(music_events).values(
            account_id=account_id,
            started_at=noon,
            name_id=things["name_id"],
            provenance="lastfm",
            track_id=things["track_id"],
            ended_at=noon,
            uncertainty_s=1.0,
            is_offline=False,
        )
    )


async def make_playlist(
    tx: AsyncConnection, things: dict[str, UUID], owned: dict[str, Any]
) -> None:
    aim = {"kind": None, "length_s": 180, "cadence_spm": {"value": 170, "low": 170, "high": 170}}
    await tx.execute(
        insert(playlists).values(
            id=things["playlist_id"],
            name="Steady",
            target={"kind": "cadence", "cadence_spm": 170},
            made={"aims": [aim], "missing_s": 0, "gait_s": 0, "songs": 1, "known": 1},
            **owned,
        )
    )


async def make_ways_in(tx: AsyncConnection, things: dict[str, UUID], owned: dict[str, Any]) -> None:
    """A sign-in on another device, a token, and two passkeys, since the last way in stays."""
    now = owned["created_at"]
    await tx.execute(
        insert(sign_ins).values(
            id=things["sign_in_id"],
            generation=0,
            confirmed_at=now,
            rotated_at=now,
            expires_at=now + timedelta(days=30),
            **owned,
        )
    )
    await tx.execute(
        insert(personal_tokens).values(
            id=things["token_id"],
            name="Upload",
            token_hash=str(things["token_id"]),
            scopes=["imports"],
            **owned,
        )
    )
    for name in ("passkey_id", "other_passkey_id"):
        found = things[name]
        await tx.execute(
            insert(identities).values(id=found, kind="passkey", subject=str(found), **owned)
        )


async def make_things(database: Database, clock: HeldClock, account_id: UUID) -> dict[str, UUID]:
    """One of everything that a path may name, by the name of its path parameter."""
    things = {name: new_id() for name in NAMES}
    owned = {"account_id": account_id, "created_at": clock()}
    async with database.write() as tx:
        await tx.execute(
            insert(import_batches).values(id=things["import_id"], state="done", **owned)
        )
        await make_devices(tx, things, owned)
        await make_tracks(tx, things, owned)
        await make_playlist(tx, things, owned)
        await tx.execute(
            insert(experiments).values(id=things["experiment_id"], track_ids=[], **owned)
        )
        await make_run(tx, things["activity_id"], owned)
        await make_run(tx, things["other_activity_id"], owned)
        await make_workout(tx, things, owned)
        await make_ways_in(tx, things, owned)
        await tx.execute(
            insert(account_exports).values(id=things["export_id"], state="done", **owned)
        )
        # As many as one may have would soon be there.
        await tx.execute(delete(privacy_zones).where(privacy_zones.c.account_id == account_id))
        place = {"latitude": 52.5, "longitude": 13.4, "radius_m": 200}
        await tx.execute(
            insert(privacy_zones).values(id=things["zone_id"], name="Home", **place, **owned)
        )
        await tx.execute(
            insert(share_links).values(
                id=things["link_id"],
                activity_id=things["activity_id"],
                token_hash=str(things["link_id"]),
                shows_time=False,
                shows_heart_rate=False,
                **owned,
            )
        )
    return things
