"""The places in which nothing of any run is shown to others: circles that the runner drew, and
where several runs start or end, unless a circle says that there everything is to be shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.core.hiding import PrivacyZone
from beatrunner.core.path import decode_ends
from beatrunner.core.usual_places import UsualPlace, usual_places
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


async def usual_places_of(
    tx: AsyncConnection, account_id: UUID, rows: Sequence[AnyRow]
) -> list[UsualPlace]:
    """What is hidden though the runner drew nothing there; `rows` is all that they drew."""
    paths = await zone_store.list_paths(tx, account_id)
    settled = [_circle(row) for row in rows]
    return await asyncio.to_thread(lambda: usual_places(decode_ends(paths), settled))


async def zones_of(tx: AsyncConnection, account_id: UUID) -> list[PrivacyZone]:
    """All that is hidden, as the projection takes it."""
    rows = await zone_store.list_zones(tx, account_id)
    usual = await usual_places_of(tx, account_id, rows)
    return [_circle(row) for row in rows if row.is_hidden] + [place.zone for place in usual]


def _circle(row: AnyRow) -> PrivacyZone:
    return PrivacyZone(row.latitude, row.longitude, row.radius_m)
