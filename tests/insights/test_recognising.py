from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.insights.plays import PlayRow
from beatrunner.insights.recognising import as_due, recognised

ORDER = list("abcdefgh")


def row(place: int, track_id: str, speed: float = 0.0) -> PlayRow:
    return PlayRow(track_id, place, 0.5, 120, 0.0, 0.0, {"speed": speed, "in_step": 50.0}, None)


def heard_as(heard: str, **due: str) -> dict[int, str]:
    """Each song as itself, but for `p3="c"`."""
    return dict(enumerate(heard)) | {int(place[1:]): track for place, track in due.items()}


def test_the_whole_of_it() -> None:
    assert recognised(ORDER, ORDER) == heard_as("abcdefgh")


def test_a_part_of_it_between_other_songs() -> None:
    assert recognised(list("xycdefz"), ORDER) == {2: "c", 3: "d", 4: "e", 5: "f"}


def test_of_a_song_that_is_missing_the_place_is_the_next_ones() -> None:
    assert recognised(list("abdef"), ORDER) == heard_as("abdef", p2="c")
    assert recognised(list("acdf"), ORDER) == heard_as("acdf", p1="b", p3="e")


def test_two_that_are_missing_end_the_stretch() -> None:
    assert recognised(list("adef"), ORDER) == {}
    assert recognised(list("abcdgh"), ORDER) == heard_as("abcd")


def test_a_song_that_goes_on_after_a_pause() -> None:
    assert recognised(list("abbcd"), ORDER) == heard_as("abbcd")


def test_three_songs_in_a_row_are_no_proof() -> None:
    assert recognised(list("abcxfgh"), ORDER) == {}
    assert recognised(list("aaaa"), ORDER) == {}


def test_the_songs_in_an_order_of_the_runners_own_are_not_it() -> None:
    assert recognised(list("hgfedcba"), ORDER) == {}


def test_two_stretches_with_a_jump_back_between() -> None:
    assert recognised(list("efghabcd"), ORDER) == heard_as("efghabcd")


@given(st.lists(st.sampled_from("abcdefghxy"), max_size=30))
def test_what_is_recognised_is_of_the_experiment(heard: list[str]) -> None:
    found = recognised(heard, ORDER)
    assert all(heard[place] in ORDER and due in ORDER for place, due in found.items())
    assert len(found) == 0 or len(found) >= 4


def test_what_follows_skipped_songs_counts_to_the_first_of_them() -> None:
    due = heard_as("abcde")
    rows = [row(0, "a"), row(3, "d"), row(4, "e")]
    found = as_due(rows, due, cut=[1, 2])
    assert [each.track_id for each in found] == ["a", "b", "e"]
    assert [sorted(each.responses) for each in found] == [
        ["in_step", "speed"],
        ["speed"],
        ["in_step", "speed"],
    ]


def test_what_the_runner_chose_stays_what_it_is() -> None:
    # They skipped b, which was due, to c, which they picked.
    assert as_due([row(2, "c")], {0: "a", 1: "b"}, cut=[1]) == [row(2, "c")]
    # They skipped b, which they had picked; then the shuffle went on.
    assert as_due([row(2, "c")], {0: "a", 2: "c"}, cut=[1]) == [row(2, "c")]


def skipping_run(
    rng: np.random.Generator, songs: int, heard_out: int
) -> tuple[list[str], list[PlayRow], list[int]]:
    """A run to songs in an order of chance, none of which does anything: what was heard, measured
    and cut. Bad minutes last, and in them the runner skips slow songs, the first half of them."""
    heard: list[str] = []
    rows: list[PlayRow] = []
    cut: list[int] = []
    form = 0.0
    for place, song in enumerate(rng.permutation(songs)):
        if len(rows) == heard_out:
            break
        heard.append(str(song))
        if song < songs // 2 and form < 0.0:
            cut.append(place)
            continue
        rows.append(row(place, str(song), speed=form))
        form = 0.8 * form + rng.normal()
    return heard, rows, cut


def slow_against_fast(rows: list[PlayRow], songs: int) -> tuple[float, float]:
    """The difference of their means, and its standard error."""
    is_slow = np.array([int(each.track_id) < songs // 2 for each in rows])
    speed = np.array([each.responses["speed"] for each in rows])
    slow, fast = speed[is_slow], speed[~is_slow]
    error = np.sqrt(slow.var() / len(slow) + fast.var() / len(fast))
    return float(slow.mean() - fast.mean()), float(error)


@pytest.mark.parametrize(
    ("songs", "heard_out", "naive", "left"), [(30, 12, 1.4, 0.0), (12, 12, 1.2, 0.065)]
)
def test_skipping_slow_songs_when_tired_makes_them_no_better(
    songs: int, heard_out: int, naive: float, left: float
) -> None:
    rng = np.random.default_rng(4)
    as_heard: list[PlayRow] = []
    as_was_due: list[PlayRow] = []
    for _ in range(2_000):
        heard, rows, cut = skipping_run(rng, songs, heard_out)
        as_heard += rows
        as_was_due += as_due(rows, dict(enumerate(heard)), cut)
    wrong, error = slow_against_fast(as_heard, songs)
    assert wrong == pytest.approx(naive, abs=4 * error)
    honest, error = slow_against_fast(as_was_due, songs)
    assert honest == pytest.approx(left, abs=3 * error)
