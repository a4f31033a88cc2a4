"""Whether the tests of the governor notice when it is changed for the worse.

The tests of `core/governor` run against each of its mutants: the examples first, for what they let
live the guided state machine. Mutants that do the same as the original are listed with their
reasons in `tests/core/governor/equivalents.py`.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.figures import Report, at_least, at_most, plain
from benchmarks.mutants import Mutant, import_instead, mutants_of

_ROOT = Path(__file__).parents[1]
_PACKAGE = "beatrunner.core.governor"
_SOURCES = _ROOT / "src" / "beatrunner" / "core" / "governor"
_TESTS = "tests.core.governor"
_OF_TESTS = {"test_safety_case", "test_witness"}
"""They test the tests, and would convict mutants of nothing."""
_SECONDS = 20
"""Of the processor, for all tests of one mutant: one that hangs is noticed too."""


def main() -> Report:
    mutants = [mutant for path in sorted(_SOURCES.glob("*.py")) for mutant in mutants_of(path)]
    list(_tests())  # What they import is imported once, not by each child.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        alive = list(pool.map(survives, mutants))
    lived = {mutant.change for mutant, lives in zip(mutants, alive, strict=True) if lives}
    return judged({mutant.change for mutant in mutants}, lived)


def judged(changes: set[str], lived: set[str]) -> Report:
    """What the survivors say of the tests, and the tests of the list of equivalents."""
    equivalents: dict[str, str] = importlib.import_module(f"{_TESTS}.equivalents").EQUIVALENTS
    survivors = sorted(lived - set(equivalents))
    noticed = sorted((changes - lived) & set(equivalents))
    unknown = sorted(set(equivalents) - changes)
    for what, found in (
        ("lives", survivors),
        ("listed as equivalent, but a test notices it", noticed),
        ("listed as equivalent, but no mutant", unknown),
    ):
        for change in found:
            print(f"{what}: {change}", flush=True)
    unequal = len(changes - set(equivalents))
    return {
        "bench": "governor-mutants",
        "figures": [
            at_least(
                f"of {unequal:,} mutants killed", 100 * (1 - len(survivors) / unequal), "%", 100
            ),
            plain("mutants listed as equivalent, with reasons", len(equivalents), ""),
            at_most("listed, but a test notices them", len(noticed), "", 0),
            at_most("listed, but no mutant", len(unknown), "", 0),
            at_least("negative control: the unchanged governor lives", int(survives(None)), "", 1),
        ],
    }


def survives(mutant: Mutant | None) -> bool:
    """Whether all tests pass with this mutant, in a process of its own."""
    child = os.fork()
    if child == 0:
        os._exit(_tested(mutant))
    _pid, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0


def _tested(mutant: Mutant | None) -> int:
    signal.setitimer(signal.ITIMER_VIRTUAL, _SECONDS)
    try:
        _install(mutant)
        for test in _tests():
            test()
    except BaseException:
        return 1
    return 0


def _install(mutant: Mutant | None) -> None:
    """Have the governor and its tests imported anew, with the mutant in place of its module."""
    for name in [each for each in sys.modules if each.startswith((_PACKAGE, _TESTS))]:
        del sys.modules[name]
    if mutant is not None:
        import_instead(f"{_PACKAGE}.{mutant.path.stem}", mutant)


def _tests() -> Iterator[Callable[[], None]]:
    """The examples, then the guided machine: the order in which they find most for their time."""
    paths = (_ROOT / "tests" / "core" / "governor").glob("test_*.py")
    stems = sorted({path.stem for path in paths} - _OF_TESTS)
    for stem in sorted(stems, key=lambda each: each == "test_machine"):
        module = importlib.import_module(f"{_TESTS}.{stem}")
        yield from (each for name, each in vars(module).items() if name.startswith("test_"))
