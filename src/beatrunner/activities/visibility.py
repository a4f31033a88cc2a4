"""Who may see a run: its runner, or anybody. A secret link is besides (`sharing`)."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities import recording_store, store
from beatrunner.kit.errors import ForbiddenError


class Visibility(StrEnum):
    PRIVATE = "private"
    PUBLIC = "public"


async def require_sharable(tx: AsyncConnection, activity_id: UUID) -> None:
    """Raises ForbiddenError for a run that only its runner may see."""
    if await recording_store.has_unsharable_recordings(tx, activity_id):
        raise ForbiddenError(
            "This run came from a service that lets nobody but you see it.", kind="only-for-you"
        )


async def change_visibility(
    tx: AsyncConnection, account_id: UUID, activity_id: UUID, visibility: Visibility
) -> None:
    """Raises NotFoundError; ForbiddenError as `require_sharable` does."""
    await store.lock_activity(tx, account_id, activity_id)
    if visibility is Visibility.PUBLIC:
        await require_sharable(tx, activity_id)
    await store.update_visibility(tx, activity_id, visibility)
