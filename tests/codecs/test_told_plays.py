"""When plays ended whose start alone was told."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.told_plays import (
    GUESSED_S,
    LATEST_MS,
    LONGEST_LIKELY_S,
    TYPICAL_S,
    Telling,
    ToldPlay,
    finish,
    is_possible,
    spread_over_minutes,
    unix_ms,
)
from beatrunner.core.listening import RawListen
from beatrunner.core.refusals import UnreadableFileError

NOON_MS = 1_714_824_000_000


def told(start_s: float, title: str = "Song", length_s: float | None = None) -> ToldPlay:
    return ToldPlay(title, "Artist", "", NOON_MS + round(start_s * 1000), length_s)


def lengths_s(*plays: ToldPlay) -> list[float]:
    return [played_s(listen) for listen in finish(plays, Counter())]


def played_s(listen: RawListen) -> float:
    return (listen.ended_at - listen.started_at).total_seconds()


def test_a_song_lasts_as_long_as_the_source_says_or_until_the_next() -> None:
    assert lengths_s(told(0, "A", 200), told(300, "B", 200), told(400, "C", 180)) == [200, 100, 180]


def test_a_song_of_unknown_length_lasts_until_the_next() -> None:
    assert lengths_s(told(0, "A"), told(250, "B")) == [250, TYPICAL_S]


def test_after_a_long_silence_its_end_is_a_guess_and_says_so() -> None:
    first, last = finish([told(0, "A"), told(LONGEST_LIKELY_S + 1, "B")], Counter())
    assert (played_s(first), played_s(last)) == (TYPICAL_S, TYPICAL_S)
    assert first.uncertainty_s == last.uncertainty_s == GUESSED_S


def test_the_history_itself_betrays_how_long_a_song_is() -> None:
    plays = [told(0, "A"), told(180, "B"), told(1000, "A"), told(1182, "B"), told(2000, "A")]
    *_, last = finish(plays, Counter())
    assert played_s(last) == 180
    assert last.uncertainty_s == 1.0
    # Two gaps that have nothing to do with each other betray nothing.
    unlike = [told(0, "A"), told(180, "B"), told(1000, "A"), told(1300, "B"), told(2000, "A")]
    assert lengths_s(*unlike)[-1] == TYPICAL_S


def test_what_is_told_twice_counts_once() -> None:
    dropped: Counter[str] = Counter()
    assert len(finish([told(0), told(0), told(0, "Other")], dropped)) == 2
    assert dropped == {"duplicate": 1}


def test_plays_within_a_minute_are_spread_over_it() -> None:
    newest_first = [told(60, "C"), told(0, "B"), told(0, "A")]
    spread_over_minutes(newest_first)
    starts = {play.title: (play.start_ms - NOON_MS) / 1000 for play in newest_first}
    assert starts == {"A": 15, "B": 45, "C": 90}
    assert {play.uncertainty_s for play in newest_first} == {30}
    oldest_first = [told(0, "A"), told(0, "B"), told(60, "C")]
    spread_over_minutes(oldest_first)
    assert [play.start_ms for play in oldest_first] == sorted(p.start_ms for p in newest_first)


def test_nothing_told_is_refused() -> None:
    telling = Telling()
    telling.add("", "A", "", NOON_MS)
    telling.add("T", "A", "", 0)
    telling.add("T", "A", "", float("nan"))
    telling.add("T", "A", "", None)
    assert telling.dropped == {"unnamed": 1, "impossible_time": 3}
    with pytest.raises(UnreadableFileError):
        telling.history()


@pytest.mark.parametrize(
    ("text", "time_ms"),
    [
        ("1779022496", 1_779_022_496_000),
        ("1779022496000", 1_779_022_496_000),
        (1779022496.25, 1_779_022_496_250),
        ("", None),
        (None, None),
        ("yesterday", None),
    ],
)
def test_seconds_and_milliseconds_are_told_apart(text: str | None, time_ms: float | None) -> None:
    assert unix_ms(text) == time_ms


@given(st.floats())
def test_only_times_in_which_music_was_written_down_are_possible(time_ms: float) -> None:
    if is_possible(time_ms):
        assert 0 < time_ms < LATEST_MS


@given(
    st.lists(
        st.builds(
            told,
            st.floats(0, 5_000),
            st.sampled_from("ABC"),
            st.none() | st.floats(0.001, 80_000),
        ),
        max_size=30,
    )
)
def test_plays_come_in_order_and_never_overlap(plays: list[ToldPlay]) -> None:
    listens = finish(plays, Counter())
    assert all(listen.started_at <= listen.ended_at for listen in listens)
    for one, other in pairwise(listens):
        assert one.started_at <= other.started_at
        assert one.started_at == other.started_at or one.ended_at <= other.started_at
