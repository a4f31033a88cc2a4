"""The job `account.erase`: an account goes, with everything that is its own.

Whoever asks for it has a time of grace; signing in again within it, they may think better of it.
Then nobody comes in any more, and the account's jobs are taken from whoever is at them. A tombstone
is written first, so that no backup brings the account back, and so that who is still at a job
stores nothing any more (`db.locks.lock_imports`); then files go, then rows, children before
parents, and at last the account with this job. A killed one begins again, and finds less.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts import token_store
from beatrunner.accounts.security_events import SecurityEvent, record
from beatrunner.accounts.sign_ins import Identity, require_alive
from beatrunner.accounts.store import end_sign_ins, update_account
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.db.erasing import delete_some_rows, tables_to_empty
from beatrunner.db.locks import lock_content
from beatrunner.jobs.registry import job
from beatrunner.jobs.store import ClaimedJob, enqueue
from beatrunner.kit.blob import FolderBlobStore
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import ConflictError, NotFoundError
from beatrunner.kit.log import logger
from beatrunner.kit.post import Mail, Post
from beatrunner.privacy import store
from beatrunner.privacy.tombstones import Tombstones

log = logger(__name__)

ERASE = "account.erase"
#: Files whose locks are held at once.
_FILES_AT_ONCE = 100

_ASKED = """\
Everything that BeatRunner keeps of you will be deleted on {:%Y-%m-%d at %H:%M} UTC. All sign-ins
have ended.

If you think better of it, or did not ask for it, sign in before then: Settings, Your data.
"""
_ERASED = """\
Everything that BeatRunner kept of you has been deleted. Backups of the server may hold it until
they are replaced; restoring one does not bring it back.
"""


async def put_out(tx: AsyncConnection, account_id: UUID, now: datetime) -> None:
    """All sign-ins of an account end, and its tokens are withdrawn."""
    await end_sign_ins(tx, account_id, now)
    await token_store.delete_tokens(tx, account_id)


@dataclass(frozen=True, slots=True)
class Places:
    """Where files of accounts are, besides the originals."""

    folder: Path
    spool: Path
    exports: Path


class AccountEraser:
    def __init__(
        self,
        database: Database,
        originals: FolderBlobStore,
        places: Places,
        clock: Clock,
        grace: timedelta,
        post: Post | None = None,
    ) -> None:
        """Without `post` nobody is told."""
        self._database = database
        self._originals = originals
        self._places = places
        self._tombstones = Tombstones(places.folder)
        self._clock = clock
        self.grace = grace
        self._post = post

    async def ask(
        self, account_id: UUID, caller: Caller | None = None, *, asker: Identity | None = None
    ) -> datetime:
        """Everything goes after the grace; all sign-ins end now. Gives when.

        Raises NotSignedInError where the sign-in of `asker` has ended.
        """
        now = self._clock()
        async with self._database.write() as tx:
            if asker is not None:
                await require_alive(tx, asker, now)
            account = await store.lock_account(tx, account_id)
            erase_at = account.erase_at or now + self.grace
            await update_account(tx, account_id, {"erase_at": erase_at})
            await put_out(tx, account_id, now)
            if account.erase_at is None:
                await enqueue(tx, ERASE, {}, account_id=account_id, now=now, run_at=erase_at)
                await record(tx, account_id, SecurityEvent.ERASURE_ASKED, caller=caller, now=now)
        if account.erase_at is None:
            subject = "Your BeatRunner account will be erased"
            self._tell(account.email, subject, _ASKED.format(erase_at))
        return erase_at

    async def take_back(
        self, tx: AsyncConnection, account_id: UUID, caller: Caller | None = None
    ) -> None:
        """Raises ConflictError when nobody asked for it, or it has begun."""
        account = await store.lock_account(tx, account_id)
        now = self._clock()
        if account.erase_at is None or account.erase_at <= now:
            raise ConflictError("This account is not about to be erased.", kind="not-erasing")
        await update_account(tx, account_id, {"erase_at": None})
        await record(tx, account_id, SecurityEvent.ERASURE_WITHDRAWN, caller=caller, now=now)

    @job("account.erase", can_wait=True)
    async def run(self, claimed: ClaimedJob) -> None:
        """Asked for, taken back and asked for again: the earlier job is not the one."""
        now = self._clock()
        async with self._database.read() as tx:
            erase_at = await store.find_erase_at(tx, claimed.account_id)
        # Nobody takes back what is due.
        if erase_at is not None and erase_at <= now:
            await self.erase(claimed.account_id, now)

    async def erase(self, account_id: UUID, erased_at: datetime) -> bool:
        """Now, whatever was asked for. False when the account was gone already."""
        await asyncio.to_thread(self._tombstones.add, account_id, erased_at)
        async with self._database.write() as tx:
            await store.insert_tombstone(tx, account_id, erased_at)
            try:
                account = await store.lock_account(tx, account_id)
            except NotFoundError:
                return False
            # From here on nobody comes in.
            await update_account(tx, account_id, {"disabled_at": erased_at})
            await put_out(tx, account_id, erased_at)
            await store.delete_other_jobs(tx, account_id, ERASE)
        await self._delete_files(account_id)
        for table in tables_to_empty():
            is_left = True
            while is_left:
                async with self._database.write() as tx:
                    is_left = await delete_some_rows(tx, table, account_id)
        async with self._database.write() as tx:
            await store.delete_account(tx, account_id, account.email)
        await self._database.compact()
        log.info("account.erased", account=str(account_id))
        self._tell(account.email, "Your BeatRunner account is erased", _ERASED)
        return True

    async def _delete_files(self, account_id: UUID) -> None:
        async with self._database.write() as tx:
            # Who is writing one at this moment finds its row gone.
            for export_id in await store.delete_exports(tx, account_id):
                for ending in (".zip", ".part"):
                    (self._places.exports / f"{export_id}{ending}").unlink(missing_ok=True)
        async with self._database.read() as tx:
            names = await store.list_spool_names(tx, account_id)
            contents = await store.list_own_contents(tx, account_id)
        for name in names:
            (self._places.spool / name).unlink(missing_ok=True)
        for start in range(0, len(contents), _FILES_AT_ONCE):
            await self._delete_originals(account_id, contents[start : start + _FILES_AT_ONCE])

    async def _delete_originals(self, account_id: UUID, hashes: list[str]) -> None:
        """Looked up again under their locks: somebody may be importing the same file."""
        async with self._database.write() as tx:
            for sha256 in hashes:
                await lock_content(tx, sha256)
            still = set(await store.list_own_contents(tx, account_id))
            for sha256 in still.intersection(hashes):
                await asyncio.to_thread(self._originals.delete, sha256)

    def _tell(self, email: str | None, subject: str, text: str) -> None:
        if self._post is not None and email is not None:
            self._post.send(Mail(email, subject, text))
