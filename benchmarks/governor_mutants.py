"""Whether the tests of the governor notice when it is changed for the worse.

Every comparison, clamp, constant, condition and statement of `core/governor` is changed, one at a
time, and its tests run against the change: the examples first, for what they let live the guided
state machine. A mutant that lives is a hole in the tests, or does the same as the original; those
are listed with their reasons in `tests/core/governor/equivalents.py`.
"""

from __future__ import annotations

import ast
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from benchmarks.figures import Report, at_least, at_most, plain

_ROOT = Path(__file__).parents[1]
_PACKAGE = "beatrunner.core.governor"
_SOURCES = _ROOT / "src" / "beatrunner" / "core" / "governor"
_TESTS = "tests.core.governor"
_OF_TESTS = {"test_safety_case", "test_witness"}
"""They test the tests, and would convict mutants of nothing."""
_SECONDS = 20
"""Of the processor, for all tests of one mutant: one that hangs is noticed too."""

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
}


@dataclass(frozen=True)
class Mutant:
    module: str
    change: str
    """Where and what, without line numbers: the key in the list of equivalents."""
    place: int
    """Of the node among those that may be changed."""
    at: int
    """Of the change among those of the node."""


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


def mutants_of(path: Path) -> Iterator[Mutant]:
    seen: dict[str, int] = {}
    for place, (node, inside) in enumerate(_places(ast.parse(path.read_text("utf-8")))):
        for at, (_new, what) in enumerate(_changes(node)):
            change = f"{path.stem}.{inside}: {what}"
            seen[change] = seen.get(change, 0) + 1
            if seen[change] > 1:
                change += f" (no. {seen[change]})"
            yield Mutant(path.stem, change, place, at)


def _mutated(mutant: Mutant) -> CodeType:
    tree = ast.parse((_SOURCES / f"{mutant.module}.py").read_text("utf-8"))
    old = list(_places(tree))[mutant.place][0]
    new = _changes(old)[mutant.at][0]
    return compile(_replaced(tree, old, new), f"<{mutant.change}>", "exec")


def _places(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Every node that may be changed and the function it is in; no annotation, no docstring."""

    def walk(node: ast.AST, inside: str) -> Iterator[tuple[ast.AST, str]]:
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "bases"):
                continue
            for child in value if isinstance(value, list) else [value]:
                if not isinstance(child, ast.AST) or _is_text(child):
                    continue
                within = inside
                if isinstance(child, ast.FunctionDef | ast.ClassDef):
                    within = f"{inside}.{child.name}" if inside else child.name
                yield child, within
                yield from walk(child, within)

    return walk(tree, "")


def _is_text(node: ast.AST) -> bool:
    return (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _changes(node: ast.AST) -> list[tuple[ast.AST, str]]:
    """What may stand in place of this node, and how the change reads."""
    before = ast.unparse(node).splitlines()[0] if isinstance(node, ast.expr | ast.stmt) else ""
    changed: Sequence[ast.AST] = ()
    if isinstance(node, ast.Compare):
        changed = _compared(node)
    elif isinstance(node, ast.BoolOp):
        changed = _joined(node)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        changed = [node.operand]
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        changed = [ast.BinOp(node.left, _OPERATORS[type(node.op)](), node.right)]
    elif isinstance(node, ast.IfExp):
        changed = [node.body, node.orelse]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        changed = _called(node, node.func.id)
    elif isinstance(node, ast.Constant):
        changed = [ast.Constant(value) for value in _constants(node.value)]
    elif isinstance(node, ast.If):
        changed = [
            ast.If(ast.Constant(value), deepcopy(node.body), deepcopy(node.orelse))
            for value in (True, False)
        ]
    elif isinstance(node, ast.Assign | ast.AugAssign | ast.Expr | ast.Raise):
        changed = [ast.Pass()]
    elif isinstance(node, ast.Return) and node.value is not None:
        changed = [ast.Return(ast.Constant(None))]
    return [
        (new, f"{before} -> {ast.unparse(ast.fix_missing_locations(new)).splitlines()[0]}")
        for new in changed
        if ast.dump(new) != ast.dump(node)
    ]


def _compared(node: ast.Compare) -> list[ast.AST]:
    return [
        ast.Compare(node.left, [*node.ops[:at], other(), *node.ops[at + 1 :]], node.comparators)
        for at, operator in enumerate(node.ops)
        for other in _COMPARISONS[type(operator)]
    ]


def _joined(node: ast.BoolOp) -> list[ast.AST]:
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    kept = [node.values[:at] + node.values[at + 1 :] for at in range(len(node.values))]
    return [
        ast.BoolOp(other, node.values),
        *(each[0] if len(each) == 1 else ast.BoolOp(node.op, each) for each in kept),
    ]


def _called(node: ast.Call, name: str) -> list[ast.AST]:
    """Clamps the other way round, and clamps removed; rounding the other way."""
    swapped = {
        "max": "min", "min": "max", "step_up": "step_down", "step_down": "step_up",
        "all": "any", "any": "all",
    }  # fmt: skip
    if name not in swapped:
        return [] if name != "abs" else list(node.args)
    changed: list[ast.AST] = [ast.Call(ast.Name(swapped[name], ast.Load()), node.args, [])]
    if name in ("max", "min"):
        for at in range(len(node.args) if len(node.args) > 1 else 0):
            rest = node.args[:at] + node.args[at + 1 :]
            lone = len(rest) == 1 and not isinstance(rest[0], ast.Starred)
            changed.append(rest[0] if lone else ast.Call(node.func, rest, []))
    return changed


def _constants(value: object) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value * 1.25, value * 0.75] if value else [1, -1]
    return []


def _replaced(tree: ast.Module, old: ast.AST, new: ast.AST) -> ast.Module:
    class Replacing(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> Any:
            return new if node is old else self.generic_visit(node)

    changed = Replacing().visit(tree)
    assert isinstance(changed, ast.Module)
    return ast.fix_missing_locations(changed)


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
        finder = _Finder(f"{_PACKAGE}.{mutant.module}", _mutated(mutant))
        sys.meta_path.insert(0, finder)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, name: str, code: CodeType) -> None:
        self.name, self.code = name, code

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        return importlib.util.spec_from_loader(fullname, self) if fullname == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)  # noqa: S102


def _tests() -> Iterator[Callable[[], None]]:
    """The examples, then the guided machine: the order in which they find most for their time."""
    paths = (_ROOT / "tests" / "core" / "governor").glob("test_*.py")
    stems = sorted({path.stem for path in paths} - _OF_TESTS)
    for stem in sorted(stems, key=lambda each: each == "test_machine"):
        module = importlib.import_module(f"{_TESTS}.{stem}")
        yield from (each for name, each in vars(module).items() if name.startswith("test_"))
