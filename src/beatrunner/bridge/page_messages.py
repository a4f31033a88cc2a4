"""What the page beside the belt and the bridge say to each other, as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from msgspec import Meta, Struct

from beatrunner.bridge.calibration_words import (
    CalibrationView,
    calibrated_words,
    calibration_view,
    why_no_calibration,
)
from beatrunner.bridge.controls import Controls
from beatrunner.bridge.devices_in_reach import DeviceView, why_no_choice
from beatrunner.bridge.memory import Kind, Remembered
from beatrunner.bridge.picture import Picture
from beatrunner.bridge.recorder import Recorder
from beatrunner.bridge.words import (
    ALARMS,
    HEART,
    LOCKS,
    POD,
    SHOWN,
    TREADMILL,
    reasons_of,
    why_no_start,
)
from beatrunner.core.governor import Lock
from beatrunner.core.governor.bounds import HOLD_TO_START_S


class _FromPage(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag=str.lower):
    pass


class Here(_FromPage, frozen=True):
    """The page is open and in front."""


class Press(_FromPage, frozen=True):
    """A finger, or a key, goes down on Start."""


class Release(_FromPage, frozen=True):
    """It is lifted; the page measured this."""

    held_ms: Annotated[float, Meta(ge=0, le=3_600_000)]


class Cancel(_FromPage, frozen=True):
    """It slid off, or the page lost it."""


class Stop(_FromPage, frozen=True):
    pass


class Nudge(_FromPage, frozen=True):
    speed_kmh: Annotated[float, Meta(ge=-1, le=1)] = 0.0
    incline_pct: Annotated[float, Meta(ge=-1, le=1)] = 0.0


class Unlock(_FromPage, frozen=True):
    pass


class Switch(_FromPage, frozen=True):
    """Take a part of a virtual gym away, or bring it back."""

    part: Literal["strap", "treadmill", "safety_key"]
    is_off: bool


class Calibrate(_FromPage, frozen=True):
    """Explain it, and wait for the hold."""


class Leave(_FromPage, frozen=True):
    """No calibration after all, or throw its result away."""


class Save(_FromPage, frozen=True):
    """Keep the result of the calibration."""


class Uncalibrate(_FromPage, frozen=True):
    """Forget how the treadmill was measured."""


class Choose(_FromPage, frozen=True):
    """Connect this device and no other."""

    kind: Kind
    address: Annotated[str, Meta(max_length=100)]


class Forget(_FromPage, frozen=True):
    """Connect whichever is the only one in reach."""

    kind: Kind


AtTheBelt = Here | Press | Release | Cancel | Stop | Nudge | Unlock
AtTheDesk = Calibrate | Leave | Save | Uncalibrate | Choose | Forget
FromPage = AtTheBelt | AtTheDesk | Switch


class View(Struct, frozen=True, kw_only=True):
    """All that the page shows. `held` is the share of the hold that is done."""

    shown: str
    words: str
    alarm: str | None
    lock: str | None
    can_unlock: bool
    reasons: list[str]
    no_start: str | None
    held: float | None
    is_driving: bool
    speed_kmh: float | None
    asked_kmh: float | None
    incline_pct: float | None
    heart_rate_bpm: float | None
    heart_fit: bool
    cadence_spm: float | None
    elapsed_s: float | None
    distance_m: float | None
    links: list[str]
    treadmill_name: str | None
    control: str
    switched_off: list[str] | None
    """What a virtual gym is without; None: it is a real one."""
    calibration: CalibrationView | None
    no_calibration: str | None
    """Why none can be begun now."""
    calibrated: str | None
    """Which calibration is in use."""
    can_uncalibrate: bool
    devices: list[DeviceView]
    no_choice: str | None
    """Why no other treadmill can be chosen now."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`server` says how it stands with the server, `no_workout` why there is nothing to start."""

    server: str
    no_workout: str
    trouble: str | None
    """With the radio."""
    switched_off: list[str] | None
    devices: list[DeviceView] = field(default_factory=list)
    remembered: Remembered | None = None
    """Of the treadmill's calibration."""


def view_of(picture: Picture, controls: Controls, recorder: Recorder, around: Surroundings) -> View:
    held_s = controls.held_s
    return View(
        shown=picture.shown,
        words="The belt is being calibrated" if picture.is_calibrating else SHOWN[picture.shown],
        alarm=ALARMS[picture.alarm] if picture.alarm else None,
        lock=LOCKS[picture.lock] if picture.lock else None,
        can_unlock=picture.lock is Lock.IDLE,
        reasons=reasons_of(picture),
        no_start=why_no_start(picture, around.no_workout, around.trouble),
        held=None if held_s is None else min(held_s / HOLD_TO_START_S, 1.0),
        is_driving=picture.control != "none",
        speed_kmh=picture.speed_kmh,
        asked_kmh=picture.asked_kmh,
        incline_pct=picture.incline_pct,
        heart_rate_bpm=picture.heart_rate_bpm,
        heart_fit=picture.heart_fit,
        cadence_spm=picture.cadence_spm,
        elapsed_s=recorder.elapsed_s(picture.now_s),
        distance_m=recorder.distance_m,
        links=[
            (around.trouble or TREADMILL[picture.treadmill]),
            HEART[picture.heart],
            POD[picture.pod],
            around.server,
        ],
        treadmill_name=picture.treadmill_name,
        control=picture.control,
        switched_off=around.switched_off,
        calibration=calibration_view(picture),
        no_calibration=why_no_calibration(picture),
        calibrated=calibrated_words(picture, around.remembered),
        can_uncalibrate=around.remembered is not None and around.remembered.calibration is not None,
        devices=around.devices,
        no_choice=why_no_choice(picture),
    )


def follow(message: AtTheBelt, controls: Controls, page: object) -> None:
    """What was pressed on `page`."""
    match message:
        case Press():
            controls.press(page)
        case Release(held_ms):
            controls.release(page, held_ms / 1000)
        case Cancel():
            controls.leave(page)
        case Stop():
            controls.stop()
        case Nudge(speed_kmh, incline_pct):
            controls.nudge(speed_kmh, incline_pct)
        case Unlock():
            controls.unlock()
