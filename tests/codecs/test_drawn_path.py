from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.drawn_path import pack_drawn_path, put_varint
from beatrunner.core.drawn_path import DrawnPath

POINT = st.tuples(
    st.integers(0, 100_000),
    st.floats(-90.0, 90.0),
    st.floats(-180.0, 180.0),
    st.floats(0.0, 12.0) | st.just(np.nan),
)


def unpacked(packed: bytes) -> list[tuple[float, ...]]:
    """Seconds, latitudes, longitudes, speeds, as the page reads them."""
    points: list[tuple[float, ...]] = []
    at, sums = 0, [0, 0, 0]
    while at < len(packed):
        for axis in range(3):
            number = shift = 0
            while True:
                byte = packed[at]
                number |= (byte & 0x7F) << shift
                at, shift = at + 1, shift + 7
                if byte < 0x80:
                    break
            sums[axis] += ~(number >> 1) if number & 1 else number >> 1
        speed = np.nan if packed[at] == 255 else packed[at] * 0.05
        at += 1
        points.append((sums[2], sums[0] / 1e5, sums[1] / 1e5, speed))
    return points


@given(st.lists(POINT, min_size=2, max_size=20))
def test_what_is_packed_is_read_back(points: list[tuple[float, ...]]) -> None:
    columns = np.array(points, dtype=np.float64).T
    back = np.array(unpacked(pack_drawn_path(DrawnPath(*columns)))).T
    for read, sent, within in zip(back, columns, (0, 0.51e-5, 0.51e-5, 0.026), strict=True):
        np.testing.assert_allclose(read, sent, rtol=0, atol=within)


@pytest.mark.parametrize(
    ("number", "packed"), [(0, "00"), (127, "7f"), (128, "8001"), (300, "ac02")]
)
def test_varints(number: int, packed: str) -> None:
    written = bytearray()
    put_varint(written, number)
    assert written.hex() == packed
