"""What the governor is told in one tick: values only, in the bridge's own monotonic seconds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from beatrunner.core.governor.bounds import Calibration, Limits


@dataclass(frozen=True, slots=True)
class Telemetry:
    """The freshest Treadmill Data; `age_s` since it arrived."""

    speed_kmh: float
    incline_pct: float | None
    age_s: float

    def within(self, life_s: float) -> bool:
        """Whether this is a speed at all, and at most `life_s` old."""
        return math.isfinite(self.speed_kmh) and self.speed_kmh >= 0 and 0 <= self.age_s <= life_s


@dataclass(frozen=True, slots=True)
class HeartRate:
    """The freshest reading; `contact` is None where the strap does not tell."""

    heart_rate_bpm: float
    contact: bool | None
    age_s: float


class EventKind(StrEnum):
    """Fitness Machine Status, as far as it bears on the belt. A reset counts as control lost."""

    STOPPED_BY_USER = "stopped_by_user"
    SAFETY_KEY = "safety_key"
    STARTED_BY_USER = "started_by_user"
    SPEED_CHANGED = "speed_changed"
    INCLINE_CHANGED = "incline_changed"
    CONTROL_LOST = "control_lost"


@dataclass(frozen=True, slots=True)
class MachineEvent:
    """One notification; `value` is the new target in km/h or percent where there is one."""

    kind: EventKind
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class Lease:
    """Who may wish now: the conductor holding the newest generation, last heard at `heard_s`."""

    lease_id: str
    generation: int
    heard_s: float


@dataclass(frozen=True, slots=True)
class Wish:
    """What the automation would like."""

    lease_id: str
    generation: int
    sequence: int
    issued_s: float
    speed_kmh: float
    incline_pct: float


@dataclass(frozen=True, slots=True)
class Confirm:
    """Start was held. `number` rises with every press, so that none counts twice.

    `local`: on the page that the bridge itself serves, beside the belt.
    """

    number: int
    pressed_s: float
    released_s: float
    local: bool


@dataclass(frozen=True, slots=True)
class Nudge:
    """The runner pressed + or -: so much more or less."""

    at_s: float
    speed_kmh: float = 0.0
    incline_pct: float = 0.0


class Result(StrEnum):
    """What came of a command, by the machine's word: never proof that the belt obeyed (I15)."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    number: int
    result: Result


@dataclass(frozen=True, slots=True)
class Tick:
    """Everything known at `now_s`, and what happened since the last tick."""

    now_s: float
    limits: Limits
    calibration: Calibration
    bluetooth_up: bool
    server_up: bool
    telemetry: Telemetry | None = None
    heart: HeartRate | None = None
    cadence_spm: float | None = None
    """Both feet, if anything counts them: a strap may count them too."""
    page_heard_s: float | None = None
    """When the page that + and - are pressed on was last heard."""
    lease: Lease | None = None
    wish: Wish | None = None
    stop: bool = False
    """The runner, or anyone, asked to stop."""
    unlock: bool = False
    """The lock was opened beside the belt."""
    confirm: Confirm | None = None
    held: bool = False
    """Start is being held at this moment, beside the belt: the runner wants the rise too."""
    nudge: Nudge | None = None
    events: tuple[MachineEvent, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    fault: bool = False
    """An exception anywhere else in the bridge (I20)."""
