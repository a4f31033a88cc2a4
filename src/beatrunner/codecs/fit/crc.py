"""The checksum of FIT files, over whole files at once.

FIT uses CRC-16/ARC: reflected polynomial 0xA001, initial value 0, no final inversion. Taken byte
by byte in Python it costs more than decoding the file, so it is folded as a tree instead. With an
initial value of 0 the checksum is linear over GF(2), which gives two rules:

    crc(zeros ‖ message) = crc(message)
    crc(left ‖ right)    = advance(crc(left), len(right)) ^ crc(right)

where `advance(register, n)` is what n zero bytes do to the register. All 16-bit words of the
message are taken at once and merged in pairs, then in pairs of pairs: each level is one table
look-up for half the elements of the level before. The table of a level is the table of the level
below applied twice.
"""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

_POLYNOMIAL = np.uint16(0xA001)


def crc16(data: bytes) -> int:
    """The CRC-16/ARC of `data`; that of a message followed by its own checksum is 0."""
    if not data:
        return 0
    # The register is little-endian, so a message of one word is a register to be advanced by it.
    words = np.frombuffer(b"\0" * (len(data) % 2) + data, "<u2")
    level = 1
    sums = _advance(level)[words]
    while len(sums) > 1:
        if len(sums) % 2:
            sums = np.concatenate([np.zeros(1, np.uint16), sums])
        sums = _advance(level)[sums[0::2]] ^ sums[1::2]
        level += 1
    return int(sums[0])


@functools.cache
def _advance(level: int) -> npt.NDArray[np.uint16]:
    """For every register value, the register after 2**level zero bytes."""
    if level:
        below = _advance(level - 1)
        return below[below]
    register = np.arange(1 << 16, dtype=np.uint16)
    for _bit in range(8):
        register = np.where(register & 1, register >> 1 ^ _POLYNOMIAL, register >> 1)
    return register
