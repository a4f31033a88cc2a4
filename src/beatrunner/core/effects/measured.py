"""One play and what was measured during it: a row of the table that everything is fitted to."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite


@dataclass(frozen=True, slots=True)
class MeasuredPlay:
    """What the runner did under one play of a track.

    `response` is the `Response`'s measure, whatever it is. `position` is where in the run the
    middle of the play lies, from 0 to 1. `usable_s` are the seconds measured, and the weight.
    `tempo_bpm` is folded to the runner's cadence (`folded_tempo_bpm`), the same in every run; None
    where not known. `speed_pct`, 100 times the natural logarithm of the grade-adjusted speed that
    the response answers to (`lagged_speed`), is there for responses "at a given speed" alone.
    `is_randomised`: chance alone, not the runner, decided that this track came at this point of
    the run.
    Raises ValueError for numbers that are not finite, no usable seconds, or a position outside
    the run.
    """

    run: str
    track: str
    response: float
    usable_s: float
    position: float
    tempo_bpm: float | None = None
    grade_pct: float = 0.0
    stopped_share: float = 0.0
    speed_pct: float | None = None
    is_randomised: bool = False

    def __post_init__(self) -> None:
        known = (self.response, self.usable_s, self.position, self.grade_pct, self.stopped_share)
        maybe = tuple(x for x in (self.tempo_bpm, self.speed_pct) if x is not None)
        if not all(map(isfinite, (*known, *maybe))):
            raise ValueError(f"Not a finite number in {self}.")
        if self.usable_s <= 0.0 or not 0.0 <= self.position <= 1.0:
            raise ValueError(f"Nothing measured, or not within the run: {self}.")
        if self.tempo_bpm is not None and self.tempo_bpm <= 0.0:
            raise ValueError(f"No tempo: {self}.")


@dataclass(frozen=True, slots=True)
class Response:
    """What is explained, and how large its effects can be expected to be.

    `spread_scale` is the scale of the half-normal prior on the standard deviation between tracks,
    and `telling` the half-width an interval must have before it tells anything. `typical_noise` is
    the standard deviation of one play around its run's course, where nothing is known yet of this
    runner. All in `unit`.
    """

    name: str
    unit: str
    spread_scale: float
    telling: float
    typical_noise: float
    at_given_speed: bool = False


#: 100 ln(grade-adjusted speed). Effects beyond 1 to 2 % are unlikely. The noise is the median of
#: 57 runs of one public runner in blocks of 210 s.
SPEED = Response("speed", "%", 1.5, 1.0, 5.3)
#: A meta-analysis finds no effect of music as such on the heart (Terry et al. 2020).
HEART_RATE = Response("heart_rate", "beats/min", 1.5, 2.0, 4.7, at_given_speed=True)
#: Cadence follows shifts of tempo of up to 3 %, 5 steps a minute (Van Dyck et al. 2015).
CADENCE = Response("cadence", "steps/min", 2.0, 1.5, 2.4)
#: Anything from no lock to full lock is possible.
IN_STEP = Response("in_step", "%", 15.0, 10.0, 25.0)
