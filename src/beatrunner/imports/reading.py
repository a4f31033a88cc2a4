"""What runs in a parser's child process: unpack, recognise, read.

Nothing here touches the database. A spooled file is opened by path; what goes back to the parent
is small, except the original bytes of a run that will be kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from beatrunner.codecs.archive import ArchiveLimits, Member, gunzip, list_members, read_member
from beatrunner.codecs.sniff import FileKind, sniff
from beatrunner.codecs.strava_export import StravaActivity, read_activities_csv
from beatrunner.core.refusals import Refusal, UnreadableFileError
from beatrunner.imports.outcomes import Reader

_HEAD = 4096
_LIMITS = ArchiveLimits()


@dataclass(frozen=True, slots=True)
class StravaTable:
    """What Strava's `activities.csv` says about files, by the paths under which they are shown."""

    by_path: Mapping[str, StravaActivity]
    #: Those the files lie in.
    folders: frozenset[PurePosixPath]

    @classmethod
    def read(cls, data: bytes, path: str) -> StravaTable | None:
        """The table that is shown as `path`; None when it is another one, or damaged.

        Without it the runs are there all the same, if without their names.
        """
        try:
            by_name = read_activities_csv(data)
        except UnreadableFileError:
            return None
        folder, slash, _ = path.rpartition("/")
        by_path = {f"{folder}{slash}{name}": about for name, about in by_name.items()}
        return cls(by_path, frozenset(PurePosixPath(known).parent for known in by_path))

    def covers(self, path: str) -> bool:
        """Whether the file lies among those of the table, so in the same export."""
        return PurePosixPath(path).parent in self.folders


@dataclass(frozen=True, slots=True)
class Opened:
    """An archive's table of contents, and what Strava wrote about the files in it."""

    #: By their place in the archive's directory.
    members: Mapping[int, Member]
    strava: StravaTable | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the bytes of a file are: in the spool, or in an archive in the spool."""

    spooled: Path
    path: str
    member: Member | None = None


@dataclass(frozen=True, slots=True)
class FileContent:
    """`content` is what the reader of this kind made of the file; None when nobody reads it."""

    kind: FileKind
    sha256: str
    original: bytes | None
    content: Any


def open_archive(spooled: Path, name: str) -> Opened | None:
    """None when the file is not an archive. Raises UnreadableFileError.

    Its files are shown below its `name`.
    """
    with spooled.open("rb") as file:
        if sniff(file.read(_HEAD), name) is not FileKind.ZIP:
            return None
        found = list_members(file, _LIMITS)
        members = {member.index: member for member in found}
        table = next((m for m in found if is_strava_table(m.path)), None)
        if table is None:
            return Opened(members, None)
        try:
            data = read_member(file, table, _LIMITS)
        except UnreadableFileError:
            return Opened(members, None)
        return Opened(members, StravaTable.read(data, f"{name}/{table.path}"))


def is_strava_table(path: str) -> bool:
    """Whether the file may be Strava's table, by its name."""
    return sniff(b"", path) is FileKind.STRAVA_ACTIVITIES


def open_strava_table(spooled: Path, path: str) -> StravaTable | None:
    """The table of an export that was unpacked; None when the file is none after all."""
    if spooled.stat().st_size > _LIMITS.max_member_bytes:
        return None
    return StravaTable.read(spooled.read_bytes(), path)


def read_file(
    place: Place, readers: Mapping[FileKind, Reader], keep_original: frozenset[FileKind]
) -> FileContent:
    """Raises UnreadableFileError."""
    if _size_of(place) > _LIMITS.max_member_bytes:
        if sniff(b"", place.path) is FileKind.NOTHING:
            return FileContent(FileKind.NOTHING, "", None, None)  # a film
        raise UnreadableFileError(Refusal.TOO_LARGE)
    data = _bytes_of(place)
    if not data:
        raise UnreadableFileError(Refusal.EMPTY)
    kind = sniff(data[:_HEAD], place.path)
    if kind is FileKind.GZIP:
        data = gunzip(data, _LIMITS)
        kind = sniff(data[:_HEAD], place.path.removesuffix(".gz"))
    if kind in {FileKind.ZIP, FileKind.GZIP}:
        raise UnreadableFileError(Refusal.NESTED_TOO_DEEP)
    reader = readers.get(kind)
    return FileContent(
        kind=kind,
        sha256=hashlib.sha256(data).hexdigest(),
        original=data if kind in keep_original else None,
        content=None if reader is None else reader(data),
    )


def _size_of(place: Place) -> int:
    return place.spooled.stat().st_size if place.member is None else place.member.size_bytes


def _bytes_of(place: Place) -> bytes:
    if place.member is None:
        return place.spooled.read_bytes()
    with place.spooled.open("rb") as file:
        return read_member(file, place.member, _LIMITS)
