"""All messages of one kind in a file, read column by column.

The scanner only notes where messages begin. Here a field is picked out of all of them in one
NumPy gather per layout, and put in the order of the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from beatrunner.codecs.fit.layout import Layout
from beatrunner.core.recording import Samples

Positions = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

#: No field of an activity needs more; what is beyond came from damage.
_LARGEST_VALUE = 2.0**32


class Table(NamedTuple):
    """One or more messages of one layout: `positions` is where the content of each begins."""

    layout: Layout
    positions: Positions


@dataclass(frozen=True, slots=True, eq=False)
class Messages:
    """Messages in the order of the file. Columns have their length; absent values are NaN."""

    buffer: Bytes
    tables: tuple[Table, ...]
    positions: Positions
    #: For each table, the rows of its messages.
    rows: tuple[Positions, ...]

    @classmethod
    def collect(cls, buffer: Bytes, tables: Sequence[Table]) -> Messages:
        if len(tables) == 1:
            positions = tables[0].positions
            return cls(buffer, tuple(tables), positions, (np.arange(len(positions)),))
        unordered = np.concatenate([np.empty(0, np.int64), *(table.positions for table in tables)])
        order = np.argsort(unordered)
        row_of = np.empty_like(order)
        row_of[order] = np.arange(len(order))
        ends = np.cumsum([len(table.positions) for table in tables])
        rows = np.split(row_of, ends[:-1]) if tables else []
        return cls(buffer, tuple(tables), unordered[order], tuple(rows))

    def __len__(self) -> int:
        return len(self.positions)

    def has(self, field: int) -> bool:
        """Whether any layout mentions the field."""
        return any(field in table.layout.fields for table in self.tables)

    def headers(self) -> Bytes:
        """The header byte of each message, which lies just before its content."""
        return self.buffer[self.positions - 1]

    def numbers(self, field: int) -> Samples:
        """The field as stored, before scale and offset; NaN where absent or marked invalid."""
        column = np.full(len(self), np.nan)
        for table, rows in zip(self.tables, self.rows, strict=True):
            place = table.layout.fields.get(field)
            if place is None:
                continue
            start = table.positions + place.offset
            cells = _gather(self.buffer, start, place.dtype.itemsize)
            values = cells.view(place.dtype)[:, 0]
            numbers = values.astype(np.float64)
            if place.invalid is not None:
                numbers[values == place.invalid] = np.nan
            numbers[~(np.abs(numbers) <= _LARGEST_VALUE)] = np.nan
            column[rows] = numbers
        return column

    def cells(self, field: int, size: int) -> tuple[Positions, Bytes]:
        """The first `size` bytes of the field, and the rows of the messages that have them."""
        found = [
            (rows, _gather(self.buffer, table.positions + place.offset, size))
            for table, rows in zip(self.tables, self.rows, strict=True)
            if (place := table.layout.fields.get(field)) is not None and place.size >= size
        ]
        if not found:
            return np.empty(0, np.int64), np.empty((0, size), np.uint8)
        rows = np.concatenate([rows for rows, _cells in found])
        cells = np.concatenate([cells for _rows, cells in found])
        order = np.argsort(rows)
        return rows[order], cells[order]

    def text(self, field: int) -> str | None:
        """The field's text in the first message of the first layout that has one."""
        for table in self.tables:
            place = table.layout.fields.get(field)
            if place is None:
                continue
            start = int(table.positions[0]) + place.offset
            raw = self.buffer[start : start + place.size].tobytes()
            text = raw.partition(b"\0")[0].decode("utf-8", "replace")
            if cleaned := "".join(filter(str.isprintable, text)).strip():
                return cleaned
        return None


def _gather(buffer: Bytes, starts: Positions, size: int) -> Bytes:
    """`size` bytes from each of `starts`, one row each."""
    windows = np.lib.stride_tricks.sliding_window_view(buffer, size)
    return np.ascontiguousarray(windows[starts])
