from __future__ import annotations

import asyncio
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import delete

from beatrunner.activities.importer import ActivityImporter
from beatrunner.activities.originals import forget_originals
from beatrunner.codecs.fit import write_fit
from beatrunner.db.locks import lock_content
from beatrunner.db.tables import activities
from beatrunner.imports.running import ImportRunner
from beatrunner.jobs.registry import JobRegistry
from beatrunner.jobs.runner import JobRunner
from beatrunner.kit.blob import FolderBlobStore
from tests.library import Library
from tests.sample_files import run

FIT = write_fit(run())
CONTENT = sha256(FIT).hexdigest()


class ForgetfulFolder(FolderBlobStore):
    """Somebody deletes the last run of a file just after the next import has kept it."""

    is_forgotten = False

    def put(self, sha256: str, content: bytes) -> None:
        super().put(sha256, content)
        if not self.is_forgotten:
            self.is_forgotten = True
            self.delete(sha256)


async def test_a_file_that_is_imported_again_meanwhile_is_kept(
    library: Library, tmp_path: Path
) -> None:
    originals = ForgetfulFolder(tmp_path / "originals")
    importers = [ActivityImporter(library.clock)]
    imports = ImportRunner(
        library.database, library.pool, originals, importers, library.clock, library.spool
    )
    await library.hand_in(("a.fit", FIT))
    worker = JobRunner(library.database, JobRegistry.of([imports]), library.clock, "tester")
    await worker.run_until_idle()
    assert originals.is_forgotten
    assert originals.get(CONTENT) == FIT


async def test_whoever_forgets_waits_for_whoever_imports(library: Library) -> None:
    await library.take_in(("a.fit", FIT))
    async with library.database.write() as tx:
        await lock_content(tx, CONTENT)
        forgetting = asyncio.create_task(
            forget_originals(library.database, library.originals, [CONTENT])
        )
        await asyncio.sleep(0.2)
        assert not forgetting.done()
    await forgetting
    assert library.originals.get(CONTENT) == FIT
    async with library.database.write() as tx:
        await tx.execute(delete(activities))
    await forget_originals(library.database, library.originals, [CONTENT])
    with pytest.raises(FileNotFoundError):
        library.originals.get(CONTENT)
