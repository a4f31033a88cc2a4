from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from beatrunner.cli import main
from beatrunner.kit.crypto import ServerSecret
from beatrunner.kit.keyring import Keyring, secret_file
from beatrunner.kit.sealing import Sealer, place
from beatrunner.kit.settings import Settings

ACCOUNT = "0" * 32
PLACE = place(
    "totp_factors", "00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000000"
)


@pytest.fixture
def settings(sqlite_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Of an instance with one sealed secret."""
    monkeypatch.setenv("BEATRUNNER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("BEATRUNNER_DATABASE_URL", sqlite_address)
    settings = Settings()
    sealed = Sealer(Keyring.of(settings)).seal(b"seed", bound_to=PLACE)
    with sqlite3.connect(tmp_path / "beatrunner.db") as database:
        database.execute(
            "INSERT INTO accounts (id, kind, display_name, created_at) VALUES (?, 'member', '', 0)",
            (ACCOUNT,),
        )
        database.execute(
            "INSERT INTO totp_factors (account_id, sealed) VALUES (?, ?)", (ACCOUNT, sealed)
        )
    database.close()
    return settings


def say(*words: str) -> str:
    done = CliRunner().invoke(main, ["keys", *words])
    assert done.exit_code == 0, done.output
    return done.output


def test_a_secret_is_replaced_and_forgotten(settings: Settings) -> None:
    old = Keyring.of(settings).current.kid.hex()
    new = say("rotate").split()[0]
    assert f"{old} stays: 1 are sealed by it" in say("forget", "--now")
    assert say("reseal") == "1 sealed anew.\n"
    lines = say("list").splitlines()
    assert [line.split()[:2] for line in lines] == [[new, "current"], [old, "older"]]
    assert [line.split()[-2:] for line in lines] == [["1", "sealed"], ["0", "sealed"]]
    assert f"{old} stays: whoever signed in" in say("forget")
    assert f"{old} is forgotten." in say("forget", "--now")
    assert [secret.kid.hex() for secret in Keyring.of(settings).secrets] == [new]
    assert say("forget", "--now") == ""


def test_what_no_secret_opens_is_an_error(settings: Settings) -> None:
    secret_file(settings).write_bytes(b"another secret that fits nothing")
    assert "MISSING  1 sealed" in say("list")
    done = CliRunner().invoke(main, ["keys", "reseal"])
    assert done.exit_code == 1
    assert PLACE in done.output


@pytest.mark.parametrize("command", ["rotate", "forget"])
def test_secrets_of_the_settings_are_changed_there(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    before = secret_file(settings).read_bytes()
    monkeypatch.setenv("BEATRUNNER_SECRET_KEY", "s" * 32)
    done = CliRunner().invoke(main, ["keys", command])
    assert done.exit_code == 1
    assert "BEATRUNNER_OLDER_SECRET_KEYS" in done.output
    assert secret_file(settings).read_bytes() == before
    assert ServerSecret(b"s" * 32).kid.hex() in say("list")
