"""Passkeys (WebAuthn): made, used to sign in or to show again that it is you, and removed.

The device checks its user by finger, face or PIN before it signs (`user verification` is required),
so a passkey alone is two factors. What it signs is a challenge that it gets from here: random, for
one purpose and, but for signing in, for one account; good for five minutes and used up by whatever
comes back, right or not. Only a hash of it is kept.

A passkey counts how often it signed, or stays at nought. A count that does not go on means that
there may be a copy: it is refused, and the runner is told.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.attempts import AttemptBudgets
from beatrunner.accounts.security_events import SecurityEvent, record
from beatrunner.accounts.sign_ins import Identity, Session, SignIns
from beatrunner.accounts.store import get_account
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.identity import passkey_store
from beatrunner.identity.factors.passkeys_verifying import (
    Credential,
    RelyingParty,
    WrongPasskeyError,
    challenge_of,
    check_signature,
    read_new,
    registration_options,
    request_options,
)
from beatrunner.identity.last_way import refuse_last_way
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import ConflictError, ForbiddenError, NotSignedInError, RefusedError

LIFETIME = timedelta(minutes=5)
MOST_PASSKEYS = 20

_BYTES = 32
_WRONG = "This passkey does not fit here, or it took longer than five minutes. Try again."


@dataclass(frozen=True, slots=True)
class _Signed:
    """A right signature, whose count has still to be compared."""

    passkey_id: UUID
    account_id: UUID
    label: str | None
    counter: int


class Passkeys:
    def __init__(
        self, database: Database, clock: Clock, sign_ins: SignIns, budgets: AttemptBudgets
    ) -> None:
        self._database = database
        self._clock = clock
        self._sign_ins = sign_ins
        self._budgets = budgets

    async def offer_registration(self, account_id: UUID, party: RelyingParty) -> dict[str, Any]:
        """What the browser needs to make one."""
        challenge = await self._challenge("register", account_id)
        async with self._database.read() as tx:
            account = await get_account(tx, account_id)
            known = await self._known(tx, account_id)
        name = account.email or account.display_name
        return registration_options(party, account_id, name, challenge, known)

    async def register(
        self,
        asker: Identity,
        party: RelyingParty,
        credential: Credential,
        label: str,
        caller: Caller,
    ) -> UUID:
        """Keep what the browser made. Raises RefusedError or ConflictError."""
        account_id = asker.account_id
        try:
            challenge = await self._use_challenge(credential, "register", account_id)
            made = read_new(credential, party, challenge)
        except WrongPasskeyError as error:
            raise RefusedError(_WRONG, kind="wrong-passkey") from error
        values = {
            "subject": made.credential_id,
            "label": label,
            "verifier": made.public_key,
            "counter": made.counter,
            "detail": {"site": party.id, "is_synced": made.is_synced},
            "created_at": self._clock(),
        }
        async with self._database.write() as tx:
            await self._sign_ins.require_alive(tx, asker)
            if len(await passkey_store.list_passkeys(tx, account_id)) >= MOST_PASSKEYS:
                raise ConflictError(
                    f"An account has at most {MOST_PASSKEYS} passkeys.", kind="too-many-passkeys"
                )
            passkey_id = await passkey_store.insert_passkey(tx, account_id, values)
            if passkey_id is None:
                raise ConflictError("This passkey is in use already.", kind="passkey-known")
            await record(
                tx,
                account_id,
                SecurityEvent.PASSKEY_ADDED,
                caller=caller,
                detail={"label": label},
                now=self._clock(),
            )
        return passkey_id

    async def offer_sign_in(self, party: RelyingParty, caller: Caller) -> dict[str, Any]:
        """What the browser needs to find a passkey, of whomever. Raises TooManyError.

        Each challenge counts as a try of the peer, since each is one.
        """
        await self._budgets.spend(caller.peer)
        return request_options(party, await self._challenge("sign_in"))

    async def sign_in(self, party: RelyingParty, credential: Credential, caller: Caller) -> Session:
        """Raises NotSignedInError."""
        session = None
        try:
            signed = await self._check(party, credential, "sign_in")
        except WrongPasskeyError as error:
            raise NotSignedInError(_WRONG, kind="wrong-passkey") from error
        async with self._database.write() as tx:
            if await self._count(tx, signed, caller):
                account = await get_account(tx, signed.account_id)
                session = await self._sign_ins.open_session(tx, account, caller)
        if session is None:
            raise NotSignedInError(_WRONG, kind="wrong-passkey")
        await self._budgets.give_back(caller.peer)
        return session

    async def offer_confirmation(self, account_id: UUID, party: RelyingParty) -> dict[str, Any]:
        """What the browser needs to find a passkey of this account."""
        challenge = await self._challenge("confirm", account_id)
        async with self._database.read() as tx:
            known = await self._known(tx, account_id)
        return request_options(party, challenge, known)

    async def require(
        self, account_id: UUID, party: RelyingParty, credential: Credential, caller: Caller
    ) -> None:
        """Who is signed in shows that it is they. Raises ForbiddenError."""
        try:
            signed = await self._check(party, credential, "confirm", account_id)
        except WrongPasskeyError as error:
            raise ForbiddenError(_WRONG, kind="wrong-passkey") from error
        async with self._database.write() as tx:
            is_right = await self._count(tx, signed, caller)
        if not is_right:
            raise ForbiddenError(_WRONG, kind="wrong-passkey")

    async def remove(self, asker: Identity, passkey_id: UUID, caller: Caller) -> None:
        """Raises NotFoundError, or ConflictError where it is the last way in."""
        account_id = asker.account_id
        async with self._database.write() as tx:
            await self._sign_ins.require_alive(tx, asker)
            label = await passkey_store.delete_passkey(tx, account_id, passkey_id)
            await refuse_last_way(tx, account_id)
            await record(
                tx,
                account_id,
                SecurityEvent.PASSKEY_REMOVED,
                caller=caller,
                detail={"label": label or ""},
                now=self._clock(),
            )

    async def _challenge(self, purpose: str, account_id: UUID | None = None) -> bytes:
        challenge, now = secrets.token_bytes(_BYTES), self._clock()
        async with self._database.write() as tx:
            await passkey_store.insert_challenge(
                tx, _hash(challenge, account_id), purpose, now=now, expires_at=now + LIFETIME
            )
        return challenge

    async def _use_challenge(
        self, credential: Credential, purpose: str, account_id: UUID | None
    ) -> bytes:
        """In a transaction of its own: it stays used up, whatever else is wrong."""
        challenge = challenge_of(credential)
        async with self._database.write() as tx:
            is_ours = await passkey_store.delete_challenge(
                tx, _hash(challenge, account_id), purpose, self._clock()
            )
        if not is_ours:
            raise WrongPasskeyError
        return challenge

    async def _check(
        self,
        party: RelyingParty,
        credential: Credential,
        purpose: str,
        account_id: UUID | None = None,
    ) -> _Signed:
        """Raises WrongPasskeyError."""
        challenge = await self._use_challenge(credential, purpose, account_id)
        async with self._database.read() as tx:
            found = await passkey_store.find_passkey(tx, credential["id"])
        if found is None or account_id not in (None, found.account_id):
            raise WrongPasskeyError
        counter = check_signature(credential, party, challenge, found.account_id, found.verifier)
        return _Signed(found.id, found.account_id, found.label, counter)

    async def _count(self, tx: AsyncConnection, signed: _Signed, caller: Caller) -> bool:
        """False, and told to the runner, when there may be a copy. Let it be committed."""
        is_right = await passkey_store.update_passkey_used(
            tx, signed.passkey_id, signed.counter, self._clock()
        )
        if not is_right:
            await record(
                tx,
                signed.account_id,
                SecurityEvent.PASSKEY_SUSPECT,
                caller=caller,
                detail={"label": signed.label or ""},
                now=self._clock(),
            )
        return is_right

    async def _known(self, tx: AsyncConnection, account_id: UUID) -> list[str]:
        return [found.subject for found in await passkey_store.list_passkeys(tx, account_id)]


def _hash(challenge: bytes, account_id: UUID | None) -> str:
    whose = b"" if account_id is None else account_id.bytes
    return hashlib.sha256(challenge + whose).hexdigest()
