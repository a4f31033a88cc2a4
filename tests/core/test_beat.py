from __future__ import annotations

import numpy as np
import pytest

from beatrunner.core.beat import find_beat
from beatrunner.core.simulation.drumming import Drumming, Pattern, beat_times_s, drum
from benchmarks.tempo import hiss, phase_errors_s, share_found, songs

RATE_HZ = 11_025


def test_the_tempo_of_nearly_every_song_is_found() -> None:
    made = list(songs(3))
    found = [find_beat(drum(song), song.rate_hz) for song in made]
    assert share_found(made, found) >= 0.95
    assert np.median(phase_errors_s(made, found)) <= 0.02
    # The measure itself can fail: three steps to a beat are another tempo.
    assert share_found(made, found, 3.0) <= 0.05
    assert share_found(made, found[5:] + found[:5]) <= 0.5


@pytest.mark.parametrize("tempo_bpm", [72.0, 100.0, 127.5, 174.0])
def test_a_click_is_found_to_a_quarter_of_a_percent(tempo_bpm: float) -> None:
    made = Drumming(tempo_bpm, Pattern.CLICK, seed=1, length_s=20.0)
    found = find_beat(drum(made), made.rate_hz)
    assert found is not None
    octave = 2.0 ** round(np.log2(found.tempo_bpm / tempo_bpm))
    assert found.tempo_bpm == pytest.approx(tempo_bpm * octave, rel=0.0025)
    assert found.first_beat_s is not None
    beats_s = beat_times_s(made)
    assert np.min(np.abs(beats_s - found.first_beat_s)) < 0.015


def test_a_wandering_drummer_has_a_tempo() -> None:
    made = Drumming(150.0, Pattern.ROCK, seed=2, wander=0.03)
    found = find_beat(drum(made), made.rate_hz)
    assert found is not None
    assert found.tempo_bpm == pytest.approx(150.0, rel=0.03)


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(40 * RATE_HZ),
        np.full(40 * RATE_HZ, 0.7),
        hiss(1),
        np.sin(np.arange(40 * RATE_HZ) * 2 * np.pi * 440 / RATE_HZ),
        drum(Drumming(120.0, Pattern.CLICK, seed=1, length_s=4.0)),
        np.zeros(0),
        np.zeros(3),
    ],
    ids=["silence", "a stuck sample", "hiss", "a tone", "too short", "nothing", "three samples"],
)
def test_what_has_no_beat_has_no_tempo(sound: np.ndarray) -> None:
    assert find_beat(sound, RATE_HZ) is None


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 44_100, 48_000])
def test_the_rate_does_not_matter(rate_hz: int) -> None:
    made = Drumming(132.0, Pattern.FOUR_ON_THE_FLOOR, seed=3, rate_hz=rate_hz, length_s=15.0)
    found = find_beat(drum(made), rate_hz)
    assert found is not None
    assert found.tempo_bpm == pytest.approx(132.0, rel=0.01)


def test_loudness_does_not_matter() -> None:
    sound = drum(Drumming(132.0, Pattern.ROCK, seed=3, length_s=15.0))
    loud, quiet = find_beat(sound, RATE_HZ), find_beat(sound * 1e-3, RATE_HZ)
    assert loud is not None
    assert quiet is not None
    assert loud.tempo_bpm == pytest.approx(quiet.tempo_bpm)
