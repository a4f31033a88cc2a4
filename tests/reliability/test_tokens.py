"""`./dev bench tokens`: the corpus at every door of the real application."""

from __future__ import annotations

from pathlib import Path

from benchmarks.tokens import measure


async def test_no_forged_or_abused_token_is_let_in(tmp_path: Path) -> None:
    report = await measure(tmp_path)
    assert [figure for figure in report["figures"] if not figure["ok"]] == []
