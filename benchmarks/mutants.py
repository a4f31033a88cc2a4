"""Small changes for the worse, by which tests are tested.

Every comparison, clamp, constant, condition and statement of a module is changed, one at a time. A
mutant that no test notices is a hole in the tests, or does the same as the original.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

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
    ast.NotIn: (ast.In,),
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
}


@dataclass(frozen=True)
class Mutant:
    path: Path
    change: str
    """Where and what, without line numbers: the key in the list of equivalents."""
    place: int
    """Of the node among those that may be changed."""
    at: int
    """Of the change among those of the node."""


def mutants_of(path: Path) -> Iterator[Mutant]:
    seen: dict[str, int] = {}
    for place, (node, inside) in enumerate(_places(ast.parse(path.read_text("utf-8")))):
        for at, (_new, what) in enumerate(_changes(node)):
            change = f"{path.stem}.{inside}: {what}"
            seen[change] = seen.get(change, 0) + 1
            if seen[change] > 1:
                change += f" (no. {seen[change]})"
            yield Mutant(path, change, place, at)


def mutated(mutant: Mutant) -> ast.Module:
    """The module as it is with this one change."""
    tree = ast.parse(mutant.path.read_text("utf-8"))
    old = list(_places(tree))[mutant.place][0]
    new = _changes(old)[mutant.at][0]
    return _replaced(tree, old, new)


def import_instead(module: str, mutant: Mutant) -> None:
    """Have this process, which has not yet imported the module, import its mutant."""
    code = compile(mutated(mutant), f"<{mutant.change}>", "exec")
    sys.meta_path.insert(0, _Finder(module, code))


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, name: str, code: CodeType) -> None:
        self.name, self.code = name, code

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        return importlib.util.spec_from_loader(fullname, self) if fullname == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)  # noqa: S102


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
