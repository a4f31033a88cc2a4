"""Every quirk of real treadmills, switched on in the virtual one: does it work, or is it refused?

The link drives each machine as a runner would: start, two speeds, an incline, stop. A machine
*works* if belt and readings are where they were told to be, and is *refused* if the runner was
told in words why not. What is neither, *fooled* the link; then it is calibrated, as the runner is
asked to, and driven once more. Machines have the names by which the table of quirks knows them.

The control is the same without table and without calibration, which must be fooled.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

import msgspec

from beatrunner.ble.calibration.procedure import CalibrationRun, Progress, Seen, Step
from beatrunner.ble.connection import Link, Pacing
from beatrunner.ble.exchange import Timing
from beatrunner.ble.quirks import QuirkTable, Row, known_quirks
from beatrunner.ble.treadmill_link import TreadmillLink
from beatrunner.ble.virtual.gym import GymParameters, VirtualGym
from beatrunner.ble.virtual.treadmill import VENDOR_CHARACTERISTIC
from beatrunner.codecs.calibration import TreadmillCalibration
from beatrunner.core.governor import Command, Result, SetIncline, SetSpeed, Start, Stop
from beatrunner.core.simulation.belt import BeltCharacteristics
from beatrunner.core.simulation.quirks import EVERY_QUIRK
from benchmarks.figures import Figure, Report, at_least, at_most, plain

#: Machines that fail at what they were built for; the governor's tests have them.
_BROKEN = {"ignores_stop", "reverses", "runs_faster_by_kmh", "reports_target_speed"}
QUIRKS = tuple(sorted(set(EVERY_QUIRK) - _BROKEN))

#: A machine that has the quirk, by the name under which the table knows it.
_NAMES = MappingProxyType(
    {
        "commands_in_mph": "BFX_T9",
        "falls_back_on_repeat": "SF-T4400",
        "hides_incline": "SCHWINN 810",
        "incline_factor": "KETTLER TREADMILL",
        "refuses_below_kmh": "MOBVOI TMP",
        "refuses_speed": "F85",
        "says_stopped_at_start": "TP1",
        "unlocked_by": "LOCKED-1",
        "wants_start_before_speed": "MYRUN 1",
        "wants_start_every_s": "TRX3500",
        "zero_frame_every": "T01_",
    }
)
_LOCKED = Row(
    evidence="the virtual treadmill, whose lock is nobody's",
    names=("LOCKED-1",),
    fields={
        "unlock": [
            {
                "characteristic": VENDOR_CHARACTERISTIC,
                "payload_hex": EVERY_QUIRK["unlocked_by"].unlocked_by.hex(),
            }
        ]
    },
)
#: Time passes faster in the gym than outside, where the link keeps machines alive.
_KEEP_ALIVE_S = 0.002


def _in_gym_time(row: Row) -> Row:
    if "keep_alive_s" not in row.fields:
        return row
    return msgspec.structs.replace(row, fields=row.fields | {"keep_alive_s": _KEEP_ALIVE_S})


TABLE = QuirkTable((*map(_in_gym_time, known_quirks().machine), _LOCKED))
_TOGETHER = 4

_SPEEDS_KMH = (3.0, 4.2)
_INCLINE_PCT = 2.0
_NEAR_KMH = 0.25
_NEAR_PCT = 0.5
_TICK_S = 0.25
_START_S = 15.0
_CALIBRATION_S = 300.0


class End(StrEnum):
    WORKS = "works"
    CALIBRATED = "works once calibrated"
    REFUSED = "refused in words"
    FOOLED = "fooled"


@dataclass(frozen=True, slots=True)
class Finding:
    quirk: str
    end: End
    words: str


class _RefusedError(Exception):
    """The machine was not driven, and the runner was told why."""


class _FooledError(Exception):
    """The belt is not where the link believes it to be."""


def main() -> Report:
    findings = asyncio.run(try_all(QUIRKS, TABLE))
    control = asyncio.run(try_all(QUIRKS, QuirkTable(), may_calibrate=False))
    for finding in sorted(findings, key=lambda each: (each.end, each.quirk)):
        print(f"  {finding.end:22} {finding.quirk:28} {finding.words}")
    fooled = [each.quirk for each in control if each.end is End.FOOLED]
    print(f"  without table and calibration fooled by: {', '.join(fooled)}")
    ends = Counter(finding.end for finding in findings)
    figures: list[Figure] = [
        at_most(f"of {len(findings)} quirks, fooled", ends[End.FOOLED], "quirks", 0),
        *(plain(end, ends[end], "quirks") for end in End if end is not End.FOOLED),
        at_least("fooled without table and calibration", len(fooled), "quirks", 1),
    ]
    return {"bench": "quirks", "figures": figures}


async def try_all(
    quirks: Iterable[str], table: QuirkTable, *, may_calibrate: bool = True
) -> list[Finding]:
    """How the link fares with one machine for each of `quirks`."""
    turn = asyncio.Semaphore(_TOGETHER)
    tried = (_try(quirk, table, turn, may_calibrate=may_calibrate) for quirk in quirks)
    return await asyncio.gather(*tried)


async def _try(
    quirk: str, table: QuirkTable, turn: asyncio.Semaphore, *, may_calibrate: bool
) -> Finding:
    async with turn, _machine(quirk) as gym:
        try:
            words = await _drive(gym, table, None)
            return Finding(quirk, End.WORKS, words)
        except _RefusedError as error:
            return Finding(quirk, End.REFUSED, str(error))
        except _FooledError as error:
            if not may_calibrate:
                return Finding(quirk, End.FOOLED, str(error))
        try:
            measured = await _calibrate(gym, table)
            words = await _drive(gym, table, measured)
            return Finding(quirk, End.CALIBRATED, words)
        except _RefusedError as error:
            return Finding(quirk, End.REFUSED, str(error))
        except _FooledError as error:
            return Finding(quirk, End.FOOLED, str(error))


def _machine(quirk: str) -> VirtualGym:
    quirks, countdown_s = EVERY_QUIRK[quirk], 3.0
    if quirks.wants_start_every_s:
        # Nothing is repeated before the belt is seen to move, so it may not sleep until then.
        quirks, countdown_s = replace(quirks, wants_start_every_s=2.5), 0.5
    return VirtualGym(
        GymParameters(
            belt=BeltCharacteristics(min_speed_kmh=0.5, countdown_s=countdown_s),
            quirks=quirks,
            treadmill_name=_NAMES.get(quirk, "T1"),
        ),
        is_ticking=False,
    )


@asynccontextmanager
async def _connected(
    gym: VirtualGym, table: QuirkTable, measured: TreadmillCalibration | None
) -> AsyncIterator[TreadmillLink]:
    link = TreadmillLink(
        gym.radio,
        lambda: gym.now_s,
        calibrations=lambda _address: measured,
        quirks=table,
        timing=Timing(answer_s=0.7, stop_grace_s=0.05, busy_s=0.02),
        pacing=Pacing(search_s=0.2, first_wait_s=0.02, longest_wait_s=0.1),
    )
    running = asyncio.create_task(link.run())
    try:
        await _reach(gym, link)
        yield link
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _reach(gym: VirtualGym, link: TreadmillLink) -> None:
    """Wait for the connection; a machine that takes none any more is one that was refused."""
    for _ in range(60):
        if link.state is Link.CONNECTED:
            return
        await asyncio.sleep(0.03)
    raise _RefusedError(link.trouble or "")


async def _drive(gym: VirtualGym, table: QuirkTable, measured: TreadmillCalibration | None) -> str:
    """A run. Returns what the runner was told on the way, if all was well."""
    async with _connected(gym, table, measured) as link:
        assert link.machine
        limits = link.machine.limits
        await gym.advance(1.2)
        await _tell(gym, link, Start(1))
        await _until_moving(gym, link)
        for number, speed_kmh in enumerate((limits.min_speed_kmh, *_SPEEDS_KMH), start=2):
            await _tell(gym, link, SetSpeed(number, speed_kmh))
            await _wait(gym, 10)
            await _check_speed(gym, link, speed_kmh)
        words = ""
        if limits.max_incline_pct >= _INCLINE_PCT:
            words = await _incline(gym, link)
        elif link.machine.quirks.incline_refused:
            words = link.machine.quirks.incline_refused
        await _tell(gym, link, Stop(6))
        await _wait(gym, 12)
        await _check_speed(gym, link, 0.0)
        return words


async def _incline(gym: VirtualGym, link: TreadmillLink) -> str:
    try:
        await _tell(gym, link, SetIncline(5, _INCLINE_PCT))
    except _RefusedError as error:
        return str(error)
    await _wait(gym, 8)
    seen_pct = link.reading.incline_pct if link.reading else None
    if abs(gym.belt.incline_pct - _INCLINE_PCT) > _NEAR_PCT:
        raise _FooledError(f"the belt is at {gym.belt.incline_pct:g} %")
    if seen_pct is not None and abs(seen_pct - _INCLINE_PCT) > _NEAR_PCT:
        raise _FooledError(f"the link reads {seen_pct:g} %")
    return "" if seen_pct is not None else "no incline is read"


async def _tell(gym: VirtualGym, link: TreadmillLink, command: Command) -> None:
    """Submit, and wait for the outcome; the gym's time passes with ours while it is not there."""
    await _reach(gym, link)
    link.words = ""
    link.drain_outcomes()
    link.submit(command)
    while not (outcomes := link.drain_outcomes()):
        await asyncio.sleep(0.002)
        await gym.advance(0.002)
    if outcomes[-1].result is not Result.ACCEPTED:
        if not link.words:
            raise _FooledError("refused without a word")
        raise _RefusedError(link.words)


async def _wait(gym: VirtualGym, duration_s: float) -> None:
    for _ in range(round(duration_s / _TICK_S)):
        await gym.advance(_TICK_S)
        for _turn in range(8):
            await asyncio.sleep(0)
        await asyncio.sleep(0.001)


async def _until_moving(gym: VirtualGym, link: TreadmillLink) -> None:
    for _ in range(round(_START_S / _TICK_S)):
        if link.reading and link.reading.speed_kmh > 0:
            return
        await _wait(gym, _TICK_S)
    raise _FooledError("the belt did not start")


async def _check_speed(gym: VirtualGym, link: TreadmillLink, told_kmh: float) -> None:
    """Whether belt and link are there; a single frame of zero is none, so two are looked at."""
    await _reach(gym, link)
    seen = []
    for _ in range(2):
        await _wait(gym, 1)
        assert link.reading
        seen.append(link.reading.speed_kmh)
    if abs(gym.belt.speed_kmh - told_kmh) > _NEAR_KMH:
        raise _FooledError(f"told {told_kmh:g} km/h, the belt runs {gym.belt.speed_kmh:.1f}")
    if min(abs(kmh - told_kmh) for kmh in seen) > _NEAR_KMH:
        raise _FooledError(f"the belt runs {told_kmh:g} km/h, the link reads {seen[-1]:.1f}")


async def _calibrate(gym: VirtualGym, table: QuirkTable) -> TreadmillCalibration:
    """Stop what moves, and calibrate. Raises `_RefusedError` with the run's own words."""
    async with _connected(gym, table, None) as link:
        link.submit(Stop(1))
        await _wait(gym, 15)
        assert link.machine
        link.drain_events()
        link.drain_outcomes()
        run = CalibrationRun(link.machine)
        progress: Progress | None = None
        until_s = gym.now_s + _CALIBRATION_S
        while (progress is None or progress.step is not Step.OVER) and gym.now_s < until_s:
            held = progress is None
            progress = run.tick(_seen(gym, link, held=held))
            if progress.command is not None:
                link.submit(progress.command)
            await _wait(gym, _TICK_S)
        if progress is None or progress.measured is None:
            raise _RefusedError(progress.trouble or "" if progress else "")
        return progress.measured


def _seen(gym: VirtualGym, link: TreadmillLink, *, held: bool) -> Seen:
    return Seen(
        now_s=gym.now_s,
        reading=link.reading,
        events=link.drain_events(),
        outcomes=link.drain_outcomes(),
        words=link.words,
        held=held,
    )
