"""The workout second by second, kept here until the server has it on disk.

A sample's number and time never change, so that one sent twice is stored once.
"""

from __future__ import annotations

from collections import deque
from datetime import timedelta

from beatrunner.bridge.picture import Picture
from beatrunner.bridge.ports import Monotonic
from beatrunner.codecs.live import Sample
from beatrunner.core.governor import Start
from beatrunner.kit.clock import Clock

EVERY_S = 1.0
_TOO_LONG_S = 5.0
_MOVING_KMH = 0.1


class Recorder:
    """Samples from the first Start, or from the first time that the belt moves, to the end."""

    def __init__(self, clock: Clock, monotonic: Monotonic) -> None:
        # One look at the time of day: from then on it moves with the monotonic clock.
        self._epoch = clock() - timedelta(seconds=monotonic())
        self._workout_id: str | None = None
        self._waiting: deque[Sample] = deque()
        self._clear()

    def _clear(self) -> None:
        self._waiting.clear()
        self._number = 0
        self._began_s: float | None = None
        self._due_s = 0.0
        self._seen_s: float | None = None
        self._distance_m = 0.0
        self._ended = False

    @property
    def waiting(self) -> tuple[Sample, ...]:
        """What the server has not acknowledged, oldest first."""
        return tuple(self._waiting)

    @property
    def distance_m(self) -> float | None:
        return None if self._began_s is None else self._distance_m

    def elapsed_s(self, now_s: float) -> float | None:
        """Since the first Start of this workout."""
        return None if self._began_s is None else now_s - self._began_s

    def begin(self, workout_id: str, acknowledged: int) -> None:
        """The server names the workout, and the highest number that it holds.

        A bridge that was started anew in the middle of a workout goes on counting from there.
        """
        if workout_id != self._workout_id:
            self._clear()
            self._workout_id = workout_id
            self._number = acknowledged
        self.acknowledge(acknowledged)

    def acknowledge(self, number: int) -> None:
        while self._waiting and self._waiting[0].number <= number:
            self._waiting.popleft()

    def end(self) -> None:
        """No more samples; those that wait are still to be sent."""
        self._ended = True

    def see(self, picture: Picture) -> Sample | None:
        """The sample that is due at this tick, if one is."""
        if self._workout_id is None or self._ended:
            return None
        now_s = picture.now_s
        if self._began_s is None:
            if not isinstance(picture.command, Start) and (picture.speed_kmh or 0.0) <= _MOVING_KMH:
                return None
            self._began_s = now_s - self._number * EVERY_S
            self._due_s = now_s
        self._go(now_s, picture.speed_kmh)
        if now_s < self._due_s:
            return None
        self._due_s += EVERY_S
        if now_s - self._due_s > _TOO_LONG_S:
            self._due_s = now_s + EVERY_S
        self._number += 1
        sample = self._sample(picture)
        self._waiting.append(sample)
        return sample

    def _go(self, now_s: float, speed_kmh: float | None) -> None:
        """Distance is the belt's speed over time: many counters of treadmills jump back."""
        passed_s = 0.0 if self._seen_s is None else now_s - self._seen_s
        self._seen_s = now_s
        if speed_kmh is not None and passed_s <= _TOO_LONG_S:
            self._distance_m += speed_kmh / 3.6 * passed_s

    def _sample(self, picture: Picture) -> Sample:
        began_s = self._began_s or 0.0
        return Sample(
            number=self._number,
            at=self._epoch + timedelta(seconds=picture.now_s),
            elapsed_s=round(picture.now_s - began_s, 3),
            speed_kmh=picture.speed_kmh,
            incline_pct=picture.incline_pct,
            heart_rate_bpm=picture.heart_rate_bpm if picture.heart_fit else None,
            cadence_spm=picture.cadence_spm,
            distance_m=round(self._distance_m, 2),
            asked_kmh=picture.asked_kmh,
        )
