"""A run's plays, measured."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from beatrunner.core.align import Span
from beatrunner.core.effects import (
    CADENCE,
    HEART_RATE,
    IN_STEP,
    SPEED,
    Response,
    folded_tempo_bpm,
    measured_spans,
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
    first, second = measured_spans(_SPANS, _streams(), {})
    assert (first.play_index, second.play_index) == (0, 2)
    assert first.responses[SPEED.name] == pytest.approx(100.0 * math.log(3.0))
    assert second.responses[SPEED.name] == pytest.approx(100.0 * math.log(3.3), abs=0.5)
    assert (first.usable_s, second.usable_s) == (180, 240)
    assert (first.position, second.position) == pytest.approx((110 / 600, 480 / 600))


def test_a_stop_is_noted_and_its_time_does_not_count() -> None:
    second = measured_spans(_SPANS, _streams(480), {})[1]
    assert second.usable_s == 120
    assert second.stopped_share == 0.5


def test_a_play_spent_standing_is_no_row() -> None:
    assert len(measured_spans(_SPANS, _streams(380), {})) == 1


def test_each_response_is_its_own_measure() -> None:
    found = measured_spans(_SPANS, _streams(), {"a": 171.0, "b": 150.0})

    def values(response: Response) -> list[float]:
        return [each.responses[response.name] for each in found]

    assert values(HEART_RATE) == [150.0, 150.0]
    assert values(CADENCE) == [170.0, 170.0]
    assert values(IN_STEP) == [100.0, 0.0]


def test_what_was_not_measured_is_no_response() -> None:
    streams = _streams()
    columns = streams.columns
    without_speed = replace(
        streams, columns={k: columns[k] for k in ("heart_rate_bpm", "cadence_spm")}
    )
    assert [set(each.responses) for each in measured_spans(_SPANS, without_speed, {})] == [
        {CADENCE.name},
        {CADENCE.name},
    ]
    nothing = replace(streams, columns={})
    assert measured_spans(_SPANS, nothing, {"a": 171.0}) == []


@pytest.mark.parametrize(
    ("tempo_bpm", "folded_bpm"), [(170, 170), (85, 170), (340, 170), (120, 120), (118, 236)]
)
def test_a_tempo_is_folded_to_where_it_is_nearest(tempo_bpm: float, folded_bpm: float) -> None:
    assert folded_tempo_bpm(tempo_bpm, 168.0) == folded_bpm


@pytest.mark.parametrize("tempo_bpm", [0.0, -1.0, math.nan, math.inf])
def test_what_is_no_tempo_is_not_folded(tempo_bpm: float) -> None:
    with pytest.raises(ValueError, match="No tempo"):
        folded_tempo_bpm(tempo_bpm, 168.0)
