"""Random histories of a governed belt under the eyes of a witness who knows the invariants.

The small form of it is a test, `tests/core/governor/test_machine.py`; here are a million ticks.
Whether the tests would notice a worse governor is measured by `governor-mutants`.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from benchmarks.figures import Figure, Report, at_least, at_most
from tests.core.governor.test_machine import DeafBelt, GuidedBelt, run_histories

_TICKS = 1_000_000
_EXAMPLES = 250


def main() -> Report:
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        seen = list(pool.map(_watched, [_TICKS // cores] * cores))
    figures: list[Figure] = [
        at_least("ticks of random histories", sum(ticks for ticks, _found in seen), "", _TICKS),
        at_most("violations of an invariant", sum(found for _ticks, found in seen), "", 0),
        at_least("negative control: a deaf governor is convicted", _convicted(), "", 1),
    ]
    return {"bench": "governor", "figures": figures}


def _watched(ticks: int) -> tuple[int, int]:
    """(ticks seen, violations found)."""
    violations = 0
    while GuidedBelt.ticks < ticks and not violations:
        try:
            run_histories(GuidedBelt, _EXAMPLES, derandomize=False)
        except AssertionError as error:
            print(error, "\n".join(getattr(error, "__notes__", [])), flush=True)
            violations += 1
    return GuidedBelt.ticks, violations


def _convicted() -> int:
    try:
        run_histories(DeafBelt, _EXAMPLES, derandomize=False)
    except AssertionError:
        return 1
    return 0
