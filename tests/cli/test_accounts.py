"""What whoever runs the server does about accounts."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from beatrunner.cli import main

EMAIL = "ada@example.org"
ACCOUNT = "0" * 32


@pytest.fixture
def database(sqlite_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With one member, who is signed in."""
    monkeypatch.setenv("BEATRUNNER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("BEATRUNNER_DATABASE_URL", sqlite_address)
    path = tmp_path / "beatrunner.db"
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute(
            "INSERT INTO accounts (id, kind, email, display_name, created_at)"
            " VALUES (?, 'member', ?, '', 0)",
            (ACCOUNT, EMAIL),
        )
    return path


def say(*words: str, answer: str = "") -> Result:
    return CliRunner().invoke(main, ["accounts", *words], input=answer)


def listed() -> str:
    done = say("list")
    assert done.exit_code == 0, done.output
    return done.output


def test_an_account_is_disabled_and_enabled(database: Path) -> None:
    assert listed() == f"{EMAIL}\tmember\tmade 1970-01-01\n"
    assert say("disable", EMAIL.upper()).exit_code == 0
    assert "disabled 20" in listed()
    assert say("enable", EMAIL).exit_code == 0
    assert "disabled" not in listed()
    with closing(sqlite3.connect(database)) as opened:
        kinds = opened.execute("SELECT kind FROM security_events ORDER BY at").fetchall()
    assert kinds == [("disabled",), ("enabled",)]


def test_an_account_is_erased_after_a_question(database: Path) -> None:
    assert say("erase", EMAIL, answer="n\n").exit_code == 1
    assert EMAIL in listed()
    assert say("erase", EMAIL, "--yes").exit_code == 0
    assert listed() == ""
    assert EMAIL.encode() not in database.read_bytes()


@pytest.mark.parametrize("command", ["disable", "enable", "erase"])
def test_an_address_without_an_account_is_said(database: Path, command: str) -> None:
    words = ("--yes",) if command == "erase" else ()
    done = say(command, "nobody@example.org", *words)
    assert done.exit_code == 1
    assert "There is no account with the address nobody@example.org." in done.output
    assert EMAIL in listed()
