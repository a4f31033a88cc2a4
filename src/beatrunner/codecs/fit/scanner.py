"""Finding the messages in FIT bytes, without reading them yet.

Theory of operation
-------------------

A FIT file is a header, a run of messages, and a checksum. A message begins with one byte that
says which of 16 slots it belongs to. A *definition* message fills a slot with a layout; a *data*
message is then nothing but values in the layout of its slot, and has the size that the layout
says. There is no way to find the second message but to walk over the first.

So the scanner walks: for each data message it looks at one byte, notes where the content begins
in the list of the layout, and jumps over the content. That is all that happens per message in
Python. What the messages say is read afterwards, a field at a time over all messages of a layout,
by NumPy (`messages.py`). Most of a file's bytes belong to messages or fields that nobody asks
for; they are never looked at.

The bytes come from outside and may be anything. Three things keep the walk safe: it goes forward
by at least one byte per step, it stops at the end of the file as well as at the end that the
header claims, and every noted position has its whole content before that end. Memory is a few
bytes per message plus one layout per distinct definition, and all of them are limited in number.

A *part* is what one header opens. Files may be chained: header, messages, checksum, header, and
so on. Damage ends a part but not the scan: what was walked is kept, what was wrong is noted as a
`Repair`, and the scan goes on at the next header.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from beatrunner.codecs.fit import profile
from beatrunner.codecs.fit.crc import crc16
from beatrunner.codecs.fit.layout import Layout, definition_size, parse_definition
from beatrunner.codecs.fit.messages import Bytes, Messages, Table
from beatrunner.core.recording import RepairCode, Samples

_SIGNATURE = b".FIT"
_SIGNATURE_AT = 8
_HEADER_SIZES = (12, 14)
_CRC_SIZE = 2

#: More than any real file has: a week is 604,800 records, a multisport day two dozen layouts, and
#: a year of chained files would still fit. What is beyond is left out, as if it were cut off.
_MOST_MESSAGES = 1_000_000
_MOST_LAYOUTS = 4096
_MOST_PARTS = 1000

_IS_COMPRESSED = 0x80
_IS_DEFINITION = 0x40
_HAS_DEVELOPER_FIELDS = 0x20


@dataclass(slots=True, eq=False)
class Part:
    """The messages behind one header, and what was wrong with them."""

    buffer: Bytes
    tables: list[Table]
    damage: Counter[RepairCode] = field(default_factory=Counter)

    def messages(self, kind: int) -> Messages:
        """All messages with this global number."""
        return Messages.collect(self.buffer, [t for t in self.tables if t.layout.kind == kind])

    def times(self, messages: Messages) -> Samples:
        """Seconds since the FIT epoch at which each of `messages` was written."""
        times = messages.numbers(profile.TIMESTAMP)
        if not np.any(messages.headers() & _IS_COMPRESSED):
            return times
        every = Messages.collect(self.buffer, self.tables)
        resolved = _resolve(every.headers(), every.numbers(profile.TIMESTAMP))
        return resolved[np.searchsorted(every.positions, messages.positions)]

    def extend(self, following: Part) -> None:
        """Take in the messages of a part that continues this one."""
        self.tables += following.tables
        self.damage += following.damage


def scan(data: bytes) -> list[Part]:
    """The parts of a FIT file in order; none if there is no header anywhere in `data`."""
    buffer = np.frombuffer(data, np.uint8)
    parts: list[Part] = []
    stray = 0
    position = 0
    while position < len(data):
        start = _find_header(data, position) if len(parts) < _MOST_PARTS else len(data)
        stray += start - position
        position = start
        if start < len(data):
            part, position = _scan_part(data, buffer, start)
            parts.append(part)
        if stray and parts:
            parts[-1].damage[RepairCode.STRAY_BYTES] += stray
            stray = 0
    return parts


def _find_header(data: bytes, position: int) -> int:
    """Where the next header begins, at `position` or behind it; the end of `data` if none does."""
    if _is_unsigned_header(data, position):
        return position
    signature = data.find(_SIGNATURE, position + _SIGNATURE_AT)
    return len(data) if signature < 0 else signature - _SIGNATURE_AT


def _is_unsigned_header(data: bytes, position: int) -> bool:
    """A damaged signature is forgiven if the sizes add up to exactly the rest of the file."""
    header_size = data[position]
    if header_size not in _HEADER_SIZES or position + header_size > len(data):
        return False
    size = int.from_bytes(data[position + 4 : position + 8], "little")
    return position + header_size + size + _CRC_SIZE == len(data)


def _scan_part(data: bytes, buffer: Bytes, start: int) -> tuple[Part, int]:
    """The part whose header begins at `start`, and where it ends."""
    damage: Counter[RepairCode] = Counter()
    header_size = data[start]
    header = data[start : start + header_size]
    if header_size not in _HEADER_SIZES or header[_SIGNATURE_AT : _SIGNATURE_AT + 4] != _SIGNATURE:
        damage[RepairCode.BAD_HEADER] = 1
        header_size = header_size if header_size in _HEADER_SIZES else _HEADER_SIZES[-1]
    elif header_size == 14 and header[12:] != b"\0\0" and crc16(header):
        damage[RepairCode.BAD_HEADER] = 1
    claimed = int.from_bytes(data[start + 4 : start + 8], "little")
    first = start + header_size
    end = first + claimed
    if claimed == 0 or end > len(data):
        # The watch fills in the size when it closes the file; without it, up to the next header.
        damage[RepairCode.TRUNCATED] = 1
        following = data.find(_SIGNATURE, first + _SIGNATURE_AT)
        end = following - _SIGNATURE_AT if following >= 0 else len(data)
        behind = end
    elif end + _CRC_SIZE > len(data):
        damage[RepairCode.TRUNCATED] = 1
        behind = len(data)
    else:
        behind = end + _CRC_SIZE
        if crc16(data[start:behind]):
            damage[RepairCode.BAD_CHECKSUM] = 1
    tables, complaint = _walk(data, first, end)
    if complaint is not None and RepairCode.TRUNCATED not in damage:
        damage[complaint] = 1
    return Part(buffer, tables, damage), behind


def _walk(data: bytes, position: int, end: int) -> tuple[list[Table], RepairCode | None]:
    """Note where each message between `position` and `end` begins, by layout."""
    found: dict[bytes, tuple[Layout, array[int]]] = {}
    slots: dict[int, tuple[Layout, array[int]]] = {}
    complaint: RepairCode | None = None
    for _message in range(_MOST_MESSAGES):
        if position >= end:
            break
        header = data[position]
        position += 1
        if header & _IS_COMPRESSED or not header & _IS_DEFINITION:
            slot = (header >> 5) & 3 if header & _IS_COMPRESSED else header & 0x0F
            if slot not in slots:
                complaint = RepairCode.UNDEFINED_MESSAGE
                break
            layout, positions = slots[slot]
            positions.append(position)
            position += layout.size
            if position > end:
                positions.pop()
                complaint = RepairCode.TRUNCATED
            continue
        has_developer_fields = bool(header & _HAS_DEVELOPER_FIELDS)
        size = definition_size(data, position, end, has_developer_fields=has_developer_fields)
        if size is None or len(found) == _MOST_LAYOUTS:
            complaint = RepairCode.TRUNCATED
            break
        # The same definition may come again and again, and for another slot.
        content = data[position : position + size]
        if content not in found:
            found[content] = parse_definition(content), array("q")
        slots[header & 0x0F] = found[content]
        position += size
    else:
        complaint = RepairCode.TRUNCATED
    return list(_tables(found.values())), complaint


def _tables(found: Iterable[tuple[Layout, array[int]]]) -> Iterator[Table]:
    for layout, positions in found:
        if positions:
            yield Table(layout, np.frombuffer(positions, np.int64))


def _resolve(headers: Bytes, times: Samples) -> Samples:
    """The time of every message, where compressed headers give only its lowest five bits.

    Such a message was written within 32 s after the last whole timestamp before it, in a message
    of any kind (FIT protocol, "compressed timestamp header"). NaN before the first of those.
    """
    resolved = times.copy()
    last: int | None = None
    for row, (header, time) in enumerate(zip(headers.tolist(), times.tolist(), strict=True)):
        if header & _IS_COMPRESSED and last is not None:
            last += (header - last) & 0x1F
            resolved[row] = last
        elif not math.isnan(time):
            last = int(time)
    return resolved
