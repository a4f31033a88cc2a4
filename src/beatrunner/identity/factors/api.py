"""Routes of passkeys and of the second factor of a password."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import segno
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from beatrunner.accounts.api import (
    CurrentAccount,
    CurrentCaller,
    Empty,
    FreshAccount,
    ProvidedSettings,
    SessionAnswer,
    hand_over,
)
from beatrunner.db.api import WriteTx
from beatrunner.identity import passkey_store
from beatrunner.identity.factors.passkeys import Passkeys
from beatrunner.identity.factors.passkeys_verifying import MAX_ID_CHARACTERS, RelyingParty
from beatrunner.identity.factors.second_factor import SecondFactor
from beatrunner.identity.factors.second_step import SecondStep
from beatrunner.kit.http import STORABLE, Strict, provided

router = APIRouter(prefix="/v1")

ProvidedPasskeys = Annotated[Passkeys, Depends(provided(Passkeys))]
ProvidedSecondFactor = Annotated[SecondFactor, Depends(provided(SecondFactor))]
ProvidedSecondStep = Annotated[SecondStep, Depends(provided(SecondStep))]


async def _relying_party(request: Request) -> RelyingParty:
    return RelyingParty.at(request.headers.get("host", ""))


#: Name it after the account, so that strangers learn nothing but that they are strangers.
ThisSite = Annotated[RelyingParty, Depends(_relying_party)]

Code = Annotated[str, StringConstraints(max_length=64)]
Label = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), STORABLE
]
CredentialId = Annotated[str, StringConstraints(max_length=MAX_ID_CHARACTERS)]
Encoded = Annotated[str, StringConstraints(max_length=16_384)]


class _FromBrowser(BaseModel):
    """What a browser writes by itself, and may write more of tomorrow: the rest is left out."""

    model_config = ConfigDict(extra="ignore")


class _Attestation(_FromBrowser):
    clientDataJSON: Encoded  # noqa: N815
    attestationObject: Encoded  # noqa: N815


class _Assertion(_FromBrowser):
    clientDataJSON: Encoded  # noqa: N815
    authenticatorData: Encoded  # noqa: N815
    signature: Encoded
    userHandle: Encoded | None = None  # noqa: N815


class NewCredential(_FromBrowser):
    """`toJSON()` of what `navigator.credentials.create` gave."""

    id: CredentialId
    rawId: CredentialId  # noqa: N815
    type: Annotated[str, StringConstraints(max_length=32)]
    response: _Attestation


class UsedCredential(_FromBrowser):
    """`toJSON()` of what `navigator.credentials.get` gave."""

    id: CredentialId
    rawId: CredentialId  # noqa: N815
    type: Annotated[str, StringConstraints(max_length=32)]
    response: _Assertion


class SecondStepTaken(Strict):
    ticket: Annotated[str, StringConstraints(max_length=100)]
    code: Code


class CodeTyped(Strict):
    code: Code


class PasskeyUsed(Strict):
    credential: UsedCredential


class PasskeyMade(Strict):
    credential: NewCredential
    label: Label


class PasskeyChanges(Strict):
    label: Label


class PasskeyOptions(BaseModel):
    """For `PublicKeyCredential.parse…OptionsFromJSON`."""

    options: dict[str, Any]


class PasskeyId(BaseModel):
    id: UUID


class TotpSetUp(BaseModel):
    """`qr_code` is an address (`data:`) of an SVG picture of `uri`."""

    secret: str = Field(repr=False)
    uri: str = Field(repr=False)
    qr_code: str = Field(repr=False)


class RecoveryCodes(BaseModel):
    recovery_codes: list[str] = Field(repr=False)


@router.post("/auth/second-factor", tags=["auth"])
async def take_second_step(
    body: SecondStepTaken,
    caller: CurrentCaller,
    response: Response,
    second_step: ProvidedSecondStep,
    settings: ProvidedSettings,
) -> SessionAnswer:
    """Finish a sign-in by a code of the authenticator app, or by a recovery code."""
    session = await second_step.finish(body.ticket, body.code, caller)
    return hand_over(response, session, settings)


@router.post("/auth/passkey/options", tags=["auth"])
async def offer_passkey_sign_in(
    _body: Empty, caller: CurrentCaller, site: ThisSite, passkeys: ProvidedPasskeys
) -> PasskeyOptions:
    return PasskeyOptions(options=await passkeys.offer_sign_in(site, caller))


@router.post("/auth/passkey", tags=["auth"])
async def sign_in_by_passkey(
    body: PasskeyUsed,
    caller: CurrentCaller,
    site: ThisSite,
    response: Response,
    passkeys: ProvidedPasskeys,
    settings: ProvidedSettings,
) -> SessionAnswer:
    session = await passkeys.sign_in(site, body.credential.model_dump(), caller)
    return hand_over(response, session, settings)


@router.post("/auth/confirm/options", tags=["auth"])
async def offer_passkey_confirmation(
    _body: Empty, account: CurrentAccount, site: ThisSite, passkeys: ProvidedPasskeys
) -> PasskeyOptions:
    """For a `credential` of `/v1/auth/confirm`."""
    return PasskeyOptions(options=await passkeys.offer_confirmation(account.account_id, site))


@router.post("/account/passkeys/options", tags=["account"])
async def offer_passkey_registration(
    _body: Empty, account: FreshAccount, site: ThisSite, passkeys: ProvidedPasskeys
) -> PasskeyOptions:
    return PasskeyOptions(options=await passkeys.offer_registration(account.account_id, site))


@router.post("/account/passkeys", status_code=201, tags=["account"])
async def add_passkey(
    body: PasskeyMade,
    account: FreshAccount,
    caller: CurrentCaller,
    site: ThisSite,
    passkeys: ProvidedPasskeys,
) -> PasskeyId:
    found = await passkeys.register(account, site, body.credential.model_dump(), body.label, caller)
    return PasskeyId(id=found)


@router.patch("/account/passkeys/{passkey_id}", status_code=204, tags=["account"])
async def rename_passkey(
    passkey_id: UUID, changes: PasskeyChanges, account: CurrentAccount, tx: WriteTx
) -> None:
    await passkey_store.update_passkey_label(tx, account.account_id, passkey_id, changes.label)


@router.delete("/account/passkeys/{passkey_id}", status_code=204, tags=["account"])
async def remove_passkey(
    passkey_id: UUID, account: FreshAccount, caller: CurrentCaller, passkeys: ProvidedPasskeys
) -> None:
    """Sign in by it no more. The last way into an account stays."""
    await passkeys.remove(account, passkey_id, caller)


@router.post("/account/totp", tags=["account"])
async def set_up_totp(
    _body: Empty, account: FreshAccount, second_factor: ProvidedSecondFactor
) -> TotpSetUp:
    """A secret for an authenticator app; it counts once its first code was typed."""
    made = await second_factor.set_up(account)
    picture = segno.make(made.uri, error="m", micro=False)
    return TotpSetUp(
        secret=made.seed, uri=made.uri, qr_code=picture.svg_data_uri(border=4, light="white")
    )


@router.post("/account/totp/confirm", tags=["account"])
async def confirm_totp(
    body: CodeTyped,
    account: FreshAccount,
    caller: CurrentCaller,
    second_factor: ProvidedSecondFactor,
) -> RecoveryCodes:
    """From now on the password needs a code. Recovery codes are shown this once."""
    codes = await second_factor.confirm(account, body.code, caller)
    return RecoveryCodes(recovery_codes=codes)


@router.delete("/account/totp", status_code=204, tags=["account"])
async def turn_off_totp(
    account: FreshAccount, caller: CurrentCaller, second_factor: ProvidedSecondFactor
) -> None:
    await second_factor.turn_off(account, caller)


@router.post("/account/recovery-codes", tags=["account"])
async def renew_recovery_codes(
    _body: Empty,
    account: FreshAccount,
    caller: CurrentCaller,
    second_factor: ProvidedSecondFactor,
) -> RecoveryCodes:
    """A new set, shown this once; the old one is void."""
    codes = await second_factor.renew_recovery_codes(account, caller)
    return RecoveryCodes(recovery_codes=codes)
