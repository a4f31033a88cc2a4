"""Change how one signs in: a password set, changed or removed, and this computer left behind.

Whoever gets here has just shown that it is they (`FreshAccount`). Each of these ends every other
sign-in: they are done, above all, by people who fear that somebody else came in that way.
"""

from __future__ import annotations

from beatrunner.accounts import passwords, security_events
from beatrunner.accounts import store as accounts_store
from beatrunner.accounts.passwords import PasswordHasher
from beatrunner.accounts.security_events import SecurityEvent
from beatrunner.accounts.sign_ins import Identity, SignIns
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.identity import letters, store
from beatrunner.identity.last_way import refuse_last_way
from beatrunner.identity.password_reset import refuse_weak
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import ConflictError, NotFoundError
from beatrunner.kit.post import Post


class WaysChanger:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        hasher: PasswordHasher,
        sign_ins: SignIns,
        post: Post,
    ) -> None:
        self._database = database
        self._clock = clock
        self._hasher = hasher
        self._sign_ins = sign_ins
        self._post = post

    async def set_password(self, account: Identity, password: str, caller: Caller) -> None:
        """Raises RefusedError (a weak one), or ConflictError without an address to it."""
        now, account_id = self._clock(), account.account_id
        password_hash = await self._hasher.hash_new(password)
        async with self._database.write() as tx:
            await self._sign_ins.require_alive(tx, account)
            email = (await store.get_email_state(tx, account_id)).email
            if email is None:
                raise ConflictError(
                    "A password needs an address to sign in with. Add one first.", kind="no-email"
                )
            await refuse_weak(tx, account_id, password, email)
            had_one = await store.upsert_password(
                tx, account_id, password_hash, now, is_long=passwords.is_long(password)
            )
            await store.delete_codes(tx, account_id)
            await self._sign_ins.end_all(tx, account_id, but=account.sign_in_id)
            kind = SecurityEvent.PASSWORD_CHANGED if had_one else SecurityEvent.PASSWORD_SET
            await security_events.record(tx, account_id, kind, caller=caller, now=now)
        self._post.send(letters.password_changed(email))

    async def remove_password(self, account: Identity, caller: Caller) -> None:
        """Raises NotFoundError, or ConflictError where it is the last way in."""
        await self._remove(account, "password", SecurityEvent.PASSWORD_REMOVED, caller)

    async def leave_this_computer(self, account: Identity, caller: Caller) -> None:
        """The owner becomes a member as any other, whom this computer lets in no more.

        Raises NotFoundError, or ConflictError where it is the last way in.
        """
        await self._remove(account, "this_computer", SecurityEvent.BECAME_MEMBER, caller)

    async def _remove(
        self, account: Identity, kind: str, event: SecurityEvent, caller: Caller
    ) -> None:
        account_id = account.account_id
        async with self._database.write() as tx:
            await self._sign_ins.require_alive(tx, account)
            if not await store.delete_identity(tx, account_id, kind):
                raise NotFoundError
            await refuse_last_way(tx, account_id)
            await self._sign_ins.end_all(tx, account_id, but=account.sign_in_id)
            if kind == "this_computer":
                await accounts_store.update_account(tx, account_id, {"kind": "member"})
            await store.delete_codes(tx, account_id)
            await security_events.record(tx, account_id, event, caller=caller, now=self._clock())
