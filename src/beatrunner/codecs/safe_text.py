"""Texts from anywhere, in files that other programs open: tables, lists, names of files.

None of them may end a line and so begin another entry, begin a cell in a way that spreadsheets
take for a formula, or lead a name of a file out of its folder.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

#: What a spreadsheet calculates; the wide ones where East Asian text is written.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
#: Whatever any program may take for the end of a line, and everything that shows nothing.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
#: What no file name may hold on one system or another.
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*]+')
_ROWS_AT_ONCE = 1000


def one_line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def cell(text: str) -> str:
    line = one_line(text)
    return f"'{line}" if line.startswith(_FORMULA) else line


def file_name(text: str, otherwise: str = "playlist") -> str:
    """The text as the name of a file, without a suffix; never empty, hidden or a path."""
    return _NOT_IN_NAMES.sub("_", one_line(text)).strip(" .")[:150] or otherwise


def write_rows(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A table in pieces: RFC 4180, with a byte order mark, without which Excel takes it for
    Latin-1. Texts are `cell`s already."""
    out = io.StringIO("\ufeff", newline="")
    out.seek(1)
    writer = csv.writer(out)
    writer.writerow(columns)
    for count, row in enumerate(rows, start=1):
        writer.writerow(row)
        if count % _ROWS_AT_ONCE == 0:
            yield _emptied(out)
    yield _emptied(out)


def _emptied(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text
