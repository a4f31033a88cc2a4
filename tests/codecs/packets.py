"""What every packet codec has to hold, and values that packets can carry."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import TypeVar

from hypothesis import strategies as st

from beatrunner.codecs.gatt import Decoded, Number, PacketError

_Value = TypeVar("_Value", bound=Decoded)

PACKETS = st.binary(max_size=40)


def storable(number: Number) -> st.SearchStrategy[float]:
    """Every value that `number` can store, exactly on one of its steps."""
    bits = 8 * number.size
    lowest, highest = (-(1 << bits - 1), (1 << bits - 1) - 1) if number.signed else (0, 2**bits - 1)
    steps = st.integers(lowest, highest).filter(lambda step: step != number.not_available)
    return steps.map(lambda step: step / number.per_unit)


def assert_tolerates(
    decode: Callable[[bytes], _Value], encode: Callable[[_Value], bytes], packet: bytes
) -> None:
    """Any bytes decode to finite numbers or raise PacketError; what is not odd comes back."""
    try:
        value = decode(packet)
    except PacketError:
        return
    assert all(map(math.isfinite, _numbers(value)))
    if not value.oddities:
        assert decode(encode(value)) == value


def _numbers(value: Decoded) -> list[float]:
    found: list[float] = []
    for field in dataclasses.fields(value):
        content = getattr(value, field.name)
        several = content if isinstance(content, tuple) else (content,)
        found += [each for each in several if isinstance(each, int | float)]
    return found
