"""The job `tempo.resolve`: find the tempi of an account's songs.

First what is stored already is weighed anew, which is quick and needs nobody. Then, source after
source in the order of trust, the songs are asked for that still lack something: those that the
runner has not settled, on which no two sources agree yet, and which the source can name and has
not been asked about. Each batch of answers is stored, and the songs it touches are settled, in one
transaction: a worker that dies loses one batch at most, and the next one goes on after it.

What a source does not know is remembered, and asked again after a day, a week, and then every
month. A source that rests (`kit.outside`) is left alone; the job comes back when the first of all
these times has come. A run of the job asks for a minute at most, so that one large library does
not keep others waiting, and one run at a time looks after an account.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from beatrunner.core.tempo import Heard, Verdict
from beatrunner.db.engine import Database
from beatrunner.jobs.registry import job
from beatrunner.jobs.store import ClaimedJob, has_older_running
from beatrunner.kit.clock import Clock
from beatrunner.kit.log import logger
from beatrunner.kit.outside import RestsError
from beatrunner.music import tempo_store
from beatrunner.music.tempo_settling import Settling, TempoState
from beatrunner.music.tempo_source import TempoSource
from beatrunner.music.tempo_sources import ask_to_resolve
from beatrunner.music.tempo_store import Evidence

log = logger(__name__)

_PAGE = 1_000
_WAITS_FOR_ANOTHER = timedelta(seconds=10)
_ASK_AGAIN = (timedelta(days=1), timedelta(days=7), timedelta(days=30))


@dataclass(slots=True)
class _Errand:
    """What one source is to be asked: key by key, the songs that wait for the answer."""

    source: TempoSource
    waiting: dict[str, list[UUID]] = field(default_factory=dict)
    misses: dict[str, int] = field(default_factory=dict)
    asked: int = 0
    to_ask: int = 0
    again_at: datetime | None = None


class TempoResolver:
    def __init__(
        self,
        database: Database,
        sources: Sequence[TempoSource],
        clock: Clock,
        *,
        longest: timedelta = timedelta(minutes=1),
    ) -> None:
        self._database = database
        self._sources = sources
        self._clock = clock
        self._longest = longest
        self._settling = Settling(clock, sources)

    @job("music.imported")
    async def on_music(self, claimed: ClaimedJob) -> None:
        async with self._database.write() as tx:
            await ask_to_resolve(tx, claimed.account_id, self._clock())

    @job("track.changed")
    async def on_track(self, claimed: ClaimedJob) -> None:
        """What was said of one track may be said of another now."""
        await self.on_music(claimed)

    @job("tempo.resolve", can_wait=True)
    async def resolve(self, claimed: ClaimedJob) -> None:
        account_id = claimed.account_id
        if await self._is_looked_after(claimed):
            return
        stop_at = self._clock() + self._longest
        await self._settle_everything(account_id)
        next_times = []
        for source in self._sources:
            if await self._is_on(account_id, source):
                errand = await self._errand(account_id, source)
                next_times.append(await self._run(account_id, errand, stop_at))
        again_at = min((time for time in next_times if time is not None), default=None)
        if again_at is not None:
            async with self._database.write() as tx:
                await ask_to_resolve(tx, account_id, self._clock(), again_at)

    async def _is_looked_after(self, claimed: ClaimedJob) -> bool:
        """Two at a time would ask for the same songs: the younger comes back later."""
        now = self._clock()
        async with self._database.write() as tx:
            is_looked_after = await has_older_running(tx, claimed, now)
            if is_looked_after:
                await ask_to_resolve(tx, claimed.account_id, now, now + _WAITS_FOR_ANOTHER)
        return is_looked_after

    async def _settle_everything(self, account_id: UUID) -> None:
        last: UUID | None = None
        while True:
            # Looking needs no lock, and most of the time there is nothing to change.
            async with self._database.read() as tx:
                rows = await tempo_store.list_songs_after(tx, account_id, last, _PAGE)
                states = await self._settling.load(tx, account_id, rows)
            unsettled = [state.row.id for state in states if not self._settling.is_settled(state)]
            if unsettled:
                async with self._database.write() as tx:
                    await self._settling.settle(tx, account_id, unsettled)
            if len(rows) < _PAGE:
                return
            last = rows[-1].id

    async def _errand(self, account_id: UUID, source: TempoSource) -> _Errand:
        errand, last = _Errand(source), None
        while True:
            async with self._database.read() as tx:
                rows = await tempo_store.list_songs_after(tx, account_id, last, _PAGE)
                states = await self._settling.load(tx, account_id, rows)
            for state in states:
                self._add(errand, state)
            if len(rows) < _PAGE:
                return errand
            last = rows[-1].id

    def _add(self, errand: _Errand, state: TempoState) -> None:
        """Put a song on the list if it needs this source, and note when it may be asked again."""
        answers = {x.identity: x for x in state.evidence if x.source == errand.source.name}
        keys = errand.source.keys(state.named)
        errand.asked += any(key in answers for key in keys)
        if _needs_nobody(state) or any(x.tempo_bpm is not None for x in answers.values()):
            return
        now = self._clock()
        for key in keys:
            answer = answers.get(key)
            if answer is None or answer.ask_again_at is None or answer.ask_again_at <= now:
                errand.waiting.setdefault(key, []).append(state.row.id)
                errand.misses[key] = 0 if answer is None else answer.misses
                return
            errand.again_at = _earlier(errand.again_at, answer.ask_again_at)

    async def _run(self, account_id: UUID, errand: _Errand, stop_at: datetime) -> datetime | None:
        """Ask until all is asked, the source rests or time is up; when to come back."""
        source = errand.source
        errand.to_ask = len(errand.waiting)
        await self._report(account_id, source, asked=errand.asked, to_ask=errand.to_ask)
        for keys in _batches(list(errand.waiting), source.at_once):
            if self._clock() >= stop_at or not await self._is_on(account_id, source):
                return self._clock()
            try:
                heard = await source.ask(keys)
            except RestsError as rest:
                await self._report(
                    account_id, source, rests_until=rest.until, rests_for=rest.reason[:64]
                )
                return _earlier(errand.again_at, rest.until)
            again_at = await self._store(account_id, errand, keys, heard)
            errand.again_at = _earlier(errand.again_at, again_at)
        return errand.again_at

    async def _store(
        self, account_id: UUID, errand: _Errand, keys: Sequence[str], heard: Mapping[str, Heard]
    ) -> datetime | None:
        """Keep the answers and settle their songs; when the first miss is to be asked again."""
        now = self._clock()
        answers = [
            _evidence(key, errand.source.name, heard.get(key), errand.misses[key], now)
            for key in keys
        ]
        track_ids = [track_id for key in keys for track_id in errand.waiting[key]]
        errand.to_ask -= len(keys)
        errand.asked += len(keys)
        async with self._database.write() as tx:
            await tempo_store.upsert_evidence(tx, answers)
            await self._settling.settle(tx, account_id, track_ids)
            await tempo_store.update_tempo_source(
                tx,
                account_id,
                errand.source.name,
                asked=errand.asked,
                to_ask=errand.to_ask,
                rests_until=None,
                rests_for=None,
            )
        return min((x.ask_again_at for x in answers if x.ask_again_at is not None), default=None)

    async def _is_on(self, account_id: UUID, source: TempoSource) -> bool:
        """Turned off in the middle, a source is not asked once more."""
        async with self._database.read() as tx:
            row = (await tempo_store.list_tempo_sources(tx, account_id)).get(source.name)
        return row is not None and row.is_on

    async def _report(self, account_id: UUID, source: TempoSource, **changed: object) -> None:
        async with self._database.write() as tx:
            await tempo_store.update_tempo_source(tx, account_id, source.name, **changed)


def _needs_nobody(state: TempoState) -> bool:
    return state.row.tempo_verdict in (Verdict.OWN, Verdict.CONFIRMED)


def _evidence(
    key: str, source: str, heard: Heard | None, misses_before: int, now: datetime
) -> Evidence:
    if heard is not None and heard.tempo_bpm is not None:
        return Evidence(key, source, heard.tempo_bpm, heard.isrc, now, 0, None)
    patience = _ASK_AGAIN[min(misses_before, len(_ASK_AGAIN) - 1)]
    misses = min(misses_before + 1, len(_ASK_AGAIN))
    isrc = None if heard is None else heard.isrc
    return Evidence(key, source, None, isrc, now, misses, now + patience)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((time for time in (one, other) if time is not None), default=None)


def _batches(keys: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]
