"""`./dev bench refresh`, small: three hundred devices, and the answers of some get lost."""

from __future__ import annotations

from pathlib import Path

from benchmarks.refresh import measure


async def test_a_lost_answer_signs_nobody_out_and_a_replay_its_own_sign_in(tmp_path: Path) -> None:
    report = await measure(tmp_path, 300)
    assert [figure for figure in report["figures"] if not figure["ok"]] == []
