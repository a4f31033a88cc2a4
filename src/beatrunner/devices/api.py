"""Routes for devices and for pairing a bridge."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, StringConstraints

from beatrunner.accounts.api import (
    AliveTx,
    CurrentAccount,
    CurrentCaller,
    Empty,
    ProvidedThisComputer,
)
from beatrunner.db.api import ReadTx, WriteTx
from beatrunner.devices import store
from beatrunner.devices.calibrations import CalibrationFile, Calibrations
from beatrunner.devices.listing import Device, DeviceList
from beatrunner.devices.pairing import Pairing
from beatrunner.devices.virtual_bridge import VirtualBridges
from beatrunner.kit.http import STORABLE, Strict, provided

router = APIRouter(prefix="/v1/devices", tags=["devices"])

DeviceName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), STORABLE
]
ProvidedDeviceList = Annotated[DeviceList, Depends(provided(DeviceList))]
ProvidedCalibrations = Annotated[Calibrations, Depends(provided(Calibrations))]
ProvidedPairing = Annotated[Pairing, Depends(provided(Pairing))]


class Devices(BaseModel):
    items: list[Device]


class VirtualAnswer(BaseModel):
    bridge_id: UUID


class DeviceChange(Strict):
    name: DeviceName


class PairingCodeAnswer(BaseModel):
    """`code` is for reading aloud: `ABCD-EFGH`."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    expires_at: datetime


class NewBridge(Strict):
    """`name` says where it stands, like the computer's name."""

    code: Annotated[str, StringConstraints(max_length=20)]
    name: DeviceName


class PairedAnswer(BaseModel):
    """The token is told once, and opens this account's workout sockets alone."""

    model_config = ConfigDict(from_attributes=True)

    bridge_id: UUID
    token: str


@router.get("")
async def list_devices(account: CurrentAccount, tx: ReadTx, devices: ProvidedDeviceList) -> Devices:
    """Bridges, and what each of them sees."""
    return Devices(items=await devices.load(tx, account.account_id))


@router.post("/pairing-codes", status_code=201)
async def make_pairing_code(
    _body: Empty, account: CurrentAccount, tx: AliveTx, pairing: ProvidedPairing
) -> PairingCodeAnswer:
    """A code that is good for one bridge and ten minutes. It ends the one before it."""
    return PairingCodeAnswer.model_validate(await pairing.issue(tx, account.account_id))


@router.post("/bridges", status_code=201)
async def pair_bridge(
    body: NewBridge, caller: CurrentCaller, pairing: ProvidedPairing
) -> PairedAnswer:
    """Join as a bridge. Who knows the code needs no session; tries are counted."""
    return PairedAnswer.model_validate(await pairing.redeem(body.code, body.name, caller))


@router.post("/virtual", status_code=202)
async def start_virtual_treadmill(
    _body: Empty,
    account: CurrentAccount,
    caller: CurrentCaller,
    this_computer: ProvidedThisComputer,
    virtual_bridges: Annotated[VirtualBridges, Depends(provided(VirtualBridges))],
) -> VirtualAnswer:
    """A treadmill without hardware, on this computer, once it is connected."""
    this_computer.require(caller)
    return VirtualAnswer(bridge_id=await virtual_bridges.start(account.account_id))


@router.patch("/{device_id}")
async def change_device(
    account: CurrentAccount,
    tx: WriteTx,
    devices: ProvidedDeviceList,
    device_id: UUID,
    change: DeviceChange,
) -> Device:
    await store.get_device(tx, account.account_id, device_id)
    await store.update_device(tx, device_id, {"name": change.name})
    return await devices.get(tx, account.account_id, device_id)


@router.delete("/{device_id}", status_code=204)
async def remove_device(
    account: CurrentAccount,
    caller: CurrentCaller,
    tx: WriteTx,
    devices: ProvidedDeviceList,
    device_id: UUID,
) -> None:
    """Withdraw a bridge's token, or forget a treadmill, strap or pod."""
    await devices.remove(tx, account.account_id, device_id, caller)


@router.get("/{treadmill_id}/calibration")
async def get_calibration(
    account: CurrentAccount, tx: ReadTx, calibrations: ProvidedCalibrations, treadmill_id: UUID
) -> CalibrationFile:
    """A treadmill's calibration, to keep as a file or to share with who has the same one."""
    return await calibrations.get(tx, account.account_id, treadmill_id)


@router.put("/{treadmill_id}/calibration")
async def put_calibration(
    account: CurrentAccount,
    tx: WriteTx,
    calibrations: ProvidedCalibrations,
    treadmill_id: UUID,
    file: CalibrationFile,
) -> CalibrationFile:
    """Take a calibration from a file in place of measuring."""
    await calibrations.put(tx, account.account_id, treadmill_id, file)
    return await calibrations.get(tx, account.account_id, treadmill_id)


@router.delete("/{treadmill_id}/calibration", status_code=204)
async def remove_calibration(
    account: CurrentAccount, tx: WriteTx, calibrations: ProvidedCalibrations, treadmill_id: UUID
) -> None:
    """Forget how a treadmill was measured. Its bridge does so too, with its next report."""
    await calibrations.remove(tx, account.account_id, treadmill_id)
