"""Routes for showing a run to others."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import Field

from beatrunner.accounts.api import CurrentAccount
from beatrunner.db.api import LongReadTx, ReadTx, WriteTx
from beatrunner.kit.http import Strict, json_answer, provided
from beatrunner.sharing import store
from beatrunner.sharing.projection import Choice
from beatrunner.sharing.shapes import NewShareLink, SharedRun, ShareLinks
from beatrunner.sharing.showing import Sharing

router = APIRouter(prefix="/v1", tags=["sharing"])

ProvidedSharing = Annotated[Sharing, Depends(provided(Sharing))]


class NewLink(Strict):
    """`expires_in_days` null: until it is withdrawn."""

    activity_id: UUID
    shows_time: bool = False
    shows_heart_rate: bool = False
    expires_in_days: Annotated[int, Field(ge=1, le=366)] | None = None


@router.get("/activities/{activity_id}/shared-view", response_model=SharedRun)
async def get_shared_view(
    account: CurrentAccount,
    tx: LongReadTx,
    sharing: ProvidedSharing,
    activity_id: UUID,
    shows_time: bool = False,
    shows_heart_rate: bool = False,
) -> Response:
    """The run as others would see it."""
    choice = Choice(shows_time, shows_heart_rate)
    return json_answer(await sharing.preview(tx, account.account_id, activity_id, choice))


@router.post("/share-links", status_code=201)
async def make_share_link(
    account: CurrentAccount, tx: WriteTx, sharing: ProvidedSharing, wanted: NewLink
) -> NewShareLink:
    """A secret link to one run. Its token is told this once."""
    days = wanted.expires_in_days
    return await sharing.make_link(
        tx,
        account.account_id,
        wanted.activity_id,
        Choice(wanted.shows_time, wanted.shows_heart_rate),
        None if days is None else timedelta(days=days),
    )


@router.get("/share-links")
async def list_share_links(
    account: CurrentAccount,
    tx: ReadTx,
    sharing: ProvidedSharing,
    activity_id: Annotated[UUID | None, Query()] = None,
) -> ShareLinks:
    """The links that are live, of one run or of all."""
    return await sharing.list_links(tx, account.account_id, activity_id)


@router.delete("/share-links/{link_id}", status_code=204)
async def withdraw_share_link(account: CurrentAccount, tx: WriteTx, link_id: UUID) -> None:
    """From now on it opens nothing."""
    await store.delete_share_link(tx, account.account_id, link_id)


@router.get("/shared/{token}", response_model=SharedRun)
async def open_share_link(
    sharing: ProvidedSharing, token: Annotated[str, Path(max_length=100)]
) -> Response:
    """The run behind a secret link, for whoever has the link."""
    return _unindexed(await sharing.open_link(token))


@router.get("/public/activities/{activity_id}", response_model=SharedRun)
async def get_public_run(sharing: ProvidedSharing, activity_id: UUID) -> Response:
    """A public run, for anybody: without its time of day and its heart rate."""
    return _unindexed(await sharing.open_public(activity_id))


def _unindexed(run: SharedRun) -> Response:
    response = json_answer(run)
    # What a search engine keeps is not private again when the runner says so.
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
