"""The tempo's columns."""

from __future__ import annotations

import numpy as np
import pytest

from beatrunner.core.effects.curves import position_columns, tempo_basis


def _tempi() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.normal(165.0, 9.0, 400), rng.uniform(0.5, 1.5, 400)


def test_the_line_is_in_sds_and_the_bends_have_none_of_it() -> None:
    tempo_bpm, weight = _tempi()
    basis = tempo_basis(tempo_bpm, weight)
    assert basis is not None
    columns = basis.columns(tempo_bpm)
    share = weight / weight.sum()
    assert columns.shape == (400, 4)
    assert share @ columns[:, 0] == pytest.approx(0.0, abs=1e-9)
    assert share @ columns[:, 0] ** 2 == pytest.approx(1.0)
    assert (share * columns[:, 0]) @ columns[:, 1:] == pytest.approx(np.zeros(3), abs=1e-9)
    assert share @ (columns[:, 1:] ** 2).sum(axis=1) == pytest.approx(1.0)


def test_beyond_the_outer_knots_the_curve_is_straight() -> None:
    basis = tempo_basis(*_tempi())
    assert basis is not None
    steps = np.diff(basis.columns(np.array([190.0, 200.0, 210.0, 220.0])), axis=0)
    assert steps[0] == pytest.approx(steps[1])
    assert steps[1] == pytest.approx(steps[2])


def test_an_unknown_tempo_counts_as_the_average() -> None:
    basis = tempo_basis(*_tempi())
    assert basis is not None
    assert not basis.columns(np.array([np.nan])).any()


@pytest.mark.parametrize("tempo_bpm", [[], [np.nan, np.nan], [170.0, 170.0], [np.nan, 170.0]])
def test_tempi_that_do_not_differ_make_no_curve(tempo_bpm: list[float]) -> None:
    assert tempo_basis(np.array(tempo_bpm), np.ones(len(tempo_bpm))) is None


def test_two_tempi_make_a_line() -> None:
    basis = tempo_basis(np.array([160.0, 180.0, 160.0]), np.ones(3))
    assert basis is not None
    assert basis.bends == 0


def test_the_position_bends_at_its_knots() -> None:
    columns = position_columns(np.array([0.0, 0.07, 0.5, 1.0]))
    assert columns.shape == (4, 5)
    assert columns[2] == pytest.approx([0.5, 0.43, 0.35, 0.2, 0.0])
