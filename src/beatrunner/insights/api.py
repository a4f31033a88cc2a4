"""Routes for what music does to the runner."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from beatrunner.accounts.api import CurrentAccount
from beatrunner.insights.reading import InsightPage
from beatrunner.insights.shapes import Insights
from beatrunner.kit.http import json_answer, provided

router = APIRouter(prefix="/v1", tags=["insights"])

Page = Annotated[InsightPage, Depends(provided(InsightPage))]


@router.get("/insights", response_model=Insights)
async def get_insights(account: CurrentAccount, page: Page) -> Response:
    """What tempo and single tracks do to speed, heart rate, cadence and being in step.

    Computed in the background; where runs or music have changed since, that begins now.
    """
    return json_answer(await page.load(account.account_id))
