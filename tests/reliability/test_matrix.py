"""`./dev bench matrix`: every route and socket, asked by everybody but who may."""

from __future__ import annotations

from pathlib import Path

from benchmarks.matrix import measure


async def test_nobody_gets_what_is_not_theirs(tmp_path: Path) -> None:
    report = await measure(tmp_path)
    assert [figure for figure in report["figures"] if not figure["ok"]] == []
