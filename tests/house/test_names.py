"""Names say what a thing is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import (
    PACKAGE,
    files,
    is_generated,
    name_of,
    page_files,
    python_files,
    tree_of,
)

#: Names under which anything may be put, and is.
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "base"}
VAGUE |= {"manager", "managers", "service", "services"}

STORE_VERBS = {"get", "find", "list", "has", "count", "sum"}
STORE_VERBS |= {"insert", "upsert", "update", "replace", "delete", "lock"}
#: What a store does that these verbs would not tell. A name leaves with its function.
OTHER_STORE_NAMES = {
    "jobs": "enqueue claim renew finish retry_later bury give_back",
    "accounts": "rotate_sign_in end_sign_in end_sign_ins uncount_attempt",
    "imports": "begin_batch finish_batch begin_undo finish_undo",
    "activities": "cursor_of",
    "music": "is_song counted_as is_counted_as played run_to mean_moving mentions",
}

_COMMENTS_AND_TEXTS = re.compile(
    r"/\*.*?\*/|//[^\n]*|<!--.*?-->|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|`(?:\\.|[^`\\])*`",
    re.DOTALL,
)
_QUOTED_FIELD = re.compile(r"""["']bpm["']\s*[:\]]""")


def test_no_module_is_named_after_nothing() -> None:
    vague = [
        name_of(path)
        for path in files()
        if path.suffix in {".py", ".ts", ".svelte"}
        for part in path.relative_to(PACKAGE.parents[1]).with_suffix("").parts
        if part.lower() in VAGUE
    ]
    assert not vague


def test_every_package_says_what_it_is() -> None:
    packages = {path.parent for path in python_files("src") if not is_generated(path)}
    # Alembic runs the files in here by path; it is not a package.
    packages.discard(PACKAGE / "db" / "migrations")
    silent = [
        name_of(package)
        for package in packages
        if not (package / "__init__.py").is_file()
        or ast.get_docstring(tree_of(package / "__init__.py")) is None
    ]
    assert not silent


def test_every_module_says_what_it_is() -> None:
    silent = [
        name_of(path)
        for path in python_files("src", "benchmarks")
        if ast.get_docstring(tree_of(path)) is None
    ]
    assert not silent


def test_bpm_always_says_of_what() -> None:
    """Tempo and heart rate share the unit, so the bare word is ambiguous."""
    python = [
        f"{name_of(path)}:{line}"
        for path in python_files()
        if path != Path(__file__)
        for name, line in _identifiers(path)
        if name == "bpm"
    ]
    pages = []
    for path in page_files():
        text = path.read_text(encoding="utf-8")
        if _QUOTED_FIELD.search(text) or re.search(r"\bbpm\b", _COMMENTS_AND_TEXTS.sub("", text)):
            pages.append(name_of(path))
    assert not python + pages


def _identifiers(path: Path) -> Iterator[tuple[str, int]]:
    """Every name, attribute, argument, keyword and lone word in quotes."""
    for node in ast.walk(tree_of(path)):
        for field in ("id", "attr", "arg", "name", "asname"):
            found = getattr(node, field, None)
            if isinstance(found, str):
                yield found, getattr(node, "lineno", 0)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno


def test_stores_speak_with_few_verbs() -> None:
    strange, spoken = [], set()
    for path in python_files("src"):
        if path.name != "store.py" and not path.name.endswith("_store.py"):
            continue
        others = OTHER_STORE_NAMES.get(path.parent.name, "").split()
        for node in tree_of(path).body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            spoken.add(node.name)
            known = node.name.split("_")[0] in STORE_VERBS or node.name in others
            if not known and not node.name.startswith("_"):
                strange.append(f"{name_of(path)}:{node.lineno} {node.name}")
    assert not strange
    gone = {name for names in OTHER_STORE_NAMES.values() for name in names.split()} - spoken
    assert not gone, "no store has these any more"
