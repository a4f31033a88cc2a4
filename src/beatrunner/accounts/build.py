"""The slice's objects, from settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from beatrunner.accounts.attempts import AttemptBudgets
from beatrunner.accounts.passwords import PasswordHasher, StolenPasswords
from beatrunner.accounts.personal_tokens import PersonalTokens
from beatrunner.accounts.sign_ins import SignIns
from beatrunner.accounts.this_computer import ThisComputer
from beatrunner.accounts.tokens import AccessTokens, RefreshTokens
from beatrunner.accounts.welcome import Welcome
from beatrunner.db.engine import Database
from beatrunner.kit.clock import Clock
from beatrunner.kit.keyring import Keyring
from beatrunner.kit.settings import Settings


@dataclass(frozen=True, slots=True)
class Accounts:
    sign_ins: SignIns
    #: For every door by which somebody signs in.
    budgets: AttemptBudgets
    hasher: PasswordHasher
    this_computer: ThisComputer
    personal_tokens: PersonalTokens
    welcome: Welcome

    @property
    def provided(self) -> tuple[object, ...]:
        """What routes ask for."""
        return self.sign_ins, self.this_computer, self.personal_tokens, self.welcome


def build_accounts(
    settings: Settings,
    database: Database,
    clock: Clock,
    ring: Keyring,
    stolen: StolenPasswords | None = None,
) -> Accounts:
    sign_ins = SignIns(
        database,
        clock,
        AccessTokens(ring, clock, settings.access_token_s),
        RefreshTokens(ring),
        timedelta(seconds=settings.refresh_token_s),
    )
    budgets = AttemptBudgets(
        database,
        ring,
        clock,
        settings.sign_in_attempts_per_hour,
    )
    hasher = PasswordHasher(settings.password_hashes_at_once, stolen)
    return Accounts(
        sign_ins,
        budgets,
        hasher,
        ThisComputer(settings),
        PersonalTokens(database, clock),
        Welcome(clock),
    )
