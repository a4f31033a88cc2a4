"""Units of FTMS."""

from __future__ import annotations

import pytest

from beatrunner.codecs.ftms.quantities import (
    INCLINATION,
    SPEED,
    SpeedUnit,
    in_unit,
    mps_from_kmh,
)


def test_speeds_are_converted() -> None:
    assert mps_from_kmh(9.0) == 2.5


def test_a_unit_of_speed_concerns_nothing_but_speeds() -> None:
    assert in_unit(SPEED, SpeedUnit.KMH) == SPEED
    assert in_unit(INCLINATION, SpeedUnit.MPH) is INCLINATION
    assert in_unit(SPEED, SpeedUnit.MPH).decode(b"\x64\x00") == pytest.approx(1.609344)
