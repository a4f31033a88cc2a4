"""A run's plays, measured."""

from __future__ import annotations

import math

import numpy as np
import pytest

from beatrunner.core.align import Span
from beatrunner.core.effects import (
    CADENCE,
    HEART_RATE,
    IN_STEP,
    SPEED,
    Music,
    Response,
    folded_tempo_bpm,
    plays_of_run,
)
from beatrunner.core.recording import Streams

_SPANS = (
    Span("a", 0, 0, 200, 0.0),
    Span(None, None, 200, 300, 0.0),
    Span("skipped", 1, 300, 340, 0.0),
    Span("b", 2, 340, 600, 0.0),
)


def _streams(stands_from_s: int = 600) -> Streams:
    speed_mps = np.where(np.arange(600) < 340, 3.0, 3.3)
    is_moving = np.arange(600) < stands_from_s
    return Streams(
        600,
        {
            "distance_m": np.append(0.0, np.cumsum(speed_mps * is_moving)[:-1]),
            "speed_mps": speed_mps * is_moving,
            "heart_rate_bpm": np.full(600, 150.0),
            "cadence_spm": np.full(600, 170.0),
        },
        is_moving,
    )


def test_plays_are_measured_once_they_have_the_runner_to_themselves() -> None:
    music = Music({"a": 85.0}, randomised_plays={2})
    first, second = plays_of_run("r", _SPANS, _streams(), music, SPEED, 168.0)
    assert (first.track, second.track) == ("a", "b")
    assert first.response == pytest.approx(100.0 * math.log(3.0))
    assert second.response == pytest.approx(100.0 * math.log(3.3), abs=0.5)
    assert (first.usable_s, second.usable_s) == (180.0, 240.0)
    assert (first.position, second.position) == pytest.approx((110 / 600, 480 / 600))
    assert (first.tempo_bpm, second.tempo_bpm) == (170.0, None)
    assert (first.is_randomised, second.is_randomised) == (False, True)


def test_a_stop_is_noted_and_its_time_does_not_count() -> None:
    second = plays_of_run("r", _SPANS, _streams(480), Music(), SPEED, 168.0)[1]
    assert second.usable_s == 120.0
    assert second.stopped_share == 0.5


def test_a_play_spent_standing_is_no_row() -> None:
    assert len(plays_of_run("r", _SPANS, _streams(380), Music(), SPEED, 168.0)) == 1


def test_each_response_is_its_own_measure() -> None:
    music = Music({"a": 171.0, "b": 150.0})

    def values(response: Response) -> list[float]:
        found = plays_of_run("r", _SPANS, _streams(), music, response, 168.0)
        return [play.response for play in found]

    assert values(HEART_RATE) == [150.0, 150.0]
    assert values(CADENCE) == [170.0, 170.0]
    assert values(IN_STEP) == [100.0, 0.0]
    with pytest.raises(ValueError, match="mood"):
        values(Response("mood", "", 1.0, 1.0, 1.0))


def test_a_heart_rate_comes_with_its_speed() -> None:
    play = plays_of_run("r", _SPANS, _streams(), Music(), HEART_RATE, 168.0)[0]
    assert play.speed_pct == pytest.approx(100.0 * math.log(3.0))


@pytest.mark.parametrize(
    ("tempo_bpm", "folded_bpm"), [(170, 170), (85, 170), (340, 170), (120, 120), (118, 236)]
)
def test_a_tempo_is_folded_to_where_it_is_nearest(tempo_bpm: float, folded_bpm: float) -> None:
    assert folded_tempo_bpm(tempo_bpm, 168.0) == folded_bpm


@pytest.mark.parametrize("tempo_bpm", [0.0, -1.0, math.nan, math.inf])
def test_what_is_no_tempo_is_not_folded(tempo_bpm: float) -> None:
    with pytest.raises(ValueError, match="No tempo"):
        folded_tempo_bpm(tempo_bpm, 168.0)
