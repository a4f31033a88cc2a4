"""Passwords: which are good enough, and how they are kept.

NIST SP 800-63B-4 asks for 15 characters where a password is the only factor, and no rules about
what they are: a sentence is fine. Kept as Argon2id with OWASP's parameters (19 MiB, two passes).
A hash costs about 50 ms of a core and 19 MiB, so only a few run at once and only so many wait. In
front wait those who tried least of late; where there is no room, whoever tried most is turned away.
So a crowd of guesses, at one address or from one network, keeps nobody else waiting.

Hashes that came from elsewhere may be bcrypt's, and are checked as bcrypt always did: the bytes as
they were typed, and of those the first 72. Whoever signs in with one gets an Argon2id hash of all
that they typed. As long as one is left, every sign-in costs as much as one of bcrypt and one of
Argon2id, whatever the account has and whether there is one: or the time would tell.
"""

from __future__ import annotations

import asyncio
import base64
import os
import re
import unicodedata
from bisect import insort
from collections.abc import Callable
from itertools import count
from typing import Protocol, TypeVar

import argon2
import bcrypt
from argon2.exceptions import InvalidHashError, VerificationError

from beatrunner.accounts.common_passwords import without_common
from beatrunner.kit.errors import RefusedError, TooManyError

T = TypeVar("T")

MIN_CHARACTERS = 15
MIN_CHARACTERS_OF_TWO = 8
MAX_CHARACTERS = 1024

_ARGON2 = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_BCRYPT = re.compile(r"\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}")
_BCRYPT_BYTES = 72

_MIN_DIFFERENT_CHARACTERS = 5
# What the password is for, and rows of keys, of which the list knows parts.
_OWN_WORDS = (
    "beatrunner",
    "correcthorsebatterystaple",
    "1234567890",
    "qwertyuiopasdfghjklzxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
)


def normalize(password: str) -> str:
    """The same characters for the same keys, whatever keyboard and system they come from."""
    return unicodedata.normalize("NFKC", password)


def is_long(password: str) -> bool:
    """Whether it is long enough to be the only factor."""
    return len(normalize(password)) >= MIN_CHARACTERS


def refuse_weak(password: str, email: str, *, is_alone: bool = True) -> None:
    """Raises RefusedError for a password that is too short or that anybody would try first.

    `is_alone`: there is no second factor.
    """
    password = normalize(password)
    least = MIN_CHARACTERS if is_alone else MIN_CHARACTERS_OF_TWO
    if len(password) < least:
        raise RefusedError(
            f"Use at least {least} characters. A sentence is fine.", kind="weak-password"
        )
    password, email = password.casefold(), email.casefold()
    for word in (*_OWN_WORDS, email, email.partition("@")[0]):
        password = password.replace(word, "")
    if len(set(without_common(password))) < _MIN_DIFFERENT_CHARACTERS:
        raise RefusedError(
            "This password is easy to guess. A sentence of your own is better.",
            kind="weak-password",
        )


def is_outdated(password_hash: str) -> bool:
    """Whether it should be made anew once the password is known."""
    return not password_hash.startswith("$argon2id$") or _ARGON2.check_needs_rehash(password_hash)


class StolenPasswords(Protocol):
    """A list of passwords that were stolen somewhere and are tried everywhere."""

    async def holds(self, password: str) -> bool: ...


class PasswordHasher:
    def __init__(
        self, at_once: int, stolen: StolenPasswords | None = None, *, waiting: int = 64
    ) -> None:
        """`waiting`: so many at most, with those whose turn it is."""
        self._stolen = stolen
        self._free = at_once
        self._max_waiting = waiting - at_once
        self._numbers = count()
        #: Tries, number and turn of each who waits, in this order.
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        # No password has this hash; checking against it takes as long as any other check.
        self._nobodys = "$argon2id$v=19$m=19456,t=2,p=1${}${}".format(
            *(base64.b64encode(os.urandom(size)).decode().rstrip("=") for size in (16, 32))
        )

    async def hash(self, password: str, *, tries: int = 1) -> str:
        """`tries`: those of late, with this one, of whoever asks (`AttemptBudgets.spend`). Raises
        TooManyError when too many others are waiting who have tried less.
        """
        return await self._in_turn(tries, lambda: _ARGON2.hash(normalize(password)))

    async def hash_new(self, password: str, *, tries: int = 1) -> str:
        """`hash` of a password that somebody takes just now.

        Raises RefusedError where it is known to be stolen, or TooManyError.
        """
        if self._stolen is not None and await self._stolen.holds(normalize(password)):
            raise RefusedError(
                "This password was stolen somewhere, from you or from somebody else, and is tried"
                " everywhere since. Take another.",
                kind="stolen-password",
            )
        return await self.hash(password, tries=tries)

    async def verify(
        self,
        password: str,
        password_hash: str | None,
        *,
        dearest_bcrypt: str | None = None,
        tries: int = 1,
    ) -> bool:
        """False after the same work where there is no hash. Raises TooManyError like `hash`.

        `dearest_bcrypt`: of the hashes that bcrypt made, one of the highest cost; None without any.
        """
        alike = self._alike(password_hash, dearest_bcrypt)
        # All of them, and not until one matches.
        answers = await self._in_turn(tries, lambda: [self.matches(password, one) for one in alike])
        return answers[0]

    def matches(self, password: str, password_hash: str) -> bool:
        """One check, here and now."""
        try:
            if _BCRYPT.fullmatch(password_hash):
                return bcrypt.checkpw(password.encode()[:_BCRYPT_BYTES], password_hash.encode())
            return _ARGON2.verify(password_hash, normalize(password))
        except (VerificationError, InvalidHashError, ValueError):
            return False

    def _alike(self, password_hash: str | None, dearest_bcrypt: str | None) -> list[str]:
        """The hash to check, and nobody's beside it: always one of Argon2id, and of bcrypt as many
        rounds in all as the dearest has, since each step of its cost doubles them.
        """
        most, own = _bcrypt_cost(dearest_bcrypt), _bcrypt_cost(password_hash)
        if most is None:
            return [password_hash or self._nobodys]
        if own is None:
            return [password_hash or self._nobodys, _nobodys_bcrypt(most)]
        return [password_hash or "", *map(_nobodys_bcrypt, range(own, most)), self._nobodys]

    async def _in_turn(self, tries: int, work: Callable[[], T]) -> T:
        turn = self._queue(tries)
        try:
            await turn
            return await asyncio.to_thread(work)
        finally:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._call_next()

    def _queue(self, tries: int) -> asyncio.Future[None]:
        """Done when it is one's turn; fails when there is no room."""
        turn = asyncio.get_running_loop().create_future()
        if self._free:
            self._free -= 1
            turn.set_result(None)
            return turn
        insort(self._waiting, (tries, next(self._numbers), turn))
        if len(self._waiting) > self._max_waiting:
            *_, last = self._waiting.pop()
            if not last.done():
                last.set_exception(
                    TooManyError(2, "Many people are signing in right now. Try again in a moment.")
                )
        return turn

    def _call_next(self) -> None:
        while self._waiting:
            *_, turn = self._waiting.pop(0)
            if not turn.done():  # it was not given up
                turn.set_result(None)
                return
        self._free += 1


def _bcrypt_cost(password_hash: str | None) -> int | None:
    """12 of `$2b$12$…`; None of another kind of hash."""
    found = _BCRYPT.fullmatch(password_hash or "")
    return None if found is None else int(found[1])


def _nobodys_bcrypt(cost: int) -> str:
    return bcrypt.gensalt(cost).decode() + "." * 31
