"""A copy is of one moment, however much is written meanwhile, and nobody waits for it."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from beatrunner.db.whole_sqlite import (
    DamagedDatabaseError,
    copy_database,
    count_rows,
    is_open_elsewhere,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "source.db"
    with closing(sqlite3.connect(found)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE left_side (content BLOB)")
        connection.execute("CREATE TABLE right_side (content BLOB)")
        for side in ("left_side", "right_side"):
            connection.executemany(
                f"INSERT INTO {side} VALUES (zeroblob(?))",  # noqa: S608
                [(10_000,)] * 1000,
            )
        connection.commit()
    return found


def test_a_copy_is_of_one_moment(path: Path, tmp_path: Path) -> None:
    written, looks = 0, 0
    is_over = threading.Event()

    def write() -> None:
        nonlocal written
        with closing(sqlite3.connect(path, timeout=0)) as connection:
            while not is_over.is_set():
                with connection:
                    connection.execute("INSERT INTO left_side VALUES (zeroblob(100))")
                    connection.execute("INSERT INTO right_side VALUES (zeroblob(100))")
                written += 1

    def show(more_bytes: int) -> None:
        nonlocal looks
        looks += more_bytes > 0
        # The writer gets on between two looks, and is never told to wait.
        before = written
        while written < before + 2 and writer.is_alive():
            pass

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copy_database(path, tmp_path / "copy.db", show)
    finally:
        assert writer.is_alive(), "it had to wait"
        is_over.set()
        writer.join()
    rows = count_rows(tmp_path / "copy.db")
    assert rows["left_side"] == rows["right_side"] >= 1000
    assert looks > 3
    assert count_rows(path)["left_side"] > rows["left_side"]
    assert not list(tmp_path.glob("copy.db-*"))


def test_damage_is_found(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 * 700 : 4096 * 701] = b"\xff" * 4096
    path.write_bytes(content)
    with pytest.raises(DamagedDatabaseError):
        count_rows(path)
    path.write_bytes(b"no database at all, but long enough to be looked at" * 100)
    with pytest.raises(DamagedDatabaseError):
        count_rows(path)


def test_who_has_it_open_is_noticed(path: Path) -> None:
    assert not is_open_elsewhere(path)
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("SELECT count(*) FROM left_side").fetchone()
        assert is_open_elsewhere(path)
    assert not is_open_elsewhere(path)
    assert not is_open_elsewhere(path.with_name("nothing.db"))
