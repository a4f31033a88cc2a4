"""What whoever runs the server does about accounts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Executable, delete, insert, select

from beatrunner.cli import main
from beatrunner.cli.processes import admit_owners_bridge
from beatrunner.db.engine import Database
from beatrunner.db.identity_tables import security_events
from beatrunner.db.tables import accounts
from beatrunner.db.types import AnyRow
from beatrunner.kit.clock import system_clock
from beatrunner.kit.ids import new_id
from beatrunner.kit.settings import Settings

EMAIL = "ada@example.org"


@pytest.fixture
def database(database_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of one with a single member."""
    monkeypatch.setenv("BEATRUNNER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("BEATRUNNER_DATABASE_URL", database_address)
    member = {"kind": "member", "email": EMAIL, "display_name": "", "created_at": system_clock()}
    execute(database_address, insert(accounts).values(id=new_id(), **member))
    return database_address


def execute(address: str, statement: Executable) -> Sequence[AnyRow]:
    async def run() -> Sequence[Any]:
        database = Database(address)
        try:
            async with database.write() as tx:
                done = await tx.execute(statement)
                return done.all() if done.returns_rows else ()
        finally:
            await database.close()

    return asyncio.run(run())


def say(*words: str, answer: str = "") -> Result:
    return CliRunner().invoke(main, ["accounts", *words], input=answer)


def listed() -> str:
    done = say("list")
    assert done.exit_code == 0, done.output
    return done.output


def test_an_account_is_disabled_and_enabled(database: str) -> None:
    assert listed() == f"{EMAIL}\tmember\tmade {system_clock():%Y-%m-%d}\n"
    assert say("disable", EMAIL.upper()).exit_code == 0
    assert "disabled 20" in listed()
    assert say("enable", EMAIL).exit_code == 0
    assert "disabled" not in listed()
    kinds = select(security_events.c.kind).order_by(security_events.c.at)
    assert [row.kind for row in execute(database, kinds)] == ["disabled", "enabled"]


def test_an_account_is_erased_after_a_question(database: str, tmp_path: Path) -> None:
    assert say("erase", EMAIL, answer="n\n").exit_code == 1
    assert EMAIL in listed()
    assert say("erase", EMAIL, "--yes").exit_code == 0
    assert listed() == ""
    assert not execute(database, select(accounts))
    assert not [x for x in tmp_path.rglob("*.db*") if EMAIL.encode() in x.read_bytes()]


@pytest.mark.parametrize("command", ["disable", "enable", "erase", "reset"])
def test_an_address_without_an_account_is_said(database: str, command: str) -> None:
    words = ("--yes",) if command == "erase" else ()
    done = say(command, "nobody@example.org", *words)
    assert done.exit_code == 1
    assert "There is no account with the address nobody@example.org." in done.output
    assert EMAIL in listed()


def leave_computer(database: str) -> None:
    """As if the member had been its owner."""
    (member,) = execute(database, select(accounts.c.id))
    left = {"kind": "became_member", "at": system_clock(), "account_id": member.id}
    execute(database, insert(security_events).values(id=new_id(), **left))


def test_a_computer_whose_owner_is_one_of_many_has_none(database: str, tmp_path: Path) -> None:
    """What is not said whose it is must not go to a new owner, who has nothing."""
    leave_computer(database)
    done = CliRunner().invoke(main, ["export", str(tmp_path / "mine.zip")])
    assert (done.exit_code, len(listed().splitlines())) == (1, 1)
    assert "Say --email." in done.output
    named = CliRunner().invoke(main, ["export", str(tmp_path / "mine.zip"), "--email", EMAIL])
    assert named.exit_code == 0, named.output


def test_no_bridge_makes_an_owner_of_a_computer_that_has_none(database: str) -> None:
    settings = Settings(database_url=database)
    assert asyncio.run(admit_owners_bridge(settings, is_virtual=True)) is not None
    kinds = select(accounts.c.kind).order_by(accounts.c.kind)
    assert execute(database, kinds) == [("member",), ("owner",)]
    execute(database, delete(accounts).where(accounts.c.kind == "owner"))
    leave_computer(database)
    assert asyncio.run(admit_owners_bridge(settings, is_virtual=True)) is None
    assert execute(database, kinds) == [("member",)]
