"""Soundtracks tile the activity, and nothing is billed twice, whatever the plays say."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.align import CHANGEOVER_S, Play, Span, align

times = st.floats(-100.0, 500.0) | st.floats()
plays_of_any_kind = st.lists(
    st.builds(
        Play,
        track_key=st.sampled_from("abc"),
        started_s=times,
        ended_s=times,
        uncertainty_s=st.floats(),
        is_offline=st.booleans(),
    ),
    max_size=12,
)


def owners(spans: tuple[Span, ...]) -> list[int | None]:
    """The play at each second."""
    return [span.play_index for span in spans for _ in range(span.elapsed_s)]


def bounds(spans: tuple[Span, ...]) -> list[tuple[str | None, int, int]]:
    return [(span.track_key, span.start_s, span.end_s) for span in spans]


@given(plays_of_any_kind, st.integers(0, 400), st.floats())
def test_spans_tile_the_activity_exactly(
    plays: list[Play], length_s: int, clock_offset_s: float
) -> None:
    spans = align(plays, length_s, clock_offset_s)
    edges = [0, *(span.end_s for span in spans)]
    assert [span.start_s for span in spans] == edges[:-1]
    assert edges[-1] == length_s
    for span in spans:
        assert span.elapsed_s > 0
        assert (span.play_index is None) == (span.track_key is None)
        assert math.isfinite(span.start_uncertainty_s)
        assert 0.0 <= span.start_uncertainty_s <= length_s
        if span.play_index is not None:
            assert span.track_key == plays[span.play_index].track_key
    for before, after in pairwise(spans):
        assert before.play_index != after.play_index


@given(plays_of_any_kind, st.integers(1, 400))
def test_every_second_belongs_to_the_play_that_started_last(
    plays: list[Play], length_s: int
) -> None:
    # Half a second is what rounding to whole seconds may move an edge by.
    sure = [
        (play.started_s, play.ended_s)
        for play in plays
        if math.isfinite(play.started_s) and math.isfinite(play.ended_s)
    ]
    for second, owner in enumerate(owners(align(plays, length_s))):
        sounding = [start for start, end in sure if start + 0.5 <= second and second + 1.5 <= end]
        if owner is None:
            assert not sounding
        else:
            play = plays[owner]
            assert play.started_s <= second + 0.5
            assert play.ended_s >= second + 0.5 - CHANGEOVER_S
            assert play.started_s + 1 >= max(sounding, default=-math.inf)


@given(plays_of_any_kind, st.integers(1, 400), st.integers(-300, 300))
def test_an_offset_is_the_same_as_later_plays(
    plays: list[Play], length_s: int, clock_offset_s: int
) -> None:
    moved = [
        Play(
            play.track_key,
            play.started_s + clock_offset_s,
            play.ended_s + clock_offset_s,
            play.uncertainty_s,
        )
        for play in plays
    ]
    assert align(plays, length_s, clock_offset_s) == align(moved, length_s)


@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(1, 300)), max_size=12),
    st.integers(1, 100),
)
def test_an_offset_moves_every_change_by_itself(
    plays_s: list[tuple[int, int]], clock_offset_s: int
) -> None:
    plays = [Play("a", start, start + length) for start, length in plays_s]
    here = owners(align(plays, 1200))
    later = owners(align(plays, 1200 + clock_offset_s, clock_offset_s))
    # The first seconds may differ: a gap before the first play has no play before it.
    assert later[clock_offset_s:] == here


def test_the_song_already_playing_at_the_start_is_kept() -> None:
    spans = align([Play("a", -100.0, 80.0, 5.0), Play("b", 80.0, 300.0, 5.0)], 200)
    assert bounds(spans) == [("a", 0, 80), ("b", 80, 200)]
    assert [span.start_uncertainty_s for span in spans] == [0.0, 5.0]


def test_a_play_inside_another_interrupts_it_and_the_outer_one_resumes() -> None:
    spans = align([Play("outer", 0.0, 100.0, 9.0), Play("inner", 40.0, 60.0, 2.0)], 100)
    assert bounds(spans) == [("outer", 0, 40), ("inner", 40, 60), ("outer", 60, 100)]
    assert spans[0].play_index == spans[2].play_index == 0
    # The outer one resumes when the inner one ends, and is as well known as that.
    assert [span.start_uncertainty_s for span in spans] == [0.0, 2.0, 2.0]


def test_of_overlapping_plays_the_later_start_wins() -> None:
    spans = align([Play("b", 50.0, 150.0), Play("a", 0.0, 62.0)], 150)
    assert bounds(spans) == [("a", 0, 50), ("b", 50, 150)]


def test_of_plays_from_before_the_activity_the_later_start_wins() -> None:
    plays = [Play("late", -20.0, 90.0), Play("early", -50.0, 100.0)]
    assert bounds(align(plays, 100)) == [("late", 0, 90), ("early", 90, 100)]


def test_of_plays_with_one_start_the_longer_wins() -> None:
    plays = [Play("long", 10.0, 90.0), Play("short", 10.0, 50.0)]
    assert bounds(align(plays, 90)) == [(None, 0, 10), ("long", 10, 90)]
    assert bounds(align(plays[::-1], 90)) == [(None, 0, 10), ("long", 10, 90)]


@pytest.mark.parametrize(
    ("gap_s", "expected"),
    [
        (3, [("a", 0, 53), ("b", 53, 100)]),
        (4, [("a", 0, 50), (None, 50, 54), ("b", 54, 100)]),
    ],
)
def test_a_short_gap_is_a_change_of_songs_and_a_long_one_silence(
    gap_s: int, expected: list[tuple[str | None, int, int]]
) -> None:
    plays = [Play("a", 0.0, 50.0), Play("b", 50.0 + gap_s, 100.0)]
    assert bounds(align(plays, 100)) == expected


def test_silence_at_the_ends_stays_silence() -> None:
    spans = align([Play("a", 2.0, 98.0, 1.5)], 100)
    assert bounds(spans) == [(None, 0, 2), ("a", 2, 98), (None, 98, 100)]
    assert [span.start_uncertainty_s for span in spans] == [0.0, 1.5, 1.5]


def test_the_same_song_again_is_a_span_of_its_own() -> None:
    spans = align([Play("a", 0.0, 60.0), Play("a", 60.0, 120.0)], 120)
    assert [(span.play_index, span.start_s) for span in spans] == [(0, 0), (1, 60)]


@pytest.mark.parametrize(
    "play",
    [
        Play("inverted", 60.0, 40.0),
        Play("empty", 50.0, 50.0),
        Play("before", -60.0, 0.0),
        Play("after", 100.0, 160.0),
        Play("nan", math.nan, 50.0),
        Play("endless", 50.0, math.inf),
    ],
)
def test_plays_that_cannot_have_sounded_are_ignored(play: Play) -> None:
    assert bounds(align([play], 100)) == [(None, 0, 100)]


def test_an_unknown_uncertainty_is_the_whole_activity() -> None:
    spans = align([Play("a", 10.0, 100.0, math.nan)], 100)
    assert spans[1].start_uncertainty_s == 100.0


def test_an_activity_of_no_length_has_no_spans() -> None:
    assert align([Play("a", 0.0, 10.0)], 0) == ()
