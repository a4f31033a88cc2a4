"""What runs in a parser's child process: unpack one file, recognise it, read it.

Nothing here touches the database. A spooled file is opened by path; what goes back to the parent
is small, except the original bytes of a run that will be kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from beatrunner.codecs.archive import gunzip
from beatrunner.codecs.sniff import HEAD_BYTES, FileKind, sniff
from beatrunner.core.refusals import Refusal, UnreadableFileError
from beatrunner.imports.outcomes import Reader
from beatrunner.imports.unpacking import LIMITS, Place, bytes_of, head_of


@dataclass(frozen=True, slots=True)
class FileContent:
    """`content` is what the reader of this kind made of the file; None when nobody reads it."""

    kind: FileKind
    sha256: str
    original: bytes | None
    content: Any


def read_file(
    place: Place, readers: Mapping[FileKind, Reader], keep_original: frozenset[FileKind]
) -> FileContent:
    """Raises UnreadableFileError."""
    if _size_of(place) > LIMITS.max_member_bytes:
        if sniff(head_of(place), place.path) is FileKind.NOTHING:
            return FileContent(FileKind.NOTHING, "", None, None)  # a film
        raise UnreadableFileError(Refusal.TOO_LARGE)
    data = bytes_of(place)
    if not data:
        raise UnreadableFileError(Refusal.EMPTY)
    kind = sniff(data[:HEAD_BYTES], place.path)
    if kind is FileKind.GZIP:
        data = gunzip(data, LIMITS)
        kind = sniff(data[:HEAD_BYTES], place.path.removesuffix(".gz"))
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
