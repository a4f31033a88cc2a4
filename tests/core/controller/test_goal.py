from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.controller import Machine


@given(st.floats(-50.0, 50.0), st.sampled_from([0.1, 0.2, 0.5, 1.0]))
def test_a_speed_is_the_nearest_the_belt_can_go_at(wanted_kmh: float, step_kmh: float) -> None:
    machine = Machine(1.0, 15.0, step_kmh)
    speed_kmh = machine.speed_kmh(wanted_kmh)
    assert 1.0 <= speed_kmh <= 15.0
    assert speed_kmh / step_kmh == pytest.approx(round(speed_kmh / step_kmh))
    within = min(max(wanted_kmh, 1.0), 15.0)
    assert abs(speed_kmh - within) <= step_kmh / 2 + 0.005


def test_a_belt_without_steps_goes_at_any_speed() -> None:
    assert Machine(1.0, 15.0, 0.0).speed_kmh(7.77) == 7.77


def test_incline_has_its_own_bounds_and_steps() -> None:
    machine = Machine(1.0, 15.0, 0.1, -3.0, 8.0, 0.5)
    assert [machine.incline_pct(wanted) for wanted in (-9.0, 0.3, 2.7, 20.0)] == [-3, 0.5, 2.5, 8]
