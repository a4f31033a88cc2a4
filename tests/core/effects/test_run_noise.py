"""Rough runs weigh less, and equal ones equally."""

from __future__ import annotations

import numpy as np
import pytest

from beatrunner.core.effects.run_noise import _digamma, _trigamma, relative_variances

_RUNS, _PLAYS = 60, 15


def _residuals(sizes: np.ndarray, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    run = np.repeat(np.arange(len(sizes)), _PLAYS)
    return sizes[run] * rng.normal(size=len(run)), run


def test_runs_of_one_noise_have_one_weight() -> None:
    residuals, run = _residuals(np.full(_RUNS, 3.0))
    variances = relative_variances(residuals, run, _RUNS, 0)
    assert np.std(np.log(variances)) < 0.1


def test_runs_of_unequal_noise_are_told_apart() -> None:
    sizes = np.exp(np.random.default_rng(1).normal(0.0, 0.5, _RUNS))
    residuals, run = _residuals(sizes)
    variances = relative_variances(residuals, run, _RUNS, 0)
    assert np.corrcoef(np.log(variances), np.log(sizes[run]))[0, 1] > 0.9


def test_a_play_is_not_judged_by_itself() -> None:
    residuals, run = _residuals(np.exp(np.random.default_rng(1).normal(0.0, 0.5, _RUNS)))
    before = relative_variances(residuals, run, _RUNS, 0)
    residuals[4] += 30.0
    after = relative_variances(residuals, run, _RUNS, 0)
    assert after[4] < 3.0 * before[4]
    assert after[5] > 10.0 * before[5]


@pytest.mark.parametrize("runs", [0, 1, 4])
def test_few_runs_count_alike(runs: int) -> None:
    residuals, run = _residuals(np.arange(1.0, runs + 1.0))
    assert (relative_variances(residuals, run, runs, 0) == 1.0).all()


def test_runs_without_any_noise_are_no_trouble() -> None:
    residuals, run = _residuals(np.zeros(_RUNS))
    assert (relative_variances(residuals, run, _RUNS, 0) == 1.0).all()


def test_digamma_and_trigamma_are_those_of_the_tables() -> None:
    """Abramowitz & Stegun 1972, tables 6.1 and 6.2; at a half, closed forms."""
    at = np.array([0.5, 1.0, 2.0, 10.0])
    euler = 0.5772156649
    assert _digamma(at) == pytest.approx(
        [-euler - 2.0 * np.log(2.0), -euler, 1.0 - euler, 2.2517525891], abs=1e-8
    )
    assert _trigamma(at) == pytest.approx(
        [np.pi**2 / 2.0, np.pi**2 / 6.0, np.pi**2 / 6.0 - 1.0, 0.1051663357], abs=1e-7
    )
