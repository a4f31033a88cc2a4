"""The ZIP of an account (`codecs.account_export`), written piece by piece.

Rows are read in one snapshot of the database, so that they fit together; nothing but a part of a
table, a run or a file is ever in memory. Entries carry no time of their own: two exports of the
same account differ in their manifests alone.
"""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.codecs.account_export import (
    FORMAT,
    MANIFEST,
    Manifest,
    original_name,
    part_name,
    write_manifest,
    write_part,
)
from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.run_export import SONG_COLUMNS, ExportedRun, song_rows
from beatrunner.codecs.safe_text import cell, write_rows
from beatrunner.db.account_contents import (
    COLUMNS_LEFT_OUT,
    KNOWN_BY,
    TABLES_LEFT_OUT,
    carried_tables,
    readable_tables,
)
from beatrunner.db.portable import Portable, PortableRow
from beatrunner.exports import store
from beatrunner.exports.listens import listen_lines
from beatrunner.exports.of_run import load_run, name_of
from beatrunner.kit.blob import BlobStore

#: Told how many rows and files were written since it was told last.
Progress = Callable[[int], Awaitable[None]]

_ROWS_AT_ONCE = 5_000
#: Of tables with blobs.
_BLOBS_AT_ONCE = 200
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_OWN_EYES = 0o600 << 16

README = """\
This is everything that BeatRunner knew of you when you took it out.

For you and for other programs:
  runs/          every run as a FIT file, with the best of all its recordings
  originals/     the files that you imported, as they were, by the hash of their content
  songs.csv      which song played when in which run, with pace, heart rate and cadence
  listens.jsonl  what you heard, as ListenBrainz takes it
  held/          what else is known of you and is not taken back: sign-ins, ways in, tokens by name,
                 what you agreed to, security log, links, imports; a line of JSON a row

For BeatRunner:
  beatrunner.json, data/   every row. Drop the whole ZIP where you drop your files, and all of it
                           is back, in this account, in another one, on another computer.

beatrunner.json says what was left out, and why. No password is in here; where you ran is.
"""


class ArchiveWriter:
    """Entries of one ZIP. Close it when done."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w")

    async def add(self, name: str, content: bytes) -> None:
        await asyncio.to_thread(self._zip.writestr, _entry(name), content)

    async def add_pieces(self, name: str, pieces: AsyncIterator[bytes]) -> None:
        with self._zip.open(_entry(name), "w") as entry:
            async for piece in pieces:
                await asyncio.to_thread(entry.write, piece)

    def close(self) -> None:
        self._zip.close()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _NO_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = _OWN_EYES
    return entry


async def count_items(tx: AsyncConnection, account_id: UUID) -> int:
    """Rows and files that an export will have."""
    rows = [await store.count_rows(tx, account_id, x.table) for x in carried_tables().values()]
    originals = await store.list_all_originals(tx, account_id)
    runs = await store.list_activity_ids(tx, account_id)
    return sum(rows) + len(originals) + len(runs)


async def write_account(
    tx: AsyncConnection,
    account_id: UUID,
    originals: BlobStore,
    archive: ArchiveWriter,
    now: datetime,
    progress: Progress,
) -> None:
    """Everything of the account. `tx` is a snapshot."""
    await archive.add("README.txt", README.encode())
    rows, parts = await _write_tables(tx, account_id, archive, progress)
    await _write_runs(tx, account_id, archive, progress)
    await archive.add_pieces("listens.jsonl", listen_lines(tx, account_id))
    await _write_held(tx, account_id, archive)
    kept = await _write_originals(tx, account_id, originals, archive, progress)
    manifest = Manifest(
        beatrunner_export=FORMAT,
        made_by=f"BeatRunner {version('beatrunner')}",
        exported_at=now.isoformat(),
        rows=rows,
        parts=parts,
        originals=kept,
        left_out={**TABLES_LEFT_OUT, **COLUMNS_LEFT_OUT},
    )
    await archive.add(MANIFEST, write_manifest(manifest))


async def _write_tables(
    tx: AsyncConnection, account_id: UUID, archive: ArchiveWriter, progress: Progress
) -> tuple[dict[str, int], list[str]]:
    counts: dict[str, int] = {}
    parts: list[str] = []
    for name, portable in carried_tables().items():
        counts[name] = 0
        async for rows in _portions(tx, account_id, portable):
            parts.append(part_name(len(parts) + 1, name))
            await archive.add(parts[-1], await asyncio.to_thread(write_part, name, rows))
            counts[name] += len(rows)
            await progress(len(rows))
    return counts, parts


async def _write_held(tx: AsyncConnection, account_id: UUID, archive: ArchiveWriter) -> None:
    for name, portable in readable_tables().items():
        await archive.add_pieces(f"held/{name}.jsonl", _lines(tx, account_id, portable))


async def _lines(tx: AsyncConnection, account_id: UUID, portable: Portable) -> AsyncIterator[bytes]:
    async for row in store.list_rows(tx, account_id, portable.table):
        yield msgspec.json.encode(portable.write(row._mapping)) + b"\n"


async def _portions(
    tx: AsyncConnection, account_id: UUID, portable: Portable
) -> AsyncIterator[list[PortableRow]]:
    at_once = _BLOBS_AT_ONCE if portable.has_blobs else _ROWS_AT_ONCE
    rows: list[PortableRow] = []
    ids: list[UUID] = []
    async for row in store.list_rows(tx, account_id, portable.table):
        rows.append(portable.write(row._mapping))
        if portable.table.name == "activities":
            ids.append(row.id)
        if len(rows) == at_once:
            yield await _with_known_by(tx, rows, ids)
            rows, ids = [], []
    if rows:
        yield await _with_known_by(tx, rows, ids)


async def _with_known_by(
    tx: AsyncConnection, rows: list[PortableRow], ids: Sequence[UUID]
) -> list[PortableRow]:
    if ids:
        known = await store.list_known_by(tx, ids)
        for row, run_id in zip(rows, ids, strict=True):
            row[KNOWN_BY] = known.get(run_id, [])
    return rows


async def _write_runs(
    tx: AsyncConnection, account_id: UUID, archive: ArchiveWriter, progress: Progress
) -> None:
    names: set[str] = set()
    songs: list[tuple[object, ...]] = []
    for activity_id in await store.list_activity_ids(tx, account_id):
        run = await load_run(tx, account_id, activity_id)
        songs += [(cell(run.raw.name or ""), *row) for row in song_rows(run)]
        # Nothing was recorded, or what FIT cannot say: before 1990, farther than the moon.
        with suppress(ValueError, OverflowError):
            written = await asyncio.to_thread(write_fit, run.raw)
            await archive.add(f"runs/{_name_not_in(names, run)}.fit", written)
        await progress(1)
    table = "".join(write_rows(("run", *SONG_COLUMNS), songs))
    await archive.add("songs.csv", table.encode())


def _name_not_in(names: set[str], run: ExportedRun) -> str:
    """Some systems do not tell large letters from small ones."""
    found = name = name_of(run)
    number = 1
    while found.casefold() in names:
        number += 1
        found = f"{name} ({number})"
    names.add(found.casefold())
    return found


async def _write_originals(
    tx: AsyncConnection,
    account_id: UUID,
    originals: BlobStore,
    archive: ArchiveWriter,
    progress: Progress,
) -> int:
    """Gives how many there were."""
    kept = 0
    for row in await store.list_all_originals(tx, account_id):
        with suppress(FileNotFoundError):
            content = await asyncio.to_thread(originals.get, row.content_sha256)
            await archive.add(original_name(row.content_sha256, row.format), content)
            kept += 1
        await progress(1)
    return kept
