"""What was set out to do: a sport, a distance, a pace, a course, and the watch on the wrist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from beatrunner.demo.routes import Course

#: Standard deviation of the mean of 210 s of log speed on steady ground, percent.
ROAD_NOISE_PCT = 4.0


@dataclass(frozen=True, slots=True)
class Watch:
    """The manners of a recording device.

    A smart recorder writes when something changed, every 1 to 7 s. One that pauses by itself
    writes nothing while the runner waits. Drop-outs are stretches of 20 to 90 s without the
    sensor; a cold start finds its satellites after some seconds.
    """

    name: str = "Tern 3"
    is_smart: bool = False
    does_auto_pause: bool = True
    has_heart_rate: bool = True
    has_cadence: bool = True
    heart_dropouts: int = 0
    path_dropouts: int = 0
    cold_start_s: int = 0


@dataclass(frozen=True, slots=True)
class Outing:
    """`speed_mps` is that of the steady part on the flat; `pieces` are (seconds, factor on that
    speed), the last one holding on until `distance_m` is done. `course` is None on a treadmill.
    `easy_mps` is the speed at which the heart is at its easy rate: it rises with fitness."""

    sport: str
    started_at: datetime
    distance_m: float
    speed_mps: float
    course: Course | None = None
    is_reversed: bool = False
    pieces: tuple[tuple[float, float], ...] = ((0.0, 1.0),)
    noise_pct: float = ROAD_NOISE_PCT
    easy_mps: float = 2.9
    watch: Watch = Watch()
    name: str | None = None
    description: str | None = None
    utc_offset_s: int | None = None

    @property
    def expected_s(self) -> float:
        """About how long it will take."""
        return self.distance_m / self.speed_mps

    @property
    def longest_s(self) -> int:
        """A time in which the outing surely ends."""
        return ceil(2.5 * self.expected_s) + 1200
