"""Routes on who can get in, by sign-ins and tokens, and on what has happened."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from beatrunner.accounts import event_store, token_store
from beatrunner.accounts.api import (
    AliveTx,
    CurrentAccount,
    CurrentCaller,
    FreshAccount,
    ProvidedPersonalTokens,
    ProvidedSignIns,
)
from beatrunner.accounts.personal_tokens import Scope
from beatrunner.accounts.security_events import SecurityEvent
from beatrunner.accounts.sign_ins import Identity
from beatrunner.db.api import ReadTx
from beatrunner.kit.errors import ForbiddenError
from beatrunner.kit.http import STORABLE, Strict

router = APIRouter(prefix="/v1/account", tags=["account"])


async def _identify_own(account: CurrentAccount) -> Identity:
    """Raises ForbiddenError for the demo runner, as whom strangers sign in side by side."""
    if account.kind == "demo":
        raise ForbiddenError("The demo runner is everybody's.", kind="demo")
    return account


OwnAccount = Annotated[Identity, Depends(_identify_own)]


class SignInAnswer(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    device_name: str | None
    created_at: datetime
    #: To the quarter of an hour, after which a session is renewed.
    used_at: datetime = Field(validation_alias="rotated_at")
    is_this_one: bool = False


class SignInList(BaseModel):
    items: list[SignInAnswer]


class NewToken(Strict):
    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), STORABLE
    ]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))]
    #: Without it the token is good until it is revoked.
    days: Annotated[int, Field(ge=1, le=366)] | None = None


class TokenAnswer(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    scopes: list[Scope]
    created_at: datetime
    #: To the minute.
    used_at: datetime | None
    expires_at: datetime | None


class TokenList(BaseModel):
    items: list[TokenAnswer]


class MadeTokenAnswer(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    #: Shown this once.
    token: str


class SecurityEventAnswer(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    at: datetime
    kind: SecurityEvent
    device_name: str | None
    network: str | None
    detail: dict[str, str | int] | None


class SecurityEventPage(BaseModel):
    items: list[SecurityEventAnswer]
    next_cursor: UUID | None


@router.get("/sign-ins")
async def list_sign_ins(account: OwnAccount, tx: ReadTx, sign_ins: ProvidedSignIns) -> SignInList:
    """Where the runner is signed in now, the last used first."""
    found = [
        SignInAnswer.model_validate(row)
        for row in await sign_ins.list_alive(tx, account.account_id)
    ]
    for shown in found:
        shown.is_this_one = shown.id == account.sign_in_id
    return SignInList(items=found)


@router.delete("/sign-ins/{sign_in_id}", status_code=204)
async def end_sign_in(
    account: OwnAccount,
    caller: CurrentCaller,
    tx: AliveTx,
    sign_ins: ProvidedSignIns,
    sign_in_id: UUID,
) -> None:
    """End one sign-in, also this one. Its sockets and streams close within five seconds."""
    await sign_ins.end_one(tx, account.account_id, sign_in_id, caller)


@router.delete("/sign-ins", status_code=204)
async def end_other_sign_ins(
    account: OwnAccount, caller: CurrentCaller, tx: AliveTx, sign_ins: ProvidedSignIns
) -> None:
    """End all sign-ins but this one."""
    await sign_ins.end_others(tx, account, caller)


@router.get("/tokens")
async def list_tokens(account: OwnAccount, tx: ReadTx) -> TokenList:
    """The personal access tokens, newest first; what they are is shown to nobody again."""
    rows = await token_store.list_tokens(tx, account.account_id)
    return TokenList(items=[TokenAnswer.model_validate(row) for row in rows])


@router.post("/tokens", status_code=201)
async def make_token(
    account: FreshAccount,
    caller: CurrentCaller,
    tx: AliveTx,
    tokens: ProvidedPersonalTokens,
    body: NewToken,
) -> MadeTokenAnswer:
    """A token for a script: `read` reads the library, `imports` hands in files."""
    lifetime = timedelta(days=body.days) if body.days is not None else None
    made = await tokens.make(tx, account.account_id, body.name, body.scopes, lifetime, caller)
    return MadeTokenAnswer.model_validate(made)


@router.delete("/tokens/{token_id}", status_code=204)
async def revoke_token(
    account: OwnAccount,
    caller: CurrentCaller,
    tx: AliveTx,
    tokens: ProvidedPersonalTokens,
    token_id: UUID,
) -> None:
    await tokens.revoke(tx, account.account_id, token_id, caller)


@router.get("/security-events")
async def list_security_events(
    account: OwnAccount,
    tx: ReadTx,
    cursor: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> SecurityEventPage:
    """What concerned the safety of the account within a year, newest first."""
    rows = await event_store.list_security_events(tx, account.account_id, cursor, limit + 1)
    return SecurityEventPage(
        items=[SecurityEventAnswer.model_validate(row) for row in rows[:limit]],
        next_cursor=rows[limit - 1].id if len(rows) > limit else None,
    )
