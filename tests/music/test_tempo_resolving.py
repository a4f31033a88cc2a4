"""The whole chain, with stand-ins for the outside sources on real sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from beatrunner.core.tempo import Heard, NamedTrack
from beatrunner.db.engine import Database
from beatrunner.db.live_tables import tempo_evidence
from beatrunner.db.tables import jobs, tracks
from beatrunner.jobs.registry import JobRegistry
from beatrunner.jobs.runner import JobRunner
from beatrunner.jobs.store import ClaimedJob
from beatrunner.music.tempo import OwnSource, TempoTrack, TrackTempi
from beatrunner.music.tempo_resolving import TempoResolver
from beatrunner.music.tempo_source import TempoSource
from beatrunner.music.tempo_sources import TempoSources, TempoSourceState
from beatrunner.providers.deezer import Deezer
from beatrunner.providers.reccobeats import ReccoBeats
from tests.conftest import HeldClock, make_account
from tests.music.test_listens import add, at
from tests.providers.outside_fakes import (
    QUOTA,
    Known,
    OutsideFake,
    answer,
    deezer,
    reccobeats,
    standing,
)
from tests.providers.test_reccobeats import key, spotify_id

ISRC = "GBAYE{:07d}"


@dataclass
class Home:
    """One runner with songs, and the sources that they may turn on."""

    database: Database
    clock: HeldClock
    account_id: UUID
    reccobeats: OutsideFake
    deezer: OutsideFake
    sources: Sequence[TempoSource] = ()

    def __post_init__(self) -> None:
        self.sources = [
            ReccoBeats(self.reccobeats.address, self.clock, least_interval_s=0.0),
            Deezer(self.deezer.address, self.clock, least_interval_s=0.0),
        ]

    @property
    def switches(self) -> TempoSources:
        return TempoSources(self.sources, self.clock)

    @property
    def tempi(self) -> TrackTempi:
        return TrackTempi(self.clock, self.sources)

    async def listen(self, *numbers: int) -> None:
        plays = [at(n, title=f"Song {n}", source_id=key(n)) for n in numbers]
        await add(self.database, self.account_id, *plays)

    async def turn(self, name: str, is_on: bool = True) -> None:
        async with self.database.write() as tx:
            await self.switches.turn(tx, self.account_id, name, is_on)

    async def work(self) -> None:
        resolver = TempoResolver(self.database, self.sources, self.clock)
        registry = JobRegistry.of([resolver])
        await JobRunner(self.database, registry, self.clock, "tester").run_until_idle()

    async def song(self, number: int) -> TempoTrack:
        async with self.database.read() as tx:
            track_id = await tx.scalar(
                select(tracks.c.id).where(
                    tracks.c.title == f"Song {number}", tracks.c.account_id == self.account_id
                )
            )
            assert track_id is not None
            return await self.tempi.get(tx, self.account_id, track_id)

    async def known(self, number: int) -> tuple[float | None, str | None, str | None]:
        song = await self.song(number)
        return song.tempo_bpm, song.tempo_source, song.tempo_verdict

    async def state(self, name: str) -> TempoSourceState:
        async with self.database.read() as tx:
            overview = await self.switches.overview(tx, self.account_id)
        return next(state for state in overview.sources if state.name == name)

    async def due_at(self) -> list[float]:
        """In how many seconds each waiting job is due."""
        async with self.database.read() as tx:
            rows = await tx.execute(
                select(jobs.c.run_at).where(
                    jobs.c.state == "waiting", jobs.c.kind == "tempo.resolve"
                )
            )
            return sorted((row.run_at - self.clock.now).total_seconds() for row in rows)


@pytest.fixture
async def home(database: Database, clock: HeldClock, account_id: UUID) -> AsyncIterator[Home]:
    songs = [
        Known(spotify_id(1), ISRC.format(1), 172.0, 86.0),
        Known(spotify_id(2), ISRC.format(2), 128.0, 90.0),
        Known(spotify_id(3), ISRC.format(3), 100.0, None),
    ]
    async with AsyncExitStack() as stack:
        made = Home(
            database,
            clock,
            account_id,
            await stack.enter_async_context(standing(reccobeats(*songs))),
            await stack.enter_async_context(standing(deezer(*songs))),
        )
        yield made
        for source in made.sources:
            if isinstance(source, ReccoBeats | Deezer):
                await source.close()


async def test_nobody_is_asked_before_the_runner_says_so(home: Home) -> None:
    await home.listen(1, 2)
    await home.work()
    assert home.reccobeats.asked == home.deezer.asked == []
    assert await home.known(1) == (None, None, None)
    await home.turn("reccobeats")
    await home.turn("reccobeats", is_on=False)
    await home.work()
    assert home.reccobeats.asked == []


async def test_songs_get_tempi_with_a_verdict(home: Home) -> None:
    await home.listen(1, 2, 3, 4)
    await home.turn("reccobeats")
    await home.turn("deezer")
    await home.work()
    assert await home.known(1) == (172.0, "reccobeats", "confirmed")
    assert await home.known(2) == (128.0, "reccobeats", "uncertain")
    assert await home.known(3) == (100.0, "reccobeats", "single")
    assert await home.known(4) == (None, None, None)
    words = [(x.source, x.tempo_bpm, x.agrees) for x in (await home.song(3)).words]
    assert words == [("reccobeats", 100.0, True), ("deezer", None, None)]
    # Deezer knows ISRCs alone, and hears of them from ReccoBeats; of the fourth song there is none.
    assert len(home.reccobeats.asked) == 1
    assert [path[-1] for path, _ in home.deezer.asked] == ["1", "2", "3"]
    state = await home.state("reccobeats")
    assert (state.is_on, state.asked, state.to_ask) == (True, 4, 0)


async def test_two_workers_do_not_ask_for_the_same_songs(home: Home) -> None:
    await home.listen(1)
    await home.turn("reccobeats")
    lasts = {"state": "running", "claimed_until": home.clock.now + timedelta(seconds=60)}
    async with home.database.write() as tx:
        await tx.execute(update(jobs).where(jobs.c.kind == "tempo.resolve").values(**lasts))
    home.clock.advance(1)
    await home.turn("reccobeats")
    await home.work()
    assert home.reccobeats.asked == []
    assert await home.due_at() == [10.0]
    # The other worker is gone without a word: its job is taken over.
    home.clock.advance(60)
    await home.work()
    assert len(home.reccobeats.asked) == 1
    assert await home.known(1) == (172.0, "reccobeats", "single")


async def test_nobody_is_asked_twice(home: Home) -> None:
    await home.listen(1, 2, 3, 4)
    await home.turn("reccobeats")
    await home.work()
    asked = len(home.reccobeats.asked)
    await home.listen(1, 5)
    await home.turn("reccobeats")
    await home.work()
    assert len(home.reccobeats.asked) == asked + 1
    assert home.reccobeats.asked[-1][1] == {"ids": spotify_id(5)}


async def test_evidence_is_shared_but_only_with_who_lets_the_source_be_asked(home: Home) -> None:
    await home.listen(1)
    await home.turn("reccobeats")
    await home.work()
    asked = len(home.reccobeats.asked)
    home.account_id = await make_account(home.database)
    await home.listen(1)
    await home.work()
    assert await home.known(1) == (None, None, None)
    await home.turn("reccobeats")
    await home.work()
    assert await home.known(1) == (172.0, "reccobeats", "single")
    assert len(home.reccobeats.asked) == asked


async def test_a_source_that_is_turned_off_is_not_gone_by(home: Home) -> None:
    await home.listen(1)
    await home.turn("reccobeats")
    await home.work()
    await home.turn("reccobeats", is_on=False)
    await home.work()
    assert await home.known(1) == (None, None, None)


async def test_a_tempo_that_came_with_an_export_stands_until_its_source_is_asked(
    home: Home,
) -> None:
    await home.listen(1, 4)
    carried = {"tempo_bpm": 171.0, "tempo_source": "reccobeats", "tempo_verdict": "single"}
    async with home.database.write() as tx:
        await tx.execute(update(tracks).values(**carried))
    await home.work()
    for number in (1, 4):
        assert await home.known(number) == (171.0, "reccobeats", "single")
    await home.turn("reccobeats")
    await home.work()
    assert await home.known(1) == (172.0, "reccobeats", "single")
    assert await home.known(4) == (None, None, None)
    async with home.database.write() as tx:
        await tx.execute(update(tracks).values(**carried))
        await tx.execute(delete(tempo_evidence))
    await home.turn("reccobeats", is_on=False)
    await home.work()
    assert await home.known(1) == (None, None, None)


async def test_what_the_runner_says_stands(home: Home) -> None:
    await home.listen(1, 2)
    song = await home.song(1)
    async with home.database.write() as tx:
        await home.tempi.set(tx, home.account_id, song.id, 99.0, OwnSource.TAP)
    await home.turn("reccobeats")
    await home.work()
    assert home.reccobeats.asked == [("/audio-features", {"ids": spotify_id(2)})]
    assert await home.known(1) == (99.0, "tap", "own")
    async with home.database.write() as tx:
        await home.tempi.forget(tx, home.account_id, song.id)
    assert await home.known(1) == (None, None, None)


async def test_a_miss_is_asked_for_again_ever_later(home: Home) -> None:
    await home.listen(4)
    await home.turn("reccobeats")
    for days in (1, 7, 30, 30):
        asked = len(home.reccobeats.asked)
        await home.work()
        assert len(home.reccobeats.asked) == asked + 1
        assert await home.due_at() == [days * 86_400.0]
        home.clock.advance(days * 86_400.0 - 1)
        await home.work()
        assert len(home.reccobeats.asked) == asked + 1
        home.clock.advance(1)


@pytest.mark.parametrize("name", ["reccobeats", "deezer"])
async def test_a_source_that_refuses_is_left_alone_and_asked_later(home: Home, name: str) -> None:
    fake = home.reccobeats if name == "reccobeats" else home.deezer
    refusal = answer({}, 429, Retry_After="40") if name == "reccobeats" else answer(QUOTA)
    await home.listen(1, 2, 3)
    await home.turn("reccobeats")
    await home.turn("deezer")
    fake.instead.append(refusal)
    await home.work()
    assert len(fake.asked) == 1
    state = await home.state(name)
    rests_s = 40.0 if name == "reccobeats" else 6.0
    assert state.rests_until == home.clock.now + timedelta(seconds=rests_s)
    assert await home.due_at() == [rests_s]
    home.clock.advance(rests_s)
    await home.work()
    assert await home.known(1) == (172.0, "reccobeats", "confirmed")
    assert (await home.state(name)).rests_until is None


async def test_a_dead_source_does_not_keep_the_other_waiting(home: Home) -> None:
    await home.listen(1, 2, 3)
    await home.turn("reccobeats")
    await home.work()
    home.reccobeats.instead += [answer({}, 500)] * 50
    await home.listen(7)
    await home.turn("deezer")
    await home.work()
    assert await home.known(1) == (172.0, "reccobeats", "confirmed")
    assert (await home.state("reccobeats")).rests_for == "status 500"


async def test_a_worker_that_dies_loses_one_batch_at_most(home: Home) -> None:
    numbers = range(100, 165)
    home.reccobeats.reply = reccobeats(
        *(Known(spotify_id(number), None, 150.0) for number in numbers)
    ).reply
    await home.listen(*numbers)
    await home.turn("reccobeats")

    class Dying(ReccoBeats):
        async def ask(self, keys: Sequence[str]) -> dict[str, Heard]:
            if len(home.reccobeats.asked) == 2:
                raise KeyboardInterrupt
            return dict(await super().ask(keys))

    dying = Dying(home.reccobeats.address, home.clock, least_interval_s=0.0)
    claimed = ClaimedJob(home.account_id, home.account_id, "tempo.resolve", {}, 1)
    with pytest.raises(KeyboardInterrupt):
        await TempoResolver(home.database, [dying], home.clock).resolve(claimed)
    await dying.close()
    async with home.database.read() as tx:
        assert len((await tx.execute(select(tempo_evidence))).all()) == 60
    await home.work()
    assert [len(query["ids"].split(",")) for _, query in home.reccobeats.asked] == [30, 30, 5]
    async with home.database.read() as tx:
        overview = await home.switches.overview(tx, home.account_id)
    assert (overview.songs, overview.single, overview.unknown) == (65, 65, 0)


async def test_a_large_library_does_not_keep_others_waiting(home: Home) -> None:
    await home.listen(1, 2, 3)
    await home.turn("reccobeats")
    await home.turn("deezer")

    class Slow(Deezer):
        async def ask(self, keys: Sequence[str]) -> dict[str, Heard]:
            home.clock.advance(45)
            return dict(await super().ask(keys))

    slow = Slow(home.deezer.address, home.clock, least_interval_s=0.0)
    resolver = TempoResolver(home.database, [home.sources[0], slow], home.clock)
    claimed = ClaimedJob(home.account_id, home.account_id, "tempo.resolve", {}, 1)
    await resolver.resolve(claimed)
    await slow.close()
    assert len(home.deezer.asked) == 2
    assert (await home.state("deezer")).to_ask == 1
    assert min(await home.due_at()) <= 0.0
    await home.work()
    assert len(home.deezer.asked) == 3


async def test_a_source_can_be_added_without_touching_the_chain(home: Home) -> None:
    class Almanac:
        name = title = home = sends = caution = "almanac"
        at_once = 2

        def keys(self, track: NamedTrack) -> Sequence[str]:
            return [f"almanac:{track.title}"]

        async def ask(self, keys: Sequence[str]) -> dict[str, Heard]:
            return {name: Heard(64.0) for name in keys if name.endswith("2")}

    home.sources = [*home.sources, Almanac()]
    await home.listen(1, 2)
    await home.turn("reccobeats")
    await home.turn("almanac")
    await home.work()
    assert await home.known(1) == (172.0, "reccobeats", "single")
    assert await home.known(2) == (128.0, "reccobeats", "confirmed")
