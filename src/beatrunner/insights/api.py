"""Routes for what music does to the runner."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from beatrunner.accounts.api import CurrentAccount
from beatrunner.db.api import ReadTx
from beatrunner.insights.of_activity import load_activity_insights
from beatrunner.insights.own_lines import load_gait_lines
from beatrunner.insights.reading import InsightPage
from beatrunner.insights.shapes import ActivityInsights, GaitLines, Insights
from beatrunner.kit.http import json_answer, provided

router = APIRouter(prefix="/v1", tags=["insights"])

Page = Annotated[InsightPage, Depends(provided(InsightPage))]


@router.get("/insights", response_model=Insights)
async def get_insights(account: CurrentAccount, page: Page) -> Response:
    """What tempo and single tracks do to speed, heart rate, cadence and being in step.

    Computed in the background; where runs or music have changed since, that begins now.
    """
    return json_answer(await page.load(account.account_id))


@router.get("/insights/gait")
async def get_gait(account: CurrentAccount, tx: ReadTx) -> GaitLines:
    """The runner's own cadence by speed, on treadmills and outdoors."""
    return await load_gait_lines(tx, account.account_id)


@router.get("/insights/activities/{activity_id}")
async def get_activity_insights(
    account: CurrentAccount, tx: ReadTx, activity_id: UUID
) -> ActivityInsights:
    """What this run says of its songs, and what is odd about its data."""
    return await load_activity_insights(tx, account.account_id, activity_id)
