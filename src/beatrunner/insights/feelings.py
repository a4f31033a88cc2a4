"""How runs felt, in one tap, and how often what BeatRunner set or recommended felt right.

The share that felt right comes with its interval (Wilson 1927, Journal of the American Statistical
Association 22:209), which holds for few answers too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from math import sqrt
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.runner_profile import EstimateAnswer
from beatrunner.activities.store import get_activity, lock_activity
from beatrunner.core.estimate import EDGE_SDS, Estimate
from beatrunner.insights import store
from beatrunner.insights.shapes import (
    FeltRun,
    RunToAsk,
    Satisfaction,
    SatisfactionOf,
    Told,
)
from beatrunner.kit.clock import Clock

#: How long after a driven run it makes sense to ask.
_FRESH = timedelta(days=3)


class Feelings:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def tell(
        self, tx: AsyncConnection, account_id: UUID, activity_id: UUID, told: Told
    ) -> None:
        """The last word counts. Raises NotFoundError."""
        await lock_activity(tx, account_id, activity_id)
        if told.felt is None:
            await store.delete_feeling(tx, activity_id)
        else:
            await store.upsert_feeling(tx, account_id, activity_id, told.felt, self._clock())

    async def get(self, tx: AsyncConnection, account_id: UUID, activity_id: UUID) -> FeltRun:
        """Raises NotFoundError."""
        await get_activity(tx, account_id, activity_id)
        row = await store.get_feeling(tx, activity_id)
        return FeltRun(felt=row.felt, is_driven=row.is_driven)

    async def load(self, tx: AsyncConnection, account_id: UUID) -> Satisfaction:
        rows = await store.list_feelings(tx, account_id)
        to_ask = await store.find_untold(tx, account_id, self._clock() - _FRESH)
        return Satisfaction(
            driven=_satisfaction(row.felt for row in rows if row.is_driven),
            free=_satisfaction(row.felt for row in rows if not row.is_driven),
            ask_about=to_ask and RunToAsk.model_validate(to_ask._asdict()),
        )


def _satisfaction(felt: Iterable[str]) -> SatisfactionOf:
    runs = Counter(felt)
    share = share_pct(runs["right"], runs.total()).rounded(1) if runs else None
    return SatisfactionOf(
        too_easy=runs["too_easy"],
        right=runs["right"],
        too_hard=runs["too_hard"],
        right_pct=share and EstimateAnswer.model_validate(share),
    )


def share_pct(some: int, of: int) -> Estimate:
    """Wilson's interval, and the plain share. Raises ZeroDivisionError of none."""
    share, z2 = some / of, EDGE_SDS**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    reach = EDGE_SDS * sqrt(share * (1 - share) / of + z2 / (4 * of**2)) / (1 + z2 / of)
    low, high = min(middle - reach, share), max(middle + reach, share)
    return Estimate(share, max(low, 0.0), min(high, 1.0)).scaled(100.0)
