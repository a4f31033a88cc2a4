"""Rows of any table, made up from its columns' types."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from sqlalchemy import BigInteger, Boolean, Column, Float, Integer, LargeBinary, String, Uuid
from sqlalchemy.types import JSON

from beatrunner.db.types import UtcDateTime

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**31), 2**31) | st.floats(-1e6, 1e6) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


def values_of(column: Column[Any]) -> st.SearchStrategy[Any]:
    """Anything that the column takes, None where it may be missing."""
    found = _by_type(column)
    return st.none() | found if column.nullable else found


def _by_type(column: Column[Any]) -> st.SearchStrategy[Any]:
    match column.type:
        case UtcDateTime():
            return st.datetimes(
                datetime(1970, 1, 1),  # noqa: DTZ001
                datetime(2200, 1, 1),  # noqa: DTZ001
                timezones=st.just(UTC),
            )
        case Uuid():
            return st.integers(0, 2**128 - 1).map(lambda number: UUID(int=number))
        case LargeBinary():
            return st.binary(max_size=20)
        case Boolean():
            return st.booleans()
        case BigInteger():
            return st.integers(-(2**63), 2**63 - 1)
        case Integer():
            return st.integers(-(2**31), 2**31 - 1)
        case Float():
            return st.floats(allow_nan=False, allow_infinity=False)
        case JSON():
            return JSON_VALUES.filter(lambda value: value is not None)
        case String(length=length):
            return TEXTS if length is None else TEXTS.map(lambda text: text[:length])
    raise TypeError(column)
