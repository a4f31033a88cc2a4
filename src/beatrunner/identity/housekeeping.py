"""What has run out goes from the database, whether or not anybody comes by again."""

from __future__ import annotations

from datetime import datetime

from beatrunner.accounts import attempts, security_events
from beatrunner.db.engine import Database
from beatrunner.identity import store


async def forget_expired(database: Database, now: datetime) -> None:
    """Codes and registrations that nobody finished, counted tries, and old security events."""
    async with database.write() as tx:
        await store.delete_old_codes(tx, now)
        await attempts.forget_old(tx, now)
        await security_events.forget_old(tx, now)
