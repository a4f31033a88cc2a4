"""Register and sign in by address and password, telling nobody which addresses are known.

Both answers, and the time to them, are the same for an address that has an account and for one
that has none: every try is counted, and every try hashes or checks one password.
"""

from __future__ import annotations

from uuid import UUID

from beatrunner.accounts import passwords, store
from beatrunner.accounts.attempts import AttemptBudgets
from beatrunner.accounts.passwords import PasswordHasher
from beatrunner.accounts.security_events import SecurityEvent, record
from beatrunner.accounts.sign_ins import Session, SignIns
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.identity.factors.second_step import SecondStep, WaitingSignIn
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import ForbiddenError, NotSignedInError


class PasswordDoor:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        hasher: PasswordHasher,
        budgets: AttemptBudgets,
        sign_ins: SignIns,
        second_step: SecondStep,
        *,
        registration: bool,
    ) -> None:
        self._database = database
        self._clock = clock
        self._hasher = hasher
        self._budgets = budgets
        self._sign_ins = sign_ins
        self._second_step = second_step
        self.registration = registration

    async def register(self, email: str, password: str, display_name: str, peer: str) -> None:
        """Raises ForbiddenError, RefusedError (a weak password) or TooManyError."""
        if not self.registration:
            raise ForbiddenError("New accounts are not open here.", kind="registration-closed")
        passwords.refuse_weak(password, email)
        await self._budgets.spend(peer)
        password_hash = await self._hasher.hash(password)
        async with self._database.write() as tx:
            await store.insert_account(
                tx,
                kind="member",
                email=email.casefold(),
                password_hash=password_hash,
                display_name=display_name,
                now=self._clock(),
            )

    async def sign_in(self, email: str, password: str, caller: Caller) -> Session | WaitingSignIn:
        """Only a ticket where the account wants a second factor.

        Raises NotSignedInError or TooManyError.
        """
        email = email.casefold()
        await self._budgets.spend(caller.peer, email)
        async with self._database.read() as tx:
            found = await store.find_password(tx, email)
        account_id, password_hash = found or (None, None)
        is_right = await self._hasher.verify(password, password_hash)
        if account_id is None or not is_right:
            await self._note_failure(account_id, caller)
            raise NotSignedInError(
                "The address or the password is wrong.", kind="wrong-credentials"
            )
        await self._budgets.give_back(caller.peer, email)
        async with self._database.write() as tx:
            waiting = await self._second_step.ask(tx, account_id)
            if waiting is not None:
                return waiting
            account = await store.get_account(tx, account_id)
            return await self._sign_ins.open_session(tx, account, caller)

    async def _note_failure(self, account_id: UUID | None, caller: Caller) -> None:
        # A transaction for nobody as well: it takes its time.
        async with self._database.write() as tx:
            if account_id is not None:
                await record(
                    tx,
                    account_id,
                    SecurityEvent.SIGN_IN_FAILED,
                    caller=caller,
                    now=self._clock(),
                )
