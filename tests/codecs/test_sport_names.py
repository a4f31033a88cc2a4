"""Words for sports, in whatever language and spelling."""

from __future__ import annotations

import pytest

from beatrunner.codecs.sport_names import ON_FOOT, sport_in_title, sport_named
from beatrunner.core.sports import RUNNING, SPORTS


@pytest.mark.parametrize(
    ("text", "sport"),
    [("Running", "run"), ("trail_running", "trail_run"), ("Trail Run", "trail_run"),
     ("9", "run"), ("Course à pied", "run"), ("VirtualRun", "virtual_run"), ("Biking", "ride"),
     ("ランニング", "run"), ("treadmill_run", "treadmill_run"), ("Chess", None), ("", None),
     (None, None)],
)  # fmt: skip
def test_names(text: str | None, sport: str | None) -> None:
    assert sport_named(text) == sport


@pytest.mark.parametrize("sport", sorted(SPORTS - {"other"}))
def test_our_own_words_are_understood(sport: str) -> None:
    assert sport_named(sport) == sport


def test_titles() -> None:
    assert sport_in_title("Running 5/6/14 7:02 am") == "run"
    assert sport_in_title("Stage 9 of the tour") is None
    assert sport_in_title(None) is None


def test_runs_are_on_foot() -> None:
    assert RUNNING < ON_FOOT < SPORTS
