"""The treadmill that a bridge stands beside: what it can do, and how it was measured."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.types import AnyRow
from beatrunner.devices import store


@dataclass(frozen=True, slots=True)
class MachineLimits:
    """What the machine says it can do; without a motor for it, the incline is 0 to 0."""

    min_speed_kmh: float
    max_speed_kmh: float
    speed_step_kmh: float
    min_incline_pct: float
    max_incline_pct: float
    incline_step_pct: float


@dataclass(frozen=True, slots=True)
class Treadmill:
    id: UUID
    name: str
    limits: MachineLimits | None
    calibration: dict[str, Any] | None


def read_limits(told: Mapping[str, Any]) -> MachineLimits | None:
    """None where the machine names no speeds, or they are none: then nothing may be asked of it.

    What is not told of the incline is taken as a machine without one.
    """
    values = {"min_incline_pct": 0.0, "max_incline_pct": 0.0, "incline_step_pct": 0.5}
    values |= {name: value for name, value in told.items() if value is not None}
    try:
        limits = MachineLimits(
            **{name: float(values[name]) for name in MachineLimits.__dataclass_fields__}
        )
    except (KeyError, TypeError, ValueError):
        return None
    is_range = (
        0 <= limits.min_speed_kmh <= limits.max_speed_kmh < math.inf
        and -math.inf < limits.min_incline_pct <= limits.max_incline_pct < math.inf
        and 0 < limits.speed_step_kmh < math.inf
        and 0 < limits.incline_step_pct < math.inf
    )
    return limits if is_range else None


async def find_treadmill(tx: AsyncConnection, bridge_id: UUID) -> Treadmill | None:
    """The one the bridge speaks of, else the one it saw last; None before it has seen any."""
    seen = [row for row in await store.list_seen(tx, bridge_id) if row.kind == "treadmill"]
    if not seen:
        return None
    return _treadmill_of(next((row for row in seen if row.status != {"state": "none"}), seen[0]))


async def find_own_treadmill(tx: AsyncConnection, account_id: UUID) -> Treadmill | None:
    """The one of this account that was seen last, beside whichever bridge."""
    rows = await store.list_devices(tx, account_id)
    seen = [row for row in rows if row.kind == "treadmill" and row.seen_at is not None]
    if not seen:
        return None
    return _treadmill_of(max(seen, key=lambda row: row.seen_at))


def _treadmill_of(row: AnyRow) -> Treadmill:
    limits = None if row.limits is None else read_limits(row.limits)
    return Treadmill(row.id, row.name, limits, row.calibration)
