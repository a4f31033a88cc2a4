"""All runs on one map, a page of them at a time, the latest first.

What is drawn of a run was measured when it arrived (`activities.figures`) and travels as it is
stored; songs come from the spans. So a page of a thousand runs is three statements and no
arithmetic, and the first is on the screen while the others are on their way.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.store import get_library_version
from beatrunner.activities.figures import METHOD, ask_to_measure
from beatrunner.activities.figures_store import list_unmeasured
from beatrunner.codecs.run_map import MapRun, MapTrack, pack_run_map
from beatrunner.db.engine import Database
from beatrunner.db.types import AnyRow
from beatrunner.kit.clock import Clock
from beatrunner.kit.cursor import Cursor
from beatrunner.retrospect import store
from beatrunner.retrospect.store import Between

_SORT = "started_at"


class RunMap:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def version(self, account_id: UUID) -> str:
        """Another one when anything on the map may be another."""
        async with self._database.read(is_long=True) as tx:
            return f"{account_id.hex}-{await get_library_version(tx, account_id)}"

    async def load(
        self, account_id: UUID, cursor: str | None, limit: int, between: Between
    ) -> bytes:
        """As `codecs.run_map` packs it. Has runs measured that were not."""
        after = None if cursor is None else Cursor.decode(cursor, _SORT)
        async with self._database.read(is_long=True) as tx:
            unmeasured = len(await list_unmeasured(tx, account_id, METHOD))
            total = await store.count_paths(tx, account_id)
            rows = await store.list_paths(tx, account_id, between, after, limit + 1)
            page = rows[:limit]
            spans = await store.list_span_ends(tx, [row.id for row in page])
            tracks = await _list_tracks(tx, account_id, spans)
        if unmeasured:
            async with self._database.write() as tx:
                await ask_to_measure(tx, account_id, self._clock())
        next_cursor = _cursor_of(page[-1]) if len(rows) > limit else None
        head: dict[str, Any] = {
            "total": total,
            "unmeasured": unmeasured,
            "next_cursor": next_cursor,
        }
        return await asyncio.to_thread(_pack, head, page, spans, tracks)


async def _list_tracks(
    tx: AsyncConnection, account_id: UUID, spans: Sequence[AnyRow]
) -> list[MapTrack]:
    wanted = {track for _, _, track in spans if track}
    return [MapTrack(*row) for row in await store.list_names(tx, account_id, wanted)]


def _cursor_of(row: AnyRow) -> str:
    return Cursor.of_time(_SORT, row.started_at, row.id).encode()


def _pack(
    head: dict[str, Any],
    rows: Sequence[AnyRow],
    spans: Sequence[AnyRow],
    tracks: Sequence[MapTrack],
) -> bytes:
    by_run = defaultdict(list)
    for run, end_s, track in spans:
        by_run[run].append((end_s, track))
    return pack_run_map(head, [_run(row, by_run[row.key]) for row in rows], tracks)


def _run(row: AnyRow, spans: list[tuple[int, str | None]]) -> MapRun:
    told = (
        row.id,
        row.name,
        round(row.started_at.timestamp()),
        row.utc_offset_s,
        None if row.distance_m is None else round(row.distance_m),
        None if row.mean_speed_mps is None else round(row.mean_speed_mps, 3),
    )
    return MapRun(told, row.path, spans)
