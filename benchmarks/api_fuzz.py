"""Whatever somebody sends to any route: an answer that the API's description tells of, never a 5xx.

Schemathesis reads the description of the real server and makes requests of it: as described, at
the edges, wrong in one place, at random, and in chains in which one answer's ids go into the next
request. They are sent by nobody, by a member who has nothing, and by one who has one of everything,
in rounds with another seed and other members each. Streams of events end after a moment here.

Negative control: a server of two routes, of which one fails for some numbers, and the other answers
something else than it says.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.engine import from_schema
from schemathesis.engine.events import NonFatalError, ScenarioFinished

from beatrunner.db.engine import Database
from beatrunner.db.migrate import upgrade
from beatrunner.kit.settings import Settings
from beatrunner.wiring import build_server
from benchmarks.application import access_token
from benchmarks.figures import Figure, Report, at_least, at_most
from benchmarks.serving import await_answer, free_port
from tests.conftest import HeldClock, make_account
from tests.web.owned_things import make_things

_CASES = 20_000
_CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)


@dataclass(slots=True)
class Found:
    cases: int = 0
    #: By check: the routes that failed it.
    failures: dict[str, set[str]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @property
    def crashes(self) -> int:
        return len(self.failures.get("not_a_server_error", ()))

    @property
    def violations(self) -> int:
        return sum(map(len, self.failures.values())) - self.crashes


def main() -> Report:
    found = fuzz(_CASES, examples=20)
    return {"bench": "api-fuzz", "figures": figures(found, control(), _CASES)}


def figures(found: Found, broken: Found, least: int) -> list[Figure]:
    for problem in (*found.failures.items(), *found.errors):
        print("  FOUND:", problem)
    return [
        at_least("requests", found.cases, "cases", least),
        at_most("routes that answer 5xx", found.crashes, "", 0),
        at_most("routes that break their description", found.violations, "", 0),
        at_most("routes that could not be tried", len(found.errors), "", 0),
        at_least("control: broken routes that crash", broken.crashes, "", 1),
        at_least("control: broken routes that lie", broken.violations, "", 1),
    ]


def fuzz(least: int, examples: int, only: str = "") -> Found:
    """Rounds until there were so many cases; `only` is a pattern of paths."""
    found = Found()
    with tempfile.TemporaryDirectory(prefix="beatrunner-fuzz-") as name:
        asyncio.run(_migrate(Path(name)))
        with _serving(Path(name), "whole") as address:
            for seed in count(1):
                full = asyncio.run(_member(Path(name), has_things=True))
                empty = asyncio.run(_member(Path(name), has_things=False))
                for who in (full, empty, {}):
                    _attack(address, {**_plan(seed, examples, only), **who}, found)
                if found.cases >= least:
                    return found
    raise AssertionError("there is always one more round")


def control() -> Found:
    found = Found()
    with tempfile.TemporaryDirectory(prefix="beatrunner-fuzz-") as name:
        asyncio.run(_migrate(Path(name)))
        with _serving(Path(name), "broken") as address:
            _attack(address, _plan(1, 20, "/v1/(broken|lying)"), found)
    return found


def _plan(seed: int, examples: int, only: str) -> dict[str, Any]:
    return {
        "seed": seed,
        "continue-on-failure": True,
        "generation": {"max-examples": examples, "database": "none", "no-shrink": True},
        "checks": {"enabled": False, **{check: {"enabled": True} for check in _CHECKS}},
        "operations": [{"exclude-path-regex": only, "enabled": False}] if only else [],
    }


def _attack(address: str, plan: Mapping[str, Any], found: Found) -> None:
    config = schemathesis.Config.from_dict(dict(plan))
    schema = schemathesis.openapi.from_url(f"{address}/v1/openapi.json", config=config)
    for event in from_schema(schema).execute():
        if isinstance(event, NonFatalError):
            found.errors.append(f"{event.label}: {event.info.title} {event.info.message}")
        if isinstance(event, ScenarioFinished):
            found.cases += len(event.recorder.interactions)
            for case_id, checks in event.recorder.checks.items():
                for check in checks:
                    if check.failure_info is not None:
                        case = event.recorder.cases[case_id].value
                        found.failures.setdefault(check.name, set()).add(case.operation.label)


async def _migrate(folder: Path) -> None:
    database = Database(Settings(data_dir=folder).database)
    await upgrade(database)
    await database.close()


async def _member(folder: Path, *, has_things: bool) -> dict[str, Any]:
    """What they send with each request, and the ids of what they have."""
    parts = build_server(Settings(data_dir=folder, access_token_s=7200))
    try:
        account_id = await make_account(parts.database)
        headers = {"Authorization": f"Bearer {await access_token(parts, account_id)}"}
        if not has_things:
            return {"headers": headers}
        things = await make_things(parts.database, HeldClock(), account_id)
        return {
            "headers": headers,
            "parameters": {f"path.{name}": str(value) for name, value in things.items()},
        }
    finally:
        await parts.database.close()


@contextmanager
def _serving(folder: Path, what: str) -> Iterator[str]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    words = [sys.executable, "-m", "benchmarks.api_fuzz_server", str(folder), str(port), what]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log)
        try:
            await_answer(f"{address}/health")
            yield address
        finally:
            process.terminate()
            process.wait(30)
