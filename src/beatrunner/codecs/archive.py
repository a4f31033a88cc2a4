"""Opening ZIP and gzip files from strangers.

The standard library reads the directory of a ZIP; what it does not promise is done here. Older
`zipfile`s accept entries that overlap (CVE-2024-0450), so that 40 kB unpack to gigabytes; sizes in
headers are claims. So: the whole directory is judged before anything is unpacked, members are
inflated in small steps that stop at the limit, and length and checksum must be as claimed. As no
two entries share bytes, what an archive costs is bounded by its own size times the ratio.

Members are read by their own offsets: reopening the directory for each of thousands of members
would be quadratic, and keeping it open would not survive the way to a child process.

An archive inside an archive is unpacked to disk and opened like the first. What they hold is
counted together (`ArchiveLimits.left_by`), so nesting multiplies nothing.
"""

from __future__ import annotations

import contextlib
import stat
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from beatrunner.core.refusals import Refusal, UnreadableFileError

_CHUNK_BYTES = 1 << 20
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_END = struct.Struct("<4s8xII2x")
_END_MARK = b"PK\x05\x06"
_LONGEST_COMMENT = 65_535
#: The size of a directory that needs the 64-bit record to say how large it is.
_SEE_ZIP64 = 0xFFFF_FFFF
_ENCRYPTED_FLAGS = 0x1 | 0x40 | 0x2000
_UTF8_FLAG = 0x800
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_IGNORED_FOLDER = "__MACOSX"


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """More than any real export needs, less than hurts.

    Real members pack at most about 60:1 (a treadmill TCX of equal lines); deflate ends at
    1032:1. Small members may do what they like: `ratio_floor_bytes` of zeros hurt nobody.
    `max_member_bytes` is for what is read as a whole: some years of Apple Music are 150 MB, most of
    it about devices and networks. The total is so much more because an Apple Health export holds
    gigabytes of XML, which are only ever read as a stream. Archives in an archive need room on
    disk, `max_inner_bytes` in all. `max_depth` counts archives: at 3, a folder of exports, packed,
    may hold Garmin's with its archives of uploads.
    """

    max_archive_bytes: int = 8 << 30
    max_inner_bytes: int = 8 << 30
    max_members: int = 50_000
    max_member_bytes: int = 256 << 20
    max_total_bytes: int = 32 << 30
    max_ratio: int = 200
    ratio_floor_bytes: int = 16 << 20
    max_depth: int = 3

    def left_by(self, members: Collection[Member], inner_bytes: int) -> ArchiveLimits:
        """What further archives may hold beside these members, of which some are archives."""
        return replace(
            self,
            max_members=self.max_members - len(members),
            max_total_bytes=self.max_total_bytes - sum(member.size_bytes for member in members),
            max_inner_bytes=self.max_inner_bytes - inner_bytes,
        )


@dataclass(frozen=True, slots=True)
class Member:
    """One file in a ZIP. `path` is for people and for matching; nothing is ever written to it.

    `size_bytes` is what the archive claims; the other figures say where its bytes are.
    """

    index: int
    path: str
    size_bytes: int
    header_offset: int
    packed_bytes: int
    is_deflated: bool
    checksum: int


def list_members(file: BinaryIO, limits: ArchiveLimits) -> list[Member]:
    """The files in a ZIP, in its order; folders, dot files and macOS resource forks are left out.

    Raises `UnreadableFileError` when any part of the directory is what no real export has:
    EMPTY (no entry at all), TOO_LARGE, TOO_MANY_FILES, TOO_COMPRESSED, OVERLAPPING_ENTRIES (also
    for duplicate names), UNSAFE_PATH (also for links), ENCRYPTED, DAMAGED_ARCHIVE.
    """
    _check_directory_size(file, limits)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            directory_offset = archive.start_dir
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, struct.error) as error:
        raise UnreadableFileError(Refusal.DAMAGED_ARCHIVE, str(error)) from error
    if not entries:
        raise UnreadableFileError(Refusal.EMPTY, "an archive of nothing")
    if len(entries) > limits.max_members:
        raise UnreadableFileError(Refusal.TOO_MANY_FILES, str(len(entries)))
    for entry in entries:
        _check_entry(entry)
    _check_overlaps(entries, directory_offset)
    _check_sizes(entries, limits)
    return [
        Member(
            index=index,
            path=path,
            size_bytes=entry.file_size,
            header_offset=entry.header_offset,
            packed_bytes=entry.compress_size,
            is_deflated=entry.compress_type == zipfile.ZIP_DEFLATED,
            checksum=entry.CRC,
        )
        for index, entry in enumerate(entries)
        if not _is_ignored(path := _shown_path(entry))
    ]


def read_member(file: BinaryIO, member: Member, limits: ArchiveLimits) -> bytes:
    """Unpack one member of `file`.

    Raises `UnreadableFileError`: TOO_LARGE, TOO_COMPRESSED, or DAMAGED_ARCHIVE when it is not
    what the directory claims.
    """
    if member.size_bytes > limits.max_member_bytes:
        raise UnreadableFileError(Refusal.TOO_LARGE, f"{member.size_bytes} bytes")
    return b"".join(member_chunks(file, member, limits))


def read_head(file: BinaryIO, member: Member, limits: ArchiveLimits) -> bytes:
    """The first bytes of a member of any size: a mebibyte, or all. Raises as `read_member`."""
    return next(member_chunks(file, member, limits), b"")


def member_chunks(file: BinaryIO, member: Member, limits: ArchiveLimits) -> Iterator[bytes]:
    """Unpack one member of any size, a mebibyte at a time.

    Raises `UnreadableFileError`: TOO_COMPRESSED before the first chunk; DAMAGED_ARCHIVE where it
    turns out not to be what the directory claims, which may be after the last.
    """
    _check_ratio(member.packed_bytes, member.size_bytes, limits)
    _seek_content(file, member)
    unpack = _inflated if member.is_deflated else _plain
    size_bytes = checksum = 0
    for chunk in unpack(file, member.packed_bytes):
        size_bytes += len(chunk)
        checksum = zlib.crc32(chunk, checksum)
        if size_bytes > member.size_bytes:
            break
        yield chunk
    if size_bytes != member.size_bytes or checksum != member.checksum:
        raise UnreadableFileError(Refusal.DAMAGED_ARCHIVE, "not as long, or not what it claims")


def gunzip(data: bytes, limits: ArchiveLimits) -> bytes:
    """Unpack a gzip file of one or more members; padding after the last is ignored.

    A file that ends too early gives what could be unpacked: the readers know how to read a
    truncated file and say so. Raises `UnreadableFileError`: TOO_LARGE, TOO_COMPRESSED, or
    DAMAGED_ARCHIVE.
    """
    content = bytearray()
    rest = data
    while rest[:2] == b"\x1f\x8b":
        unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            while not unpacker.eof and (chunk := unpacker.decompress(rest, _CHUNK_BYTES)):
                content += chunk
                rest = unpacker.unconsumed_tail
                if len(content) > limits.max_member_bytes:
                    raise UnreadableFileError(Refusal.TOO_LARGE)
                _check_ratio(len(data), len(content), limits)
        except zlib.error as error:
            raise UnreadableFileError(Refusal.DAMAGED_ARCHIVE, str(error)) from error
        rest = unpacker.unused_data
    if not content and data[:2] != b"\x1f\x8b":
        raise UnreadableFileError(Refusal.DAMAGED_ARCHIVE, "not gzip")
    return bytes(content)


def _seek_content(file: BinaryIO, member: Member) -> None:
    file.seek(member.header_offset)
    header = file.read(_LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size:
        raise UnreadableFileError(Refusal.DAMAGED_ARCHIVE, "no local header")
    mark, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    if mark != b"PK\x03\x04":
        raise UnreadableFileError(Refusal.DAMAGED_ARCHIVE, "no local header")
    file.seek(name_length + extra_length, 1)


def _plain(file: BinaryIO, packed_bytes: int) -> Iterator[bytes]:
    while chunk := file.read(min(packed_bytes, _CHUNK_BYTES)):
        packed_bytes -= len(chunk)
        yield chunk


def _inflated(file: BinaryIO, packed_bytes: int) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    for packed in _plain(file, packed_bytes):
        rest = packed
        try:
            while chunk := unpacker.decompress(rest, _CHUNK_BYTES):
                yield chunk
                rest = unpacker.unconsumed_tail
        except zlib.error as error:
            raise UnreadableFileError(Refusal.DAMAGED_ARCHIVE, str(error)) from error


def _check_directory_size(file: BinaryIO, limits: ArchiveLimits) -> None:
    """`zipfile` makes an object of every entry: refuse a directory of millions before that."""
    size = file.seek(0, 2)
    if size > limits.max_archive_bytes:
        raise UnreadableFileError(Refusal.TOO_LARGE, f"{size} bytes")
    file.seek(max(0, size - _LONGEST_COMMENT - 22))
    tail = file.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or at + _END.size > len(tail):
        raise UnreadableFileError(Refusal.DAMAGED_ARCHIVE, "no directory")
    _, directory_bytes, _ = _END.unpack_from(tail, at)
    if directory_bytes == _SEE_ZIP64 and at >= 76:
        # The 64-bit record (56 bytes) and its locator (20 bytes) stand right before.
        (directory_bytes,) = struct.unpack_from("<Q", tail, at - 36)
    # An entry is 46 bytes and its name; 256 leave room for long names and extra fields.
    if directory_bytes > limits.max_members * 256:
        raise UnreadableFileError(Refusal.TOO_MANY_FILES, f"directory of {directory_bytes} bytes")


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & _ENCRYPTED_FLAGS:
        raise UnreadableFileError(Refusal.ENCRYPTED)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise UnreadableFileError(Refusal.UNSAFE_PATH, "a link or a device")
    name = entry.orig_filename.replace("\\", "/")
    if name.startswith("/") or name[1:2] == ":" or "\0" in name or ".." in name.split("/"):
        raise UnreadableFileError(Refusal.UNSAFE_PATH, repr(name))
    if entry.compress_type not in _METHODS:
        raise UnreadableFileError(Refusal.DAMAGED_ARCHIVE, f"method {entry.compress_type}")


def _check_overlaps(entries: list[zipfile.ZipInfo], directory_offset: int) -> None:
    """No byte of the archive may belong to two entries, and no path to two files."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    starts = [entry.header_offset for entry in ordered[1:]] + [directory_offset]
    for entry, next_start in zip(ordered, starts, strict=True):
        # Headers are 30 bytes and at least a name long (in bytes: no fewer than characters).
        least_end = entry.header_offset + 30 + len(entry.orig_filename) + entry.compress_size
        if entry.header_offset < 0 or least_end > next_start:
            raise UnreadableFileError(Refusal.OVERLAPPING_ENTRIES, repr(entry.filename))
    if len({entry.filename for entry in entries}) < len(entries):
        raise UnreadableFileError(Refusal.OVERLAPPING_ENTRIES, "duplicate names")


def _check_sizes(entries: list[zipfile.ZipInfo], limits: ArchiveLimits) -> None:
    """Ratio by member is checked when it is read; a film larger than a member is no reason yet."""
    total = sum(entry.file_size for entry in entries)
    if total > limits.max_total_bytes:
        raise UnreadableFileError(Refusal.TOO_LARGE, f"{total} bytes unpacked")
    _check_ratio(sum(entry.compress_size for entry in entries), total, limits)


def _check_ratio(packed_bytes: int, size_bytes: int, limits: ArchiveLimits) -> None:
    if size_bytes > max(limits.ratio_floor_bytes, packed_bytes * limits.max_ratio):
        raise UnreadableFileError(Refusal.TOO_COMPRESSED, f"{packed_bytes} to {size_bytes} bytes")


def _shown_path(entry: zipfile.ZipInfo) -> str:
    """The path in readable letters: tools that set no flag mostly write UTF-8 all the same."""
    name = entry.orig_filename
    if not entry.flag_bits & _UTF8_FLAG:
        # When it is not UTF-8 after all, the standard's own code page is as good as any.
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode()
    printable = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name
    )
    return printable.replace("\\", "/")


def _is_ignored(path: str) -> bool:
    parts = path.split("/")
    return path.endswith("/") or _IGNORED_FOLDER in parts or any(p.startswith(".") for p in parts)
