"""The ZIP of a whole account: how its files are called, and how the parts of its tables are read.

    beatrunner.json            the manifest: format, what is in it, what was left out and why
    data/001-accounts.jsonl    tables in parts of some thousand rows; a part's first line says of
    data/002-tracks.jsonl      which table, each further line is a row (`db.portable`)
    originals/<sha256>.fit     the files that were imported, by the hash of their content
    runs/, listens.jsonl, …    for other programs; nobody here reads these

Whoever imports it takes the parts in the order of the manifest, then the originals, then the
manifest itself, which says that this was all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import msgspec

from beatrunner.codecs.archive import ArchiveLimits, Member, read_member
from beatrunner.core.refusals import Refusal, UnreadableFileError

MANIFEST = "beatrunner.json"
#: Raised whenever an older BeatRunner could not read what a newer one writes.
FORMAT = 1

_ORIGINAL = re.compile(r"originals/[0-9a-f]{64}\.\w{1,8}")
#: What `sniff` knows a part and a manifest by.
PART_MARK = b'{"beatrunner_rows":'
MANIFEST_MARK = b'"beatrunner_export":'


class Manifest(msgspec.Struct):
    """`rows` by table; `parts` are names of files; `left_out` by table or column, with reasons."""

    beatrunner_export: int
    made_by: str
    exported_at: str
    rows: dict[str, int]
    parts: list[str]
    originals: int
    left_out: dict[str, str]


class _PartHead(msgspec.Struct):
    beatrunner_rows: int
    table: str


@dataclass(frozen=True, slots=True)
class AccountRows:
    """A part of a table; `broken` counts lines that are no row at all."""

    table: str
    rows: Sequence[Mapping[str, Any]]
    broken: int


def part_name(number: int, table: str) -> str:
    return f"data/{number:03}-{table}.jsonl"


def original_name(sha256: str, suffix: str) -> str:
    return f"originals/{sha256}.{suffix}"


def write_part(table: str, rows: Iterable[Mapping[str, Any]]) -> bytes:
    head = {"beatrunner_rows": FORMAT, "table": table}
    return b"".join(msgspec.json.encode(line) + b"\n" for line in (head, *rows))


def write_manifest(manifest: Manifest) -> bytes:
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def read_manifest(data: bytes) -> Manifest:
    """Raises UnreadableFileError: NEWER_EXPORT, DAMAGED."""
    try:
        # What a newer one looks like is not known, but for its number.
        _check_format(msgspec.json.decode(data)["beatrunner_export"])
        return msgspec.json.decode(data, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableFileError(Refusal.DAMAGED, str(error)) from error


def read_part(data: bytes) -> AccountRows:
    """Raises UnreadableFileError: NEWER_EXPORT, DAMAGED."""
    first, *lines = data.splitlines()
    try:
        head = msgspec.json.decode(first, type=_PartHead)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnreadableFileError(Refusal.DAMAGED, str(error)) from error
    _check_format(head.beatrunner_rows)
    rows, broken = [], 0
    for line in lines:
        try:
            row = msgspec.json.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            row = None
        if isinstance(row, dict):
            rows.append(row)
        else:
            broken += 1
    return AccountRows(head.table, rows, broken)


def imported_members(
    file: BinaryIO, members: Sequence[Member], limits: ArchiveLimits
) -> Sequence[Member]:
    """Of an account's export, what is imported, in order; of any other archive, everything.

    Raises UnreadableFileError: NEWER_EXPORT, DAMAGED, DAMAGED_ARCHIVE when a part is missing.
    """
    by_path = {member.path: member for member in members}
    if MANIFEST not in by_path:
        return members
    manifest = read_manifest(read_member(file, by_path[MANIFEST], limits))
    missing = [part for part in manifest.parts if part not in by_path]
    if missing:
        raise UnreadableFileError(Refusal.DAMAGED_ARCHIVE, f"without {missing[0]}")
    originals = [member for member in members if is_original(member.path)]
    return [*(by_path[part] for part in manifest.parts), *originals, by_path[MANIFEST]]


def is_original(path: str) -> bool:
    """By the end of its path: archives show theirs below their own name."""
    return _ORIGINAL.fullmatch("/".join(path.rsplit("/", 2)[-2:])) is not None


def _check_format(found: object) -> None:
    if not isinstance(found, int) or found < 1:
        raise UnreadableFileError(Refusal.DAMAGED, f"format {found!r}")
    if found > FORMAT:
        raise UnreadableFileError(Refusal.NEWER_EXPORT, f"format {found}")
