"""Routes for the soundtrack of a run, and for the home page."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.api import CurrentAccount, ReadingAccount
from beatrunner.activities.store import get_activity
from beatrunner.core.confidence import ConfidenceReason
from beatrunner.core.span_figures import HEART_RATE_LAG_S
from beatrunner.db.api import LongReadTx, ProvidedDatabase, ReadTx, WriteTx
from beatrunner.db.types import AnyRow
from beatrunner.kit.http import AskedZone, Strict, json_answer, provided
from beatrunner.soundtracks import store
from beatrunner.soundtracks.clock_suggestion import suggest_offset
from beatrunner.soundtracks.compute import SoundtrackComputer, list_listens_around, plays_of
from beatrunner.soundtracks.home import Home, HomePage
from beatrunner.soundtracks.shapes import (
    NearbyListen,
    OffsetSuggestion,
    Soundtrack,
    Span,
    Track,
)
from beatrunner.soundtracks.track_runs import TrackRuns, load_track_runs

router = APIRouter(prefix="/v1", tags=["soundtracks"])


class ClockOffset(Strict):
    """Positive moves the music later along the run."""

    clock_offset_s: Annotated[float, Field(ge=-50_400, le=50_400)]


async def _load(tx: AsyncConnection, account_id: UUID, activity_id: UUID) -> Soundtrack:
    activity = await get_activity(tx, account_id, activity_id)
    computed = await store.find_soundtrack(tx, activity_id)
    spans = await store.list_spans(tx, activity_id)
    listens = await list_listens_around(tx, account_id, activity)
    track_ids = {listen.track_id for listen in listens}
    track_ids |= {span.track_id for span in spans if span.track_id is not None}
    tracks = await store.list_tracks(tx, account_id, track_ids)
    tempi = {track.id: track.tempo_bpm for track in tracks}
    return Soundtrack(
        activity_id=activity_id,
        computed_at=None if computed is None else computed.computed_at,
        clock_offset_s=activity.clock_offset_s,
        confidence="none" if computed is None else computed.confidence,
        confidence_reason=ConfidenceReason.NO_MUSIC
        if computed is None
        else computed.confidence_reason,
        confidence_figures={} if computed is None else computed.confidence_figures,
        spans=[_span(span, tempi) for span in spans],
        tracks=[Track.model_validate(track._mapping) for track in tracks],
        listens=[
            NearbyListen(
                track_id=listen.track_id,
                started_s=play.started_s,
                ended_s=play.ended_s,
                uncertainty_s=play.uncertainty_s,
            )
            for listen, play in zip(listens, plays_of(activity.started_at, listens), strict=True)
        ],
    )


def _span(row: AnyRow, tempi: dict[UUID, float | None]) -> Span:
    return Span.model_validate(
        {
            **row._mapping,
            "elapsed_s": row.end_s - row.start_s,
            "heart_rate_lag_s": HEART_RATE_LAG_S,
            "tempo_bpm": tempi.get(row.track_id),
        }
    )


@router.get("/soundtracks/{activity_id}", response_model=Soundtrack)
async def get_soundtrack(account: ReadingAccount, tx: ReadTx, activity_id: UUID) -> Response:
    return json_answer(await _load(tx, account.account_id, activity_id))


@router.put("/soundtracks/{activity_id}/clock-offset")
async def put_clock_offset(
    account: CurrentAccount,
    tx: WriteTx,
    computer: Annotated[SoundtrackComputer, Depends(provided(SoundtrackComputer))],
    activity_id: UUID,
    change: ClockOffset,
) -> Soundtrack:
    """Move the music against the run, and compute the soundtrack anew."""
    await get_activity(tx, account.account_id, activity_id)
    await store.update_clock_offset(tx, account.account_id, activity_id, change.clock_offset_s)
    await computer.compute(tx, account.account_id, activity_id)
    return await _load(tx, account.account_id, activity_id)


@router.get("/soundtracks/{activity_id}/clock-offset/suggestion")
async def get_offset_suggestion(
    account: ReadingAccount, database: ProvidedDatabase, activity_id: UUID
) -> OffsetSuggestion:
    """The clock offset at which the runner's steps fit the tempi of the songs."""
    return await suggest_offset(database, account.account_id, activity_id)


@router.get("/music/tracks/{track_id}/runs")
async def list_track_runs(
    account: ReadingAccount,
    tx: LongReadTx,
    track_id: UUID,
    cursor: Annotated[str | None, Query(max_length=1_000)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> TrackRuns:
    """The runs on which a song played, with pace, heart rate and steps under it."""
    return await load_track_runs(tx, account.account_id, track_id, cursor, limit)


@router.get("/home", response_model=Home)
async def get_home(
    account: ReadingAccount,
    tx: ReadTx,
    page: Annotated[HomePage, Depends(provided(HomePage))],
    zone: AskedZone,
) -> Response:
    """How it is going, and what was run to; days and weeks are those of `time_zone`."""
    content = await page.load(tx, account.account_id, zone)
    return Response(content, media_type="application/json")
