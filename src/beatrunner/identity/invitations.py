"""An account for whoever was invited by the one who runs the server.

An invitation is a link that opens once, for a week, and holds the address that the account gets.
Where it went by mail, whoever opens it reads that mail, and the address counts as verified. Where
it was printed and handed over some other way, nobody has shown that: the account works, but the
address is not verified until a code was mailed to it.

The link has 256 random bits, so a plain hash of it is enough in the database.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts import passwords, security_events
from beatrunner.accounts import store as accounts_store
from beatrunner.accounts.attempts import AttemptBudgets
from beatrunner.accounts.passwords import PasswordHasher
from beatrunner.accounts.security_events import SecurityEvent
from beatrunner.accounts.sign_ins import Session, SignIns
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.db.types import AnyRow
from beatrunner.identity import store
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import ConflictError, ForbiddenError
from beatrunner.kit.settings import Registration
from beatrunner.kit.tokens import token_hash

LIFETIME = timedelta(days=7)

_BYTES = 32


class InvitationOverError(ForbiddenError):
    """Run out, used, replaced by a newer one, or never there: nobody is told which."""

    kind = "invitation-over"
    title = "This invitation is no longer good."


class Invitations:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        hasher: PasswordHasher,
        sign_ins: SignIns,
        budgets: AttemptBudgets,
        registration: Registration,
    ) -> None:
        self._database = database
        self._clock = clock
        self._hasher = hasher
        self._sign_ins = sign_ins
        self._budgets = budgets
        self.is_open = registration is not Registration.CLOSED

    async def find(self, token: str) -> AnyRow:
        """`(email, expires_at)`. Raises ForbiddenError."""
        if not self.is_open:
            raise ForbiddenError("New accounts are not open here.", kind="registration-closed")
        async with self._database.read() as tx:
            found = await store.find_invitation(tx, token_hash(token), self._clock())
        if found is None:
            raise InvitationOverError
        return found

    async def accept(self, token: str, password: str, display_name: str, caller: Caller) -> Session:
        """Make the account and sign in.

        Raises ForbiddenError, RefusedError (a weak password), ConflictError or TooManyError.
        """
        passwords.refuse_weak(password, (await self.find(token)).email)
        tries = await self._budgets.spend(caller.peer)
        password_hash = await self._hasher.hash_new(password, tries=tries)
        now = self._clock()
        async with self._database.write() as tx:
            invited = await store.delete_invitation(tx, token_hash(token), now)
            if invited is None:
                raise InvitationOverError
            account_id = await accounts_store.insert_account(
                tx,
                kind="member",
                email=invited.email,
                display_name=display_name,
                now=now,
                is_verified=invited.is_mailed,
            )
            if account_id is None:
                raise ConflictError("This address has an account by now.", kind="address-taken")
            await store.upsert_password(tx, account_id, password_hash, now, is_long=True)
            await store.delete_registrations(tx, invited.email)
            await security_events.record(
                tx, account_id, SecurityEvent.ACCOUNT_MADE, caller=caller, now=now
            )
            account = await accounts_store.get_account(tx, account_id)
            session = await self._sign_ins.open_session(tx, account, caller)
        await self._budgets.give_back(caller.peer)
        return session


async def invite(tx: AsyncConnection, email: str, now: datetime, *, is_mailed: bool) -> str:
    """The token of a new invitation; earlier ones to this address are void.

    Raises ConflictError where the address has an account.
    """
    email, token = email.casefold(), secrets.token_urlsafe(_BYTES)
    if await store.has_account(tx, email):
        raise ConflictError(f"{email} has an account already.", kind="address-taken")
    await store.delete_invitations(tx, email)
    await store.insert_invitation(
        tx,
        {
            "token_hash": token_hash(token),
            "email": email,
            "is_mailed": is_mailed,
            "created_at": now,
            "expires_at": now + LIFETIME,
        },
    )
    return token
