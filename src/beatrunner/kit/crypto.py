"""The server's one secret, and the keys derived from it.

Every purpose has its own key (HKDF-SHA256), so that what is signed for one can never be taken
for another. The secret is a setting, or a file that the first process to need it writes.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from beatrunner.kit.settings import Settings

_FILE = "secret"
_BYTES = 32


class ServerSecret:
    def __init__(self, secret: bytes) -> None:
        if len(secret) < _BYTES:
            raise ValueError(f"a server secret has at least {_BYTES} bytes")
        self._secret = secret

    @classmethod
    def of(cls, settings: Settings) -> ServerSecret:
        """The secret of the settings, else of the data folder, made on first use."""
        if settings.secret_key is not None:
            return cls(settings.secret_key.encode())
        return cls(_read_or_create(secret_file(settings)))

    def derive_key(self, purpose: str) -> bytes:
        """32 bytes that are always the same for `purpose`, and tell nothing of the secret."""
        return HKDF(SHA256(), length=_BYTES, salt=None, info=purpose.encode()).derive(self._secret)


def secret_file(settings: Settings) -> Path:
    """Where the secret is, unless the settings have it."""
    return settings.folder / _FILE


def _read_or_create(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # mkstemp makes the file readable by its owner alone.
    handle, new = tempfile.mkstemp(dir=path.parent, prefix=".new-secret-")
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link fails where a rename would overwrite: of two processes one wins, and both
        # read the same whole file.
        os.link(new, path)
    except FileExistsError:
        pass
    finally:
        Path(new).unlink()
    return path.read_bytes()
