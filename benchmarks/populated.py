"""Accounts that have been running for years, made in seconds.

The first account is filled by the importers themselves: some invented runs are stored again and
again under other days, the music of those days beside them, and the soundtracks are computed.
Further accounts are copies of its rows under new identifiers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, insert, select

from beatrunner.activities.importer import ActivityImporter
from beatrunner.activities.preparing import PreparedActivity, prepare_fit
from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.sniff import FileKind
from beatrunner.codecs.spotify_export import write_extended_history
from beatrunner.core.provenance import Provenance
from beatrunner.db.bulk import insert_columns
from beatrunner.db.engine import Database
from beatrunner.db.migrate import upgrade
from beatrunner.db.tables import (
    accounts,
    activities,
    music_events,
    recordings,
    sealed_streams,
    soundtracks,
    spans,
    track_names,
    track_source_ids,
    tracks,
)
from beatrunner.imports.outcomes import SourceFile
from beatrunner.imports.store import insert_batch
from beatrunner.kit.clock import system_clock
from beatrunner.kit.ids import new_id
from beatrunner.kit.settings import Settings
from beatrunner.music.importer import ListenImporter
from beatrunner.wiring import WorkerParts, build_worker
from benchmarks.runner import listening, one_hour_run

RUNS = 1000
#: Runs that differ in more than their day.
_MODELS = 16
_AT_ONCE = 100
#: In the order their foreign keys ask for.
_COPIED: Sequence[tuple[Table, ColumnElement[UUID]]] = (
    (tracks, tracks.c.account_id),
    (track_source_ids, track_source_ids.c.account_id),
    (track_names, track_names.c.account_id),
    (music_events, music_events.c.account_id),
    (activities, activities.c.account_id),
    (recordings, recordings.c.account_id),
    (sealed_streams, recordings.c.account_id),
    (soundtracks, soundtracks.c.account_id),
    (spans, spans.c.account_id),
)


async def populate(settings: Settings, *, runners: int = 1, runs: int = RUNS) -> list[UUID]:
    """Fill an empty database; gives the accounts, the owner of this computer first."""
    worker = build_worker(settings)
    try:
        await upgrade(worker.database)
        owner_id = await _fill(worker, runs)
        others = [await _copy(worker.database, owner_id) for _ in range(runners - 1)]
    finally:
        worker.pool.close()
        await worker.database.close()
    return [owner_id, *others]


async def make_account(database: Database, kind: str = "member") -> UUID:
    account_id = new_id()
    values = {"id": account_id, "kind": kind, "display_name": "Runner"}
    async with database.write() as tx:
        await tx.execute(insert(accounts).values(**values, created_at=system_clock()))
    return account_id


async def _fill(worker: WorkerParts, runs: int) -> UUID:
    batch_id = new_id()
    account_id = await make_account(worker.database, "owner")
    async with worker.database.write() as tx:
        await insert_batch(tx, batch_id, account_id, system_clock())
    prepared = _prepared(runs)
    history = write_extended_history(listening(run.started_at for run in prepared))
    importer = ListenImporter(system_clock)
    plays = importer.readers[FileKind.SPOTIFY_EXTENDED](history)
    async with worker.database.write() as tx:
        await importer.store(tx, _source(account_id, batch_id, FileKind.SPOTIFY_EXTENDED, 0), plays)
    # Before there are runs, so that every soundtrack is computed once.
    await worker.runner.run_until_idle()
    store = ActivityImporter(system_clock).store
    for first in range(0, runs, _AT_ONCE):
        async with worker.database.write() as tx:
            for number in range(first, min(first + _AT_ONCE, runs)):
                source = _source(account_id, batch_id, FileKind.FIT, number)
                await store(tx, source, [prepared[number]])
    await worker.runner.run_until_idle()
    return account_id


def _prepared(runs: int) -> list[PreparedActivity]:
    yesterday = system_clock().date() - timedelta(days=1)
    models = [
        prepare_fit(write_fit(one_hour_run(number, yesterday)))[0]
        for number in range(min(_MODELS, runs))
    ]
    return [
        replace(
            (model := models[number % len(models)]),
            started_at=model.started_at - timedelta(days=number - number % len(models)),
        )
        for number in range(runs)
    ]


def _source(account_id: UUID, batch_id: UUID, kind: FileKind, number: int) -> SourceFile:
    return SourceFile(
        account_id=account_id,
        batch_id=batch_id,
        path=f"runs/{number}.{kind}",
        kind=kind,
        sha256=hashlib.sha256(f"{kind} {number}".encode()).hexdigest(),
        provenance=Provenance.FILE,
    )


async def _copy(database: Database, model_id: UUID) -> UUID:
    """Another account with the rows of the model under identifiers of their own."""
    account_id = await make_account(database)
    async with database.write() as tx:
        new_ids = {model_id: account_id}
        for table, owner in _COPIED:
            source = table.join(recordings) if table is sealed_streams else table
            found = await tx.execute(select(table).select_from(source).where(owner == model_id))
            rows = found.mappings().all()
            columns = {
                column.name: [_renewed(column.name, row[column.name], new_ids) for row in rows]
                for column in table.columns
                if column.name != "batch_id"
            }
            await insert_columns(tx, table, columns)
    return account_id


def _renewed(name: str, value: Any, new_ids: dict[UUID, UUID]) -> Any:
    """The new identifier for an old one; anything else stays."""
    if not isinstance(value, UUID):
        return value
    if name == "id":
        new_ids[value] = new_id()
    return new_ids[value]
