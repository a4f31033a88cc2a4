"""Rows out of JSON that is whole, broken, or in pieces."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.json_rows import decode_rows, utf8
from beatrunner.core.refusals import UnreadableFileError


class Row(msgspec.Struct):
    n: int | None = None


def decode(data: bytes) -> tuple[list[int | None], dict[str, int]]:
    dropped: Counter[str] = Counter()
    rows = decode_rows(utf8(data), Row, dropped)
    return [row.n for row in rows], dict(dropped)


@pytest.mark.parametrize(
    ("data", "rows", "dropped"),
    [
        (b'[{"n": 1}, {"n": 2, "more": {}}]', [1, 2], {}),
        (b'{"n": 1}\n\n{"n": 2}\r\n', [1, 2], {}),
        (b'\xef\xbb\xbf[{"n": 1}]', [1], {}),
        ('[{"n": 1}]'.encode("utf-16"), [1], {}),
        (b'[{"n": 1}, {"n": "x"}, 7, {"n": 2}]', [1, 2], {"not_a_play": 2}),
        (b'[{"n": 1}, {"n"', [1], {"cut_off": 1}),
        (b'[{"n": 1}', [1], {"cut_off": 1}),
        (b'{"n": 1}\n{"n": "x"}\nnonsense\n{"n": 2}', [1, 2], {"not_a_play": 2}),
        (b'{"n": 1}\n{"n": 2', [1], {"cut_off": 1}),
    ],
)
def test_what_can_be_read_is_read(data: bytes, rows: list[int], dropped: dict[str, int]) -> None:
    assert decode(data) == (rows, dropped)


@pytest.mark.parametrize("data", [b"", b" \n", b"\xef\xbb\xbf"])
def test_nothing_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        utf8(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_survived(data: bytes) -> None:
    try:
        decode(data)
    except UnreadableFileError:
        return
