from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.estimate import Estimate, root_sum_square

estimates = st.builds(Estimate.from_sd, st.floats(-1e3, 1e3), st.floats(0.01, 1e3))


@pytest.mark.parametrize("values", [(math.nan, 0, 1), (0, -math.inf, 1), (2, 0, 1), (0, 1, 0)])
def test_what_is_no_estimate_is_refused(values: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="Not"):
        Estimate(*values)


@given(estimates)
def test_deviation_and_interval_are_one(estimate: Estimate) -> None:
    again = Estimate.from_sd(estimate.value, estimate.sd)
    assert again.low == pytest.approx(estimate.low)
    assert again.high == pytest.approx(estimate.high)


@given(estimates, estimates)
def test_together_they_say_more_than_each_and_nothing_outside(
    one: Estimate, other: Estimate
) -> None:
    both = one.combined(other)
    assert both.sd <= min(one.sd, other.sd) * (1 + 1e-9)
    least, most = sorted((one.value, other.value))
    assert least - 1e-6 <= both.value <= most + 1e-6
    assert both.value == pytest.approx(other.combined(one).value)


def test_what_is_exact_needs_no_second_opinion() -> None:
    exact, vague = Estimate.exact(5.0), Estimate.from_sd(1.0, 1.0)
    assert exact.combined(vague) == vague.combined(exact) == exact


@given(estimates, st.floats(-500, 500), st.floats(0, 500))
def test_clipped_stays_in_order_and_inside(estimate: Estimate, least: float, width: float) -> None:
    clipped = estimate.clipped(least, least + width)
    assert least <= clipped.low <= clipped.value <= clipped.high <= least + width


def test_scaled_is_another_unit() -> None:
    assert Estimate(2.0, 1.0, 4.0).scaled(3.6) == Estimate(7.2, 3.6, 14.4)


def test_root_sum_square() -> None:
    assert root_sum_square([3.0, 4.0]) == 5.0


def test_all_three_are_rounded() -> None:
    assert Estimate(1.26, 0.94, 2.0).rounded(1) == Estimate(1.3, 0.9, 2.0)
