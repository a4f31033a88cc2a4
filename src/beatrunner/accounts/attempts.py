"""How often somebody may try to sign in, or to pair a bridge.

Tries are counted per address and per peer, in a window of an hour that the first try opens. The
table keeps a keyed hash of either, so it lists neither addresses nor who came by. A try that
succeeds is given back: a runner who signs in often never runs out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts import store
from beatrunner.db.engine import Database
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import TooManyError
from beatrunner.kit.keyring import Keyring
from beatrunner.kit.networks import network_of

_WINDOW = timedelta(hours=1)
# A club behind one router shares its address.
_PEER_SHARE = 10


class AttemptBudgets:
    def __init__(
        self,
        database: Database,
        ring: Keyring,
        clock: Clock,
        per_hour: int,
        *,
        purpose: str = "sign-in-attempts",
    ) -> None:
        """Tries of another `purpose` are counted apart."""
        self._database = database
        self._ring = ring
        self._purpose = purpose
        self._clock = clock
        self._per_hour = per_hour

    async def spend(self, peer: str, email: str | None = None) -> int:
        """Count a try. Returns how many of the hour that makes, of the address or of the peer.

        Raises TooManyError when the hour's tries are used up.
        """
        now, budgets = self._clock(), self._budgets(peer, email)
        # Whoever has none left writes nothing: thousands of them would hold up everybody's writes.
        async with self._database.read() as tx:
            counted = await store.list_attempts(tx, list(budgets), now - _WINDOW)
        _refuse(
            [row.window_started_at for row in counted if row.attempts >= budgets[row.subject]], now
        )
        most, spent = 0, []
        async with self._database.write() as tx:
            # Windows that are over go first, so what is counted below is in a running one.
            await forget_old(tx, now)
            for subject, budget in budgets.items():
                attempts, started_at = await store.count_attempt(tx, subject, now)
                most = max(most, attempts)
                if attempts > budget:
                    spent.append(started_at)
        _refuse(spent, now)
        return most

    async def give_back(self, peer: str, email: str | None = None) -> None:
        async with self._database.write() as tx:
            for subject in self._budgets(peer, email):
                await store.uncount_attempt(tx, subject)

    def _budgets(self, peer: str, email: str | None) -> Mapping[str, int]:
        # In a fixed order, so that two transactions never wait for each other crosswise.
        budgets = {}
        if email is not None:
            budgets[self._subject("address", email)] = self._per_hour
        budgets[self._subject("peer", network_of(peer))] = self._per_hour * _PEER_SHARE
        return budgets

    def _subject(self, kind: str, value: str) -> str:
        return self._ring.hash(self._purpose, f"{kind}|{value}")


def _refuse(spent: Sequence[datetime], now: datetime) -> None:
    """Raises TooManyError where there are windows that are used up; they began then."""
    if spent:
        left = max(spent) + _WINDOW - now
        raise TooManyError(math.ceil(left.total_seconds()), "Too many tries. Wait, then try again.")


async def forget_old(tx: AsyncConnection, now: datetime) -> None:
    """Delete the tries of windows that are over."""
    await store.delete_old_attempts(tx, now - _WINDOW)
