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

from beatrunner.codecs.live import BridgeHello, Found, KeptCalibration, Report
from beatrunner.db.types import AnyRow
from beatrunner.devices import store
from beatrunner.devices.calibrations import believable
from beatrunner.devices.treadmills import read_limits

_MAX_NAME_CHARACTERS = 100
_NO_NAME = "Unnamed"
#: They are told in one message.
_MOST_CALIBRATIONS = 50


async def record_hello(
    tx: AsyncConnection, bridge_id: UUID, hello: BridgeHello, now: datetime
) -> None:
    """A bridge has come. Raises NotFoundError when it was withdrawn."""
    await store.get_bridge(tx, bridge_id, lock=True)
    # It becomes a link on a page, where an address can be a script too.
    is_web = hello.page_url.startswith(("http://", "https://"))
    status = {"version": hello.version, "page_url": hello.page_url if is_web else None}
    await store.update_device(
        tx, bridge_id, {"status": status, "is_virtual": hello.is_virtual, "seen_at": now}
    )


async def record(
    tx: AsyncConnection, bridge_id: UUID, report: Report, now: datetime
) -> KeptCalibration | None:
    """Store a report. Returns the treadmill's calibration if the bridge has an older one.

    Raises NotFoundError when the bridge was withdrawn in the meantime.
    """
    bridge = await store.get_bridge(tx, bridge_id, lock=True)
    calibrating = report.calibrating
    status = {
        **(bridge.status or {}),
        "calibrating": None
        if calibrating is None
        else {"step": calibrating.step, "share": calibrating.share},
        "trouble": report.trouble,
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
    return None if report.treadmill is None else await _newer(tx, bridge_id, report.treadmill)


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
    if row is not None:
        seen |= _calibration_of(found, row.calibrated_at, now)
        await store.update_device(tx, row.id, seen)
        return
    if kind == "treadmill":
        seen |= await _calibration_of_old(tx, bridge.account_id, found.address)
    seen |= _calibration_of(found, seen.get("calibrated_at"), now)
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


def _calibration_of(found: Found, kept_at: datetime | None, now: datetime) -> dict[str, Any]:
    """What was measured or removed beside the bridge, if that is newer than `kept_at`.

    A bridge's clock may be ahead: nothing counts as newer than now.
    """
    told_at = found.calibrated_at and min(found.calibrated_at, now)
    if kept_at is not None and (told_at is None or told_at <= kept_at):
        return {}
    if found.calibration is None:
        return {} if told_at is None else {"calibration": None, "calibrated_at": told_at}
    calibration = believable(found.calibration)
    return (
        {} if calibration is None else {"calibration": calibration, "calibrated_at": told_at or now}
    )


async def _newer(tx: AsyncConnection, bridge_id: UUID, found: Found) -> KeptCalibration | None:
    for kept in await list_calibrations(tx, bridge_id):
        is_news = kept.calibration != found.calibration and (
            found.calibrated_at is None or kept.calibrated_at > found.calibrated_at
        )
        if kept.address == found.address and is_news:
            return kept
    return None


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


async def list_calibrations(tx: AsyncConnection, bridge_id: UUID) -> list[KeptCalibration]:
    """What a bridge is to go by: measured by it, taken from a file, or removed since."""
    return [
        KeptCalibration(
            address=row.address, calibration=row.calibration, calibrated_at=row.calibrated_at
        )
        for row in (await store.list_seen(tx, bridge_id))[:_MOST_CALIBRATIONS]
        if row.kind == "treadmill" and row.calibrated_at is not None
    ]
