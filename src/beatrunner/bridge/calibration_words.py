"""A calibration as the page beside the belt tells it."""

from __future__ import annotations

from msgspec import Struct

from beatrunner.ble.calibration.procedure import Progress, Step
from beatrunner.bridge.memory import Remembered
from beatrunner.bridge.picture import Picture
from beatrunner.bridge.words import LOCKS, SHOWN, TREADMILL
from beatrunner.codecs.calibration import TreadmillCalibration
from beatrunner.core.governor import Lock, Shown

#: From these steps on a figure has been seen at least once.
_SINCE = {
    "lag": Step.SLOWER,
    "up": Step.SLOWER,
    "down": Step.FASTER_AGAIN,
    "overshoot": Step.FASTER_AGAIN,
    "unit": Step.FASTER_AGAIN,
    "honest": Step.FASTER_AGAIN,
    "step": Step.STOPPING,
}
_ORDER = tuple(Step)
_LAG = "Answers after"
_UP = "Speeds up by"
_DOWN = "Slows down by"
_OVERSHOOT = "Overshoots by"
_UNIT = "Counts in"
_HONEST = "Does what it says"
_STEP = "Smallest change"


class Figure(Struct, frozen=True):
    """`value` None: not measured yet."""

    name: str
    value: str | None
    unit: str = ""


class CalibrationView(Struct, frozen=True, kw_only=True):
    """`summary` is there when it went well, `trouble` when it did not."""

    now_s: float
    step: str
    words: str
    share: float
    told_kmh: float | None
    no_start: str | None
    figures: list[Figure]
    summary: str | None
    is_honest: bool
    trouble: str | None


def calibration_view(picture: Picture) -> CalibrationView | None:
    progress = picture.calibration
    if progress is None:
        return None
    measured = progress.measured if progress.step is Step.OVER else None
    return CalibrationView(
        now_s=picture.now_s,
        step=progress.step,
        words=progress.words,
        share=progress.share,
        told_kmh=progress.told_kmh,
        no_start=_why_no_start(picture),
        figures=figures_of(progress),
        summary=None if measured is None else summary_of(measured),
        is_honest=progress.so_far is None or progress.so_far.is_honest,
        trouble=progress.trouble,
    )


def why_no_calibration(picture: Picture) -> str | None:
    """Why it cannot be begun now; None when it can."""
    if picture.treadmill != "connected":
        return f"{TREADMILL[picture.treadmill]}."
    if picture.refusal:
        return picture.refusal
    if picture.lock not in (None, Lock.IDLE):
        return LOCKS[picture.lock]
    if picture.server_up:
        return "A workout is open. Calibrate before it, or after it."
    if picture.control != "none" or picture.shown is Shown.STOPPING:
        return f"{SHOWN[picture.shown]}."
    return None


def _why_no_start(picture: Picture) -> str | None:
    progress = picture.calibration
    if progress is None or progress.step is not Step.READY:
        return "The calibration is under way."
    return LOCKS[picture.lock] if picture.lock else None


def figures_of(progress: Progress) -> list[Figure]:
    """All that are measured, in the order of the page; those that are not known yet are empty."""
    so_far = progress.so_far
    values = {} if so_far is None else _values(so_far)
    reached = 0 if progress.trouble else _ORDER.index(progress.step)
    return [
        Figure(name, *values[key])
        if key in values and reached >= _ORDER.index(_SINCE[key])
        else Figure(name, None)
        for key, name in (
            ("lag", _LAG),
            ("up", _UP),
            ("down", _DOWN),
            ("overshoot", _OVERSHOOT),
            ("step", _STEP),
            ("unit", _UNIT),
            ("honest", _HONEST),
        )
    ]


def _values(measured: TreadmillCalibration) -> dict[str, tuple[str, str]]:
    """The figures with their units."""
    figures = measured.calibration
    unit, exception = "kilometres", ""
    if measured.commands_in_mph:
        unit, exception = "miles", "" if measured.data_in_mph else "but tells kilometres"
    elif measured.data_in_mph:
        exception = "but tells miles"
    return {
        "lag": (f"{figures.lag_s:.1f}", "s"),
        "up": (f"{figures.ramp_up_kmh_s:.1f}", "km/h a second"),
        "down": (f"{figures.ramp_down_kmh_s:.1f}", "km/h a second"),
        "overshoot": (f"{figures.overshoot_kmh:.1f}", "km/h"),
        "step": (f"{figures.speed_step_kmh:g}", "km/h"),
        "unit": (unit, exception),
        "honest": ("Yes" if measured.is_honest else "No", ""),
    }


def _units(measured: TreadmillCalibration) -> str:
    match measured.commands_in_mph, measured.data_in_mph:
        case False, False:
            return "kilometres"
        case True, True:
            return "miles"
        case True, False:
            return "miles when told, kilometres when it tells"
    return "kilometres when told, miles when it tells"


def summary_of(measured: TreadmillCalibration) -> str:
    """The result in one or two sentences."""
    figures = measured.calibration
    words = (
        f"Your treadmill answers in {figures.lag_s:.1f} s, gains {figures.ramp_up_kmh_s:.1f} and"
        f" loses {figures.ramp_down_kmh_s:.1f} km/h a second"
    )
    if figures.overshoot_kmh:
        words += f", and overshoots by {figures.overshoot_kmh:.1f} km/h"
    words += "."
    if measured.commands_in_mph or measured.data_in_mph:
        words += f" It counts in {_units(measured)}: BeatRunner converts that from now on."
    if not measured.starts_by_command:
        words += " It has to be started at its console."
    return words


def calibrated_words(picture: Picture, remembered: Remembered | None) -> str | None:
    """Which calibration is in use."""
    if picture.treadmill_name is None:
        return None
    if remembered is None or remembered.calibration is None:
        if picture.is_calibrated:
            return "Its figures are known, because it is virtual."
        return "Not calibrated: taken for a slow one, so everything is changed early and gently."
    day = remembered.at.astimezone()  # this computer's zone
    origin = "here" if remembered.is_from_here else "taken from the server"
    return f"Calibrated on {day.day} {day:%B %Y}, {origin}."
