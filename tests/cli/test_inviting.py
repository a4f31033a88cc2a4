"""Links that whoever runs the server hands out."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from email.message import Message
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from click.testing import CliRunner, Result

from beatrunner.cli import main

MEMBER = "ada@example.org"
NEW = "kim@example.org"


class Mailbox(MessageHandler):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Message] = []

    def handle_message(self, message: Message) -> None:
        self.found.append(message)


@pytest.fixture
def database(sqlite_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With one member."""
    monkeypatch.setenv("BEATRUNNER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("BEATRUNNER_DATABASE_URL", sqlite_address)
    path = tmp_path / "beatrunner.db"
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute(
            "INSERT INTO accounts (id, kind, email, display_name, created_at)"
            " VALUES (?, 'member', ?, '', 0)",
            ("0" * 32, MEMBER),
        )
    return path


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """Of a mail server that the settings name."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    handler = Mailbox()
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    for name, value in {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "SECURITY": "none",
        "FROM": "beatrunner@example.org",
    }.items():
        monkeypatch.setenv(f"BEATRUNNER_MAIL_{name}", value)
    yield handler
    server.stop()


def say(*words: str) -> Result:
    return CliRunner().invoke(main, ["accounts", *words])


def rows(database: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as opened:
        return opened.execute(statement).fetchall()


@pytest.mark.parametrize(
    ("words", "start"),
    [
        (("invite", NEW), "http://127.0.0.1:8000/invitation#"),
        (("reset", MEMBER), "http://127.0.0.1:8000/new-password#"),
    ],
)
def test_without_a_mail_server_the_link_is_printed(
    database: Path, words: tuple[str, str], start: str
) -> None:
    done = say(*words)
    assert done.exit_code == 0, done.output
    link = done.output.splitlines()[-1]
    assert link.startswith(start)
    assert len(link) > len(start) + 40
    if words[0] == "invite":
        assert rows(database, "SELECT email, is_mailed FROM invitations") == [(NEW, 0)]
    else:
        told = "SELECT purpose, detail FROM account_codes"
        assert rows(database, told) == [("password_reset", '{"by_mail": false}')]


@pytest.mark.parametrize(
    ("words", "start"),
    [
        (("invite", NEW), "https://runs.example.org/invitation#"),
        (("reset", MEMBER), "https://runs.example.org/new-password#"),
    ],
)
def test_by_a_mail_server_it_is_mailed_and_nobody_else_sees_it(
    database: Path,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, str],
    start: str,
) -> None:
    monkeypatch.setenv("BEATRUNNER_ALLOWED_HOSTS", "runs.example.org")
    monkeypatch.setenv("BEATRUNNER_SECURE_COOKIES", "true")
    done = say(*words)
    assert done.exit_code == 0, done.output
    assert "#" not in done.output
    (mail,) = mailbox.found
    assert mail["To"] == words[1]
    assert f"    {start}" in str(mail.get_payload())
    if words[0] == "invite":
        assert rows(database, "SELECT is_mailed FROM invitations") == [(1,)]
    else:
        assert rows(database, "SELECT detail FROM account_codes") == [(None,)]


def test_a_mail_that_does_not_go_is_said(
    database: Path, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEATRUNNER_MAIL_PORT", "1")
    done = say("invite", NEW)
    assert done.exit_code == 1
    assert "The mail could not be sent" in done.output
    assert "#" not in done.output


def test_nobody_is_invited_who_has_an_account_or_where_none_are_made(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = say("invite", MEMBER.upper())
    assert done.exit_code == 1
    assert "has an account already" in done.output
    monkeypatch.setenv("BEATRUNNER_REGISTRATION", "closed")
    done = say("invite", NEW)
    assert done.exit_code == 1
    assert "New accounts are closed" in done.output
    assert rows(database, "SELECT id FROM invitations") == []
