"""`beatrunner server` that wishes only after it has committed: a negative control."""

from __future__ import annotations

import time

from beatrunner.cli import main
from beatrunner.codecs.live import Sample
from beatrunner.workouts import live
from beatrunner.workouts.live_workout import LiveWorkout
from beatrunner.workouts.recorder import Pending


class PatientWorkout(LiveWorkout):
    def _conduct(self, newest: Sample, now_s: float) -> None:
        """Not yet."""

    def on_durable(self, pending: Pending) -> None:
        super().on_durable(pending)
        if pending.seconds:
            super()._conduct(pending.seconds[-1].sample, time.monotonic())


if __name__ == "__main__":
    vars(live)["LiveWorkout"] = PatientWorkout
    main()
