"""What is said when there is no Bluetooth."""

from __future__ import annotations

import asyncio

import pytest
from bleak.backends.scanner import BaseBleakScanner
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
)

from beatrunner.ble.radio import Radio, RadioUnavailableError, words_of
from beatrunner.ble.treadmill_link import TreadmillLink
from tests.ble.fake_radio import FakeMachine
from tests.ble.quick_time import run_quickly

Reason = BleakBluetoothNotAvailableReason


def _missing(reason: Reason) -> BleakBluetoothNotAvailableError:
    return BleakBluetoothNotAvailableError("none", reason)


@pytest.mark.parametrize(
    ("error", "platform", "words"),
    [
        (FileNotFoundError(2, "No such file or directory"), "linux", "systemctl start bluetooth"),
        (ConnectionRefusedError(), "linux", "systemctl start bluetooth"),
        (
            BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", []),
            "linux",
            "systemctl start bluetooth",
        ),
        (PermissionError(), "linux", "usermod -aG bluetooth"),
        (_missing(Reason.DENIED_BY_SYSTEM), "linux", "usermod -aG bluetooth"),
        (
            BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", []),
            "linux",
            "usermod -aG bluetooth",
        ),
        (_missing(Reason.NO_BLUETOOTH), "linux", "No Bluetooth adapter was found"),
        (_missing(Reason.NO_BLE_CENTRAL_ROLE), "linux", "too old"),
        (_missing(Reason.POWERED_OFF), "linux", "bluetoothctl power on"),
        (_missing(Reason.POWERED_OFF), "darwin", "Switch it on"),
        (_missing(Reason.NO_BLUETOOTH), "darwin", "no Bluetooth adapter"),
        (_missing(Reason.DENIED_BY_USER), "darwin", "Privacy & Security"),
        (_missing(Reason.UNKNOWN), "win32", "Switch it on"),
    ],
)
def test_what_to_do_about_it(error: Exception, platform: str, words: str) -> None:
    assert words in words_of(error, platform)


class _NoScanner(BaseBleakScanner):
    def __init__(self, callback: object, uuids: list[str] | None, *_: object, **__: object) -> None:
        super().__init__(None, uuids)

    async def start(self) -> None:
        raise FileNotFoundError(2, "No such file or directory")

    async def stop(self) -> None: ...


async def test_a_check_raises_words_and_a_link_keeps_trying() -> None:
    radio = Radio(scanner_backend=_NoScanner)
    with pytest.raises(RadioUnavailableError, match="Bluetooth"):
        await radio.check()

    async def run() -> str | None:
        link = TreadmillLink(Radio(scanner_backend=_NoScanner), lambda: 0.0)
        running = asyncio.create_task(link.run())
        await asyncio.sleep(60)
        assert not running.done()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return link.trouble

    trouble = await asyncio.to_thread(run_quickly, run)
    assert trouble
    assert "Bluetooth" in trouble


def test_words_for_no_radio_end_when_there_is_one() -> None:
    """Although there is still no treadmill."""
    present = FakeMachine(is_there=False).radio.scanner_backend
    assert present is not None

    class Switched(present):  # type: ignore[misc, valid-type]
        is_off = True

        async def start(self) -> None:
            if self.is_off:
                raise FileNotFoundError(2, "No such file or directory")
            await super().start()

    async def run() -> list[str | None]:
        link = TreadmillLink(Radio(Switched), lambda: 0.0)
        running = asyncio.create_task(link.run())
        troubles = []
        for is_off in (True, False):
            Switched.is_off = is_off
            await asyncio.sleep(60)
            troubles.append(link.trouble)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return troubles

    without, with_one = run_quickly(run)
    assert without is not None
    assert with_one is None


async def test_a_radio_that_is_there_is_fine() -> None:
    await FakeMachine(is_there=False).radio.check()
