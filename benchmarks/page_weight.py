"""How much data the page of a one-hour run loads, and how much of it is kept in the database.

The answers about the run, its streams and its soundtrack, as the application sends them to a
browser that takes gzip: for an invented noisy hour with every column, twenty songs and a day of
listening around them, and for the real runs there are beside the project, weighed by the hour.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import tempfile
from dataclasses import dataclass
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
from beatrunner.kit.folders import spool_folder
from beatrunner.kit.log import configure_logs
from beatrunner.kit.settings import LogFormat, Settings
from beatrunner.wiring import build_worker
from benchmarks.application import access_token, application
from benchmarks.figures import Figure, Report, at_most, plain
from benchmarks.populated import make_account
from benchmarks.runner import HOUR_S, listening, one_hour_run

MOST_PAGE_KB = 60
MOST_SEALED_KB = 20
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


@dataclass(frozen=True, slots=True)
class Weight:
    """Gzipped bytes of each answer and of the sealed streams, and what they are about."""

    file_name: str
    length_s: int
    activity: int
    streams: int
    soundtrack: int
    sealed: int
    columns: int
    songs: int
    plays: int

    @property
    def page(self) -> int:
        return self.activity + self.streams + self.soundtrack


async def _weigh(client: httpx2.AsyncClient, activity_id: str, sealed_bytes: int) -> Weight:
    activity, activity_bytes = await _get(client, f"/v1/activities/{activity_id}")
    streams, streams_bytes = await _get(client, f"/v1/activities/{activity_id}/streams")
    soundtrack, soundtrack_bytes = await _get(client, f"/v1/soundtracks/{activity_id}")
    return Weight(
        file_name=activity["recordings"][0]["file_name"],
        length_s=activity["length_s"],
        activity=activity_bytes,
        streams=streams_bytes,
        soundtrack=soundtrack_bytes,
        sealed=sealed_bytes,
        columns=len(streams["columns"]),
        songs=len({span["track_id"] for span in soundtrack["spans"]} - {None}),
        plays=len(soundtrack["listens"]),
    )


async def _get(client: httpx2.AsyncClient, path: str) -> tuple[dict[str, Any], int]:
    """The answer, and how many bytes it was on its way."""
    async with client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
        answer.raise_for_status()
        packed = b"".join([chunk async for chunk in answer.aiter_raw()])
    is_packed = answer.headers.get("content-encoding") == "gzip"  # small ones are not
    return json.loads(gzip.decompress(packed) if is_packed else packed), len(packed)


def _figures(weights: list[Weight]) -> list[Figure]:
    invented = next(weight for weight in weights if weight.file_name == "invented.fit")
    what = (
        f"invented hour, {invented.columns} columns, {invented.songs} songs,"
        f" {invented.plays} plays around it"
    )
    figures = [
        at_most(f"{what}: page", invented.page / 1000, "kB", MOST_PAGE_KB),
        plain("  of that the run", invented.activity / 1000, "kB"),
        plain("  of that its streams", invented.streams / 1000, "kB"),
        plain("  of that its soundtrack", invented.soundtrack / 1000, "kB"),
        at_most(f"{what}: sealed streams", invented.sealed / 1000, "kB", MOST_SEALED_KB),
    ]
    real = [w for w in weights if w is not invented and w.length_s >= _LEAST_REAL_S]
    if real:
        page = max(weight.page * HOUR_S / weight.length_s for weight in real)
        sealed = max(weight.sealed * HOUR_S / weight.length_s for weight in real)
        what = f"heaviest of {len(real)} real runs, by the hour"
        figures += [
            at_most(f"{what}: page", page / 1000, "kB", MOST_PAGE_KB),
            at_most(f"{what}: sealed streams", sealed / 1000, "kB", MOST_SEALED_KB),
        ]
    return figures


if __name__ == "__main__":
    print(json.dumps(main()))
