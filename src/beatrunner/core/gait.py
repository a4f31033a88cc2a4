"""How fast a runner steps at a speed, how fast they run at a cadence, and which beat fits.

Running cadence is nearly a straight line of speed, and every runner has their own: the level
differs by 10.6 steps/min (SD) between runners, but a runner stays within 2.4 steps/min of their
own line. So the population's line says almost nothing of one runner's speed (±1.8 m/s from a
cadence, one SD), and a few minutes of their own running say much (±0.4 m/s). The model is a
Bayesian linear regression whose prior is the population and whose noise is the scatter around
the runner's own line; each observation is one exact update, so that learning within a workout
needs no history. Walking has one own number, the cadence at 1.34 m/s, around a fixed power law.

Whether somebody walks or runs is not a function of speed: it holds on until the other gait is
clearly the better one. The band in which it does so widens when the runner is seen outside it.

Sources. Running line: van Oeveren et al. 2019, 256 runners, cadence = 150.0 + 6.01 v for 1.64 to
4.68 m/s. Height: -50 steps/min per metre, from the correlations of de Ruiter et al. 2020 in
recreational runners (elite ultrarunners show -123, Burns et al. 2019). Deviations: 42 public run
files, blocks of 30 s. Walking: cadence ~ v^0.58 (Grieve; Kuo) through 115 steps/min at 1.34 m/s.
Transition: 2.0 to 2.1 m/s and about 141 steps/min (Hansen 2017), falling with incline.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from math import sqrt
from typing import Self

from beatrunner.core.estimate import EDGE_SDS, Estimate, refuse_unknown

MIDDLE_MPS = 3.0
_INTERCEPT_SPM, _SLOPE_SPM_PER_MPS = 150.0, 6.01
_MEAN_HEIGHT_CM, _HEIGHT_SD_CM, _SPM_PER_CM = 181.4, 8.4, -0.5
_BETWEEN_SPM, _WITHIN_SPM, _BLOCK_S = 10.6, 2.4, 30.0
#: A round figure, for want of runners with many files.
_BETWEEN_DAYS_SPM = 1.5
#: The quartiles of the slope within public runs, 2.9 and 8.7, contain each run's own error.
_SLOPE_SD = 3.0
#: A line flatter than this is not turned round: any speed would do.
_FLATTEST_SPM_PER_MPS = 1.5
_WALK_MPS, _WALK_SPM, _WALK_SD_SPM, _WALK_POWER = 1.34, 115.0, 9.0, 0.58
_WALKS_BELOW_MPS, _RUNS_ABOVE_MPS, _MPS_PER_PCT = 1.9, 2.1, -0.01
#: Between these speeds only the steps tell walking from running.
_UNSURE_MPS = (1.5, 2.2)
_SLOWEST_MPS, _FASTEST_MPS = 0.5, 6.5
#: Printed as about 0.6 to 1.6 m; slow joggers take shorter steps than that.
_RUNNING_STEP_M = (0.55, 1.6)
_WALKING_STEP_M = (0.3, 1.0)


@dataclass(frozen=True, slots=True)
class Beat:
    """A tempo as it is stepped to: `factor` steps per beat, `cadence_spm` = tempo times factor."""

    cadence_spm: float
    factor: float


def fold(tempo_bpm: float, cadence_spm: float, within: float) -> Beat | None:
    """The beat of a song as steps, if that is within the share `within` of `cadence_spm`.

    One step per beat is preferred, as coupling is steadiest when every step is cued (Brain Sci
    2020;10:273); then music of half the tempo; last a beat for every other step.
    Raises ValueError for NaN.
    """
    refuse_unknown(tempo_bpm, cadence_spm, within)
    for factor in (1.0, 2.0, 0.5):
        stepped_spm = tempo_bpm * factor
        if stepped_spm > 0.0 and abs(stepped_spm - cadence_spm) <= within * cadence_spm:
            return Beat(stepped_spm, factor)
    return None


@dataclass(frozen=True, slots=True)
class GaitModel:
    """One runner's cadence by speed, as far as it is known. Values; `seeing` gives the next.

    `level_spm` is the running cadence at 3.0 m/s and `slope` its change per m/s, with their
    covariance; `walk_spm` the walking cadence at 1.34 m/s. `own_s`: seconds of own data in it.
    `within_spm`: how far half a minute strays from the own line (SD).
    """

    level_spm: float
    slope: float
    level_var: float
    slope_var: float
    covariance: float
    walk_spm: float = _WALK_SPM
    walk_var: float = _WALK_SD_SPM**2
    walks_below_mps: float = _WALKS_BELOW_MPS
    runs_above_mps: float = _RUNS_ABOVE_MPS
    is_running: bool | None = None
    own_s: float = 0.0
    within_spm: float = _WITHIN_SPM

    def runs_at(self, speed_mps: float, grade_pct: float = 0.0) -> bool:
        """Whether the runner, walking or running as last seen, would run at this speed."""
        shift_mps = _MPS_PER_PCT * max(grade_pct, 0.0)
        below_mps, above_mps = self.walks_below_mps + shift_mps, self.runs_above_mps + shift_mps
        if self.is_running is None:
            return speed_mps > (below_mps + above_mps) / 2.0
        return speed_mps >= below_mps if self.is_running else speed_mps > above_mps

    def cadence_spm(self, speed_mps: float, grade_pct: float = 0.0) -> Estimate:
        """Steps per minute, where one block of 30 s at this speed would lie.

        Below 0.5 m/s the value at 0.5 m/s. Raises ValueError for NaN.
        """
        refuse_unknown(speed_mps, grade_pct)
        speed_mps = max(speed_mps, _SLOWEST_MPS)
        if self.runs_at(speed_mps, grade_pct):
            return Estimate.from_sd(self._running_spm(speed_mps), self._running_sd(speed_mps))
        return Estimate.from_sd(self._walking_spm(speed_mps), self._walking_sd(speed_mps))

    def speed_mps(self, cadence_spm: float, expected: Estimate | None = None) -> Estimate | None:
        """The level speed at which the runner steps so; None where no such speed is plausible.

        The interval says how little a cadence tells. `expected` is what is known of the speed
        from elsewhere (fitness, heart rate) and is weighed against that. The value is held within
        what a step can be, and so `cadence_spm(speed_mps(x).value)` is x only inside of that.
        Raises ValueError for NaN.
        """
        refuse_unknown(cadence_spm)
        if cadence_spm <= 0.0:
            return None
        running, walking = self._running_speed(cadence_spm), self._walking_speed(cadence_spm)
        if running is None or walking is None:
            found = running or walking
        elif expected is not None:
            found = min((running, walking), key=lambda gait: _strain(gait, expected))
        elif self.is_running and self._running_spm(self.walks_below_mps) <= cadence_spm:
            found = running
        else:
            still_walks = cadence_spm <= self._walking_spm(self.runs_above_mps)
            found = walking if still_walks else running
        if found is None:
            return None
        speed, least, most = found
        return (speed if expected is None else speed.combined(expected)).clipped(least, most)

    def running_mps(self, cadence_spm: float, expected: Estimate) -> Estimate | None:
        """As `speed_mps` of somebody who runs, however slowly. Raises ValueError for NaN."""
        refuse_unknown(cadence_spm)
        found = self._running_speed(cadence_spm) if cadence_spm > 0.0 else None
        if found is None:
            return None
        speed, least, most = found
        return speed.combined(expected).clipped(least, most)

    def seeing(self, speed_mps: float, cadence_spm: float, duration_s: float) -> GaitModel:
        """The model after `duration_s` at a steady speed with this mean cadence.

        Scatter within a run lasts: 30 s count as one independent observation, shorter ones for
        less. What cannot be a step (a standing runner, a pod that counts one foot, NaN) changes
        nothing.
        """
        if not (duration_s > 0.0 and _SLOWEST_MPS <= speed_mps <= _FASTEST_MPS and cadence_spm > 0):
            return self
        is_running = self._was_running(speed_mps, cadence_spm)
        shortest_m, longest_m = _RUNNING_STEP_M if is_running else _WALKING_STEP_M
        if not shortest_m <= 60.0 * speed_mps / cadence_spm <= longest_m:
            return self
        noise_var = self.within_spm**2 * _BLOCK_S / duration_s
        seen = replace(self, is_running=is_running, own_s=self.own_s + duration_s)
        if is_running:
            return seen._learn_running(speed_mps, cadence_spm, noise_var)
        return seen._learn_walking(speed_mps, cadence_spm, noise_var)

    def on_another_day(self) -> GaitModel:
        """The same runner in other shoes and on another ground, not yet known to walk or run."""
        return replace(
            self,
            level_var=self.level_var + _BETWEEN_DAYS_SPM**2,
            walk_var=self.walk_var + _BETWEEN_DAYS_SPM**2,
            is_running=None,
        )

    def to_json(self) -> dict[str, float | bool | None]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, float | bool | None]) -> Self:
        """Of `to_json`. Raises TypeError for other fields."""
        return cls(**values)  # type: ignore[arg-type]

    def _running_spm(self, speed_mps: float) -> float:
        return self.level_spm + self.slope * (speed_mps - MIDDLE_MPS)

    def _running_sd(self, speed_mps: float) -> float:
        off_mps = speed_mps - MIDDLE_MPS
        line_var = self.level_var + 2.0 * off_mps * self.covariance + off_mps**2 * self.slope_var
        return sqrt(max(line_var, 0.0) + self.within_spm**2)

    def _walking_spm(self, speed_mps: float) -> float:
        return self.walk_spm * _walk_factor(speed_mps)

    def _walking_sd(self, speed_mps: float) -> float:
        return sqrt(_walk_factor(speed_mps) ** 2 * self.walk_var + self.within_spm**2)

    def _running_speed(self, cadence_spm: float) -> tuple[Estimate, float, float] | None:
        slope = max(self.slope, _FLATTEST_SPM_PER_MPS)
        least = max(self.walks_below_mps, _RUNNING_STEP_M[0] * cadence_spm / 60.0)
        most = min(_FASTEST_MPS, _RUNNING_STEP_M[1] * cadence_spm / 60.0)
        value = MIDDLE_MPS + (cadence_spm - self.level_spm) / slope
        # Far outside the plausible the line's own error would excuse anything.
        sd = self._running_sd(min(max(value, least), most)) / slope
        return _if_plausible(value, sd, least, most)

    def _walking_speed(self, cadence_spm: float) -> tuple[Estimate, float, float] | None:
        least = max(_SLOWEST_MPS, _WALKING_STEP_M[0] * cadence_spm / 60.0)
        most = min(self.runs_above_mps, _WALKING_STEP_M[1] * cadence_spm / 60.0)
        value = _WALK_MPS * (cadence_spm / self.walk_spm) ** (1.0 / _WALK_POWER)
        at_mps = min(max(value, least), most)
        spm_per_mps = _WALK_POWER * self._walking_spm(at_mps) / at_mps
        return _if_plausible(value, self._walking_sd(at_mps) / spm_per_mps, least, most)

    def _was_running(self, speed_mps: float, cadence_spm: float) -> bool:
        if not _UNSURE_MPS[0] <= speed_mps <= _UNSURE_MPS[1]:
            return speed_mps > _UNSURE_MPS[1]
        off_running = abs(cadence_spm - self._running_spm(speed_mps)) / self._running_sd(speed_mps)
        off_walking = abs(cadence_spm - self._walking_spm(speed_mps)) / self._walking_sd(speed_mps)
        return off_running < off_walking

    def _learn_running(self, speed_mps: float, cadence_spm: float, noise_var: float) -> GaitModel:
        off_mps = speed_mps - MIDDLE_MPS
        with_level = self.level_var + off_mps * self.covariance
        with_slope = self.covariance + off_mps * self.slope_var
        total_var = with_level + off_mps * with_slope + noise_var
        surprise = (cadence_spm - self._running_spm(speed_mps)) / total_var
        return replace(
            self,
            level_spm=self.level_spm + with_level * surprise,
            slope=self.slope + with_slope * surprise,
            level_var=self.level_var - with_level**2 / total_var,
            slope_var=self.slope_var - with_slope**2 / total_var,
            covariance=self.covariance - with_level * with_slope / total_var,
            walks_below_mps=min(self.walks_below_mps, speed_mps),
        )

    def _learn_walking(self, speed_mps: float, cadence_spm: float, noise_var: float) -> GaitModel:
        factor = _walk_factor(speed_mps)
        gain = self.walk_var * factor / (factor**2 * self.walk_var + noise_var)
        return replace(
            self,
            walk_spm=self.walk_spm + gain * (cadence_spm - self._walking_spm(speed_mps)),
            walk_var=self.walk_var * (1.0 - gain * factor),
            runs_above_mps=max(self.runs_above_mps, speed_mps),
        )


def population_gait(height_cm: float | None = None) -> GaitModel:
    """What is known of a runner before they took a step; their height narrows it a little.

    Raises ValueError for NaN.
    """
    level_spm = _INTERCEPT_SPM + _SLOPE_SPM_PER_MPS * MIDDLE_MPS
    level_var = _BETWEEN_SPM**2
    if height_cm is not None:
        refuse_unknown(height_cm)
        level_spm += _SPM_PER_CM * (height_cm - _MEAN_HEIGHT_CM)
        level_var -= (_SPM_PER_CM * _HEIGHT_SD_CM) ** 2
    return GaitModel(level_spm, _SLOPE_SPM_PER_MPS, level_var, _SLOPE_SD**2, 0.0)


def _walk_factor(speed_mps: float) -> float:
    return float((speed_mps / _WALK_MPS) ** _WALK_POWER)


def _strain(gait: tuple[Estimate, float, float], expected: Estimate) -> float:
    """By how many deviations this gait misses what is expected, and what it can do at all."""
    speed, least, most = gait
    found_mps = speed.combined(expected).clipped(least, most).value
    possible_mps = min(max(speed.value, least), most)
    off = abs(found_mps - expected.value) / max(expected.sd, 0.05)
    return off + abs(speed.value - possible_mps) / speed.sd


def _if_plausible(
    value: float, sd: float, least: float, most: float
) -> tuple[Estimate, float, float] | None:
    """The estimate and its bounds, if it reaches into them at all."""
    if least > most or value - EDGE_SDS * sd > most or value + EDGE_SDS * sd < least:
        return None
    return Estimate.from_sd(value, sd), least, most
