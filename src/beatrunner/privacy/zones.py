"""The circles that a runner drew, in which nothing of any run is shown to others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.core.hiding import PrivacyZone
from beatrunner.db.locks import lock_imports
from beatrunner.db.types import AnyRow
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import ConflictError
from beatrunner.privacy import zone_store

#: Homes, work, family and friends; each is looked at for each run that somebody opens.
MOST_ZONES = 20


class PrivacyZones:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def add(self, tx: AsyncConnection, account_id: UUID, values: Mapping[str, Any]) -> AnyRow:
        """Raises ConflictError when there are too many."""
        await lock_imports(tx, account_id)
        if await zone_store.count_zones(tx, account_id) >= MOST_ZONES:
            raise ConflictError("There are too many zones. Delete some.", kind="too-many-zones")
        zone_id = await zone_store.insert_zone(tx, account_id, values, self._clock())
        return await zone_store.get_zone(tx, account_id, zone_id)


async def zones_of(tx: AsyncConnection, account_id: UUID) -> list[PrivacyZone]:
    """As the projection takes them."""
    return [
        PrivacyZone(row.latitude, row.longitude, row.radius_m)
        for row in await zone_store.list_zones(tx, account_id)
    ]
