from __future__ import annotations

import asyncio

import pytest
from bleak import BleakClient

from beatrunner.ble.virtual.gym import VirtualGym
from beatrunner.codecs.ftms import uuids
from beatrunner.codecs.ftms.treadmill_data import decode_treadmill_data


async def test_a_client_drives_the_belt() -> None:
    async with VirtualGym(is_ticking=False) as gym:
        found = await gym.radio.find(
            lambda _device, heard: uuids.FITNESS_MACHINE_SERVICE in heard.service_uuids, 2
        )
        assert found
        assert found.name == "BeatRunner T1"
        async with BleakClient(found, backend=gym.radio.client_backend) as client:
            answers: asyncio.Queue[bytearray] = asyncio.Queue()
            statuses: list[bytes] = []
            data: list[bytes] = []
            await client.start_notify(
                uuids.FITNESS_MACHINE_CONTROL_POINT, lambda _, packet: answers.put_nowait(packet)
            )
            await client.start_notify(
                uuids.FITNESS_MACHINE_STATUS, lambda _, packet: statuses.append(bytes(packet))
            )
            await client.start_notify(
                uuids.TREADMILL_DATA, lambda _, packet: data.append(bytes(packet))
            )

            async def ask(command: str) -> str:
                await client.write_gatt_char(
                    uuids.FITNESS_MACHINE_CONTROL_POINT, bytes.fromhex(command), response=True
                )
                return (await asyncio.wait_for(answers.get(), 1)).hex()

            assert await ask("02e803") == "800205"
            assert await ask("00") == "800001"
            assert await ask("07") == "800701"
            await gym.advance(5)
            assert await ask("02e803") == "800201"
            await gym.advance(20)
            assert gym.belt.speed_kmh == pytest.approx(10)
            assert [packet.hex() for packet in statuses] == ["04", "05e803"]
            assert decode_treadmill_data(data[-1]).instantaneous_speed_kmh == pytest.approx(10)
            assert len(data) == 25
