from __future__ import annotations

import asyncio
from hashlib import sha256

import pytest
from sqlalchemy import delete

from beatrunner.activities.originals import forget_originals
from beatrunner.codecs.fit import write_fit
from beatrunner.db.locks import lock_content
from beatrunner.db.tables import activities
from tests.library import Library
from tests.sample_files import run

FIT = write_fit(run())
CONTENT = sha256(FIT).hexdigest()


async def test_whoever_imports_waits_for_whoever_forgets(library: Library) -> None:
    """The file is kept after it was forgotten, and never forgotten after it was kept."""
    await library.hand_in(("a.fit", FIT))
    async with library.database.write() as tx:
        await lock_content(tx, CONTENT)
        importing = asyncio.create_task(library.worker.run_until_idle())
        await asyncio.sleep(0.5)
        with pytest.raises(FileNotFoundError):
            library.originals.get(CONTENT)
        library.originals.delete(CONTENT)
    await importing
    assert library.originals.get(CONTENT) == FIT


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
