"""Routes of sign-in and profile, and `CurrentAccount`, which every other slice asks for."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import available_timezones

from fastapi import APIRouter, Cookie, Depends, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    StringConstraints,
    UrlConstraints,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts import store
from beatrunner.accounts.event_store import has_left_computer
from beatrunner.accounts.personal_tokens import PersonalTokens, Scope, is_personal
from beatrunner.accounts.runner_profile import (
    RunnerFields,
    RunnerProfileAnswer,
    RunnerProfiles,
)
from beatrunner.accounts.sign_ins import Asker, Identity, Session, SignIns
from beatrunner.accounts.this_computer import Caller, ThisComputer
from beatrunner.accounts.welcome import Welcome
from beatrunner.db.api import ReadTx, WriteTx
from beatrunner.kit.errors import ForbiddenError, NotSignedInError
from beatrunner.kit.http import STORABLE, Strict, provided
from beatrunner.kit.settings import Settings

REFRESH_COOKIE = "beatrunner_refresh"
_COOKIE_PATH = "/v1/auth"

router = APIRouter()

ProvidedSignIns = Annotated[SignIns, Depends(provided(SignIns))]
ProvidedThisComputer = Annotated[ThisComputer, Depends(provided(ThisComputer))]
ProvidedPersonalTokens = Annotated[PersonalTokens, Depends(provided(PersonalTokens))]
ProvidedWelcome = Annotated[Welcome, Depends(provided(Welcome))]
ProvidedRunnerProfiles = Annotated[RunnerProfiles, Depends(provided(RunnerProfiles))]
ProvidedSettings = Annotated[Settings, Depends(provided(Settings))]
Bearer = Annotated[
    HTTPAuthorizationCredentials | None,
    Depends(HTTPBearer(auto_error=False, description="Of a session, or a personal token.")),
]
RefreshCookie = Annotated[str | None, Cookie(alias=REFRESH_COOKIE, include_in_schema=False)]


async def _caller(request: Request) -> Caller:
    return Caller(request.client.host if request.client else "", request.headers)


CurrentCaller = Annotated[Caller, Depends(_caller)]


async def identify(
    scopes: SecurityScopes,
    bearer: Bearer,
    caller: CurrentCaller,
    sign_ins: ProvidedSignIns,
    tokens: ProvidedPersonalTokens,
) -> Asker:
    """Who asks: an `Identity`, or where the route names a scope, also the holder of a personal
    token that has it. Raises NotSignedInError, or ForbiddenError for a token without the scope.
    """
    if bearer is None:
        raise NotSignedInError
    if is_personal(bearer.credentials):
        return await tokens.identify(bearer.credentials, scopes.scopes, caller)
    return await sign_ins.identify(bearer.credentials)


#: Who asks, themself. Name it before a transaction, so that none is opened for a stranger.
CurrentAccount = Annotated[Identity, Depends(identify)]
#: For whom something of the library is read, or files are handed in: themself, or a token.
ReadingAccount = Annotated[Asker, Security(identify, scopes=[Scope.READ])]
ImportingAccount = Annotated[Asker, Security(identify, scopes=[Scope.IMPORTS])]


async def identify_fresh(account: CurrentAccount, sign_ins: ProvidedSignIns) -> Identity:
    """Raises ForbiddenError when it is a while since they last showed that it is they."""
    await sign_ins.require_fresh(account)
    return account


#: Who asks for what a stolen session alone must not, like changing how they sign in.
FreshAccount = Annotated[Identity, Depends(identify_fresh)]


async def _require_alive(
    account: CurrentAccount, tx: WriteTx, sign_ins: ProvidedSignIns
) -> AsyncConnection:
    await sign_ins.require_alive(tx, account)
    return tx


#: A `WriteTx` in which their sign-in is alive, however long the request waited for it.
AliveTx = Annotated[AsyncConnection, Depends(_require_alive)]


def _is_time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("is not a time zone, like Europe/Berlin")
    return name


Kind = Literal["owner", "member", "demo"]
Units = Literal["km", "mi"]
Theme = Literal["system", "light", "dark"]
DisplayName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), STORABLE
]
TimeZone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_is_time_zone)]
HttpsUrl = Annotated[HttpUrl, UrlConstraints(max_length=2000, allowed_schemes=["https"])]


class Empty(Strict):
    """`{}`: JSON, which no foreign page can send without asking first."""


class AccountAnswer(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: Kind
    display_name: str
    email: str | None


class SessionAnswer(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    access_token: str
    expires_in_s: int
    account: AccountAnswer


class Profile(AccountAnswer):
    """`erase_at`: when all of it goes, where its runner asked for that."""

    erase_at: datetime | None
    units: Units
    theme: Theme
    time_zone: str | None
    map_style_url: str | None


def _unset() -> Any:
    """A field that was not sent; unlike null it needs no place in the schema."""
    return None


class ProfileChanges(Strict):
    display_name: DisplayName = Field(default_factory=_unset)
    units: Units = Field(default_factory=_unset)
    theme: Theme = Field(default_factory=_unset)
    time_zone: TimeZone | None = Field(default_factory=_unset)
    map_style_url: HttpsUrl | None = Field(default_factory=_unset)


def hand_over(response: Response, session: Session, settings: Settings) -> SessionAnswer:
    """The answer to whoever signed in; the refresh token goes into the cookie alone."""
    response.set_cookie(
        REFRESH_COOKIE,
        session.refresh_token,
        max_age=session.refresh_expires_in_s,
        path=_COOKIE_PATH,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="strict",
    )
    return SessionAnswer.model_validate(session)


def _drop_cookie(response: Response, settings: Settings) -> None:
    response.delete_cookie(
        REFRESH_COOKIE,
        path=_COOKIE_PATH,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="strict",
    )


@router.post("/v1/auth/this-computer", tags=["auth"])
async def sign_in_here(
    _body: Empty,
    caller: CurrentCaller,
    response: Response,
    this_computer: ProvidedThisComputer,
    sign_ins: ProvidedSignIns,
    settings: ProvidedSettings,
    tx: ReadTx,
) -> SessionAnswer:
    """Sign in the owner of this computer, from this computer only, until they closed this door."""
    this_computer.require(caller)
    if await has_left_computer(tx):
        raise ForbiddenError("This way in has been closed.", kind="computer-closed")
    session = await sign_ins.open_single("owner", "Runner", caller)
    return hand_over(response, session, settings)


@router.post("/v1/auth/refresh", tags=["auth"])
async def refresh(
    caller: CurrentCaller,
    response: Response,
    sign_ins: ProvidedSignIns,
    settings: ProvidedSettings,
    refresh_token: RefreshCookie = None,
) -> SessionAnswer:
    """The next session, for the refresh token in the cookie."""
    if refresh_token is None:
        raise NotSignedInError
    return hand_over(response, await sign_ins.refresh(refresh_token, caller), settings)


@router.post("/v1/auth/sign-out", status_code=204, tags=["auth"])
async def sign_out(
    caller: CurrentCaller,
    response: Response,
    bearer: Bearer,
    sign_ins: ProvidedSignIns,
    settings: ProvidedSettings,
    refresh_token: RefreshCookie = None,
) -> None:
    """End the sign-in of the cookie and of the access token; either may be missing."""
    await sign_ins.end(refresh_token, bearer.credentials if bearer else None, caller)
    _drop_cookie(response, settings)


@router.get("/v1/profile", tags=["profile"])
async def get_profile(account: CurrentAccount, tx: ReadTx) -> Profile:
    return Profile.model_validate(await store.get_account(tx, account.account_id))


@router.patch("/v1/profile", tags=["profile"])
async def change_profile(changes: ProfileChanges, account: CurrentAccount, tx: WriteTx) -> Profile:
    """Change what is named; null empties what may be empty."""
    named = changes.model_dump(mode="json", exclude_unset=True)
    return Profile.model_validate(await store.update_account(tx, account.account_id, named))


@router.get("/v1/profile/runner", tags=["profile"])
async def get_runner_profile(
    account: CurrentAccount, tx: ReadTx, profiles: ProvidedRunnerProfiles
) -> RunnerProfileAnswer:
    """What the runner told of themself, and what BeatRunner makes of it."""
    return await profiles.load(tx, account.account_id)


@router.put("/v1/profile/runner", tags=["profile"])
async def put_runner_profile(
    account: CurrentAccount, tx: WriteTx, profiles: ProvidedRunnerProfiles, told: RunnerFields
) -> RunnerProfileAnswer:
    """Replace all of it: what is left out is forgotten."""
    await profiles.replace(tx, account.account_id, told)
    return await profiles.load(tx, account.account_id)
