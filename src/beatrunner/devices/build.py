"""The slice's objects, from settings."""

from __future__ import annotations

from dataclasses import dataclass

from beatrunner.accounts.attempts import AttemptBudgets
from beatrunner.db.engine import Database
from beatrunner.devices.calibrations import Calibrations
from beatrunner.devices.listing import DeviceList
from beatrunner.devices.pairing import Pairing
from beatrunner.kit.clock import Clock
from beatrunner.kit.keyring import Keyring
from beatrunner.kit.settings import Settings


@dataclass(frozen=True, slots=True)
class Devices:
    pairing: Pairing
    device_list: DeviceList
    calibrations: Calibrations

    @property
    def provided(self) -> tuple[object, ...]:
        """What routes ask for."""
        return self.pairing, self.device_list, self.calibrations


def build_devices(settings: Settings, database: Database, clock: Clock, ring: Keyring) -> Devices:
    budgets = AttemptBudgets(
        database, ring, clock, settings.sign_in_attempts_per_hour, purpose="pairing-attempts"
    )
    pairing = Pairing(database, clock, ring, budgets)
    return Devices(pairing, DeviceList(clock), Calibrations(clock))
