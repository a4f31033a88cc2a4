"""A watch or a service whose clock was wrong breaks no page, and a full disk no import."""

from __future__ import annotations

import errno
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from beatrunner.activities.importer import ActivityImporter
from beatrunner.codecs.fit import write_fit
from beatrunner.db.engine import Database
from beatrunner.db.tables import activities, music_events, spans
from beatrunner.imports.running import ImportRunner
from beatrunner.jobs.registry import JobRegistry
from beatrunner.jobs.runner import JobRunner
from beatrunner.kit.blob import FolderBlobStore
from beatrunner.kit.parser_pool import ParserPool
from tests.conftest import HeldClock
from tests.library import Library
from tests.sample_files import MORNING, plays, run, spotify_zip

FAR = MORNING.replace(year=2041)


async def test_runs_and_plays_of_the_future_are_shown_like_others(library: Library) -> None:
    await library.take_in(
        ("now.fit", write_fit(run())),
        ("far.fit", write_fit(run(FAR))),
        ("music.zip", spotify_zip([*plays(MORNING, 3), *plays(FAR, 3)])),
    )
    songs = select(func.count()).where(spans.c.track_id.is_not(None))
    assert (await library.rows(songs))[0][0] == 6
    assert (await library.rows(select(func.count()).select_from(activities)))[0][0] == 2
    assert (await library.rows(select(func.count()).select_from(music_events)))[0][0] == 6


class FullFolder(FolderBlobStore):
    """A folder on a disk without room, until there is some."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.is_full = True

    def put(self, sha256: str, content: bytes) -> None:
        if self.is_full:
            raise OSError(errno.ENOSPC, "No space left on device")
        super().put(sha256, content)


async def test_a_file_that_finds_no_room_is_not_refused_but_waits(
    library: Library, database: Database, clock: HeldClock, parser_pool: ParserPool, tmp_path: Path
) -> None:
    originals = FullFolder(tmp_path / "originals")
    importers = [ActivityImporter(clock)]
    imports = ImportRunner(database, parser_pool, originals, importers, clock, library.spool)
    worker = JobRunner(database, JobRegistry.of([imports]), clock, "tester")
    batch_id = await library.hand_in(("a.fit", write_fit(run())))
    for _ in range(7):
        await worker.run_until_idle()
        assert await library.outcomes(batch_id) == [("a.fit", "waiting", None)]
        clock.advance(timedelta(seconds=10).total_seconds())
    originals.is_full = False
    await worker.run_until_idle()
    assert await library.outcomes(batch_id) == [("a.fit", "imported", None)]
    assert (await library.batch(batch_id)).state == "done"
