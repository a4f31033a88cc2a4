from __future__ import annotations

import asyncio
from typing import Any

import pytest

from beatrunner.ble.connection import Link
from beatrunner.ble.radio import Radio
from beatrunner.ble.sensor_links import HeartLink, HeartReading, PodLink, PodReading
from tests.ble.virtual.clients import still_gym

_NO_RADIO = Radio()


async def _until_read(link: HeartLink | PodLink, gym: Any) -> None:
    async with asyncio.timeout(10):
        while link.reading is None:
            await gym.advance(1)
            await asyncio.sleep(0.01)


async def test_a_strap_and_a_pod_beside_each_other() -> None:
    async with still_gym(strap_name="H10") as gym:
        heart, pod = HeartLink(gym.radio, lambda: 7.0), PodLink(gym.radio, lambda: 8.0)
        running = [asyncio.create_task(link.run()) for link in (heart, pod)]
        await _until_read(heart, gym)
        await _until_read(pod, gym)
        assert heart.reading
        assert heart.reading == HeartReading(heart.reading.heart_rate_bpm, True, 7.0)
        assert 40 < heart.reading.heart_rate_bpm < 120
        assert pod.reading == PodReading(0.0, 0.0, False, 8.0)
        assert heart.name == "H10"
        assert heart.address
        await gym.lose_strap()
        await asyncio.sleep(0.05)
        assert (heart.state, pod.state) == (Link.LOST, Link.CONNECTED)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


@pytest.mark.parametrize(
    ("packet", "reading"),
    [
        ("0048", HeartReading(72.0, None, 1.0)),
        ("0448", HeartReading(72.0, False, 1.0)),
        ("0648", HeartReading(72.0, True, 1.0)),
        ("0000", HeartReading(0.0, None, 1.0)),
        ("00", None),
        ("", None),
    ],
)
def test_what_a_strap_says(packet: str, reading: HeartReading | None) -> None:
    link = HeartLink(_NO_RADIO, lambda: 1.0)
    link._hear(bytes.fromhex(packet))
    assert link.reading == reading


@pytest.mark.parametrize(
    ("packet", "reading"),
    [
        ("040003aa", PodReading(170.0, 3.0, False, 1.0)),
        ("04000355", PodReading(170.0, 3.0, True, 1.0)),
        ("04", None),
        ("", None),
    ],
)
def test_what_a_pod_says(packet: str, reading: PodReading | None) -> None:
    link = PodLink(_NO_RADIO, lambda: 1.0)
    link._hear(bytes.fromhex(packet))
    assert link.reading == reading
