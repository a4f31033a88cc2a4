"""Which outside sources of tempi a runner lets be asked, and how far that is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.jobs.store import enqueue, has_waiting
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import NotFoundError
from beatrunner.music import tempo_store
from beatrunner.music.tempo_source import TempoSource

RESOLVE = "tempo.resolve"


class TempoSourceState(BaseModel):
    """A source outside of this machine. `asked` and `to_ask` count the account's songs.

    `sends` says what leaves this machine when it is on, `caution` what its word is worth;
    `rests_until` is known while it is not asked.
    """

    name: str
    title: str
    home: str
    sends: str
    caution: str
    is_on: bool
    asked: int
    to_ask: int
    rests_until: datetime | None
    rests_for: str | None


class TempoOverview(BaseModel):
    """How many songs there are, of how many the tempo is known how well, and the sources.

    `is_resolving`: tempi are being looked for, or about to be.
    """

    songs: int
    own: int
    confirmed: int
    single: int
    uncertain: int
    unknown: int
    is_resolving: bool
    sources: Sequence[TempoSourceState]


class TempoSources:
    def __init__(self, sources: Sequence[TempoSource], clock: Clock) -> None:
        self._sources = {source.name: source for source in sources}
        self._clock = clock

    async def overview(self, tx: AsyncConnection, account_id: UUID) -> TempoOverview:
        counts = await tempo_store.count_songs_by_verdict(tx, account_id)
        rows = await tempo_store.list_tempo_sources(tx, account_id)
        now = self._clock()
        states = []
        for source in self._sources.values():
            row = rows.get(source.name, tempo_store.TempoSourceRow())
            rests = row.is_on and row.rests_until is not None and row.rests_until > now
            states.append(
                TempoSourceState(
                    name=source.name,
                    title=source.title,
                    home=source.home,
                    sends=source.sends,
                    caution=source.caution,
                    is_on=row.is_on,
                    asked=row.asked,
                    to_ask=row.to_ask if row.is_on else 0,
                    rests_until=row.rests_until if rests else None,
                    rests_for=row.rests_for if rests else None,
                )
            )
        return TempoOverview(
            songs=sum(counts.values()),
            own=counts.get("own", 0),
            confirmed=counts.get("confirmed", 0),
            single=counts.get("single", 0),
            uncertain=counts.get("uncertain", 0),
            unknown=counts.get(None, 0),
            is_resolving=await has_waiting(tx, account_id, RESOLVE, now, or_running=True),
            sources=states,
        )

    async def turn(self, tx: AsyncConnection, account_id: UUID, name: str, is_on: bool) -> None:
        """Let a source be asked, or no more; its word counts only while it is on.

        Raises NotFoundError.
        """
        if name not in self._sources:
            raise NotFoundError("There is no such source of tempi.")
        now = self._clock()
        await tempo_store.upsert_tempo_source(tx, account_id, name, is_on, now)
        await ask_to_resolve(tx, account_id, now)


async def ask_to_resolve(
    tx: AsyncConnection, account_id: UUID, now: datetime, run_at: datetime | None = None
) -> None:
    """Have the account's tempi looked after by `run_at`, unless that is to happen anyway."""
    if not await has_waiting(tx, account_id, RESOLVE, run_at or now):
        await enqueue(tx, "tempo.resolve", {}, account_id=account_id, now=now, run_at=run_at)
