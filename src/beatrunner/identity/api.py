"""Routes of the ways in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, EmailStr, StringConstraints

from beatrunner.accounts import store as accounts_store
from beatrunner.accounts.api import (
    CurrentCaller,
    DisplayName,
    Empty,
    ProvidedSettings,
    ProvidedThisComputer,
    SessionAnswer,
    hand_over,
)
from beatrunner.accounts.passwords import MAX_CHARACTERS
from beatrunner.db.api import ReadTx
from beatrunner.identity.factors.second_step import WaitingSignIn
from beatrunner.identity.password_door import PasswordDoor
from beatrunner.kit.http import Strict, provided

router = APIRouter(tags=["auth"])

ProvidedPasswordDoor = Annotated[PasswordDoor, Depends(provided(PasswordDoor))]

Password = Annotated[str, StringConstraints(max_length=MAX_CHARACTERS)]


class Registration(Strict):
    email: EmailStr
    password: Password
    display_name: DisplayName


class Credentials(Strict):
    email: EmailStr
    password: Password


class TicketAnswer(BaseModel):
    """Good for a second factor until then."""

    model_config = ConfigDict(from_attributes=True)

    ticket: str
    expires_at: datetime


class AuthState(BaseModel):
    this_computer: bool
    registration: bool
    demo: bool
    has_owner: bool


@router.get("/v1/auth/state")
async def get_auth_state(
    caller: CurrentCaller,
    this_computer: ProvidedThisComputer,
    password_door: ProvidedPasswordDoor,
    tx: ReadTx,
) -> AuthState:
    """Which doors are open to whoever asks."""
    is_here = this_computer.is_open(caller)
    owner = await accounts_store.find_single_account(tx, "owner") if is_here else None
    return AuthState(
        this_computer=is_here,
        registration=password_door.registration,
        demo=this_computer.is_demo_open(caller),
        has_owner=owner is not None,
    )


@router.post("/v1/auth/register", status_code=202)
async def register(
    body: Registration, caller: CurrentCaller, password_door: ProvidedPasswordDoor
) -> Empty:
    """Make an account. The answer does not tell whether the address already had one."""
    await password_door.register(body.email, body.password, body.display_name, caller.peer)
    return Empty()


@router.post(
    "/v1/auth/sign-in", response_model=SessionAnswer, responses={202: {"model": TicketAnswer}}
)
async def sign_in(
    body: Credentials,
    caller: CurrentCaller,
    response: Response,
    password_door: ProvidedPasswordDoor,
    settings: ProvidedSettings,
) -> SessionAnswer | Response:
    """A session, or a ticket for `/v1/auth/second-factor` where the account wants one."""
    found = await password_door.sign_in(body.email, body.password, caller)
    if isinstance(found, WaitingSignIn):
        ticket = TicketAnswer.model_validate(found)
        return Response(ticket.model_dump_json(), 202, media_type="application/json")
    return hand_over(response, found, settings)
