"""Calibration at the page beside the belt: begun, held, watched, and kept or thrown away.

The run itself is `ble.calibration`; here is what it has to do with the rest of the bridge. While
it is open, a hold of Start is its start and nobody else's, and whatever stops a workout stops it:
a stop from anywhere, the governor's own, a lock, a lost radio, a lost page, a workout that begins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from beatrunner.ble.calibration.procedure import STEPS, CalibrationRun, Progress, Seen, Step
from beatrunner.ble.treadmill_link import TreadmillLink
from beatrunner.codecs.calibration import TreadmillCalibration
from beatrunner.core.governor import Command, Confirm, Lock, Stop, Tick, Verdict
from beatrunner.core.governor.bounds import CONFIRM_LIFE_S, HOLD_TO_START_S

#: The page says about once a second that it is there and in front.
PAGE_SILENT_S = 4.0


@dataclass(frozen=True, slots=True)
class Around:
    """What the driver knows besides the tick."""

    confirm: Confirm | None
    page_heard_s: float | None
    reachable_since_s: float | None


class Calibrator:
    """One treadmill's calibrations; `keep` takes the result by the treadmill's address."""

    def __init__(
        self, link: TreadmillLink, keep: Callable[[str, TreadmillCalibration], None]
    ) -> None:
        self._link = link
        self._keep = keep
        self._run: CalibrationRun | None = None
        self._address = ""
        self.progress: Progress | None = None

    @property
    def is_open(self) -> bool:
        """Whether the page shows it, and a hold of Start is meant for it."""
        return self._run is not None

    @property
    def is_moving(self) -> bool:
        """Whether the belt moves by it, or may."""
        return self.progress is not None and self.progress.step not in (Step.READY, Step.OVER)

    def begin(self) -> None:
        """Explain, and wait for the hold. Only a connected treadmill can be calibrated."""
        machine = self._link.machine
        if machine is None or self.is_open:
            return
        self._run = CalibrationRun(machine)
        self._address = machine.address
        words, share = STEPS[Step.READY]
        self.progress = Progress(Step.READY, words, share)

    def close(self) -> None:
        """Throw the result away, or do not begin after all."""
        if not self.is_moving:
            self.drop()

    def drop(self) -> None:
        """Forget the run, whatever the belt does: somebody else has to stop it."""
        self._run = self.progress = None

    def save(self) -> None:
        """Keep the result."""
        if self.progress is not None and self.progress.measured is not None and not self.is_moving:
            self._keep(self._address, self.progress.measured)
            self.drop()

    def tick(self, tick: Tick, verdict: Verdict, around: Around) -> Command | None:
        """What the belt is to be told for the sake of the calibration."""
        if self._run is None or self.progress is None or self.progress.step is Step.OVER:
            return None
        why = self._why_stop(tick, verdict, around)
        self.progress = self._run.tick(
            Seen(
                now_s=tick.now_s,
                reading=self._link.reading,
                events=tick.events,
                outcomes=tick.outcomes,
                words=self._link.words,
                held=_is_held(tick, verdict, around),
                stop=why is not None,
                why=why or "",
            )
        )
        return self.progress.command if tick.bluetooth_up else None

    def _why_stop(self, tick: Tick, verdict: Verdict, around: Around) -> str | None:
        if tick.stop or isinstance(verdict.command, Stop):
            return "Stopped."
        if tick.fault or verdict.lock not in (None, Lock.IDLE):
            return "Something is wrong, so the belt is locked."
        if not tick.bluetooth_up:
            return "The treadmill went out of reach."
        if around.page_heard_s is None or tick.now_s - around.page_heard_s > PAGE_SILENT_S:
            return "The page beside the belt was closed or left."
        if tick.server_up:
            return "A workout began meanwhile."
        return None


def _is_held(tick: Tick, verdict: Verdict, around: Around) -> bool:
    """As strict as any start (I1, I13, I19)."""
    confirm, since_s = around.confirm, around.reachable_since_s
    return (
        confirm is not None
        and verdict.lock is None
        and confirm.local
        and confirm.released_s - confirm.pressed_s >= HOLD_TO_START_S
        and 0 <= tick.now_s - confirm.released_s <= CONFIRM_LIFE_S
        and since_s is not None
        and confirm.pressed_s >= since_s
    )
