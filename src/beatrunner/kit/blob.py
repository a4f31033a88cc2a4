"""Original files, kept under the hash of their content in a folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Protocol

import zstandard

from beatrunner.kit.whole_file import write_whole


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
        write_whole(path, zstandard.compress(content))

    def get(self, sha256: str) -> bytes:
        """Raises FileNotFoundError."""
        return zstandard.decompress(self._path(sha256).read_bytes())

    def delete(self, sha256: str) -> None:
        self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        if not re.fullmatch("[0-9a-f]{64}", sha256):
            raise ValueError("not a SHA-256 in hexadecimal")
        return self._folder / sha256[:2] / f"{sha256}.zst"
