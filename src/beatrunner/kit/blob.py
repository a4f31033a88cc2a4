"""Original files, kept under the hash of their content in a folder."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Protocol

import zstandard


class BlobStore(Protocol):
    def put(self, sha256: str, content: bytes) -> None: ...
    def get(self, sha256: str) -> bytes: ...
    def delete(self, sha256: str) -> None: ...


class FolderBlobStore:
    """`<folder>/ab/abcdef….zst`; a blob is either whole or absent, also after a power cut."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, sha256: str, content: bytes) -> None:
        path = self._path(sha256)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
            file.write(zstandard.compress(content))
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)

    def get(self, sha256: str) -> bytes:
        """Raises FileNotFoundError."""
        return zstandard.decompress(self._path(sha256).read_bytes())

    def delete(self, sha256: str) -> None:
        self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not sha256.isalnum():
            raise ValueError("not a SHA-256 in hexadecimal")
        return self._folder / sha256[:2] / f"{sha256}.zst"
