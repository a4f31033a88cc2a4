"""What a runner has agreed to: for now, that heart rates are kept.

They tell of somebody's health, so nobody's are stored unasked. Accounts of members are asked first;
the owner of this computer and its demo runner agree with the words of the welcome page, as what
they keep, they keep at home. All of them can withdraw in the same way. Until somebody agrees, runs
are taken in without heart rate, live workouts show it and do not write it down, and the original
files that hold it are not kept.

Withdrawing is told by the event `consent.withdrawn`, which whoever stores heart rates hears; each
deletes what it has and computes anew what followed from it.
"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.security_events import SecurityEvent, record
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.locks import lock_imports
from beatrunner.jobs.store import enqueue
from beatrunner.kit.clock import Clock
from beatrunner.privacy import store

Consent = Literal["heart_rate"]
HEART_RATE: Consent = "heart_rate"
KINDS: tuple[Consent, ...] = (HEART_RATE,)


async def keeps_heart_rate(tx: AsyncConnection, account_id: UUID) -> bool:
    return await store.has_consent(tx, account_id, HEART_RATE)


class Consents:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def give(
        self, tx: AsyncConnection, account_id: UUID, kind: Consent, caller: Caller
    ) -> None:
        """What was imported without it stays so until it is imported again."""
        now = self._clock()
        await store.insert_consent(tx, account_id, kind, now)
        event, detail = SecurityEvent.CONSENT_GIVEN, {"kind": kind}
        await record(tx, account_id, event, caller=caller, detail=detail, now=now)

    async def withdraw(
        self, tx: AsyncConnection, account_id: UUID, kind: Consent, caller: Caller | None = None
    ) -> None:
        """Also without a consent: what is there from before anybody was asked goes, too."""
        # After an import that is storing now, which asked before.
        await lock_imports(tx, account_id)
        await store.delete_consent(tx, account_id, kind)
        now = self._clock()
        event, detail = SecurityEvent.CONSENT_WITHDRAWN, {"kind": kind}
        await record(tx, account_id, event, caller=caller, detail=detail, now=now)
        await enqueue(tx, "consent.withdrawn", detail, account_id=account_id, now=now)
