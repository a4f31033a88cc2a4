"""Whatever the timing: one command is in flight, and a stop goes before all others."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import cycle, pairwise

from hypothesis import given
from hypothesis import strategies as st

from beatrunner.ble.exchange import Timing
from beatrunner.codecs.ftms import uuids
from beatrunner.core.governor import Command, Result, SetIncline, SetSpeed, Start, Stop
from tests.ble.fake_radio import FakeMachine, Written
from tests.ble.links import connected, told
from tests.ble.quick_time import run_quickly

CONTROL, STOP = "00", "0801"


@dataclass(frozen=True)
class Submitted:
    command: Command
    at_s: float
    writes_before: int


_kinds = st.sampled_from([Start, SetSpeed, SetIncline, Stop])
_delays = st.lists(st.sampled_from([0.0, 0.001, 0.05, 0.15, 0.5, 1.7, 3.0]), min_size=1, max_size=4)


def _command(kind: type[Command], number: int) -> Command:
    """Every target is another, so that a packet tells whose it is."""
    if kind is SetSpeed:
        return SetSpeed(number, 1 + number / 100)
    return SetIncline(number, number / 10) if kind is SetIncline else kind(number)  # type: ignore[call-arg]


@given(
    plan=st.lists(
        st.tuples(_kinds, st.sampled_from([0.0, 0.0005, 0.01, 0.2, 1.0, 2.5])),
        min_size=1,
        max_size=8,
    ),
    write_s=_delays,
    answer_s=_delays,
    codes=st.lists(st.sampled_from([1, 1, 1, 2, 4, 5, None]), min_size=1, max_size=4),
)
def test_a_stop_is_never_overtaken_and_one_is_in_flight(
    plan: list[tuple[type[Command], float]],
    write_s: list[float],
    answer_s: list[float],
    codes: list[int | None],
) -> None:
    writes, answers, results = cycle(write_s), cycle(answer_s), cycle(codes)
    machine = FakeMachine(
        values={uuids.SUPPORTED_INCLINATION_RANGE: bytes.fromhex("000096000500")},
        write_s=lambda: next(writes),
        answer_s=lambda: next(answers),
        answer=lambda _packet: next(results),
    )

    async def run() -> tuple[list[Submitted], list[int]]:
        submitted = []
        async with connected(machine) as link:
            for number, (kind, wait_s) in enumerate(plan, start=1):
                command = _command(kind, number)
                now_s = asyncio.get_running_loop().time()
                submitted.append(Submitted(command, now_s, len(machine.written)))
                link.submit(command)
                await asyncio.sleep(wait_s)
            await asyncio.sleep(60)
            return submitted, [each.number for each in link.drain_outcomes()]

    submitted, numbers = run_quickly(run)
    assert sorted(numbers) == [each.command.number for each in submitted]
    stops = [each for each in submitted if isinstance(each.command, Stop)]
    for stop in stops:
        after = machine.packets[stop.writes_before :]
        # Of two stops that wait, the earlier may be on the air already.
        assert after[0] == STOP or (CONTROL in after[:1] and STOP in after[1:2])
        dropped = {
            _target(each.command)
            for each in submitted
            if each.writes_before <= stop.writes_before
            and each.command.number < stop.command.number
        }
        assert not dropped & set(after)
    for earlier, later in pairwise(machine.written):
        assert _is_over(earlier, later, machine.written, [stop.at_s for stop in stops])


def _target(command: Command) -> str | None:
    match command:
        case SetSpeed(speed_kmh=kmh):
            return (b"\x02" + round(kmh * 100).to_bytes(2, "little")).hex()
        case SetIncline(incline_pct=pct):
            return (b"\x03" + round(pct * 10).to_bytes(2, "little")).hex()
    return None


def _is_over(
    earlier: Written, later: Written, written: list[Written], stops_s: list[float]
) -> bool:
    """Answered (a late answer to the same request counts), given up, or cut off by a stop."""
    timing = Timing()
    waited_s = later.began_s - earlier.began_s
    answered = any(
        each.ended_s is not None and earlier.began_s <= each.ended_s <= later.began_s
        for each in written
        if each.packet[0] == earlier.packet[0]
    )
    given_up = waited_s >= timing.answer_s - 1e-9
    stopped = any(
        earlier.began_s - timing.stop_grace_s <= at_s <= later.began_s - timing.stop_grace_s + 1e-9
        for at_s in stops_s
    )
    return answered or given_up or stopped


def test_a_stop_does_not_wait_for_an_answer_that_does_not_come() -> None:
    async def run() -> float:
        machine = FakeMachine(answer=lambda packet: None if packet[0] == 2 else 1)
        async with connected(machine) as link:
            link.submit(SetSpeed(1, 3.0))
            await asyncio.sleep(0.1)
            told_s = asyncio.get_running_loop().time()
            link.submit(Stop(2))
            await asyncio.sleep(1)
            assert machine.packets[-1] == STOP
            return machine.written[-1].began_s - told_s

    assert run_quickly(run) <= Timing().stop_grace_s + 0.01


def test_an_answer_that_was_given_up_is_not_that_of_the_next() -> None:
    async def run() -> list[Result]:
        answers_s = iter([0.001, 2.5, 9.0])
        machine = FakeMachine(answer_s=lambda: next(answers_s))
        async with connected(machine) as link:
            first = await told(link, SetSpeed(1, 3.0))
            await asyncio.sleep(2)
            second = await told(link, SetSpeed(2, 4.0))
            return [first.result, second.result]

    assert run_quickly(run) == [Result.UNKNOWN, Result.UNKNOWN]
