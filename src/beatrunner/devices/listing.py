"""A runner's devices, as the pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.security_events import SecurityEvent, record
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.types import AnyRow
from beatrunner.devices import store
from beatrunner.devices.calibrations import CalibrationFile
from beatrunner.devices.treadmills import read_limits
from beatrunner.kit.clock import Clock

#: A bridge reports every 10 s; after three that did not come it is away.
_AWAY_AFTER = timedelta(seconds=30)

Kind = Literal["bridge", "treadmill", "heart_rate", "foot_pod"]
#: "lost" was connected before and is looked for; "none" is not looked for.
Link = Literal["none", "searching", "connecting", "connected", "lost"]


class Limits(BaseModel):
    min_speed_kmh: float
    max_speed_kmh: float
    speed_step_kmh: float
    min_incline_pct: float
    max_incline_pct: float
    incline_step_pct: float


class Calibrating(BaseModel):
    """A calibration under way."""

    step: str
    share: float


class Device(BaseModel):
    """`version`, `page_url`, `calibrating` and `trouble` (why it has no treadmill, in words) are a
    bridge's, the rest from `manufacturer` on is that of what a bridge sees.
    """

    id: UUID
    kind: Kind
    name: str
    is_virtual: bool
    state: Link
    seen_at: datetime | None
    created_at: datetime
    version: str | None
    page_url: str | None
    calibrating: Calibrating | None
    trouble: str | None
    bridge_id: UUID | None
    manufacturer: str | None
    limits: Limits | None
    calibration: CalibrationFile | None
    calibrated_at: datetime | None


class DeviceList:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def load(self, tx: AsyncConnection, account_id: UUID) -> list[Device]:
        rows = await store.list_devices(tx, account_id)
        bridges = {row.id: row for row in rows if row.kind == "bridge"}
        return [self._device(row, bridges) for row in rows]

    async def get(self, tx: AsyncConnection, account_id: UUID, device_id: UUID) -> Device:
        """Raises NotFoundError."""
        row = await store.get_device(tx, account_id, device_id)
        bridge_id = row.id if row.bridge_id is None else row.bridge_id
        bridge = await store.get_bridge(tx, bridge_id, account_id=account_id)
        return self._device(row, {bridge.id: bridge})

    async def remove(
        self, tx: AsyncConnection, account_id: UUID, device_id: UUID, caller: Caller
    ) -> None:
        """Withdraw a bridge, or forget what one has seen. Raises NotFoundError."""
        row = await store.get_device(tx, account_id, device_id)
        if row.kind == "bridge":
            now = self._clock()
            await store.update_device(tx, device_id, {"withdrawn_at": now})
            await record(
                tx,
                account_id,
                SecurityEvent.BRIDGE_WITHDRAWN,
                caller=caller,
                detail={"name": row.name},
                now=now,
            )
        else:
            await store.delete_device(tx, device_id)

    def _device(self, row: AnyRow, bridges: Mapping[UUID, AnyRow]) -> Device:
        bridge = bridges[row.id if row.bridge_id is None else row.bridge_id]
        is_here = bridge.seen_at is not None and self._clock() - bridge.seen_at <= _AWAY_AFTER
        status: Mapping[str, Any] = row.status or {}
        state = status.get("state", "connected") if is_here else "none"
        limits = None if row.limits is None else read_limits(row.limits)
        return Device.model_validate(
            {
                **row._mapping,
                "state": state,
                "version": status.get("version"),
                "page_url": status.get("page_url") if is_here else None,
                "calibrating": status.get("calibrating") if is_here else None,
                "trouble": status.get("trouble") if is_here else None,
                "limits": None if limits is None else asdict(limits),
                "calibrated_at": None if row.calibration is None else row.calibrated_at,
            }
        )
