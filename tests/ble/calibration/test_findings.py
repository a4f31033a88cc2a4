from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.ble.calibration.findings import data_scale
from beatrunner.ble.telemetry import Reading

MILE_KM = 1.609344


def _walk(true_kmh: float, read_kmh: float, grain_m: int, duration_s: int = 90) -> list[Reading]:
    """A walk whose distance is counted in whole `grain_m`."""
    return [
        Reading(read_kmh, None, true_kmh / 3.6 * s // grain_m * grain_m, None, None, float(s))
        for s in range(duration_s)
    ]


@given(st.floats(1.5, 4), st.sampled_from([1, 5, 10]))
def test_the_distance_tells_the_unit(true_kmh: float, grain_m: int) -> None:
    assert data_scale(_walk(true_kmh, true_kmh, grain_m)) == 1.0
    if grain_m == 1:
        assert data_scale(_walk(true_kmh, true_kmh / MILE_KM, grain_m)) == pytest.approx(MILE_KM)
        assert data_scale(_walk(true_kmh, true_kmh * MILE_KM, grain_m)) == pytest.approx(
            1 / MILE_KM
        )


def test_without_a_distance_the_speed_is_believed() -> None:
    silent = [Reading(2.0, None, None, None, None, float(s)) for s in range(90)]
    assert data_scale(silent) == 1.0
    assert data_scale(_walk(3.0, 3.0 / MILE_KM, 1, duration_s=10)) == 1.0
    assert data_scale([]) == 1.0
