from __future__ import annotations

import asyncio
import gzip
import io
import struct
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import func, select, update

from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.gpx import write_gpx
from beatrunner.codecs.sniff import FileKind
from beatrunner.codecs.spotify_export import write_extended_history
from beatrunner.codecs.tcx import write_tcx
from beatrunner.db.tables import activities, import_files, jobs, music_events
from beatrunner.imports import store
from beatrunner.imports.outcomes import Outcome, Reader, SourceFile, Stored
from beatrunner.imports.store import Verdict
from beatrunner.jobs.runner import RunnerPolicy
from beatrunner.kit.parser_pool import ParserPool
from tests.conftest import HeldClock
from tests.library import Library
from tests.sample_files import MORNING, plays, run, spotify_zip, strava_table, zipped

FIT = write_fit(run())
GPX = write_gpx(run(MORNING.replace(day=3)))
TCX = write_tcx(run(MORNING.replace(day=4)))
HISTORY = write_extended_history(plays(MORNING, 3))
ACCOUNT_DATA = (
    b'[{"endTime": "2026-02-02 06:30", "msPlayed": 200000, "trackName": "T", "artistName": "A"}]'
)


async def count(library: Library, table: Any) -> int:
    (row,) = await library.rows(select(func.count()).select_from(table))
    return int(row[0])


async def test_files_of_every_kind_alone_and_packed(library: Library) -> None:
    batch_id = await library.take_in(
        ("monday.fit", FIT),
        ("runs/2026/tuesday.gpx.gz", gzip.compress(GPX)),
        ("wednesday.tcx", b"  " + TCX),
        ("Streaming_History_Audio_2026_0.json", HISTORY),
    )
    found = await library.files(batch_id)
    assert [(row.path, row.kind, row.outcome) for row in found] == [
        ("monday.fit", "fit", "imported"),
        ("runs/2026/tuesday.gpx.gz", "gpx", "imported"),
        ("wednesday.tcx", "tcx", "imported"),
        ("Streaming_History_Audio_2026_0.json", "spotify_extended", "imported"),
    ]
    batch = await library.batch(batch_id)
    assert (batch.state, batch.imported, batch.activities_added, batch.listens_added) == (
        "done",
        4,
        3,
        3,
    )
    assert batch.finished_at == library.clock()
    assert await count(library, activities) == 3
    assert await count(library, music_events) == 3
    assert list(library.spool.iterdir()) == []


async def test_an_archive_of_anything(library: Library) -> None:
    batch_id = await library.take_in(
        (
            "all.zip",
            zipped(
                {
                    "a.fit": FIT,
                    "deep/er/b.gpx": GPX,
                    "photos/me.jpg": b"\xff\xd8\xff" + bytes(50),
                    "notes.xyz": b"what is this",
                    "empty.gpx": b"",
                    "history.json": HISTORY,
                    "inner.zip": zipped({"c.tcx": TCX}),
                    "StreamingHistory0.json": ACCOUNT_DATA,
                }
            ),
        )
    )
    assert await library.outcomes(batch_id) == [
        ("all.zip/a.fit", "imported", None),
        ("all.zip/deep/er/b.gpx", "imported", None),
        ("all.zip/photos/me.jpg", "skipped", None),
        ("all.zip/notes.xyz", "refused", "unknown_kind"),
        ("all.zip/empty.gpx", "refused", "empty"),
        ("all.zip/history.json", "imported", None),
        ("all.zip/StreamingHistory0.json", "imported", None),
        ("all.zip/inner.zip/c.tcx", "imported", None),
    ]
    batch = await library.batch(batch_id)
    assert (batch.files_total, batch.files_waiting) == (8, 0)


async def test_a_second_import_of_everything_changes_nothing(
    library: Library, clock: HeldClock
) -> None:
    table = strava_table({"1.fit": "Lake", "2.gpx": "Hills"})
    export = zipped({"activities.csv": table, "1.fit": FIT, "2.gpx": GPX})
    files = (("export_1.zip", export), ("music.zip", spotify_zip(plays(MORNING, 3))))
    await library.take_in(*files)
    before = await library.contents()
    clock.advance(3600)
    batch_id = await library.take_in(*files)
    assert await library.contents() == before
    batch = await library.batch(batch_id)
    assert (batch.imported, batch.already_there) == (0, 3)
    # It says which runs these are.
    for row in await library.files(batch_id):
        assert bool(row.activity_ids) == (row.kind in {"fit", "gpx"})


async def test_the_same_file_twice_in_one_upload(library: Library) -> None:
    batch_id = await library.take_in(
        ("a.fit", FIT), ("b.fit", FIT), ("c.fit.gz", gzip.compress(FIT))
    )
    assert [outcome for _, outcome, _ in await library.outcomes(batch_id)] == [
        "imported",
        "already_there",
        "already_there",
    ]
    assert await count(library, activities) == 1


async def test_two_uploads_of_the_same_files_at_once(
    library: Library, parser_pool: ParserPool, tmp_path: Any
) -> None:
    """Each file is new to exactly one of them, whoever comes first."""
    package = zipped(
        {f"{day}.fit": write_fit(run(MORNING.replace(day=day))) for day in range(1, 9)}
        | {"history.json": HISTORY}
    )
    batch_ids = [await library.hand_in(("same.zip", package)) for _ in range(2)]
    other = Library(library.database, library.clock, library.account_id, parser_pool, tmp_path)
    await asyncio.gather(library.worker.run_until_idle(), other.worker.run_until_idle())
    batches = [await library.batch(batch_id) for batch_id in batch_ids]
    assert sum(batch.imported for batch in batches) == 9
    assert sum(batch.already_there for batch in batches) == 9
    assert await count(library, activities) == 8
    assert await count(library, music_events) == 3
    states = await library.rows(select(jobs.c.state, jobs.c.attempts))
    assert {tuple(row) for row in states} == {("done", 1)}


def encrypted() -> bytes:
    # The flags stand at byte 6 of the local header and at byte 8 of the directory's entry.
    data = bytearray(zipped({"a.fit": FIT}))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def overlapping() -> bytes:
    """Two entries of the directory that share one file's bytes."""
    data = zipped({"a.fit": FIT, "b.fit": FIT})
    at = data.rindex(b"PK\x01\x02")
    return data[: at + 42] + struct.pack("<I", 0) + data[at + 46 :]


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.gpx", bytes(64 << 20))
    return packed.getvalue()


async def test_hostile_archives_are_refused_in_words(library: Library) -> None:
    archives = [
        (encrypted(), "encrypted"),
        (overlapping(), "overlapping_entries"),
        (zipped({"../../etc/cron.d/x": FIT}), "unsafe_path"),
        (bomb(), "too_compressed"),
        (zipped({"a.fit": FIT})[:-10], "damaged_archive"),
    ]
    named = [(f"{reason}.zip", package) for package, reason in archives]
    batch_id = await library.take_in(*named, ("good.fit", FIT))
    assert await library.outcomes(batch_id) == [
        *((f"{reason}.zip", "refused", reason) for _, reason in archives),
        ("good.fit", "imported", None),
    ]


async def test_gzip_bombs_are_refused(library: Library) -> None:
    batch_id = await library.take_in(("bomb.fit.gz", gzip.compress(bytes(64 << 20))))
    assert await library.outcomes(batch_id) == [("bomb.fit.gz", "refused", "too_compressed")]


async def test_a_killed_import_goes_on_where_it_was(library: Library, clock: HeldClock) -> None:
    names = [f"{day:02}.fit" for day in range(1, 13)]
    package = zipped({name: write_fit(run(MORNING.replace(day=int(name[:2])))) for name in names})
    batch_id = await library.hand_in(("many.zip", package))
    working = asyncio.create_task(library.worker.run_until_idle())
    async with asyncio.timeout(20):
        while await count(library, activities) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
    half_way = await library.batch(batch_id)
    assert half_way.state == "running"
    assert 3 <= half_way.imported < 12
    assert half_way.current == f"many.zip/{names[half_way.imported]}"
    assert await count(library, activities) == half_way.imported
    clock.advance(61)
    await library.worker.run_until_idle()
    done = await library.batch(batch_id)
    assert (done.state, done.imported, done.already_there, done.current) == ("done", 12, 0, None)
    assert await count(library, activities) == 12
    assert await count(library, import_files) == 13
    assert list(library.spool.iterdir()) == []


async def test_an_import_that_ended_without_saying_so_is_not_begun_again(
    library: Library,
) -> None:
    batch_id = await library.take_in(("a.zip", zipped({"a.fit": FIT})))
    before = await library.batch(batch_id)
    async with library.database.write() as tx:
        # As when the worker is killed between the import's last word and the job's.
        await tx.execute(update(jobs).where(jobs.c.kind == "import.run").values(state="waiting"))
    await library.worker.run_until_idle()
    assert await library.batch(batch_id) == before


class Picky:
    """An importer that fails on some files, in the child or while storing."""

    readers: Mapping[FileKind, Reader] = {FileKind.FIT: len, FileKind.GPX: int}
    keeps_original = False

    def __init__(self) -> None:
        self.tries: list[str] = []

    async def store(self, _tx: Any, source: SourceFile, _content: Any) -> Stored:
        self.tries.append(source.path)
        if source.path == "never.fit" or self.tries == ["once.fit"]:
            raise LookupError(source.path)
        return Stored(Outcome.IMPORTED)


async def test_a_fault_of_ours_costs_one_file(
    library: Library, parser_pool: ParserPool, tmp_path: Any
) -> None:
    picky = Picky()
    own = Library(
        library.database, library.clock, library.account_id, parser_pool, tmp_path, [picky]
    )
    batch_id = await own.take_in(
        ("once.fit", FIT), ("never.fit", FIT), ("unread.gpx", GPX), ("fine.fit", FIT)
    )
    assert await own.outcomes(batch_id) == [
        ("once.fit", "imported", None),
        ("never.fit", "refused", "importer_failed"),
        ("unread.gpx", "refused", "importer_failed"),
        ("fine.fit", "imported", None),
    ]
    assert picky.tries == ["once.fit", "once.fit", "never.fit", "never.fit", "fine.fit"]


async def test_an_import_that_cannot_be_run_fails_in_the_end(
    library: Library, clock: HeldClock
) -> None:
    batch_id = await library.hand_in(("a.fit", FIT))
    async with library.database.write() as tx:
        # Every worker that took it was killed.
        await tx.execute(update(jobs).values(attempts=RunnerPolicy().max_deaths))
    await library.worker.run_until_idle()
    batch = await library.batch(batch_id)
    assert (batch.state, batch.finished_at, batch.files_waiting) == ("failed", clock.now, 1)
    assert list(library.spool.iterdir()) == []


async def test_an_import_that_gets_on_outlives_any_number_of_workers(library: Library) -> None:
    batch_id = await library.hand_in(("a.fit", FIT), ("b.fit", FIT))
    first, _ = await library.files(batch_id)
    async with library.database.write() as tx:
        # All these workers were killed, and had stored a file between them.
        await store.update_file(tx, first.id, Verdict(Outcome.ALREADY_THERE, "fit"))
        await tx.execute(update(jobs).values(attempts=RunnerPolicy().max_deaths))
    await library.worker.run_until_idle()
    batch = await library.batch(batch_id)
    assert (batch.state, batch.files_waiting) == ("done", 0)
