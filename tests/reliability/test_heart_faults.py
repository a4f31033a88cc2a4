"""`./dev bench heart-faults`, small: straps that fail raise no speed."""

from __future__ import annotations

from benchmarks.heart_faults import Judged, judge, judge_credulous


def test_straps_that_fail_raise_no_speed() -> None:
    seen = sum(map(judge, range(100)), Judged())
    assert seen.rises > 0
    assert (seen.unfit, seen.untrue) == (0, 0)


def test_the_judges_convict_a_governor_that_is_told_of_another_heart() -> None:
    seen = sum(map(judge_credulous, range(20)), Judged())
    assert seen.unfit > 0
    assert seen.untrue > 0
