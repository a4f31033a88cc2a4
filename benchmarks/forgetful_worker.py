"""A worker that says what became of a file before it stores it: a negative control."""

from __future__ import annotations

import asyncio

from beatrunner import wiring
from beatrunner.cli import main
from beatrunner.db.types import AnyRow
from beatrunner.imports import store
from beatrunner.imports.outcomes import FileImporter, Outcome, SourceFile
from beatrunner.imports.running import ImportRunner
from beatrunner.imports.store import Verdict
from benchmarks.quick_worker import quick

_BETWEEN_S = 0.05


class ForgetfulRunner(ImportRunner):
    async def _store_once(
        self, row: AnyRow, importer: FileImporter, source: SourceFile, content: object
    ) -> None:
        async with self._database.write() as tx:
            await store.update_file(tx, row.id, Verdict(Outcome.IMPORTED, source.kind))
        # It is a matter of luck how long that takes.
        await asyncio.sleep(_BETWEEN_S)
        async with self._database.write() as tx:
            await importer.store(tx, source, content)


if __name__ == "__main__":
    vars(wiring)["RunnerPolicy"] = quick
    vars(wiring)["ImportRunner"] = ForgetfulRunner
    main()
