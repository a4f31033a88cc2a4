"""What the changes of a calibration run say together about a treadmill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from beatrunner.ble.calibration.response import (
    NEAR_KMH,
    Response,
    response_of,
    without_zero_frames,
)
from beatrunner.ble.machine import MachineFacts
from beatrunner.ble.telemetry import Reading
from beatrunner.codecs.calibration import TreadmillCalibration
from beatrunner.codecs.ftms.quantities import KMH_PER_MPS, SpeedUnit
from beatrunner.core.governor import Calibration

_MPH = SpeedUnit.MPH.value
_LIKENESS = 0.12
"""How far a ratio of speeds may be from that of a mile to a kilometre, as a share of it."""
_ENOUGH_M = 20.0
"""Distance comes in whole metres, and from some in tens."""
_MARGIN = 0.9
"""Somebody on the belt makes it slower than an empty one."""
_STEP_ERROR_KMH = 0.04


@dataclass(frozen=True, slots=True)
class Change:
    """A speed that was told at `told_s` to a belt at `before_kmh`, and what was seen since."""

    told_s: float
    before_kmh: float
    told_kmh: float
    readings: tuple[Reading, ...]

    @property
    def response(self) -> Response:
        return response_of(self.told_s, self.before_kmh, self.readings)

    def is_followed_from(self, slow: Change) -> bool:
        """Whether the belt settled as far above its slowest speed as it was told to."""
        ratio = slow.response.settled_kmh / slow.told_kmh
        off_kmh = self.response.settled_kmh - ratio * self.told_kmh
        return abs(off_kmh) <= _STEP_ERROR_KMH


def found(
    machine: MachineFacts,
    changes: Sequence[Change],
    readings: Sequence[Reading],
    *,
    speed_step_kmh: float | None,
    starts_by_command: bool,
    echoes_targets: bool,
) -> TreadmillCalibration:
    """The calibration from `changes`: faster, slower, faster, slower; `readings` of all the run.

    The first of them are enough for a calibration so far.

    Units are told apart by the distance, which is metres on every machine: where it grows by
    1.6 m for each that the speed would explain, the speed is in miles per hour. Then a speed told
    and not reached by the same ratio was taken for miles per hour. Without a distance the speeds
    in the data are taken to be what they are now.
    """
    scale = data_scale(readings)
    responses = [change.response for change in changes]
    factors = [
        response.settled_kmh * scale / change.told_kmh
        for change, response in zip(changes, responses, strict=True)
    ]
    unit = _likeness(factors[0])
    is_honest = all(
        abs(response.settled_kmh * scale - change.told_kmh * unit) <= NEAR_KMH + _STEP_ERROR_KMH
        for change, response in zip(changes, responses, strict=True)
    )
    quirks = machine.quirks
    return TreadmillCalibration(
        treadmill=machine.name,
        manufacturer=machine.manufacturer,
        calibration=_figures(machine, responses, scale, speed_step_kmh),
        commands_in_mph=_switched(quirks.commands_in_mph, unit),
        data_in_mph=_switched(quirks.data_in_mph, scale),
        is_honest=is_honest,
        starts_by_command=starts_by_command,
        echoes_targets=echoes_targets,
    )


def data_scale(readings: Sequence[Reading]) -> float:
    """True km/h for each km/h that is read: 1, or that of a mile to a kilometre or back."""
    by_speed_m = by_distance_m = 0.0
    for earlier, later in pairwise(without_zero_frames(readings)):
        if earlier.distance_m is None or later.distance_m is None:
            continue
        grown_m = later.distance_m - earlier.distance_m
        if grown_m >= 0:
            mean_kmh = (earlier.speed_kmh + later.speed_kmh) / 2
            by_speed_m += mean_kmh / KMH_PER_MPS * (later.at_s - earlier.at_s)
            by_distance_m += grown_m
    if by_speed_m < _ENOUGH_M or by_distance_m < _ENOUGH_M:
        return 1.0
    return _likeness(by_distance_m / by_speed_m)


def _likeness(ratio: float) -> float:
    """The ratio of a mile to a kilometre or back, if it is like one of them; else 1."""
    for known in (_MPH, 1 / _MPH):
        if abs(ratio - known) <= _LIKENESS * known:
            return known
    return 1.0


def _switched(in_mph: bool, ratio: float) -> bool:
    """Whether a unit is miles per hour after all, if it was read as `in_mph` and off by `ratio`."""
    return in_mph if ratio == 1.0 else ratio > 1.0


def _figures(
    machine: MachineFacts,
    responses: Sequence[Response],
    scale: float,
    speed_step_kmh: float | None,
) -> Calibration:
    """The slowest of what was seen; a reading is as old as the time between two, so lag gets it.

    A machine that did not move at all keeps the figures of one that nobody has measured.
    """
    unmeasured = machine.limits.uncalibrated
    ups, downs = responses[::2], responses[1::2]
    lags_s = [each.lag_s + each.interval_s for each in responses if each.lag_s is not None]
    overshoot_kmh = max(each.overshoot_kmh for each in responses) * scale
    return Calibration(
        lag_s=round(max(lags_s, default=unmeasured.lag_s), 2),
        ramp_up_kmh_s=_ramp(ups, scale, unmeasured.ramp_up_kmh_s),
        ramp_down_kmh_s=_ramp(downs, scale, unmeasured.ramp_down_kmh_s),
        overshoot_kmh=round(overshoot_kmh, 2),
        settle_s=round(max(each.settle_s for each in responses), 2),
        speed_step_kmh=speed_step_kmh or max(0.5, machine.limits.speed_step_kmh),
        incline_step_pct=machine.limits.incline_step_pct,
    )


def _ramp(responses: Sequence[Response], scale: float, unmeasured_kmh_s: float) -> float:
    ramps = [each.ramp_kmh_s for each in responses if each.ramp_kmh_s is not None]
    if not ramps or len(ramps) < len(responses):
        return unmeasured_kmh_s
    return round(min(ramps) * scale * _MARGIN, 3)
