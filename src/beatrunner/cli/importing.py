"""`beatrunner import` and `beatrunner demo`: the same road as an upload, with a progress bar.

The command works whether or not a server is running: it hands the files in and then helps with
the work; whichever worker claims a job does it.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click

from beatrunner.accounts.store import upsert_single_account
from beatrunner.cli.owner import find_account
from beatrunner.cli.processes import migrate
from beatrunner.core.refusals import Refusal, sentence
from beatrunner.db.engine import Database
from beatrunner.demo.door import DEMO_NAME
from beatrunner.demo.files import write_demo_files
from beatrunner.imports import store
from beatrunner.imports.api import FOLLOW_UPS
from beatrunner.imports.outcomes import Outcome
from beatrunner.imports.receiving import Upload, UploadReceiver
from beatrunner.jobs.store import count_unfinished, find_hold_up
from beatrunner.kit.clock import system_clock
from beatrunner.kit.errors import HoldUp, UnavailableError
from beatrunner.kit.folders import spool_folder
from beatrunner.kit.log import configure_logs
from beatrunner.kit.settings import Settings
from beatrunner.wiring import build_worker

_HELD_UP: Mapping[HoldUp, str] = {
    "disk-full": "The disk is full; waiting for space",
    "database-busy": "Waiting for the database",
    "database-away": "Waiting for the database",
}
_LOOK_S = 0.2
_SHOWN_REFUSALS = 20


async def import_for_owner(settings: Settings, paths: Sequence[Path], email: str | None) -> int:
    files = [found for path in paths for found in _files_below(path)]
    if not files:
        click.echo("There are no files there.", err=True)
        return 1
    return await _import(settings, files, email=email)


async def write_and_import_demo(settings: Settings, folder: Path | None) -> int:
    with tempfile.TemporaryDirectory(prefix="beatrunner-demo-") as temporary:
        target = folder or Path(temporary)
        manifest = write_demo_files(target, datetime.now(UTC).date())
        if folder is not None:
            click.echo(f"Wrote {manifest.strava_export} and {manifest.spotify_export}.")
        files = [(path.name, path) for path in (manifest.strava_export, manifest.spotify_export)]
        return await _import(settings, files, is_demo=True)


def _files_below(path: Path) -> Iterator[tuple[str, Path]]:
    """(name to show, file): the file itself, or every visible file in a folder."""
    if path.is_file():
        yield path.name, path
        return
    for found in sorted(path.rglob("*")):
        relative = found.relative_to(path)
        if found.is_file() and not any(part.startswith(".") for part in relative.parts):
            yield str(path.name / relative), found


async def _import(
    settings: Settings,
    files: Sequence[tuple[str, Path]],
    *,
    is_demo: bool = False,
    email: str | None = None,
) -> int:
    configure_logs(settings.log_format, "ERROR")
    await migrate(settings)
    worker = build_worker(settings)
    try:
        database = worker.database
        account_id = await (_get_demo(database) if is_demo else find_account(database, email))
        if account_id is None:
            click.echo(f"There is no account with the address {email}.", err=True)
            return 1
        receiver = UploadReceiver(worker.database, system_clock, spool_folder(settings))
        try:
            batch_id = await receiver.receive(account_id, [Upload(*file) for file in files])
        except (OSError, UnavailableError) as error:
            click.echo(f"BeatRunner cannot take these files in: {error}", err=True)
            return 1
        stop = asyncio.Event()
        work = asyncio.create_task(worker.runner.run_until(stop))
        try:
            await _watch(worker.database, account_id, batch_id)
        finally:
            stop.set()
            with suppress(asyncio.CancelledError):
                await work
        return await _report(worker.database, account_id, batch_id)
    finally:
        worker.pool.close()
        await worker.database.close()


async def _get_demo(database: Database) -> UUID:
    async with database.write() as tx:
        return (await upsert_single_account(tx, "demo", DEMO_NAME, system_clock())).id


async def _watch(database: Database, account_id: UUID, batch_id: UUID) -> None:
    with click.progressbar(length=1, label="Importing", show_pos=True) as bar:
        while True:
            async with database.read() as tx:
                batch = await store.get_batch(tx, account_id, batch_id)
                pending = await count_unfinished(tx, account_id, FOLLOW_UPS)
                held_up = await find_hold_up(tx, account_id, "import.run")
            bar.length = max(batch.files_total, 1)
            bar.update(batch.files_total - batch.files_waiting - bar.pos)
            if batch.state in {"done", "failed"} and pending == 0:
                return
            if batch.state == "done":
                bar.label = "Matching songs"
            else:
                bar.label = "Importing" if held_up is None else _HELD_UP[held_up]
            await asyncio.sleep(_LOOK_S)


async def _report(database: Database, account_id: UUID, batch_id: UUID) -> int:
    async with database.read() as tx:
        batch = await store.get_batch(tx, account_id, batch_id)
        refused = await store.list_files(
            tx,
            account_id,
            batch_id,
            outcome=Outcome.REFUSED,
            after=None,
            limit=_SHOWN_REFUSALS,
        )
    click.echo(
        f"{batch.activities_added} activities and {batch.listens_added} plays are new; "
        f"{batch.already_there} files were already there, {batch.refused} refused."
    )
    for row in refused:
        click.echo(f"  {row.path}: {sentence(Refusal(row.reason))}")
    if batch.refused > len(refused):
        click.echo(f"  … and {batch.refused - len(refused)} more.")
    return 0 if batch.state == "done" else 1
