"""Tokens that a runner gives to scripts: "upload my runs", and nothing else.

A token is `brt_`, by which it is known for one when it lies where it should not, and 256 random
bits. It is shown once; the database keeps its SHA-256 alone, as it does of a bridge's, and for the
same reason. It may do what its scopes say, where a route says that it takes one: never what
concerns the account itself, so that a lost token cannot make itself another.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts import token_store
from beatrunner.accounts.security_events import SecurityEvent, record
from beatrunner.accounts.sign_ins import TokenHolder
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.db.locks import lock_ways_in
from beatrunner.db.types import AnyRow
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import (
    ConflictError,
    ForbiddenError,
    NotSignedInError,
    UnavailableError,
)
from beatrunner.kit.tokens import token_hash

PREFIX = "brt_"
MOST_TOKENS = 50

_MOST_REMEMBERED = 10_000
_BYTES = 32
_FORM = re.compile(rf"{PREFIX}[\w-]{{43}}", re.ASCII)
#: A script that asks every second need not write every second.
_USES_APART = timedelta(minutes=1)


class Scope(StrEnum):
    #: Whatever is read of the library: runs, music, insights.
    READ = "read"
    #: Hand in files, and ask how they went.
    IMPORTS = "imports"


@dataclass(frozen=True, slots=True)
class MadeToken:
    """With the token itself, which nobody is told again."""

    id: UUID
    token: str


def is_personal(bearer: str) -> bool:
    return bearer.startswith(PREFIX)


class PersonalTokens:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._holders: dict[str, TokenHolder] = {}

    async def make(
        self,
        tx: AsyncConnection,
        account_id: UUID,
        name: str,
        scopes: Sequence[Scope],
        lifetime: timedelta | None,
        caller: Caller,
    ) -> MadeToken:
        """Raises ConflictError when the account has too many."""
        await lock_ways_in(tx, account_id)
        if await token_store.count_tokens(tx, account_id) >= MOST_TOKENS:
            raise ConflictError(
                f"An account has at most {MOST_TOKENS} tokens. Revoke one first.",
                kind="too-many-tokens",
            )
        now = self._clock()
        text = PREFIX + secrets.token_urlsafe(_BYTES)
        token_id = await token_store.insert_token(
            tx,
            account_id,
            {
                "name": name,
                "token_hash": token_hash(text),
                "scopes": sorted(set(scopes)),
                "created_at": now,
                "expires_at": lifetime and now + lifetime,
            },
        )
        await record(
            tx,
            account_id,
            SecurityEvent.TOKEN_MADE,
            caller=caller,
            detail={"name": name},
            now=now,
        )
        return MadeToken(token_id, text)

    async def revoke(
        self, tx: AsyncConnection, account_id: UUID, token_id: UUID, caller: Caller
    ) -> None:
        """Raises NotFoundError."""
        name = await token_store.delete_token(tx, account_id, token_id)
        await self._record_revoked(tx, account_id, name, caller)

    async def revoke_all(self, tx: AsyncConnection, account_id: UUID, caller: Caller) -> None:
        for name in await token_store.delete_tokens(tx, account_id):
            await self._record_revoked(tx, account_id, name, caller)

    async def identify(self, text: str, wanted: Collection[str], caller: Caller) -> TokenHolder:
        """Whose token it is. Raises NotSignedInError, or ForbiddenError when it is good, but not
        for what is `wanted`: all of these scopes. Where none is wanted, no token is.
        """
        now = self._clock()
        found = await self._find(text, now)
        if found is None:
            self._holders.pop(token_hash(text), None)
            raise NotSignedInError("This token is unknown, or no longer good.")
        if not wanted or not set(wanted) <= set(found.scopes):
            raise ForbiddenError("This token is not for that.", kind="token-out-of-scope")
        if found.used_at is None or found.used_at <= now - _USES_APART:
            await self._note_use(found, now, caller)
        return TokenHolder(found.account_id, found.kind, found.id)

    async def find_holder(self, text: str) -> TokenHolder | None:
        """Whose token it is, whatever it is good for. Remembered: it is never somebody else's."""
        key = token_hash(text)
        known = self._holders.get(key)
        if known is None:
            found = await self._find(text, self._clock())
            if found is None:
                return None
            if len(self._holders) >= _MOST_REMEMBERED:
                del self._holders[next(iter(self._holders))]
            known = self._holders[key] = TokenHolder(found.account_id, found.kind, found.id)
        return known

    async def _find(self, text: str, now: datetime) -> AnyRow | None:
        if not _FORM.fullmatch(text):
            return None
        async with self._database.read() as tx:
            return await token_store.find_token(tx, token_hash(text), now)

    async def _record_revoked(
        self, tx: AsyncConnection, account_id: UUID, name: str, caller: Caller
    ) -> None:
        await record(
            tx,
            account_id,
            SecurityEvent.TOKEN_REVOKED,
            caller=caller,
            detail={"name": name},
            now=self._clock(),
        )

    async def _note_use(self, found: AnyRow, now: datetime, caller: Caller) -> None:
        # A full disk is no reason to send away who only wants to look.
        with suppress(UnavailableError):
            async with self._database.write() as tx:
                is_noted = await token_store.update_token_used(
                    tx, found.id, now, before=now - _USES_APART
                )
                if is_noted and found.used_at is None:
                    await record(
                        tx,
                        found.account_id,
                        SecurityEvent.TOKEN_FIRST_USED,
                        caller=caller,
                        detail={"name": found.name},
                        now=now,
                    )
