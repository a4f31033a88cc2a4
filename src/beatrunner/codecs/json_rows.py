"""Rows of one shape out of JSON: an array of them, or one after another (JSON lines).

The fast way decodes everything at once and never makes Python values of fields that nobody asked
for. A file that was cut off, or holds rows of another shape, is read value by value instead: what
is no row is counted, and what comes before the damage is kept.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TypeVar

import msgspec

from beatrunner.core.refusals import Refusal, UnreadableFileError

#: What `dropped` counts.
NOT_A_ROW = "not_a_play"
CUT_OFF = "cut_off"

_SEPARATOR = re.compile(r"[\s,]*")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

Row = TypeVar("Row")


def utf8(data: bytes) -> bytes:
    """JSON in whatever encoding editors save it, as UTF-8 without a mark and without margins.

    Raises UnreadableFileError: EMPTY.
    """
    if data.startswith(_UTF16_MARKS):
        data = data.decode("utf-16", "replace").encode("utf-8", "replace")
    data = data.removeprefix(b"\xef\xbb\xbf").strip()
    if not data:
        raise UnreadableFileError(Refusal.EMPTY)
    return data


def decode_rows(data: bytes, row_type: type[Row], dropped: Counter[str]) -> list[Row]:
    """`data` as `utf8` gives it. `dropped` counts `NOT_A_ROW`, and `CUT_OFF` once."""
    if data.startswith(b"["):
        try:
            return msgspec.json.decode(data, type=list[row_type])  # type: ignore[valid-type]
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return _decode_array(data.decode("utf-8", "replace"), row_type, dropped)
    lines = msgspec.json.Decoder(row_type)
    try:
        return lines.decode_lines(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _decode_lines(data, lines, dropped)


def _decode_array(text: str, row_type: type[Row], dropped: Counter[str]) -> list[Row]:
    """Values up to the first character that is not JSON."""
    decoder = json.JSONDecoder()
    rows: list[Row] = []
    position = _next_value(text, 1)
    while not text.startswith("]", position):
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            dropped[CUT_OFF] = 1
            break
        try:
            rows.append(msgspec.convert(value, row_type))
        except (msgspec.ValidationError, RecursionError):
            dropped[NOT_A_ROW] += 1
        position = _next_value(text, position)
    return rows


def _next_value(text: str, position: int) -> int:
    match = _SEPARATOR.match(text, position)
    return match.end() if match else position


def _decode_lines(
    data: bytes, decoder: msgspec.json.Decoder[Row], dropped: Counter[str]
) -> list[Row]:
    """A broken line says nothing about the next; a broken last one is a file that was cut off."""
    rows: list[Row] = []
    lines = [line for line in data.splitlines() if line.strip()]
    for number, line in enumerate(lines, start=1):
        try:
            rows.append(decoder.decode(line))
        except msgspec.ValidationError:
            dropped[NOT_A_ROW] += 1
        except (msgspec.DecodeError, ValueError, RecursionError):
            dropped[CUT_OFF if number == len(lines) else NOT_A_ROW] += 1
    return rows
