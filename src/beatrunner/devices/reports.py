"""What a bridge tells of itself and of what it sees, kept for the pages and for workouts.

A device is known by its bridge, kind and radio address. What a bridge has stopped mentioning stays
with its name and calibration, and is shown as not connected.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.codecs.live import BridgeHello, Found, Report
from beatrunner.db.types import AnyRow
from beatrunner.devices import store
from beatrunner.devices.calibrations import believable
from beatrunner.devices.treadmills import read_limits

_MAX_NAME_CHARACTERS = 100
_NO_NAME = "Unnamed"


async def record_hello(
    tx: AsyncConnection, bridge_id: UUID, hello: BridgeHello, now: datetime
) -> None:
    """A bridge has come. Raises NotFoundError when it was withdrawn."""
    await store.get_bridge(tx, bridge_id, lock=True)
    # It becomes a link on a page, where an address can be a script too.
    is_web = hello.page_url.startswith(("http://", "https://"))
    status = {"version": hello.version, "page_url": hello.page_url if is_web else None}
    await store.update_device(tx, bridge_id, {"status": status, "seen_at": now})


async def record(tx: AsyncConnection, bridge_id: UUID, report: Report, now: datetime) -> None:
    """Store a report. Raises NotFoundError when the bridge was withdrawn in the meantime."""
    bridge = await store.get_bridge(tx, bridge_id, lock=True)
    calibrating = report.calibrating
    status = {
        **(bridge.status or {}),
        "calibrating": None
        if calibrating is None
        else {"step": calibrating.step, "share": calibrating.share},
    }
    await store.update_device(tx, bridge_id, {"status": status, "seen_at": now})
    known = {(row.kind, row.address): row for row in await store.list_seen(tx, bridge_id)}
    for kind, found in (
        ("treadmill", report.treadmill),
        ("heart_rate", report.heart),
        ("foot_pod", report.pod),
    ):
        if found is not None:
            await _record_found(
                tx, bridge, kind, found, known.pop((kind, found.address), None), now
            )
    for row in known.values():
        if row.status != _status("none"):
            await store.update_device(tx, row.id, {"status": _status("none")})


async def _record_found(
    tx: AsyncConnection, bridge: AnyRow, kind: str, found: Found, row: AnyRow | None, now: datetime
) -> None:
    seen: dict[str, Any] = {"status": _status(found.state)}
    if row is None or found.state == "connected":
        seen["seen_at"] = now
    # Between two connections a bridge may not know these: what it knew once still holds.
    if found.manufacturer is not None:
        seen["manufacturer"] = found.manufacturer[:_MAX_NAME_CHARACTERS]
    limits = None if found.limits is None else read_limits(found.limits)
    if limits is not None:
        seen["limits"] = asdict(limits)
    calibration = None if found.calibration is None else believable(found.calibration)
    if calibration is not None and (row is None or row.calibration != calibration):
        seen |= {"calibration": calibration, "calibrated_at": now}
    if row is not None:
        await store.update_device(tx, row.id, seen)
        return
    if kind == "treadmill" and calibration is None:
        seen |= await _calibration_of_old(tx, bridge.account_id, found.address)
    await store.insert_device(
        tx,
        {
            "account_id": bridge.account_id,
            "bridge_id": bridge.id,
            "kind": kind,
            "address": found.address,
            "name": found.name.strip()[:_MAX_NAME_CHARACTERS] or _NO_NAME,
            "is_virtual": bridge.is_virtual,
            "created_at": now,
            **seen,
        },
    )


async def _calibration_of_old(
    tx: AsyncConnection, account_id: UUID, address: str
) -> dict[str, Any]:
    """A bridge that is paired anew finds the treadmill as the old one left it."""
    old = await store.find_calibrated(tx, account_id, address)
    if old is None:
        return {}
    return {"calibration": old.calibration, "calibrated_at": old.calibrated_at}


def _status(state: str) -> dict[str, str]:
    return {"state": state}


async def list_calibrations(tx: AsyncConnection, bridge_id: UUID) -> dict[str, dict[str, Any]]:
    """What is kept for a bridge to go by, measured or taken from a file: form by address."""
    return {
        row.address: row.calibration
        for row in await store.list_seen(tx, bridge_id)
        if row.calibration is not None
    }
