"""Simulated runners whose music is known to act on them, to see what the statistics make of it.

A run has a level of its own (SD 6.4 %, as between the runs of one public runner) and a course: slow
to begin with, fading at the end. Music is chosen from a library of Zipf popularity, as runners do
it: faster and more rousing tracks on hard days and late in the run, which is why the mean speed per
track says so little. A track acts by its tempo (`slope_pct` per SD) and by itself (`spread_pct`).

The cases differ in what the model takes for granted: normal noise of one size, independent from
play to play, in proportion to the length of the play (it is never that here: the noise of a long
play is as large as of a short one), tracks that all do something by themselves (of the "few
tracks" all but a twentieth do nothing), and a choice of music that does not depend on the noise.
Where that last one fails, no adjustment can help: `EXPECTED_TO_FAIL`. Only order that chance
decides (`is_shuffled`) does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from beatrunner.core.effects import MeasuredPlay

Samples = npt.NDArray[np.float64]

_LEVEL_SD_PCT = 6.4
TEMPO_MEAN_BPM, TEMPO_SD_BPM = 165.0, 9.0


@dataclass(frozen=True)
class Case:
    """One kind of runner. `reverse` is the correlation of the tempo chosen with the noise: the
    runner puts on a faster track because they are surging already. With `few`, that share of the
    tracks differs from their tempo by `spread_pct`, up or down, and all others by nothing."""

    runs: int = 150
    plays_per_run: int = 15
    library: int = 500
    spread_pct: float = 1.0
    few: float | None = None
    slope_pct: float = 0.5
    bend_pct: float = 0.0
    noise_pct: float = 4.0
    tail_freedom: float | None = None
    unequal: float = 0.0
    autocorrelation: float = 0.0
    reverse: float = 0.0
    is_shuffled: bool = False
    confounding: float = 1.0


BASE = Case()
CASES = {
    "base": BASE,
    "50 runs": replace(BASE, runs=50),
    "spread 2 %": replace(BASE, spread_pct=2.0),
    "heavy tails": replace(BASE, tail_freedom=4.0),
    "unequal runs": replace(BASE, unequal=0.5),
    "unequal runs, heavy tails": replace(BASE, unequal=0.5, tail_freedom=4.0),
    "autocorrelation": replace(BASE, autocorrelation=0.5),
    "curved tempo": replace(BASE, bend_pct=0.7),
    "strong confounding": replace(BASE, confounding=2.0),
    "noise 8 %": replace(BASE, noise_pct=8.0),
    "few tracks": replace(BASE, spread_pct=4.0, few=0.05),
    "nothing true": replace(BASE, spread_pct=0.0, slope_pct=0.0),
    # The runner reaches for faster music when surging, but chance orders what they picked.
    "experiment": replace(BASE, reverse=0.6, is_shuffled=True),
}
#: What no adjustment of logged plays can repair: the intervals are not expected to hold.
EXPECTED_TO_FAIL = {
    "reverse causality 0.3": replace(BASE, reverse=0.3),
    "reverse causality 0.6": replace(BASE, reverse=0.6),
}


@dataclass(frozen=True)
class Truth:
    """By track, `t0` and so on: the whole effect, and the track's own beyond its tempo."""

    effect_pct: dict[str, float]
    own_pct: dict[str, float]
    slope_pct: float


@dataclass(frozen=True)
class _Library:
    popularity: Samples
    tempo: Samples
    """In SDs."""
    rousing: Samples
    own_pct: Samples


def simulated(case: Case, seed: int) -> tuple[list[MeasuredPlay], Truth]:
    rng = np.random.default_rng(seed)
    library = _library(case, rng)
    effect_pct = library.own_pct + tempo_effect_pct(case, library.tempo)
    plays = [play for run in range(case.runs) for play in _run(case, library, effect_pct, run, rng)]
    keys = [f"t{i}" for i in range(case.library)]
    truth = Truth(
        dict(zip(keys, effect_pct.tolist(), strict=True)),
        dict(zip(keys, library.own_pct.tolist(), strict=True)),
        case.slope_pct,
    )
    return plays, truth


def _library(case: Case, rng: np.random.Generator) -> _Library:
    popularity = 1.0 / np.arange(1, case.library + 1) ** 0.8
    tempo = rng.normal(size=case.library).clip(-2.5, 2.5)
    rousing = 0.7 * tempo + 0.7 * rng.normal(size=case.library)
    own_pct = case.spread_pct * rng.normal(size=case.library)
    if case.few is not None:
        is_one = rng.uniform(size=case.library) < case.few
        own_pct = np.where(is_one, case.spread_pct * np.sign(own_pct), 0.0)
    return _Library(popularity / popularity.sum(), tempo, rousing, own_pct)


def tempo_effect_pct(case: Case, tempo: Samples) -> Samples:
    """Of tempi in SDs: a line, and a bend without one, best in the middle."""
    return np.asarray(case.slope_pct * tempo - case.bend_pct * (tempo**2 - 1.0) / np.sqrt(2.0))


def _run(
    case: Case, library: _Library, effect_pct: Samples, run: int, rng: np.random.Generator
) -> list[MeasuredPlay]:
    n = case.plays_per_run
    hardness = float(rng.normal())
    seconds = rng.uniform(130.0, 270.0, n)
    position = (np.cumsum(seconds) - seconds / 2.0) / seconds.sum()
    noise = _noise(case, n, rng)
    track = _chosen(case, library, hardness, position, noise, rng)
    grade_pct = rng.normal(0.0, 1.0, n)
    response = (
        100.0 * np.log(2.9)
        + _LEVEL_SD_PCT * hardness
        + _course(position)
        - 0.4 * grade_pct
        + effect_pct[track]
        + case.noise_pct * noise
    )
    return [
        MeasuredPlay(
            run=f"r{run}",
            track=f"t{track[i]}",
            response=float(response[i]),
            usable_s=float(seconds[i]),
            position=float(position[i]),
            tempo_bpm=float(TEMPO_MEAN_BPM + TEMPO_SD_BPM * library.tempo[track[i]]),
            grade_pct=float(grade_pct[i]),
            is_randomised=case.is_shuffled,
        )
        for i in range(n)
    ]


def _course(position: Samples) -> Samples:
    return np.asarray(-8.0 * np.exp(-position / 0.06) - 5.0 * np.maximum(position - 0.6, 0.0))


def _noise(case: Case, n: int, rng: np.random.Generator) -> Samples:
    """Of SD 1 over all runs."""
    shocks = rng.normal(size=n)
    if case.tail_freedom is not None:
        nu = case.tail_freedom
        shocks = rng.standard_t(nu, size=n) / np.sqrt(nu / (nu - 2.0))
    rho, noise = case.autocorrelation, np.empty(n)
    noise[0] = shocks[0]
    for i in range(1, n):
        noise[i] = rho * noise[i - 1] + np.sqrt(1.0 - rho**2) * shocks[i]
    size = np.exp(case.unequal * rng.normal() - case.unequal**2)
    return np.asarray(noise * size)


def _chosen(
    case: Case,
    library: _Library,
    hardness: float,
    position: Samples,
    noise: Samples,
    rng: np.random.Generator,
) -> npt.NDArray[np.intp]:
    """Of the popular, the more rousing the harder the day and the later in the run.

    A wish of N(0, 1) that is `reverse` noise and else chance moves the choice by tempo, unless the
    list is shuffled once it is made.
    """
    wish = case.reverse * noise + np.sqrt(1.0 - case.reverse**2) * rng.normal(size=len(position))
    tilt = 0.8 * case.confounding * (hardness + 2.0 * (position - 0.5))
    weight = library.popularity * np.exp(tilt[:, None] * library.rousing)
    if case.reverse:
        weight *= np.exp(-0.5 * ((library.tempo - wish[:, None]) / 0.15) ** 2)
    below = np.cumsum(weight, axis=1)
    chosen = (below < below[:, -1:] * rng.uniform(size=(len(position), 1))).sum(axis=1)
    return rng.permutation(chosen) if case.is_shuffled else chosen
