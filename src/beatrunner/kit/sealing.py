"""Secrets of runners that have to be read again, such as the seed of an authenticator app.

AES-256-GCM. What is stored is

    version (1 byte, 0x01) | kid (8) | nonce (12, random) | ciphertext and tag

and the associated data are version, kid and the place that it was sealed for (`bound_to`): the
row, its account and its provider. So a changed bit is found, and a sealed secret that was moved to
another row opens nowhere. Random nonces are good for 2^32 secrets by one key, which is more
runners than there are.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from beatrunner.kit.crypto import KID_BYTES, ServerSecret
from beatrunner.kit.keyring import Keyring

_VERSION = b"\x01"
#: Version and kid: by which secret something was sealed, without opening it.
HEAD_BYTES = len(_VERSION) + KID_BYTES
_NONCE_BYTES = 12
_TAG_BYTES = 16
_PURPOSE = "sealed-secrets"


class CannotOpenError(Exception):
    """What was sealed is not what it was, not where it was, or its secret is gone."""


def place(table: str, row: object, account: object = "", provider: str = "") -> str:
    """What a secret in a row is bound to; `row` is the row's primary key."""
    return f"{table}|{row}|{account}|{provider}"


class Sealer:
    def __init__(self, ring: Keyring) -> None:
        self._ring = ring

    @property
    def head(self) -> bytes:
        """What everything begins with that is sealed now."""
        return _head(self._ring.current)

    def seal(self, plain: bytes, *, bound_to: str) -> bytes:
        secret = self._ring.current
        head, nonce = _head(secret), os.urandom(_NONCE_BYTES)
        sealed = _cipher(secret).encrypt(nonce, plain, head + bound_to.encode())
        return head + nonce + sealed

    def open(self, sealed: bytes, *, bound_to: str) -> bytes:
        """Raises CannotOpenError, whatever is wrong."""
        head, rest = sealed[:HEAD_BYTES], sealed[HEAD_BYTES:]
        secret = self._ring.find(head[len(_VERSION) :])
        if not head.startswith(_VERSION) or len(rest) < _NONCE_BYTES + _TAG_BYTES:
            raise CannotOpenError("This was not sealed here.")
        if secret is None:
            raise CannotOpenError(f"The secret {head[len(_VERSION) :].hex()} is gone.")
        nonce, content = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
        try:
            return _cipher(secret).decrypt(nonce, content, head + bound_to.encode())
        except InvalidTag as error:
            raise CannotOpenError("This was changed, or was sealed for another place.") from error


def _head(secret: ServerSecret) -> bytes:
    return _VERSION + secret.kid


def _cipher(secret: ServerSecret) -> AESGCM:
    return AESGCM(secret.derive_key(_PURPOSE))
