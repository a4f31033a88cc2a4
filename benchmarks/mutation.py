"""Whether the tests of what guards accounts notice when it is changed for the worse.

Each module below is changed in one place at a time (`mutants`), and its tests run against a copy of
the sources with that change. What survives is a hole in the tests, or does no harm; the latter are
listed with their reasons in `mutation_survivors`.
"""

from __future__ import annotations

import ast
import os
import queue
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.figures import Figure, Report, at_least, at_most, plain
from benchmarks.mutants import Mutant, mutants_of, mutated
from benchmarks.mutation_survivors import HARMLESS

_ROOT = Path(__file__).parents[1]
_SOURCES = _ROOT / "src" / "beatrunner"
_SECONDS = 120.0
"""For the tests of one mutant; one that hangs is noticed too."""

#: What guards, and the tests that have to notice.
GUARDS: Mapping[str, Sequence[str]] = {
    "accounts/tokens.py": ["accounts/test_tokens.py"],
    "core/clip.py": ["core/test_clip.py"],
}


def main(guards: Mapping[str, Sequence[str]] = GUARDS) -> Report:
    with tempfile.TemporaryDirectory(prefix="beatrunner-bench-") as name:
        desks: queue.Queue[Path] = queue.Queue()
        for number in range(os.cpu_count() or 1):
            desks.put(_copy(Path(name) / str(number)))
        figures: list[Figure] = []
        for module, tests in guards.items():
            figures += _measured(module, tests, desks)
    return {"bench": "mutation", "figures": figures}


def _measured(module: str, tests: Sequence[str], desks: queue.Queue[Path]) -> list[Figure]:
    mutants = list(mutants_of(_SOURCES / module))
    with ThreadPoolExecutor(desks.qsize()) as pool:
        lives = list(pool.map(lambda mutant: _survives(module, tests, mutant, desks), mutants))
    alive = {mutant.change for mutant, lived in zip(mutants, lives, strict=True) if lived}
    for change in sorted(alive - set(HARMLESS)):
        print(f"lives: {change}", flush=True)
    harmless = {mutant.change for mutant in mutants} & set(HARMLESS)
    return [
        at_least(
            f"{module}: of {len(mutants):,} mutants killed",
            100 * (1 - len(alive) / len(mutants)),
            "%",
            90,
        ),
        plain("  survivors that do no harm, listed with reasons", len(alive & harmless), ""),
        at_most("  other survivors", len(alive - harmless), "", 0.1 * len(mutants)),
        at_most("  listed, but a test notices them", len(harmless - alive), "", 0),
        at_least(
            "  negative control: the unchanged module lives",
            int(_survives(module, tests, None, desks)),
            "",
            1,
        ),
    ]


def _copy(desk: Path) -> Path:
    shutil.copytree(_SOURCES, desk / "beatrunner", ignore=shutil.ignore_patterns("__pycache__"))
    return desk


def _survives(
    module: str, tests: Sequence[str], mutant: Mutant | None, desks: queue.Queue[Path]
) -> bool:
    """Whether all tests pass with this mutant, in a process of its own."""
    desk = desks.get()
    place = desk / "beatrunner" / module
    try:
        if mutant is not None:
            place.write_text(ast.unparse(mutated(mutant)), encoding="utf-8")
        return _passes(desk, tests)
    finally:
        shutil.copyfile(_SOURCES / module, place)
        desks.put(desk)


def _passes(desk: Path, tests: Sequence[str]) -> bool:
    # One database is enough to notice.
    words = ["-m", "pytest", "-x", "-q", "-n", "0", "-k", "not postgresql"]
    environment = {**os.environ, "PYTHONPATH": str(desk), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ended = subprocess.run(
            [sys.executable, *words, *(f"tests/{test}" for test in tests)],
            cwd=_ROOT,
            env=environment,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return ended.returncode == 0
