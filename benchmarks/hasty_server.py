"""`beatrunner server` that acknowledges samples before they are committed: a negative control.

It commits seldom besides, so that every kill finds something that was promised in vain.
"""

from __future__ import annotations

from beatrunner import wiring
from beatrunner.cli import main
from beatrunner.workouts import recorder
from beatrunner.workouts.recorder import Pending, Recorded, Recorder


class HastyRecorder(Recorder):
    def tell(self, workout: Recorded) -> None:
        pending = workout.take_pending()
        workout.give_back(pending)
        workout.on_durable(Pending(seconds=pending.seconds))
        super().tell(workout)


if __name__ == "__main__":
    vars(recorder)["GATHER_S"] = 1.0
    vars(wiring)["Recorder"] = HastyRecorder
    main()
