"""What is said of tracks and tempi."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beatrunner.core.effects import HEART_RATE, SPEED, Effects, MeasuredPlay, Verdict, fit
from tests.core.effects.plays import plays

_EFFECTS_PCT = {"up": 3.0, "down": -3.0, **{f"t{i}": 0.2 * (i - 4) for i in range(9)}}


def _of(effects: Effects, track: str) -> tuple[float, float, float]:
    (found,) = [each for each in effects.tracks if each.track == track]
    return found.effect.low, found.effect.value, found.effect.high


def test_large_effects_are_found_and_named() -> None:
    effects = fit(plays(_EFFECTS_PCT), SPEED)
    assert effects.tracks[0].track == "up"
    assert effects.tracks[0].verdict is Verdict.RAISES
    assert effects.tracks[-1].track == "down"
    assert effects.tracks[-1].verdict is Verdict.LOWERS
    for track, true_pct in _EFFECTS_PCT.items():
        low, _, high = _of(effects, track)
        assert low - 0.6 < true_pct < high + 0.6, track
    assert effects.noise is not None
    assert effects.noise.low < 1.0 < effects.noise.high


def test_the_level_of_a_run_does_not_matter() -> None:
    found = plays(_EFFECTS_PCT, runs=10)
    moved = [replace(play, response=play.response + 7.0 * int(play.run[1:])) for play in found]
    for track in _EFFECTS_PCT:
        assert _of(fit(moved, SPEED), track) == pytest.approx(_of(fit(found, SPEED), track))


def test_the_order_of_the_rows_does_not_matter() -> None:
    found = plays(_EFFECTS_PCT, runs=6)
    for track in _EFFECTS_PCT:
        assert _of(fit(found[::-1], SPEED), track) == pytest.approx(_of(fit(found, SPEED), track))


def test_a_tempo_slope_is_found_and_its_curve_goes_with_it() -> None:
    tempi = {f"t{i}": 150.0 + 3.0 * i for i in range(12)}
    true_pct = {track: 0.1 * (tempo - 166.5) for track, tempo in tempi.items()}
    tempo = fit(plays(true_pct, tempo_bpm=tempi), SPEED).tempo
    assert tempo is not None
    assert tempo.per_sd.low < 0.1 * tempo.sd_bpm < tempo.per_sd.high
    assert tempo.probability_above > 0.99
    assert tempo.runs_needed == 0
    for at_bpm, effect in tempo.curve:
        assert effect.value == pytest.approx(0.1 * (at_bpm - tempo.mean_bpm), abs=0.4)


def test_a_track_of_unknown_tempo_has_an_effect_all_the_same() -> None:
    tempi = {f"t{i}": 160.0 + i for i in range(9)}
    effects = fit(plays(_EFFECTS_PCT, tempo_bpm=tempi), SPEED)
    assert effects.tempo is not None
    low, _, high = _of(effects, "up")
    assert 1.0 < low < 3.0 < high < 5.0


@pytest.mark.parametrize(
    "few",
    [
        [],
        plays({"only": 1.0}, runs=1),
        plays({"only": 1.0}, runs=30),
        plays(_EFFECTS_PCT, runs=1),
    ],
)
def test_of_too_little_nothing_is_said(few: list[MeasuredPlay]) -> None:
    effects = fit(few, SPEED)
    assert effects.tempo is None
    assert effects.noise is None
    assert all(track.verdict is Verdict.NOT_ENOUGH_YET for track in effects.tracks)
    assert all(track.effect.low < -2.0 and track.effect.high > 2.0 for track in effects.tracks)


def test_what_is_missing_is_what_it_takes() -> None:
    """A track is heard as often more as was said: then its interval is as short as was meant."""
    few = plays(_EFFECTS_PCT, runs=8, noise_pct=4.0)
    (before,) = [track for track in fit(few, SPEED).tracks if track.track == "t3"]
    assert before.verdict is Verdict.NOT_ENOUGH_YET
    assert before.plays_needed > 10
    more = plays(_EFFECTS_PCT, runs=8 + before.plays_needed, noise_pct=4.0)
    (after,) = [track for track in fit(more, SPEED).tracks if track.track == "t3"]
    half = (after.beyond_tempo.high - after.beyond_tempo.low) / 2.0
    assert half == pytest.approx(SPEED.telling, rel=0.2)


def test_plays_that_were_disturbed_count_for_less() -> None:
    effects = fit(plays(_EFFECTS_PCT, runs=20), SPEED)
    for track in effects.tracks:
        assert 10.0 < track.plays_effective < 20.5


def test_equal_responses_are_no_trouble() -> None:
    found = [replace(play, response=100.0) for play in plays(_EFFECTS_PCT, runs=5)]
    effects = fit(found, SPEED)
    assert all(abs(track.effect.value) < 0.01 for track in effects.tracks)


def test_a_heart_rate_is_compared_at_the_same_speed() -> None:
    rng = np.random.default_rng(1)
    found = []
    for play in plays({f"t{i}": float(i % 2) for i in range(10)}, runs=30):
        speed_pct = play.response
        heart_rate_bpm = 150.0 + 0.5 * speed_pct + float(rng.normal())
        found.append(replace(play, response=heart_rate_bpm, speed_pct=speed_pct))
    effects = fit(found, HEART_RATE)
    assert all(abs(track.effect.value) < 0.6 for track in effects.tracks)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_table_has_an_answer(data: st.DataObject) -> None:
    tempo_bpm = st.one_of(st.none(), st.sampled_from([80.0, 160.0, 170.0, 171.0, 320.0]))
    play = st.builds(
        MeasuredPlay,
        run=st.sampled_from("abc"),
        track=st.sampled_from("tuvwxyz"),
        response=st.one_of(st.sampled_from([0.0, 1.0]), st.floats(-1e4, 1e4)),
        usable_s=st.floats(1e-3, 1e5),
        position=st.floats(0.0, 1.0),
        tempo_bpm=tempo_bpm,
        grade_pct=st.sampled_from([0.0, 5.0, -5.0]),
        stopped_share=st.sampled_from([0.0, 0.5]),
    )
    found = data.draw(st.lists(play, max_size=40))
    effects = fit(found, SPEED)
    assert sorted(track.track for track in effects.tracks) == sorted({p.track for p in found})
    assert all(0.0 <= track.probability_above <= 1.0 for track in effects.tracks)
