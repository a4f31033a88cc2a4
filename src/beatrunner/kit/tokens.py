"""What is kept of a token that opens a door: its hash alone.

A token is so many random bits that nobody guesses their way back from its SHA-256, so it needs
neither a slow hash nor a key.
"""

from __future__ import annotations

import hashlib


def token_hash(token: str) -> str:
    """In hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()
