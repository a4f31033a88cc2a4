"""Every switch shows, to a client that has nothing but bleak."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
from bleak import BleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError, BleakGATTProtocolError

from beatrunner.ble.virtual.gym import VirtualGym
from beatrunner.ble.virtual.treadmill import VENDOR_CHARACTERISTIC
from beatrunner.codecs.ftms import uuids
from beatrunner.codecs.ftms.data_record import DataRecord
from beatrunner.codecs.ftms.quantities import SpeedUnit
from beatrunner.codecs.ftms.treadmill_data import decode_treadmill_data
from beatrunner.codecs.gatt import Oddity
from beatrunner.core.simulation.belt import BeltCharacteristics, Key
from beatrunner.core.simulation.quirks import EVERY_QUIRK, NO_QUIRKS, BeltQuirks
from tests.ble.virtual.clients import TreadmillClient, find, start, still_gym, treadmill_client

_SLOW_BELT = BeltCharacteristics(min_speed_kmh=0.5)


async def ask(treadmill: TreadmillClient, command: str) -> str | None:
    """The answer, or what came instead of one."""
    try:
        await treadmill.write(command)
    except BleakError as error:
        return type(error).__name__
    return await treadmill.answer_now()


async def read(treadmill: TreadmillClient, uuid: str) -> str:
    try:
        return await treadmill.read(uuid)
    except BleakError as error:
        return type(error).__name__


def is_treadmill(_device: BLEDevice, packet: AdvertisementData) -> bool:
    return uuids.FITNESS_MACHINE_SERVICE in packet.service_uuids


async def visit(gym: VirtualGym) -> AsyncIterator[Any]:
    """A whole visit: all that a client sees, as it sees it."""
    heard: list[AdvertisementData] = []

    def note(device: BLEDevice, packet: AdvertisementData) -> bool:
        fits = is_treadmill(device, packet)
        if fits:
            heard.append(packet)
        return fits

    device = await gym.radio.find(note, patience_s=2)
    assert device
    yield heard[-1].service_data
    async with gym.radio.client(device, lambda: None) as client:
        yield [
            (characteristic.uuid, characteristic.properties)
            for characteristic in client.services.characteristics.values()
        ]
        treadmill = TreadmillClient(client)
        with suppress(BleakError):
            await treadmill.listen()
        for uuid in (
            uuids.FITNESS_MACHINE_FEATURE,
            uuids.SUPPORTED_SPEED_RANGE,
            uuids.SUPPORTED_INCLINATION_RANGE,
            uuids.TRAINING_STATUS,
        ):
            yield await read(treadmill, uuid)
        async for sight in drive(gym, treadmill):
            yield sight
        yield client.is_connected
    gym.belt.key(Key.START)
    await gym.advance(6)
    with suppress(AssertionError, BleakError):
        async with treadmill_client(gym.radio) as again:
            await again.answer_now()
            yield list(again.statuses)
    await gym.advance(3)
    yield gym.belt.speed_kmh


async def drive(gym: VirtualGym, treadmill: TreadmillClient) -> AsyncIterator[Any]:
    yield [await ask(treadmill, command) for command in ("00", "07")]
    await gym.advance(6)
    for command in ("025000", "023f03", "031900"):
        yield await ask(treadmill, command)
    await gym.advance(16)
    yield [await ask(treadmill, command) for command in ("00", "07")]
    await gym.advance(8)
    await gym.press_key(Key.FASTER)
    yield await ask(treadmill, "0801")
    await gym.advance(12)
    await gym.press_key(Key.START)
    await gym.advance(1)
    yield list(treadmill.statuses)
    yield list(treadmill.data)


async def sights(quirks: BeltQuirks) -> list[Any]:
    async with still_gym(belt=_SLOW_BELT, quirks=quirks) as gym:
        return [sight async for sight in visit(gym)]


@pytest.fixture(scope="module")
async def ordinary() -> list[Any]:
    return await sights(NO_QUIRKS)


async def test_the_same_machine_looks_the_same(ordinary: list[Any]) -> None:
    assert await sights(NO_QUIRKS) == ordinary


@pytest.mark.parametrize("name", sorted(EVERY_QUIRK))
async def test_every_switch_shows(name: str, ordinary: list[Any]) -> None:
    assert await sights(EVERY_QUIRK[name]) != ordinary


async def test_miles_per_hour() -> None:
    quirks = BeltQuirks(commands_in_mph=True, data_in_mph=True, range_in_mph=True)
    async with still_gym(quirks=quirks) as gym, treadmill_client(gym.radio) as treadmill:
        assert await treadmill.read(uuids.SUPPORTED_SPEED_RANGE) == "3e00db040600"
        await start(treadmill, gym)
        assert await treadmill.ask("025802") == "800201"
        await gym.advance(20)
        assert gym.belt.speed_kmh == pytest.approx(6 * 1.609344, abs=0.06)
        assert treadmill.statuses[-1] == "055b02"
        as_sent = decode_treadmill_data(treadmill.data[-1])
        assert as_sent.instantaneous_speed_kmh == pytest.approx(6, abs=0.04)
        meant = decode_treadmill_data(treadmill.data[-1], SpeedUnit.MPH)
        assert meant.instantaneous_speed_kmh == pytest.approx(gym.belt.speed_kmh, abs=0.02)


async def test_only_a_paired_client_may_write() -> None:
    async with still_gym(quirks=BeltQuirks(needs_pairing=True)) as gym:
        async with treadmill_client(gym.radio) as treadmill:
            with pytest.raises(BleakGATTProtocolError) as refusal:
                await treadmill.write("00")
            assert refusal.value.code == 0x0F
        device = await find(gym.radio, uuids.FITNESS_MACHINE_SERVICE)
        async with BleakClient(device, pair=True, backend=gym.radio.client_backend) as client:
            treadmill = TreadmillClient(client)
            await treadmill.listen()
            assert await treadmill.ask("00") == "800001"


async def test_unlocked_by_the_vendors_bytes_alone() -> None:
    quirks = EVERY_QUIRK["unlocked_by"]
    async with still_gym(quirks=quirks) as gym, treadmill_client(gym.radio) as treadmill:
        assert await treadmill.ask("00") == "800005"
        await treadmill.client.write_gatt_char(VENDOR_CHARACTERISTIC, b"other", response=True)
        assert await treadmill.ask("00") == "800005"
        await treadmill.client.write_gatt_char(
            VENDOR_CHARACTERISTIC, quirks.unlocked_by, response=True
        )
        assert await treadmill.ask("00") == "800001"


async def test_start_before_each_speed() -> None:
    quirks = BeltQuirks(wants_start_before_speed=True)
    async with still_gym(quirks=quirks) as gym, treadmill_client(gym.radio) as treadmill:
        await start(treadmill, gym)
        assert await treadmill.ask("022c01") == "800201"
        assert await treadmill.ask("029001") == "800205"
        for command, answer in (("00", "800001"), ("07", "800701"), ("029001", "800201")):
            assert await treadmill.ask(command) == answer


async def test_split_records_are_whole_when_put_together() -> None:
    quirks = BeltQuirks(splits_records=True)
    async with still_gym(quirks=quirks) as gym, treadmill_client(gym.radio) as treadmill:
        await start(treadmill, gym)
        parts = [decode_treadmill_data(packet) for packet in treadmill.data]
        assert max(map(len, treadmill.data)) <= 20
        assert len(parts) == 2 * round(gym.now_s)
        record = DataRecord()
        whole = [data for part in parts if (data := record.add(part))]
        assert len(whole) == round(gym.now_s)
        assert whole[-1].instantaneous_speed_kmh == gym.belt.speed_kmh
        assert whole[-1].elapsed_time_s == round(gym.belt.elapsed_s)
        assert not any(data.oddities for data in whole)


async def test_steps_in_a_reserved_bit() -> None:
    quirks = BeltQuirks(sends_steps=True)
    async with still_gym(quirks=quirks) as gym, treadmill_client(gym.radio) as treadmill:
        await start(treadmill, gym)
        assert await treadmill.ask("02e803") == "800201"
        await gym.advance(60)
        before, after = (decode_treadmill_data(treadmill.data[at]) for at in (-11, -1))
        assert after.oddities == (Oddity.STEPS_IN_RESERVED_BIT,)
        assert before.step_count
        assert after.step_count
        steps = after.step_count - before.step_count
        assert steps == pytest.approx(gym.runner.cadence_spm / 6, rel=0.1)


async def test_a_machine_that_has_had_enough_is_switched_off_and_on() -> None:
    async with still_gym(quirks=BeltQuirks(accepts_connections=1)) as gym:
        async with treadmill_client(gym.radio) as treadmill:
            assert await treadmill.ask("00") == "800001"
        assert await gym.radio.find(is_treadmill, patience_s=0.1) is None
        await gym.treadmill.power_cycle()
        async with treadmill_client(gym.radio) as treadmill:
            assert await treadmill.ask("00") == "800001"
