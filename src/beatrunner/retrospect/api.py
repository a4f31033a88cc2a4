"""Routes for looking back."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from pydantic import AwareDatetime

from beatrunner.accounts.api import ReadingAccount
from beatrunner.db.api import ReadTx
from beatrunner.kit.http import AskedZone, json_answer, provided
from beatrunner.retrospect.run_map import RunMap
from beatrunner.retrospect.shapes import SimilarRuns, Year
from beatrunner.retrospect.similar_runs import find_similar
from beatrunner.retrospect.year import YearPage

router = APIRouter(prefix="/v1/retrospect", tags=["retrospect"])

#: The browser keeps it, and asks each time whether it still holds.
_KEPT = {"Cache-Control": "private, no-cache"}


@router.get(
    "/map",
    response_class=Response,
    responses={
        200: {"content": {"application/octet-stream": {}}},
        304: {"description": "Nothing has changed."},
    },
)
async def get_map(
    account: ReadingAccount,
    run_map: Annotated[RunMap, Depends(provided(RunMap))],
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=2_000)] = 1_000,
    after: AwareDatetime | None = None,
    before: AwareDatetime | None = None,
    if_none_match: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:
    """Paths and songs of all runs for the map, or of those begun in [after, before), packed, the
    latest runs first."""
    tag = f'W/"{await run_map.version(account.account_id)}"'
    headers = {**_KEPT, "ETag": tag}
    if if_none_match == tag:
        return Response(status_code=304, headers=headers)
    content = await run_map.load(account.account_id, cursor, limit, (after, before))
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.get("/years/{year}", response_model=Year)
async def get_year(
    account: ReadingAccount,
    page: Annotated[YearPage, Depends(provided(YearPage))],
    zone: AskedZone,
    year: Annotated[int, Path(ge=1970, le=9000)],
) -> Response:
    """A year in music and miles; it is that of `time_zone`."""
    return json_answer(await page.load(account.account_id, year, zone))


@router.get("/similar-runs/{activity_id}", response_model=SimilarRuns)
async def get_similar_runs(account: ReadingAccount, tx: ReadTx, activity_id: UUID) -> Response:
    """Runs worth comparing with this one."""
    return json_answer(await find_similar(tx, account.account_id, activity_id))
