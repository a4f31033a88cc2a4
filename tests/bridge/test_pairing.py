"""Joining by a code: at a real server, at what is none, and what is kept of it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from beatrunner.bridge.address import ServerAddress
from beatrunner.bridge.pairing import Membership, MembershipFile, PairingError, pair
from beatrunner.db.live_tables import pairing_codes
from beatrunner.devices.bridges import identify
from beatrunner.kit.clock import system_clock
from tests.bridge.scripted import answering, http, own_certificate
from tests.workouts.gym import Gym

MEMBERSHIP = Membership("https://runs.example.org", "token", "Cellar")


async def code_of(gym: Gym) -> str:
    answer = await gym.client.post("/v1/devices/pairing-codes", json={})
    return str(answer.json()["code"])


async def test_a_code_joins_one_bridge(sqlite_gym: Gym) -> None:
    server = ServerAddress.parse(sqlite_gym.address)
    code = await code_of(sqlite_gym)
    membership = await pair(server, code.lower(), "Attic")
    assert (membership.server, membership.name) == (sqlite_gym.address, "Attic")
    async with sqlite_gym.parts.database.read() as tx:
        bridge = await identify(tx, membership.token)
    assert (bridge.account_id, bridge.name) == (sqlite_gym.account_id, "Attic")
    with pytest.raises(PairingError, match=r"says: .*code does not hold, or not any more"):
        await pair(server, code, "Attic again")


async def test_a_wrong_code_is_said_in_words(sqlite_gym: Gym) -> None:
    await code_of(sqlite_gym)
    with pytest.raises(PairingError, match="code does not hold, or not any more"):
        await pair(ServerAddress.parse(sqlite_gym.address), "ABCD-EFGH", "Attic")


async def test_a_code_that_has_run_out_is_said_in_words(sqlite_gym: Gym) -> None:
    code = await code_of(sqlite_gym)
    async with sqlite_gym.parts.database.write() as tx:
        await tx.execute(pairing_codes.update().values(expires_at=system_clock()))
    with pytest.raises(PairingError, match="code does not hold, or not any more"):
        await pair(ServerAddress.parse(sqlite_gym.address), code, "Attic")


async def test_a_name_that_will_not_do_is_said_in_words(sqlite_gym: Gym) -> None:
    with pytest.raises(PairingError, match=f"{sqlite_gym.address} says: "):
        await pair(ServerAddress.parse(sqlite_gym.address), "ABCD-EFGH", "x" * 101)


async def test_a_server_that_is_not_there_is_said_in_words() -> None:
    with pytest.raises(PairingError, match=r"There is no answer from http://127\.0\.0\.1:1 \("):
        await pair(ServerAddress("http://127.0.0.1:1"), "ABCD-EFGH", "Attic")


async def test_a_server_that_vouches_for_itself_gets_no_code(tmp_path: Path) -> None:
    async with answering(b"", own_certificate(tmp_path)) as (server, asked):
        with pytest.raises(PairingError, match="self-signed certificate"):
            await pair(server, "ABCD-EFGH", "Attic")
    assert asked == []


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, b'{"title": "Not found."}'),
        (200, b"<html>"),
        (201, b"<html>"),
        (201, b'{"bridge_id": 7}'),
        (403, b"<html>"),
        (403, b"{}"),
        (403, b'{"title": 7}'),
        (500, b"\xff"),
    ],
)
async def test_what_is_no_beatrunner_is_said_in_words(status: int, body: bytes) -> None:
    async with answering(http(f"{status} Odd", body=body)) as (server, _asked):
        with pytest.raises(PairingError, match="is no BeatRunner that bridges can join"):
            await pair(server, "ABCD-EFGH", "Attic")


async def test_a_redirection_leads_the_code_nowhere() -> None:
    async with answering(b"") as (elsewhere, asked):
        away = http("307 Temporary Redirect", f"Location: {elsewhere.origin}\r\n")
        async with answering(away) as (server, _asked):
            with pytest.raises(PairingError, match="is no BeatRunner"):
                await pair(server, "ABCD-EFGH", "Attic")
    assert asked == []


def test_what_is_kept_is_readable_by_its_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    file = MembershipFile(folder, "bridge")
    assert file.find() is None
    file.keep(MEMBERSHIP)
    assert stat.S_IMODE((folder / "bridge.json").stat().st_mode) == 0o600
    assert MembershipFile(folder, "bridge").find() == MEMBERSHIP
    assert MembershipFile(folder, "virtual-bridge").find() is None
    assert [path.name for path in folder.iterdir()] == ["bridge.json"]


def test_a_new_membership_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    """Even where an earlier try was cut off, or the file was opened to everybody."""
    file = MembershipFile(tmp_path, "bridge")
    file.keep(MEMBERSHIP)
    (tmp_path / "bridge.json").chmod(0o644)
    (tmp_path / "bridge.new").write_text("{")
    again = Membership("https://other.example.org", "new", "Cellar")
    file.keep(again)
    assert file.find() == again
    assert stat.S_IMODE((tmp_path / "bridge.json").stat().st_mode) == 0o600


def test_a_withdrawn_membership_is_forgotten(tmp_path: Path) -> None:
    file = MembershipFile(tmp_path, "bridge")
    file.forget()
    file.keep(MEMBERSHIP)
    file.forget()
    assert file.find() is None


@pytest.mark.parametrize("text", [b"", b"{", b"null", b'{"server": 7}', b"\xff"])
def test_a_file_that_cannot_be_read_is_no_membership(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "bridge.json").write_bytes(text)
    assert MembershipFile(tmp_path, "bridge").find() is None
