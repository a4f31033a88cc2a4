"""`./dev bench kill-live`, small: one kill, and nothing that was acknowledged is lost."""

from __future__ import annotations

from pathlib import Path

from benchmarks.kill_live import measure


async def test_what_was_acknowledged_outlives_a_kill(tmp_path: Path, database_address: str) -> None:
    found = await measure(tmp_path, database_address, 10, 1)
    assert found.promised >= 20
    assert (found.lost, found.doubled, found.changed) == (0, 0, 0)
    assert len(found.resumed_s) == 10


async def test_the_experiment_would_see_a_hasty_promise(
    tmp_path: Path, sqlite_address: str
) -> None:
    found = await measure(tmp_path, sqlite_address, 10, 1, module="benchmarks.hasty_server")
    assert found.lost > 0
