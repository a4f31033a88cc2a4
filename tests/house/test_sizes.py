"""Modules stay under 400 lines and functions under 50: what is longer is split by noun."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import is_generated, name_of, page_files, python_files, tree_of

MODULE_LINES = 400
FUNCTION_LINES = 50


def test_modules_are_short() -> None:
    too_long = [
        f"{name_of(path)}: {lines} lines"
        for path in (*python_files(), *page_files())
        if not is_generated(path) and (lines := _line_count(path)) >= MODULE_LINES
    ]
    assert not too_long


def _line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_functions_are_short() -> None:
    too_long = [
        f"{name_of(path)}:{function.lineno} {function.name}: {lines} lines"
        for path in python_files()
        if not is_generated(path)
        for function, lines in _functions(path)
        if lines >= FUNCTION_LINES
    ]
    assert not too_long


def _functions(path: Path) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, int]]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node, (node.end_lineno or node.lineno) - node.lineno + 1
