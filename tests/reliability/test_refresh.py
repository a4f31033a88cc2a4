"""`./dev bench refresh`, small: three hundred devices, and the answers of some get lost."""

from __future__ import annotations

from pathlib import Path

from benchmarks.refresh import measure


async def test_a_lost_answer_signs_nobody_out_and_a_replay_its_own_sign_in(tmp_path: Path) -> None:
    report = await measure(tmp_path, 300)
    # How long it takes is for the bench alone: others may be at the disk now.
    found = [figure for figure in report["figures"] if figure["unit"] != "s"]
    assert [figure for figure in found if not figure["ok"]] == []
