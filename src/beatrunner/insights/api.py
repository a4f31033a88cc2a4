"""Routes for what music does to the runner."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from beatrunner.accounts.api import CurrentAccount, ReadingAccount
from beatrunner.db.api import ReadTx, WriteTx
from beatrunner.insights.experiments import ExperimentDesk
from beatrunner.insights.feelings import Feelings
from beatrunner.insights.of_activity import load_activity_insights
from beatrunner.insights.of_track import load_track_insights
from beatrunner.insights.own_lines import load_gait_lines
from beatrunner.insights.reading import InsightPage
from beatrunner.insights.shapes import (
    ActivityInsights,
    ExperimentOut,
    Experiments,
    FeltRun,
    GaitLines,
    Insights,
    NextExperiment,
    Satisfaction,
    Told,
    TrackInsights,
)
from beatrunner.kit.http import Strict, json_answer, provided

router = APIRouter(prefix="/v1", tags=["insights"])

Page = Annotated[InsightPage, Depends(provided(InsightPage))]
Desk = Annotated[ExperimentDesk, Depends(provided(ExperimentDesk))]
ProvidedFeelings = Annotated[Feelings, Depends(provided(Feelings))]
#: As many songs as a run has time for; fewer could not be told from chance.
Tracks = Annotated[int, Query(ge=6, le=60)]


class NewExperiment(Strict):
    tracks: Annotated[int, Field(ge=6, le=60)] = 12


@router.get("/insights", response_model=Insights)
async def get_insights(account: ReadingAccount, page: Page) -> Response:
    """What tempo and single tracks do to speed, heart rate, cadence and being in step.

    Computed in the background; where runs or music have changed since, that begins now.
    """
    return json_answer(await page.load(account.account_id))


@router.get("/insights/gait")
async def get_gait(account: ReadingAccount, tx: ReadTx) -> GaitLines:
    """The runner's own cadence by speed, on treadmills and outdoors."""
    return await load_gait_lines(tx, account.account_id)


@router.get("/insights/activities/{activity_id}")
async def get_activity_insights(
    account: ReadingAccount, tx: ReadTx, activity_id: UUID
) -> ActivityInsights:
    """What this run says of its songs, and what is odd about its data."""
    return await load_activity_insights(tx, account.account_id, activity_id)


@router.get("/insights/tracks/{track_id}")
async def get_track_insights(account: ReadingAccount, tx: ReadTx, track_id: UUID) -> TrackInsights:
    """What all runs say of one song."""
    return await load_track_insights(tx, account.account_id, track_id)


@router.get("/insights/experiments")
async def list_experiments(account: ReadingAccount, desk: Desk) -> Experiments:
    return await desk.list_all(account.account_id)


@router.get("/insights/experiments/proposal")
async def get_proposal(account: ReadingAccount, desk: Desk, tracks: Tracks = 12) -> NextExperiment:
    """What the next experiment would have in it, and what it would teach."""
    return NextExperiment(proposal=await desk.propose(account.account_id, tracks))


@router.post("/insights/experiments", status_code=201)
async def make_experiment(
    account: CurrentAccount, desk: Desk, wanted: NewExperiment
) -> ExperimentOut:
    """A playlist in an order that chance decides, to be played as it is."""
    return await desk.make(account.account_id, wanted.tracks)


@router.delete("/insights/experiments/{experiment_id}", status_code=204)
async def delete_experiment(account: CurrentAccount, desk: Desk, experiment_id: UUID) -> None:
    """Forget it: its plays are taken as any others."""
    await desk.delete(account.account_id, experiment_id)


@router.post("/activities/{activity_id}/felt", status_code=204)
async def tell_feeling(
    account: CurrentAccount, tx: WriteTx, feelings: ProvidedFeelings, activity_id: UUID, told: Told
) -> None:
    """Say how a run felt; the last word counts."""
    await feelings.tell(tx, account.account_id, activity_id, told)


@router.get("/activities/{activity_id}/felt")
async def get_feeling(
    account: ReadingAccount, tx: ReadTx, feelings: ProvidedFeelings, activity_id: UUID
) -> FeltRun:
    """What was told of how a run felt."""
    return await feelings.get(tx, account.account_id, activity_id)


@router.get("/insights/satisfaction")
async def get_satisfaction(
    account: ReadingAccount, tx: ReadTx, feelings: ProvidedFeelings
) -> Satisfaction:
    """How often runs felt right, those that BeatRunner drove apart."""
    return await feelings.load(tx, account.account_id)
