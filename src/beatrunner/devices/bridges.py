"""Which bridge shows this token.

A token is 256 random bits. The database keeps its SHA-256 alone: nobody can guess their way from
one to the other, so it needs neither a slow hash nor a key. A bridge that is withdrawn stays as a
row, so that it can be told what has happened and its treadmills' calibrations are not lost.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.devices import store
from beatrunner.kit.errors import NotSignedInError
from beatrunner.kit.tokens import token_hash

_BYTES = 32
_MAX_TOKEN_CHARACTERS = 64


@dataclass(frozen=True, slots=True)
class Bridge:
    id: UUID
    account_id: UUID
    name: str
    is_virtual: bool


async def add_bridge(
    tx: AsyncConnection,
    account_id: UUID,
    name: str,
    *,
    is_virtual: bool,
    now: datetime,
    is_own: bool = False,
) -> tuple[UUID, str]:
    """A new bridge of the account: its id, and the token that only it is told."""
    token = secrets.token_urlsafe(_BYTES)
    bridge_id = await store.insert_bridge(
        tx, account_id, name, token_hash(token), is_virtual=is_virtual, is_own=is_own, now=now
    )
    return bridge_id, token


async def admit_own(
    tx: AsyncConnection, account_id: UUID, name: str, *, is_virtual: bool, now: datetime
) -> tuple[UUID, str]:
    """A bridge that this computer starts by itself: the one it had before, with a new token.

    One that was joined by a code keeps its token, whatever it is called.
    """
    row = await store.find_own_bridge(tx, account_id, name, is_virtual=is_virtual)
    if row is None:
        return await add_bridge(tx, account_id, name, is_virtual=is_virtual, now=now, is_own=True)
    token = secrets.token_urlsafe(_BYTES)
    await store.update_device(tx, row.id, {"token_hash": token_hash(token)})
    return row.id, token


async def identify(tx: AsyncConnection, token: str) -> Bridge:
    """Raises NotSignedInError, of the kind `bridge-withdrawn` when the token was good once."""
    is_possible = len(token) <= _MAX_TOKEN_CHARACTERS and token.isascii()
    row = await store.find_bridge_by_token(tx, token_hash(token)) if is_possible else None
    if row is None:
        raise NotSignedInError("This token is of no bridge.")
    if row.withdrawn_at is not None:
        raise NotSignedInError(
            "This bridge was removed from its account. Pair it again.", kind="bridge-withdrawn"
        )
    return Bridge(row.id, row.account_id, row.name, row.is_virtual)


async def get_bridge(tx: AsyncConnection, account_id: UUID, bridge_id: UUID) -> Bridge:
    """Raises NotFoundError, also for somebody else's and for a withdrawn one."""
    row = await store.get_bridge(tx, bridge_id, account_id=account_id)
    return Bridge(row.id, row.account_id, row.name, row.is_virtual)
