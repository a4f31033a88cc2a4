"""How right the statistics are about simulated runners (`effects_generator`).

Scored are the tracks heard at least three times. Beside the method stand two that others use: the
mean per track, against the mean of all, with the interval of a plain mean, and the same after the
mean of the run was subtracted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context

import numpy as np
import numpy.typing as npt

from beatrunner.core.effects import SPEED, MeasuredPlay, TempoEffect, Verdict, fit
from benchmarks.effects_generator import (
    CASES,
    EXPECTED_TO_FAIL,
    TEMPO_MEAN_BPM,
    TEMPO_SD_BPM,
    Case,
    simulated,
    tempo_effect_pct,
)

Samples = npt.NDArray[np.float64]
REPETITIONS = 80
FEWEST_PLAYS = 3
_STRONG_PCT, _OFTEN = 1.0, 10
_EDGE_SDS = 1.96
_THREADS = "OPENBLAS_NUM_THREADS"


@dataclass(frozen=True)
class Score:
    """Of one way to estimate, on one simulated runner; shares from 0 to 1, effects in percent.

    `called_idle` counts tracks that are called and by themselves do nothing, or the reverse.
    `strong` counts those that by themselves do at least 1 % and were heard at least ten times, and
    `strong_called` those of them that are called rightly.
    """

    coverage: float
    rmse: float
    rank: float
    called: int
    called_wrong: int
    called_idle: int
    strong: int
    strong_called: int
    top_claimed: float
    top_true: float


@dataclass(frozen=True)
class Scores:
    """`slope_error` is per SD of tempo in the library; `curve_coverage` is along the tempi."""

    method: Score
    naive: Score
    centred: Score
    slope_error: float
    slope_covered: bool
    curve_coverage: float


@cache
def scores(name: str) -> tuple[Scores, ...]:
    """Of a named case, with as many seeds as a benchmark takes."""
    return tuple(scores_of({name: REPETITIONS})[name])


def scores_of(seeds: Mapping[str, int]) -> dict[str, list[Scores]]:
    """By the name of a case, which is scored with so many seeds, from 0; on all cores."""
    cases = CASES | EXPECTED_TO_FAIL
    jobs = [(name, seed) for name, count in seeds.items() for seed in range(count)]
    found: dict[str, list[Scores]] = {name: [] for name in seeds}
    with (
        single_threaded(),
        ProcessPoolExecutor(os.cpu_count() or 1, mp_context=get_context("spawn")) as pool,
    ):
        each = pool.map(scored, [cases[name] for name, _ in jobs], [seed for _, seed in jobs])
        for (name, _), one in zip(jobs, each, strict=True):
            found[name].append(one)
    return found


@contextmanager
def single_threaded() -> Iterator[None]:
    """Processes started meanwhile keep to one core: threads of several in each other's way make a
    fit many times slower."""
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = "1"
    try:
        yield
    finally:
        os.environ.pop(_THREADS)
        if before is not None:
            os.environ[_THREADS] = before


@dataclass(frozen=True)
class _True:
    """Of the tracks that are scored."""

    effect_pct: Samples
    own_pct: Samples
    is_strong: npt.NDArray[np.bool_]


def scored(case: Case, seed: int) -> Scores:
    plays, truth = simulated(case, seed)
    effects = fit(plays, SPEED)
    if effects.tempo is None:
        raise ValueError("Too few plays to score.")
    tracks = [track for track in effects.tracks if track.plays >= FEWEST_PLAYS]
    called = {Verdict.RAISES: 1, Verdict.LOWERS: -1}
    every_pct = [truth.effect_pct[track.track] for track in effects.tracks]
    true_pct = np.array([truth.effect_pct[track.track] for track in tracks]) - np.mean(every_pct)
    own_pct = np.array([truth.own_pct[track.track] for track in tracks])
    is_often = np.array([track.plays >= _OFTEN for track in tracks])
    true = _True(true_pct, own_pct, is_often & (np.abs(own_pct) >= _STRONG_PCT))
    method = _score(
        np.array([track.effect.value for track in tracks]),
        np.array([track.effect.low for track in tracks]),
        np.array([track.effect.high for track in tracks]),
        np.array([called.get(track.verdict, 0) for track in tracks]),
        true,
    )
    keys = [track.track for track in tracks]
    slope, per_sd = effects.tempo.per_sd, effects.tempo.sd_bpm / TEMPO_SD_BPM
    return Scores(
        method,
        _by_means(plays, keys, true, centred=False),
        _by_means(plays, keys, true, centred=True),
        slope_error=slope.value / per_sd - truth.slope_pct,
        slope_covered=slope.low <= truth.slope_pct * per_sd <= slope.high,
        curve_coverage=_curve_coverage(case, plays, effects.tempo),
    )


def _curve_coverage(case: Case, plays: Sequence[MeasuredPlay], tempo: TempoEffect) -> float:
    """Against the mean over the plays, as the curve is."""

    def true_pct(tempo_bpm: list[float]) -> Samples:
        return tempo_effect_pct(case, (np.array(tempo_bpm) - TEMPO_MEAN_BPM) / TEMPO_SD_BPM)

    heard_pct = true_pct([play.tempo_bpm or TEMPO_MEAN_BPM for play in plays])
    mean_pct = np.average(heard_pct, weights=[play.usable_s for play in plays])
    true = true_pct([at_bpm for at_bpm, _ in tempo.curve]) - mean_pct
    held = [
        effect.low <= each <= effect.high
        for (_, effect), each in zip(tempo.curve, true.tolist(), strict=True)
    ]
    return float(np.mean(held))


def _by_means(
    plays: Sequence[MeasuredPlay], keys: Sequence[str], true: _True, *, centred: bool
) -> Score:
    response = np.array([play.response for play in plays])
    groups = np.unique([play.run for play in plays], return_inverse=True)[1]
    if not centred:
        groups = np.zeros(len(plays), dtype=np.intp)
    response = response - (np.bincount(groups, response) / np.bincount(groups))[groups]
    of_track: dict[str, list[float]] = {key: [] for key in keys}
    for play, value in zip(plays, response.tolist(), strict=True):
        if play.track in of_track:
            of_track[play.track].append(value)
    mean = np.array([np.mean(of_track[key]) for key in keys])
    error = np.array([np.std(of_track[key], ddof=1) / len(of_track[key]) ** 0.5 for key in keys])
    low, high = mean - _EDGE_SDS * error, mean + _EDGE_SDS * error
    return _score(mean, low, high, np.where(low > 0.0, 1, np.where(high < 0.0, -1, 0)), true)


def _score(
    value: Samples, low: Samples, high: Samples, called: npt.NDArray[np.int_], true: _True
) -> Score:
    true_pct = true.effect_pct
    is_right = (called != 0) & (np.sign(true.own_pct) == called)
    top = np.argsort(-value)[:10]
    is_true = true_pct.any()
    return Score(
        coverage=float(((low <= true_pct) & (true_pct <= high)).mean()),
        rmse=float(np.sqrt(np.mean((value - true_pct) ** 2))),
        rank=float(np.corrcoef(_ranks(value), _ranks(true_pct))[0, 1]) if is_true else 0.0,
        called=int((called != 0).sum()),
        called_wrong=int(((called != 0) & (np.sign(true_pct) != called)).sum()),
        called_idle=int(((called != 0) & ~is_right).sum()),
        strong=int(true.is_strong.sum()),
        strong_called=int((true.is_strong & is_right).sum()),
        top_claimed=float(value[top].mean()),
        top_true=float(true_pct[top].mean()),
    )


def _ranks(values: Samples) -> npt.NDArray[np.intp]:
    return np.argsort(np.argsort(values))
