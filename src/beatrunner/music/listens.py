"""Plays become listens of the runner's own tracks, each once, in whatever order they arrive.

A play belongs to the track its source's id names; failing that, to the track of the same title
and artist, so that releases of one recording and sources with different ids meet in one track.
The listen keeps what its source said; other sources' listens stay beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.locks import lock_imports
from beatrunner.jobs.store import enqueue
from beatrunner.kit.ids import new_id
from beatrunner.music import store
from beatrunner.music.play_table import PlayTable, TrackName, microseconds_of, time_of


@dataclass(frozen=True, slots=True)
class ListensAdded:
    """The times span the listens that were added; None when there were none."""

    added: int
    already_there: int
    first_started_at: datetime | None = None
    last_ended_at: datetime | None = None


async def add_listens(
    tx: AsyncConnection,
    account_id: UUID,
    batch_id: UUID | None,
    provenance: str,
    plays: PlayTable,
    now: datetime,
) -> ListensAdded:
    """Store what is new, and enqueue the event `music.imported` when anything was.

    The event's payload: `first_started_at` and `last_ended_at` of what was added, in ISO 8601.
    """
    if not len(plays):
        return ListensAdded(0, 0)
    await lock_imports(tx, account_id)
    name_tracks = await _match(tx, account_id, plays.names, now)
    known = await store.list_listen_keys(
        tx,
        account_id,
        provenance,
        time_of(min(plays.started_at_us)),
        time_of(max(plays.started_at_us)),
    )
    new = _new_rows(plays, name_tracks, known)
    if not new:
        return ListensAdded(0, len(plays))
    started_at = [time_of(plays.started_at_us[row]) for row in new]
    ended_at = [time_of(plays.ended_at_us[row]) for row in new]
    columns: dict[str, Sequence[object]] = {
        "started_at": started_at,
        "track_id": [name_tracks[plays.track[row]] for row in new],
        "ended_at": ended_at,
        "uncertainty_s": [plays.uncertainty_s[row] for row in new],
        "is_skipped": [plays.is_skipped[row] for row in new],
        "is_shuffled": [plays.is_shuffled[row] for row in new],
        "is_offline": [plays.is_offline[row] for row in new],
    }
    await store.insert_listens(
        tx, columns, account_id=account_id, provenance=provenance, batch_id=batch_id
    )
    done = ListensAdded(len(new), len(plays) - len(new), min(started_at), max(ended_at))
    await _tell(tx, account_id, done, now)
    return done


def _new_rows(
    plays: PlayTable, name_tracks: Sequence[UUID], known: Iterable[tuple[datetime, UUID]]
) -> list[int]:
    """Rows that are neither known nor repeated within the table."""
    # Numbers hash several times faster than UUIDs, and the garbage collector ignores them.
    seen = {(microseconds_of(started_at), track_id.int) for started_at, track_id in known}
    numbers = [track_id.int for track_id in name_tracks]
    new: list[int] = []
    for row, (started_at_us, name) in enumerate(zip(plays.started_at_us, plays.track, strict=True)):
        key = (started_at_us, numbers[name])
        if key not in seen:
            seen.add(key)
            new.append(row)
    return new


async def _tell(tx: AsyncConnection, account_id: UUID, done: ListensAdded, now: datetime) -> None:
    if done.first_started_at is None or done.last_ended_at is None:
        return
    payload = {
        "first_started_at": done.first_started_at.isoformat(),
        "last_ended_at": done.last_ended_at.isoformat(),
    }
    await enqueue(tx, "music.imported", payload, account_id=account_id, now=now)


async def _match(
    tx: AsyncConnection, account_id: UUID, names: Sequence[TrackName], now: datetime
) -> list[UUID]:
    """The track of every name, creating those that are missing."""
    by_source_id = await store.list_tracks_by_source_id(
        tx, account_id, {name.source_id for name in names if name.source_id}
    )
    by_key = await store.list_tracks_by_match_key(
        tx, account_id, {name.match_key for name in names}
    )
    new_tracks: dict[UUID, TrackName] = {}
    new_source_ids: dict[str, UUID] = {}
    matched: list[UUID] = []
    for name in names:
        track_id = by_source_id.get(name.source_id or "") or by_key.get(name.match_key)
        if track_id is None:
            track_id = by_key[name.match_key] = new_id()
            new_tracks[track_id] = name
        if name.source_id and name.source_id not in by_source_id:
            by_source_id[name.source_id] = new_source_ids[name.source_id] = track_id
        matched.append(track_id)
    if new_tracks:
        await store.insert_tracks(tx, account_id, new_tracks, now)
    if new_source_ids:
        await store.insert_source_ids(tx, account_id, new_source_ids)
    return matched
