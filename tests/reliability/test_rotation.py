"""The bench `rotation`, small: the real commands in processes of their own, under traffic."""

from __future__ import annotations

from pathlib import Path

from benchmarks.rotation import measure


async def test_a_rotation_is_noticed_by_nobody(database_address: str, tmp_path: Path) -> None:
    found = await measure(tmp_path / "data", database_address, 300, 100)
    assert found.reads > 300
    assert found.writes
    assert (found.failed_reads, found.left_behind) == (0, 0)
    assert found.opened["bit flips"] == found.opened["row swaps"] == 0
    # What the experiment would see if there was something to see.
    assert found.opened["unbound"] == 100
    assert found.control_failed_reads == 100
