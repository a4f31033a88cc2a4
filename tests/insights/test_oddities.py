from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from beatrunner.insights.oddities import hours_off, may_be_octave_off
from beatrunner.kit.ids import new_id
from beatrunner.music.store import ListedListen
from tests.sample_files import MORNING

LENGTH_S = 1800
HOUR = timedelta(hours=1)


def listens(first_s: float, last_s: float, off: timedelta) -> list[ListedListen]:
    start = MORNING + off
    return [
        ListedListen(
            new_id(),
            "music",
            None,
            start + timedelta(seconds=at_s),
            start + timedelta(seconds=min(at_s + 200, last_s)),
            1.0,
            is_offline=False,
            is_shuffled=True,
            is_skipped=False,
        )
        for at_s in np.arange(first_s, last_s, 200).tolist()
    ]


@pytest.mark.parametrize("hours", [-2, 1, 11])
def test_a_session_that_fits_the_run_whole_hours_away(hours: int) -> None:
    heard = listens(-60, LENGTH_S + 60, hours * HOUR)
    assert hours_off(MORNING, MORNING + timedelta(seconds=LENGTH_S), heard) == -hours


def test_music_all_day_long_fits_nothing() -> None:
    heard = listens(0, 40_000, HOUR)
    assert hours_off(MORNING, MORNING + timedelta(seconds=LENGTH_S), heard) is None


def test_a_run_with_its_music_is_right_as_it_is() -> None:
    heard = [*listens(0, LENGTH_S, timedelta()), *listens(0, LENGTH_S, 3 * HOUR)]
    assert hours_off(MORNING, MORNING + timedelta(seconds=LENGTH_S), heard) is None


def test_sessions_at_two_hours_are_no_proof() -> None:
    heard = [*listens(0, LENGTH_S, 2 * HOUR), *listens(0, LENGTH_S, 5 * HOUR)]
    assert hours_off(MORNING, MORNING + timedelta(seconds=LENGTH_S), heard) is None


def test_tempi_that_nobody_runs_to_may_be_half_or_double() -> None:
    assert may_be_octave_off(62.0)
    assert may_be_octave_off(230.0)
    assert not may_be_octave_off(170.0)
    assert not may_be_octave_off(None)
