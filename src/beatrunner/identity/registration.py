"""An account is made by whoever shows that its address is theirs, and not before.

Until then there is a row with the wish and a code that goes by mail. The row's id is known to the
page that asked alone, the code to the reader of the mail alone: an account is made where both come
together. So nobody can lie in wait in an account made with somebody else's address.

An address that has an account is answered with the same words after the same work: a row and a
mail. Only the mail says so, and its row has a hash that no code has.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts import passwords, security_events
from beatrunner.accounts import store as accounts_store
from beatrunner.accounts.attempts import AttemptBudgets
from beatrunner.accounts.passwords import PasswordHasher
from beatrunner.accounts.security_events import SecurityEvent
from beatrunner.accounts.sign_ins import Session, SignIns
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.identity import letters, store
from beatrunner.identity.codes import (
    LIFETIME,
    MOST_TRIES,
    Codes,
    Pending,
    WrongCodeError,
    hash_of_no_code,
    make_code,
)
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import ConflictError, ForbiddenError
from beatrunner.kit.ids import new_id
from beatrunner.kit.post import Post


class Registrations:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        hasher: PasswordHasher,
        sign_ins: SignIns,
        codes: Codes,
        budgets: AttemptBudgets,
        mail_budgets: AttemptBudgets,
        post: Post,
        *,
        is_wanted: bool,
    ) -> None:
        """`mail_budgets` count mails asked for, `budgets` codes tried."""
        self._database = database
        self._clock = clock
        self._hasher = hasher
        self._sign_ins = sign_ins
        self._codes = codes
        self._budgets = budgets
        self._mail_budgets = mail_budgets
        self._post = post
        self.is_open = is_wanted and post.is_open

    async def begin(self, email: str, password: str, display_name: str, caller: Caller) -> Pending:
        """Raises ForbiddenError, RefusedError (a weak password) or TooManyError."""
        if not self.is_open:
            raise ForbiddenError("New accounts are not open here.", kind="registration-closed")
        email = email.casefold()
        passwords.refuse_weak(password, email)
        tries = await self._mail_budgets.spend(caller.peer, email)
        password_hash = await self._hasher.hash_new(password, tries=tries)
        now, code = self._clock(), make_code()
        pending = Pending(new_id(), now + LIFETIME)
        wish = {
            "id": pending.id,
            "email": email,
            "display_name": display_name,
            "password_hash": password_hash,
            "expires_at": pending.expires_at,
        }
        async with self._database.write() as tx:
            await store.delete_old_codes(tx, now)
            is_known = await store.has_account(tx, email)
            code_hash = hash_of_no_code() if is_known else self._codes.hash(pending.id, code)
            await store.insert_registration(tx, {**wish, "code_hash": code_hash})
        if is_known:
            self._post.send(letters.already_registered(email))
        else:
            self._post.send(letters.registration_code(email, code))
        return pending

    async def finish(self, registration_id: UUID, code: str, caller: Caller) -> Session:
        """Make the account and sign in. Raises ForbiddenError, ConflictError or TooManyError."""
        await self._budgets.spend(caller.peer)
        async with self._database.write() as tx:
            session = await self._try(tx, registration_id, code, caller)
        if session is None:
            # After the transaction, so that the try stays counted.
            raise WrongCodeError
        await self._budgets.give_back(caller.peer)
        return session

    async def _try(
        self, tx: AsyncConnection, registration_id: UUID, code: str, caller: Caller
    ) -> Session | None:
        now = self._clock()
        wish = await store.count_registration_try(tx, registration_id, now, MOST_TRIES)
        if wish is None or not self._codes.fits(registration_id, code, wish.code_hash):
            return None
        account_id = await accounts_store.insert_account(
            tx, kind="member", email=wish.email, display_name=wish.display_name, now=now
        )
        if account_id is None:
            raise ConflictError("This address has an account by now.", kind="address-taken")
        await store.upsert_password(tx, account_id, wish.password_hash, now, is_long=True)
        await store.delete_registrations(tx, wish.email)
        await store.delete_invitations(tx, wish.email)
        await security_events.record(
            tx, account_id, SecurityEvent.ACCOUNT_MADE, caller=caller, now=now
        )
        account = await accounts_store.get_account(tx, account_id)
        return await self._sign_ins.open_session(tx, account, caller)
