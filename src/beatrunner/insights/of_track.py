"""What all runs say of one song."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.types import AnyRow
from beatrunner.insights import store
from beatrunner.insights.plays import RESPONSES
from beatrunner.insights.shapes import TrackInsights, TrackOut, TrackResponse
from beatrunner.music.store import get_track


async def load_track_insights(
    tx: AsyncConnection, account_id: UUID, track_id: UUID
) -> TrackInsights:
    """As they were last computed. Raises NotFoundError."""
    track = await get_track(tx, account_id, track_id)
    effects = await store.list_effects(tx, account_id)
    return TrackInsights(
        track_id=track_id,
        responses=[
            TrackResponse(
                response=response.name,
                unit=response.unit,
                association=_effect(effects.get((response.name, False)), track),
                causal=_effect(effects.get((response.name, True)), track),
            )
            for response in RESPONSES
        ],
    )


def _effect(fit: Mapping[str, Any] | None, track: AnyRow) -> TrackOut | None:
    """None as well where there were too few plays to fit anything."""
    if fit is None or fit["noise"] is None:
        return None
    effect = next((each for each in fit["tracks"] if each["track_id"] == str(track.id)), None)
    return effect and TrackOut.of(effect, track)
