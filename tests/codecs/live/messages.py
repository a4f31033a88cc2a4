"""Strategies for messages, made from the annotations that the decoder goes by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Any, get_args

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

_TEXT = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
_SCALARS: dict[type, st.SearchStrategy[Any]] = {
    inspect.BoolType: st.booleans(),
    inspect.NoneType: st.none(),
    inspect.UUIDType: st.uuids(),
    inspect.AnyType: st.none() | st.booleans() | st.text(_TEXT, max_size=5),
    inspect.DateTimeType: st.datetimes(
        datetime(1970, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
        datetime(2200, 1, 1),  # noqa: DTZ001
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7))]),
    ),
}


@cache
def messages_of(union: Any) -> st.SearchStrategy[Any]:
    """Any message of a direction."""
    return st.one_of(*(_of(inspect.type_info(kind)) for kind in get_args(union) or (union,)))


def _of(info: Any) -> st.SearchStrategy[Any]:
    match info:
        case inspect.StructType():
            return st.builds(
                info.cls,
                **{field.name: _of(field.type) for field in info.fields},
            )
        case inspect.UnionType():
            return st.one_of(*map(_of, info.types))
        case inspect.LiteralType():
            return st.sampled_from(info.values)
        case inspect.FloatType():
            return st.floats(
                -1e9 if info.ge is None and info.gt is None else (info.ge or info.gt or 0),
                1e9 if info.le is None else info.le,
                allow_nan=False,
                exclude_min=info.gt is not None,
            )
        case inspect.IntType():
            least = -(2**53) if info.ge is None else info.ge
            return st.integers(least, 2**53 if info.le is None else info.le)
        case inspect.StrType():
            most = 20 if info.max_length is None else min(info.max_length, 20)
            return st.text(_TEXT, max_size=most)
        case inspect.ListType() | inspect.VarTupleType():
            items = st.lists(_of(info.item_type), min_size=info.min_length or 0, max_size=3)
            return items if isinstance(info, inspect.ListType) else items.map(tuple)
        case inspect.DictType():
            return st.dictionaries(_of(info.key_type), _of(info.value_type), max_size=3)
        case _:
            return _SCALARS[type(info)]


def fields_of(message: msgspec.Struct) -> dict[str, Any]:
    """As it goes over the wire."""
    found: dict[str, Any] = msgspec.to_builtins(message)
    return found
