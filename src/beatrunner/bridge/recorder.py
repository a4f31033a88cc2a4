"""The workout second by second, kept here until the server has it on disk.

A sample's number and time never change, so that one sent twice is stored once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from beatrunner.bridge.picture import Picture
from beatrunner.bridge.ports import Monotonic
from beatrunner.bridge.status import MAX_BPM, MAX_KMH, MAX_PCT, MAX_SPM, believable
from beatrunner.codecs.live import Sample
from beatrunner.core.governor import Shown, Start
from beatrunner.kit.clock import Clock

EVERY_S = 1.0
#: So many seconds wait for a server that is away; what comes after them is not kept.
MOST_WAITING = 6 * 3600
#: So long a belt is watched that was told to stop because the workout is over.
RUN_DOWN_S = 60.0
_TOO_LONG_S = 5.0
_MOVING_KMH = 0.1
#: The server ends a workout of which it has heard nothing for half an hour.
_LONGEST_GAP_S = 1800.0


class Recorder:
    """Samples from the first Start, or from the first time that the belt moves, until it stands
    after the end. `kept` is what an earlier process of this bridge had, by workout.
    """

    def __init__(
        self,
        clock: Clock,
        monotonic: Monotonic,
        kept: Mapping[str, Sequence[Sample]] = MappingProxyType({}),
    ) -> None:
        # One look at the time of day: from then on it moves with the monotonic clock.
        self._epoch = clock() - timedelta(seconds=monotonic())
        self._monotonic = monotonic
        self._kept = dict(kept)
        self._waiting: deque[Sample] = deque()
        self.workout_id: str | None = None
        self._clear()

    def _clear(self) -> None:
        self._waiting.clear()
        self._number = 0
        self._began_s: float | None = None
        self._due_s = 0.0
        self._seen_s: float | None = None
        self._distance_m = 0.0
        self._end_s: float | None = None
        self.is_done = False
        self.is_full = False

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

        A bridge that was started anew in the middle of a workout goes on counting from there, or
        from what was kept of it, if that is more.
        """
        if workout_id != self.workout_id:
            self._clear()
            self.workout_id = workout_id
            self._number = acknowledged
            self._go_on(self._kept.pop(workout_id, ()))
        self.acknowledge(acknowledged)

    def _go_on(self, kept: Sequence[Sample]) -> None:
        """From the last sample of an earlier process, by the time of day."""
        if not kept:
            return
        last = kept[-1]
        now_s = self._monotonic()
        gap_s = (self._epoch + timedelta(seconds=now_s) - last.at).total_seconds()
        # A clock that was set in between must not send time backwards, nor days ahead.
        gap_s = min(max(gap_s, EVERY_S), _LONGEST_GAP_S)
        self._waiting.extend(kept)
        self._number = max(self._number, last.number)
        self._began_s = now_s - gap_s - last.elapsed_s
        self._due_s = now_s
        self._distance_m = last.distance_m or 0.0

    def acknowledge(self, number: int) -> None:
        while self._waiting and self._waiting[0].number <= number:
            self._waiting.popleft()
            self.is_full = False

    def end(self) -> None:
        """No more samples once the belt stands; those that wait are still to be sent."""
        if self._end_s is None:
            self._end_s = self._monotonic()
        self.is_done = self.is_done or self._began_s is None

    def forget(self) -> None:
        """Nobody wants what waits any more."""
        self._clear()
        self.workout_id = None

    def see(self, picture: Picture) -> Sample | None:
        """The sample that is due at this tick, if one is."""
        if self.workout_id is None or self.is_done:
            return None
        now_s = picture.now_s
        if self._began_s is None:
            if not isinstance(picture.command, Start) and (picture.speed_kmh or 0.0) <= _MOVING_KMH:
                return None
            self._began_s = now_s - self._number * EVERY_S
            self._due_s = now_s
        self._go(now_s, believable(picture.speed_kmh, 0.0, MAX_KMH))
        if now_s < self._due_s:
            return None
        self._due_s += EVERY_S
        if now_s - self._due_s > _TOO_LONG_S:
            self._due_s = now_s + EVERY_S
        self.is_done = self._end_s is not None and not self._comes_down(picture, self._end_s)
        self.is_full = len(self._waiting) >= MOST_WAITING
        if self.is_full:
            return None
        self._number += 1
        sample = self._sample(picture, self._began_s)
        self._waiting.append(sample)
        return sample

    def _comes_down(self, picture: Picture, end_s: float) -> bool:
        """Whether the belt is seen to move still. One that its console drives is not waited for."""
        return (
            (picture.speed_kmh or 0.0) > _MOVING_KMH
            and picture.shown is not Shown.CONSOLE
            and picture.now_s - end_s < RUN_DOWN_S
        )

    def _go(self, now_s: float, speed_kmh: float | None) -> None:
        """Distance is the belt's speed over time: many counters of treadmills jump back."""
        passed_s = 0.0 if self._seen_s is None else now_s - self._seen_s
        self._seen_s = now_s
        if speed_kmh is not None and passed_s <= _TOO_LONG_S:
            self._distance_m += speed_kmh / 3.6 * passed_s

    def _sample(self, picture: Picture, began_s: float) -> Sample:
        heart_rate_bpm = picture.heart_rate_bpm if picture.heart_fit else None
        return Sample(
            number=self._number,
            at=self._epoch + timedelta(seconds=picture.now_s),
            elapsed_s=round(picture.now_s - began_s, 3),
            speed_kmh=believable(picture.speed_kmh, 0.0, MAX_KMH),
            incline_pct=believable(picture.incline_pct, -MAX_PCT, MAX_PCT),
            heart_rate_bpm=believable(heart_rate_bpm, 0.0, MAX_BPM),
            cadence_spm=believable(picture.cadence_spm, 0.0, MAX_SPM),
            distance_m=round(self._distance_m, 2),
            asked_kmh=picture.asked_kmh,
        )
