"""`beatrunner bridge`, with a data folder of its own: what it says, and how it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from beatrunner.bridge.pairing import Membership, MembershipFile
from beatrunner.cli import main
from beatrunner.db.engine import Database
from tests.workouts.gym import open_gym

NOWHERE = "http://127.0.0.1:1"


def bridge(*words: str) -> Result:
    return CliRunner().invoke(main, ("bridge", *words))


@pytest.fixture
def taken_port() -> Iterator[str]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield str(taken.getsockname()[1])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--server", "ftp://x"], "is not the address of a server, like https://"),
        (["--server", "http://[bad"], "is not the address of a server, like https://"),
        (["--server", "https://x.org/runs"], "ends after its name and port"),
        (["--server", "http://runs.example.org", "--code", "A"], "unprotected: use https://"),
        (["--server", NOWHERE, "--code", "ABCD-EFGH"], f"There is no answer from {NOWHERE}"),
        (["--server", NOWHERE], "make a code there and use --code"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(words: list[str], said: str, data_dir: Path) -> None:
    result = bridge(*words)
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output
    assert not data_dir.exists()


def test_a_bridge_of_another_server_stays_there(data_dir: Path) -> None:
    MembershipFile(data_dir, "bridge").keep(Membership("https://a.example.org", "t", "Cellar"))
    result = bridge("--server", "https://b.example.org")
    assert result.exit_code == 1
    assert "belongs to https://a.example.org. To join https://b.example.org" in result.output


def test_a_port_that_is_taken_is_said_in_words(taken_port: str) -> None:
    result = bridge("--port", taken_port)
    assert result.exit_code == 1
    assert f"Port {taken_port} cannot be used" in result.output
    assert "Is a bridge running already?" in result.output


def test_a_port_that_is_none_is_a_wrong_word() -> None:
    assert bridge("--port", "99999").exit_code == 2


def put_a_file_in_place_of(folder: Path) -> None:
    folder.rename(folder.with_name("moved"))
    folder.touch()


async def test_a_code_is_used_and_what_comes_of_it_is_kept(
    sqlite_address: str, tmp_path: Path, data_dir: Path, taken_port: str
) -> None:
    """The port is taken, so that it ends after that."""
    database = Database(sqlite_address)
    async with open_gym(database, sqlite_address, tmp_path / "server") as gym:
        made = await gym.client.post("/v1/devices/pairing-codes", json={})
        words = ["--server", gym.address, "--code", made.json()["code"], "--name", "Attic"]
        joined = await asyncio.to_thread(bridge, *words, "--port", taken_port)
        assert "Is a bridge running already?" in joined.output
        kept = MembershipFile(data_dir, "bridge").find()
        assert kept is not None
        assert (kept.server, kept.name) == (gym.address, "Attic")
        assert stat.S_IMODE((data_dir / "bridge.json").stat().st_mode) == 0o600
        again = await asyncio.to_thread(bridge, *words)
        assert (again.exit_code, "code does not hold" in again.output) == (1, True)
        assert MembershipFile(data_dir, "bridge").find() == kept
        made = await gym.client.post("/v1/devices/pairing-codes", json={})
        put_a_file_in_place_of(data_dir)
        words[3] = made.json()["code"]
        nowhere = await asyncio.to_thread(bridge, *words)
        assert nowhere.exit_code == 1
        assert "cannot be used for what the bridge keeps" in nowhere.output
    await database.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_it_runs_without_bluetooth_says_so_and_ends_when_told(
    data_dir: Path, number: signal.Signals
) -> None:
    """Whether by Ctrl-C or with its terminal."""
    with subprocess.Popen(
        [sys.executable, "-m", "beatrunner", "bridge", "--port", "0"],
        # No computer has a message bus there, so none has Bluetooth.
        env={**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={data_dir / 'none'}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # These tests may run under `nohup`, which children inherit.
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    ) as process:
        assert process.stdout is not None
        said: list[str] = []
        for line in process.stdout:
            said.append(line)
            if "Bluetooth service is not running" in line:
                process.send_signal(number)
        assert process.wait(30) == 0, said
    assert said[0].startswith("The page beside the belt is at http://127.0.0.1:")
    assert said[1].startswith("Not joined to a server")
    assert "bridge.ended" in said[-1]
