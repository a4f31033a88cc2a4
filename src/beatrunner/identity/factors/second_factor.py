"""The second factor of a password: an authenticator app, and recovery codes beside it.

It counts from its first right code on, which shows that the app has the seed. A code is used once:
the step of the last one is kept, and none up to it is taken again. Tries are counted for each
account across all doors, and only a right code gives its own try back; three codes in a million
are right at a time, so thirty tries an hour are no way in.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.attempts import AttemptBudgets
from beatrunner.accounts.security_events import SecurityEvent, record
from beatrunner.accounts.sign_ins import Identity, require_alive
from beatrunner.accounts.store import get_account
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.identity import factor_store
from beatrunner.identity.factors import totp
from beatrunner.identity.factors.recovery_codes import hash_recovery_code, make_recovery_codes
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import ConflictError, ForbiddenError
from beatrunner.kit.log import logger
from beatrunner.kit.sealing import CannotOpenError, Sealer, place

WRONG_CODE = "This code does not fit. Wait for the next one, and look at the clock of your phone."

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class NewSeed:
    """For the runner's app: to be typed, and to be shown as a QR code."""

    seed: str
    uri: str


class SecondFactor:
    def __init__(
        self, database: Database, clock: Clock, sealer: Sealer, budgets: AttemptBudgets
    ) -> None:
        self._database = database
        self._clock = clock
        self._sealer = sealer
        self._budgets = budgets

    async def set_up(self, asker: Identity) -> NewSeed:
        """A seed that counts once `confirm` has seen its code. Raises ConflictError."""
        account_id = asker.account_id
        seed = totp.make_seed()
        sealed = self._sealer.seal(seed.encode(), bound_to=_place_of(account_id))
        async with self._database.write() as tx:
            await require_alive(tx, asker, self._clock())
            if not await factor_store.upsert_totp(tx, account_id, sealed):
                raise _is_on()
            account = await get_account(tx, account_id)
        uri = totp.app_uri(seed, account.email or account.display_name)
        return NewSeed(seed, uri)

    async def confirm(self, asker: Identity, code: str, caller: Caller) -> list[str]:
        """Turn it on by its first code; recovery codes, which are never shown again.

        Raises ConflictError, ForbiddenError or TooManyError.
        """
        account_id = asker.account_id
        await self.spend(account_id, caller)
        async with self._database.write() as tx:
            await require_alive(tx, asker, self._clock())
            found = await factor_store.find_totp(tx, account_id)
            if found is None:
                raise ConflictError("Begin with a new QR code.", kind="second-factor-is-off")
            if found.confirmed_at is not None:
                raise _is_on()
            if not await self._use_digits(tx, account_id, found.sealed, code):
                raise ForbiddenError(WRONG_CODE, kind="wrong-code")
            await factor_store.update_totp_confirmed(tx, account_id, self._clock())
            codes = await self._replace_recovery_codes(tx, account_id)
            await record(
                tx, account_id, SecurityEvent.TOTP_TURNED_ON, caller=caller, now=self._clock()
            )
        await self.give_back(account_id, caller)
        return codes

    async def turn_off(self, asker: Identity, caller: Caller) -> None:
        """Raises ConflictError where the password is too short to stand alone."""
        account_id = asker.account_id
        async with self._database.write() as tx:
            await require_alive(tx, asker, self._clock())
            was_on = await factor_store.has_second_factor(tx, account_id)
            if was_on and await factor_store.has_short_password(tx, account_id):
                raise ConflictError(
                    "Your password is too short to sign in by it alone. First set one of at "
                    "least 15 characters.",
                    kind="short-password",
                )
            await factor_store.delete_totp(tx, account_id)
            if was_on:
                await record(
                    tx, account_id, SecurityEvent.TOTP_TURNED_OFF, caller=caller, now=self._clock()
                )

    async def renew_recovery_codes(self, asker: Identity, caller: Caller) -> list[str]:
        """A new set in the place of the old one. Raises ConflictError."""
        account_id = asker.account_id
        async with self._database.write() as tx:
            await require_alive(tx, asker, self._clock())
            if not await factor_store.has_second_factor(tx, account_id):
                raise ConflictError(
                    "Recovery codes stand in for an authenticator app. Set one up first.",
                    kind="second-factor-is-off",
                )
            codes = await self._replace_recovery_codes(tx, account_id)
            await record(
                tx, account_id, SecurityEvent.RECOVERY_CODES_MADE, caller=caller, now=self._clock()
            )
        return codes

    async def require(self, account_id: UUID, code: str, caller: Caller) -> None:
        """Use up a code of who is signed in. Raises ForbiddenError or TooManyError."""
        await self.spend(account_id, caller)
        async with self._database.write() as tx:
            is_right = await self.use(tx, account_id, code, caller)
        if not is_right:
            raise ForbiddenError(WRONG_CODE, kind="wrong-code")
        await self.give_back(account_id, caller)

    async def use(self, tx: AsyncConnection, account_id: UUID, code: str, caller: Caller) -> bool:
        """Use up a code of the app or of the paper, and write down a failure: let the transaction
        be committed either way, and `spend` a try before it.
        """
        found = await factor_store.find_totp(tx, account_id)
        if found is None or found.confirmed_at is None:
            return False
        if await self._use_digits(tx, account_id, found.sealed, code):
            return True
        recovery_hash = hash_recovery_code(account_id, code)
        is_recovery = recovery_hash is not None and await factor_store.update_recovery_code_used(
            tx, account_id, recovery_hash, self._clock()
        )
        if is_recovery:
            left = await factor_store.count_recovery_codes(tx, account_id)
            event, detail = SecurityEvent.RECOVERY_CODE_USED, {"left": left}
        else:
            event, detail = SecurityEvent.SECOND_FACTOR_FAILED, {}
        await record(tx, account_id, event, caller=caller, detail=detail, now=self._clock())
        return is_recovery

    async def spend(self, account_id: UUID, caller: Caller) -> None:
        """Count a try. Raises TooManyError."""
        await self._budgets.spend(caller.peer, _subject_of(account_id))

    async def give_back(self, account_id: UUID, caller: Caller) -> None:
        await self._budgets.give_back(caller.peer, _subject_of(account_id))

    async def _use_digits(
        self, tx: AsyncConnection, account_id: UUID, sealed: bytes, typed: str
    ) -> bool:
        code = totp.digits_of(typed)
        if code is None:
            return False
        try:
            seed = self._sealer.open(sealed, bound_to=_place_of(account_id)).decode()
        except CannotOpenError:
            log.error("second_factor.cannot_open", account=str(account_id))
            return False
        step = totp.find_step(seed, code, self._clock())
        return step is not None and await factor_store.update_totp_step(tx, account_id, step)

    async def _replace_recovery_codes(self, tx: AsyncConnection, account_id: UUID) -> list[str]:
        codes = make_recovery_codes()
        hashes = [found for code in codes if (found := hash_recovery_code(account_id, code))]
        await factor_store.replace_recovery_codes(tx, account_id, hashes)
        return codes


def _place_of(account_id: UUID) -> str:
    return place("totp_factors", account_id, account_id)


def _subject_of(account_id: UUID) -> str:
    # No address is spelt like this.
    return f"second factor of {account_id}"


def _is_on() -> ConflictError:
    return ConflictError("An authenticator app is set up already.", kind="second-factor-is-on")
