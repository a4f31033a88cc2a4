"""How fast a server process answers 1,000 users, and how much it can answer at all.

A real server process on SQLite, ten runners with 1,000 runs each, a hundred sign-ins of each; k6
in a process of its own plays the users. Everyone reads a list of 50, a run, a soundtrack or the
home page, in equal shares, and thinks in between. The highest throughput is measured without
thinking, in turns with a route of the same server that answers `{}`. Load generator and server
share the machine.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from beatrunner.db.tables import activities
from beatrunner.kit.settings import Settings
from benchmarks.application import access_token, application
from benchmarks.figures import Figure, Report, at_least, at_most, plain
from benchmarks.populated import populate
from benchmarks.serving import get, serving
from tests.browser.serving import free_port

RUNNERS = 10
USERS = 1000
REQUESTS_PER_S = 200
MOST_P95_MS = 100
MOST_STATEMENT_P95_MS = 50
LEAST_SHARE = 0.1
PAGES = "list,activity,soundtrack,home"
#: As many at once keep the server busy without queueing for long.
_AT_ONCE = 8
_SHORT, _LONG = "8s", "30s"


def main() -> Report:
    with tempfile.TemporaryDirectory(prefix="beatrunner-bench-") as name:
        return measure(Path(name))


def measure(folder: Path) -> Report:
    """`folder` may hold a database from before."""
    settings = Settings(data_dir=folder, port=free_port())
    users = folder / "users.json"
    users.write_text(json.dumps(asyncio.run(_users(settings))))
    with serving(settings) as address:
        k6 = Load(address, users)
        k6.run(PAGES, _SHORT, at_once=_AT_ONCE)
        before = _statements(address)
        calm = k6.run(PAGES, _LONG, at_once=USERS, think_s=USERS / REQUESTS_PER_S)
        statement_ms = _p95_ms(before, _statements(address))
        rates: dict[str, list[float]] = {PAGES: [], "empty": []}
        for pages in (PAGES, "empty") * 2:
            busy = k6.run(pages, _SHORT, at_once=_AT_ONCE)
            rates[pages].append(_value(busy, "http_reqs", "rate"))
    return {"bench": "latency", "figures": [*_calm(calm, statement_ms), *_busy(rates)]}


def _calm(metrics: Mapping[str, Any], statement_ms: float) -> list[Figure]:
    rate = _value(metrics, "http_reqs", "rate")
    p95_ms = _value(metrics, "http_req_duration", "p(95)")
    failed = 100 * _value(metrics, "http_req_failed", "rate")
    return [
        at_most(f"{USERS:,} users, {rate:.0f} requests/s: p95", p95_ms, "ms", MOST_P95_MS),
        *(
            plain(f"  of that {page}: p95", _value(metrics, _of_page(page), "p(95)"), "ms")
            for page in PAGES.split(",")
        ),
        at_most("  without an answer", failed, "%", 0),
        at_most("  statements of the database: p95", statement_ms, "ms", MOST_STATEMENT_P95_MS),
    ]


def _busy(rates: Mapping[str, list[float]]) -> list[Figure]:
    mixed, empty = max(rates[PAGES]), max(rates["empty"])
    return [
        plain("highest throughput, mixed reads", mixed, "requests/s"),
        plain("highest throughput, empty route", empty, "requests/s"),
        at_least("mixed reads as a share of the empty route", mixed / empty, "x", LEAST_SHARE),
    ]


def _value(metrics: Mapping[str, Any], metric: str, statistic: str) -> float:
    return float(metrics[metric]["values"][statistic])


def _of_page(page: str) -> str:
    return f"http_req_duration{{page:{page}}}"


async def _users(settings: Settings) -> list[dict[str, Any]]:
    """Access tokens of as many sign-ins, and activities that each may open."""
    account_ids = await populate(settings, runners=RUNNERS)
    users = []
    async with application(settings) as (parts, _):
        for number in range(USERS):
            account_id = account_ids[number % len(account_ids)]
            async with parts.database.read() as tx:
                mine = select(activities.c.id).where(activities.c.account_id == account_id)
                found: list[UUID] = list((await tx.execute(mine.limit(100))).scalars())
            token = await access_token(parts, account_id)
            users.append({"token": token, "activities": [str(one) for one in found]})
    return users


class Load:
    """Runs of k6 against one server."""

    def __init__(self, address: str, users: Path) -> None:
        self._address = address
        self._users = users

    def run(
        self, pages: str, duration: str, *, at_once: int, think_s: float = 0.0
    ) -> Mapping[str, Any]:
        """The metrics of a run, by k6's names."""
        words = {
            "ADDRESS": self._address,
            "USERS": str(self._users),
            "PAGES": pages,
            "DURATION": duration,
            "VUS": str(at_once),
            "THINK_S": str(think_s),
        }
        settings = [word for name, value in words.items() for word in ("--env", f"{name}={value}")]
        k6 = Path(sys.executable).with_name("k6")
        script = Path(__file__).with_name("load.js")
        done = subprocess.run(
            [k6, "run", "--quiet", "--no-color", "--log-output=none", *settings, script],
            stdout=subprocess.PIPE,
            check=False,
        )
        metrics: dict[str, Any] = json.loads(done.stdout)
        return metrics


_BUCKET = re.compile(
    rb'^beatrunner_database_statement_seconds_bucket\{le="([^"]+)"\} (\S+)$', re.MULTILINE
)


def _statements(address: str) -> dict[float, float]:
    """Statements of the server so far that took at most so many seconds."""
    found = _BUCKET.findall(get(f"{address}/metrics"))
    return {float(edge): float(count) for edge, count in found}


def _p95_ms(before: Mapping[float, float], after: Mapping[float, float]) -> float:
    """The upper edge of the bucket in which the 95th of 100 statements lies."""
    counts = {edge: after[edge] - before[edge] for edge in sorted(after)}
    return 1000 * next(
        edge for edge, count in counts.items() if count >= 0.95 * max(counts.values())
    )


if __name__ == "__main__":
    print(json.dumps(main()))
