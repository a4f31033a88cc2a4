"""How many statements a list of 50 of 1,000 runs sends to the database, through all of the
application: with a sign-in that is remembered, and with one that has to be looked up."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from pathlib import Path

from beatrunner.kit.log import configure_logs
from beatrunner.kit.settings import LogFormat, Settings
from benchmarks.application import access_token, application, counted_statements
from benchmarks.figures import Figure, Report, at_most, plain
from benchmarks.populated import RUNS, populate
from benchmarks.postgres import postgres

MOST_STATEMENTS = 3
_REPETITIONS = 20


def main() -> Report:
    configure_logs(LogFormat.JSON, "ERROR")
    with tempfile.TemporaryDirectory(prefix="beatrunner-bench-") as folder, postgres() as make:
        figures = [
            figure
            for name, address in (("SQLite", None), ("PostgreSQL", make("list")))
            for figure in asyncio.run(_measure(name, Path(folder) / name, address))
        ]
    return {"bench": "list-sql", "figures": figures}


async def _measure(name: str, folder: Path, address: str | None) -> list[Figure]:
    settings = Settings(data_dir=folder, database_url=address)
    account_id, *_ = await populate(settings)
    async with application(settings) as (parts, client):
        client.headers["Authorization"] = f"Bearer {await access_token(parts, account_id)}"
        counts = []
        for _sign_in in ("looked up", "remembered"):
            with counted_statements() as sent:
                answer = await client.get("/v1/activities?limit=50")
            page = answer.raise_for_status().json()
            if len(page["items"]) != 50 or page["total"] != RUNS:
                raise ValueError("not 50 of all runs")
            counts.append(len(sent))
        started = time.perf_counter()
        for _ in range(_REPETITIONS):
            await client.get("/v1/activities?limit=50")
        took_ms = 1000 * (time.perf_counter() - started) / _REPETITIONS
    return [
        at_most(f"{name}: sign-in looked up", counts[0], "statements", MOST_STATEMENTS),
        at_most(f"{name}: sign-in remembered", counts[1], "statements", MOST_STATEMENTS),
        plain(f"{name}: a page of 50 of {RUNS:,} runs", took_ms, "ms"),
    ]


if __name__ == "__main__":
    print(json.dumps(main()))
