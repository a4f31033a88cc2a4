"""What one run says: how its songs went against what is known of them, and what is odd in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.runner_profile import EstimateAnswer
from beatrunner.activities.store import get_activity
from beatrunner.core.effects import SPEED
from beatrunner.core.estimate import EDGE_SDS, Estimate
from beatrunner.db.types import AnyRow
from beatrunner.insights import store
from beatrunner.insights.oddities import hours_off, may_be_octave_off
from beatrunner.insights.plays import METHOD, PlayRow
from beatrunner.insights.shapes import ActivityInsights, Note, PlayedTrack
from beatrunner.soundtracks.compute import list_listens_around


async def load_activity_insights(
    tx: AsyncConnection, account_id: UUID, activity_id: UUID
) -> ActivityInsights:
    """Raises NotFoundError."""
    activity = await get_activity(tx, account_id, activity_id)
    measured = await store.find_measured_run(tx, activity_id)
    listens = await list_listens_around(tx, account_id, activity)
    notes = []
    hours = hours_off(activity.started_at, activity.ended_at, listens)
    if hours is not None and not activity.clock_offset_s:
        notes.append(Note(code="clock_offset", track_id=None, hours=hours))
    if measured is None or measured.method != METHOD:
        return ActivityInsights(
            activity_id=activity_id, is_measured=False, left_out=None, tracks=[], notes=notes
        )
    if measured.plays["is_cadence_locked"]:
        notes.append(Note(code="cadence_lock", track_id=None, hours=None))
    rows = [PlayRow.from_json(values) for values in measured.plays["rows"]]
    titles = await store.list_titles(tx, account_id, [row.track_id for row in rows])
    rows = [row for row in rows if row.track_id in titles]
    notes += [
        Note(code="tempo_octave", track_id=UUID(track_id), hours=None)
        for track_id in dict.fromkeys(row.track_id for row in rows)
        if may_be_octave_off(titles[track_id].tempo_bpm)
    ]
    effects = await store.list_effects(tx, account_id)
    fits = [effects.get((SPEED.name, is_causal)) for is_causal in (True, False)]
    return ActivityInsights(
        activity_id=activity_id,
        is_measured=True,
        left_out=measured.left_out,
        tracks=_played(rows, titles, [each for each in fits if each]),
        notes=notes,
    )


def _played(
    rows: Sequence[PlayRow], titles: Mapping[str, AnyRow], fits: Sequence[Mapping[str, Any]]
) -> list[PlayedTrack]:
    """`fits` of speed, the one to be believed first in front."""
    timed = [row for row in rows if SPEED.name in row.responses]
    total_s = sum(row.usable_s for row in timed)
    if not total_s:
        return []
    mean = sum(row.responses[SPEED.name] * row.usable_s for row in timed) / total_s
    known = [{track["track_id"]: (track, fit) for track in fit["tracks"]} for fit in fits]
    played = []
    for row in timed:
        track, fit = next(
            (each[row.track_id] for each in known if row.track_id in each), (None, {})
        )
        here = row.responses[SPEED.name] - mean
        played.append(
            PlayedTrack(
                track_id=UUID(row.track_id),
                title=titles[row.track_id].title,
                artist=titles[row.track_id].artist,
                here_pct=round(here, 2),
                effect=track and EstimateAnswer.model_validate(track["effect"]),
                verdict=track and track["verdict"],
                plays=track["plays"] if track else 0,
                fits=_fits(here, row, track, fit, total_s / len(timed)),
            )
        )
    return played


def _fits(
    here: float,
    row: PlayRow,
    track: Mapping[str, Any] | None,
    fit: Mapping[str, Any],
    usual_s: float,
) -> bool | None:
    """Whether the play lies where 19 of 20 plays of this track would; None before that is known."""
    if track is None or not fit["noise"]:
        return None
    effect = Estimate(**track["effect"])
    noise = fit["noise"]["value"] * sqrt(usual_s / row.usable_s)
    return bool(abs(here - effect.value) <= EDGE_SDS * sqrt(effect.sd**2 + noise**2))
