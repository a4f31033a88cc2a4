"""The slice's objects, from settings."""

from __future__ import annotations

from dataclasses import dataclass

from beatrunner.accounts.build import Accounts
from beatrunner.db.engine import Database
from beatrunner.identity.factors.passkeys import Passkeys
from beatrunner.identity.factors.second_factor import SecondFactor
from beatrunner.identity.factors.second_step import SecondStep
from beatrunner.identity.password_door import PasswordDoor
from beatrunner.kit.clock import Clock
from beatrunner.kit.sealing import Sealer
from beatrunner.kit.settings import Settings


@dataclass(frozen=True, slots=True)
class Ways:
    password_door: PasswordDoor
    second_factor: SecondFactor
    second_step: SecondStep
    passkeys: Passkeys

    @property
    def provided(self) -> tuple[object, ...]:
        """What routes ask for."""
        return self.password_door, self.second_factor, self.second_step, self.passkeys


def build_identity(
    settings: Settings, database: Database, clock: Clock, accounts: Accounts, sealer: Sealer
) -> Ways:
    second_factor = SecondFactor(database, clock, sealer, accounts.budgets)
    second_step = SecondStep(database, clock, accounts.sign_ins, second_factor)
    password_door = PasswordDoor(
        database,
        clock,
        accounts.hasher,
        accounts.budgets,
        accounts.sign_ins,
        second_step,
        registration=settings.registration,
    )
    passkeys = Passkeys(database, clock, accounts.sign_ins, accounts.budgets)
    return Ways(password_door, second_factor, second_step, passkeys)
