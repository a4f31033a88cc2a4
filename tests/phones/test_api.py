"""A phone at home: what it is let in by, and all that must not let anybody in."""

from __future__ import annotations

import io
import plistlib
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from fastapi import FastAPI
from sqlalchemy import select

from beatrunner import wiring
from beatrunner.db.engine import Database
from beatrunner.db.share_tables import phone_tickets
from beatrunner.kit.settings import LogFormat, Settings
from beatrunner.web.app import create_app
from tests.conftest import HeldClock
from tests.web.client import make_client
from tests.web.test_envelope import logging_to

HOME = "https://192.168.1.5:8443"
PHONE = "192.168.1.77"


@dataclass
class Served:
    """One server as `serve --lan` starts it: on loopback, and in the home network."""

    here: FastAPI
    at_home: FastAPI

    def owner(self) -> httpx2.AsyncClient:
        return make_client(self.here)

    def phone(self, *, peer: str = PHONE, base_url: str = HOME) -> httpx2.AsyncClient:
        return make_client(self.at_home, peer=peer, base_url=base_url)


@pytest.fixture
async def served(database: Database, database_address: str, clock: HeldClock, tmp_path: Path):  # type: ignore[no-untyped-def]
    settings = Settings(
        database_url=database_address,
        data_dir=tmp_path / "data",
        lan=True,
        lan_addresses=("192.168.1.5",),
    )
    parts = wiring.build_server(settings, clock)
    parts.home.refresh()
    provided = (*parts.provided, *parts.provided_at_home)
    yield Served(
        create_app(parts.routers, parts.provided, settings),
        create_app(parts.routers, provided, settings.at_home(), home=parts.home),
    )
    await parts.database.close()


async def sign_in(owner: httpx2.AsyncClient) -> str:
    session = (await owner.post("/v1/auth/this-computer", json={})).json()
    owner.headers["Authorization"] = f"Bearer {session['access_token']}"
    return str(session["account"]["id"])


async def make_ticket(owner: httpx2.AsyncClient) -> str:
    made = await owner.post("/v1/home-network/tickets", json={"origin": HOME})
    assert made.status_code == 201, made.text
    assert made.json()["qr_code"].startswith("data:image/svg+xml")
    link, _, ticket = made.json()["link"].partition("#")
    assert link == f"{HOME}/phone"
    return str(ticket)


async def test_a_phone_joins_the_owner_once(served: Served, clock: HeldClock) -> None:
    async with served.owner() as owner, served.phone() as phone:
        account_id = await sign_in(owner)
        ticket = await make_ticket(owner)
        session = await phone.post("/v1/auth/phone", json={"ticket": ticket})
        assert session.json()["account"]["id"] == account_id
        cookie = session.headers["set-cookie"]
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        again = await phone.post("/v1/auth/refresh", json={})
        assert again.status_code == 200
        assert again.json()["account"]["id"] == account_id
        used = await phone.post("/v1/auth/phone", json={"ticket": ticket})
        assert used.status_code == 403
        assert used.json()["type"] == "/problems/wrong-phone-ticket"
        assert "set-cookie" not in used.headers


async def test_a_ticket_ends(served: Served, clock: HeldClock) -> None:
    async with served.owner() as owner, served.phone() as phone:
        await sign_in(owner)
        old, new = await make_ticket(owner), await make_ticket(owner)
        assert (await phone.post("/v1/auth/phone", json={"ticket": old})).status_code == 403
        clock.advance(300)
        assert (await phone.post("/v1/auth/phone", json={"ticket": new})).status_code == 403


async def test_tickets_are_made_here_by_the_owner_alone(served: Served) -> None:
    wanted = {"origin": HOME}
    async with served.owner() as owner, served.phone() as phone, served.owner() as member:
        await sign_in(owner)
        ticket = await make_ticket(owner)
        session = (await phone.post("/v1/auth/phone", json={"ticket": ticket})).json()
        phone.headers["Authorization"] = f"Bearer {session['access_token']}"
        refused = await phone.post("/v1/home-network/tickets", json=wanted)
        assert refused.json()["type"] == "/problems/not-this-computer"
        demo = (await member.post("/v1/auth/demo", json={})).json()
        member.headers["Authorization"] = f"Bearer {demo['access_token']}"
        refused = await member.post("/v1/home-network/tickets", json=wanted)
        assert refused.json()["type"] == "/problems/not-owner"
        elsewhere = {"origin": "https://evil.example"}
        assert (await owner.post("/v1/home-network/tickets", json=elsewhere)).status_code == 422


async def test_guesses_are_counted(served: Served) -> None:
    async with served.phone() as phone:
        answers = [
            (await phone.post("/v1/auth/phone", json={"ticket": f"guess {number}"})).status_code
            for number in range(302)
        ]
    assert answers[:300] == [403] * 300
    assert answers[300:] == [429] * 2


async def test_a_ticket_is_neither_stored_nor_logged(served: Served, database: Database) -> None:
    logged = io.StringIO()
    with logging_to(logged, LogFormat.JSON):
        async with served.owner() as owner, served.phone() as phone:
            await sign_in(owner)
            ticket = await make_ticket(owner)
            async with database.read() as tx:
                stored = (await tx.execute(select(phone_tickets))).all()
            await phone.post("/v1/auth/phone", json={"ticket": ticket})
    assert len(stored) == 1
    assert ticket not in repr(stored)
    assert "/v1/auth/phone" in logged.getvalue()
    assert ticket not in logged.getvalue()


#: As seen by the application for the home network; none of it opens the owner's door.
TRICKS: dict[str, tuple[str, str, dict[str, str]]] = {
    "a phone": (PHONE, HOME, {}),
    "this computer itself": ("127.0.0.1", "https://127.0.0.1:8443", {}),
    "this computer by IPv6": ("::1", "https://[::1]:8443", {}),
    "this computer by the loopback port": ("127.0.0.1", "http://127.0.0.1:8000", {}),
    "a phone that names loopback": (PHONE, HOME, {"host": "127.0.0.1:8000"}),
    "a phone that names localhost": (PHONE, HOME, {"host": "localhost:8443"}),
    "a phone that speaks for this computer": (PHONE, HOME, {"x-forwarded-for": "127.0.0.1"}),
    "a phone by the standard": (PHONE, HOME, {"forwarded": "for=127.0.0.1;host=127.0.0.1:8000"}),
    "a phone with another host": (PHONE, HOME, {"x-forwarded-host": "127.0.0.1:8000"}),
}


@pytest.mark.parametrize("trick", TRICKS)
async def test_loopback_trust_does_not_reach_the_home_network(served: Served, trick: str) -> None:
    peer, base_url, headers = TRICKS[trick]
    async with served.owner() as owner:
        await sign_in(owner)
    async with served.phone(peer=peer, base_url=base_url) as client:
        refused = await client.post("/v1/auth/this-computer", json={}, headers=headers)
        assert refused.status_code in (403, 421), refused.text
        assert "set-cookie" not in refused.headers
        demo = await client.post("/v1/auth/demo", json={}, headers=headers)
        assert demo.status_code in (403, 421), demo.text
        state = await client.get("/v1/auth/state", headers=headers)
        if state.status_code == 200:
            # Mails can be sent from here; they are read at this computer.
            assert [door for door, is_open in state.json().items() if is_open] == ["mail"]


@pytest.mark.parametrize(
    ("peer", "host", "status", "kind"),
    [
        (PHONE, "192.168.1.5:8443", 200, None),
        (PHONE, "192.168.1.6:8443", 421, "unknown-host"),  # not an address of ours
        (PHONE, "192.168.1.5", 421, "unknown-host"),
        (PHONE, "evil.example:8443", 421, "unknown-host"),  # a name bound anew
        (PHONE, "192.168.1.5.evil.example:8443", 421, "unknown-host"),
        (PHONE, "[fd00::1]:8443", 421, "unknown-host"),
        (PHONE, "", 421, "unknown-host"),
        ("203.0.113.9", "192.168.1.5:8443", 403, "not-at-home"),
        ("2001:db8::1", "192.168.1.5:8443", 403, "not-at-home"),
        ("", "192.168.1.5:8443", 403, "not-at-home"),
    ],
)
async def test_who_is_answered_at_home(
    served: Served, peer: str, host: str, status: int, kind: str | None
) -> None:
    async with served.phone(peer=peer) as client:
        answer = await client.get("/v1/auth/state", headers={"host": host})
        assert answer.status_code == status
        if kind is not None:
            assert answer.json()["type"] == f"/problems/{kind}"


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (HOME, 403),  # let through, and then the ticket is wrong
        ("http://192.168.1.5:8443", 403),
        ("https://192.168.1.5", 403),
        ("https://evil.example", 403),
        ("null", 403),
    ],
)
async def test_only_own_pages_may_change_things(served: Served, origin: str, status: int) -> None:
    async with served.phone() as client:
        answer = await client.post(
            "/v1/auth/phone", json={"ticket": "x"}, headers={"origin": origin}
        )
        assert answer.status_code == status
        kind = "wrong-phone-ticket" if origin == HOME else "foreign-page"
        assert answer.json()["type"] == f"/problems/{kind}"


async def test_nobody_makes_accounts_or_reads_metrics_from_there(served: Served) -> None:
    async with served.phone() as phone, served.owner() as owner:
        wanted = {"email": "a@example.org", "password": "a long password 17", "display_name": "A"}
        refused = await phone.post("/v1/auth/register", json=wanted)
        assert refused.json()["type"] == "/problems/registration-closed"
        assert (await phone.get("/metrics")).status_code == 404
        assert (await owner.get("/metrics")).status_code == 200
        assert (await phone.get("/health")).status_code == 200


async def test_the_authority_is_handed_out_without_its_key(served: Served) -> None:
    async with served.owner() as owner, served.phone() as phone:
        await sign_in(owner)
        told = (await owner.get("/v1/home-network")).json()
        assert told["is_open"]
        assert told["origins"][0] == HOME
        shown = (await phone.get("/v1/home-network/authority")).json()
        assert shown == {"is_open": True, "origins": [], "fingerprint": told["fingerprint"]}
        file = await phone.get("/v1/home-network/authority.crt")
        certificate = x509.load_der_x509_certificate(file.content)
        profile = await phone.get("/v1/home-network/authority.mobileconfig")
        assert profile.headers["content-type"] == "application/x-apple-aspen-config"
        (payload,) = plistlib.loads(profile.content)["PayloadContent"]
        assert payload["PayloadContent"] == file.content
        assert certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        for answer in (file, profile):
            assert b"PRIVATE" not in answer.content
            assert "attachment" in answer.headers["content-disposition"]


async def test_without_lan_there_is_nothing_of_it(
    database: Database, database_address: str, clock: HeldClock, tmp_path: Path
) -> None:
    settings = Settings(database_url=database_address, data_dir=tmp_path / "data")
    parts = wiring.build_server(settings, clock)
    async with make_client(create_app(parts.routers, parts.provided, settings)) as owner:
        await sign_in(owner)
        told = await owner.get("/v1/home-network")
        assert told.json() == {"is_open": False, "origins": [], "fingerprint": None}
        refused = await owner.post("/v1/home-network/tickets", json={"origin": HOME})
        assert refused.status_code == 422
        assert (await owner.get("/v1/home-network/authority.crt")).status_code == 404
    await parts.database.close()
