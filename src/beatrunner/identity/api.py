"""Routes of the ways in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, EmailStr, Field, StringConstraints

from beatrunner.accounts import store as accounts_store
from beatrunner.accounts.api import (
    CurrentCaller,
    DisplayName,
    ProvidedSettings,
    ProvidedThisComputer,
    SessionAnswer,
    hand_over,
)
from beatrunner.accounts.event_store import has_left_computer
from beatrunner.accounts.passwords import MAX_CHARACTERS
from beatrunner.db.api import ReadTx
from beatrunner.identity.factors.second_step import WaitingSignIn
from beatrunner.identity.invitations import Invitations
from beatrunner.identity.password_door import PasswordDoor
from beatrunner.identity.password_reset import PasswordResets
from beatrunner.identity.registration import Registrations
from beatrunner.kit.http import Strict, provided
from beatrunner.kit.post import Outbox, Post

router = APIRouter(tags=["auth"])

ProvidedPasswordDoor = Annotated[PasswordDoor, Depends(provided(PasswordDoor))]
ProvidedRegistrations = Annotated[Registrations, Depends(provided(Registrations))]
ProvidedInvitations = Annotated[Invitations, Depends(provided(Invitations))]
ProvidedPasswordResets = Annotated[PasswordResets, Depends(provided(PasswordResets))]
ProvidedPost = Annotated[Post, Depends(provided(Post))]
ProvidedOutbox = Annotated[Outbox, Depends(provided(Outbox))]

#: As it is read: blanks and dashes are left out.
Code = Annotated[str, StringConstraints(max_length=32)]
InvitationToken = Annotated[str, StringConstraints(max_length=100)]
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


class Started(BaseModel):
    """Until then a code is waited for."""

    model_config = ConfigDict(from_attributes=True)

    expires_at: datetime


class StartedRegistration(Started):
    registration_id: UUID = Field(validation_alias="id")


class StartedReset(Started):
    reset_id: UUID = Field(validation_alias="id")


class VerifiedRegistration(Strict):
    registration_id: UUID
    code: Code


class OpenedInvitation(Strict):
    token: InvitationToken


class AcceptedInvitation(Strict):
    token: InvitationToken
    password: Password
    display_name: DisplayName


class InvitationAnswer(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    email: str
    expires_at: datetime


class ResetWish(Strict):
    email: EmailStr


class FinishedReset(Strict):
    reset_id: UUID
    code: Code
    password: Password


class AuthState(BaseModel):
    this_computer: bool
    #: Whoever comes by may make an account.
    registration: bool
    #: Whoever was invited may.
    invitations: bool
    demo: bool
    has_owner: bool
    #: Whether codes can be sent, as a new password needs.
    mail: bool
    #: Whether they are to be looked for in the outbox at this computer.
    outbox: bool


class MailAnswer(BaseModel):
    at: datetime
    to: str
    subject: str
    text: str


class OutboxAnswer(BaseModel):
    mails: list[MailAnswer]


@router.get("/v1/auth/state")
async def get_auth_state(
    caller: CurrentCaller,
    this_computer: ProvidedThisComputer,
    registrations: ProvidedRegistrations,
    invitations: ProvidedInvitations,
    post: ProvidedPost,
    outbox: ProvidedOutbox,
    tx: ReadTx,
) -> AuthState:
    """Which doors are open to whoever asks."""
    is_here = this_computer.is_open(caller)
    owner = await accounts_store.find_single_account(tx, "owner") if is_here else None
    return AuthState(
        this_computer=is_here and not await has_left_computer(tx),
        registration=registrations.is_open,
        invitations=invitations.is_open,
        demo=this_computer.is_demo_open(caller),
        has_owner=owner is not None,
        mail=post.is_open,
        outbox=is_here and outbox.is_used,
    )


@router.get("/v1/outbox")
async def get_outbox(
    caller: CurrentCaller, this_computer: ProvidedThisComputer, outbox: ProvidedOutbox
) -> OutboxAnswer:
    """The mails that had no server to go to, newest first; for this computer alone."""
    this_computer.require(caller)
    return OutboxAnswer(
        mails=[
            MailAnswer(at=kept.at, to=kept.mail.to, subject=kept.mail.subject, text=kept.mail.text)
            for kept in outbox.mails
        ]
    )


@router.post("/v1/auth/register", status_code=202)
async def register(
    body: Registration, caller: CurrentCaller, registrations: ProvidedRegistrations
) -> StartedRegistration:
    """Ask for an account. The answer does not tell whether the address already has one."""
    return StartedRegistration.model_validate(
        await registrations.begin(body.email, body.password, body.display_name, caller)
    )


@router.post("/v1/auth/register/verify")
async def verify_registration(
    body: VerifiedRegistration,
    caller: CurrentCaller,
    response: Response,
    registrations: ProvidedRegistrations,
    settings: ProvidedSettings,
) -> SessionAnswer:
    """Make the account and sign in, with the code that came by mail."""
    session = await registrations.finish(body.registration_id, body.code, caller)
    return hand_over(response, session, settings)


@router.post("/v1/auth/invitation")
async def open_invitation(
    body: OpenedInvitation, invitations: ProvidedInvitations
) -> InvitationAnswer:
    """Whom it is for. Its token is the part of its link behind the `#`."""
    return InvitationAnswer.model_validate(await invitations.find(body.token))


@router.post("/v1/auth/invitation/accept")
async def accept_invitation(
    body: AcceptedInvitation,
    caller: CurrentCaller,
    response: Response,
    invitations: ProvidedInvitations,
    settings: ProvidedSettings,
) -> SessionAnswer:
    """Make the account and sign in. No code is mailed; the invitation is used up."""
    session = await invitations.accept(body.token, body.password, body.display_name, caller)
    return hand_over(response, session, settings)


@router.post("/v1/auth/password-reset", status_code=202)
async def ask_for_new_password(
    body: ResetWish, caller: CurrentCaller, resets: ProvidedPasswordResets
) -> StartedReset:
    """The answer does not tell whether the address has an account."""
    return StartedReset.model_validate(await resets.begin(body.email, caller))


@router.post("/v1/auth/password-reset/finish", status_code=204)
async def take_new_password(
    body: FinishedReset, caller: CurrentCaller, resets: ProvidedPasswordResets
) -> None:
    """Take the new password, and end every sign-in."""
    await resets.finish(body.reset_id, body.code, body.password, caller)


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
