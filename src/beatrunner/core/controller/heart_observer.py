"""What the heart does with a given pace, learnt while it is running: the model behind the control.

Heart rate answers exertion as a first-order lag after a dead time (Hunt 2015, Wang & Hunt 2023):
steady heart rate = offset + gain x exertion, exertion = speed with 1 % of grade worth 4.5 % of it
(ACSM). The time constant differs between people by a factor of three, so several are followed
side by side: each is a Kalman filter for (offset, gain), driven by the exertion as that time
constant would have smoothed it, and weighed by how well it foretold the readings.

The offset may wander: that is drift, fatigue, heat, and what makes the control come back to its
target (it acts as the integral of a classical controller). The noise is put higher than it is,
because heart rate varies slowly by itself and such variability must not be chased. The belt's
own speed goes in, never what was wished, so nothing winds up while the governor holds it back.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from beatrunner.core.heart import SPEED_SHARE_PER_PCT, HeartModel

_NOISE_BPM2 = 90.0
"""A second's reading: 2.1 bpm of variability that lasts for about 20 s."""
_OFFSET_WANDER_BPM2_S = 0.2
_GAIN_WANDER_S = 1e-4
_KNOWN_MPS = 2.5
"""Where the model's level is taken from: an easy run."""
_GAIN_BOUNDS = (8.0, 60.0)
_RESIDUAL_S = 3.0
_FORGET = 0.998
"""Of the weights a second: the last eight minutes count."""


def exertion_mps(speed_kmh: float, incline_pct: float) -> float:
    """The speed on the level that costs as much."""
    return speed_kmh / 3.6 * max(1.0 + SPEED_SHARE_PER_PCT * incline_pct, 0.0)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One time constant, and what offset and gain go with it. `p_*` is their covariance."""

    time_constant_s: float
    offset_bpm: float
    gain_bpm_per_mps: float
    p_oo: float
    p_og: float
    p_gg: float
    lagged_mps: float = 0.0
    weight: float = 1.0

    def bpm_at(self, mps: float) -> float:
        """Where the heart settles at this exertion."""
        return self.offset_bpm + self.gain_bpm_per_mps * mps

    def after(self, dt_s: float, delayed_mps: float, heart_rate_bpm: float | None) -> Hypothesis:
        """One step of the filter; `delayed_mps` is the exertion that the heart feels now."""
        share = -math.expm1(-dt_s / self.time_constant_s)
        lagged_mps = self.lagged_mps + (delayed_mps - self.lagged_mps) * share
        p_oo = self.p_oo + _OFFSET_WANDER_BPM2_S * dt_s
        p_gg = self.p_gg + _GAIN_WANDER_S * dt_s
        p_og = self.p_og
        if heart_rate_bpm is None:
            return replace(self, lagged_mps=lagged_mps, p_oo=p_oo, p_gg=p_gg)
        with_offset, with_gain = p_oo + lagged_mps * p_og, p_og + lagged_mps * p_gg
        spread = with_offset + lagged_mps * with_gain + _NOISE_BPM2 / dt_s
        off_bpm = heart_rate_bpm - self.bpm_at(lagged_mps)
        likelihood = math.exp(-0.5 * off_bpm * off_bpm / spread) / math.sqrt(spread)
        gain = self.gain_bpm_per_mps + with_gain / spread * off_bpm
        return Hypothesis(
            self.time_constant_s,
            self.offset_bpm + with_offset / spread * off_bpm,
            min(max(gain, _GAIN_BOUNDS[0]), _GAIN_BOUNDS[1]),
            p_oo - with_offset * with_offset / spread,
            p_og - with_offset * with_gain / spread,
            p_gg - with_gain * with_gain / spread,
            lagged_mps,
            self.weight**_FORGET * likelihood,
        )


@dataclass(frozen=True, slots=True)
class HeartObserver:
    """Follows one runner for one workout. `past` is (seconds ago, m/s), oldest first."""

    hypotheses: tuple[Hypothesis, ...]
    dead_time_s: float
    past: tuple[tuple[float, float], ...] = ()
    residual_bpm: float = 0.0
    """How far the heart is from what the model says just now, over the last few seconds."""

    def seeing(
        self, dt_s: float, exertion_mps: float, heart_rate_bpm: float | None
    ) -> HeartObserver:
        """After `dt_s` at this exertion; without a heart rate only time passes."""
        if dt_s <= 0:
            return self
        aged = [(ago_s + dt_s, mps) for ago_s, mps in self.past]
        felt = [at for at, (ago_s, _mps) in enumerate(aged) if ago_s >= self.dead_time_s]
        past = (*aged[max(felt, default=0) :], (0.0, exertion_mps))
        seen = [each.after(dt_s, past[0][1], heart_rate_bpm) for each in self.hypotheses]
        total = sum(each.weight for each in seen)
        fair = 1.0 / len(seen)
        weighed = tuple(
            replace(each, weight=max(each.weight / total, 1e-4) if total > 0 else fair)
            for each in seen
        )
        off_bpm = 0.0
        if heart_rate_bpm is not None:
            off_bpm = heart_rate_bpm - _mean(weighed, lambda each: each.bpm_at(each.lagged_mps))
        share = -math.expm1(-dt_s / _RESIDUAL_S)
        residual_bpm = self.residual_bpm + share * (off_bpm - self.residual_bpm)
        return HeartObserver(weighed, self.dead_time_s, past, residual_bpm)

    def exertion_for(
        self, target_bpm: float, caution: float = 0.0, follow: float = 0.0, urgency: float = 0.0
    ) -> float:
        """The exertion (m/s) that brings the heart to the target.

        `caution`: standard deviations of what is not known yet that are left below the target.
        `follow`: the share of the present deviation from the model that is countered.
        `urgency`: how much is added on the way, as a share of what the heart has still to go.
        """
        wanted_bpm = target_bpm - follow * self.residual_bpm

        def asked_mps(each: Hypothesis) -> float:
            steady_mps = (wanted_bpm - each.offset_bpm) / each.gain_bpm_per_mps
            unsure_mps = caution * _unsure_bpm(each, steady_mps) / each.gain_bpm_per_mps
            return steady_mps - unsure_mps + urgency * (steady_mps - each.lagged_mps)

        return max(_mean(self.hypotheses, asked_mps), 0.0)

    def steady_bpm(self, exertion_mps: float) -> float:
        """Where the heart settles at this exertion."""
        return _mean(self.hypotheses, lambda each: each.bpm_at(exertion_mps))


def _mean(hypotheses: Sequence[Hypothesis], of: Callable[[Hypothesis], float]) -> float:
    """Of what each says, by its weight."""
    total = sum(each.weight for each in hypotheses)
    return sum(each.weight * of(each) for each in hypotheses) / total


_SETTLED_BPM2 = math.sqrt(_NOISE_BPM2 * _OFFSET_WANDER_BPM2_S)
"""The variance that is left for ever because the offset wanders."""


def _unsure_bpm(each: Hypothesis, mps: float) -> float:
    """Standard deviation of the steady heart rate there, beyond what can ever be known."""
    variance = each.p_oo + 2 * mps * each.p_og + mps * mps * each.p_gg
    return math.sqrt(max(variance - _SETTLED_BPM2, 0.0))


def observing(heart: HeartModel) -> HeartObserver:
    """What is known before the first step: the model of a population, or of this runner."""
    gain, gain_var = heart.gain_bpm_per_mps.value, heart.gain_bpm_per_mps.sd**2
    level = heart.heart_rate_bpm(_KNOWN_MPS)
    hypotheses = tuple(
        Hypothesis(
            heart.time_constant_s.value * factor,
            level.value - gain * _KNOWN_MPS,
            gain,
            level.sd**2 + _KNOWN_MPS**2 * gain_var,
            -_KNOWN_MPS * gain_var,
            gain_var,
            weight=weight,
        )
        for factor, weight in ((0.5, 0.25), (1.0, 0.5), (1.8, 0.25))
    )
    return HeartObserver(hypotheses, heart.dead_time_s.value)
