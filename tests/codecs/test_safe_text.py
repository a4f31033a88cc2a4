from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.safe_text import cell, file_name, write_rows


@pytest.mark.parametrize(
    ("text", "name"),
    [("AC/DC: Run", "AC_DC_ Run"), ("../..", "_"), ("...", "playlist"), ("", "playlist")],
)
def test_file_names_lead_nowhere(text: str, name: str) -> None:
    assert file_name(text) == name


@given(st.lists(st.text()))
def test_no_text_ends_its_row_or_is_calculated(texts: list[str]) -> None:
    written = "".join(write_rows(("text",), [(cell(text),) for text in texts]))
    read = [row for row in csv.reader(io.StringIO(written.removeprefix("\ufeff"))) if row]
    assert len(read) == 1 + len(texts)
    assert not any(row[0].startswith(("=", "+", "-", "@")) for row in read[1:])


def test_a_long_table_comes_in_pieces() -> None:
    pieces = list(write_rows(("a",), ((number,) for number in range(2500))))
    assert len(pieces) == 3
    assert "".join(pieces).split() == ["\ufeffa", *map(str, range(2500))]
