"""Routes of what is kept about a runner: consents, how long, what may be done with it, erasure."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from beatrunner.accounts.api import CurrentAccount, CurrentCaller, Empty, FreshAccount
from beatrunner.core.provenance import POLICIES, Provenance, SeenBy
from beatrunner.db.api import ReadTx, WriteTx
from beatrunner.kit.http import Strict, provided
from beatrunner.privacy import store
from beatrunner.privacy.consents import KINDS, Consent, Consents
from beatrunner.privacy.erasing import AccountEraser
from beatrunner.privacy.retention import (
    LIVE_DAYS,
    STREAMS_DAYS,
    Retention,
    Retentions,
    find_retention,
)

router = APIRouter(prefix="/v1", tags=["privacy"])

ProvidedConsents = Annotated[Consents, Depends(provided(Consents))]
ProvidedRetentions = Annotated[Retentions, Depends(provided(Retentions))]
ProvidedEraser = Annotated[AccountEraser, Depends(provided(AccountEraser))]
LiveDays = Annotated[int, Field(ge=LIVE_DAYS[0], le=LIVE_DAYS[1])]
StreamsDays = Annotated[int, Field(ge=STREAMS_DAYS[0], le=STREAMS_DAYS[1])]


class SourcePolicyAnswer(BaseModel):
    """`kept_days` is null where the runner alone deletes; counts are the account's own."""

    source: Provenance
    kept_days: int | None
    ai_may_see: bool
    combines: bool
    seen_by: SeenBy
    recordings: int
    plays: int


class PolicyAnswer(BaseModel):
    sources: list[SourcePolicyAnswer]


class ConsentAnswer(BaseModel):
    """What goes when it is withdrawn: heart rates of so many recordings, and so many files."""

    kind: Consent
    given_at: datetime | None
    recordings: int
    files: int


class ConsentList(BaseModel):
    items: list[ConsentAnswer]


class GoingAnswer(BaseModel):
    """How many are kept, how many of them go at the next sweep, and when the next one is due."""

    model_config = ConfigDict(from_attributes=True)

    kept: int
    due: int
    next_at: datetime | None


class RetentionAnswer(BaseModel):
    """In days, with the bounds of each; `streams_days` null keeps streams as the account itself."""

    live_samples_days: int
    live_samples_bounds: tuple[int, int] = LIVE_DAYS
    streams_days: int | None
    streams_bounds: tuple[int, int] = STREAMS_DAYS
    live_samples: GoingAnswer
    streams: GoingAnswer


class WantedRetention(Strict):
    live_samples_days: LiveDays
    streams_days: StreamsDays | None


class ErasureAnswer(BaseModel):
    """`erase_at` null: nobody asked for it. Whoever does has `grace_days` to take it back."""

    erase_at: datetime | None
    grace_days: int


@router.get("/privacy/policy")
async def get_policy(account: CurrentAccount, tx: ReadTx) -> PolicyAnswer:
    """What may be done with what comes from each source, and what the account has of it."""
    recordings, plays = await store.count_by_source(tx, account.account_id)
    return PolicyAnswer(
        sources=[
            SourcePolicyAnswer(
                source=source,
                kept_days=None if policy.kept_for is None else policy.kept_for.days,
                ai_may_see=policy.ai_may_see,
                combines=policy.combines,
                seen_by=policy.seen_by,
                recordings=recordings.get(source, 0),
                plays=plays.get(source, 0),
            )
            for source, policy in POLICIES.items()
        ]
    )


@router.get("/privacy/consents")
async def list_consents(account: CurrentAccount, tx: ReadTx) -> ConsentList:
    given = await store.list_consents(tx, account.account_id)
    recordings, files = await store.count_heart_rates(tx, account.account_id)
    return ConsentList(
        items=[
            ConsentAnswer(kind=kind, given_at=given.get(kind), recordings=recordings, files=files)
            for kind in KINDS
        ]
    )


@router.put("/privacy/consents/{kind}", status_code=204)
async def give_consent(
    _body: Empty,
    account: CurrentAccount,
    caller: CurrentCaller,
    tx: WriteTx,
    consents: ProvidedConsents,
    kind: Consent,
) -> None:
    """Agree that it is kept from now on."""
    await consents.give(tx, account.account_id, kind, caller)


@router.delete("/privacy/consents/{kind}", status_code=204)
async def withdraw_consent(
    account: CurrentAccount,
    caller: CurrentCaller,
    tx: WriteTx,
    consents: ProvidedConsents,
    kind: Consent,
) -> None:
    """Nothing of it is kept from now on, and what is there goes."""
    await consents.withdraw(tx, account.account_id, kind, caller)


@router.get("/privacy/retention")
async def get_retention(
    account: CurrentAccount,
    tx: ReadTx,
    retentions: ProvidedRetentions,
    live_samples_days: LiveDays | None = None,
    streams_days: StreamsDays | None = None,
) -> RetentionAnswer:
    """How long what is kept, and what goes when; with parameters, how that would be."""
    there = await find_retention(tx, account.account_id)
    wanted = Retention(
        live_samples_days or there.live_samples_days, streams_days or there.streams_days
    )
    live_samples = await retentions.live_samples_going(tx, account.account_id, wanted)
    streams = await retentions.streams_going(tx, account.account_id, wanted)
    return RetentionAnswer(
        live_samples_days=wanted.live_samples_days,
        streams_days=wanted.streams_days,
        live_samples=GoingAnswer.model_validate(live_samples),
        streams=GoingAnswer.model_validate(streams),
    )


@router.put("/privacy/retention", status_code=204)
async def put_retention(body: WantedRetention, account: CurrentAccount, tx: WriteTx) -> None:
    """From the next hourly sweep on."""
    await store.upsert_retention(tx, account.account_id, body.model_dump())


@router.get("/account/erasure")
async def get_erasure(account: CurrentAccount, tx: ReadTx, eraser: ProvidedEraser) -> ErasureAnswer:
    erase_at = await store.find_erase_at(tx, account.account_id)
    return ErasureAnswer(erase_at=erase_at, grace_days=eraser.grace.days)


@router.post("/account/erasure", status_code=202)
async def ask_for_erasure(
    _body: Empty, account: FreshAccount, caller: CurrentCaller, eraser: ProvidedEraser
) -> ErasureAnswer:
    """Everything of the account is deleted after a time of grace. All sign-ins end at once."""
    erase_at = await eraser.ask(account.account_id, caller, asker=account)
    return ErasureAnswer(erase_at=erase_at, grace_days=eraser.grace.days)


@router.delete("/account/erasure", status_code=204)
async def think_better_of_erasure(
    account: CurrentAccount, caller: CurrentCaller, tx: WriteTx, eraser: ProvidedEraser
) -> None:
    """The account stays."""
    await eraser.take_back(tx, account.account_id, caller)
