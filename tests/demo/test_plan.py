from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beatrunner.core.sports import RUNNING
from beatrunner.demo.plan import DAYS, Music, plan

TODAY = date(2026, 11, 21)


@settings(max_examples=20, deadline=None)
@given(today=st.dates(date(2010, 1, 1), date(2060, 12, 31)), seed=st.integers(0, 1000))
def test_half_a_year_has_about_sixty_runs_whatever_the_day(today: date, seed: int) -> None:
    outings = plan(today, np.random.default_rng(seed))
    runs = [one for one in outings if one.outing.sport in RUNNING]
    assert 55 <= len(runs) <= 68
    starts = [one.outing.started_at for one in outings]
    assert starts == sorted(starts)
    assert today - timedelta(days=DAYS + 1) <= starts[0].date()
    assert starts[-1].date() < today


def test_there_is_some_of_everything() -> None:
    outings = plan(TODAY, np.random.default_rng(1))
    sports = Counter(one.outing.sport for one in outings)
    assert sports.keys() == {"run", "trail_run", "treadmill_run", "track_run", "walk", "ride"}
    assert sports["treadmill_run"] >= 10
    assert sports["trail_run"] >= 10
    assert {one.music for one in outings} == set(Music)
    forms = Counter((one.form, one.is_gzipped) for one in outings)
    assert forms.most_common(1)[0][0] == ("fit", True)
    assert {form for form, _ in forms} == {"fit", "gpx", "tcx"}
    assert any(one.outing.watch.is_smart for one in outings)
    assert any(one.outing.watch.heart_dropouts for one in outings)
    assert sum(one.paused_s > 0 for one in outings) == 1


def test_a_file_without_places_is_never_gpx() -> None:
    outings = plan(TODAY, np.random.default_rng(1))
    assert not [one for one in outings if one.form == "gpx" and one.outing.course is None]


def test_names_are_nearly_all_different_and_say_the_right_day() -> None:
    outings = plan(TODAY, np.random.default_rng(1))
    names = [one.outing.name or "" for one in outings]
    assert len(set(names)) > 0.9 * len(names)
    assert not [name for name in names if "{" in name]
    for one in outings:
        if "Tuesday" in (one.outing.name or ""):
            assert one.outing.started_at.strftime("%A") == "Tuesday"


@pytest.mark.parametrize(("summer", "offset_h"), [(True, 2), (False, 1)])
def test_runs_start_by_the_clock_on_the_wall(summer: bool, offset_h: int) -> None:
    outings = plan(TODAY, np.random.default_rng(1))
    is_then = [
        one.outing for one in outings if (one.outing.started_at.month in (6, 7, 8)) is summer
    ]
    offsets = {outing.utc_offset_s for outing in is_then if outing.started_at.month not in (9, 10)}
    assert 3600 * offset_h in offsets
