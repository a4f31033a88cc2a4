"""Small versions of `./dev bench gait` and `gap`, with fixed seeds."""

from __future__ import annotations

import pytest

from benchmarks import gait, gap
from benchmarks.real_files import RUNS

has_real_files = pytest.mark.skipif(not RUNS.exists(), reason="The files are others'.")


def test_own_runs_tell_a_speed_better_than_the_population_and_other_runs_do_not() -> None:
    figures = gait.simulated(runners=12)
    assert len(figures) == 8
    assert [figure["what"] for figure in figures if not figure["ok"]] == []


@has_real_files
def test_the_first_half_of_real_runs_foretells_the_second() -> None:
    figures = gait.real(RUNS)
    assert len(figures) == 7
    assert [figure["what"] for figure in figures if not figure["ok"]] == []


@has_real_files
def test_grade_adjusted_pace_is_close_to_what_strava_says() -> None:
    figures = gap.figures(RUNS)
    assert len(figures) == 6
    assert [figure["what"] for figure in figures if not figure["ok"]] == []
