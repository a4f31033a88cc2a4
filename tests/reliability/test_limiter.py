"""The bench `limiter`, which is small enough: simulated hours, and a real Valkey."""

from __future__ import annotations

from benchmarks.limiter import exact, shared


def test_no_hour_holds_more_than_the_quota() -> None:
    assert [figure for figure in exact(seed=6) if not figure["ok"]] == []


async def test_a_valkey_that_is_shared_lost_and_empty_opens_nothing() -> None:
    assert [figure for figure in await shared() if not figure["ok"]] == []
