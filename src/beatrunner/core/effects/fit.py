"""From plays to what may be said about tracks and tempo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np

from beatrunner.core.effects.calls import FEWEST_PLAYS, Verdict, called
from beatrunner.core.effects.design import Design, design
from beatrunner.core.effects.idle import signs
from beatrunner.core.effects.likelihood import Rotated
from beatrunner.core.effects.measured import MeasuredPlay, Response
from beatrunner.core.effects.mixture import Mixture
from beatrunner.core.effects.posterior import (
    tempo_mixture,
    tempo_rows,
    told_by_plays,
    track_mixtures,
)
from beatrunner.core.effects.spreads import Node, nodes
from beatrunner.core.estimate import EDGE_SDS, Estimate
from beatrunner.core.recording import Samples

#: Rows left, after runs and controls, below which even the noise is anyone's guess.
LEAST_FREEDOM = 8
_CURVE_POINTS = 25


@dataclass(frozen=True, slots=True)
class TrackEffect:
    """How much more the response is under a track than under the mean of the tracks heard.

    `beyond_tempo` is the part that its tempo does not explain. `plays_effective`: how many
    undisturbed plays of average length would say as much. `plays_needed`: how many more, of that
    kind, until `beyond_tempo` has an interval of plus or minus `Response.telling`.
    """

    track: str
    effect: Estimate
    beyond_tempo: Estimate
    probability_above: float
    plays: int
    plays_effective: float
    plays_needed: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class TempoEffect:
    """The response by (folded) tempo, against that at the average tempo.

    `per_sd` is the slope of the best straight line per standard deviation of the plays' tempi,
    `sd_bpm`. `curve` goes from the 2nd to the 98th percentile of the tempi; its intervals hold
    point by point. `runs_needed`: how many more like these until the slope's interval is plus or
    minus half of `Response.telling`.
    """

    per_sd: Estimate
    probability_above: float
    mean_bpm: float
    sd_bpm: float
    curve: tuple[tuple[float, Estimate], ...]
    runs_needed: int


@dataclass(frozen=True, slots=True)
class Effects:
    """Tracks in order of their effect, the highest first. Without enough plays there is neither
    tempo nor noise, and the tracks have the prior's intervals.

    `spread` is the standard deviation between tracks of the same tempo, `noise` that of one play
    of average length around what is known of it.
    """

    response: Response
    plays: int
    runs: int
    tracks: tuple[TrackEffect, ...]
    tempo: TempoEffect | None
    spread: Estimate | None
    noise: Estimate | None


def fit(plays: Sequence[MeasuredPlay], response: Response) -> Effects:
    """Raises ValueError where a response at a given speed has a play without its speed."""
    table = design(plays, response)
    if table.freedom - table.fixed < LEAST_FREEDOM or len(table.tracks) < 2:
        return _nothing_known(table, len(plays), response)
    rotated = Rotated.of(table)
    found = nodes(rotated, response)
    whole, own = track_mixtures(rotated, found)
    spreads = _spreads(found)
    return Effects(
        response,
        plays=len(plays),
        runs=table.runs,
        tracks=_tracks(rotated, found, whole, own, response),
        tempo=_tempo(table, found, response),
        spread=spreads[0],
        noise=spreads[1],
    )


def _tracks(
    rotated: Rotated, found: Sequence[Node], whole: Mixture, own: Mixture, response: Response
) -> tuple[TrackEffect, ...]:
    table = rotated.design
    above = whole.above_zero()
    likeliest = max(found, key=lambda node: node.weight)
    level_sd = likeliest.spread / sqrt(table.modelled)
    own_signs = signs(*told_by_plays(rotated, likeliest), level_sd, response.spread_scale)
    calls = called(above, own_signs, table.plays)
    effective, needed = _information(table, own, found, response)
    rows = [
        TrackEffect(
            track,
            effect,
            beyond_tempo,
            probability_above=float(above[i]),
            plays=int(table.plays[i]),
            plays_effective=float(effective[i]),
            plays_needed=ceil(needed[i]),
            verdict=_verdict(float(calls[i]), int(table.plays[i]), float(needed[i])),
        )
        for i, (track, effect, beyond_tempo) in enumerate(
            zip(table.tracks, whole.estimates(), own.estimates(), strict=True)
        )
    ]
    return tuple(sorted(rows, key=lambda row: -row.effect.value))


def _verdict(call: float, plays: int, needed: float) -> Verdict:
    if call:
        return Verdict.RAISES if call > 0.0 else Verdict.LOWERS
    return Verdict.NOT_ENOUGH_YET if plays < FEWEST_PLAYS or needed > 0.0 else Verdict.CANNOT_TELL


def _information(
    table: Design, own: Mixture, found: Sequence[Node], response: Response
) -> tuple[Samples, Samples]:
    """Plays that would say as much as is known of each track, and how many more would be enough.

    A play's precision is 1 / sigma^2, of which the share that comparing within runs leaves is the
    trace of Z'Z against that of the weights. Precisions add up.
    """
    at = max(range(len(found)), key=lambda i: found[i].weight)
    noise_var = found[at].noise_var
    against_mean = 1.0 - 1.0 / table.modelled
    prior_var = max(found[at].spread ** 2 * against_mean, 1e-12)
    share = float(np.trace(table.zz)) / max(float(table.plays[: table.modelled].sum()), 1.0)
    effective = noise_var * against_mean * np.maximum(1.0 / own.sd[at] ** 2 - 1.0 / prior_var, 0.0)
    wanted = (EDGE_SDS / response.telling) ** 2
    missing = np.maximum(wanted - 1.0 / own.deviation() ** 2, 0.0)
    return effective, missing * noise_var / max(min(share, 1.0), 0.05)


def _tempo(table: Design, found: Sequence[Node], response: Response) -> TempoEffect | None:
    basis = table.tempo
    if basis is None:
        return None
    line = np.zeros((1, len(table.cy)))
    line[0, 0] = 1.0
    slope = tempo_mixture(table, found, line)
    at_bpm = np.linspace(basis.least_bpm, basis.most_bpm, _CURVE_POINTS)
    curve = tempo_mixture(table, found, tempo_rows(table, at_bpm)).estimates()
    wanted_sd = response.telling / 2.0 / EDGE_SDS
    more = (float(slope.deviation()[0]) / wanted_sd) ** 2 - 1.0
    return TempoEffect(
        slope.estimates()[0],
        probability_above=float(slope.above_zero()[0]),
        mean_bpm=basis.mean_bpm,
        sd_bpm=basis.sd_bpm,
        curve=tuple(zip(at_bpm.tolist(), curve, strict=True)),
        runs_needed=ceil(max(more, 0.0) * table.runs),
    )


def _spreads(found: Sequence[Node]) -> tuple[Estimate, Estimate]:
    """The tracks' spread and the noise."""
    weight = np.array([n.weight for n in found])
    noise = float(weight @ [n.noise for n in found])
    noise_var = float(weight @ [n.noise_var for n in found])
    spread = np.array([n.spread for n in found])
    low, high = np.interp([0.025, 0.975], np.cumsum(weight) - weight / 2.0, spread).tolist()
    mean = float(weight @ spread)
    return (
        Estimate(mean, min(low, mean), max(high, mean)),
        Estimate.from_sd(noise, sqrt(max(noise_var - noise**2, 0.0))),
    )


def _nothing_known(table: Design, plays: int, response: Response) -> Effects:
    prior = Estimate.from_sd(0.0, response.spread_scale)
    tracks = tuple(
        TrackEffect(
            track,
            prior,
            prior,
            probability_above=0.5,
            plays=int(table.plays[i]),
            plays_effective=0.0,
            plays_needed=FEWEST_PLAYS,
            verdict=Verdict.NOT_ENOUGH_YET,
        )
        for i, track in enumerate(table.tracks)
    )
    return Effects(response, plays, table.runs, tracks, tempo=None, spread=None, noise=None)
