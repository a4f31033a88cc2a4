"""Codes that go by mail and are typed in.

Eight digits, five tries, a quarter of an hour: who guesses opens one in twenty million. That is
too few for a plain hash, which could be searched through, so the database keeps a keyed one, made
with the row's id: a code fits where it was made for, and nowhere else.
"""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from beatrunner.kit.errors import ForbiddenError
from beatrunner.kit.keyring import Keyring

LIFETIME = timedelta(minutes=15)
MOST_TRIES = 5

_DIGITS = 8
_SEPARATORS = str.maketrans("", "", " -\t")


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits for a code."""

    id: UUID
    expires_at: datetime


class Codes:
    def __init__(self, ring: Keyring) -> None:
        self._ring = ring

    def hash(self, row_id: UUID, code: str) -> str:
        return self._hashes(row_id, code)[0]

    def fits(self, row_id: UUID, code: str, code_hash: str) -> bool:
        return any(hmac.compare_digest(one, code_hash) for one in self._hashes(row_id, code))

    def _hashes(self, row_id: UUID, code: str) -> list[str]:
        plain = unicodedata.normalize("NFKC", code).translate(_SEPARATORS)
        return self._ring.hashes("mailed-codes", f"{row_id}|{plain}")


def make_code() -> str:
    return f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"


def shown(code: str) -> str:
    """`1234 5678`, as people read digits."""
    return f"{code[:4]} {code[4:]}"


def hash_of_no_code() -> str:
    """As long as any other, and nothing that is typed has it."""
    return secrets.token_hex(32)


class WrongCodeError(ForbiddenError):
    """Wrong, run out, used, tried too often, or never there: nobody is told which."""

    kind = "wrong-code"
    title = "This code is wrong, or no longer good."
