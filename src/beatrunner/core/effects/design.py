"""The table of plays as the few cross-products that the likelihood is a function of.

Each run has a level of its own (fitness, weather, goal, device). Instead of a column for every run
the weighted mean of the run is subtracted from everything (the within transformation; Frisch &
Waugh 1933, Lovell 1963), which gives the same estimates and leaves a table of n - R independent
rows. For the tracks' columns Z, which are too many to write down, only Z'Z is formed: with w the
weights, B the weights summed by run and track, each row divided by the root of the run's total,
Z'Z = diag(sum of w by track) - B'B.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from beatrunner.core.effects.curves import TempoBasis, position_columns, tempo_basis
from beatrunner.core.effects.measured import MeasuredPlay, Response
from beatrunner.core.effects.run_noise import relative_variances
from beatrunner.core.recording import Samples

#: Tracks with an effect of their own: those heard longest. The rest, which could tell next to
#: nothing anyway, count as noise around the tempo curve. Time grows with the cube of this number,
#: and memory with its square: 2,500 take about 10 s and 300 MB.
MOST_TRACKS = 2500
_RUNS_AT_ONCE = 256
#: A column of which so little is left after the ones before it says nothing of its own.
_COLLINEAR = 1e-8

Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """Cross-products within runs, of weighted rows. The `weight` of a play (1 on average) is its
    length over the variance of its run.

    `fixed` columns C are the tempo line (when there is a tempo), the controls, and last the
    `bends` of the tempo curve. Z are the first `modelled` of `tracks`, which are in order of the
    time they were heard. `freedom` is n - R: rows that are left within runs.
    """

    tracks: tuple[str, ...]
    modelled: int
    plays: npt.NDArray[np.intp]
    track_tempo_bpm: Samples
    tempo: TempoBasis | None
    bends: int
    freedom: int
    runs: int
    weight: Samples
    yy: float
    cy: Samples
    cc: Samples
    zy: Samples
    zc: Samples
    zz: Samples

    @property
    def fixed(self) -> int:
        return len(self.cy) - self.bends


def design(
    plays: Sequence[MeasuredPlay], response: Response, most_tracks: int = MOST_TRACKS
) -> Design:
    """Raises ValueError where a response at a given speed has a play without its speed."""
    rows = _Rows.of(plays, response)
    seconds = _mean_one(np.array([play.usable_s for play in plays], dtype=float))
    weight = _mean_one(seconds / _relative_variance(rows, seconds))
    tracks, track = _by_time([play.track for play in plays], seconds)
    modelled = min(len(tracks), most_tracks)
    within = _Within(rows.run, weight)
    y, c, basis, bends = rows.within(within)
    return Design(
        tracks=tracks,
        modelled=modelled,
        plays=np.bincount(track, minlength=len(tracks)),
        track_tempo_bpm=_mean_tempo(rows.tempo_bpm, track, seconds, len(tracks)),
        tempo=basis,
        bends=bends,
        freedom=len(plays) - within.runs,
        runs=within.runs,
        weight=weight,
        yy=float(y @ y),
        cy=c.T @ y,
        cc=c.T @ c,
        zy=_sums(track, (within.root * y)[:, None], modelled)[:, 0],
        zc=_sums(track, within.root[:, None] * c, modelled),
        zz=_tracks_by_tracks(rows.run, track, weight, modelled),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """The table as it is."""

    run: Indices
    y: Samples
    controls: Samples
    tempo_bpm: Samples

    @classmethod
    def of(cls, plays: Sequence[MeasuredPlay], response: Response) -> _Rows:
        return cls(
            _numbered([play.run for play in plays]),
            np.array([play.response for play in plays], dtype=float),
            _controls(plays, response),
            np.array([play.tempo_bpm or np.nan for play in plays], dtype=float),
        )

    def within(self, within: _Within) -> tuple[Samples, Samples, TempoBasis | None, int]:
        """Within runs: the response, the fixed columns and bends; then the tempo's basis, and how
        many bends it has."""
        basis = tempo_basis(self.tempo_bpm, within.weight)
        music = np.zeros((len(self.y), 0))
        if basis is not None:
            music = within(basis.columns(self.tempo_bpm))
        if (music[:, :1] ** 2).sum() <= _COLLINEAR * len(self.y):
            # The tempo differs from run to run alone, where so much else does.
            basis, music = None, music[:, :0]
        fixed = _independent(np.column_stack([music[:, :1], within(self.controls)]))
        columns = np.column_stack([fixed, music[:, 1:]])
        return within(self.y[:, None])[:, 0], columns, basis, max(music.shape[1] - 1, 0)


def _relative_variance(rows: _Rows, seconds: Samples) -> Samples:
    """Of each play, by its run, after the fixed part was taken out."""
    within = _Within(rows.run, seconds)
    y, c, _, _ = rows.within(within)
    if len(y) - within.runs <= c.shape[1]:
        return np.ones(len(y))
    residuals = y - c @ np.linalg.lstsq(c, y)[0]
    return relative_variances(residuals, rows.run, within.runs, c.shape[1])


def _mean_one(weight: Samples) -> Samples:
    return weight / weight.mean() if len(weight) else weight


class _Within:
    """Subtracts each run's weighted mean, and weighs the rows by the root of their weight."""

    def __init__(self, run: Indices, weight: Samples) -> None:
        self.runs = int(run.max(initial=-1)) + 1
        self.weight, self.root = weight, np.sqrt(weight)
        self._run = run
        self._total = np.bincount(run, weight, self.runs)

    def __call__(self, columns: Samples) -> Samples:
        result = np.empty_like(columns)
        for j, column in enumerate(columns.T):
            mean = np.bincount(self._run, self.weight * column, self.runs) / self._total
            result[:, j] = self.root * (column - mean[self._run])
        return result


def _controls(plays: Sequence[MeasuredPlay], response: Response) -> Samples:
    grade_pct = np.array([play.grade_pct for play in plays], dtype=float)
    controls = [
        position_columns(np.array([play.position for play in plays], dtype=float)),
        grade_pct,
        np.maximum(grade_pct, 0.0),
        np.array([play.stopped_share for play in plays], dtype=float),
    ]
    if response.at_given_speed:
        if any(play.speed_pct is None for play in plays):
            raise ValueError(f"{response.name} is at a given speed, which is not known.")
        controls.append(np.array([play.speed_pct for play in plays], dtype=float))
    return np.column_stack(controls)


def _independent(columns: Samples) -> Samples:
    """The columns without those that are nothing or follow from the ones before."""
    kept: list[int] = []
    basis = np.zeros((len(columns), 0))
    for j, column in enumerate(columns.T):
        rest = column - basis @ (basis.T @ column)
        rest -= basis @ (basis.T @ rest)
        length = float(np.linalg.norm(rest))
        if length**2 > _COLLINEAR * max(float(column @ column), _COLLINEAR):
            kept.append(j)
            basis = np.column_stack([basis, rest / length])
    return columns[:, kept]


def _numbered(keys: Sequence[str]) -> Indices:
    number: dict[str, int] = {}
    return np.array([number.setdefault(key, len(number)) for key in keys], dtype=np.intp)


def _by_time(keys: Sequence[str], weight: Samples) -> tuple[tuple[str, ...], Indices]:
    """The tracks, the longest heard first, and which of them each play is."""
    number = _numbered(keys)
    names = tuple(dict.fromkeys(keys))
    order = np.argsort(-np.bincount(number, weight, len(names)), kind="stable")
    rank = np.empty(len(names), dtype=np.intp)
    rank[order] = np.arange(len(names))
    return tuple(names[i] for i in order), rank[number]


def _mean_tempo(tempo_bpm: Samples, track: Indices, weight: Samples, tracks: int) -> Samples:
    is_known = np.isfinite(tempo_bpm)
    track, weight, tempo_bpm = track[is_known], weight[is_known], tempo_bpm[is_known]
    total = np.bincount(track, weight, tracks)
    mean = np.full(tracks, np.nan)
    np.divide(np.bincount(track, weight * tempo_bpm, tracks), total, out=mean, where=total > 0.0)
    return mean


def _sums(track: Indices, rows: Samples, modelled: int) -> Samples:
    is_modelled = track < modelled
    track, rows = track[is_modelled], rows[is_modelled]
    columns = [np.bincount(track, column, modelled) for column in rows.T]
    return np.column_stack(columns) if columns else np.zeros((modelled, 0))


def _tracks_by_tracks(run: Indices, track: Indices, weight: Samples, modelled: int) -> Samples:
    runs = int(run.max(initial=-1)) + 1
    total = np.bincount(run, weight, runs)
    is_modelled = track < modelled
    run, track, weight = run[is_modelled], track[is_modelled], weight[is_modelled]
    zz = np.diag(np.bincount(track, weight, modelled).astype(float))
    order = np.argsort(run, kind="stable")
    run, track, weight = run[order], track[order], weight[order]
    for first in range(0, runs, _RUNS_AT_ONCE):
        last = min(first + _RUNS_AT_ONCE, runs)
        here = slice(*np.searchsorted(run, [first, last]))
        shares = np.zeros((last - first, modelled))
        np.add.at(shares, (run[here] - first, track[here]), weight[here])
        shares /= np.sqrt(total[first:last, None])
        zz -= shares.T @ shares
    return zz
