from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from beatrunner.core.align import align
from beatrunner.core.effects import CADENCE, HEART_RATE, IN_STEP, SPEED
from beatrunner.core.recording import Samples, Streams
from beatrunner.insights.plays import LeftOut, MeasuredRun, measure_run, measured_play
from beatrunner.kit.ids import new_id
from beatrunner.music.store import ListedListen
from beatrunner.soundtracks.compute import plays_of
from tests.sample_files import MORNING

SONG_S = 120
SONGS = [new_id() for _ in range(12)]
LENGTH_S = SONG_S * len(SONGS)


def streams(**changed: Samples) -> Streams:
    columns = {
        "speed_mps": np.full(LENGTH_S, 3.0),
        "distance_m": np.arange(LENGTH_S) * 3.0,
        "heart_rate_bpm": np.full(LENGTH_S, 150.0),
        "cadence_spm": np.full(LENGTH_S, 172.0),
        **changed,
    }
    return Streams(LENGTH_S, columns, np.ones(LENGTH_S, dtype=bool))


def listens(**changed: Any) -> list[ListedListen]:
    return [
        replace(
            ListedListen(
                track_id,
                "music",
                86.0,
                MORNING + timedelta(seconds=SONG_S * place),
                MORNING + timedelta(seconds=SONG_S * (place + 1)),
                1.0,
                is_offline=False,
                is_shuffled=True,
                is_skipped=False,
            ),
            **changed,
        )
        for place, track_id in enumerate(SONGS)
    ]


def measured(
    heard: list[ListedListen], run: Streams | None = None, confidence: str = "good"
) -> MeasuredRun:
    spans = align(plays_of(MORNING, heard), LENGTH_S)
    return measure_run(heard, spans, run or streams(), confidence)


def test_every_play_has_what_was_measured_under_it() -> None:
    run = measured(listens())
    assert (run.left_out, run.cadence_spm, run.moving_s) == (None, 172.0, LENGTH_S)
    assert run.heard == tuple(str(track_id) for track_id in SONGS)
    assert [row.place for row in run.plays] == list(range(12))
    first = run.plays[0]
    assert first.track_id == str(SONGS[0])
    assert first.usable_s == SONG_S - 20  # without the first seconds
    assert first.responses == pytest.approx(
        {"speed": 100 * np.log(3.0), "heart_rate": 150.0, "cadence": 172.0, "in_step": 100.0}
    )


def test_what_no_sensor_told_is_missing() -> None:
    nothing = np.full(LENGTH_S, np.nan)
    run = measured(listens(tempo_bpm=None), streams(heart_rate_bpm=nothing, cadence_spm=nothing))
    assert {tuple(row.responses) for row in run.plays} == {("speed",)}
    assert run.cadence_spm is None
    row = run.plays[0]
    assert measured_play("r", row, CADENCE, None, 170.0) is None


def test_a_heart_rate_without_the_speed_it_answers_to_tells_nothing() -> None:
    row = measured(listens()).plays[0]
    assert row.lagged_speed_pct is not None
    unknown = replace(row, lagged_speed_pct=None)
    assert measured_play("r", unknown, HEART_RATE, None, 170.0) is None
    assert measured_play("r", unknown, SPEED, None, 170.0) is not None


def test_a_play_is_folded_when_it_is_fitted() -> None:
    row = measured(listens()).plays[0]
    for response in (SPEED, HEART_RATE, CADENCE, IN_STEP):
        play = measured_play("r", row, response, 86.0, 170.0)
        assert play is not None
        assert play.tempo_bpm == 172.0
        assert (play.speed_pct is not None) == response.at_given_speed
    unknown = measured_play("r", row, SPEED, None, 170.0)
    assert unknown is not None
    assert unknown.tempo_bpm is None


def test_a_place_that_chance_decided_is_randomised() -> None:
    row = measured(listens()).plays[0]
    for chance in ((), {0}, {1}):
        play = measured_play("r", row, SPEED, None, 170.0, chance)
        assert play is not None
        assert play.is_randomised == (0 in chance)


def test_the_places_of_the_shuffle_are_kept() -> None:
    heard = listens()
    heard[4] = replace(heard[4], is_shuffled=False)
    heard[7] = replace(heard[7], is_shuffled=None)
    assert measured(heard).shuffled == (0, 1, 2, 3, 5, 6, 8, 9, 10, 11)


def test_a_song_too_short_to_be_measured_is_cut() -> None:
    heard = listens()
    for place, length_s in ((4, 64), (6, 65)):
        ended_at = heard[place].started_at + timedelta(seconds=length_s)
        heard[place] = replace(heard[place], ended_at=ended_at, is_skipped=True)
    run = measured(heard)
    assert run.cut == (4,)
    assert [row.place for row in run.plays] == [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11]


def test_a_run_that_beatrunner_drove_is_left_out() -> None:
    spans = align(plays_of(MORNING, listens()), LENGTH_S)
    run = measure_run(listens(), spans, streams(), "good", is_driven=True)
    assert (run.left_out, run.plays) == (LeftOut.DRIVEN, ())


def test_spoken_words_are_no_songs() -> None:
    heard = listens()
    heard[3] = replace(heard[3], kind="podcast")
    run = measured(heard)
    assert 3 not in [row.place for row in run.plays]
    assert len(run.heard) == 12
    assert measured(listens(kind="podcast")).left_out is LeftOut.NO_MUSIC


def test_runs_that_would_mislead_are_left_out() -> None:
    assert measured(listens(), confidence="poor").left_out is LeftOut.POOR_TIMES
    fast = np.where(np.arange(LENGTH_S) // SONG_S % 2, 4.0, 2.6)
    along = np.cumsum(fast)
    intervals = measured(listens(), streams(speed_mps=fast, distance_m=along))
    assert intervals.left_out is LeftOut.INTERVAL_WORKOUT
    assert intervals.plays == ()
    standing = replace(streams(), is_moving=np.zeros(LENGTH_S, dtype=bool))
    assert measured(listens(), standing).left_out is LeftOut.NOTHING_MEASURED


def test_a_song_interrupted_by_another_is_measured_in_parts() -> None:
    heard = listens()
    whole = replace(heard[0], ended_at=heard[5].ended_at)
    run = measured([whole, heard[2]])
    assert [row.place for row in run.plays] == [0, 1, 0]
    assert run.plays[0].position < run.plays[1].position < run.plays[2].position


def test_steps_taken_for_heart_beats_tell_nothing_of_the_heart() -> None:
    wobble: Samples = np.where(np.arange(LENGTH_S) // 5 % 2, 172.0, 173.0)
    run = measured(listens(), streams(cadence_spm=wobble, heart_rate_bpm=wobble))
    assert run.is_cadence_locked
    assert all("heart_rate" not in row.responses for row in run.plays)
