"""The Bluetooth stack in use, how it is searched, and words for when there is none.

bleak takes another stack by its `backend` arguments: a virtual gym hands out a `Radio` of such
backends, and everything above works on it as on the real one.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from bleak import BleakClient, BleakScanner
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
)

#: Whether a device that advertises is the one that is looked for.
Fits = Callable[[BLEDevice, AdvertisementData], bool]

CONNECT_S: Final = 15.0

_Reason = BleakBluetoothNotAvailableReason
_DENIED = {_Reason.DENIED_BY_USER, _Reason.DENIED_BY_SYSTEM, _Reason.DENIED_BY_UNKNOWN}


class RadioUnavailableError(Exception):
    """This computer cannot use Bluetooth now; the message says what to do about it."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A device that was heard, and how strongly the last time."""

    device: BLEDevice
    signal_dbm: int


@dataclass(frozen=True, slots=True)
class Radio:
    """A Bluetooth stack; None means the one of the operating system.

    Most adapters cannot search while they connect, so `turn` is held by whoever does either.
    """

    scanner_backend: type[BaseBleakScanner] | None = None
    client_backend: type[BaseBleakClient] | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock, compare=False, repr=False)

    async def find(self, fits: Fits, patience_s: float) -> BLEDevice | None:
        """The first device that fits and advertises within `patience_s`.

        Raises `RadioUnavailableError`.
        """
        sightings = await self.look(fits, lambda _device: True, patience_s, settle_s=0.0)
        return sightings[0].device if sightings else None

    async def look(
        self,
        fits: Fits,
        is_wanted: Callable[[BLEDevice], bool],
        patience_s: float,
        settle_s: float,
    ) -> list[Sighting]:
        """The devices that fit, in the order in which they were heard.

        Ends with the first that is wanted, `settle_s` after the first that fits, and in any case
        after `patience_s`. Raises `RadioUnavailableError`.
        """
        heard: dict[str, Sighting] = {}
        first, enough = asyncio.Event(), asyncio.Event()

        def see(device: BLEDevice, advertisement: AdvertisementData) -> None:
            if not fits(device, advertisement):
                return
            heard[device.address] = Sighting(device, advertisement.rssi)
            first.set()
            if is_wanted(device):
                enough.set()

        async with words_for_no_radio(), BleakScanner(see, backend=self.scanner_backend):
            with suppress(TimeoutError):
                async with asyncio.timeout(patience_s):
                    await first.wait()
                    async with asyncio.timeout(settle_s):
                        await enough.wait()
        return list(heard.values())

    def client(self, device: BLEDevice, on_lost: Callable[[], None]) -> BleakClient:
        """A client of `device`, not yet connected; `on_lost` is called when it was and is not."""
        return BleakClient(
            device,
            lambda _client: on_lost(),
            timeout=CONNECT_S,
            backend=self.client_backend,
        )

    async def check(self) -> None:
        """Raises `RadioUnavailableError` if nothing can be searched for."""
        async with self.turn:
            await self.find(lambda _device, _advertisement: True, patience_s=0.0)


@asynccontextmanager
async def words_for_no_radio() -> AsyncIterator[None]:
    """Turns what bleak raises without a usable radio into a `RadioUnavailableError`."""
    try:
        yield
    except (BleakBluetoothNotAvailableError, BleakDBusError, OSError) as error:
        raise RadioUnavailableError(words_of(error, sys.platform)) from error


def words_of(error: Exception, platform: str) -> str:
    """What to do about an error that bleak raised for want of a radio."""
    reason = error.reason if isinstance(error, BleakBluetoothNotAvailableError) else None
    if platform == "darwin":
        return _words_on_macos(reason)
    if platform == "linux":
        return _words_on_linux(reason, error)
    return f"Bluetooth cannot be used: {error}. Switch it on in the system's settings."


def _words_on_macos(reason: _Reason | None) -> str:
    if reason is _Reason.POWERED_OFF:
        return "Bluetooth is off. Switch it on in Control Centre or System Settings > Bluetooth."
    if reason is _Reason.NO_BLUETOOTH:
        return "This Mac has no Bluetooth adapter."
    return (
        "macOS does not let this program use Bluetooth. Allow the terminal it was started from "
        "in System Settings > Privacy & Security > Bluetooth, then start it again."
    )


def _words_on_linux(reason: _Reason | None, error: Exception) -> str:
    if reason is _Reason.POWERED_OFF:
        return (
            "The Bluetooth adapter is off. Switch it on with `bluetoothctl power on`; if that "
            "fails, unblock it with `rfkill unblock bluetooth`."
        )
    if reason is _Reason.NO_BLE_CENTRAL_ROLE:
        return "The Bluetooth adapter is too old: it needs Bluetooth 4.0 or later."
    if reason is _Reason.NO_BLUETOOTH:
        return "No Bluetooth adapter was found. Plug one in; `bluetoothctl list` shows those seen."
    if isinstance(error, PermissionError) or reason in _DENIED or "AccessDenied" in str(error):
        return (
            "This user may not use Bluetooth. Add the user to the group `bluetooth` "
            "(`sudo usermod -aG bluetooth $USER`) and sign in again."
        )
    return (
        "The Bluetooth service is not running. Install BlueZ (package `bluez`) and start it with "
        "`sudo systemctl start bluetooth`. Containers need the socket of the host's D-Bus."
    )
