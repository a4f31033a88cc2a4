"""A new password for whoever reads the account's mail.

Whether the address has an account is looked up after the answer has left, so that neither its words
nor its time tell. And a password too short alone is refused only once the code was right: what is
refused before would tell who has a second factor.

Whoever lost their password may have lost more, so every sign-in ends and every personal token is
revoked: no script says who holds a copy of its token. Passkeys stay, as they sit in a device that
checks who uses it, and so does the second factor; the mail names the passkeys that are left.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts import passwords, security_events
from beatrunner.accounts import store as accounts_store
from beatrunner.accounts.attempts import AttemptBudgets
from beatrunner.accounts.passwords import PasswordHasher
from beatrunner.accounts.personal_tokens import PersonalTokens
from beatrunner.accounts.security_events import SecurityEvent
from beatrunner.accounts.sign_ins import SignIns
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.db.locks import lock_ways_in
from beatrunner.identity import factor_store, letters, passkey_store, store
from beatrunner.identity.codes import (
    LIFETIME,
    MOST_TRIES,
    Codes,
    Pending,
    WrongCodeError,
    make_code,
)
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import UnavailableError
from beatrunner.kit.ids import new_id
from beatrunner.kit.post import Mail, Post

_PURPOSE = "password_reset"
_LINK_LIFETIME = timedelta(days=1)
#: Of a code that was handed over by whoever runs the server.
_NOT_MAILED = {"by_mail": False}


class PasswordResets:
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
        personal_tokens: PersonalTokens,
    ) -> None:
        self._database = database
        self._clock = clock
        self._hasher = hasher
        self._sign_ins = sign_ins
        self._codes = codes
        self._budgets = budgets
        self._mail_budgets = mail_budgets
        self._post = post
        self._personal_tokens = personal_tokens

    async def begin(self, email: str, caller: Caller) -> Pending:
        """Raises TooManyError, or UnavailableError where no mail can be sent."""
        if not self._post.is_open:
            raise UnavailableError("This BeatRunner sends no mail. Ask whoever runs it.")
        email = email.casefold()
        await self._mail_budgets.spend(caller.peer, email)
        pending = Pending(new_id(), self._clock() + LIFETIME)
        self._post.afterwards.do("password reset", partial(self._issue, pending, email, caller))
        return pending

    async def _issue(self, pending: Pending, email: str, caller: Caller) -> None:
        now, code = self._clock(), make_code()
        async with self._database.write() as tx:
            await store.delete_old_codes(tx, now)
            account_id = await store.find_addressed(tx, email)
            if account_id is None:
                return
            await store.insert_code(
                tx,
                {
                    "id": pending.id,
                    "account_id": account_id,
                    "purpose": _PURPOSE,
                    "code_hash": self._codes.hash(pending.id, code),
                    "expires_at": pending.expires_at,
                },
            )
            await security_events.record(
                tx, account_id, SecurityEvent.PASSWORD_RESET_ASKED, caller=caller, now=now
            )
        self._post.send(letters.reset_code(email, code))

    async def finish(self, reset_id: UUID, code: str, password: str, caller: Caller) -> None:
        """End every sign-in, revoke every personal token, and let the new password sign in.

        Raises ForbiddenError, RefusedError (a weak password) or TooManyError.
        """
        tries = await self._budgets.spend(caller.peer)
        password_hash = await self._hasher.hash_new(password, tries=tries)
        async with self._database.write() as tx:
            letter = await self._try(tx, reset_id, code, password, password_hash, caller)
        if letter is None:
            # After the transaction, so that the try stays counted.
            raise WrongCodeError
        await self._budgets.give_back(caller.peer)
        self._post.send(letter)

    async def _try(
        self,
        tx: AsyncConnection,
        reset_id: UUID,
        code: str,
        password: str,
        password_hash: str,
        caller: Caller,
    ) -> Mail | None:
        """What the account's runner is told, or None where the code is wrong."""
        now = self._clock()
        asked = await store.count_code_try(tx, reset_id, _PURPOSE, now, MOST_TRIES)
        if asked is None:
            # There is no row to count at. One is written all the same, as that takes its time.
            await accounts_store.count_attempt(tx, self._codes.hash(reset_id, ""), now)
            return None
        if not self._codes.fits(reset_id, code, asked.code_hash):
            return None
        account_id = asked.account_id
        await lock_ways_in(tx, account_id)
        known = await store.get_email_state(tx, account_id)
        if known.email_verified_at is None and asked.detail != _NOT_MAILED:
            # Whoever made this account never showed that the address was theirs, as is shown now:
            # what else they left there to come in by goes with their password.
            await store.delete_other_ways_in(tx, account_id)
            await store.update_email(tx, account_id, known.email, now)
        # Raising takes the try back, so that another password can be sent with the same code.
        await refuse_weak(tx, account_id, password, known.email)
        await store.upsert_password(
            tx, account_id, password_hash, now, is_long=passwords.is_long(password)
        )
        await store.delete_codes(tx, account_id)
        await self._sign_ins.end_all(tx, account_id)
        await self._personal_tokens.revoke_all(tx, account_id, caller)
        await security_events.record(
            tx, account_id, SecurityEvent.PASSWORD_RESET, caller=caller, now=now
        )
        passkeys = await passkey_store.list_passkeys(tx, account_id)
        return letters.password_reset(known.email, [row.label for row in passkeys])


async def issue_link(
    tx: AsyncConnection, codes: Codes, account_id: UUID, now: datetime, *, is_mailed: bool
) -> str:
    """`<reset_id>.<code>` for whom the administrator helps. The code is too long to be guessed, so
    it is good for a day. Others that the account was sent are void.
    """
    reset_id, code = new_id(), secrets.token_hex(16)
    await store.delete_codes(tx, account_id)
    await store.insert_code(
        tx,
        {
            "id": reset_id,
            "account_id": account_id,
            "purpose": _PURPOSE,
            "code_hash": codes.hash(reset_id, code),
            "detail": None if is_mailed else _NOT_MAILED,
            "expires_at": now + _LINK_LIFETIME,
        },
    )
    await security_events.record(tx, account_id, SecurityEvent.PASSWORD_RESET_ASKED, now=now)
    return f"{reset_id}.{code}"


async def refuse_weak(tx: AsyncConnection, account_id: UUID, password: str, email: str) -> None:
    """Raises RefusedError. A second factor may have a shorter password beside it."""
    await lock_ways_in(tx, account_id)
    has_second = await factor_store.has_second_factor(tx, account_id)
    passwords.refuse_weak(password, email, is_alone=not has_second)
