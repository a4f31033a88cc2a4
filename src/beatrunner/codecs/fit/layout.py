"""Where the fields of a message lie: FIT base types and definition messages.

A definition message names a kind of message (the "global number" of the FIT profile), a byte
order, and for each field its number, its size in bytes and its base type. Developer fields follow
with a size of their own. Data messages then hold nothing but values in that order.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

#: The base type of bytes without a meaning of their own; unknown types are read as this.
_BYTE = 13


class BaseType(NamedTuple):
    """How one value is stored, and the value that means "not measured" (None: NaN does)."""

    code: str
    invalid: int | None


#: FIT base types by number; bit 7 of the number only says that byte order matters to it.
BASE_TYPES = {
    0: BaseType("u1", 0xFF),  # enum
    1: BaseType("i1", 0x7F),
    2: BaseType("u1", 0xFF),
    3: BaseType("i2", 0x7FFF),
    4: BaseType("u2", 0xFFFF),
    5: BaseType("i4", 0x7FFFFFFF),
    6: BaseType("u4", 0xFFFFFFFF),
    7: BaseType("u1", 0x00),  # string: characters up to the first zero
    8: BaseType("f4", None),
    9: BaseType("f8", None),
    10: BaseType("u1", 0x00),  # the "z" types, whose invalid value is zero
    11: BaseType("u2", 0x0000),
    12: BaseType("u4", 0x00000000),
    _BYTE: BaseType("u1", 0xFF),
    14: BaseType("i8", 0x7FFFFFFFFFFFFFFF),
    15: BaseType("u8", 0xFFFFFFFFFFFFFFFF),
    16: BaseType("u8", 0x0000000000000000),
}


class Place(NamedTuple):
    """Where a field lies within a message, and how to read its (first) value."""

    offset: int
    size: int
    dtype: np.dtype[np.generic]
    invalid: int | None


@dataclass(frozen=True, slots=True)
class Layout:
    """A parsed definition message: `size` bytes of content follow each header of its messages."""

    kind: int
    size: int
    fields: dict[int, Place]


def definition_size(data: bytes, start: int, end: int, *, has_developer_fields: bool) -> int | None:
    """The size of the definition whose content begins at `start`; None if it runs past `end`."""
    size = 5
    if start + size <= end:
        size += 3 * data[start + 4]
        if has_developer_fields and start + size < end:
            size += 1 + 3 * data[start + size]
        elif has_developer_fields:
            return None
    return size if start + size <= end else None


def parse_definition(content: bytes) -> Layout:
    """The layout that a complete definition message (without its header byte) describes.

    A field whose size is no multiple of its base type's is passed over; of an array the first
    value counts; of a field defined twice the first.
    """
    order = ">" if content[1] else "<"
    (kind,) = struct.unpack_from(f"{order}H", content, 2)
    fields_end = 5 + 3 * content[4]
    fields: dict[int, Place] = {}
    offset = 0
    for number, size, type_number in _triples(content[5:fields_end]):
        base = BASE_TYPES.get(type_number & 0x1F, BASE_TYPES[_BYTE])
        dtype = np.dtype(order + base.code)
        if size and size % dtype.itemsize == 0:
            fields.setdefault(number, Place(offset, size, dtype, base.invalid))
        offset += size
    offset += sum(size for _number, size, _developer in _triples(content[fields_end + 1 :]))
    return Layout(kind, offset, fields)


def _triples(content: bytes) -> zip[tuple[int, int, int]]:
    return zip(content[0::3], content[1::3], content[2::3], strict=True)
