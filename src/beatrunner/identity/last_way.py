"""No account is left without a way in."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.identity.passkey_store import count_ways_in
from beatrunner.kit.errors import ConflictError


async def refuse_last_way(tx: AsyncConnection, account_id: UUID) -> None:
    """Call it when one was removed, under `lock_ways_in`. Raises ConflictError."""
    if await count_ways_in(tx, account_id) == 0:
        raise ConflictError(
            "This is the only way into your account. Add another one first.", kind="last-way-in"
        )
