"""Figures read off a belt that is known exactly, seen once a second."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.ble.calibration.response import (
    is_settled,
    response_of,
    without_zero_frames,
)
from beatrunner.ble.telemetry import Reading


def readings(*speeds_kmh: float, from_s: float = 0.0) -> list[Reading]:
    return [
        Reading(speed_kmh, None, None, None, None, from_s + at_s)
        for at_s, speed_kmh in enumerate(speeds_kmh)
    ]


def ramp(
    before_kmh: float, after_kmh: float, lag_s: float, ramp_kmh_s: float, phase_s: float
) -> list[Reading]:
    """A belt told at 0 s, seen each second from `phase_s` on."""
    found = []
    for second in range(15):
        at_s = second + phase_s
        moved_kmh = min(max(at_s - lag_s, 0.0) * ramp_kmh_s, abs(after_kmh - before_kmh))
        sign = 1 if after_kmh > before_kmh else -1
        speed_kmh = round(before_kmh + sign * moved_kmh, 2)
        found.append(Reading(speed_kmh, None, None, None, None, at_s))
    return found


@given(
    lag_s=st.floats(0.2, 3),
    ramp_kmh_s=st.floats(0.25, 1.0),
    phase_s=st.floats(0.01, 0.99),
    change_kmh=st.sampled_from([2.0, -2.0]),
)
def test_lag_and_ramp_of_a_known_belt(
    lag_s: float, ramp_kmh_s: float, phase_s: float, change_kmh: float
) -> None:
    seen = ramp(3.0, 3.0 + change_kmh, lag_s, ramp_kmh_s, phase_s)
    response = response_of(0.0, 3.0, seen)
    assert response.settled_kmh == pytest.approx(3.0 + change_kmh, abs=0.01)
    assert response.interval_s == pytest.approx(1.0)
    assert response.lag_s == pytest.approx(lag_s, abs=1.0)
    assert response.ramp_kmh_s is not None
    assert response.ramp_kmh_s <= ramp_kmh_s * 1.1, "never quicker than it is"
    assert response.overshoot_kmh == 0


@given(lag_s=st.floats(0.2, 3), phase_s=st.floats(0.01, 0.99))
def test_a_slow_ramp_is_measured_well(lag_s: float, phase_s: float) -> None:
    response = response_of(0.0, 1.0, ramp(1.0, 3.0, lag_s, 0.5, phase_s))
    assert response.ramp_kmh_s == pytest.approx(0.5, abs=0.05)
    assert response.lag_s == pytest.approx(lag_s, abs=0.15)


def test_overshoot_and_settling() -> None:
    seen = readings(1.0, 2.0, 3.0, 3.8, 3.8, 3.8, 3.4, 3.0, 3.0, 3.0, 3.0, from_s=1.0)
    response = response_of(0.0, 1.0, seen)
    assert response.overshoot_kmh == pytest.approx(0.8)
    assert response.settle_s == pytest.approx(7.0, abs=1.5)
    falling = readings(3.0, 2.0, 1.0, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0, from_s=1.0)
    assert response_of(0.0, 3.0, falling).overshoot_kmh == pytest.approx(0.5)


def test_a_belt_that_does_not_move_has_no_ramp() -> None:
    response = response_of(0.0, 1.0, readings(1.0, 1.0, 1.02, 1.0, 1.0))
    assert (response.lag_s, response.ramp_kmh_s, response.overshoot_kmh) == (None, None, 0)


def test_a_belt_that_jumps_has_the_slowest_ramp_that_explains_it() -> None:
    response = response_of(0.0, 1.0, readings(1.0, 3.0, 3.0, 3.0, 3.0, from_s=0.5))
    assert response.ramp_kmh_s == pytest.approx(2.0)
    assert response.lag_s == pytest.approx(0.5)


def test_settled_is_three_readings_alike() -> None:
    assert is_settled(readings(1.0, 3.0, 3.01, 3.0))
    assert not is_settled(readings(3.0, 3.0))
    assert not is_settled(readings(2.8, 2.9, 3.0))


def test_single_zeros_are_no_speeds() -> None:
    speeds = [each.speed_kmh for each in without_zero_frames(readings(3, 0, 3, 0, 0, 3, 0))]
    assert speeds == [3, 3, 0, 0, 3]
    assert without_zero_frames([]) == []
