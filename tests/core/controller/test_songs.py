"""Small steps between songs, towards what is wanted, and not the same again."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.controller import Song, order_songs
from beatrunner.core.controller.songs import STEP, step_spm

libraries = st.lists(
    st.builds(Song, st.text("abcdef", min_size=1, max_size=3), st.none() | st.floats(20.0, 400.0)),
    max_size=30,
)
cadences = st.floats(100.0, 200.0)
lately = st.lists(st.text("abcdef", min_size=1, max_size=2), max_size=5)


def songs(*tempi_bpm: float | None) -> list[Song]:
    return [Song(str(at), tempo_bpm) for at, tempo_bpm in enumerate(tempi_bpm)]


def tempi(ordered: list[Song]) -> list[float | None]:
    return [song.tempo_bpm for song in ordered]


def steps_spm(ordered: list[Song], wanted_spm: float) -> list[float]:
    return [spm for song in ordered if (spm := step_spm(song, wanted_spm)) is not None]


@given(libraries, cadences, st.none() | cadences, lately)
def test_no_song_is_lost_or_doubled(
    library: list[Song], wanted_spm: float, last_spm: float | None, recent: list[str]
) -> None:
    ordered = order_songs(library, wanted_spm, last_spm, recent)
    assert sorted(map(id, ordered)) == sorted(map(id, library))
    assert ordered == order_songs(library, wanted_spm, last_spm, recent)
    fits = [step_spm(song, wanted_spm) is not None for song in ordered]
    assert fits == sorted(fits, reverse=True)


@given(cadences, st.floats(-0.078, 0.078), st.integers(4, 12), libraries)
def test_no_step_is_large_where_the_tempi_lead_to_the_wanted_one_without_a_gap(
    wanted_spm: float, off: float, songs_between: int, library: list[Song]
) -> None:
    """`off`: of the wanted cadence, where the song before was."""
    last_spm = wanted_spm * (1 + off)
    share = (wanted_spm - last_spm) / songs_between
    way = songs(*(last_spm + share * at for at in range(1, songs_between + 1)))
    ordered = order_songs([*way, *library], wanted_spm, last_spm, [])
    played = [last_spm, *steps_spm(ordered, wanted_spm)]
    nearest_spm = min(abs(spm - wanted_spm) for spm in played[1:])
    arrived = next(
        at for at, spm in enumerate(played) if at > 0 and abs(spm - wanted_spm) == nearest_spm
    )
    assert all(
        abs(after - before) <= STEP * before * (1 + 1e-9)
        for before, after in pairwise(played[: arrived + 1])
    )


@given(libraries, cadences, st.none() | cadences)
def test_no_step_is_large_when_a_small_one_leads_as_near(
    library: list[Song], wanted_spm: float, last_spm: float | None
) -> None:
    ordered = steps_spm(order_songs(library, wanted_spm, last_spm, []), wanted_spm)
    before_spm = wanted_spm if last_spm is None else last_spm
    for at, spm in enumerate(ordered):
        if abs(spm - before_spm) > STEP * before_spm * (1 + 1e-9):
            small = [each for each in ordered[at:] if abs(each - before_spm) <= STEP * before_spm]
            assert all(abs(each - wanted_spm) > abs(spm - wanted_spm) for each in small)
        before_spm = spm


def test_half_the_tempo_is_as_good_and_no_tempo_comes_last() -> None:
    ordered = order_songs(songs(None, 120.0, 84.0, 170.0), 168.0, None, [])
    assert tempi(ordered) == [84.0, 170.0, None, 120.0]


@pytest.mark.parametrize(
    ("recent", "first"),
    [([], "0"), (["0"], "1"), (["0", "1"], "0"), (["0", "1", "0"], "1")],
)
def test_what_was_heard_last_waits_longest(recent: list[str], first: str) -> None:
    assert order_songs(songs(168.0, 168.0), 168.0, 168.0, recent)[0].key == first


def test_a_gap_is_crossed_where_it_is_narrowest() -> None:
    ordered = order_songs(songs(176.0, 158.0, 168.0, 162.0), 176.0, 160.0, [])
    assert tempi(ordered)[:3] == [162.0, 168.0, 176.0]


def test_a_large_library_is_ordered_at_once() -> None:
    """Looking at every song for every place would take minutes."""
    library = songs(*(155.0 + at * 0.001 for at in range(20_000)))
    ordered = order_songs(library, 165.0, None, ["0", "7"])
    assert len(ordered) == 20_000
    assert tempi(ordered)[0] == 165.0
