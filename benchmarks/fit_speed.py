"""What a fit costs, against statsmodels where that can fit at all.

Both on one core, each in a process of its own. The large table, eight years of a run a day, is
beyond statsmodels' dense matrices.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context

import numpy as np

from beatrunner.core.effects import SPEED, fit
from benchmarks.effects_generator import BASE, Case, simulated
from benchmarks.effects_scores import single_threaded
from benchmarks.figures import Report, at_least, at_most, plain
from benchmarks.memory import peak_bytes

SMALL = replace(BASE, runs=200)
LARGE = replace(BASE, runs=3000, plays_per_run=14, library=3000)


@dataclass(frozen=True)
class Cost:
    cpu_s: float
    memory_mb: float
    """The most that the process held, interpreter and plays included."""


def main() -> Report:
    small, theirs, large = _alone(ours, SMALL), _alone(statsmodels, SMALL), _alone(ours, LARGE)
    return {
        "bench": "fit-speed",
        "figures": [
            plain("3,000 plays, CPU", small.cpu_s, "s"),
            plain("3,000 plays, memory", small.memory_mb, "MB"),
            plain("3,000 plays, CPU of statsmodels", theirs.cpu_s, "s"),
            plain("3,000 plays, memory of statsmodels", theirs.memory_mb, "MB"),
            at_least("times as fast as statsmodels", theirs.cpu_s / small.cpu_s, "x", 10.0),
            plain("3,000 runs, 42,000 plays, 3,000 tracks: CPU", large.cpu_s, "s"),
            at_most("3,000 runs, 42,000 plays, 3,000 tracks: memory", large.memory_mb, "MB", 500.0),
        ],
    }


def ours(case: Case) -> Cost:
    plays, _ = simulated(case, 0)
    return _cost(lambda: fit(plays, SPEED))


def statsmodels(case: Case) -> Cost:
    # Here, so that its weight is not measured as ours.
    from benchmarks.statsmodels_model import fitted, rows_of

    plays, _ = simulated(case, 0)
    rows = rows_of(plays, np.ones(len(plays)))
    return _cost(lambda: fitted(rows))


def _cost(work: Callable[[], object]) -> Cost:
    started = time.process_time()
    work()
    cpu_s = time.process_time() - started
    return Cost(cpu_s, peak_bytes() / 1e6)


def _alone(measure: Callable[[Case], Cost], case: Case) -> Cost:
    with single_threaded(), ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure, case).result()
