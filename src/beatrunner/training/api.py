"""The route for training."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from beatrunner.accounts.api import ReadingAccount
from beatrunner.kit.http import AskedZone, json_answer, provided
from beatrunner.training.page import TrainingPage
from beatrunner.training.shapes import Training

router = APIRouter(prefix="/v1", tags=["training"])


@router.get("/training", response_model=Training)
async def get_training(
    account: ReadingAccount,
    page: Annotated[TrainingPage, Depends(provided(TrainingPage))],
    zone: AskedZone,
) -> Response:
    """Weeks with their load, and best efforts; days and weeks are those of `time_zone`."""
    return json_answer(await page.load(account.account_id, zone))
