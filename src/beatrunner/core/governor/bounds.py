"""The numbers a belt is held to: those of this runner, workout and machine, and the fixed ones.

The fixed ones are proposals from field values of other products: the norms' own limits are not
public. Each names the invariant it belongs to.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

HOLD_TO_START_S = 3.0  # I1
CONFIRM_LIFE_S = 2.0  # I1: since the finger was lifted
RISE_KMH = 0.5  # I3: within RISE_S, and when automatic within AUTOMATIC_RISE_S
RISE_S = 1.0
AUTOMATIC_RISE_S = 15.0
FALL_KMH = 1.0  # I4: within FALL_S
FALL_S = 1.0
INCLINE_PCT = 1.0  # I5: within INCLINE_S
INCLINE_S = 2.0
CEILING_FALL_KMH_S = 0.25  # I6: at least one step of the machine in every tick
HEART_LIFE_S = 5.0  # I7
HEART_LEAST_BPM = 30
HEART_MOST_BPM = 230
HEART_JUMP_BPM = 25
HEART_STRAY_BPM = 12  # from the middle of HEART_RECENT_S: hearts follow a start more slowly
HEART_RECENT_S = 10.0
HEART_WILD_S = 2.0  # straying for longer is no single wild value
HEART_SUSPECT_S = 20.0
HEART_AT_CADENCE_BPM = 6
HEART_FROZEN_S = 15.0
HEART_END_S = 30.0
TELEMETRY_LIFE_S = 3.0  # I8
ALARM_S = 2.0  # I8: sooner than the fall, for the runner can act
SERVER_LOST_S = 6.5  # I9: the bridge needs 3 s to notice, and all are to be less than 10
LEASE_S = 15.0  # I9, I10
WISH_LIFE_S = 5.0  # I10: wishes and presses of keys
EVENTS_SETTLE_S = 3.0  # I13: machines repeat an old status when subscribed to
ECHO_S = 5.0  # I11: a target the machine reports this late may be our own
OUTCOME_S = 2.0  # I14
START_S = 10.0  # I15: beyond the machine's lag
STILL_KMH = 0.1  # I15: single frames of zero are sent in the middle of a run, so
STILL_S = 3.0  # ... only lasting stillness is a stopped belt
STOP_AGAIN_S = 1.0  # I14: the one command that is repeated
STOP_OVERDUE_S = 5.0  # beyond lag and ramp
APART_KMH = 0.5  # I16
APART_S = 2.0
EVEN_KMH = 0.25  # I16: half of what a ramp has to make while it is waited for
WRONG_WAY_KMH = 0.2
TICK_GAP_S = 2.0  # I18
IDLE_S = 45.0  # I19

GRAIN = 1e-6
"""What rounding of binary fractions may cost, in steps or km/h, and nobody counts."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one of machine, profile and workout allows.

    Raises:
        ValueError: a bound is not a number, or the bounds are the wrong way round.
    """

    max_speed_kmh: float
    min_incline_pct: float
    max_incline_pct: float

    def __post_init__(self) -> None:
        if not all(
            map(math.isfinite, (self.max_speed_kmh, self.min_incline_pct, self.max_incline_pct))
        ):
            raise ValueError("bounds must be finite")
        if self.max_speed_kmh < 0 or self.min_incline_pct > self.max_incline_pct:
            raise ValueError("bounds are the wrong way round")


@dataclass(frozen=True, slots=True)
class Limits:
    """What machine, profile and workout allow together (I2), and the heart-rate ceiling (I6).

    Raises:
        ValueError: the slowest speed of the machine is above what is allowed, or the three
            leave no incline.
    """

    machine: Bounds
    profile: Bounds
    workout: Bounds
    min_speed_kmh: float
    ceiling_bpm: int | None = None

    def __post_init__(self) -> None:
        if not 0 < self.min_speed_kmh <= self.max_speed_kmh:
            raise ValueError("no speed is allowed")
        if self.min_incline_pct > self.max_incline_pct:
            raise ValueError("no incline is allowed")

    @property
    def max_speed_kmh(self) -> float:
        return min(each.max_speed_kmh for each in (self.machine, self.profile, self.workout))

    @property
    def min_incline_pct(self) -> float:
        return max(each.min_incline_pct for each in (self.machine, self.profile, self.workout))

    @property
    def max_incline_pct(self) -> float:
        return min(each.max_incline_pct for each in (self.machine, self.profile, self.workout))

    def incline_pct(self, wanted_pct: float) -> float:
        return min(max(wanted_pct, self.min_incline_pct), self.max_incline_pct)


@dataclass(frozen=True, slots=True)
class Calibration:
    """How one treadmill follows what it is told, as its calibration run measured it.

    Raises:
        ValueError: a figure is not a number, negative, or zero where it must move the belt.
    """

    lag_s: float
    """From command to first reaction."""
    ramp_up_kmh_s: float
    ramp_down_kmh_s: float
    overshoot_kmh: float
    """How far the belt passes what it was told, for `settle_s` after the lag."""
    settle_s: float = 5.0
    speed_step_kmh: float = 0.1
    incline_step_pct: float = 0.5

    def __post_init__(self) -> None:
        moving = (
            self.ramp_up_kmh_s,
            self.ramp_down_kmh_s,
            self.speed_step_kmh,
            self.incline_step_pct,
        )
        waiting = (self.lag_s, self.overshoot_kmh, self.settle_s)
        if not all(map(math.isfinite, moving + waiting)):
            raise ValueError("a calibration must be finite")
        if min(moving) <= 0 or min(waiting) < 0:
            raise ValueError("a treadmill must move, and not before it is told to")

    def takes_s(self, way_kmh: float) -> float:
        """How long a change by `way_kmh` may take, up or down, from what began it."""
        return self.lag_s + way_kmh / min(self.ramp_up_kmh_s, self.ramp_down_kmh_s)


def step_down(value: float, step: float) -> float:
    """The highest multiple of `step` that is at most `value`, in the protocol's hundredths."""
    return round(math.floor(value / step + GRAIN) * step, 2)


def step_up(value: float, step: float) -> float:
    """The lowest multiple of `step` that is at least `value`, in the protocol's hundredths."""
    return round(math.ceil(value / step - GRAIN) * step, 2)
