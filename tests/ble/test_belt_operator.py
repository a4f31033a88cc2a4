"""What the operator sends for a command, what it makes of the answers, and what it never sends."""

from __future__ import annotations

import asyncio

import pytest
from bleak.exc import BleakGATTProtocolErrorCode as Att

from beatrunner.ble.quirks import QuirkTable, Row
from beatrunner.codecs.ftms import uuids
from beatrunner.codecs.ftms.control_point import ResultCode
from beatrunner.core.governor import Result, SetIncline, SetSpeed, Start, Stop
from tests.ble.fake_radio import FakeMachine
from tests.ble.links import connected, told, until_connected
from tests.ble.quick_time import run_quickly

CONTROL, START, STOP = "00", "07", "0801"
SPEED_3 = "022c01"


def quirky(**fields: object) -> QuirkTable:
    return QuirkTable((Row(evidence="a test", names=("FAKE",), fields=fields),))


def test_control_is_asked_for_with_the_first_command_only() -> None:
    async def run() -> list[str]:
        machine = FakeMachine()
        async with connected(machine) as link:
            await asyncio.sleep(5)
            assert machine.packets == []
            assert (await told(link, Start(1))).result is Result.ACCEPTED
            assert (await told(link, SetSpeed(2, 3.0))).result is Result.ACCEPTED
            return machine.packets

    assert run_quickly(run) == [CONTROL, START, SPEED_3]


def test_after_a_loss_nothing_is_sent_until_the_next_command() -> None:
    async def run() -> list[str]:
        machine = FakeMachine(answer_s=lambda: 0.5)
        async with connected(machine) as link:
            await told(link, Start(1))
            link.submit(SetSpeed(2, 3.0))
            await asyncio.sleep(0.1)
            link.submit(SetSpeed(3, 4.0))
            machine.lose()
            await asyncio.sleep(0.01)
            lost = link.drain_outcomes()
            assert {(each.number, each.result) for each in lost} == {
                (2, Result.UNKNOWN),
                (3, Result.UNKNOWN),
            }
            await until_connected(link)
            machine.written.clear()
            await asyncio.sleep(30)
            assert machine.packets == []
            await told(link, SetSpeed(4, 3.0))
            return machine.packets

    assert run_quickly(run) == [CONTROL, SPEED_3]


def test_what_the_console_takes_back_is_asked_for_again() -> None:
    async def run() -> list[str]:
        machine = FakeMachine()
        async with connected(machine) as link:
            await told(link, SetSpeed(1, 3.0))
            machine.tell(uuids.FITNESS_MACHINE_STATUS, b"\xff")
            await told(link, SetSpeed(2, 3.0))
            machine.tell(uuids.FITNESS_MACHINE_STATUS, b"\x01")
            await told(link, SetSpeed(3, 3.0))
            return machine.packets

    assert run_quickly(run) == [CONTROL, SPEED_3] * 3


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (ResultCode.OP_CODE_NOT_SUPPORTED, "does not let this be controlled"),
        (ResultCode.INVALID_PARAMETER, "does not take this value"),
        (ResultCode.OPERATION_FAILED, "started at their console"),
        (ResultCode.CONTROL_NOT_PERMITTED, "another app has control"),
        (77, "answered 77"),
    ],
)
def test_a_refusal_says_why(code: int, words: str) -> None:
    async def run() -> None:
        machine = FakeMachine(answer=lambda packet: 1 if packet == b"\x00" else code)
        async with connected(machine) as link:
            answer = await told(link, SetSpeed(1, 3.0))
            assert answer.result is Result.REFUSED
            assert words in answer.words

    run_quickly(run)


def test_silence_is_an_unknown_outcome_and_not_repeated() -> None:
    async def run() -> list[str]:
        machine = FakeMachine(answer=lambda packet: 1 if packet == b"\x00" else None)
        async with connected(machine) as link:
            answer = await told(link, SetSpeed(1, 3.0))
            assert answer.result is Result.UNKNOWN
            assert "did not answer" in answer.words
            await asyncio.sleep(10)
            return machine.packets

    assert run_quickly(run) == [CONTROL, SPEED_3]


def test_a_start_of_a_belt_that_runs_is_as_good_as_accepted() -> None:
    async def run(speed_kmh: float) -> Result:
        machine = FakeMachine(answer=lambda packet: 4 if packet == b"\x07" else 1)
        async with connected(machine) as link:
            machine.tell_speed(speed_kmh)
            return (await told(link, Start(1))).result

    assert run_quickly(lambda: run(2.0)) is Result.ACCEPTED
    assert run_quickly(lambda: run(0.0)) is Result.REFUSED


def test_a_stop_of_a_belt_that_stands_is_as_good_as_accepted() -> None:
    async def run(speed_kmh: float) -> Result:
        machine = FakeMachine(answer=lambda packet: 4 if packet[0] == 8 else 1)
        async with connected(machine) as link:
            machine.tell_speed(speed_kmh)
            return (await told(link, Stop(1))).result

    assert run_quickly(lambda: run(0.0)) is Result.ACCEPTED
    assert run_quickly(lambda: run(2.0)) is Result.REFUSED


def test_a_stop_takes_control_only_where_it_must() -> None:
    async def run() -> list[str]:
        in_control: list[bool] = []

        def answer(packet: bytes) -> int:
            in_control.extend([True] if packet == b"\x00" else [])
            return 1 if in_control else 5

        machine = FakeMachine(answer=answer)
        async with connected(machine) as link:
            assert (await told(link, Stop(1))).result is Result.ACCEPTED
            return machine.packets

    assert run_quickly(run) == [STOP, CONTROL, STOP]


def test_a_stop_waits_for_a_machine_that_is_busy() -> None:
    async def run() -> Result:
        machine = FakeMachine(answer_s=lambda: 0.45, is_strict=True)
        async with connected(machine) as link:
            await told(link, Start(1))
            link.submit(SetSpeed(2, 3.0))
            await asyncio.sleep(0.05)
            return (await told(link, Stop(3))).result

    assert run_quickly(run) is Result.ACCEPTED


def test_a_machine_that_wants_to_be_paired_is() -> None:
    async def run() -> None:
        machine = FakeMachine()
        async with connected(machine) as link:
            machine.att_errors = [Att.INSUFFICIENT_ENCRYPTION]
            assert (await told(link, Start(1))).result is Result.ACCEPTED
            assert machine.paired
            machine.att_errors = [Att.INSUFFICIENT_ENCRYPTION] * 9
            answer = await told(link, SetSpeed(2, 3.0))
            assert answer.result is Result.REFUSED
            assert "paired first" in answer.words
            machine.att_errors = [Att.INSUFFICIENT_ENCRYPTION]
            assert (await told(link, Stop(3))).result is Result.ACCEPTED

    run_quickly(run)


@pytest.mark.parametrize("speed_kmh", [float("nan"), 0.3, 99.0, -1.0])
def test_a_speed_beyond_the_limits_is_never_sent(speed_kmh: float) -> None:
    async def run() -> list[str]:
        machine = FakeMachine()
        async with connected(machine) as link:
            answer = await told(link, SetSpeed(1, speed_kmh))
            assert answer.result is Result.REFUSED
            assert answer.words
            return machine.packets

    assert run_quickly(run) == []


async def _keep_running(machine: FakeMachine, speeds_kmh: list[float]) -> None:
    for speed_kmh in speeds_kmh:
        machine.tell_speed(speed_kmh)
        await asyncio.sleep(1)


def test_start_is_kept_alive_while_the_belt_runs() -> None:
    async def run() -> list[str]:
        machine = FakeMachine()
        async with connected(machine, quirks=quirky(keep_alive_s=1.0)) as link:
            await _keep_running(machine, [2.0] * 5)
            assert machine.packets == [], "nobody asked for a start"
            await told(link, Start(1))
            machine.written.clear()
            await _keep_running(machine, [2.0] * 5)
            return machine.packets

    starts = run_quickly(run)
    assert set(starts) == {START}
    assert 4 <= len(starts) <= 5


@pytest.mark.parametrize("ending", ["stop", "console", "key", "standing", "slowing", "silence"])
def test_start_is_not_repeated_on_a_belt_that_somebody_stops(ending: str) -> None:
    async def run() -> list[str]:
        machine = FakeMachine()
        async with connected(machine, quirks=quirky(keep_alive_s=0.7)) as link:
            machine.tell_speed(2.0)
            await told(link, Start(1))
            machine.tell_speed(2.0)
            speeds = [2.0] * 5
            match ending:
                case "stop":
                    await told(link, Stop(2))
                case "console":
                    machine.tell(uuids.FITNESS_MACHINE_STATUS, b"\x02\x01")
                case "key":
                    machine.tell(uuids.FITNESS_MACHINE_STATUS, b"\x03")
                case "standing":
                    speeds = [0.0] * 5
                case "slowing":
                    speeds = [1.8, 1.6, 1.4, 1.2]
                case "silence":
                    await asyncio.sleep(3.1)
                    speeds = []
            machine.written.clear()
            await _keep_running(machine, speeds)
            await asyncio.sleep(1)
            return machine.packets[:4] if ending != "silence" else machine.packets

    assert START not in run_quickly(run)


def test_a_command_waits_for_a_machine_that_is_busy_but_not_before_a_stop() -> None:
    async def run() -> None:
        machine = FakeMachine()
        async with connected(machine) as link:
            machine.att_errors = [Att.PROCEDURE_ALREADY_IN_PROGRESS] * 2
            assert (await told(link, Start(1))).result is Result.ACCEPTED
            machine.att_errors = [Att.PROCEDURE_ALREADY_IN_PROGRESS]
            link.submit(SetSpeed(2, 3.0))
            await asyncio.sleep(0.05)
            assert (await told(link, Stop(3))).result is Result.ACCEPTED
            await asyncio.sleep(5)
            assert SPEED_3 not in machine.packets

    run_quickly(run)


@pytest.mark.parametrize("incline_pct", [float("nan"), -1.0, 5.0])
def test_an_incline_beyond_the_limits_is_never_sent(incline_pct: float) -> None:
    async def run() -> list[str]:
        machine = FakeMachine()
        async with connected(machine) as link:
            answer = await told(link, SetIncline(1, incline_pct))
            assert answer.result is Result.REFUSED
            assert "not an incline" in answer.words
            return machine.packets

    assert run_quickly(run) == []


def test_a_machine_that_wants_to_be_asked_again_is() -> None:
    async def run() -> list[str]:
        machine = FakeMachine()
        async with connected(machine, quirks=quirky(asks_again=True)) as link:
            await told(link, SetSpeed(1, 3.0))
            assert START not in machine.packets, "nobody asked for a start"
            await told(link, Start(2))
            machine.tell_speed(2.0)
            machine.written.clear()
            await told(link, SetSpeed(3, 3.0))
            return machine.packets

    assert run_quickly(run) == [CONTROL, START, SPEED_3]


def test_what_a_machine_cannot_do_is_said_and_not_sent() -> None:
    async def run() -> list[str]:
        machine = FakeMachine()
        table = quirky(start_by_hand=True, incline_refused="Its incline is its own.")
        async with connected(machine, quirks=table) as link:
            started = await told(link, Start(1))
            inclined = await told(link, SetIncline(2, 1.0))
            assert (started.result, inclined.result) == (Result.REFUSED, Result.REFUSED)
            assert "Press Start at the treadmill" in started.words
            assert inclined.words == "Its incline is its own."
            return machine.packets

    assert run_quickly(run) == []


def test_a_treadmill_that_cannot_be_driven_can_still_be_told_to_stop() -> None:
    async def run() -> list[str]:
        machine = FakeMachine()
        async with connected(machine, quirks=quirky(speed_refused="It only listens.")) as link:
            answer = await told(link, Start(1))
            assert (answer.result, answer.words) == (Result.REFUSED, "It only listens.")
            assert (await told(link, Stop(2))).result is Result.ACCEPTED
            return machine.packets

    assert run_quickly(run) == [STOP]
