"""How much data the page of a one-hour run loads, and how much of it is kept in the database.

The answers about the run, its streams and its soundtrack, as the application sends them to a
browser that takes gzip: for an invented noisy hour with every column, twenty songs and a day of
listening around them, and for the real runs there are beside the project, weighed by the hour.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
from sqlalchemy import func, select

from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.spotify_export import write_extended_history
from beatrunner.db.engine import Database
from beatrunner.db.migrate import upgrade
from beatrunner.db.tables import recordings, sealed_streams
from beatrunner.imports.receiving import Upload, UploadReceiver
from beatrunner.kit.clock import system_clock
from beatrunner.kit.log import configure_logs
from beatrunner.kit.settings import LogFormat, Settings
from beatrunner.wiring import build_worker, spool_folder
from benchmarks.application import access_token, application
from benchmarks.figures import Figure, Report, at_most, plain
from benchmarks.populated import make_account
from benchmarks.runner import HOUR_S, listening, one_hour_run

MOST_PAGE_BYTES = 60_000
MOST_SEALED_BYTES = 20_000
_RUNS = Path(__file__).parents[1] / ".." / "shared" / "data" / "runs"
#: Shorter ones say little about an hour.
_LEAST_REAL_S = 1800


def main() -> Report:
    configure_logs(LogFormat.JSON, "CRITICAL")
    with tempfile.TemporaryDirectory(prefix="beatrunner-bench-") as name:
        folder = Path(name)
        run = one_hour_run(0)
        (folder / "invented.fit").write_bytes(write_fit(run))
        (folder / "Streaming_History_Audio_2026.json").write_bytes(
            write_extended_history(listening([run.started_at]))
        )
        files = [*sorted(folder.iterdir()), *sorted(_RUNS.glob("*.fit"))]
        figures = asyncio.run(_measure(Settings(data_dir=folder / "data"), files))
    return {"bench": "page-weight", "figures": figures}


async def _measure(settings: Settings, files: list[Path]) -> list[Figure]:
    account_id = await _import(settings, files)
    async with application(settings) as (parts, client):
        client.headers["Authorization"] = f"Bearer {await access_token(parts, account_id)}"
        page = (await client.get("/v1/activities?limit=200&kind=all")).json()
        weights = []
        for summary in page["items"]:
            sealed_bytes = await _sealed_bytes(parts.database, UUID(summary["id"]))
            weights.append(await _weigh(client, summary["id"], sealed_bytes))
    return _figures(weights)


async def _import(settings: Settings, files: list[Path]) -> UUID:
    worker = build_worker(settings)
    try:
        await upgrade(worker.database)
        account_id = await make_account(worker.database)
        receiver = UploadReceiver(worker.database, system_clock, spool_folder(settings))
        for path in files:
            with path.open("rb") as file:
                await receiver.receive(account_id, [Upload(path.name, file)])
        await worker.runner.run_until_idle()
    finally:
        worker.pool.close()
        await worker.database.close()
    return account_id


async def _sealed_bytes(database: Database, activity_id: UUID) -> int:
    async with database.read() as tx:
        found = await tx.scalar(
            select(func.sum(func.length(sealed_streams.c.blob)))
            .select_from(sealed_streams.join(recordings))
            .where(recordings.c.activity_id == activity_id)
        )
    return found or 0


class Weight(dict[str, Any]):
    """Bytes of each answer, and what they are about."""


async def _weigh(client: httpx2.AsyncClient, activity_id: str, sealed_bytes: int) -> Weight:
    weight = Weight(sealed=sealed_bytes)
    for part, path in (
        ("activity", f"/v1/activities/{activity_id}"),
        ("streams", f"/v1/activities/{activity_id}/streams"),
        ("soundtrack", f"/v1/soundtracks/{activity_id}"),
    ):
        async with client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
            weight[part] = len(b"".join([chunk async for chunk in answer.aiter_raw()]))
            answer.raise_for_status()
        weight[f"{part}_answer"] = (await client.get(path)).json()
    return weight


def _figures(weights: list[Weight]) -> list[Figure]:
    invented = next(w for w in weights if _file_name(w) == "invented.fit")
    songs = {span["track_id"] for span in invented["soundtrack_answer"]["spans"]} - {None}
    columns = invented["streams_answer"]["columns"]
    what = f"invented hour, {len(columns)} columns, {len(songs)} songs, "
    what += f"{len(invented['soundtrack_answer']['listens'])} plays around it"
    figures = [
        at_most(f"{what}: page", _page_bytes(invented) / 1000, "kB", MOST_PAGE_BYTES / 1000),
        *(
            plain(f"of that the {part}", invented[part] / 1000, "kB")
            for part in ("activity", "streams", "soundtrack")
        ),
        at_most("its sealed streams", invented["sealed"] / 1000, "kB", MOST_SEALED_BYTES / 1000),
    ]
    real = [w for w in weights if w is not invented and _length_s(w) >= _LEAST_REAL_S]
    if real:
        heaviest = max(_page_bytes(w) * HOUR_S / _length_s(w) for w in real) / 1000
        sealed = max(w["sealed"] * HOUR_S / _length_s(w) for w in real) / 1000
        what = f"heaviest of {len(real)} real runs, by the hour"
        figures += [
            at_most(f"{what}: page", heaviest, "kB", MOST_PAGE_BYTES / 1000),
            at_most(f"{what}: sealed streams", sealed, "kB", MOST_SEALED_BYTES / 1000),
        ]
    return figures


def _page_bytes(weight: Weight) -> int:
    return sum(weight[part] for part in ("activity", "streams", "soundtrack"))


def _length_s(weight: Weight) -> int:
    return int(weight["activity_answer"]["length_s"])


def _file_name(weight: Weight) -> str:
    return str(weight["activity_answer"]["recordings"][0]["file_name"])


if __name__ == "__main__":
    print(json.dumps(main()))
