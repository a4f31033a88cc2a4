from __future__ import annotations

from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.controller.goal import Song
from beatrunner.core.playlist import (
    FITS_WITHIN,
    USUAL_SONG_S,
    Candidate,
    Stretch,
    beat_of,
    choose_songs,
    stretch_at,
)

STEADY = [Stretch(170.0, 1200.0)]


def song(
    key: str,
    tempo_bpm: float | None = 170.0,
    *,
    length_s: float | None = 200.0,
    artist: str | None = None,
    heard_days_ago: float | None = None,
    liking: float = 0.0,
    is_doubtful: bool = False,
) -> Candidate:
    named = key if artist is None else artist
    return Candidate(Song(key, tempo_bpm, length_s), named, heard_days_ago, liking, is_doubtful)


def chosen(candidates: list[Candidate], stretches: list[Stretch] | None = None) -> str:
    return "".join(choose_songs(candidates, stretches or STEADY).keys)


@given(
    tempi=st.lists(st.none() | st.floats(40, 240), max_size=40),
    lengths_s=st.lists(st.none() | st.floats(60, 500), min_size=40, max_size=40),
    stretches=st.lists(
        st.builds(Stretch, st.floats(100, 200), st.floats(30, 900)), min_size=1, max_size=5
    ),
)
def test_every_song_fits_where_it_plays_and_is_there_once(
    tempi: list[float | None], lengths_s: list[float | None], stretches: list[Stretch]
) -> None:
    songs = {
        str(number): song(str(number), tempo_bpm, length_s=lengths_s[number])
        for number, tempo_bpm in enumerate(tempi)
    }
    choice = choose_songs(list(songs.values()), stretches)
    assert len(set(choice.keys)) == len(choice.keys)
    assert all(
        0.0 <= lack <= each.length_s + 1e-6
        for lack, each in zip(choice.missing_s, stretches, strict=True)
    )
    total_s = sum(each.length_s for each in stretches)
    played_s = sum(songs[key].length_s for key in choice.keys)
    assert played_s + sum(choice.missing_s) >= total_s - 1e-6
    if not any(choice.missing_s):
        assert played_s - songs[choice.keys[-1]].length_s < total_s
        ends_s = list(accumulate(each.length_s for each in stretches))
        now_s = 0.0
        for key in choice.keys:
            at = stretch_at(ends_s, now_s + songs[key].length_s / 2.0)
            beat = beat_of(songs[key].song.tempo_bpm, stretches[at].cadence_spm)
            assert beat is not None
            off = abs(beat.cadence_spm - stretches[at].cadence_spm)
            assert off <= FITS_WITHIN * stretches[at].cadence_spm + 1e-9
            now_s += songs[key].length_s


def test_the_nearest_tempi_are_taken_and_folded() -> None:
    songs = [
        song("a", 176.0),
        song("b", 85.0),
        song("c", 171.0),
        song("d", 340.0),
        song("e", 140.0),
    ]
    assert chosen(songs, [Stretch(170.0, 500.0)]) == "bdc"
    assert chosen(songs) == "bdca"


def test_steps_between_songs_are_small() -> None:
    # Nearer to 170 than "b" is "c", but from 167 on the step to it is noticed.
    songs = [song("a", 167.2), song("b", 166.5), song("c", 173.4)]
    assert chosen(songs) == "abc"
    assert chosen(songs[1:]) == "cb"


def test_artists_are_not_heard_twice_in_a_row_while_there_are_others() -> None:
    songs = [song(key, artist="Same") for key in "abc"] + [song("x", 176.5), song("y", 163.5)]
    order = chosen(songs)
    assert not any({*pair} <= set("abc") for pair in pairwise(order[:5]))
    assert chosen(songs[:3]) == "abc"
    # Who is not known is no artist.
    assert chosen([song("a", artist=""), song("b", artist=""), song("c", 171.0)]) == "abc"


def test_what_was_heard_lately_waits() -> None:
    songs = [song("a", heard_days_ago=0.5), song("b", 172.0, heard_days_ago=30.0), song("c", 171.0)]
    assert chosen(songs, [Stretch(170.0, 350.0)]) == "cb"
    assert chosen(songs) == "cba"


def test_what_helps_is_preferred_where_it_is_hard() -> None:
    songs = [song("a"), song("b", 171.0, liking=1.0), song("c", 169.5, liking=-1.0)]
    assert chosen(songs) == "bac"
    assert chosen(songs, [Stretch(170.0, 1200.0, is_hard=False)]) == "acb"


def test_doubtful_tempi_wait() -> None:
    assert chosen([song("a", is_doubtful=True), song("b", 172.0)]) == "ba"


def test_a_gap_is_left_where_nothing_fits() -> None:
    stretches = [Stretch(150.0, 300.0), Stretch(170.0, 300.0), Stretch(150.0, 600.0)]
    choice = choose_songs([song("a", 170.0), song("b", 150.0, length_s=None)], stretches)
    assert choice.keys == ("b", "a")
    assert choice.missing_s == (0.0, 600.0 - USUAL_SONG_S - 200.0, 600.0)


def test_a_playlist_is_for_something() -> None:
    with pytest.raises(ValueError, match="for something"):
        choose_songs([song("a")], [])


def test_a_large_library_takes_a_moment() -> None:
    songs = [
        song(
            str(number),
            60.0 + number * 0.007,
            length_s=150 + number % 100,
            artist=str(number % 900),
        )
        for number in range(20_000)
    ]
    plan = [Stretch(150.0 + 20.0 * (number % 2), 120.0) for number in range(100)]
    assert not any(choose_songs(songs, plan).missing_s)
