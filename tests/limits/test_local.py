"""Exact in every window, whatever comes when; in bounded memory."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from beatrunner.limits.local import LocalCounts
from beatrunner.limits.policy import Ask, Policy
from tests.limits.stop_watch import StopWatch

POLICY = Policy("account", 5, window_s=60)
TIGHT = Policy("imports", 2, window_s=60)
ASK = [Ask(POLICY, "runner")]


def counts(watch: StopWatch, most: int = 100) -> LocalCounts:
    return LocalCounts([POLICY, TIGHT], ticks_s=watch, most=most)


def test_a_window_is_an_hour_and_the_reserve_a_twentieth() -> None:
    assert Policy("account", 100).window_s == 3600
    assert [Policy("account", quota).reserve for quota in (5, 19, 20, 100)] == [1, 1, 1, 5]


@given(st.lists(st.floats(0, 40), max_size=60))
def test_no_window_has_more_and_no_place_stays_empty(pauses_s: list[float]) -> None:
    watch = StopWatch()
    found = counts(watch)
    taken: list[float] = []
    for pause_s in pauses_s:
        watch.now_s += pause_s
        in_window = [at for at in taken if at > watch.now_s - 60]
        verdict = found.take(ASK)
        assert bool(verdict.refused_by) == (len(in_window) >= 5)
        if not verdict.refused_by:
            taken.append(watch.now_s)
            assert verdict.uses[0].remaining == 5 - len(in_window) - 1


def test_it_says_when_the_oldest_leaves() -> None:
    watch = StopWatch()
    found = counts(watch)
    assert found.take(ASK).uses[0].reset_s == 60
    watch.now_s += 10
    for _ in range(4):
        assert found.take(ASK).uses[0].reset_s == 50
    (use,) = found.take(ASK).refused_by
    assert (use.remaining, use.reset_s) == (0, 50)
    watch.now_s += 50
    assert not found.take(ASK).refused_by
    assert found.take(ASK).refused_by


def test_who_is_refused_by_one_policy_is_counted_by_none() -> None:
    found = counts(StopWatch())
    both = [*ASK, Ask(TIGHT, "runner")]
    for _ in range(2):
        assert not found.take(both).refused_by
    assert [use.policy for use in found.take(both).refused_by] == [TIGHT]
    assert found.take(ASK).uses[0].remaining == 2


def test_a_look_counts_nothing() -> None:
    found = counts(StopWatch())
    assert {found.look(ASK).uses[0].remaining for _ in range(9)} == {5}


def test_subjects_beyond_the_most_share_one_count() -> None:
    watch = StopWatch()
    found = counts(watch, most=3)
    for number in range(3):
        assert not found.take([Ask(POLICY, str(number))]).refused_by
    strangers = [found.take([Ask(POLICY, f"stranger {number}")]) for number in range(20)]
    assert sum(not verdict.refused_by for verdict in strangers) == 5
    assert found.take([Ask(POLICY, "0")]).uses[0].remaining == 3
    # Another policy has places of its own.
    assert not found.take([Ask(TIGHT, "stranger 1")]).refused_by
    watch.now_s += 60
    found.sweep()
    assert found.take([Ask(POLICY, "stranger 1")]).uses[0].remaining == 4
    assert found.take([Ask(POLICY, "stranger 2")]).uses[0].remaining == 4


def test_the_idle_alone_are_swept() -> None:
    watch = StopWatch()
    found = counts(watch)
    found.take(ASK)
    watch.now_s += 59
    found.sweep()
    assert found.look(ASK).uses[0].remaining == 4


def test_what_was_before_counts() -> None:
    watch = StopWatch()
    found = counts(watch)
    found.take(ASK)
    found.remember("account|runner", 20.0, 3)
    found.remember("a policy of long ago|runner", 1.0, 3)
    (use,) = found.look(ASK).uses
    assert (use.remaining, use.reset_s) == (1, 40)
    watch.now_s += 41
    assert found.look(ASK).uses[0].remaining == 4


def test_the_reserve_of_crashes_counts_for_everybody_for_a_window() -> None:
    watch = StopWatch()
    policy = Policy("account", 100, window_s=60)
    found = LocalCounts([policy], ticks_s=watch)
    found.reserve_for(2)
    assert found.look([Ask(policy, "one")]).uses[0].remaining == 90
    watch.now_s += 60
    assert found.look([Ask(policy, "another")]).uses[0].remaining == 100


def test_a_process_without_crashes_before_it_counts_nothing_from_the_first_second_on() -> None:
    watch = StopWatch()
    watch.now_s = 0.0
    assert counts(watch).look(ASK).uses[0].remaining == 5


def test_who_had_more_than_the_quota_before_is_refused() -> None:
    watch = StopWatch()
    found = counts(watch)
    found.remember("account|runner", 20.0, 9)
    (use,) = found.take(ASK).refused_by
    assert use.remaining == 0
    watch.now_s += 40
    assert not found.take(ASK).refused_by


def test_there_are_as_many_places_after_a_sweep_as_before() -> None:
    watch = StopWatch()
    found = counts(watch, most=5)
    for _ in range(3):
        for number in range(5):
            asks = [Ask(POLICY, f"{watch.now_s} {number}")]
            assert found.take(asks).uses[0].remaining == 4
        shared = {found.take([Ask(POLICY, f"more {n}")]).uses[0].remaining for n in range(3)}
        assert shared == {4, 3, 2}
        watch.now_s += 60
        # Whoever is looked at has no times left, and is swept all the same.
        found.look(asks)
        found.sweep()
