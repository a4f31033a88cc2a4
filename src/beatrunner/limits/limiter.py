"""Whether one more request is let through.

The counts of this process decide, and where there is a server for it (`shared`), the counts of all
processes decide, too. Both must let a request through, so neither a lost nor an emptied server
opens anything: then each process still lets through no more than the quota by itself.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from beatrunner.db.engine import Database
from beatrunner.kit.clock import Clock
from beatrunner.limits.ledger import Ledger
from beatrunner.limits.local import LocalCounts
from beatrunner.limits.policy import Ask, Policy, Verdict

if TYPE_CHECKING:
    from beatrunner.limits.shared import SharedCounts

_PATIENCE_S = 0.25


class RequestLimiter:
    def __init__(
        self, local: LocalCounts, ledger: Ledger, shared: SharedCounts | None = None
    ) -> None:
        self._local = local
        self._ledger = ledger
        self._shared = shared

    @classmethod
    def build(
        cls,
        policies: Iterable[Policy],
        database: Database,
        clock: Clock,
        redis_url: str | None,
        *,
        patience_s: float = _PATIENCE_S,
    ) -> RequestLimiter:
        """`patience_s`: how long a request waits for the shared counts."""
        local, ledger = LocalCounts(policies), Ledger(database, clock)
        if redis_url is None:
            return cls(local, ledger)
        # Loading `redis` takes longer than loading a third of all else, and few have one.
        from beatrunner.limits.shared import SharedCounts

        return cls(local, ledger, SharedCounts(redis_url, patience_s=patience_s))

    async def take(self, asks: Sequence[Ask]) -> Verdict:
        """Count a request, if all of its policies let it through."""
        verdict = self._local.look(asks)
        if verdict.refused_by:
            return verdict
        shared = None if self._shared is None else await self._shared.take(asks)
        if shared is not None and shared.refused_by:
            return shared
        # Others may have taken the last one meanwhile.
        verdict = self._local.take(asks)
        if verdict.refused_by:
            return verdict
        self._ledger.note(asks)
        await self._ledger.cover(asks)
        if shared is None:
            return verdict
        pairs = zip(verdict.uses, shared.uses, strict=True)
        return Verdict([min(pair, key=lambda use: use.remaining) for pair in pairs])

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Remember what was counted before, and write down what is counted, while the block
        runs."""
        async with self._ledger.running(self._local):
            yield
        if self._shared is not None:
            await self._shared.close()
