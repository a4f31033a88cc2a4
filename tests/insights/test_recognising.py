from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from beatrunner.insights.recognising import recognised

ORDER = list("abcdefgh")


def test_the_whole_of_it() -> None:
    assert recognised(ORDER, ORDER) == frozenset(range(8))


def test_a_part_of_it_between_other_songs() -> None:
    assert recognised(list("xycdefz"), ORDER) == {2, 3, 4, 5}


def test_one_song_may_be_missing_between_two() -> None:
    assert recognised(list("acdf"), ORDER) == {0, 1, 2, 3}
    assert recognised(list("adef"), ORDER) == frozenset()


def test_a_song_that_goes_on_after_a_pause() -> None:
    assert recognised(list("abbcd"), ORDER) == {0, 1, 2, 3, 4}


def test_three_songs_in_a_row_are_no_proof() -> None:
    assert recognised(list("abcxfgh"), ORDER) == frozenset()
    assert recognised(list("aaaa"), ORDER) == frozenset()


def test_the_songs_in_an_order_of_the_runners_own_are_not_it() -> None:
    assert recognised(list("hgfedcba"), ORDER) == frozenset()


def test_two_stretches_with_a_jump_back_between() -> None:
    assert recognised(list("efghabcd"), ORDER) == frozenset(range(8))


@given(st.lists(st.sampled_from("abcdefghxy"), max_size=30))
def test_what_is_recognised_is_of_the_experiment(heard: list[str]) -> None:
    found = recognised(heard, ORDER)
    assert all(heard[place] in ORDER for place in found)
    assert len(found) == 0 or len(found) >= 4
