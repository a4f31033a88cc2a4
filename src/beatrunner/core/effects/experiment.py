"""What chance decided, kept apart, and what to let it decide next.

Logged plays show what goes together: a runner who puts on a fast track because they are surging
makes it look as if the track had done it, and no adjustment repairs that. Where chance orders the
tracks within a run, the noise cannot choose them, and the same model estimates what a track does
(Fisher 1935; Rubin 1974). That holds for the tracks that were due, heard or not: one skipped
because the legs are heavy is missing for a reason, so its place has to count to it all the same.

The next run's tracks are chosen for what they would teach: the plan that lowers most the sum of the
posterior variances of the whole effects of the candidates (Bayesian A-optimality; Chaloner &
Verdinelli 1995, Statistical Science 10:273), one track after the other. Variances depend on what
will be played and not on what will be measured, so the gain is known beforehand. Extreme tempi
tell about the curve that all tracks share; tracks hardly heard tell about themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from beatrunner.core.effects.design import design
from beatrunner.core.effects.fit import LEAST_FREEDOM, Effects, fit
from beatrunner.core.effects.likelihood import Rotated
from beatrunner.core.effects.measured import MeasuredPlay, Response
from beatrunner.core.effects.posterior import tempo_rows
from beatrunner.core.effects.spreads import nodes
from beatrunner.core.recording import Samples

#: Runs differ by this many times the noise of a play (6.4 % against 4 %, rounded up).
_LEVELS = 2.0
#: Tracks with an effect of their own, however few are candidates: those heard longest.
_MODELLED = 500


@dataclass(frozen=True, slots=True)
class Answers:
    """`association` is of plays as they came, `causal` of those that chance ordered; None where
    there are none."""

    association: Effects | None
    causal: Effects | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A track that could be played; `tempo_bpm` is folded, None where not known."""

    track: str
    tempo_bpm: float | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Tracks to be played once each in one run, in an order that chance decides.

    `sd` is the root of the mean posterior variance of the candidates' effects, `tempo_sd` that of
    the slope per SD of tempo (None without tempi), now and as foreseen after the run.
    """

    tracks: tuple[str, ...]
    sd: float
    sd_after: float
    tempo_sd: float | None
    tempo_sd_after: float | None


def answers(plays: Sequence[MeasuredPlay], response: Response) -> Answers:
    """Raises ValueError as `fit` does."""
    by_chance = [play for play in plays if play.is_randomised]
    logged = [play for play in plays if not play.is_randomised]
    return Answers(
        fit(logged, response) if logged else None,
        fit(by_chance, response) if by_chance else None,
    )


def proposal(
    randomised: Sequence[MeasuredPlay],
    candidates: Sequence[Candidate],
    response: Response,
    tracks: int,
) -> Proposal:
    """What `tracks` of the candidates would teach most, given the randomised plays so far.

    Takes time and memory by the square of the candidates: 1,000 take a second.
    """
    known = _known(randomised, candidates, response)
    state, size = known.covariance, len(candidates)
    now = np.diag(state).copy()
    chosen: list[int] = []
    for _ in range(min(tracks, size)):
        # One play measures the candidate's effect plus the level of the new run, the last row.
        seen = state[:, :size] + state[:, -1:]
        total = np.diag(seen[:size]) + seen[-1] + known.noise_var
        gain = (seen[:size] ** 2).sum(axis=0) / total
        gain[chosen] = -1.0
        best = int(np.argmax(gain))
        chosen.append(best)
        state = state - np.outer(seen[:, best], seen[:, best]) / total[best]
    after = np.diag(state)
    return Proposal(
        tuple(candidates[i].track for i in chosen),
        sd=_root_mean(now[:size]),
        sd_after=_root_mean(after[:size]),
        tempo_sd=float(np.sqrt(now[size])) if known.has_tempo else None,
        tempo_sd_after=float(np.sqrt(after[size])) if known.has_tempo else None,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """The covariance of the candidates' effects, the slope, and the level of a new run."""

    covariance: Samples
    noise_var: float
    has_tempo: bool


def _known(
    plays: Sequence[MeasuredPlay], candidates: Sequence[Candidate], response: Response
) -> _Known:
    # What else was heard is next to nothing beside them, and would take seconds by the thousand.
    table = design(plays, response, most_tracks=max(len(candidates), _MODELLED))
    tempo_bpm = np.array([each.tempo_bpm or np.nan for each in candidates], dtype=float)
    if table.freedom - table.fixed < LEAST_FREEDOM or table.tempo is None:
        return _from_prior(tempo_bpm, response)
    rotated = Rotated.of(table)
    node = max(nodes(rotated, response), key=lambda each: each.weight)
    rank = {track: i for i, track in enumerate(table.tracks[: table.modelled])}
    heard = np.array([rank.get(each.track, -1) for each in candidates], dtype=np.intp)
    along = np.where(heard[:, None] >= 0, rotated.v[heard], 0.0)
    own = (along * node.given.g) @ along.T
    own[np.diag_indices_from(own)] += np.where(heard < 0, node.given.ratio**2, 0.0)
    rows = tempo_rows(table, tempo_bpm) - (along * node.given.g) @ rotated.zc
    slope = np.eye(1, rows.shape[1])
    rows = np.vstack([rows, slope])
    effects = rows @ node.covariance @ rows.T
    effects[:-1, :-1] += node.noise_var * own
    return _Known(_state(effects, node.noise_var), node.noise_var, has_tempo=True)


def _from_prior(tempo_bpm: Samples, response: Response) -> _Known:
    """Before there is anything to go by: a tempo slope as likely as a track's own effect."""
    known_bpm = tempo_bpm[np.isfinite(tempo_bpm)]
    z = np.nan_to_num(tempo_bpm - known_bpm.mean()) if len(known_bpm) else np.zeros(len(tempo_bpm))
    sd = float(np.sqrt(np.mean(z**2))) if len(z) else 0.0
    rows = np.vstack([(z / sd if sd > 0.0 else z)[:, None], [[1.0]]])
    effects = response.spread_scale**2 * (rows @ rows.T + np.diag([*[1.0] * len(z), 0.0]))
    noise_var = response.typical_noise**2
    return _Known(_state(effects, noise_var), noise_var, has_tempo=sd > 0.0)


def _state(effects: Samples, noise_var: float) -> Samples:
    """The effects against their mean, which nothing can tell, then the slope, then the level."""
    against = np.eye(len(effects))
    against[:-1, :-1] -= 1.0 / max(len(effects) - 1, 1)
    state = np.zeros((len(effects) + 1, len(effects) + 1))
    state[:-1, :-1] = against @ effects @ against.T
    state[-1, -1] = _LEVELS**2 * noise_var
    return state


def _root_mean(variances: Samples) -> float:
    return float(np.sqrt(variances.mean())) if len(variances) else 0.0
