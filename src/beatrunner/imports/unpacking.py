"""What runs in a parser's child process before files are read: open what holds files itself.

An archive's files are read where they are. An archive inside it is first written to disk as a
whole, and an Apple Health export, one file of gigabytes, becomes an archive of small files, one
for each workout. From there on everything is an archive on disk.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from beatrunner.codecs.account_export import imported_members
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
_HOLDING_FILES = frozenset({FileKind.ZIP})


@dataclass(frozen=True, slots=True)
class Place:
    """Where the bytes of a file are: in the spool, or in an archive in the spool."""

    spooled: Path
    path: str
    member: Member | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """An archive's table of contents, and what a service wrote about the files in it."""

    #: By their place in the archive's directory.
    members: Mapping[int, Member]
    #: Those that hold files themselves.
    inner: Mapping[int, FileKind]
    tables: Sequence[ExportTable]


def open_archive(
    spooled: Path, name: str, limits: ArchiveLimits = LIMITS, depth: int = 1
) -> Opened | None:
    """None when the file is not an archive. Raises UnreadableFileError.

    Its files are shown below its `name`. `depth` counts the archives on the way, with this one.
    """
    with spooled.open("rb") as file:
        if sniff(file.read(HEAD_BYTES), name) is not FileKind.ZIP:
            return None
        if depth > limits.max_depth:
            raise UnreadableFileError(Refusal.NESTED_TOO_DEEP)
        members = imported_members(file, list_members(file, limits), limits)
        kinds = {member.index: _kind_if_holding(file, member) for member in members}
        tables = [_table(file, m, f"{name}/{m.path}") for m in members if is_export_table(m.path)]
    return Opened(
        members={member.index: member for member in members},
        inner={index: kind for index, kind in kinds.items() if kind is not None},
        tables=[table for table in tables if table is not None],
    )


def open_table(spooled: Path, path: str) -> ExportTable | None:
    """The table of an export that was unpacked; None when the file is none after all."""
    if spooled.stat().st_size > LIMITS.max_member_bytes:
        return None
    return read_export_table(spooled.read_bytes(), path)


def unpack_inner(place: Place, target: Path) -> None:
    """Write an archive that is in an archive to disk. Raises UnreadableFileError."""
    if place.member is None:
        raise ValueError("not in an archive")
    with place.spooled.open("rb") as file, target.open("wb") as unpacked:
        for chunk in member_chunks(file, place.member, LIMITS):
            unpacked.write(chunk)
        unpacked.flush()
        os.fsync(unpacked.fileno())


def _kind_if_holding(file: BinaryIO, member: Member) -> FileKind | None:
    """By its first bytes, of those that may be by their name: looking into all would take long."""
    if PurePosixPath(member.path).suffix.casefold() != ".zip":
        return None
    try:
        kind = sniff(read_head(file, member, LIMITS), member.path)
    except UnreadableFileError:
        return None  # refused when it is read
    return kind if kind in _HOLDING_FILES else None


def _table(file: BinaryIO, member: Member, path: str) -> ExportTable | None:
    try:
        return read_export_table(read_member(file, member, LIMITS), path)
    except UnreadableFileError:
        return None
