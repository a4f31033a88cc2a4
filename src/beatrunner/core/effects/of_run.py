"""The plays of one run, measured."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite, log

import numpy as np

from beatrunner.core.align import Span
from beatrunner.core.effects.measured import (
    CADENCE,
    HEART_RATE,
    IN_STEP,
    SPEED,
    MeasuredPlay,
    Response,
)
from beatrunner.core.recording import Streams
from beatrunner.core.span_figures import SpanFigures, span_figures

#: Seconds at the start of a play that still belong to the one before.
LEAD_S = 20
#: A play with less moving time after that was skipped, or tells too little.
LEAST_USABLE_S = 45


@dataclass(frozen=True, slots=True)
class Music:
    """What is known of the tracks, by their keys, and which plays of the run chance put where they
    are (as `Span.play_index` counts them)."""

    tempo_bpm: Mapping[str, float] = field(default_factory=dict)
    randomised_plays: Collection[int] = ()


def plays_of_run(
    run: str,
    spans: Sequence[Span],
    streams: Streams,
    music: Music,
    response: Response,
    cadence_spm: float,
) -> list[MeasuredPlay]:
    """Of the spans under a track, those in which enough was measured.

    Tempi are folded to `cadence_spm`, the runner's own over all their runs. Structured interval
    workouts should not get here (`is_interval_workout`). Raises ValueError for another response
    than the four of this package.
    """
    trimmed = [
        replace(span, start_s=span.start_s + LEAD_S)
        for span in spans
        if span.track_key is not None and span.elapsed_s >= LEAD_S + LEAST_USABLE_S
    ]
    moving_s = np.append(0, np.cumsum(streams.is_moving))
    plays = []
    for span, figures in zip(trimmed, span_figures(trimmed, streams, music.tempo_bpm), strict=True):
        value = _value(figures, response)
        if span.track_key is None or value is None or figures.moving_s < LEAST_USABLE_S:
            continue
        tempo_bpm = music.tempo_bpm.get(span.track_key)
        middle_s = (moving_s[span.start_s] + moving_s[span.end_s]) / 2.0
        plays.append(
            MeasuredPlay(
                run,
                span.track_key,
                value,
                usable_s=figures.moving_s,
                position=float(middle_s / moving_s[-1]),
                tempo_bpm=folded_tempo_bpm(tempo_bpm, cadence_spm) if tempo_bpm else None,
                grade_pct=figures.grade_pct or 0.0,
                stopped_share=1.0 - figures.moving_s / figures.elapsed_s,
                speed_pct=_speed_pct(figures) if response.at_given_speed else None,
                is_randomised=span.play_index in music.randomised_plays,
            )
        )
    return plays


def folded_tempo_bpm(tempo_bpm: float, cadence_spm: float) -> float:
    """The tempo, doubled or halved until it lies nearest to the cadence.

    The cadence must be one for all runs: folding to that of each play would put the response into
    what is to explain it. Raises ValueError for what is not above 0 and finite.
    """
    if not (isfinite(tempo_bpm) and isfinite(cadence_spm) and min(tempo_bpm, cadence_spm) > 0.0):
        raise ValueError(f"No tempo or no cadence: {tempo_bpm}, {cadence_spm}.")
    octaves = round(log(cadence_spm / tempo_bpm) / log(2.0))
    return float(tempo_bpm * 2.0**octaves)


def _value(figures: SpanFigures, response: Response) -> float | None:
    if response is SPEED:
        return _speed_pct(figures)
    if response is HEART_RATE:
        return figures.heart_rate_bpm if _speed_pct(figures) is not None else None
    if response is CADENCE:
        return figures.cadence_spm
    if response is IN_STEP:
        return figures.in_step_pct
    raise ValueError(f"Nothing is measured of {response.name}.")


def _speed_pct(figures: SpanFigures) -> float | None:
    """On the level where its slope is known, else as it was."""
    speed_mps = figures.grade_adjusted_speed_mps or figures.speed_mps
    return 100.0 * log(speed_mps) if speed_mps else None
