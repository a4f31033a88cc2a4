"""What a calibration run found out about one treadmill, and the JSON in which it is shared.

A file comes from a stranger and tells the governor how far a belt may be from what it was told,
so its figures are held to what a treadmill can be, and unknown fields are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

import msgspec

from beatrunner.core.governor import Calibration

_FORM: Final = "beatrunner-treadmill-calibration"
_LARGEST_BYTES = 10_000


class CalibrationFileError(ValueError):
    """Not the calibration of a treadmill; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class TreadmillCalibration:
    """How one treadmill follows, and what is odd about it."""

    treadmill: str
    manufacturer: str | None
    calibration: Calibration
    commands_in_mph: bool = False
    data_in_mph: bool = False
    is_honest: bool = True
    """Whether it does what it accepts. One that does not is not driven."""
    starts_by_command: bool = True
    echoes_targets: bool = True
    """Whether it reports the targets that it was told, as status 05."""


_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
_Waiting = Annotated[float, msgspec.Meta(ge=0, le=20)]
_Ramp = Annotated[float, msgspec.Meta(ge=0.05, le=10)]
_Overshoot = Annotated[float, msgspec.Meta(ge=0, le=2)]
_SpeedStep = Annotated[float, msgspec.Meta(ge=0.01, le=1)]
_InclineStep = Annotated[float, msgspec.Meta(ge=0.1, le=2)]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    form: Literal["beatrunner-treadmill-calibration"]
    version: Literal[1]
    treadmill: _Name
    manufacturer: _Name | None
    lag_s: _Waiting
    ramp_up_kmh_s: _Ramp
    ramp_down_kmh_s: _Ramp
    overshoot_kmh: _Overshoot
    settle_s: _Waiting
    speed_step_kmh: _SpeedStep
    incline_step_pct: _InclineStep
    commands_in_mph: bool
    data_in_mph: bool
    is_honest: bool
    starts_by_command: bool
    echoes_targets: bool


def decode_calibration(text: bytes | str) -> TreadmillCalibration:
    """Read a file. Raises `CalibrationFileError`."""
    if len(text) > _LARGEST_BYTES:
        raise CalibrationFileError("The file is too large for a calibration.")
    try:
        file = msgspec.json.decode(text, type=_File)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise CalibrationFileError(f"Not the calibration of a treadmill: {error}.") from error
    return TreadmillCalibration(
        treadmill=file.treadmill,
        manufacturer=file.manufacturer,
        calibration=Calibration(
            lag_s=file.lag_s,
            ramp_up_kmh_s=file.ramp_up_kmh_s,
            ramp_down_kmh_s=file.ramp_down_kmh_s,
            overshoot_kmh=file.overshoot_kmh,
            settle_s=file.settle_s,
            speed_step_kmh=file.speed_step_kmh,
            incline_step_pct=file.incline_step_pct,
        ),
        commands_in_mph=file.commands_in_mph,
        data_in_mph=file.data_in_mph,
        is_honest=file.is_honest,
        starts_by_command=file.starts_by_command,
        echoes_targets=file.echoes_targets,
    )


def encode_calibration(measured: TreadmillCalibration) -> bytes:
    """The JSON of a calibration, which `decode_calibration` reads back as it was.

    Raises `CalibrationFileError` for figures that no treadmill has.
    """
    figures = measured.calibration
    text = msgspec.json.encode(
        _File(
            form=_FORM,
            version=1,
            treadmill=measured.treadmill,
            manufacturer=measured.manufacturer,
            lag_s=figures.lag_s,
            ramp_up_kmh_s=figures.ramp_up_kmh_s,
            ramp_down_kmh_s=figures.ramp_down_kmh_s,
            overshoot_kmh=figures.overshoot_kmh,
            settle_s=figures.settle_s,
            speed_step_kmh=figures.speed_step_kmh,
            incline_step_pct=figures.incline_step_pct,
            commands_in_mph=measured.commands_in_mph,
            data_in_mph=measured.data_in_mph,
            is_honest=measured.is_honest,
            starts_by_command=measured.starts_by_command,
            echoes_targets=measured.echoes_targets,
        )
    )
    decode_calibration(text)
    return text
