"""Tables in every encoding and with every separator."""

from __future__ import annotations

import codecs
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.text_table import Columns, cell, read_table
from beatrunner.core.refusals import UnreadableFileError

TEXT = 'Artist;"a, ""quoted"" title"\r\n\r\n Zoë ;日本語\r\n'
ROWS = [["Artist", 'a, "quoted" title'], ["Zoë", "日本語"]]


def read(data: bytes) -> list[list[str]]:
    return list(read_table(data, Counter()))


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.replace(";", "\t").encode(),
        TEXT.replace("\r", "").encode(),
    ],
)
def test_one_table_in_many_forms(data: bytes) -> None:
    assert read(data) == ROWS


def test_a_comma_in_quotes_is_no_separator_but_the_others_are() -> None:
    assert read(b'"a;b",c,d\n') == [["a;b", "c", "d"]]


def test_letters_of_another_encoding_do_not_stop_the_rest() -> None:
    assert read("é,b\nc,d".encode("latin-1")) == [["\N{REPLACEMENT CHARACTER}", "b"], ["c", "d"]]


@pytest.mark.parametrize("data", [b"", b" \r\n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, b"\0\0"])
def test_nothing_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        read(data)


def test_a_cell_without_end_breaks_the_table_off() -> None:
    dropped: Counter[str] = Counter()
    data = b"a,b\nc,d\n" + b'"' + b"x" * 200_000
    assert list(read_table(data, dropped)) == [["a", "b"], ["c", "d"]]
    assert dropped == {"cut_off": 1}


def test_columns_are_found_by_any_spelling_of_their_names() -> None:
    columns = Columns(["Song Name", "artist_name", "ARTIST", "Date#me"])
    assert columns.find("title", "song-name") == 0
    assert columns.find("artist") == 2
    assert columns.find("album") is None
    assert columns.find_begun("date") == 3
    assert cell(["a"], 3) == cell(["a"], None) == ""


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        rows = read(data)
    except UnreadableFileError:
        return
    assert all(any(row) for row in rows)
