"""Who is signed in shows again that it is they, by their password or by sitting at this computer.

Passkeys and second factors do that on their own (`identity.factors`).
"""

from __future__ import annotations

from beatrunner.accounts import security_events
from beatrunner.accounts.attempts import AttemptBudgets
from beatrunner.accounts.passwords import PasswordHasher
from beatrunner.accounts.security_events import SecurityEvent
from beatrunner.accounts.sign_ins import Identity, SignIns
from beatrunner.accounts.this_computer import Caller, ThisComputer
from beatrunner.db.engine import Database
from beatrunner.identity import factor_store, store
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import ForbiddenError


class Confirming:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        hasher: PasswordHasher,
        budgets: AttemptBudgets,
        sign_ins: SignIns,
        this_computer: ThisComputer,
    ) -> None:
        self._database = database
        self._clock = clock
        self._hasher = hasher
        self._budgets = budgets
        self._sign_ins = sign_ins
        self._this_computer = this_computer

    async def require_whole(
        self, account: Identity, *, password: str | None, code: str | None
    ) -> None:
        """Raises ForbiddenError where one of two factors is left out, before the other is tried."""
        async with self._database.read() as tx:
            has_password = await store.find_password(tx, account.account_id) is not None
            has_second = await factor_store.has_second_factor(tx, account.account_id)
        if has_password and password is None:
            raise ForbiddenError("Your password is needed besides.", kind="password-missing")
        if has_second and code is None:
            raise ForbiddenError(
                "A code of your authenticator app, or a recovery code, is needed besides.",
                kind="code-missing",
            )

    async def require_password(self, account: Identity, password: str, caller: Caller) -> None:
        """Raises ForbiddenError or TooManyError."""
        account_id = account.account_id
        tries = await self._budgets.spend(caller.peer, account_id.hex)
        async with self._database.read() as tx:
            password_hash = await store.find_password(tx, account_id)
        if not await self._hasher.verify(password, password_hash, tries=tries):
            async with self._database.write() as tx:
                await security_events.record(
                    tx,
                    account_id,
                    SecurityEvent.CONFIRMATION_FAILED,
                    caller=caller,
                    now=self._clock(),
                )
            raise ForbiddenError("This password is wrong.", kind="wrong-credentials")
        await self._budgets.give_back(caller.peer, account_id.hex)

    def require_here(self, account: Identity, caller: Caller) -> None:
        """Raises ForbiddenError unless the owner of this computer sits at it."""
        self._this_computer.require(caller)
        if account.kind != "owner":
            raise ForbiddenError("Show that it is you by what you sign in with.", kind="not-owner")

    async def confirm(self, account: Identity, caller: Caller) -> None:
        """They have shown it, by whatever."""
        async with self._database.write() as tx:
            await self._sign_ins.require_alive(tx, account)
            await self._sign_ins.confirm(tx, account)
            await security_events.record(
                tx, account.account_id, SecurityEvent.CONFIRMED, caller=caller, now=self._clock()
            )
