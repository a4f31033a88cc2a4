"""The door without a password, and everybody who tries to look like the owner."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from sqlalchemy import select

from beatrunner.accounts.this_computer import Caller, ThisComputer
from beatrunner.db.engine import Database
from beatrunner.db.tables import accounts
from beatrunner.kit.errors import ForbiddenError
from beatrunner.kit.settings import DemoDoor, Settings
from tests.conftest import HeldClock
from tests.web.client import make_app, make_client

HOST = "127.0.0.1:8000"


async def test_the_owner_signs_in_without_a_password(database: Database, clock: HeldClock) -> None:
    async with make_client(make_app(database, clock)) as client:
        state = (await client.get("/v1/auth/state")).json()
        assert state == {
            "this_computer": True,
            "registration": True,
            "invitations": True,
            "demo": True,
            "has_owner": False,
            "mail": True,
            "outbox": True,
        }
        session = await client.post("/v1/auth/this-computer", json={})
        assert session.status_code == 200, session.text
        assert session.json()["account"]["kind"] == "owner"
        token = session.json()["access_token"]
        profile = await client.get("/v1/profile", headers={"Authorization": f"Bearer {token}"})
        assert profile.json()["units"] == "km", profile.text
        again = await client.post("/v1/auth/this-computer", json={})
        assert again.json()["account"] == session.json()["account"]
        assert (await client.get("/v1/auth/state")).json()["has_owner"]


NEIGHBOURS = [
    Caller("127.0.0.1", {"host": HOST}),
    Caller("127.9.9.9", {"host": HOST}),
    Caller("::1", {"host": "[::1]:8000"}),
    Caller("127.0.0.1", {"host": "localhost:8000"}),
    Caller("127.0.0.1", {"host": "LocalHost:8000"}),
    Caller("127.0.0.1", {"host": HOST, "origin": f"http://{HOST}"}),
    Caller("127.0.0.1", {"host": HOST, "sec-fetch-site": "same-origin"}),
    Caller("127.0.0.1", {"host": HOST, "sec-fetch-site": "none"}),
]

STRANGERS = {
    "another computer": Caller("192.168.1.7", {"host": HOST}),
    "another computer, IPv6": Caller("2001:db8::1", {"host": HOST}),
    "a peer without address": Caller("", {"host": HOST}),
    "a peer by name": Caller("localhost.evil.example", {"host": HOST}),
    "no host": Caller("127.0.0.1", {}),
    "a name bound anew": Caller("127.0.0.1", {"host": "evil.example:8000"}),
    "a name bound anew, without port": Caller("127.0.0.1", {"host": "evil.example"}),
    "a name that begins like ours": Caller("127.0.0.1", {"host": "127.0.0.1.evil.example:8000"}),
    "a name that ends like ours": Caller("127.0.0.1", {"host": "evil.localhost:8000"}),
    "another port": Caller("127.0.0.1", {"host": "127.0.0.1:9000"}),
    "no port": Caller("127.0.0.1", {"host": "127.0.0.1"}),
    "our host with a user": Caller("127.0.0.1", {"host": f"evil@{HOST}"}),
    "any address": Caller("127.0.0.1", {"host": "0.0.0.0:8000"}),
    "a foreign page": Caller("127.0.0.1", {"host": HOST, "origin": "https://evil.example"}),
    "a page without origin": Caller("127.0.0.1", {"host": HOST, "origin": "null"}),
    "an empty origin": Caller("127.0.0.1", {"host": HOST, "origin": ""}),
    "a page on another port": Caller(
        "127.0.0.1", {"host": HOST, "origin": "http://127.0.0.1:9000"}
    ),
    "a page on another name of ours": Caller(
        "127.0.0.1", {"host": HOST, "origin": "http://localhost:8000"}
    ),
    "a page of another scheme": Caller("127.0.0.1", {"host": HOST, "origin": f"https://{HOST}"}),
    "a page that begins like ours": Caller(
        "127.0.0.1", {"host": HOST, "origin": f"http://{HOST}.evil.example"}
    ),
    "a cross-site request": Caller("127.0.0.1", {"host": HOST, "sec-fetch-site": "cross-site"}),
    "a same-site request": Caller("127.0.0.1", {"host": HOST, "sec-fetch-site": "same-site"}),
    "a proxy": Caller("127.0.0.1", {"host": HOST, "x-forwarded-for": "203.0.113.9"}),
    "a proxy by the standard": Caller("127.0.0.1", {"host": HOST, "forwarded": "for=1.2.3.4"}),
}


@pytest.mark.parametrize("caller", NEIGHBOURS)
def test_who_sits_here_may_enter(caller: Caller) -> None:
    door = ThisComputer(Settings())
    door.require(caller)
    door.require_demo(caller)


@pytest.mark.parametrize("name", STRANGERS)
def test_nobody_else_may(name: str) -> None:
    door = ThisComputer(Settings())
    with pytest.raises(ForbiddenError):
        door.require(STRANGERS[name])
    with pytest.raises(ForbiddenError):
        door.require_demo(STRANGERS[name])


@pytest.mark.parametrize(
    "settings",
    [
        Settings(host="0.0.0.0"),  # noqa: S104
        Settings(host="192.168.1.7"),
        Settings(host="runs.example.org"),
        Settings(allowed_hosts=("runs.example.org",)),
        Settings(allowed_hosts=("localhost",)),
        Settings(trusted_proxies=(ip_network("127.0.0.1"),)),
    ],
)
@pytest.mark.parametrize("caller", NEIGHBOURS)
def test_a_server_for_others_has_no_such_door(settings: Settings, caller: Caller) -> None:
    with pytest.raises(ForbiddenError):
        ThisComputer(settings).require(caller)


def test_the_demo_is_open_as_the_settings_say() -> None:
    stranger, neighbour = STRANGERS["another computer"], NEIGHBOURS[0]
    always = ThisComputer(Settings(demo=DemoDoor.ALWAYS))
    never = ThisComputer(Settings(demo=DemoDoor.NEVER))
    assert always.is_demo_open(stranger)
    assert always.is_demo_open(neighbour)
    assert not never.is_demo_open(stranger)
    assert not never.is_demo_open(neighbour)


@pytest.mark.parametrize("peer", ["203.0.113.9", "192.168.1.7"])
async def test_another_computer_is_told_nothing(
    database: Database, clock: HeldClock, peer: str
) -> None:
    app = make_app(database, clock)
    async with make_client(app) as here:
        await here.post("/v1/auth/this-computer", json={})
    async with make_client(app, peer=peer) as client:
        refused = await client.post("/v1/auth/this-computer", json={})
        assert refused.status_code == 403
        assert refused.json()["type"] == "/problems/not-this-computer"
        assert "set-cookie" not in refused.headers
        state = (await client.get("/v1/auth/state")).json()
        assert not state["this_computer"]
        assert not state["demo"]
        assert not state["has_owner"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example:8000"}, 421),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"x-forwarded-for": "203.0.113.9"}, 403),
    ],
)
async def test_a_foreign_page_makes_no_owner(
    database: Database, clock: HeldClock, headers: dict[str, str], status: int
) -> None:
    async with make_client(make_app(database, clock)) as client:
        refused = await client.post("/v1/auth/this-computer", json={}, headers=headers)
        assert refused.status_code == status
    async with database.read() as tx:
        assert (await tx.execute(select(accounts.c.id))).first() is None


async def test_a_form_of_a_foreign_page_cannot_knock(database: Database, clock: HeldClock) -> None:
    async with make_client(make_app(database, clock)) as client:
        for content_type in ("text/plain", "application/x-www-form-urlencoded"):
            refused = await client.post(
                "/v1/auth/this-computer", content="{}", headers={"content-type": content_type}
            )
            assert refused.status_code == 422
        bare = await client.post("/v1/auth/this-computer")
        assert bare.status_code == 422
