"""A secret of the server, and the keys derived from it.

Every purpose has its own key (HKDF-SHA256), so that what is signed for one can never be taken
for another.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SECRET_BYTES = 32
KID_BYTES = 8


class ServerSecret:
    def __init__(self, secret: bytes) -> None:
        if len(secret) < SECRET_BYTES:
            raise ValueError(f"a server secret has at least {SECRET_BYTES} bytes")
        self._secret = secret
        self._derived: dict[str, bytes] = {}
        #: What says by which secret something was made; it tells nothing of the secret.
        self.kid = self.derive_key("kid")[:KID_BYTES]

    def __repr__(self) -> str:
        return f"ServerSecret({self.kid.hex()})"

    def derive_key(self, purpose: str) -> bytes:
        """32 bytes that are always the same for `purpose`, and tell nothing of the secret."""
        if purpose not in self._derived:
            derivation = HKDF(SHA256(), length=SECRET_BYTES, salt=None, info=purpose.encode())
            self._derived[purpose] = derivation.derive(self._secret)
        return self._derived[purpose]
