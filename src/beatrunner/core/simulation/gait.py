"""Steps of a runner with a line of their own, who follows the beat more or less.

The own line bends a little (van Oeveren 2019 finds curves of second order), which no model that
learns a line can know. Around it the steps wander as in 42 public runs. Walking and running each
hold on around the runner's own speed of transition.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from math import exp
from typing import Literal

import numpy as np

from beatrunner.core.simulation.wander import Wander

_STANDS_BELOW_MPS = 0.3
_MIDDLE_MPS, _WALK_MPS, _WALK_POWER = 3.0, 1.34, 0.58
_HOLDS_ON_MPS = 0.05
_SCATTER_SPM, _SCATTER_MEMORY_S = 2.4, 60.0

Level = Literal["off", "median", "strong"]


@dataclass(frozen=True, slots=True)
class Entrainment:
    """The words are explained in `entrainment.toml`."""

    follows: float
    linear_to: float
    gone_at: float
    approach_s: float
    steadies: float

    def share_at(self, away: float) -> float:
        """Share of the way that is followed to a beat `away` from the own cadence (relative)."""
        fading = (self.gone_at - abs(away)) / (self.gone_at - self.linear_to)
        return self.follows * min(max(fading, 0.0), 1.0)


def _load() -> dict[str, Entrainment]:
    text = files(__package__).joinpath("entrainment.toml").read_text(encoding="utf-8")
    return {name: Entrainment(**values) for name, values in tomllib.loads(text).items()}


ENTRAINMENTS = _load()


@dataclass(frozen=True, slots=True)
class GaitParameters:
    """`level_spm` at 3.0 m/s with `slope` and `bend` there; `walk_spm` at 1.34 m/s."""

    level_spm: float
    slope: float
    bend: float
    walk_spm: float
    transition_mps: float
    scatter_spm: float = _SCATTER_SPM

    def own_spm(self, speed_mps: float, is_running: bool) -> float:
        """The cadence of these steps at this speed when nothing sounds."""
        if not is_running:
            return self.walk_spm * float((speed_mps / _WALK_MPS) ** _WALK_POWER)
        off_mps = speed_mps - _MIDDLE_MPS
        return self.level_spm + (self.slope + self.bend * off_mps) * off_mps


def draw_gait(rng: np.random.Generator, height_cm: float) -> GaitParameters:
    """The population of `core.gait`: 10.6 steps/min between runners, some of it by height."""
    by_height_spm = -0.5 * (height_cm - 181.4)
    return GaitParameters(
        level_spm=168.0 + by_height_spm + float(rng.normal(0.0, 9.7)),
        slope=float(np.clip(rng.normal(6.0, 2.5), 2.0, 11.0)),
        bend=float(np.clip(rng.normal(0.0, 0.6), -1.2, 1.2)),
        walk_spm=float(np.clip(rng.normal(115.0, 6.0), 100.0, 130.0)),
        transition_mps=float(np.clip(rng.normal(2.05, 0.08), 1.9, 2.2)),
    )


class VirtualGait:
    """Starts standing. `cadence_spm` of both feet; 0 while standing."""

    def __init__(
        self, parameters: GaitParameters, entrainment: Entrainment, rng: np.random.Generator
    ) -> None:
        self.parameters = parameters
        self.entrainment = entrainment
        self.cadence_spm = 0.0
        self.is_running = False
        self._pull_spm = 0.0
        self._steadied = 1.0
        self._scatter = Wander(rng, parameters.scatter_spm, _SCATTER_MEMORY_S)

    def step(self, dt_s: float, speed_mps: float, beat_spm: float | None = None) -> None:
        """`beat_spm` in steps per minute (folded), None for silence."""
        scatter_spm = self._scatter.step(dt_s)
        if speed_mps < _STANDS_BELOW_MPS:
            self.cadence_spm, self._pull_spm, self.is_running = 0.0, 0.0, False
            return
        held_mps = -_HOLDS_ON_MPS if self.is_running else _HOLDS_ON_MPS
        self.is_running = speed_mps > self.parameters.transition_mps + held_mps
        own_spm = self.parameters.own_spm(speed_mps, self.is_running)
        share = 0.0 if beat_spm is None else self.entrainment.share_at(beat_spm / own_spm - 1.0)
        pull_spm = 0.0 if beat_spm is None else share * (beat_spm - own_spm)
        steadied = self.entrainment.steadies if share > 0.0 else 1.0
        moved = 1.0 - exp(-dt_s / self.entrainment.approach_s)
        self._pull_spm += moved * (pull_spm - self._pull_spm)
        self._steadied += moved * (steadied - self._steadied)
        self.cadence_spm = own_spm + self._pull_spm + self._steadied * scatter_spm
