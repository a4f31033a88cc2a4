"""Plays become listens of the runner's own tracks, each once, in whatever order they arrive.

A play belongs to the track that its name means (`music.naming`), so that releases of one recording
and sources with different ids meet in one track. The row keeps what its source said; what other
sources said of the same play stands beside it (`music.grouping`).

A source may tell one play twice, seconds apart, in two files of one history (within a file its
codec sees to that). So a play is there already when a listen of its track, as long as it to a
second, begun within half a minute of it, is stored and is none of the file's own plays: those
that a file tells apart are apart. A source that does not know how long its plays were tells one
play twice when the starts alone agree, to a minute: some of its files know no better.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.store import update_library_version
from beatrunner.db.locks import lock_imports
from beatrunner.jobs.store import enqueue
from beatrunner.music import store
from beatrunner.music.grouping import needs_grouping, regroup
from beatrunner.music.naming import match_names
from beatrunner.music.play_table import PlayTable, microseconds_of, time_of
from beatrunner.music.undoing import RETOLD_WITHIN, note_repeats

#: Within this a source tells one play twice.
_REPEATED_WITHIN_US = 30_000_000
#: The same for a source that does not know how long its plays were.
_RETOLD_WITHIN_US = RETOLD_WITHIN // timedelta(microseconds=1)
_SAME_LENGTH_WITHIN_US = 1_000_000
#: More new plays are put together in a job of their own (`music.regrouping`).
_GROUPED_AT_ONCE = 2_000


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
    """Store what is new, and enqueue the event `music.imported` when anything was: after
    `plays.group`, where many plays have to be put together with those of other sources.

    The event's payload: `first_started_at` and `last_ended_at` of what was added, in ISO 8601.
    """
    if not len(plays):
        return ListensAdded(0, 0)
    await lock_imports(tx, account_id)
    named = await match_names(tx, account_id, plays.names, now)
    known = await store.list_listen_keys(
        tx,
        account_id,
        provenance,
        time_of(min(plays.started_at_us)) - RETOLD_WITHIN,
        time_of(max(plays.started_at_us)) + RETOLD_WITHIN,
    )
    new = _new_rows(plays, named.track_ids, known)
    if batch_id is not None and len(new) < len(plays):
        retold = _retold(plays, named.track_ids, new)
        await note_repeats(tx, account_id, batch_id, provenance, retold)
    if not new:
        return ListensAdded(0, len(plays))
    started_at = [time_of(plays.started_at_us[row]) for row in new]
    ended_at = [time_of(plays.ended_at_us[row]) for row in new]
    columns: dict[str, Sequence[object]] = {
        "started_at": started_at,
        "name_id": [named.name_ids[plays.track[row]] for row in new],
        "track_id": [named.track_ids[plays.track[row]] for row in new],
        "ended_at": ended_at,
        "uncertainty_s": [plays.uncertainty_s[row] for row in new],
        "is_skipped": [plays.is_skipped[row] for row in new],
        "is_shuffled": [plays.is_shuffled[row] for row in new],
        "is_offline": [plays.is_offline[row] for row in new],
    }
    await update_library_version(tx, account_id)
    await store.insert_listens(
        tx, columns, account_id=account_id, provenance=provenance, batch_id=batch_id
    )
    done = ListensAdded(len(new), len(plays) - len(new), min(started_at), max(ended_at))
    await _group(tx, account_id, done, max(started_at), now)
    return done


def _retold(
    plays: PlayTable, name_tracks: Sequence[UUID], new: Sequence[int]
) -> list[tuple[datetime, UUID]]:
    """Start and track of the plays that were there."""
    return [
        (time_of(plays.started_at_us[row]), name_tracks[plays.track[row]])
        for row in sorted(set(range(len(plays))) - set(new))
    ]


def _new_rows(
    plays: PlayTable, name_tracks: Sequence[UUID], known: Iterable[tuple[datetime, UUID, datetime]]
) -> list[int]:
    """Rows that are neither known nor repeated within the table."""
    # Numbers hash several times faster than UUIDs, and the garbage collector ignores them.
    numbers = [track_id.int for track_id in name_tracks]
    keys = [
        (started_at_us, numbers[name])
        for started_at_us, name in zip(plays.started_at_us, plays.track, strict=True)
    ]
    own = set(keys)
    seen: set[tuple[int, int]] = set()
    others: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for started_at, track_id, ended_at in known:
        key = (microseconds_of(started_at), track_id.int)
        if key in own:
            seen.add(key)
        else:
            others[key[1]].append((key[0], microseconds_of(ended_at)))
    for told in others.values():
        told.sort()
    is_told = _is_told if plays.knows_lengths else _is_retold
    new: list[int] = []
    for row, (key, ended_at_us) in enumerate(zip(keys, plays.ended_at_us, strict=True)):
        started_at_us, track = key
        if key in seen or (track in others and is_told(started_at_us, ended_at_us, others[track])):
            continue
        seen.add(key)
        new.append(row)
    return new


def _is_told(started_at_us: int, ended_at_us: int, told: Sequence[tuple[int, int]]) -> bool:
    """Whether one of these plays of the same track, (start, end) in order, is this play."""
    first = bisect_left(told, (started_at_us - _REPEATED_WITHIN_US, 0))
    beyond = bisect_right(told, (started_at_us + _REPEATED_WITHIN_US + 1, 0))
    length_us = ended_at_us - started_at_us
    return any(
        abs(other_end_us - other_start_us - length_us) <= _SAME_LENGTH_WITHIN_US
        for other_start_us, other_end_us in told[first:beyond]
    )


def _is_retold(started_at_us: int, ended_at_us: int, told: Sequence[tuple[int, int]]) -> bool:
    """The same, where ends are no more than guesses."""
    nearest = bisect_left(told, (started_at_us - _RETOLD_WITHIN_US, 0))
    return nearest < len(told) and told[nearest][0] <= started_at_us + _RETOLD_WITHIN_US


async def _group(
    tx: AsyncConnection, account_id: UUID, done: ListensAdded, last: datetime, now: datetime
) -> None:
    """Put together what was added up to `last` with what is there, many plays in a job of their
    own, and tell everybody once that is done."""
    if done.first_started_at is None or done.last_ended_at is None:
        return
    first = done.first_started_at
    imported = {
        "first_started_at": first.isoformat(),
        "last_ended_at": done.last_ended_at.isoformat(),
    }
    is_long = done.added > _GROUPED_AT_ONCE
    if is_long and await needs_grouping(tx, account_id, first, last):
        later = {
            "first_started_at": first.isoformat(),
            "last_started_at": last.isoformat(),
            "imported": imported,
        }
        await enqueue(tx, "plays.group", later, account_id=account_id, now=now)
        return
    if not is_long:
        await regroup(tx, account_id, first, last, now)
    await enqueue(tx, "music.imported", imported, account_id=account_id, now=now)
