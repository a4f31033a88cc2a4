"""A runner's gait from the runs they recorded: what makes a cadence mean a speed.

Theory of operation. A run is cut into steady blocks of 30 s. Running blocks are observations of
one line, cadence = level + slope (v - 3 m/s) + grade part, and two more numbers say how the runner
differs on a treadmill: its level and its slope. All five are learnt together by exact Bayesian
updates. The prior of the line is the population, the prior of the difference is "hardly any":
so runs outdoors teach much about the treadmill, until treadmill runs say otherwise, and a runner
without runs is the population. The level may have moved a little by every further run (shoes,
an injury), so that the latest runs count most.

How far a block strays from the line is learnt too, from a prior of 2.4 steps/min (42 public run
files). Scatter lasts for longer than a block, so blocks teach less than their number (neighbours
correlate by about 0.5 in public runs). Cadence rises with grade at a given speed (Padulo et al.
2012, treadmill, 0 to 7 %; seven public runs: 0 to 1.1 steps/min per %). What else walking and the
change between gaits need is `core.gait`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from typing import Literal

import numpy as np
import numpy.typing as npt

from beatrunner.core.estimate import Estimate
from beatrunner.core.gait import MIDDLE_MPS, Beat, GaitModel, fold, population_gait
from beatrunner.core.recording import Samples

#: What would make the line better known.
Sharpener = Literal["more_minutes", "other_speeds", "nothing"]

BLOCK_S = 30
#: Seconds of a block may differ by so much from their mean (SD, relative): no starts, no sprints.
_STEADY = 0.08
_STEEPEST_PCT = 10.0
_GRADE_SPM_PER_PCT, _GRADE_SD = 0.4, 0.4
_TREADMILL_SPM_SD, _TREADMILL_SLOPE_SD = 3.0, 1.0
#: Of the level, from one run to the next.
_BETWEEN_DAYS_SPM = 1.5
#: The prior of the scatter counts as so many blocks.
_WITHIN_SPM, _WITHIN_BLOCKS = 2.4, 10.0
#: As many blocks teach as much as one whose scatter has nothing to do with its neighbours'.
_LASTS_BLOCKS = 2.0
#: Speeds of recreational runners, worth so many blocks of one's own; another day is another pace.
_USUAL_MPS, _USUAL_SD_MPS, _USUAL_BLOCKS, _OTHER_PACE_MPS = 2.9, 0.6, 4.0, 0.3
_TEMPO_WITHIN = 0.15
#: Minutes of steady steps, and the spread of speeds (that of `usual_mps`), which are enough.
_ENOUGH_MIN, _WIDE_MPS = 30.0, 0.4


@dataclass(frozen=True, slots=True)
class Blocks:
    """Steady half-minutes of a run: mean speed, cadence (both feet) and grade (0 if unknown)."""

    speed_mps: Samples
    cadence_spm: Samples
    grade_pct: Samples


@dataclass(frozen=True, slots=True)
class Ground:
    """What was seen on treadmills, or outdoors: runs, and seconds of steady steps in them."""

    runs: int = 0
    own_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Stepped:
    """What a tempo means for this runner: how it is stepped to, and how fast that is."""

    beat: Beat
    speed_mps: Estimate


@dataclass(frozen=True, slots=True, eq=False)
class OwnGait:
    """One runner's gait on both grounds. `seeing_run` gives the next.

    `line` and `covariance`: level at 3.0 m/s, slope, steps per % of grade, and what a treadmill
    adds to level and slope. `gait` knows walking, the change of gaits and the seconds seen.
    """

    gait: GaitModel
    line: Samples
    covariance: Samples
    treadmill: Ground = Ground()
    outdoor: Ground = Ground()
    #: Of the running blocks: count, sum and sum of squares of their speeds.
    speeds: tuple[float, float, float] = (0.0, 0.0, 0.0)
    #: Count of blocks and sum of squares of what the line left over.
    scatter: tuple[float, float] = (0.0, 0.0)

    @property
    def minutes(self) -> float:
        """Of steady steps behind all this."""
        return self.gait.own_s / 60.0

    @property
    def usual_mps(self) -> Estimate:
        """Where the running speeds of this runner lie."""
        count, total, squares = self.speeds
        weight = count + _USUAL_BLOCKS
        mean = (total + _USUAL_BLOCKS * _USUAL_MPS) / weight
        prior = _USUAL_BLOCKS * (_USUAL_SD_MPS**2 + _USUAL_MPS**2)
        spread_var = (squares + prior) / weight - mean**2
        return Estimate.from_sd(mean, sqrt(spread_var + _OTHER_PACE_MPS**2))

    def sharpened_by(self, *, treadmill: bool) -> Sharpener:
        """What the runner could do on this ground to have their line there known better."""
        ground = self.treadmill if treadmill else self.outdoor
        if ground.own_s < 60.0 * _ENOUGH_MIN:
            return "more_minutes"
        return "other_speeds" if self.usual_mps.sd < _WIDE_MPS else "nothing"

    def on(self, *, treadmill: bool, grade_pct: float = 0.0) -> GaitModel:
        """In a run to come, on this ground and at this grade, as the conductor goes on learning."""
        is_on = float(treadmill)
        parts = np.array([[1.0, 0.0, grade_pct, is_on, 0.0], [0.0, 1.0, 0.0, 0.0, is_on]])
        level_spm, slope = (parts @ self.line).tolist()
        (level_var, covariance), (_, slope_var) = (parts @ self.covariance @ parts.T).tolist()
        return replace(
            self.gait,
            level_spm=level_spm,
            slope=slope,
            level_var=level_var + _BETWEEN_DAYS_SPM**2,
            slope_var=slope_var,
            covariance=covariance,
            within_spm=self.within_spm,
        )

    @property
    def within_spm(self) -> float:
        """How far a block strays from the line (SD)."""
        count, squares = self.scatter
        prior = _WITHIN_BLOCKS * _WITHIN_SPM**2
        return sqrt((squares + prior) / (count + _WITHIN_BLOCKS))

    def speed_mps(
        self, cadence_spm: float, *, treadmill: bool, grade_pct: float = 0.0
    ) -> Estimate | None:
        """How fast the runner runs when they step so; None where no such speed is plausible.

        Weighs the line against the speeds they run at all, as a cadence alone says little.
        """
        gait = self.on(treadmill=treadmill, grade_pct=grade_pct)
        return gait.running_mps(cadence_spm, self.usual_mps)

    def stepped(self, tempo_bpm: float, *, treadmill: bool) -> Stepped | None:
        """What running to music of this tempo is; None for one that fits no step of this runner."""
        usual_spm = self.on(treadmill=treadmill).cadence_spm(self.usual_mps.value).value
        beat = fold(tempo_bpm, usual_spm, _TEMPO_WITHIN)
        speed = None if beat is None else self.speed_mps(beat.cadence_spm, treadmill=treadmill)
        return None if beat is None or speed is None else Stepped(beat, speed)

    def seeing_run(self, blocks: Blocks, *, treadmill: bool) -> OwnGait:
        """After another run. Blocks that cannot be steps teach nothing."""
        gait, is_running = self.gait.on_another_day(), []
        for speed, cadence in zip(
            blocks.speed_mps.tolist(), blocks.cadence_spm.tolist(), strict=True
        ):
            seen = gait.seeing(speed, cadence, float(BLOCK_S))
            is_running.append(seen is not gait and bool(seen.is_running))
            gait = seen
        taught_s = gait.own_s - self.gait.own_s
        learnt = self._learning(blocks, np.array(is_running, dtype=np.bool_), float(treadmill))
        learnt = replace(learnt, gait=replace(gait, is_running=None))
        if treadmill:
            return replace(learnt, treadmill=_and(self.treadmill, taught_s))
        return replace(learnt, outdoor=_and(self.outdoor, taught_s))

    def _learning(
        self, blocks: Blocks, is_running: npt.NDArray[np.bool_], on_treadmill: float
    ) -> OwnGait:
        """The line after these blocks, which are of one run."""
        speed_mps = blocks.speed_mps[is_running]
        off_mps, ones = speed_mps - MIDDLE_MPS, np.ones(len(speed_mps))
        grade_pct = blocks.grade_pct[is_running]
        known = np.column_stack(
            [ones, off_mps, grade_pct, on_treadmill * ones, on_treadmill * off_mps]
        )
        cadence_spm = blocks.cadence_spm[is_running]
        before = self.covariance.copy()
        before[0, 0] += _BETWEEN_DAYS_SPM**2
        precision = np.linalg.inv(before)
        noise_var = _LASTS_BLOCKS * self.within_spm**2
        covariance = np.linalg.inv(precision + known.T @ known / noise_var)
        line = covariance @ (precision @ self.line + known.T @ cadence_spm / noise_var)
        left_spm = cadence_spm - known @ line
        count, total, squares = self.speeds
        return replace(
            self,
            line=line,
            covariance=(covariance + covariance.T) / 2.0,
            speeds=(
                count + len(speed_mps),
                total + float(speed_mps.sum()),
                squares + float(speed_mps @ speed_mps),
            ),
            scatter=(self.scatter[0] + len(left_spm), self.scatter[1] + float(left_spm @ left_spm)),
        )


def stranger(height_cm: float | None = None) -> OwnGait:
    """A runner without runs: the population. Raises ValueError for NaN."""
    gait = population_gait(height_cm)
    line = np.array([gait.level_spm, gait.slope, _GRADE_SPM_PER_PCT, 0.0, 0.0])
    spreads = [_GRADE_SD**2, _TREADMILL_SPM_SD**2, _TREADMILL_SLOPE_SD**2]
    return OwnGait(gait, line, np.diag([gait.level_var, gait.slope_var, *spreads]))


def steady_blocks(
    speed_mps: Samples, cadence_spm: Samples, grade_pct: Samples | None = None
) -> Blocks:
    """Whole blocks of 30 s of a run, given as one value a second, NaN where not known.

    Only those in which speed and steps were known throughout and steady, and on ground of no more
    than 10 %. A gap in the altitude is no hill.
    """
    speeds, cadences = _blocks(speed_mps), _blocks(cadence_spm)
    grades = np.zeros_like(speeds) if grade_pct is None else np.nan_to_num(_blocks(grade_pct))
    is_usable = np.isfinite(speeds).all(axis=1) & np.isfinite(cadences).all(axis=1)
    is_usable &= (np.abs(grades) <= _STEEPEST_PCT).all(axis=1)
    speeds, cadences, grades = speeds[is_usable], cadences[is_usable], grades[is_usable]
    is_steady = _is_steady(speeds) & _is_steady(cadences)
    return Blocks(*(each[is_steady].mean(axis=1) for each in (speeds, cadences, grades)))


def _and(ground: Ground, own_s: float) -> Ground:
    return Ground(ground.runs + 1, ground.own_s + own_s)


def _blocks(column: Samples) -> Samples:
    whole_s = len(column) // BLOCK_S * BLOCK_S
    return column[:whole_s].reshape(-1, BLOCK_S)


def _is_steady(blocks: Samples) -> npt.NDArray[np.bool_]:
    return np.asarray(blocks.std(axis=1) <= _STEADY * blocks.mean(axis=1))
