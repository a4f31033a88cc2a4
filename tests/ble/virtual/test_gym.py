"""What a client meets in the virtual gym, through bleak and nothing of our own client."""

from __future__ import annotations

import asyncio

import pytest
from bleak import BleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError, BleakGATTProtocolError

from beatrunner.ble.virtual.gym import VirtualGym
from beatrunner.codecs.footpod import (
    RSC_MEASUREMENT,
    RUNNING_SPEED_AND_CADENCE_SERVICE,
    RscMeasurement,
    decode_rsc_measurement,
)
from beatrunner.codecs.ftms import uuids
from beatrunner.codecs.ftms.advertising import FitnessMachineType, decode_service_data
from beatrunner.codecs.ftms.treadmill_data import decode_treadmill_data
from beatrunner.codecs.heart_rate import (
    HEART_RATE_MEASUREMENT,
    HEART_RATE_SERVICE,
    HeartRateMeasurement,
    decode_heart_rate_measurement,
)
from beatrunner.core.simulation.belt import BeltState, Key
from beatrunner.core.simulation.quirks import BeltQuirks
from beatrunner.core.simulation.strap import StrapFault
from tests.ble.virtual.clients import TreadmillClient, find, start, still_gym, treadmill_client


async def test_a_client_drives_the_belt() -> None:
    async with still_gym() as gym, treadmill_client(gym.radio) as treadmill:
        await start(treadmill, gym)
        assert await treadmill.ask("02e803") == "800201"
        assert await treadmill.ask("031400") == "800301"
        await gym.advance(20)
        assert gym.belt.speed_kmh == pytest.approx(10)
        data = decode_treadmill_data(treadmill.data[-1])
        assert data.instantaneous_speed_kmh == pytest.approx(10)
        assert data.inclination_pct == pytest.approx(2)
        assert data.total_distance_m == pytest.approx(gym.belt.distance_m, abs=1)
        assert treadmill.statuses == ["04", "05e803", "061400"]
        assert len(treadmill.data) == round(gym.now_s)
        assert await treadmill.ask("0801") == "800801"
        await gym.advance(12)
        assert gym.belt.state is BeltState.STOPPED
        assert decode_treadmill_data(treadmill.data[-1]).instantaneous_speed_kmh == 0


async def test_what_it_says_of_itself() -> None:
    async with still_gym(treadmill_name="F63-1", manufacturer="Somebody") as gym:
        heard: dict[str | None, dict[str, bytes]] = {}

        def note(_device: BLEDevice, packet: AdvertisementData) -> bool:
            heard[packet.local_name] = packet.service_data
            return len(heard) == 3

        assert await gym.radio.find(note, patience_s=2)
        assert heard.keys() == {"F63-1", "Virtual strap", "Virtual pod"}
        service_data = decode_service_data(heard["F63-1"][uuids.FITNESS_MACHINE_SERVICE])
        assert service_data.machine_type is FitnessMachineType.TREADMILL
        async with treadmill_client(gym.radio) as treadmill:
            assert treadmill.client.name == "F63-1"
            assert await treadmill.read("2a29") == b"Somebody".hex()
            assert await treadmill.read(uuids.FITNESS_MACHINE_FEATURE) == "0c10000003000000"
            assert await treadmill.read(uuids.SUPPORTED_SPEED_RANGE) == "6400d0070a00"
            assert await treadmill.read(uuids.SUPPORTED_INCLINATION_RANGE) == "000096000500"
            assert await treadmill.read(uuids.TRAINING_STATUS) == "0001"
            await start(treadmill, gym)
            assert await treadmill.read(uuids.TRAINING_STATUS) == "000d"


async def test_control_is_asked_for_and_results_are_those_of_the_specification() -> None:
    async with still_gym() as gym, treadmill_client(gym.radio) as treadmill:
        assert await treadmill.ask("02e803") == "800205"
        assert await treadmill.ask("00") == "800001"
        assert await treadmill.ask("0801") == "800804"
        assert await treadmill.ask("07") == "800701"
        assert await treadmill.ask("07") == "800704"
        assert await treadmill.ask("02b80b") == "800203"
        assert await treadmill.ask("02") == "800203"
        assert await treadmill.ask("0803") == "800803"
        assert await treadmill.ask("15") == "801502"
        assert await treadmill.ask("0802") == "800801"
        assert await treadmill.ask("01") == "800101"
        assert await treadmill.ask("07") == "800705"


async def test_a_write_without_indications_is_refused() -> None:
    async with still_gym() as gym:
        device = await find(gym.radio, uuids.FITNESS_MACHINE_SERVICE)
        async with gym.radio.client(device, lambda: None) as client:
            with pytest.raises(BleakGATTProtocolError) as refusal:
                await client.write_gatt_char(
                    uuids.FITNESS_MACHINE_CONTROL_POINT, b"\x00", response=True
                )
            assert refusal.value.code == 0xFD


async def test_one_procedure_at_a_time() -> None:
    slow = BeltQuirks(answers_after_s=0.1)
    async with still_gym(quirks=slow) as gym, treadmill_client(gym.radio) as treadmill:
        await treadmill.write("00")
        with pytest.raises(BleakGATTProtocolError) as refusal:
            await treadmill.write("07")
        assert refusal.value.code == 0xFE
        assert await treadmill.answer() == "800001"
        assert await treadmill.ask("07") == "800701"


async def test_the_console_is_told() -> None:
    async with still_gym() as gym, treadmill_client(gym.radio) as treadmill:
        await gym.press_key(Key.START)
        await gym.advance(5)
        await gym.press_key(Key.FASTER)
        await gym.press_key(Key.STEEPER)
        await gym.pull_safety_key()
        assert treadmill.statuses == ["04", "056e00", "060500", "03"]
        assert await treadmill.ask("00") == "800001"
        assert await treadmill.ask("07") == "800704"


async def test_another_client_takes_control() -> None:
    async with still_gym() as gym, treadmill_client(gym.radio) as first:
        await start(first, gym)
        async with treadmill_client(await gym.open_radio()) as second:
            assert await second.ask("00") == "800001"
            assert await second.ask("022003") == "800201"
            await gym.advance(1)
            assert first.statuses[-2:] == ["ff", "052003"]
            assert "ff" not in second.statuses
            assert await first.ask("02e803") == "800205"
        await gym.advance(1)
        assert await first.ask("02e803") == "800205"
        assert await first.ask("00") == "800001"


async def test_the_link_is_lost_and_found_again() -> None:
    lost: list[float] = []
    async with still_gym() as gym:
        device = await find(gym.radio, uuids.FITNESS_MACHINE_SERVICE)
        client = gym.radio.client(device, lambda: lost.append(gym.now_s))
        await client.connect()
        treadmill = TreadmillClient(client)
        await treadmill.listen()
        await start(treadmill, gym)
        await gym.lose_treadmill()
        assert lost == [gym.now_s]
        assert not client.is_connected
        with pytest.raises(BleakError):
            await treadmill.write("0801")
        assert await gym.radio.find(lambda found, _: found.address == device.address, 0.1) is None
        await gym.advance(10)
        assert gym.belt.speed_kmh == 1.0
        await gym.treadmill.peripheral.come_back()
        async with treadmill_client(gym.radio) as again:
            assert await again.ask("02e803") == "800205"
            assert await again.ask("00") == "800001"


async def test_a_link_lost_in_the_middle_of_a_write() -> None:
    async with still_gym() as gym, treadmill_client(gym.radio) as treadmill:
        writing = asyncio.create_task(treadmill.write("00"))
        await asyncio.sleep(0)
        await gym.lose_treadmill()
        with pytest.raises(BleakError):
            await writing
        await gym.treadmill.peripheral.come_back()
        async with treadmill_client(gym.radio) as again:
            assert await again.ask("00") == "800001"


async def test_a_link_lost_before_the_command_was_carried_out() -> None:
    async with still_gym() as gym, treadmill_client(gym.radio) as treadmill:
        await treadmill.write("00")
        for turns in range(12):
            async with treadmill_client(await gym.open_radio()) as other:
                writing = asyncio.create_task(other.write("00"))
                for _turn in range(turns):
                    await asyncio.sleep(0)
                gym.treadmill.peripheral.drop(gym.treadmill.peripheral.clients[-1])
                await asyncio.gather(writing, return_exceptions=True)
            assert await treadmill.ask("00") == "800001"


async def test_an_attempt_to_connect_is_given_up() -> None:
    async with still_gym() as gym:
        device = await find(gym.radio, uuids.FITNESS_MACHINE_SERVICE)
        await gym.lose_treadmill()
        attempt = asyncio.create_task(gym.radio.client(device, lambda: None).connect())
        await asyncio.sleep(0.05)
        attempt.cancel()
        with pytest.raises(asyncio.CancelledError):
            await attempt
        await gym.treadmill.peripheral.come_back()
        async with treadmill_client(gym.radio) as treadmill:
            assert await treadmill.ask("00") == "800001"


async def test_nobody_answers() -> None:
    async with still_gym() as gym:
        device = await find(gym.radio, uuids.FITNESS_MACHINE_SERVICE)
        await gym.lose_treadmill()
        client = BleakClient(device, timeout=0.1, backend=gym.radio.client_backend)
        with pytest.raises(TimeoutError):
            await client.connect()
        await gym.treadmill.peripheral.come_back()
        async with client:
            assert client.is_connected


async def test_a_client_that_is_cancelled_leaves_no_link() -> None:
    async with still_gym() as gym:
        device = await find(gym.radio, uuids.FITNESS_MACHINE_SERVICE)
        client = gym.radio.client(device, lambda: None)
        connecting = asyncio.create_task(client.connect())
        async with asyncio.timeout(2):
            while not gym.treadmill.peripheral.clients:  # noqa: ASYNC110 (it offers no event)
                await asyncio.sleep(0)
        connecting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await connecting
        await gym.advance(1)
        assert not gym.treadmill.peripheral.clients
        assert not client.is_connected


async def test_a_silent_link_is_still_a_link() -> None:
    async with still_gym() as gym, treadmill_client(gym.radio) as treadmill:
        gym.treadmill.peripheral.is_silent = True
        await treadmill.write("00")
        await gym.advance(10)
        assert treadmill.data == []
        assert treadmill.client.is_connected
        gym.treadmill.peripheral.is_silent = False
        await gym.advance(1)
        assert len(treadmill.data) == 1


async def test_strap_and_pod() -> None:
    beats: list[HeartRateMeasurement] = []
    steps: list[RscMeasurement] = []
    async with still_gym(pod_counts_one_foot=True) as gym, treadmill_client(gym.radio) as treadmill:
        strap = gym.radio.client(await find(gym.radio, HEART_RATE_SERVICE), lambda: None)
        pod = gym.radio.client(
            await find(gym.radio, RUNNING_SPEED_AND_CADENCE_SERVICE), lambda: None
        )
        async with strap, pod:
            await strap.start_notify(
                HEART_RATE_MEASUREMENT,
                lambda _, packet: beats.append(decode_heart_rate_measurement(packet)),
            )
            await pod.start_notify(
                RSC_MEASUREMENT, lambda _, packet: steps.append(decode_rsc_measurement(packet))
            )
            await start(treadmill, gym)
            await treadmill.ask("02e803")
            await gym.advance(60)
            assert beats[-1].fit_heart_rate_bpm == gym.runner.heart_rate_bpm
            assert steps[-1].counts_one_foot
            assert steps[-1].cadence_spm == pytest.approx(gym.runner.cadence_spm, abs=1)
            assert steps[-1].speed_mps == pytest.approx(10 / 3.6, abs=0.01)
            gym.strap.fault = StrapFault.CONTACT_LOST
            await gym.advance(1)
            assert beats[-1].fit_heart_rate_bpm is None
            gym.strap.fault = StrapFault.DROPOUT
            heard = len(beats)
            await gym.advance(3)
            assert len(beats) == heard
            await gym.lose_strap()
            await gym.lose_pod()
            assert not strap.is_connected
            assert not pod.is_connected


async def test_time_passes_by_itself() -> None:
    async with VirtualGym(time_scale=50) as gym, treadmill_client(gym.radio) as treadmill:
        async with asyncio.timeout(5):
            while len(treadmill.data) < 5:
                await treadmill.hear_more()


async def test_nothing_goes_on_after_closing_time() -> None:
    before = asyncio.all_tasks()
    async with VirtualGym(), VirtualGym() as gym:
        device = await find(gym.radio, uuids.FITNESS_MACHINE_SERVICE)
        client = gym.radio.client(device, lambda: None)
        await client.connect()
        await TreadmillClient(client).listen()
    await asyncio.sleep(0)
    assert not client.is_connected
    assert asyncio.all_tasks() == before
