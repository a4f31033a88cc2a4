"""Codes on paper, for who has lost the telephone with the authenticator app.

A code has 80 random bits, so a plain hash tells nobody what it was. It is bound to its account.
Letters and digits are Crockford's: whoever reads an O or a small l writes the digit all the same.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from uuid import UUID

HOW_MANY = 10

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_CHARACTERS = 16
_GROUP = 4
_FORM = re.compile(f"[{_ALPHABET}]{{{_CHARACTERS}}}")
_READ_AS = str.maketrans({"o": "0", "i": "1", "l": "1", "-": None, " ": None})


def make_recovery_codes() -> list[str]:
    """A new set, as it is shown: `7k2m-0qxw-…`."""
    return [_make() for _ in range(HOW_MANY)]


def hash_recovery_code(account_id: UUID, typed: str) -> str | None:
    """What is kept of a code; None where none looks like this."""
    code = typed.strip().lower().translate(_READ_AS)
    if _FORM.fullmatch(code) is None:
        return None
    return hashlib.sha256(account_id.bytes + code.encode()).hexdigest()


def _make() -> str:
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CHARACTERS))
    return "-".join(code[at : at + _GROUP] for at in range(0, _CHARACTERS, _GROUP))
