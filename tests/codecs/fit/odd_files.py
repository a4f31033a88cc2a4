"""FIT files that `write_fit` would never write, built message by message.

Shares no code with the codec, so that both cannot be wrong in the same way.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime

ENUM, SINT8, UINT8, STRING, UINT8Z, BYTE = 0x00, 0x01, 0x02, 0x07, 0x0A, 0x0D
SINT16, UINT16, SINT32, UINT32 = 0x83, 0x84, 0x85, 0x86
FLOAT32, FLOAT64, UINT16Z, UINT32Z = 0x88, 0x89, 0x8B, 0x8C
SINT64, UINT64, UINT64Z = 0x8E, 0x8F, 0x90

FILE_ID, SPORT, SESSION, LAP, RECORD, EVENT = 0, 12, 18, 19, 20, 21
DEVICE_INFO, ACTIVITY = 23, 34
TIMESTAMP = 253

EPOCH = datetime(1989, 12, 31, tzinfo=UTC)

#: A summer noon in Berlin, 2021-06-15T10:00:00Z, in seconds since the epoch; a multiple of 32.
NOON = 992_685_600

_CODES = {
    ENUM: "B",
    SINT8: "b",
    UINT8: "B",
    UINT8Z: "B",
    BYTE: "B",
    SINT16: "h",
    UINT16: "H",
    UINT16Z: "H",
    SINT32: "i",
    UINT32: "I",
    UINT32Z: "I",
    FLOAT32: "f",
    FLOAT64: "d",
    SINT64: "q",
    UINT64: "Q",
    UINT64Z: "Q",
}

Value = int | float | bytes


def crc16(data: bytes) -> int:
    """CRC-16/ARC, a bit at a time, as in the FIT specification."""
    register = 0
    for byte in data:
        register ^= byte
        for _bit in range(8):
            register = register >> 1 ^ (0xA001 if register & 1 else 0)
    return register


@dataclass
class OddFile:
    """Collects messages; `fields` are (number, base type) or (number, base type, count)."""

    big_endian: bool = False
    body: bytearray = field(default_factory=bytearray)
    _formats: dict[int, str] = field(default_factory=dict)

    def define(
        self,
        slot: int,
        kind: int,
        *fields: tuple[int, int] | tuple[int, int, int],
        developer_sizes: tuple[int, ...] = (),
    ) -> OddFile:
        order = ">" if self.big_endian else "<"
        layout, triples = order, b""
        for number, base_type, *counts in fields:
            count = counts[0] if counts else 1
            code = f"{count}s" if base_type == STRING else _CODES[base_type] * count
            triples += bytes([number, struct.calcsize(order + code), base_type])
            layout += code
        header = 0x40 | slot | (0x20 if developer_sizes else 0)
        self.body += struct.pack(f"{order}BBBHB", header, 0, self.big_endian, kind, len(fields))
        self.body += triples
        if developer_sizes:
            self.body.append(len(developer_sizes))
            for number, size in enumerate(developer_sizes):
                self.body += bytes([number, size, 0])
                layout += f"{size}s"
        self._formats[slot] = layout
        return self

    def data(self, slot: int, *values: Value) -> OddFile:
        self.body += bytes([slot]) + struct.pack(self._formats[slot], *values)
        return self

    def compressed(self, slot: int, time: int, *values: Value) -> OddFile:
        """A data message whose header has the lowest five bits of `time`."""
        header = 0x80 | slot << 5 | time & 0x1F
        self.body += bytes([header]) + struct.pack(self._formats[slot], *values)
        return self

    def file_id(self, file_type: int = 4, manufacturer: int = 1, product: int = 3113) -> OddFile:
        self.define(0, FILE_ID, (0, ENUM), (1, UINT16), (2, UINT16))
        return self.data(0, file_type, manufacturer, product)

    def session(
        self, start: int = NOON, elapsed_s: int = 60, sport: int = 1, sub_sport: int = 0
    ) -> OddFile:
        fields = (TIMESTAMP, UINT32), (2, UINT32), (7, UINT32), (5, ENUM), (6, ENUM)
        self.define(15, SESSION, *fields)
        return self.data(15, start + elapsed_s, start, elapsed_s * 1000, sport, sub_sport)

    def records(self, *heart_rates: int, start: int = NOON) -> OddFile:
        """One record a second with time and heart rate only."""
        self.define(1, RECORD, (TIMESTAMP, UINT32), (3, UINT8))
        for second, heart_rate in enumerate(heart_rates):
            self.data(1, start + second, heart_rate)
        return self

    def build(self, header_size: int = 14, checksum: int | None = None) -> bytes:
        header = struct.pack("<BBHI4s", header_size, 0x20, 2100, len(self.body), b".FIT")
        if header_size == 14:
            header += struct.pack("<H", crc16(header))
        whole = header + self.body
        return whole + struct.pack("<H", crc16(whole) if checksum is None else checksum)


def activity() -> OddFile:
    """A file that is ready for its records."""
    return OddFile().file_id().session()
