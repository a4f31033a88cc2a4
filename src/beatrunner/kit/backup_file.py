"""One file with everything in it, and a list of what that is, so that damage is seen.

A ZIP archive. Its last entry, `manifest.json`, names every other with its size and SHA-256, and
says what the database held. The directory of a ZIP archive is at its end, so one that was cut off
does not even open. It is as secret as what is inside: readable by this user alone, and in its
place only when it is whole.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO

import msgspec

#: Told how many bytes more are done.
Show = Callable[[int], None]

FORMAT = 1
_MANIFEST = "manifest.json"
_MAX_MANIFEST_BYTES = 256 * 1024**2
_AT_ONCE = 1024 * 1024
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError)
#: Nothing else is ever written where a backup is unpacked.
_NAME = re.compile(
    r"database\.sqlite|tables/[a-z_]{1,63}|originals/[0-9a-f]{2}/[0-9a-f]{64}\.zst"
    r"|spool/[0-9a-f-]{36}|secret"
)


class UnreadableBackupError(Exception):
    """The file is no backup, damaged, or of a newer version; said in words."""


class FilePart(msgspec.Struct, frozen=True):
    size_bytes: int
    sha256: str


class TablePart(msgspec.Struct, frozen=True):
    name: str
    rows: int
    #: Empty where the database is a file, which says so itself.
    columns: list[str] = []


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    format: int
    #: Of the product that wrote it.
    version: str
    made_at: datetime
    #: `sqlite` or `postgresql`.
    database: str
    #: What the database was migrated to.
    revision: str
    #: Parents before children.
    tables: list[TablePart]
    files: dict[str, FilePart]

    @property
    def total_bytes(self) -> int:
        return sum(part.size_bytes for part in self.files.values())


class BackupWriter:
    """Entries, one after the other; `finish` makes it a backup."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.files: dict[str, FilePart] = {}

    @contextmanager
    def entry(self, name: str, *, is_packed: bool = False) -> Iterator[Callable[[bytes], None]]:
        """A function that takes the entry's bytes. `is_packed`: they will not get any smaller."""
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        digest, size = hashlib.sha256(), 0
        with self._archive.open(info, "w", force_zip64=True) as file:

            def take(content: bytes) -> None:
                nonlocal size
                size += len(content)
                digest.update(content)
                file.write(content)

            yield take
        self.files[name] = FilePart(size, digest.hexdigest())

    def add_file(self, name: str, path: Path, show: Show, *, is_packed: bool = False) -> None:
        """Raises FileNotFoundError before anything is written."""
        with path.open("rb") as source, self.entry(name, is_packed=is_packed) as take:
            while content := source.read(_AT_ONCE):
                take(content)
                show(len(content))

    def finish(self, manifest: Manifest) -> None:
        self._archive.writestr(_MANIFEST, msgspec.json.encode(manifest))


@contextmanager
def writing_backup(target: Path) -> Iterator[BackupWriter]:
    """In its place when the block ends well; otherwise nothing is left of it."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(
                file, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=1
            ) as archive:
                yield BackupWriter(archive)
            file.flush()
            os.fsync(file.fileno())
        # A link fails where a rename would overwrite.
        os.link(beside, target)
    finally:
        beside.unlink(missing_ok=True)


class BackupReader:
    """Raises UnreadableBackupError wherever the file is not what its manifest says."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.manifest = _read_manifest(archive)

    def verify(self, show: Show) -> None:
        """Read all of it and compare it with the manifest; nothing is written."""
        for name in self.manifest.files:
            self._copy(name, None, show)

    def copy(self, name: str, target: BinaryIO, show: Show) -> None:
        self._copy(name, target, show)

    def chunks(self, name: str, show: Show) -> Iterator[bytes]:
        with self._open(name) as source:
            while content := source.read(_AT_ONCE):
                show(len(content))
                yield content

    def _copy(self, name: str, target: BinaryIO | None, show: Show) -> None:
        digest, size = hashlib.sha256(), 0
        for content in self.chunks(name, show):
            digest.update(content)
            size += len(content)
            if target is not None:
                target.write(content)
        if FilePart(size, digest.hexdigest()) != self.manifest.files[name]:
            raise UnreadableBackupError(f"The backup is damaged: {name} is not as it was written.")

    @contextmanager
    def _open(self, name: str) -> Iterator[IO[bytes]]:
        try:
            with self._archive.open(name) as source:
                yield source
        except (KeyError, *_DAMAGED) as error:
            raise UnreadableBackupError(f"The backup is damaged: {name} ({error}).") from error


@contextmanager
def reading_backup(path: Path) -> Iterator[BackupReader]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise UnreadableBackupError(
            "This is no backup of BeatRunner, or one that was cut off."
        ) from error
    with archive:
        yield BackupReader(archive)


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        if archive.getinfo(_MANIFEST).file_size > _MAX_MANIFEST_BYTES:
            raise UnreadableBackupError("The backup's list of contents is too long to be one.")
        content = archive.read(_MANIFEST)
    except (KeyError, *_DAMAGED) as error:
        raise UnreadableBackupError("This is no backup of BeatRunner.") from error
    try:
        head = msgspec.json.decode(content, type=_Head)
        if head.format > FORMAT:
            raise UnreadableBackupError(
                f"The backup was made by BeatRunner {head.version}, which is newer than this one. "
                "Install that version first."
            )
        manifest = msgspec.json.decode(content, type=Manifest)
    except msgspec.DecodeError as error:
        raise UnreadableBackupError("The backup's list of contents is damaged.") from error
    names = set(archive.namelist()) - {_MANIFEST}
    if names != set(manifest.files) or not all(map(_NAME.fullmatch, names)):
        raise UnreadableBackupError("The backup does not contain what its list says.")
    return manifest


class _Head(msgspec.Struct, frozen=True):
    """What every format will have."""

    format: int
    version: str
