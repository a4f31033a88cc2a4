"""What anybody tries first: the 30,000 commonest passwords, as `zxcvbn` brings them along."""

from __future__ import annotations

from collections.abc import Set
from functools import cache

# Shorter ones are parts of all sorts of words.
_LEAST = 5


@cache
def _commonest() -> Set[str]:
    # Only who makes an account waits for this, once: it takes 40 ms.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(word for word in FREQUENCY_LISTS["passwords"] if len(word) >= _LEAST)


@cache
def _sizes() -> tuple[int, ...]:
    return tuple(sorted({len(word) for word in _commonest()}, reverse=True))


def without_common(password: str) -> str:
    """What is left of it (in small letters) once all common ones are taken out, longest first."""
    commonest = _commonest()
    for size in _sizes():
        at = 0
        while at + size <= len(password):
            piece = password[at : at + size]
            if piece in commonest:
                password = password.replace(piece, "")
            else:
                at += 1
    return password
