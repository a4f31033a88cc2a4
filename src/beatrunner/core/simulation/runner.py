"""A whole runner: a body that is drawn from what is published, and what they told of themself."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

import numpy as np

from beatrunner.core.energy import RESTING_VO2, Sex, running_vo2
from beatrunner.core.heart import Runner, max_heart_rate_bpm
from beatrunner.core.simulation.gait import (
    ENTRAINMENTS,
    GaitParameters,
    Level,
    VirtualGait,
    draw_gait,
)
from beatrunner.core.simulation.heart import HeartParameters, VirtualHeart, draw_heart


@dataclass(frozen=True, slots=True)
class RunnerParameters:
    """`profile` is what BeatRunner is told, with the errors of what people know of themselves."""

    heart: HeartParameters
    gait: GaitParameters
    profile: Runner
    entrainment: Level = "median"


def draw_runner(rng: np.random.Generator, entrainment: Level = "median") -> RunnerParameters:
    """One of the population. Their VO2max, known to 7 %, is what BeatRunner's own equations
    would have to be told to be right about the easy speed: a speed for 150 bpm is then wrong by
    about 0.4 m/s (SD)."""
    sex: Sex = "male" if rng.random() < 0.5 else "female"
    is_male = sex == "male"
    age_years = float(rng.uniform(20.0, 62.0))
    height_cm = float(np.clip(rng.normal(179.5 if is_male else 166.1, 6.4), 150.0, 203.0))
    weight_kg = float(np.clip(rng.normal(80.0 if is_male else 64.0, 9.0), 45.0, 115.0))
    predicted = max_heart_rate_bpm(age_years)
    most_bpm = float(np.clip(rng.normal(predicted.value, predicted.sd), 155.0, 210.0))
    heart = draw_heart(rng, most_bpm)
    reserve_bpm = most_bpm - heart.resting_heart_rate_bpm
    share = ((heart.level_bpm - heart.resting_heart_rate_bpm) / reserve_bpm - 0.015) / 1.03
    vo2_max = RESTING_VO2 + (running_vo2(heart.level_mps) - RESTING_VO2) / share
    profile = Runner(
        age_years=round(age_years),
        sex=sex,
        height_cm=round(height_cm),
        weight_kg=round(weight_kg),
        vo2_max=round(vo2_max * exp(float(rng.normal(0.0, 0.07))), 1),
        resting_heart_rate_bpm=round(heart.resting_heart_rate_bpm + float(rng.normal(0.0, 3.0))),
        max_heart_rate_bpm=round(most_bpm + float(rng.normal(0.0, 3.0))),
    )
    return RunnerParameters(heart, draw_gait(rng, height_cm), profile, entrainment)


class VirtualRunner:
    """Stands on a belt. The same seed and the same steps give the same runner to the last digit;
    the heart's noise is its own, so that music which moves the steps leaves it alone."""

    def __init__(self, parameters: RunnerParameters, seed: int) -> None:
        self.parameters = parameters
        heart_rng, gait_rng = (
            np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(2)
        )
        self._heart = VirtualHeart(parameters.heart, heart_rng)
        self._gait = VirtualGait(parameters.gait, ENTRAINMENTS[parameters.entrainment], gait_rng)

    @property
    def heart_rate_bpm(self) -> int:
        return self._heart.heart_rate_bpm

    @property
    def cadence_spm(self) -> float:
        """Of both feet; 0 while standing."""
        return self._gait.cadence_spm

    @property
    def is_running(self) -> bool:
        return self._gait.is_running

    def step(
        self,
        dt_s: float,
        speed_mps: float,
        grade_pct: float = 0.0,
        beat_spm: float | None = None,
    ) -> None:
        """`dt_s` on a belt of this speed and incline, hearing this beat (folded; None: silence)."""
        self._heart.step(dt_s, speed_mps, grade_pct)
        self._gait.step(dt_s, speed_mps, beat_spm)
