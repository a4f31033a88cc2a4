"""Statements on tempi: what was said of them, by whom, and who may be asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.core.tempo import Weighed
from beatrunner.db.live_tables import tempo_evidence, tempo_readings, tempo_sources
from beatrunner.db.tables import track_source_ids, tracks
from beatrunner.db.upsert import insert_for
from beatrunner.music.store import counted_as, is_counted_as, is_song

#: Values in one statement; databases limit them.
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """One answer of an outside source about one identity; `tempo_bpm` None is a miss."""

    identity: str
    source: str
    tempo_bpm: float | None
    isrc: str | None
    asked_at: datetime
    misses: int
    ask_again_at: datetime | None


@dataclass(frozen=True, slots=True)
class TrackRow:
    id: UUID
    title: str
    artist: str
    tempo_bpm: float | None
    tempo_source: str | None
    tempo_verdict: str | None


@dataclass(frozen=True, slots=True)
class OwnReading:
    """What the runner or a file of theirs says."""

    source: str
    tempo_bpm: float
    first_beat_s: float | None
    created_at: datetime


@dataclass(slots=True)
class TempoSourceRow:
    is_on: bool = False
    asked: int = 0
    to_ask: int = 0
    rests_until: datetime | None = None
    rests_for: str | None = None


_TRACK = (
    tracks.c.id,
    tracks.c.title,
    tracks.c.artist,
    tracks.c.tempo_bpm,
    tracks.c.tempo_source,
    tracks.c.tempo_verdict,
)


async def list_songs_after(
    tx: AsyncConnection, account_id: UUID, after: UUID | None, limit: int
) -> list[TrackRow]:
    """The account's songs in a fixed order, page by page."""
    wanted = select(*_TRACK).where(is_song(account_id))
    if after is not None:
        wanted = wanted.where(tracks.c.id > after)
    rows = await tx.execute(wanted.order_by(tracks.c.id).limit(limit))
    return [TrackRow(*row) for row in rows]


async def list_songs(
    tx: AsyncConnection, account_id: UUID, track_ids: Collection[UUID]
) -> list[TrackRow]:
    rows = await tx.execute(
        select(*_TRACK).where(tracks.c.account_id == account_id, tracks.c.id.in_(track_ids))
    )
    return [TrackRow(*row) for row in rows]


async def list_identities(
    tx: AsyncConnection, account_id: UUID, track_ids: Collection[UUID]
) -> dict[UUID, list[str]]:
    """What each track is called elsewhere, in a fixed order."""
    rows = await tx.execute(
        select(counted_as().label("track_id"), track_source_ids.c.source_id)
        .join(tracks, tracks.c.id == track_source_ids.c.track_id)
        .where(
            track_source_ids.c.account_id == account_id,
            is_counted_as(track_ids),
        )
        .order_by(track_source_ids.c.source_id)
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for row in rows:
        found[row.track_id].append(row.source_id)
    return found


async def insert_identities(
    tx: AsyncConnection, account_id: UUID, track_id: UUID, identities: Iterable[str]
) -> None:
    """Those that no track of the account has yet."""
    rows = [
        {"account_id": account_id, "source_id": identity, "track_id": track_id}
        for identity in identities
    ]
    if rows:
        await tx.execute(insert_for(tx, track_source_ids).on_conflict_do_nothing(), rows)


async def list_readings(
    tx: AsyncConnection, account_id: UUID, track_ids: Collection[UUID]
) -> dict[UUID, list[OwnReading]]:
    """Of each source the word on the track itself, else that on one that is merged into it."""
    is_own = tempo_readings.c.track_id == counted_as()
    rows = await tx.execute(
        select(tempo_readings, counted_as().label("counted_as"))
        .join(tracks, tracks.c.id == tempo_readings.c.track_id)
        .where(tempo_readings.c.account_id == account_id, is_counted_as(track_ids))
        .order_by(is_own.desc(), tempo_readings.c.created_at.desc(), tempo_readings.c.track_id)
    )
    found: dict[UUID, dict[str, OwnReading]] = defaultdict(dict)
    for row in rows:
        reading = OwnReading(row.source, row.tempo_bpm, row.first_beat_s, row.created_at)
        found[row.counted_as].setdefault(row.source, reading)
    return {track_id: list(readings.values()) for track_id, readings in found.items()}


async def upsert_reading(
    tx: AsyncConnection, account_id: UUID, track_id: UUID, reading: OwnReading
) -> None:
    said = {
        "tempo_bpm": reading.tempo_bpm,
        "first_beat_s": reading.first_beat_s,
        "created_at": reading.created_at,
    }
    await tx.execute(
        insert_for(tx, tempo_readings)
        .values(account_id=account_id, track_id=track_id, source=reading.source, **said)
        .on_conflict_do_update(index_elements=["account_id", "track_id", "source"], set_=said)
    )


async def delete_readings(
    tx: AsyncConnection, account_id: UUID, track_id: UUID, sources: Collection[str]
) -> None:
    await tx.execute(
        delete(tempo_readings).where(
            tempo_readings.c.account_id == account_id,
            tempo_readings.c.track_id == track_id,
            tempo_readings.c.source.in_(sources),
        )
    )


async def list_evidence(
    tx: AsyncConnection, identities: Collection[str], sources: Collection[str]
) -> dict[str, list[Evidence]]:
    """By identity."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    ordered = sorted(identities)
    for start in range(0, len(ordered), _AT_ONCE):
        rows = await tx.execute(
            select(tempo_evidence).where(
                tempo_evidence.c.identity.in_(ordered[start : start + _AT_ONCE]),
                tempo_evidence.c.source.in_(sources),
            )
        )
        for row in rows:
            found[row.identity].append(Evidence(**row._mapping))
    return found


async def upsert_evidence(tx: AsyncConnection, answers: Sequence[Evidence]) -> None:
    statement = insert_for(tx, tempo_evidence)
    told = {
        name: statement.excluded[name]
        for name in ("tempo_bpm", "isrc", "asked_at", "misses", "ask_again_at")
    }
    rows = [
        {name: getattr(answer, name) for name in ("identity", "source", *told)}
        for answer in answers
    ]
    if rows:
        await tx.execute(
            statement.on_conflict_do_update(index_elements=["identity", "source"], set_=told), rows
        )


async def update_song_tempi(tx: AsyncConnection, weighed: Mapping[UUID, Weighed | None]) -> None:
    rows = [
        {
            "song_id": track_id,
            "new_bpm": found.tempo_bpm if found else None,
            "new_source": found.source if found else None,
            "new_verdict": found.verdict if found else None,
        }
        for track_id, found in weighed.items()
    ]
    if rows:
        await tx.execute(
            update(tracks)
            .where(tracks.c.id == bindparam("song_id", type_=tracks.c.id.type))
            .values(
                tempo_bpm=bindparam("new_bpm"),
                tempo_source=bindparam("new_source"),
                tempo_verdict=bindparam("new_verdict"),
            ),
            rows,
        )


async def list_tempo_sources(tx: AsyncConnection, account_id: UUID) -> dict[str, TempoSourceRow]:
    columns = tempo_sources.c
    rows = await tx.execute(
        select(
            columns.source,
            columns.is_on,
            columns.asked,
            columns.to_ask,
            columns.rests_until,
            columns.rests_for,
        ).where(columns.account_id == account_id)
    )
    return {row[0]: TempoSourceRow(*row[1:]) for row in rows}


async def upsert_tempo_source(
    tx: AsyncConnection, account_id: UUID, source: str, is_on: bool, now: datetime
) -> None:
    said = {"is_on": is_on, "changed_at": now, "rests_until": None, "rests_for": None}
    await tx.execute(
        insert_for(tx, tempo_sources)
        .values(account_id=account_id, source=source, **said)
        .on_conflict_do_update(index_elements=["account_id", "source"], set_=said)
    )


async def update_tempo_source(
    tx: AsyncConnection, account_id: UUID, source: str, **changed: Any
) -> None:
    await tx.execute(
        update(tempo_sources)
        .where(tempo_sources.c.account_id == account_id, tempo_sources.c.source == source)
        .values(**changed)
    )


async def count_songs_by_verdict(tx: AsyncConnection, account_id: UUID) -> dict[str | None, int]:
    """None counts the songs without a tempo."""
    rows = await tx.execute(
        select(tracks.c.tempo_verdict, func.count())
        .where(is_song(account_id))
        .group_by(tracks.c.tempo_verdict)
    )
    return {row[0]: row[1] for row in rows}
