"""What a server can do to the belt that is broken, or not ours: nothing but let it fall."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest

from beatrunner.codecs import live
from tests.bridge.belt import FakeClock
from tests.bridge.linked import BOUNDS, Linked, greet, linked, welcome, wish
from tests.bridge.ride import Ride
from tests.bridge.scripted import Caller, running, scripted, until

BAD = live.Bounds(8.0, 5.0, 1.0)
NONSENSE = [
    live.encode(live.Setup(BAD, BOUNDS)),
    live.encode(live.Setup(live.Bounds(-1.0, 0.0, 0.0), BOUNDS)),
    '{"type": "setup", "profile": {"max_speed_kmh": 1e999}}',
    '{"type": "pulse", "sent_ms": ' + "9" * 400 + "}",
    '{"type": "pulse", "sent_ms": 1, "controller_age_s": NaN}',
    '{"type": "start"}',
    "x" * 100_000,
    b"\xff",
]


@pytest.mark.parametrize("text", NONSENSE)
async def test_nonsense_is_refused_in_words_and_is_no_fault(text: str | bytes) -> None:
    async def hostile(caller: Caller) -> None:
        await greet(caller)
        await caller.say_text(text)
        await caller.stay()

    async with linked(hostile) as it:
        await until(lambda: len(it.words.said) == 2)
        assert "does not understand" in it.words.said[1]
        assert not it.is_up
        it.wait(1)
        assert it.ride.picture.lock is None


class Pulsing:
    """A server that pulses on the time of the ride, and says what it is given in between."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.says: list[live.Message] = []

    @property
    def now_ms(self) -> int:
        return round(self.clock() * 1000)

    async def serve(self, caller: Caller) -> None:
        await caller.hear()
        await caller.say(welcome(server_ms=self.now_ms), live.Setup(BOUNDS, BOUNDS))
        while True:
            said, self.says = self.says, []
            await caller.say(live.Pulse(self.now_ms, 0.0), *said)
            await asyncio.sleep(0.001)

    @asynccontextmanager
    async def at_six(self) -> AsyncIterator[Linked]:
        """The belt was brought to 6 km/h and handed over."""
        async with scripted(self.serve) as server:
            it = Linked(server, ride=Ride(self.clock))
            async with running(it.link.run()):
                await until(lambda: it.is_up)
                it.move(6.0)
                await self.ride(it, 5)
                it.ride.controls.press(it)
                await self.ride(it, 3)
                it.ride.controls.release(it, 3.0)
                await self.ride(it, 3)
                assert it.ride.picture.shown == "automatic", it.ride.picture
                yield it

    async def ride(self, it: Linked, seconds: float) -> None:
        """Tick, and hear the server each time."""
        for _tick in range(round(seconds * 4)):
            it.ride.controls.hear()
            it.wait(0.25)
            await until(lambda: it.ride.conversation._heard_s == self.clock())


@pytest.mark.parametrize(
    ("age_s", "values"),
    [(0, {"generation": 2}), (0, {"lease_id": "another"}), (10, {})],
)
async def test_a_wish_of_another_time_moves_nothing(age_s: int, values: dict[str, Any]) -> None:
    pulsing = Pulsing()
    async with pulsing.at_six() as it:
        began_s = pulsing.clock()
        for sequence in range(1, 11):
            sent_ms = pulsing.now_ms - age_s * 1000
            pulsing.says.append(wish(12.0, sequence, sent_ms=sent_ms, **values))
            await pulsing.ride(it, 0.5)
        assert it.ride.speeds(began_s) == []


async def test_a_press_of_a_minute_ago_moves_nothing() -> None:
    pulsing = Pulsing()
    async with pulsing.at_six() as it:
        began_s = pulsing.clock()
        pulsing.says.append(live.BridgeNudge(1.0, 0.0, pulsing.now_ms - 60_000))
        await pulsing.ride(it, 2)
        assert it.ride.speeds(began_s) == []


@pytest.mark.parametrize("speed_kmh", [60.0, 1e300])
async def test_a_wish_beyond_all_limits_ends_at_the_limit(speed_kmh: float) -> None:
    """And gets there no faster than the governor lets any wish."""
    pulsing = Pulsing()
    async with pulsing.at_six() as it:
        began_s = pulsing.clock()
        for sequence in range(1, 60):
            pulsing.says.append(wish(speed_kmh, sequence, sent_ms=pulsing.now_ms))
            await pulsing.ride(it, 1)
        speeds_kmh = it.ride.speeds(began_s)
    assert speeds_kmh
    assert max(b - a for a, b in pairwise([6.0, *speeds_kmh])) <= 1.0
    assert it.ride.belt.speed_kmh <= 16.1
