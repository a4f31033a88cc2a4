"""The slice's objects, from settings."""

from __future__ import annotations

from dataclasses import dataclass

from beatrunner.accounts.build import Accounts
from beatrunner.db.engine import Database
from beatrunner.identity.password_door import PasswordDoor
from beatrunner.kit.clock import Clock
from beatrunner.kit.settings import Settings


@dataclass(frozen=True, slots=True)
class Ways:
    password_door: PasswordDoor

    @property
    def provided(self) -> tuple[object, ...]:
        """What routes ask for."""
        return (self.password_door,)


def build_identity(
    settings: Settings, database: Database, clock: Clock, accounts: Accounts
) -> Ways:
    password_door = PasswordDoor(
        database,
        clock,
        accounts.hasher,
        accounts.budgets,
        accounts.sign_ins,
        registration=settings.registration,
    )
    return Ways(password_door)
