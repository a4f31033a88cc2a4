"""The server's secrets: the current one, by which whatever is new is signed and sealed, and older
ones, by which what was made before can still be read.

They come from the settings, or from the file `secret` in the data folder, which the first process
that needs it writes. The file is replaced as a whole, and every use looks first whether it was
(a `stat`, some microseconds): so no process seals by a secret that another has already replaced,
and none meets something made by a secret that it could not know.

The first secret of all is kept for what must never change, such as where shared runs are cut; once
forgotten it signs and opens nothing.
"""

from __future__ import annotations

import fcntl
import hmac
import os
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from beatrunner.kit.crypto import SECRET_BYTES, ServerSecret
from beatrunner.kit.settings import Settings
from beatrunner.kit.whole_file import write_whole

_FILE = "secret"
#: How a file of several secrets begins. One of an earlier version is the bare secret.
_FORM = b'{"secrets":'


class KeptSecret(msgspec.Struct, frozen=True):
    """A secret as the file has it; without times in a file of an earlier version."""

    secret: bytes
    made_at: datetime | None = None
    #: When a newer one took its place.
    replaced_at: datetime | None = None

    def __repr__(self) -> str:
        return f"KeptSecret({self.kid.hex()})"

    @property
    def kid(self) -> bytes:
        return ServerSecret(self.secret).kid


class _File(msgspec.Struct, frozen=True):
    #: The current one first.
    secrets: list[KeptSecret]
    first: bytes


class Keyring:
    def __init__(self, found: Sequence[ServerSecret], *, first: ServerSecret | None = None) -> None:
        """The current secret before older ones."""
        self._file: Path | None = None
        self._seen: tuple[int, ...] = ()
        self._take(found, first)

    @classmethod
    def of(cls, settings: Settings) -> Keyring:
        """The secrets of the settings, else of the data folder, the first made on first use."""
        if settings.secret_key is not None:
            words = (settings.secret_key, *settings.older_secret_keys)
            first = settings.first_secret_key
            return cls(
                [ServerSecret(word.encode()) for word in words],
                first=None if first is None else ServerSecret(first.encode()),
            )
        return cls.of_file(secret_file(settings))

    @classmethod
    def of_file(cls, path: Path) -> Keyring:
        """The secrets of a file, which is made where there is none, and read again when it is
        another."""
        _make(path)
        ring = cls([])
        ring._file = path
        ring._look()
        return ring

    @property
    def current(self) -> ServerSecret:
        """Ask each time: it may have been replaced since."""
        return self.secrets[0]

    @property
    def secrets(self) -> tuple[ServerSecret, ...]:
        """The current one first."""
        self._look()
        return self._secrets

    @property
    def first(self) -> ServerSecret:
        """The same for ever, whatever is rotated or forgotten. For nothing that lets anybody in."""
        self._look()
        return self._first or self._secrets[-1]

    def find(self, kid: bytes) -> ServerSecret | None:
        """The secret of exactly this id."""
        self._look()
        return self._by_kid.get(kid)

    def hash(self, purpose: str, value: str) -> str:
        """A keyed hash to store in the place of a value that is too short for a plain one."""
        return self.hashes(purpose, value)[0]

    def hashes(self, purpose: str, value: str) -> list[str]:
        """What may have been stored of this value, by whichever secret; the current one first."""
        return [
            hmac.digest(secret.derive_key(purpose), value.encode(), "sha256").hex()
            for secret in self.secrets
        ]

    def _look(self) -> None:
        if self._file is None:
            return
        try:
            found = self._file.stat()
        except OSError:
            # Taken away beneath a running process: what is known holds until it ends.
            return
        seen = (found.st_ino, found.st_mtime_ns, found.st_size)
        if seen != self._seen:
            kept = _read(self._file)
            self._take([ServerSecret(one.secret) for one in kept.secrets], ServerSecret(kept.first))
            self._seen = seen

    def _take(self, found: Sequence[ServerSecret], first: ServerSecret | None) -> None:
        self._secrets = tuple(found)
        self._by_kid = {secret.kid: secret for secret in found}
        self._first = first


def secret_file(settings: Settings) -> Path:
    """Where the secrets are, unless the settings have them."""
    return settings.folder / _FILE


def read_secrets(path: Path) -> list[KeptSecret]:
    """The current one first. Raises ValueError where the file is none of ours, or OSError."""
    return _read(path).secrets


def rotate(path: Path, now: datetime) -> KeptSecret:
    """Put a new secret before those of the file; the new one."""
    with _changing(path):
        found = _read(path)
        before, *older = found.secrets
        made = KeptSecret(secrets.token_bytes(SECRET_BYTES), made_at=now)
        replaced = msgspec.structs.replace(before, replaced_at=now)
        _write(path, _File([made, replaced, *older], found.first))
    return made


def forget(path: Path, kids: Sequence[bytes]) -> None:
    """Leave these secrets out of the file from now on. The current one stays, whatever is said."""
    with _changing(path):
        found = _read(path)
        current, *older = found.secrets
        kept = [one for one in older if one.kid not in kids]
        _write(path, _File([current, *kept], found.first))


def _read(path: Path) -> _File:
    content = path.read_bytes()
    if not content.startswith(_FORM):
        return _File([KeptSecret(content)], content)
    found = msgspec.json.decode(content, type=_File)
    if not found.secrets:
        raise ValueError(f"{path} has no secret in it")
    return found


def _write(path: Path, found: _File) -> None:
    write_whole(path, msgspec.json.encode(found))


@contextmanager
def _changing(path: Path) -> Iterator[None]:
    """One process at a time."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _make(path: Path) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # mkstemp makes the file readable by its owner alone.
    handle, new = tempfile.mkstemp(dir=path.parent, prefix=".new-secret-")
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(SECRET_BYTES))
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
