"""The runs on which one song played, and what was run under it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.kit.cursor import Cursor
from beatrunner.music.store import get_track
from beatrunner.soundtracks import store

_SORT = "started_at"


class TrackRun(BaseModel):
    """`start_s` is when on the run the song first played; `run_speed_mps` is the whole run's mean.

    The other figures are means over the time under the song, null where they were not measured.
    """

    model_config = ConfigDict(from_attributes=True)

    activity_id: UUID
    name: str
    sport: str
    is_indoor: bool
    started_at: datetime
    utc_offset_s: int | None
    run_speed_mps: float | None
    start_s: int
    plays: int
    moving_s: float
    distance_m: float
    speed_mps: float | None
    heart_rate_bpm: float | None
    cadence_spm: float | None
    in_step_pct: float | None


class TrackRuns(BaseModel):
    """The latest run first. `total`, `plays`, `moving_s` and the rest are of all pages."""

    items: Sequence[TrackRun]
    next_cursor: str | None
    total: int
    plays: int
    moving_s: float
    distance_m: float
    mean_speed_mps: float | None
    mean_cadence_spm: float | None


async def load_track_runs(
    tx: AsyncConnection, account_id: UUID, track_id: UUID, cursor: str | None, limit: int
) -> TrackRuns:
    """Raises NotFoundError for a track that is not the account's."""
    track_id = (await get_track(tx, account_id, track_id)).id
    after = None if cursor is None else Cursor.decode(cursor, _SORT)
    rows = await store.list_runs_to(tx, account_id, track_id, after, limit + 1)
    sums = await store.find_run_to(tx, account_id, track_id)
    last = rows[limit - 1] if len(rows) > limit else None
    return TrackRuns(
        items=[TrackRun.model_validate(row) for row in rows[:limit]],
        next_cursor=last and Cursor.of_time(_SORT, last.started_at, last.activity_id).encode(),
        total=sums.runs if sums else 0,
        plays=sums.plays if sums else 0,
        moving_s=sums.moving_s if sums else 0.0,
        distance_m=sums.distance_m if sums else 0.0,
        mean_speed_mps=sums.mean_speed_mps if sums else None,
        mean_cadence_spm=sums.mean_cadence_spm if sums else None,
    )
