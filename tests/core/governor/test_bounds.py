import math
from collections.abc import Callable
from functools import partial

import pytest

from beatrunner.core.governor import Bounds, Calibration, Limits
from beatrunner.core.governor.bounds import step_down, step_up

WIDE = Bounds(20.0, -3.0, 15.0)


def refused(make: Callable[[], object]) -> bool:
    try:
        make()
    except ValueError:
        return True
    return False


def with_one(values: tuple[float, ...], place: int, value: float) -> list[float]:
    return [value if at == place else each for at, each in enumerate(values)]


def test_i2_the_narrowest_of_three_counts() -> None:
    limits = Limits(WIDE, Bounds(16.0, -2.0, 12.0), Bounds(12.0, -1.0, 10.0), 1.0)
    assert (limits.max_speed_kmh, limits.min_incline_pct, limits.max_incline_pct) == (12, -1, 10)
    turned = Limits(Bounds(12.0, -1.0, 10.0), WIDE, Bounds(16.0, -2.0, 12.0), 1.0)
    assert (turned.max_speed_kmh, turned.min_incline_pct, turned.max_incline_pct) == (12, -1, 10)
    assert [limits.incline_pct(each) for each in (-5, -1, 3, 10, 11)] == [-1, -1, 3, 10, 10]


def test_i2_bounds_that_are_no_numbers_are_refused() -> None:
    for bad in (math.nan, math.inf, -math.inf):
        assert refused(partial(Bounds, bad, 0.0, 1.0))
        assert refused(partial(Bounds, 1.0, bad, 1.0))
        assert refused(partial(Bounds, 1.0, 0.0, bad))
    assert refused(lambda: Bounds(-0.1, 0.0, 1.0))
    assert refused(lambda: Bounds(1.0, 1.1, 1.0))
    assert Bounds(0.0, 1.0, 1.0).max_speed_kmh == 0


def test_i2_limits_that_leave_nothing_are_refused() -> None:
    assert refused(lambda: Limits(WIDE, WIDE, WIDE, 0.0))
    assert refused(lambda: Limits(WIDE, WIDE, WIDE, math.nan))
    assert refused(lambda: Limits(WIDE, Bounds(0.9, 0.0, 1.0), WIDE, 1.0))
    assert refused(lambda: Limits(Bounds(9.0, 2.0, 3.0), Bounds(9.0, 0.0, 1.0), WIDE, 1.0))
    narrow = Bounds(1.0, 2.0, 2.0)
    assert Limits(narrow, narrow, narrow, 1.0).max_speed_kmh == 1


def test_a_calibration_of_a_belt_that_cannot_move_is_refused() -> None:
    good = (1.0, 0.5, 1.0, 0.2, 5.0, 0.1, 0.5)
    assert Calibration(*good).speed_step_kmh == 0.1
    assert Calibration(0.0, 0.5, 1.0, 0.0, 0.0).incline_step_pct == 0.5
    assert Calibration(0.0, 0.5, 1.0, 0.0).settle_s == 5.0
    for place in range(len(good)):
        for bad in (math.nan, math.inf, -0.1):
            assert refused(partial(Calibration, *with_one(good, place, bad)))
    for moving in (1, 2, 5, 6):
        assert refused(partial(Calibration, *with_one(good, moving, 0.0)))


def test_steps_of_the_machine() -> None:
    assert step_down(10.07, 0.1) == 10.0
    assert step_down(0.1 + 0.2, 0.1) == 0.3
    assert step_down(2.3 - 0.1, 0.1) == pytest.approx(2.2, abs=0)
    assert step_up(10.01, 0.1) == 10.1
    assert step_up(0.1 + 0.2, 0.1) == 0.3
    assert step_down(-0.3, 0.5) == -0.5
    assert step_up(-0.3, 0.5) == 0
    assert step_down(1.0, 0.16) == 0.96
