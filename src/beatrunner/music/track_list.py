"""The list of the runner's songs, and which of them match how they step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.types import AnyRow
from beatrunner.kit.cursor import Cursor
from beatrunner.kit.errors import ConflictError
from beatrunner.music import list_store
from beatrunner.music.wanted_tracks import TrackSort, WantedTracks


@dataclass(frozen=True, slots=True)
class ListedTrack:
    id: UUID
    title: str
    artist: str
    album: str | None
    tempo_bpm: float | None
    tempo_source: str | None
    tempo_verdict: str | None
    plays: int
    last_played_at: datetime | None
    run_plays: int
    run_distance_m: float
    mean_speed_mps: float | None


@dataclass(frozen=True, slots=True)
class TrackPage:
    """`usual_cadence_spm`: how the runner steps as a rule; None before they have run with steps."""

    items: Sequence[ListedTrack]
    next_cursor: str | None
    total: int
    usual_cadence_spm: float | None


class UsualCadence(Protocol):
    async def __call__(self, tx: AsyncConnection, account_id: UUID, /) -> float | None:
        """The runner's steps a minute as a rule."""
        ...


class TrackList:
    def __init__(self, usual_cadence: UsualCadence) -> None:
        self._usual_cadence = usual_cadence

    async def usual_cadence(self, tx: AsyncConnection, account_id: UUID) -> float:
        """Raises ConflictError before the runner has run with steps."""
        found = await self._usual_cadence(tx, account_id)
        if found is None:
            raise ConflictError(
                "No run of yours has steps yet, so nothing can match them.", kind="no-cadence"
            )
        return found

    async def page(
        self,
        tx: AsyncConnection,
        account_id: UUID,
        wanted: WantedTracks,
        cursor: str | None,
        limit: int,
    ) -> TrackPage:
        """Raises RefusedError for a cursor of another order."""
        kind = str if wanted.sort is TrackSort.TITLE else float
        start = None if cursor is None else Cursor.decode(cursor, wanted.sort, kind)
        rows, total = await list_store.list_tracks(tx, account_id, wanted, start, limit + 1)
        more = len(rows) > limit
        items = await _listed(tx, account_id, rows[:limit])
        last = Cursor(wanted.sort, rows[limit - 1].sort_value, items[-1].id) if more else None
        next_cursor = None if last is None else last.encode()
        return TrackPage(items, next_cursor, total, await self._usual_cadence(tx, account_id))


async def _listed(
    tx: AsyncConnection, account_id: UUID, rows: Sequence[AnyRow]
) -> list[ListedTrack]:
    ids = [row.id for row in rows]
    played = await list_store.list_played(tx, account_id, ids)
    ran = await list_store.list_run_to(tx, account_id, ids)
    return [_track(row, played.get(row.id), ran.get(row.id)) for row in rows]


def _track(row: AnyRow, played: AnyRow | None, ran: AnyRow | None) -> ListedTrack:
    return ListedTrack(
        row.id,
        row.title,
        row.artist,
        row.album,
        row.tempo_bpm,
        row.tempo_source,
        row.tempo_verdict,
        plays=0 if played is None else played.plays,
        last_played_at=None if played is None else played.last_played_at,
        run_plays=0 if ran is None else ran.plays,
        run_distance_m=0.0 if ran is None else ran.distance_m,
        mean_speed_mps=None if ran is None else ran.mean_speed_mps,
    )
