"""By how much the music of one run should be moved, as far as the runner's steps tell."""

from __future__ import annotations

import asyncio
from uuid import UUID

from beatrunner.activities.store import get_activity
from beatrunner.activities.streams import load_streams
from beatrunner.core.clock_offset import Silence, fit_offset
from beatrunner.db.engine import Database
from beatrunner.soundtracks.compute import list_listens_around, plays_of
from beatrunner.soundtracks.shapes import OffsetSuggestion


async def suggest_offset(
    database: Database, account_id: UUID, activity_id: UUID
) -> OffsetSuggestion:
    """Raises NotFoundError."""
    async with database.read() as tx:
        activity = await get_activity(tx, account_id, activity_id)
        listens = await list_listens_around(tx, account_id, activity)
        streams = await load_streams(tx, activity_id, activity.length_s)
    cadence_spm = streams.columns.get("cadence_spm")
    if cadence_spm is None:
        return _silent(Silence.NO_STEPS)
    plays = plays_of(activity.started_at, listens)
    tempi = [listen.tempo_bpm for listen in listens]
    # Up to a second of a processor.
    found = await asyncio.to_thread(fit_offset, cadence_spm, plays, tempi)
    if isinstance(found, Silence):
        return _silent(found)
    return OffsetSuggestion(
        clock_offset_s=found.offset_s,
        low_s=found.low_s,
        high_s=found.high_s,
        sure_pct=100.0 * (1.0 - found.by_chance),
        silence=None,
    )


def _silent(why: Silence) -> OffsetSuggestion:
    return OffsetSuggestion(
        clock_offset_s=None, low_s=None, high_s=None, sure_pct=None, silence=why
    )
