"""What may be done where."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

from tests.house.sources import PACKAGE, ROOT, imports_of, name_of, python_files, tree_of

#: Outside `*/api.py` and `web/`, the web framework is known to these, each for its reason.
FRAMEWORK_GUESTS = {
    "kit/http.py": "gives routes their objects",
    "db/api.py": "gives routes their transactions",
    "cli/serving.py": "starts uvicorn",
    "wiring.py": "lists the routers",
}
FRAMEWORK = {"fastapi", "starlette", "uvicorn"}

#: What a package brings along as part of its own interface.
BROUGHT_ALONG = {"starlette": "fastapi", "anyio": "fastapi"}

#: Things that hold a connection, a process or the environment: made in functions, never at import.
LIVE = {"create_engine", "create_async_engine", "Database", "AsyncClient", "Client", "Settings"}
LIVE |= {"ParserPool", "ProcessPool", "ThreadPoolExecutor", "ProcessPoolExecutor"}

_REPLACING = {"setattr", "delattr", "setitem", "delitem"}


def test_statements_are_written_in_stores() -> None:
    """Elsewhere of SQLAlchemy only the connection is named, to be handed on."""
    outside = [
        f"{name_of(path)} imports {module}.{name}"
        for path in python_files("src")
        if not _may_speak_sql(path)
        for module, name in imports_of(path)
        if module.split(".")[0] in {"sqlalchemy", "alembic", "aiosqlite", "asyncpg"}
        and (module, name) != ("sqlalchemy.ext.asyncio", "AsyncConnection")
    ]
    assert not outside


def _may_speak_sql(path: Path) -> bool:
    in_db = path.is_relative_to(PACKAGE / "db")
    return in_db or path.name == "store.py" or path.name.endswith("_store.py")


def test_the_web_framework_stays_at_the_edge() -> None:
    importers = {
        path.relative_to(PACKAGE).as_posix()
        for path in python_files("src")
        for module, _ in imports_of(path)
        if module.split(".")[0] in FRAMEWORK
    }
    edge = {
        name
        for name in importers
        if name.endswith(("/api.py", "_api.py", "/ws.py")) or name.startswith("web/")
    }
    assert importers - edge <= set(FRAMEWORK_GUESTS)
    assert set(FRAMEWORK_GUESTS) <= importers, "these need no exception any more"


def test_what_is_imported_is_asked_for() -> None:
    """A package that comes along by chance may stay away in the next version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    entries = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    asked_for = {re.split(r"[\[<>=;]", entry)[0] for entry in entries}
    packages = packages_distributions()
    by_chance = {
        f"{name_of(path)} imports {module}"
        for path in python_files("src")
        for module in {module.split(".")[0] for module, _ in imports_of(path)}
        if module not in sys.stdlib_module_names and module != "beatrunner"
        if not asked_for
        & {re.sub(r"[-_.]+", "-", name).lower() for name in packages.get(module, [])}
        if BROUGHT_ALONG.get(module) not in asked_for
    }
    assert not by_chance


def test_nothing_lives_before_it_is_built() -> None:
    alive = [
        f"{name_of(path)}:{call.lineno}"
        for path in python_files("src")
        for call in _calls_at_import(tree_of(path))
        if _called_name(call) in LIVE
    ]
    assert not alive


def _calls_at_import(node: ast.AST) -> Iterator[ast.Call]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from _calls_at_import(child)


def _called_name(call: ast.Call) -> str:
    called = call.func
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def test_tests_replace_nothing_of_ours() -> None:
    """A test that patches tells about the patch. The environment may be set."""
    patched = [
        f"{name_of(path)} imports {module}"
        for path in python_files("tests", "benchmarks")
        for module, name in imports_of(path)
        if "mock" in {module.split(".")[-1], name}
    ]
    patched += [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files("tests", "benchmarks")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
        and node.attr in _REPLACING
        and getattr(node.value, "id", "") == "monkeypatch"
    ]
    assert not patched


def test_warnings_are_errors_and_types_are_strict() -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert tool["pytest"]["ini_options"]["filterwarnings"][0] == "error"
    assert tool["mypy"]["strict"] is True
