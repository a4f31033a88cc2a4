from __future__ import annotations

import base64
import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.activities.listing import SortKey
from beatrunner.kit.cursor import Cursor
from beatrunner.kit.errors import RefusedError

ID = UUID(int=5)


@given(st.sampled_from(SortKey), st.floats(-1e17, 1e17), st.uuids())
def test_a_cursor_comes_back_as_it_was(sort: SortKey, value: float, row_id: UUID) -> None:
    cursor = Cursor(sort, value, row_id)
    assert Cursor.decode(cursor.encode(), sort) == cursor


def test_a_time_before_the_year_1_is_refused() -> None:
    cursor = Cursor.decode(encoded(["started_at", -1e17, str(ID)]), SortKey.STARTED_AT)
    with pytest.raises(RefusedError) as caught:
        _ = cursor.time
    assert caught.value.kind == "bad-cursor"


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ä",
        "!!!!",
        "AAAA",
        encoded([]),
        encoded(["started_at", "now", str(ID)]),
        encoded(["started_at", 1e300, str(ID)]),
        encoded(["started_at", -1e18, str(ID)]),
        base64.urlsafe_b64encode(f'["started_at", 1e999, "{ID}"]'.encode()).decode(),
        encoded(["started_at", 1, "no id"]),
        encoded(["distance_m", 1, str(ID)]),
    ],
)
def test_what_is_no_cursor_of_this_order_is_refused(text: str) -> None:
    with pytest.raises(RefusedError) as caught:
        Cursor.decode(text, SortKey.STARTED_AT)
    assert caught.value.kind == "bad-cursor"


@given(st.text(max_size=60) | st.binary(max_size=40).map(lambda b: base64.b64encode(b).decode()))
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        Cursor.decode(text, SortKey.DISTANCE)
