"""The route by which a visitor becomes the demo runner."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from beatrunner.accounts.api import CurrentCaller, Empty, SessionAnswer, hand_over
from beatrunner.accounts.this_computer import ThisComputer
from beatrunner.demo.door import DemoDoor
from beatrunner.kit.http import provided
from beatrunner.kit.settings import Settings

router = APIRouter(tags=["auth"])


class DemoAnswer(SessionAnswer):
    """A session as the demo runner; `import_id` is null once its runs are there."""

    import_id: UUID | None


@router.post("/v1/auth/demo")
async def enter_demo(
    _body: Empty,
    caller: CurrentCaller,
    response: Response,
    this_computer: Annotated[ThisComputer, Depends(provided(ThisComputer))],
    door: Annotated[DemoDoor, Depends(provided(DemoDoor))],
    settings: Annotated[Settings, Depends(provided(Settings))],
) -> DemoAnswer:
    """Look around as a made-up runner with half a year of runs and music."""
    this_computer.require_demo(caller)
    visit = await door.enter()
    session = hand_over(response, visit.session, settings)
    return DemoAnswer(**session.model_dump(), import_id=visit.import_id)
