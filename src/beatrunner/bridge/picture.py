"""One tick as people see it: the page beside the belt and the server are told the same."""

from __future__ import annotations

from dataclasses import dataclass

from beatrunner.ble.calibration.procedure import Progress, Step
from beatrunner.core.governor import Alarm, Command, Lock, Reason, Shown


@dataclass(frozen=True, slots=True)
class Picture:
    """What the bridge knows at `now_s`; values that are stale are None."""

    now_s: float
    shown: Shown
    alarm: Alarm | None
    lock: Lock | None
    reasons: tuple[Reason, ...]
    """Those that concern a runner; what was refused stays long enough to be read."""
    control: str
    """none, runner or automation."""
    server_up: bool
    treadmill: str
    heart: str
    pod: str
    """The links: none, searching, connecting, connected, lost."""
    treadmill_name: str | None
    is_calibrated: bool
    refusal: str | None
    """Why the treadmill cannot be driven, in words."""
    barred: bool
    """The runner's limits leave no speed that this treadmill could run at."""
    speed_kmh: float | None
    incline_pct: float | None
    heart_rate_bpm: float | None
    heart_fit: bool
    cadence_spm: float | None
    asked_kmh: float | None
    asked_incline_pct: float | None
    command: Command | None
    """What was given to the belt in this tick."""
    calibration: Progress | None = None
    """How far one is that is open on the page beside the belt."""

    @property
    def is_calibrating(self) -> bool:
        """Whether the belt moves for that."""
        return self.calibration is not None and self.calibration.step not in (
            Step.READY,
            Step.OVER,
        )
