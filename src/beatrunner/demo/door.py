"""Enter as the demo runner; on the first visit its files are written and handed in."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from beatrunner.accounts.sign_ins import Session, SignIns
from beatrunner.db.engine import Database
from beatrunner.imports.receiving import Upload, UploadReceiver
from beatrunner.imports.store import list_batches
from beatrunner.kit.clock import Clock

DEMO_NAME = "Demo runner"


@dataclass(frozen=True, slots=True)
class Visit:
    """`import_id` is the import to watch; None when everything is there already."""

    session: Session
    import_id: UUID | None


class DemoDoor:
    def __init__(
        self, database: Database, sign_ins: SignIns, receiver: UploadReceiver, clock: Clock
    ) -> None:
        self._database = database
        self._sign_ins = sign_ins
        self._receiver = receiver
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()

    async def enter(self) -> Visit:
        session = await self._sign_ins.open_single("demo", DEMO_NAME)
        account_id = session.account.id
        async with self._one_at_a_time:
            async with self._database.read() as tx:
                imports = await list_batches(tx, account_id, before=None, limit=1)
            if imports:
                is_over = imports[0].state in {"done", "failed"}
                return Visit(session, None if is_over else imports[0].id)
            return Visit(session, await self._hand_in(account_id))

    async def _hand_in(self, account_id: UUID) -> UUID:
        """The same road every runner's files take."""
        # All that a runner is made of: most servers never make one.
        from beatrunner.demo.files import write_demo_files

        with tempfile.TemporaryDirectory(prefix="beatrunner-demo-") as name:
            manifest = await asyncio.to_thread(write_demo_files, Path(name), self._clock().date())
            uploads = [
                Upload(path.name, path)
                for path in (manifest.strava_export, manifest.spotify_export)
            ]
            return await self._receiver.receive(account_id, uploads)
