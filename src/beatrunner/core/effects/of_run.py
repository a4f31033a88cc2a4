"""The plays of one run, measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, log

import numpy as np

from beatrunner.core.align import Span
from beatrunner.core.effects.lagged_speed import lagged_speed_pct
from beatrunner.core.effects.measured import CADENCE, HEART_RATE, IN_STEP, SPEED
from beatrunner.core.recording import Streams
from beatrunner.core.span_figures import SpanFigures, span_figures

#: Seconds at the start of a play that still belong to the one before.
LEAD_S = 20
#: A play with less moving time after that was skipped, or tells too little.
LEAST_USABLE_S = 45


@dataclass(frozen=True, slots=True)
class MeasuredSpan:
    """What was measured under a play, or under a part of one that another interrupted.

    `play_index` is the span's. `responses` has what was measured, by the name of the `Response`;
    `lagged_speed_pct` is the speed that the heart rate answers to, None without one; the rest is
    as in `MeasuredPlay`.
    """

    play_index: int
    position: float
    usable_s: int
    grade_pct: float
    stopped_share: float
    lagged_speed_pct: float | None
    responses: dict[str, float]


def measured_spans(
    spans: Sequence[Span], streams: Streams, tempo_bpm: Mapping[str, float]
) -> list[MeasuredSpan]:
    """Of the spans under a track, those in which enough was measured, in their order.

    `tempo_bpm` by track key, as far as known. Structured interval workouts should not get here
    (`is_interval_workout`).
    """
    trimmed = [
        replace(span, start_s=span.start_s + LEAD_S)
        for span in spans
        if span.elapsed_s >= LEAD_S + LEAST_USABLE_S
    ]
    moving_s = np.append(0, np.cumsum(streams.is_moving))
    found = []
    figures_of = span_figures(trimmed, streams, tempo_bpm)
    lagged_of = lagged_speed_pct(trimmed, streams)
    for span, figures, lagged_pct in zip(trimmed, figures_of, lagged_of, strict=True):
        responses = _responses(figures, lagged_pct)
        if span.play_index is None or not responses or figures.moving_s < LEAST_USABLE_S:
            continue
        middle_s = (moving_s[span.start_s] + moving_s[span.end_s]) / 2.0
        found.append(
            MeasuredSpan(
                span.play_index,
                position=float(middle_s / moving_s[-1]),
                usable_s=figures.moving_s,
                grade_pct=figures.grade_pct or 0.0,
                stopped_share=1.0 - figures.moving_s / figures.elapsed_s,
                lagged_speed_pct=lagged_pct,
                responses=responses,
            )
        )
    return found


def folded_tempo_bpm(tempo_bpm: float, cadence_spm: float) -> float:
    """The tempo, doubled or halved until it lies nearest to the cadence.

    The cadence must be one for all runs: folding to that of each play would put the response into
    what is to explain it. Raises ValueError for what is not above 0 and finite.
    """
    if not (isfinite(tempo_bpm) and isfinite(cadence_spm) and min(tempo_bpm, cadence_spm) > 0.0):
        raise ValueError(f"No tempo or no cadence: {tempo_bpm}, {cadence_spm}.")
    octaves = round(log(cadence_spm / tempo_bpm) / log(2.0))
    return float(tempo_bpm * 2.0**octaves)


def _responses(figures: SpanFigures, lagged_pct: float | None) -> dict[str, float]:
    measured = {
        SPEED: _speed_pct(figures),
        # It is told at a given speed.
        HEART_RATE: None if lagged_pct is None else figures.heart_rate_bpm,
        CADENCE: figures.cadence_spm,
        IN_STEP: figures.in_step_pct,
    }
    return {response.name: value for response, value in measured.items() if value is not None}


def _speed_pct(figures: SpanFigures) -> float | None:
    """On the level where its slope is known, else as it was."""
    speed_mps = figures.grade_adjusted_speed_mps or figures.speed_mps
    return 100.0 * log(speed_mps) if speed_mps else None
