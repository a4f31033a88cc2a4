"""`beatrunner server` that acknowledges samples before they are committed: a negative control."""

from __future__ import annotations

from beatrunner import wiring
from beatrunner.cli import main
from beatrunner.workouts.recorder import Pending, Recorded, Recorder


class HastyRecorder(Recorder):
    def tell(self, workout: Recorded) -> None:
        pending = workout.take_pending()
        workout.give_back(pending)
        workout.on_durable(Pending(seconds=pending.seconds))
        super().tell(workout)


if __name__ == "__main__":
    vars(wiring)["Recorder"] = HastyRecorder
    main()
