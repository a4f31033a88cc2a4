"""Another address for an account, once its mail was read.

An address that belongs to somebody else is answered alike; only the mail to it says so, and no code
fits. The old address is told.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts import security_events
from beatrunner.accounts.attempts import AttemptBudgets
from beatrunner.accounts.security_events import SecurityEvent
from beatrunner.accounts.sign_ins import Identity, require_alive
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
from beatrunner.kit.errors import ConflictError, UnavailableError
from beatrunner.kit.ids import new_id
from beatrunner.kit.post import Post

_PURPOSE = "email_change"


class EmailChanges:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        codes: Codes,
        mail_budgets: AttemptBudgets,
        post: Post,
    ) -> None:
        self._database = database
        self._clock = clock
        self._codes = codes
        self._mail_budgets = mail_budgets
        self._post = post

    async def begin(self, account: Identity, email: str, caller: Caller) -> Pending:
        """Raises TooManyError, or UnavailableError where no mail can be sent."""
        if not self._post.is_open:
            raise UnavailableError("This BeatRunner sends no mail. Ask whoever runs it.")
        email = email.casefold()
        await self._mail_budgets.spend(caller.peer, email)
        now, code, account_id = self._clock(), make_code(), account.account_id
        pending = Pending(new_id(), now + LIFETIME)
        async with self._database.write() as tx:
            await require_alive(tx, account, now)
            is_taken = await store.has_account(tx, email)
            # What was asked for before is not wanted any more.
            await store.delete_codes(tx, account_id)
            wish = {
                "id": pending.id,
                "account_id": account_id,
                "purpose": _PURPOSE,
                "code_hash": hash_of_no_code() if is_taken else self._codes.hash(pending.id, code),
                "detail": {"email": email},
                "expires_at": pending.expires_at,
            }
            await store.insert_code(tx, wish)
            await security_events.record(
                tx, account_id, SecurityEvent.EMAIL_CHANGE_ASKED, caller=caller, now=now
            )
        if is_taken:
            self._post.send(letters.email_taken(email))
        else:
            self._post.send(letters.email_change_code(email, code))
        return pending

    async def finish(self, account: Identity, change_id: UUID, code: str, caller: Caller) -> None:
        """Raises ForbiddenError, or ConflictError where somebody else has the address by now."""
        async with self._database.write() as tx:
            changed = await self._try(tx, account, change_id, code, caller)
        if changed is None:
            # After the transaction, so that the try stays counted.
            raise WrongCodeError
        old, new = changed
        if old is not None:
            self._post.send(letters.email_changed(old, new))

    async def _try(
        self, tx: AsyncConnection, account: Identity, change_id: UUID, code: str, caller: Caller
    ) -> tuple[str | None, str] | None:
        """The old address and the new one, or None where the code is wrong."""
        now, account_id = self._clock(), account.account_id
        await require_alive(tx, account, now)
        asked = await store.count_code_try(tx, change_id, _PURPOSE, now, MOST_TRIES)
        if asked is None or asked.account_id != account_id:
            return None
        if not self._codes.fits(change_id, code, asked.code_hash):
            return None
        new: str = asked.detail["email"]
        if await store.has_account(tx, new):
            raise ConflictError("This address has an account by now.", kind="address-taken")
        old = (await store.get_email_state(tx, account_id)).email
        await store.update_email(tx, account_id, new, now)
        await store.delete_codes(tx, account_id)
        await store.delete_registrations(tx, new)
        await security_events.record(
            tx, account_id, SecurityEvent.EMAIL_CHANGED, caller=caller, now=now
        )
        return old, new
