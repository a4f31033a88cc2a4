"""A phone joins the owner's account by a ticket that it reads from a QR code.

The owner has no password that could be typed on a phone. So this computer shows, to its owner
alone, an address with a ticket in its fragment, the part that browsers send to no server and no
server can log. The phone's page takes it out and exchanges it for a session of its own, once and
within five minutes. The database keeps a hash; a ticket has 256 bits, so a plain one will do.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from beatrunner.accounts.attempts import AttemptBudgets
from beatrunner.accounts.sign_ins import Session, SignIns
from beatrunner.accounts.store import get_account
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import ForbiddenError
from beatrunner.kit.tokens import token_hash
from beatrunner.phones import store

LIFETIME = timedelta(minutes=5)
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Ticket:
    secret: str
    expires_at: datetime

    def link(self, origin: str) -> str:
        """What the QR code says."""
        return f"{origin}/phone#{self.secret}"


class PhoneTickets:
    def __init__(
        self, database: Database, clock: Clock, budgets: AttemptBudgets, sign_ins: SignIns
    ) -> None:
        self._database = database
        self._clock = clock
        self._budgets = budgets
        self._sign_ins = sign_ins

    async def issue(self, account_id: UUID) -> Ticket:
        return await issue(self._database, account_id, self._clock())

    async def redeem(self, secret: str, caller: Caller) -> Session:
        """A session for a ticket, which is used up. Raises ForbiddenError or TooManyError."""
        await self._budgets.spend(caller.peer)
        async with self._database.write() as tx:
            account_id = await store.delete_phone_ticket(tx, token_hash(secret), self._clock())
            if account_id is None:
                raise ForbiddenError(
                    "This code has been used, or is older than five minutes. Take a new one.",
                    kind="wrong-phone-ticket",
                )
            account = await get_account(tx, account_id)
            session = await self._sign_ins.open_session(tx, account, caller)
        await self._budgets.give_back(caller.peer)
        return session


async def issue(database: Database, account_id: UUID, now: datetime) -> Ticket:
    """A new ticket of the account; the one before it ends."""
    ticket = Ticket(secrets.token_urlsafe(_BYTES), now + LIFETIME)
    async with database.write() as tx:
        await store.insert_phone_ticket(
            tx, account_id, token_hash(ticket.secret), now=now, expires_at=ticket.expires_at
        )
    return ticket
