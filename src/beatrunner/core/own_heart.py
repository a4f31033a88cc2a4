"""A runner's heart from the runs they recorded: how much, how fast and how it drifts.

Theory of operation. Over a run, heart rate = offset + gain x (effort, as a first-order lag would
smooth it) + drift x minutes, effort being the level speed that costs as much. For each of some
time constants that is a linear regression, with the population as prior for gain and drift and
nothing assumed of the offset; how well each time constant foretold the runs is its weight, and
what is told is the mean over them. What a heart varies by itself lasts for tens of seconds, so a
sample counts for far less than one.

On a treadmill the belt makes the effort. Outdoors runners slow down when the heart is high, hills
and wind are not all seen, and the same regression finds half the gain (32 public runs: 13.5
against 24.2 bpm per m/s in the laboratory, Hunt 2015). So the two are learnt apart and no
gain from outdoors ever drives a belt. The level is shared: heart rate at the usual effort, late
runs counting more, wider for the other ground. Maximum and rest are `core.heart_bounds`' matter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import sqrt

import numpy as np

from beatrunner.core.estimate import Estimate
from beatrunner.core.heart import HeartModel, Level
from beatrunner.core.recording import Samples

STEP_S = 5
_TIME_CONSTANTS_S = np.array([15.0, 25.0, 35.0, 45.0, 57.6, 72.0, 90.0, 115.0])
#: Variability of a sample (SD, bpm), and for how long it lasts: on a belt, and outdoors.
_NOISE_BPM, _LASTS_S = (4.0, 5.0), (60.0, 60.0)
#: Slower than this the heart is not on the line.
_LEAST_MPS = 1.5
_LEAST_STEPS = 60
#: From standing to running the heart is not on the line either: the first four minutes.
_WARM_STEPS = 48
#: Of what earlier runs taught, after another one.
_KEPT = 0.9
#: Of the level from day to day, and from one ground to the other.
_BETWEEN_DAYS_BPM, _OTHER_GROUND_BPM = 4.0, 6.0


@dataclass(frozen=True, slots=True)
class HeartRun:
    """Means over 5 s of one run: effort (0 while standing) and heart rate (NaN not known)."""

    effort_mps: Samples
    heart_rate_bpm: Samples


@dataclass(frozen=True, eq=False)
class Response:
    """What the runs on one ground taught. A row per time constant; columns gain and drift."""

    prior: Samples
    precision: Samples
    vector: Samples
    log_weight: Samples
    runs: int = 0
    own_s: float = 0.0
    #: Weight, and weighted effort (m/s) and heart rate, of the runs' levels.
    levels: tuple[float, float, float] = (0.0, 0.0, 0.0)
    #: Sum of the squares of the weights.
    weights_squared: float = 0.0

    @cached_property
    def weights(self) -> Samples:
        weights = np.exp(self.log_weight - self.log_weight.max())
        return np.asarray(weights / weights.sum())

    @cached_property
    def means(self) -> Samples:
        return np.asarray(np.linalg.solve(self.precision, self.vector[:, :, None])[:, :, 0])

    @property
    def time_constant_s(self) -> Estimate:
        return _mixed(self.weights, _TIME_CONSTANTS_S, np.zeros(len(_TIME_CONSTANTS_S)))

    @property
    def gain_bpm_per_mps(self) -> Estimate:
        return self._column(0)

    @property
    def drift_bpm_per_min(self) -> Estimate:
        return self._column(1)

    def level(self) -> Level | None:
        """In a run to come; None before there was one."""
        weight, effort_sum, beats_sum = self.levels
        if not weight:
            return None
        sd = _BETWEEN_DAYS_BPM * sqrt(1.0 + self.weights_squared / weight**2)
        return Level(effort_sum / weight, Estimate.from_sd(beats_sum / weight, sd))

    def seeing(self, run: HeartRun, dead_time_s: float, *, treadmill: bool) -> Response:
        """After another run; the same when it is too short or never left the walk."""
        lagged = _lagged(_delayed(run.effort_mps, dead_time_s))
        middle = lagged[:, len(_TIME_CONSTANTS_S) // 2]
        is_used = np.isfinite(run.heart_rate_bpm) & (middle >= _LEAST_MPS)
        is_used[:_WARM_STEPS] = False
        if is_used.sum() < _LEAST_STEPS:
            return self
        beats_bpm = run.heart_rate_bpm[is_used]
        minutes = np.flatnonzero(is_used) * STEP_S / 60.0
        lagged = lagged[is_used]
        known = np.stack([lagged, np.broadcast_to(minutes[:, None], lagged.shape)], axis=2)
        centred, left = known - known.mean(axis=0), beats_bpm - beats_bpm.mean()
        ground = 0 if treadmill else 1
        noise_var = _NOISE_BPM[ground] ** 2 * 2.0 * _LASTS_S[ground] / STEP_S
        found = np.einsum("nji,njk->jik", centred, centred) / noise_var
        moved = np.einsum("nji,n->ji", centred, left) / noise_var
        aged = self._aged()
        precision, vector = aged.precision + found, aged.vector + moved
        after = replace(
            aged,
            precision=precision,
            vector=vector,
            log_weight=aged.log_weight
            + _evidence(precision, vector)
            - _evidence(aged.precision, aged.vector),
            runs=self.runs + 1,
            own_s=self.own_s + STEP_S * len(beats_bpm),
        )
        return after._with_level(known.mean(axis=0), float(beats_bpm.mean()))

    def _with_level(self, known: Samples, mean_bpm: float) -> Response:
        """`known`: mean of lagged effort and minutes, by time constant. The drift is taken off."""
        effort_mps, minutes = (self.weights @ known).tolist()
        mean_bpm -= self.drift_bpm_per_min.value * minutes
        weight, effort_sum, beats_sum = (_KEPT * each for each in self.levels)
        return replace(
            self,
            levels=(weight + 1.0, effort_sum + effort_mps, beats_sum + mean_bpm),
            weights_squared=_KEPT**2 * self.weights_squared + 1.0,
        )

    def _aged(self) -> Response:
        precision, vector, log_weight = _prior_of(self.prior)
        return replace(
            self,
            precision=precision + _KEPT * (self.precision - precision),
            vector=vector + _KEPT * (self.vector - vector),
            log_weight=log_weight + _KEPT * (self.log_weight - log_weight),
        )

    def _column(self, at: int) -> Estimate:
        variances = np.asarray(np.linalg.inv(self.precision)[:, at, at])
        return _mixed(self.weights, self.means[:, at], variances)


@dataclass(frozen=True, slots=True, eq=False)
class OwnHeart:
    """One runner's heart on both grounds; `told` is what is known without a run."""

    told: HeartModel
    treadmill: Response
    outdoor: Response

    def seeing_run(self, run: HeartRun, *, treadmill: bool) -> OwnHeart:
        dead_time_s = self.told.dead_time_s.value
        if treadmill:
            return replace(self, treadmill=self.treadmill.seeing(run, dead_time_s, treadmill=True))
        return replace(self, outdoor=self.outdoor.seeing(run, dead_time_s, treadmill=False))

    def on(self, *, treadmill: bool) -> HeartModel:
        """The heart in a run to come on this ground."""
        here, there = self.treadmill, self.outdoor
        if not treadmill:
            here, there = there, here
        level, other = here.level(), there.level()
        if level is None and other is not None:
            sd = sqrt(other.heart_rate_bpm.sd**2 + _OTHER_GROUND_BPM**2)
            level = replace(other, heart_rate_bpm=Estimate.from_sd(other.heart_rate_bpm.value, sd))
        return replace(
            self.told,
            gain_bpm_per_mps=here.gain_bpm_per_mps,
            time_constant_s=here.time_constant_s,
            drift_bpm_per_min=here.drift_bpm_per_min,
            level=level,
            own_s=self.treadmill.own_s + self.outdoor.own_s,
        )


def unwatched(told: HeartModel) -> OwnHeart:
    """Before the first run: `told` is `population_heart` of the runner."""
    gain, drift = told.gain_bpm_per_mps, told.drift_bpm_per_min
    time_constant = told.time_constant_s
    prior = np.array(
        [gain.value, gain.sd, drift.value, drift.sd, time_constant.value, time_constant.sd]
    )
    response = Response(prior, *_prior_of(prior))
    return OwnHeart(told, response, response)


def heart_run(effort_mps: Samples, heart_rate_bpm: Samples) -> HeartRun:
    """A run given as one value a second, NaN where not known; unknown effort is standing."""
    whole_s = len(effort_mps) // STEP_S * STEP_S
    effort = np.nan_to_num(effort_mps[:whole_s]).reshape(-1, STEP_S).mean(axis=1)
    steps_bpm = heart_rate_bpm[:whole_s].reshape(-1, STEP_S).mean(axis=1)
    return HeartRun(effort, steps_bpm)


def _prior_of(prior: Samples) -> tuple[Samples, Samples, Samples]:
    """Precision, precision times mean, and log weight, by time constant."""
    gain, gain_sd, drift, drift_sd, time_constant_s, time_constant_sd = prior.tolist()
    count = len(_TIME_CONSTANTS_S)
    precision = np.tile(np.diag([gain_sd**-2, drift_sd**-2]), (count, 1, 1))
    log_weight = -0.5 * ((_TIME_CONSTANTS_S - time_constant_s) / time_constant_sd) ** 2
    # The time constants are not evenly spaced.
    log_weight += np.log(np.gradient(_TIME_CONSTANTS_S))
    return precision, precision @ np.array([gain, drift]), log_weight


def _evidence(precision: Samples, vector: Samples) -> Samples:
    """What each time constant's regression says for it, up to what is the same for all."""
    means = np.linalg.solve(precision, vector[:, :, None])[:, :, 0]
    explained = 0.5 * (vector * means).sum(axis=1)
    return np.asarray(explained - 0.5 * np.linalg.slogdet(precision)[1])


def _mixed(weights: Samples, means: Samples, variances: Samples) -> Estimate:
    """Of a mixture, held within the positive where all of it is."""
    mean = float(weights @ means)
    variance = float(weights @ (variances + (means - mean) ** 2))
    return Estimate.from_sd(mean, sqrt(variance))


def _delayed(effort_mps: Samples, dead_time_s: float) -> Samples:
    steps = round(dead_time_s / STEP_S)
    return np.concatenate([np.zeros(steps), effort_mps])[: len(effort_mps)]


def _lagged(effort_mps: Samples) -> Samples:
    """As first-order lags would smooth it from standing, a column per time constant."""
    shares = -np.expm1(-STEP_S / _TIME_CONSTANTS_S)
    lagged = np.zeros((len(effort_mps), len(shares)))
    state = np.zeros(len(shares))
    for row, effort in enumerate(effort_mps.tolist()):
        state = state + shares * (effort - state)
        lagged[row] = state
    return lagged
