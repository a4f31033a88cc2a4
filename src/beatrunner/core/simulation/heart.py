"""A heart that answers to speed and incline: first order with dead time, and what spoils that.

The gain is higher for steps up than for steps down (30.2 and 23.6 bpm per m/s) and falls with
time (Hunt, Fankhauser & Saengsuwan 2015). Both come out of one rule: what departs from the speed
of the last minutes counts a little more upwards and a little less downwards, and wears off as that
speed becomes the usual one; so a speed that goes up and down cannot pump the heart up. On top,
drift, and variability of about 2.1 bpm that no speed explains (Wang & Hunt 2021). Incline
counts as 4.5 % more speed per per cent (ACSM).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import exp

import numpy as np

from beatrunner.core.heart import SPEED_SHARE_PER_PCT
from beatrunner.core.simulation.wander import Wander

#: Steps up and down around their mean: 30.2 / 26.9 and 23.6 / 26.9.
_UP, _DOWN = 1.12, 0.88
_USUAL_AFTER_S = 300.0
_STEP_MPS = 0.6
_NOISE_MEMORY_S = 20.0
_STANDING_BPM, _BPM_PER_WALKED_MPS = 8.0, 15.0
#: Below this share of the easy speed the line bends towards the heart rate of standing.
_KNEE = 0.6
_DRIFTS_ABOVE_MPS = 0.5


@dataclass(frozen=True, slots=True)
class HeartParameters:
    """`level_bpm` is held at `level_mps`, around which the gain applies."""

    resting_heart_rate_bpm: float
    max_heart_rate_bpm: float
    level_mps: float
    level_bpm: float
    gain_bpm_per_mps: float
    time_constant_s: float
    dead_time_s: float
    drift_bpm_per_min: float
    noise_sd_bpm: float

    def steady_bpm(self, speed_mps: float, grade_pct: float = 0.0) -> float:
        """Where a speed leads in the end, without drift and noise; may be above the maximum."""
        speed_mps = _as_level(speed_mps, grade_pct)
        knee_mps = _KNEE * self.level_mps
        standing_bpm = self.resting_heart_rate_bpm + _STANDING_BPM
        at_knee_bpm = max(
            self.level_bpm + self.gain_bpm_per_mps * (knee_mps - self.level_mps),
            standing_bpm + _BPM_PER_WALKED_MPS * knee_mps,
        )
        if speed_mps < knee_mps:
            return standing_bpm + (at_knee_bpm - standing_bpm) * speed_mps / knee_mps
        return max(
            self.level_bpm + self.gain_bpm_per_mps * (speed_mps - self.level_mps), at_knee_bpm
        )


def draw_heart(rng: np.random.Generator, max_heart_rate_bpm: float) -> HeartParameters:
    """Gain and time constant of the 24 men of Hunt 2015, clipped to what a heart can do."""
    resting_bpm = _normal(rng, 60.0, 7.0, 42.0, 78.0)
    return HeartParameters(
        resting_heart_rate_bpm=resting_bpm,
        max_heart_rate_bpm=max_heart_rate_bpm,
        level_mps=_normal(rng, 2.7, 0.4, 1.9, 3.6),
        level_bpm=resting_bpm
        + _normal(rng, 0.65, 0.05, 0.5, 0.8) * (max_heart_rate_bpm - resting_bpm),
        gain_bpm_per_mps=_normal(rng, 24.2, 8.3, 10.0, 42.0),
        time_constant_s=_normal(rng, 57.6, 23.6, 20.0, 120.0),
        dead_time_s=_normal(rng, 6.0, 2.5, 2.0, 12.0),
        drift_bpm_per_min=_normal(rng, 0.1, 0.1, -0.1, 0.4),
        noise_sd_bpm=_normal(rng, 2.1, 0.36, 1.2, 3.0),
    )


class VirtualHeart:
    """Starts at rest, standing."""

    def __init__(self, parameters: HeartParameters, rng: np.random.Generator) -> None:
        self.parameters = parameters
        self._noise = Wander(rng, parameters.noise_sd_bpm, _NOISE_MEMORY_S)
        self._heart_rate_bpm = parameters.steady_bpm(0.0)
        self._drift_bpm = 0.0
        self._usual_mps = 0.0
        self._now_s = 0.0
        self._effort_mps = 0.0
        self._coming: deque[tuple[float, float]] = deque()

    @property
    def heart_rate_bpm(self) -> int:
        """As a sensor counts it, in whole beats and never above the maximum."""
        most_bpm = self.parameters.max_heart_rate_bpm
        return round(min(self._heart_rate_bpm + self._drift_bpm + self._noise.value, most_bpm))

    def step(self, dt_s: float, speed_mps: float, grade_pct: float = 0.0) -> None:
        parameters = self.parameters
        self._coming.append((self._now_s + parameters.dead_time_s, _as_level(speed_mps, grade_pct)))
        while self._coming and self._coming[0][0] <= self._now_s:
            self._effort_mps = self._coming.popleft()[1]
        self._now_s += dt_s
        effort_mps = self._effort_mps
        away_mps = min(max(effort_mps - self._usual_mps, -_STEP_MPS), _STEP_MPS)
        more = (_UP if away_mps > 0.0 else _DOWN) - 1.0
        target_bpm = parameters.steady_bpm(effort_mps)
        target_bpm += parameters.gain_bpm_per_mps * more * away_mps
        share = 1.0 - exp(-dt_s / parameters.time_constant_s)
        target_bpm = min(target_bpm, parameters.max_heart_rate_bpm)
        self._heart_rate_bpm += share * (target_bpm - self._heart_rate_bpm)
        self._usual_mps += (1.0 - exp(-dt_s / _USUAL_AFTER_S)) * (effort_mps - self._usual_mps)
        if effort_mps > _DRIFTS_ABOVE_MPS:
            self._drift_bpm += parameters.drift_bpm_per_min * dt_s / 60.0
        self._noise.step(dt_s)


def _as_level(speed_mps: float, grade_pct: float) -> float:
    """The level speed that costs the same."""
    return speed_mps * max(1.0 + SPEED_SHARE_PER_PCT * grade_pct, 0.5)


def _normal(rng: np.random.Generator, mean: float, sd: float, least: float, most: float) -> float:
    return float(np.clip(rng.normal(mean, sd), least, most))
