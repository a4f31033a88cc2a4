"""Mixtures of normal distributions."""

from __future__ import annotations

import numpy as np
import pytest

from beatrunner.core.effects.mixture import Mixture


def _one(mean: float, sd: float) -> Mixture:
    return Mixture(np.array([1.0]), np.array([[mean]]), np.array([[sd]]))


def test_one_normal_distribution_has_its_own_interval() -> None:
    (estimate,) = _one(2.0, 3.0).estimates()
    assert (estimate.value, estimate.low, estimate.high) == pytest.approx(
        (2.0, 2.0 - 1.96 * 3.0, 2.0 + 1.96 * 3.0), abs=1e-3
    )
    assert _one(1.96, 1.0).above_zero()[0] == pytest.approx(0.975, abs=1e-4)


def test_a_wide_part_widens_the_interval() -> None:
    mixed = Mixture(np.array([0.9, 0.1]), np.zeros((2, 1)), np.array([[1.0], [10.0]]))
    (estimate,) = mixed.estimates()
    # By simulation: 97.5 % of such draws lie below 6.7.
    assert estimate.high == pytest.approx(6.73, abs=0.05)
    assert estimate.low == pytest.approx(-estimate.high, abs=1e-3)
    assert mixed.deviation()[0] == pytest.approx(np.sqrt(0.9 + 10.0))


def test_what_is_certain_has_no_interval() -> None:
    (estimate,) = _one(0.0, 0.0).estimates()
    assert estimate.low == pytest.approx(0.0, abs=1e-9)
    assert _one(0.0, 0.0).above_zero()[0] == pytest.approx(0.5)
    assert _one(1.0, 0.0).above_zero()[0] == pytest.approx(1.0)


def test_nothing_is_a_mixture_too() -> None:
    assert Mixture(np.array([1.0]), np.zeros((1, 0)), np.zeros((1, 0))).estimates() == []
