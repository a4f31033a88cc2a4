"""The project's files, and their syntax trees."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "beatrunner"
DOCS = ROOT / "docs"

_PYTHON = ("src", "tests", "benchmarks")
_PAGES = (".ts", ".js", ".svelte")
#: What git ignores, and what is made from something else.
_IGNORED_FOLDERS = {"node_modules", "__pycache__", "build", "dist", "static"}
_GENERATED = {"frontend/src/lib/api/schema.d.ts", "frontend/openapi.json"}


@cache
def files() -> tuple[Path, ...]:
    """Every file that is, or may become, part of the repository."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if not _is_ignored(Path(folder), name)]
        found += [Path(folder, name) for name in names]
    return tuple(sorted(found))


def _is_ignored(folder: Path, name: str) -> bool:
    # `frontend/static` is written by hand; the other `static` is built from it.
    if folder == ROOT / "frontend" and name == "static":
        return False
    return name in _IGNORED_FOLDERS or (name.startswith(".") and name != ".ci")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def is_generated(path: Path) -> bool:
    return name_of(path) in _GENERATED or "migrations/versions" in name_of(path)


def python_files(*tops: str) -> Iterator[Path]:
    """Python below these folders, or all of it."""
    for path in files():
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in (tops or _PYTHON):
            yield path
    if not tops:
        yield ROOT / "dev"


def page_files() -> Iterator[Path]:
    for path in files():
        if path.suffix in _PAGES and path.is_relative_to(ROOT / "frontend"):
            yield path


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports_of(path: Path) -> Iterator[tuple[str, str]]:
    """(module, name) of every import in a file; the name is "" for `import module`."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node.module or "", alias.name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, ""
