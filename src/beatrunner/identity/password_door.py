"""Sign in by address and password, telling nobody which addresses are known.

Both answers, and the time to them, are the same for an address that has an account and for one
that has none: every try is counted, and every try checks a password at the same cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from beatrunner.accounts import passwords, security_events
from beatrunner.accounts import store as accounts_store
from beatrunner.accounts.attempts import AttemptBudgets
from beatrunner.accounts.passwords import PasswordHasher
from beatrunner.accounts.security_events import SecurityEvent
from beatrunner.accounts.sign_ins import Session, SignIns
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.identity import store
from beatrunner.identity.factors.second_step import SecondStep, WaitingSignIn
from beatrunner.kit.afterwards import Afterwards
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import NotSignedInError


class PasswordDoor:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        hasher: PasswordHasher,
        budgets: AttemptBudgets,
        sign_ins: SignIns,
        second_step: SecondStep,
        afterwards: Afterwards,
    ) -> None:
        self._database = database
        self._clock = clock
        self._hasher = hasher
        self._budgets = budgets
        self._sign_ins = sign_ins
        self._second_step = second_step
        self._afterwards = afterwards

    async def sign_in(self, email: str, password: str, caller: Caller) -> Session | WaitingSignIn:
        """Only a ticket where the account wants a second factor.

        Raises NotSignedInError, ForbiddenError (a disabled account) or TooManyError.
        """
        email = email.casefold()
        tries = await self._budgets.spend(caller.peer, email)
        async with self._database.read() as tx:
            found = await accounts_store.find_password(tx, email)
            dearest = await accounts_store.find_dearest_bcrypt(tx)
        account_id, password_hash = found or (None, None)
        is_right = await self._hasher.verify(
            password, password_hash, dearest_bcrypt=dearest, tries=tries
        )
        if account_id is None or password_hash is None or not is_right:
            self._note_failure(account_id, caller)
            raise _is_wrong()
        await self._budgets.give_back(caller.peer, email)
        changes = {"used_at": self._clock(), **await self._kept_better(password, password_hash)}
        async with self._database.write() as tx:
            # Whoever changed it while it was checked has ended all sign-ins, and wants no new one.
            if not await store.update_password_used(tx, account_id, password_hash, changes):
                raise _is_wrong()
            waiting = await self._second_step.ask(tx, account_id)
            if waiting is not None:
                return waiting
            account = await accounts_store.get_account(tx, account_id)
            return await self._sign_ins.open_session(tx, account, caller)

    def _note_failure(self, account_id: UUID | None, caller: Caller) -> None:
        """Afterwards, or the time it takes would tell that there is such an account."""
        if account_id is not None:
            self._afterwards.do("failed sign-in", partial(self._record, account_id, caller))

    async def _record(self, account_id: UUID, caller: Caller) -> None:
        async with self._database.write() as tx:
            await security_events.record(
                tx, account_id, SecurityEvent.SIGN_IN_FAILED, caller=caller, now=self._clock()
            )

    async def _kept_better(self, password: str, old: str) -> Mapping[str, Any]:
        """A password that is kept in an old way is known only now, when it is typed."""
        if not passwords.is_outdated(old):
            return {}
        new = await self._hasher.hash(password)
        return {"verifier": new, "detail": {"is_long": passwords.is_long(password)}}


def _is_wrong() -> NotSignedInError:
    return NotSignedInError("The address or the password is wrong.", kind="wrong-credentials")
