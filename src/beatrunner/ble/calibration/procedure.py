"""The calibration run: two minutes with an empty belt, told and watched step by step.

The runner stands beside the belt and holds Start, as for any start. The belt is told nothing
faster than a walk, even if the machine should mean miles, and nothing about its slope. Whatever is
not as it should be ends the run by a stop: the runner's stop, the console, the safety key, silence,
more speed than a walk, another slope. The governor ticks on meanwhile; its stop counts as the
runner's.

Nothing here waits or sends. `CalibrationRun.tick` is told what is known some four times a second
and says what to send and what to show; inside, the procedure is a generator that reads from top to
bottom and gives way at every `yield`.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from enum import StrEnum

from beatrunner.ble.calibration.findings import Change, found
from beatrunner.ble.calibration.response import NEAR_KMH, is_settled, without_zero_frames
from beatrunner.ble.machine import DISHONEST, MachineFacts
from beatrunner.ble.telemetry import Reading
from beatrunner.codecs.calibration import TreadmillCalibration
from beatrunner.codecs.ftms.quantities import SpeedUnit
from beatrunner.core.governor import (
    Command,
    EventKind,
    MachineEvent,
    Outcome,
    Result,
    SetSpeed,
    Start,
    Stop,
)
from beatrunner.core.governor.bounds import (
    STILL_KMH,
    STILL_S,
    STOP_AGAIN_S,
    TELEMETRY_LIFE_S,
    step_up,
)

SLOW_KMH = 1.0
"""Slower belts cover too little distance to tell the unit by."""
FAST_KMH = 3.0
TOO_FAST_KMH = 6.0
"""Above 3 mph and any overshoot, and still a walk."""
_RISE_KMH = 1.5
_START_S = 20.0
_CHANGE_S = 15.0
_FINE_S = 8.0
_STOP_S = 30.0
_FOREIGN_KMH = 0.6
_FOREIGN_PCT = 0.6
_FINE_STEPS_KMH = (0.1, 0.2, 0.5)
#: Numbers of commands that no governor gives.
_FIRST_NUMBER = 1_000_000_000


class Step(StrEnum):
    READY = "ready"
    STARTING = "starting"
    SLOW = "slow"
    FASTER = "faster"
    SLOWER = "slower"
    FASTER_AGAIN = "faster_again"
    SLOWER_AGAIN = "slower_again"
    FINE = "fine"
    STOPPING = "stopping"
    OVER = "over"


#: What the runner reads, and how much of the run is done when the step begins.
STEPS: dict[Step, tuple[str, float]] = {
    Step.READY: (
        "Step off the belt, stand beside it with the safety key at hand, then hold Start.",
        0.0,
    ),
    Step.STARTING: ("The belt starts, empty. Stay beside it.", 0.02),
    Step.SLOW: ("The belt creeps. Stay beside it.", 0.1),
    Step.FASTER: ("The belt goes faster, to a walk: how soon, how quickly, how far?", 0.17),
    Step.SLOWER: ("The belt slows down.", 0.32),
    Step.FASTER_AGAIN: ("Once more faster: is it the same again?", 0.47),
    Step.SLOWER_AGAIN: ("Once more slower.", 0.62),
    Step.FINE: ("The belt is told the smallest changes: which does it follow?", 0.77),
    Step.STOPPING: ("The belt stops. Stay beside it until it stands.", 0.92),
    Step.OVER: ("Done.", 1.0),
}

_ENDS = {
    EventKind.STOPPED_BY_USER: "Stopped at the console.",
    EventKind.SAFETY_KEY: "The safety key was pulled.",
    EventKind.CONTROL_LOST: "The treadmill took control back.",
}

_Steps = Generator[Command | None, None, None]


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known at `now_s`, and what happened since the last tick.

    `held` is true once Start was held for three seconds on the bridge's own page; `words` are the
    link's, for an outcome that is not accepted.
    """

    now_s: float
    reading: Reading | None
    events: tuple[MachineEvent, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    words: str = ""
    held: bool = False
    stop: bool = False
    why: str = "Stopped."
    """What the runner reads of a stop."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`command` is to be sent now. When `step` is OVER, either `measured` or `trouble` is there.

    `told_kmh` is the speed that the belt was told last; `so_far` what the changes until now say.
    """

    step: Step
    words: str
    share: float
    command: Command | None = None
    measured: TreadmillCalibration | None = None
    trouble: str | None = None
    told_kmh: float | None = None
    so_far: TreadmillCalibration | None = None


class _AbortedError(Exception):
    """The message says why, to the runner."""


class CalibrationRun:
    """One run for one connected treadmill; tick it until the step is OVER."""

    def __init__(self, machine: MachineFacts) -> None:
        limits = machine.limits
        self._machine = machine
        # Told as miles to a machine that means kilometres, this is still a speed it has.
        doubt = SpeedUnit.MPH.value if machine.quirks.commands_in_mph else 1.0
        slow_kmh = max(limits.min_speed_kmh, SLOW_KMH) * doubt
        self._slow_kmh = step_up(slow_kmh, limits.speed_step_kmh)
        self._fast_kmh = min(
            max(FAST_KMH, self._slow_kmh + _RISE_KMH),
            limits.max_speed_kmh,
            TOO_FAST_KMH / SpeedUnit.MPH.value,
        )
        self._step = Step.READY
        self._number = _FIRST_NUMBER
        self._told: list[float] = []
        self._changes: list[Change] = []
        self._readings: list[Reading] = []
        self._slope_pct: float | None = None
        self._so_far: TreadmillCalibration | None = None
        self._echoes = False
        self._starts_by_command = True
        self._speed_step_kmh: float | None = None
        self._measured: TreadmillCalibration | None = None
        self._trouble: str | None = None
        self._seen = Seen(0.0, None)
        self._running = self._procedure()

    def tick(self, seen: Seen) -> Progress:
        """What to send and to show now."""
        self._seen = seen
        command: Command | None = None
        if self._step is not Step.OVER:
            self._listen()
            try:
                self._watch()
                command = next(self._running)
            except _AbortedError as error:
                command = self._abort(str(error))
            except StopIteration:
                self._step = Step.OVER
        words, share = STEPS[self._step]
        if self._step is Step.OVER and self._measured and not self._measured.is_honest:
            words = DISHONEST
        return Progress(
            self._step,
            self._trouble or words,
            share,
            command,
            self._measured,
            self._trouble,
            told_kmh=self._told_kmh,
            so_far=self._so_far,
        )

    @property
    def _told_kmh(self) -> float | None:
        if self._step in (Step.STOPPING, Step.OVER):
            return 0.0
        return self._told[-1] if self._told else None

    def _procedure(self) -> _Steps:
        while not self._seen.held:
            yield None
        self._slope_pct = self._seen.reading.incline_pct if self._seen.reading else None
        yield from self._start()
        yield from self._change(Step.SLOW, self._slow_kmh, _FINE_S)
        if self._fast_kmh - self._slow_kmh < 5 * NEAR_KMH:
            raise _AbortedError("The slowest speed of this treadmill is too fast to calibrate it.")
        for step, speed_kmh in (
            (Step.FASTER, self._fast_kmh),
            (Step.SLOWER, self._slow_kmh),
            (Step.FASTER_AGAIN, self._fast_kmh),
            (Step.SLOWER_AGAIN, self._slow_kmh),
        ):
            yield from self._change(step, speed_kmh, _CHANGE_S)
            self._so_far = self._found()
        yield from self._fine()
        self._measured = self._so_far = self._found()
        yield from self._stop()

    def _found(self) -> TreadmillCalibration:
        return found(
            self._machine,
            self._changes[1:5],
            self._readings,
            speed_step_kmh=self._speed_step_kmh,
            starts_by_command=self._starts_by_command,
            echoes_targets=self._echoes,
        )

    def _start(self) -> _Steps:
        """Start; a belt that somebody started at its console walks already."""
        self._step = Step.STARTING
        if self._is_moving():
            self._starts_by_command = False
            return
        since_s = self._seen.now_s
        command = Start(self._next_number())
        yield command
        while not self._is_moving():
            self._accepted(command)
            if self._seen.now_s - since_s > _START_S:
                raise _AbortedError(
                    "The belt did not start. Start it at its console, at its slowest speed, "
                    "and calibrate again."
                )
            yield None

    def _change(self, step: Step, speed_kmh: float, duration_s: float) -> _Steps:
        """Tell a speed and watch what the belt does."""
        self._step = step
        told_s = self._seen.now_s
        before_kmh = without_zero_frames(self._readings)[-1].speed_kmh
        self._told.append(speed_kmh)
        command = SetSpeed(self._next_number(), speed_kmh)
        yield command
        while True:
            self._accepted(command)
            since = without_zero_frames([each for each in self._readings if each.at_s > told_s])
            passed_s = self._seen.now_s - told_s
            if passed_s >= duration_s and is_settled(since):
                break
            if passed_s >= 2 * duration_s:
                raise _AbortedError("The belt does not settle at any speed.")
            yield None
        self._changes.append(Change(told_s, before_kmh, speed_kmh, tuple(since)))

    def _fine(self) -> _Steps:
        """The smallest change that is followed."""
        for step_kmh in _FINE_STEPS_KMH:
            if step_kmh < self._machine.limits.speed_step_kmh - 1e-6:
                continue
            yield from self._change(Step.FINE, round(self._slow_kmh + step_kmh, 2), _FINE_S)
            if self._changes[-1].is_followed_from(self._changes[0]):
                self._speed_step_kmh = step_kmh
                return

    def _stop(self) -> _Steps:
        """Stop, again and again, until the belt is seen to stand."""
        self._step = Step.STOPPING
        since_s = sent_s = self._seen.now_s
        yield Stop(self._next_number())
        while not self._is_proved_still():
            if self._seen.now_s - since_s > _STOP_S:
                why = f"{self._trouble} " if self._trouble else ""
                self._trouble = f"{why}The belt was not seen to stop: pull the safety key."
                self._measured = None
                return
            command = None
            if self._seen.now_s - sent_s >= STOP_AGAIN_S:
                sent_s = self._seen.now_s
                command = Stop(self._next_number())
            yield command

    def _abort(self, words: str) -> Command | None:
        """Stop the belt, if it was ever told to move, and end with these words."""
        self._trouble = words
        self._measured = None
        if self._step is Step.READY:
            self._step = Step.OVER
            return None
        self._running = self._stop()
        return next(self._running)

    def _listen(self) -> None:
        reading = self._seen.reading
        if reading is not None and (not self._readings or reading.at_s > self._readings[-1].at_s):
            self._readings.append(reading)

    def _watch(self) -> None:
        """Raises `_AbortedError` for whatever ends the run."""
        if self._step is Step.STOPPING:
            return
        seen = self._seen
        if seen.stop:
            raise _AbortedError(seen.why)
        for event in seen.events:
            self._hear(event)
        fresh = self._fresh()
        if fresh is None and (self._step is not Step.READY or seen.held):
            raise _AbortedError("The treadmill fell silent.")
        if fresh is not None and fresh.speed_kmh > TOO_FAST_KMH:
            raise _AbortedError("The belt is faster than a calibration may be.")
        if fresh is not None and self._is_foreign(fresh.incline_pct):
            raise _AbortedError("The slope of the belt has changed.")

    def _hear(self, event: MachineEvent) -> None:
        if event.kind in _ENDS and self._step is not Step.READY:
            raise _AbortedError(_ENDS[event.kind])
        if event.kind is EventKind.INCLINE_CHANGED and self._is_foreign(event.value):
            raise _AbortedError("The slope was changed at the console.")
        if event.kind is not EventKind.SPEED_CHANGED or not self._told:
            return
        if all(abs(event.value - told_kmh) > _FOREIGN_KMH for told_kmh in self._told[-2:]):
            raise _AbortedError("The speed was changed at the console.")
        self._echoes = True

    def _is_foreign(self, incline_pct: float | None) -> bool:
        """Whether the belt is not as steep as when Start was held: nothing here told it so."""
        before_pct = self._slope_pct
        if incline_pct is None or before_pct is None:
            return False
        return not abs(incline_pct - before_pct) <= _FOREIGN_PCT

    def _accepted(self, command: Command) -> None:
        for outcome in self._seen.outcomes:
            if outcome.number == command.number and outcome.result is not Result.ACCEPTED:
                raise _AbortedError(self._seen.words or "The treadmill did not take the command.")

    def _fresh(self) -> Reading | None:
        reading = self._seen.reading
        if reading is None or self._seen.now_s - reading.at_s > TELEMETRY_LIFE_S:
            return None
        return reading

    def _is_moving(self) -> bool:
        reading = self._fresh()
        return reading is not None and reading.speed_kmh > STILL_KMH

    def _is_proved_still(self) -> bool:
        """Fresh, and for so long that it is more than a single frame of zero."""
        moved_s = [each.at_s for each in self._readings if each.speed_kmh > STILL_KMH]
        fresh = self._fresh()
        return fresh is not None and (not moved_s or fresh.at_s - moved_s[-1] >= STILL_S)

    def _next_number(self) -> int:
        self._number += 1
        return self._number
