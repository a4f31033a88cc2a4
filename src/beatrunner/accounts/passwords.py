"""Passwords: which are good enough, and how they are kept.

NIST SP 800-63B-4 asks for 15 characters where a password is the only factor, and no rules about
what they are: a sentence is fine. Kept as Argon2id with OWASP's parameters (19 MiB, two passes).
A hash costs about 50 ms of a core and 19 MiB, so only a few run at once and only so many wait.
"""

from __future__ import annotations

import asyncio
import base64
import os
import unicodedata
from collections.abc import Callable
from typing import TypeVar

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from beatrunner.kit.errors import RefusedError, TooManyError

T = TypeVar("T")

MIN_CHARACTERS = 15
MAX_CHARACTERS = 1024

_MIN_DIFFERENT_CHARACTERS = 5
_COMMONPLACE = (
    "beatrunner",
    "correcthorsebatterystaple",
    "password",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertyuiop",
    "qwertzuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwerty",
    "abcdefghijklmnopqrstuvwxyz",
    "1q2w3e4r5t6y",
    "1234567890",
    "123456789",
    "12345",
    "letmein",
    "iloveyou",
    "welcome",
    "admin",
)


def normalize(password: str) -> str:
    """The same characters for the same keys, whatever keyboard and system they come from."""
    return unicodedata.normalize("NFKC", password)


def refuse_weak(password: str, email: str) -> None:
    """Raises RefusedError for a password that is too short or that anybody would try first."""
    password = normalize(password).casefold()
    if len(password) < MIN_CHARACTERS:
        raise RefusedError(
            f"Use at least {MIN_CHARACTERS} characters. A sentence is fine.", kind="weak-password"
        )
    email = email.casefold()
    for word in (*_COMMONPLACE, email, email.partition("@")[0]):
        password = password.replace(word, "")
    if len(set(password)) < _MIN_DIFFERENT_CHARACTERS:
        raise RefusedError(
            "This password is easy to guess. A sentence of your own is better.",
            kind="weak-password",
        )


class PasswordHasher:
    def __init__(self, at_once: int, *, waiting: int = 64) -> None:
        self._argon2 = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._turn = asyncio.Semaphore(at_once)
        self._max_waiting = waiting
        self._waiting = 0
        # No password has this hash; checking against it takes as long as any other check.
        self._nobodys = "$argon2id$v=19$m=19456,t=2,p=1${}${}".format(
            *(base64.b64encode(os.urandom(size)).decode().rstrip("=") for size in (16, 32))
        )

    async def hash(self, password: str) -> str:
        """Raises TooManyError when too many others are waiting."""
        return await self._in_turn(lambda: self._argon2.hash(normalize(password)))

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """False after the same time where there is no hash. Raises TooManyError like `hash`."""
        return await self._in_turn(lambda: self._matches(password, password_hash or self._nobodys))

    def _matches(self, password: str, password_hash: str) -> bool:
        try:
            return self._argon2.verify(password_hash, normalize(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _in_turn(self, work: Callable[[], T]) -> T:
        if self._waiting >= self._max_waiting:
            raise TooManyError(2, "Many people are signing in right now. Try again in a moment.")
        self._waiting += 1
        try:
            async with self._turn:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1
