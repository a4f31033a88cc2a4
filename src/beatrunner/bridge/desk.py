"""What the page beside the belt can have done besides start and stop: calibrate, and choose.

None of it while the belt may move for somebody: what is refused here is what the page does not
offer, for a page can be a moment behind.
"""

from __future__ import annotations

from beatrunner.bridge.calibration_words import why_no_calibration
from beatrunner.bridge.controls import Controls
from beatrunner.bridge.devices_in_reach import why_no_choice
from beatrunner.bridge.gym import Gym
from beatrunner.bridge.page_messages import (
    AtTheDesk,
    Calibrate,
    Choose,
    Forget,
    Leave,
    Save,
    Uncalibrate,
)
from beatrunner.bridge.picture import Picture
from beatrunner.core.governor import Shown


class Desk:
    def __init__(self, gym: Gym, controls: Controls) -> None:
        self._gym = gym
        self._controls = controls
        self._picture: Picture | None = None

    def see(self, picture: Picture) -> None:
        """A tick has passed. While the belt stands, a new calibration is taken over."""
        self._picture = picture
        stands = picture.shown is Shown.STOPPED and not picture.server_up
        if stands and not picture.is_calibrating:
            self._gym.settle()

    def follow(self, message: AtTheDesk) -> None:
        picture, gym = self._picture, self._gym
        if picture is None:
            return
        match message:
            case Calibrate() if why_no_calibration(picture) is None:
                # Who presses this is here, as with Unlock.
                self._controls.unlock()
                gym.calibrator.begin()
            case Leave():
                gym.calibrator.close()
            case Save():
                gym.calibrator.save()
            case Uncalibrate() if not picture.is_calibrating:
                gym.forget_calibration()
            case Choose(kind, address) if _may_choose(kind, picture):
                gym.choose(kind, address)
            case Forget(kind) if _may_choose(kind, picture):
                gym.forget(kind)


def _may_choose(kind: str, picture: Picture) -> bool:
    return kind != "treadmill" or why_no_choice(picture) is None
