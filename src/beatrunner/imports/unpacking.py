"""What runs in a parser's child process before files are read: open what holds files itself.

An archive's files are read where they are. An archive inside it is first written to disk as a
whole, and an Apple Health export, one file of gigabytes, becomes an archive of small files, one
for each workout. From there on everything is an archive on disk.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from beatrunner.codecs.account_export import imported_members
from beatrunner.codecs.apple_health import Split, split_export
from beatrunner.codecs.archive import (
    ArchiveLimits,
    Member,
    list_members,
    member_chunks,
    read_head,
    read_member,
)
from beatrunner.codecs.export_table import ExportTable, is_export_table, read_export_table
from beatrunner.codecs.sniff import HEAD_BYTES, FileKind, sniff
from beatrunner.core.refusals import Refusal, UnreadableFileError

LIMITS = ArchiveLimits()
_KINDS_BY_SUFFIX = {".zip": FileKind.ZIP, ".xml": FileKind.APPLE_HEALTH}
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where the bytes of a file are: in the spool, or in an archive in the spool."""

    spooled: Path
    path: str
    member: Member | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """An archive's table of contents, and what a service wrote about the files in it.

    A health export that comes alone is opened as if it were the only file of an archive.
    """

    #: By their place in the archive's directory.
    members: Mapping[int, Member]
    #: Those that hold files themselves.
    inner: Mapping[int, FileKind]
    tables: Sequence[ExportTable] = ()

    @property
    def inner_bytes(self) -> int:
        """What its archives will take on disk."""
        archives = [index for index, kind in self.inner.items() if kind is FileKind.ZIP]
        return sum(self.members[index].size_bytes for index in archives)


def open_archive(
    spooled: Path, name: str, limits: ArchiveLimits = LIMITS, depth: int = 1
) -> Opened | None:
    """None when the file is not an archive. Raises UnreadableFileError.

    Its files are shown below its `name`. `depth` counts the archives on the way, with this one.
    """
    with spooled.open("rb") as file:
        kind = sniff(file.read(HEAD_BYTES), name)
        if kind is FileKind.APPLE_HEALTH:
            return Opened({}, {0: kind})
        if kind is not FileKind.ZIP:
            return None
        if depth > limits.max_depth:
            raise UnreadableFileError(Refusal.NESTED_TOO_DEEP)
        members = imported_members(file, list_members(file, limits), limits)
        kinds = {member.index: _kind_if_holding(file, member) for member in members}
        tables = [_table(file, m, f"{name}/{m.path}") for m in members if is_export_table(m.path)]
    opened = Opened(
        members={member.index: member for member in members},
        inner={index: kind for index, kind in kinds.items() if kind is not None},
        tables=[table for table in tables if table is not None],
    )
    if opened.inner_bytes > limits.max_inner_bytes:
        raise UnreadableFileError(Refusal.TOO_LARGE, f"{opened.inner_bytes} bytes of archives")
    return opened


def open_table(spooled: Path, path: str) -> ExportTable | None:
    """The table of an export that was unpacked; None when the file is none after all."""
    if spooled.stat().st_size > LIMITS.max_member_bytes:
        return None
    return read_export_table(spooled.read_bytes(), path)


def unpack_inner(place: Place, target: Path) -> None:
    """Write an archive that is in an archive to disk. Raises UnreadableFileError."""
    with target.open("wb") as unpacked:
        for chunk in _chunks(place):
            unpacked.write(chunk)
        _make_durable(unpacked)


def split_health(place: Place, beside: Mapping[str, Place], target: Path) -> Split:
    """Make a health export an archive of workouts. `beside` it, by their paths, lie its routes.

    Raises UnreadableFileError.
    """

    def find_route(path: str) -> bytes | None:
        if path not in beside:
            return None
        try:
            return bytes_of(beside[path])
        except UnreadableFileError:
            return None

    with (
        target.open("w+b") as archive,
        tempfile.TemporaryFile(dir=target.parent) as scratch,
    ):
        split = split_export(lambda: _chunks(place), find_route, scratch, archive)
        _make_durable(archive)
    return split


def bytes_of(place: Place) -> bytes:
    """Of what is read as a whole. Raises UnreadableFileError."""
    if place.member is None:
        return place.spooled.read_bytes()
    with place.spooled.open("rb") as file:
        return read_member(file, place.member, LIMITS)


def head_of(place: Place) -> bytes:
    """At least enough to recognise it by. Raises UnreadableFileError."""
    with place.spooled.open("rb") as file:
        return file.read(HEAD_BYTES) if not place.member else read_head(file, place.member, LIMITS)


def _chunks(place: Place) -> Iterator[bytes]:
    with place.spooled.open("rb") as file:
        if place.member is None:
            while chunk := file.read(_CHUNK_BYTES):
                yield chunk
        else:
            yield from member_chunks(file, place.member, LIMITS)


def _make_durable(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _kind_if_holding(file: BinaryIO, member: Member) -> FileKind | None:
    """By its first bytes, of those that may be by their name: looking into all would take long."""
    expected = _KINDS_BY_SUFFIX.get(PurePosixPath(member.path).suffix.casefold())
    if expected is None:
        return None
    try:
        kind = sniff(read_head(file, member, LIMITS), member.path)
    except UnreadableFileError:
        return None  # refused when it is read
    return kind if kind is expected else None


def _table(file: BinaryIO, member: Member, path: str) -> ExportTable | None:
    try:
        return read_export_table(read_member(file, member, LIMITS), path)
    except UnreadableFileError:
        return None
