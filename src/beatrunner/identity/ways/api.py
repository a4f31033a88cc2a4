"""Routes by which somebody sees and changes how they sign in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, EmailStr, Field, model_validator

from beatrunner.accounts.api import CurrentAccount, CurrentCaller, FreshAccount
from beatrunner.db.api import ReadTx
from beatrunner.identity import factor_store, passkey_store, store
from beatrunner.identity.api import Code, Password
from beatrunner.identity.factors.api import (
    ProvidedPasskeys,
    ProvidedSecondFactor,
    UsedCredential,
)
from beatrunner.identity.factors.passkeys_verifying import RelyingParty
from beatrunner.identity.ways.changing import WaysChanger
from beatrunner.identity.ways.confirming import Confirming
from beatrunner.identity.ways.email_change import EmailChanges
from beatrunner.kit.http import Strict, provided

router = APIRouter(prefix="/v1")

ProvidedConfirming = Annotated[Confirming, Depends(provided(Confirming))]
ProvidedWaysChanger = Annotated[WaysChanger, Depends(provided(WaysChanger))]
ProvidedEmailChanges = Annotated[EmailChanges, Depends(provided(EmailChanges))]


class Proof(Strict):
    """What one signs in with: a password, a code where there is a second factor, or both where
    there are both. Or a passkey; or nothing, for the owner at this computer.
    """

    password: Password | None = None
    code: Code | None = None
    credential: UsedCredential | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.credential is not None and (self.password, self.code) != (None, None):
            raise ValueError("holds more than one proof")
        return self


class PasskeyAnswer(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    label: str | None
    created_at: datetime
    used_at: datetime | None


class TotpState(BaseModel):
    is_on: bool
    recovery_codes_left: int


class WaysIn(BaseModel):
    email: str | None
    email_verified: bool
    has_password: bool
    passkeys: list[PasskeyAnswer]
    totp: TotpState
    this_computer: bool


class NewPassword(Strict):
    password: Password


class EmailWish(Strict):
    email: EmailStr


class StartedEmailChange(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    change_id: UUID = Field(validation_alias="id")
    expires_at: datetime


class VerifiedEmail(Strict):
    change_id: UUID
    code: Code


@router.post("/auth/confirm", status_code=204, tags=["auth"])
async def confirm(
    body: Proof,
    account: CurrentAccount,
    caller: CurrentCaller,
    request: Request,
    confirming: ProvidedConfirming,
    second_factor: ProvidedSecondFactor,
    passkeys: ProvidedPasskeys,
) -> None:
    """Show again that it is you; for ten minutes you may then change how you sign in."""
    if body.credential is not None:
        # Passkeys alone need a name of this site, which an address like 127.0.0.1 is not.
        site = RelyingParty.at(request.headers.get("host", ""))
        await passkeys.require(account.account_id, site, body.credential.model_dump(), caller)
    elif body.password is None and body.code is None:
        confirming.require_here(account, caller)
    else:
        await confirming.require_whole(account, password=body.password, code=body.code)
        if body.password is not None:
            await confirming.require_password(account, body.password, caller)
        if body.code is not None:
            await second_factor.require(account.account_id, body.code, caller)
    await confirming.confirm(account, caller)


@router.get("/account/ways-in", tags=["account"])
async def get_ways_in(account: CurrentAccount, tx: ReadTx) -> WaysIn:
    account_id = account.account_id
    known = await store.get_email_state(tx, account_id)
    passkeys = await passkey_store.list_passkeys(tx, account_id)
    return WaysIn(
        email=known.email,
        email_verified=known.email_verified_at is not None,
        has_password=await store.find_password(tx, account_id) is not None,
        passkeys=[PasskeyAnswer.model_validate(row) for row in passkeys],
        totp=TotpState(
            is_on=await factor_store.has_second_factor(tx, account_id),
            recovery_codes_left=await factor_store.count_recovery_codes(tx, account_id),
        ),
        this_computer=account.kind == "owner",
    )


@router.put("/account/password", status_code=204, tags=["account"])
async def set_password(
    body: NewPassword, account: FreshAccount, caller: CurrentCaller, changer: ProvidedWaysChanger
) -> None:
    """Set or change it, and end every other sign-in."""
    await changer.set_password(account, body.password, caller)


@router.delete("/account/password", status_code=204, tags=["account"])
async def remove_password(
    account: FreshAccount, caller: CurrentCaller, changer: ProvidedWaysChanger
) -> None:
    """Sign in by it no more, and end every other sign-in. The last way into an account stays."""
    await changer.remove_password(account, caller)


@router.delete("/account/this-computer", status_code=204, tags=["account"])
async def leave_this_computer(
    account: FreshAccount, caller: CurrentCaller, changer: ProvidedWaysChanger
) -> None:
    """Become an ordinary member, who is not let in for sitting here, and end every other sign-in.

    The last way in stays.
    """
    await changer.leave_this_computer(account, caller)


@router.post("/account/email", status_code=202, tags=["account"])
async def ask_for_new_email(
    body: EmailWish, account: FreshAccount, caller: CurrentCaller, changes: ProvidedEmailChanges
) -> StartedEmailChange:
    """The answer does not tell whether the address belongs to somebody else."""
    return StartedEmailChange.model_validate(await changes.begin(account, body.email, caller))


@router.post("/account/email/verify", status_code=204, tags=["account"])
async def take_new_email(
    body: VerifiedEmail, account: FreshAccount, caller: CurrentCaller, changes: ProvidedEmailChanges
) -> None:
    await changes.finish(account, body.change_id, body.code, caller)
