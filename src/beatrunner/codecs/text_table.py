"""Tables of text (CSV) in whatever encoding and with whatever separator a program wrote them.

Read row by row from the bytes, so that a table of hundreds of megabytes costs little more than
itself. UTF-16 (spreadsheets on Windows) tells itself by its mark; what is no UTF-8 is read all the
same, with replacement characters where letters were. Which of comma, semicolon and tab separates
is told by the first line, cells in quotes left out.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from beatrunner.core.refusals import Refusal, UnreadableFileError

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = ",;\t"
_QUOTED = re.compile(r'"[^"]*"')


def read_table(data: bytes, dropped: Counter[str]) -> Iterator[list[str]]:
    """Rows with anything in them, cells without margins.

    `dropped` counts `cut_off` when the table breaks in the middle. Raises UnreadableFileError:
    EMPTY.
    """
    if not data.strip(b"\0\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise UnreadableFileError(Refusal.EMPTY)
    encoding = "utf-16" if data.startswith(_UTF16_MARKS) else "utf-8-sig"
    text = io.TextIOWrapper(io.BytesIO(data), encoding, errors="replace", newline="")
    first_line = _QUOTED.sub("", text.readline())
    separator = max(_SEPARATORS, key=first_line.count)
    text.seek(0)
    try:
        for row in csv.reader(text, delimiter=separator):
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield cells
    except csv.Error:
        # A quote that nobody closed swallows the rest of the file.
        dropped["cut_off"] = 1


def first_row(head: bytes) -> list[str]:
    """The names of the columns, where all of them stand in the beginning of the file."""
    return next(read_table(head, Counter()), []) if head.strip() else []


class Columns:
    """Where things stand in a table, by the names in its first row.

    Case, spaces, underscores and hyphens in names do not matter.
    """

    def __init__(self, header: Sequence[str]) -> None:
        self._places: dict[str, int] = {}
        for place, name in enumerate(header):
            self._places.setdefault(folded(name), place)

    def find(self, *names: str) -> int | None:
        """The place of the first of these names that is there."""
        found = (self._places.get(folded(name)) for name in names)
        return next((place for place in found if place is not None), None)

    def find_begun(self, beginning: str) -> int | None:
        """The place of the first column whose name begins so."""
        places = self._places.items()
        return next((place for name, place in places if name.startswith(beginning)), None)


def folded(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def cell(row: Sequence[str], place: int | None) -> str:
    """ "" where the row is too short, or the column is not there."""
    return row[place] if place is not None and place < len(row) else ""
