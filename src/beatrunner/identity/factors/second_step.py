"""A sign-in in two steps: the password was right, and waits for a code.

What waits is a ticket, which is shown to who knew the password and to nobody else; it lasts five
minutes and five tries.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.sign_ins import Session, SignIns
from beatrunner.accounts.store import get_account
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.identity import factor_store
from beatrunner.identity.factors.second_factor import WRONG_CODE, SecondFactor
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import NotSignedInError
from beatrunner.kit.tokens import token_hash

LIFETIME = timedelta(minutes=5)
MOST_TRIES = 5

_BYTES = 32


@dataclass(frozen=True, slots=True)
class WaitingSignIn:
    ticket: str
    expires_at: datetime


class SecondStep:
    def __init__(
        self, database: Database, clock: Clock, sign_ins: SignIns, second_factor: SecondFactor
    ) -> None:
        self._database = database
        self._clock = clock
        self._sign_ins = sign_ins
        self._second_factor = second_factor

    async def ask(self, tx: AsyncConnection, account_id: UUID) -> WaitingSignIn | None:
        """What waits for a code, after a right password; None where the password is enough."""
        if not await factor_store.has_second_factor(tx, account_id):
            return None
        now = self._clock()
        waiting = WaitingSignIn(secrets.token_urlsafe(_BYTES), now + LIFETIME)
        await factor_store.insert_pending_sign_in(
            tx, account_id, token_hash(waiting.ticket), now=now, expires_at=waiting.expires_at
        )
        return waiting

    async def finish(self, ticket: str, code: str, caller: Caller) -> Session:
        """Raises NotSignedInError or TooManyError."""
        async with self._database.write() as tx:
            account_id = await factor_store.update_pending_tries(
                tx, token_hash(ticket), self._clock(), MOST_TRIES
            )
        if account_id is None:
            raise _is_over()
        await self._second_factor.spend(account_id, caller)
        session = None
        async with self._database.write() as tx:
            if await self._second_factor.use(tx, account_id, code, caller):
                # Of two right codes at once one gets in, and the other is not used up.
                if not await factor_store.delete_pending_sign_in(tx, token_hash(ticket)):
                    raise _is_over()
                account = await get_account(tx, account_id)
                session = await self._sign_ins.open_session(tx, account, caller)
        if session is None:
            raise NotSignedInError(WRONG_CODE, kind="wrong-code")
        await self._second_factor.give_back(account_id, caller)
        return session


def _is_over() -> NotSignedInError:
    return NotSignedInError(
        "This took longer than five minutes, or more than five tries. Begin with your password "
        "again.",
        kind="ticket-over",
    )
