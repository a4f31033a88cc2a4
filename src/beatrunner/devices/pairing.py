"""A bridge joins an account by a code that is read from a page and typed beside the belt.

Eight characters have 39 bits: enough for ten minutes against guesses that are counted, and too
few for a plain hash, which could be searched through. So the database keeps a keyed hash, a code
is good for one bridge, and every try is paid for from the same kind of budget as signing in.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.attempts import AttemptBudgets
from beatrunner.accounts.security_events import SecurityEvent, record
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.devices import bridges, store
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import ForbiddenError
from beatrunner.kit.keyring import Keyring

LIFETIME = timedelta(minutes=10)
#: Without those that look or sound like another: 0 O, 1 I L, U V.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"
_CHARACTERS = 8
_HALF = _CHARACTERS // 2
_SEPARATORS = str.maketrans("", "", " -")


@dataclass(frozen=True, slots=True)
class PairingCode:
    """`code` as it is shown: `ABCD-EFGH`."""

    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Paired:
    bridge_id: UUID
    token: str


class Pairing:
    def __init__(
        self, database: Database, clock: Clock, ring: Keyring, budgets: AttemptBudgets
    ) -> None:
        self._database = database
        self._clock = clock
        self._ring = ring
        self._budgets = budgets

    async def issue(self, tx: AsyncConnection, account_id: UUID) -> PairingCode:
        """A new code of the account; the one before it ends."""
        code = "".join(secrets.choice(_ALPHABET) for _ in range(_CHARACTERS))
        now = self._clock()
        expires_at = now + LIFETIME
        await store.insert_pairing_code(
            tx, account_id, self._hashes(code)[0], now=now, expires_at=expires_at
        )
        return PairingCode(f"{code[:_HALF]}-{code[_HALF:]}", expires_at)

    async def redeem(self, code: str, name: str, caller: Caller) -> Paired:
        """Turn a code into a bridge. Raises ForbiddenError or TooManyError."""
        await self._budgets.spend(caller.peer)
        now = self._clock()
        async with self._database.write() as tx:
            account_id = await store.delete_pairing_code(tx, self._hashes(code), now)
            if account_id is None:
                raise ForbiddenError(
                    "This pairing code does not hold, or not any more. Take a new one.",
                    kind="wrong-pairing-code",
                )
            # Whether its treadmill is virtual it says itself, when it comes.
            bridge_id, token = await bridges.add_bridge(
                tx, account_id, name, is_virtual=False, now=now
            )
            await record(
                tx,
                account_id,
                SecurityEvent.BRIDGE_PAIRED,
                caller=caller,
                detail={"name": name},
                now=now,
            )
        await self._budgets.give_back(caller.peer)
        return Paired(bridge_id, token)

    def _hashes(self, code: str) -> list[str]:
        return self._ring.hashes("pairing-codes", code.upper().translate(_SEPARATORS))
