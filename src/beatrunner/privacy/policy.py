"""What may be done with what comes from each source, for the runner to read.

The words are the pages'; the figures are those of `core.provenance`, under which rows are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.core.provenance import POLICIES, Provenance, SeenBy
from beatrunner.privacy import store


@dataclass(frozen=True, slots=True)
class SourcePolicy:
    """`kept_days` None: until the runner deletes it."""

    source: Provenance
    kept_days: int | None
    ai_may_see: bool
    combines: bool
    seen_by: SeenBy
    recordings: int
    plays: int


async def list_policies(tx: AsyncConnection, account_id: UUID) -> list[SourcePolicy]:
    """Of every source there is, with what the account has of it."""
    recordings, plays = await store.count_by_source(tx, account_id)
    return [
        SourcePolicy(
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
