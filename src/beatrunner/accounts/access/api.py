"""Routes on who has got in, and what has happened."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from beatrunner.accounts import event_store
from beatrunner.accounts.api import CurrentAccount
from beatrunner.accounts.security_events import SecurityEvent
from beatrunner.db.api import ReadTx

router = APIRouter(prefix="/v1/account", tags=["account"])


class SecurityEventAnswer(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    at: datetime
    kind: SecurityEvent
    device_name: str | None
    network: str | None
    detail: dict[str, str | int] | None


class SecurityEventPage(BaseModel):
    items: list[SecurityEventAnswer]
    next_cursor: UUID | None


@router.get("/security-events")
async def list_security_events(
    account: CurrentAccount,
    tx: ReadTx,
    cursor: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> SecurityEventPage:
    """What concerned the safety of the account within a year, newest first."""
    rows = await event_store.list_security_events(tx, account.account_id, cursor, limit + 1)
    return SecurityEventPage(
        items=[SecurityEventAnswer.model_validate(row) for row in rows[:limit]],
        next_cursor=rows[limit - 1].id if len(rows) > limit else None,
    )
