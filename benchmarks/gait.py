"""How well a cadence tells a speed: by a runner's own runs, against the population's line.

Simulated runners run several times on either ground; their line bends, moves from day to day and
with the grade, none of which is told. Each run is left out once. Real files: the second half from
the first half, blocks above 2.2 m/s, where nobody walks. The population's line alone is a weak
opponent, as it may name any speed; so the error of the population's line with the speeds people
usually run at, and that of the own usual speed without any cadence, stand beside it. The
controls: somebody else's runs, which must be worse than that, and intervals of half the width.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path

import numpy as np

from beatrunner.core.gait import population_gait
from beatrunner.core.own_gait import Blocks, OwnGait, steady_blocks, stranger
from beatrunner.core.recording import Samples
from beatrunner.core.simulation.gait import ENTRAINMENTS, VirtualGait
from beatrunner.core.simulation.runner import draw_runner
from benchmarks.figures import Figure, Report, at_least, at_most, plain, within
from benchmarks.real_files import RUNS, real_runs

RUNNERS, RUNS_EACH, RUN_S = 60, 6, 1500
_RUNS_ABOVE_MPS = 2.2
_DAY_SPM, _TREADMILL_SPM, _GRADE_SPM_PER_PCT = 1.5, 2.0, 0.5
_POPULATION = replace(population_gait(), is_running=True)


@dataclass(frozen=True, slots=True)
class Ran:
    blocks: Blocks
    treadmill: bool


@dataclass(frozen=True, slots=True)
class Foretold:
    """Errors in m/s by who foretold, a row a block; and whether the intervals held."""

    own_mps: Samples
    population_mps: Samples
    #: The population's line, told where speeds usually lie.
    anybody_mps: Samples
    usual_mps: Samples
    is_inside: Samples
    is_inside_half: Samples

    def below(self, error_mps: Samples) -> float:
        """By how many per cent the own line's error is below this."""
        return 100.0 * (1.0 - _rms(self.own_mps) / _rms(error_mps))


def main() -> Report:
    return {"bench": "gait", "figures": [*simulated(RUNNERS), *real(RUNS)]}


def simulated(runners: int, seed: int = 4) -> list[Figure]:
    rng = np.random.default_rng(seed)
    all_runs = [_runs(rng) for _ in range(runners)]
    own = _joined(
        _foretold(_taught([*runs[:out], *runs[out + 1 :]]), runs[out])
        for runs in all_runs
        for out in range(len(runs))
    )
    other = _joined(
        _foretold(_taught(theirs), runs[0])
        for runs, theirs in zip(all_runs, [*all_runs[1:], all_runs[0]], strict=True)
    )
    return [*_figures("simulated, a run left out", own), *_controls(own, other)]


def real(folder: Path) -> list[Figure]:
    """Nothing where the files are not there: they are others', and no part of the project."""
    halves = []
    for streams in real_runs(folder):
        columns = streams.columns
        if "speed_mps" in columns and "cadence_spm" in columns:
            middle = streams.length_s // 2
            halves.append([_half(columns, slice(middle)), _half(columns, slice(middle, None))])
    if not halves:
        return []
    found = _joined(_foretold(_taught(each[:1]), each[1]) for each in halves)
    return [
        *_figures("real files, second half", found),
        plain("real files: blocks foretold", len(found.own_mps), ""),
    ]


def _figures(what: str, found: Foretold) -> list[Figure]:
    anybody, usual = _rms(found.anybody_mps), _rms(found.usual_mps)
    return [
        plain(f"{what}: error of the own line", _rms(found.own_mps), "m/s"),
        plain(f"{what}: of the population's line", _rms(found.population_mps), "m/s"),
        plain(f"{what}: of the same, told usual speeds", anybody, "m/s"),
        plain(f"{what}: of the own usual speed, no cadence", usual, "m/s"),
        at_least(f"{what}: below the population's", found.below(found.population_mps), "%", 40.0),
        within(f"{what}: in the 95 % interval", _percent(found.is_inside), "%", 90.0, 97.0),
    ]


def _controls(own: Foretold, other: Foretold) -> list[Figure]:
    by_other = other.below(other.anybody_mps)
    half = _percent(own.is_inside_half)
    return [
        at_most("control: somebody else's runs, below usual speeds told", by_other, "%", 0.0),
        at_most("control: speeds in half the interval", half, "%", 89.9),
    ]


def _runs(rng: np.random.Generator) -> list[Ran]:
    parameters = draw_runner(rng).gait
    on_treadmill_spm = float(rng.normal(0.0, _TREADMILL_SPM))
    easy_mps = float(rng.normal(2.9, 0.35))
    runs = []
    for number in range(RUNS_EACH):
        treadmill = number % 2 == 0
        moved_spm = float(rng.normal(0.0, _DAY_SPM)) + (on_treadmill_spm if treadmill else 0.0)
        gait = VirtualGait(
            replace(parameters, level_spm=parameters.level_spm + moved_spm),
            ENTRAINMENTS["off"],
            rng,
        )
        pieces = RUN_S // 150
        pace_mps = easy_mps + float(rng.normal(0.0, 0.2)) + rng.normal(0.0, 0.3, pieces)
        speed_mps = np.repeat(np.clip(pace_mps, 1.0, 5.0), 150)
        grade_pct = np.repeat(rng.normal(0.0, 0.0 if treadmill else 1.5, pieces), 150)
        cadence_spm = np.empty(RUN_S)
        for second, speed in enumerate(speed_mps.tolist()):
            gait.step(1.0, speed)
            cadence_spm[second] = gait.cadence_spm
        cadence_spm += _GRADE_SPM_PER_PCT * grade_pct
        runs.append(Ran(steady_blocks(speed_mps, cadence_spm, grade_pct), treadmill))
    return runs


def _half(columns: Mapping[str, Samples], rows: slice) -> Ran:
    grade_pct = columns.get("grade_pct")
    return Ran(
        steady_blocks(
            columns["speed_mps"][rows],
            columns["cadence_spm"][rows],
            None if grade_pct is None else grade_pct[rows],
        ),
        treadmill=False,
    )


def _taught(runs: Sequence[Ran]) -> OwnGait:
    gait = stranger()
    for ran in runs:
        gait = gait.seeing_run(ran.blocks, treadmill=ran.treadmill)
    return gait


def _running(ran: Ran) -> Blocks:
    blocks, runs = ran.blocks, ran.blocks.speed_mps > _RUNS_ABOVE_MPS
    return Blocks(blocks.speed_mps[runs], blocks.cadence_spm[runs], blocks.grade_pct[runs])


def _foretold(gait: OwnGait, ran: Ran) -> Foretold:
    rows = []
    blocks, nobody = _running(ran), stranger()
    for speed, cadence, grade in zip(
        blocks.speed_mps.tolist(),
        blocks.cadence_spm.tolist(),
        blocks.grade_pct.tolist(),
        strict=True,
    ):
        own = gait.speed_mps(cadence, treadmill=ran.treadmill, grade_pct=grade)
        population = _POPULATION.speed_mps(cadence)
        anybody = nobody.speed_mps(cadence, treadmill=ran.treadmill, grade_pct=grade)
        if own is None or population is None or anybody is None:
            continue
        named = (own.value, population.value, anybody.value, gait.usual_mps.value)
        inside = own.low <= speed <= own.high
        half = abs(own.value - speed) <= (own.high - own.low) / 4.0
        rows.append([*(each - speed for each in named), float(inside), float(half)])
    return Foretold(*np.array(rows).reshape(-1, 6).T)


def _joined(parts: Iterable[Foretold]) -> Foretold:
    columns = zip(*(astuple(part) for part in parts), strict=True)
    return Foretold(*(np.concatenate(column) for column in columns))


def _rms(errors: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(errors))))


def _percent(of: Samples) -> float:
    return 100.0 * float(np.mean(of))
