from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.controller import Sense, Song

KNOWN = Sense(
    5.0, 9.5, 2.0, 140.0, 168.0, Song("a", 168.0, 200.0), 20.0, (Song("b", 170.0, 180.0),)
)


def test_what_is_plausible_stays() -> None:
    assert KNOWN.plausible() == KNOWN


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("speed_kmh", (-0.1, 40.1)),
        ("incline_pct", (-20.1, 45.1)),
        ("heart_rate_bpm", (0.0, 29.0, 231.0)),
        ("cadence_spm", (0.0, 39.0, 261.0)),
    ],
)
def test_what_cannot_be_is_not_known(field: str, values: tuple[float, ...]) -> None:
    kept = {name: getattr(KNOWN, name) for name in KNOWN.__slots__}
    for value in (*values, math.nan, math.inf, -math.inf):
        assert getattr(Sense(**{**kept, field: value}).plausible(), field) is None


@given(st.floats(), st.floats(), st.floats())
def test_songs_are_told_of_soundly(tempo_bpm: float, duration_s: float, elapsed_s: float) -> None:
    song = Song("a", tempo_bpm, duration_s)
    sense = Sense(1.0, song=song, song_elapsed_s=elapsed_s, queue=(song,)).plausible()
    assert sense.song == sense.queue[0]
    assert sense.song is not None
    assert sense.song.tempo_bpm is None or 20.0 <= sense.song.tempo_bpm <= 400.0
    assert sense.song.duration_s is None or 1.0 <= sense.song.duration_s <= 1e6
    assert 0.0 <= sense.song_elapsed_s <= 1e6
