from __future__ import annotations

import http.cookies
from typing import Any
from uuid import UUID

import httpx2
import pytest

from beatrunner.accounts.api import REFRESH_COOKIE
from beatrunner.db.engine import Database
from beatrunner.kit.settings import Settings
from tests.conftest import HeldClock
from tests.web.client import make_app, make_client, signed_in_client


def refresh_cookie(answer: httpx2.Response) -> http.cookies.Morsel[str]:
    return http.cookies.SimpleCookie(answer.headers["set-cookie"])[REFRESH_COOKIE]


@pytest.mark.parametrize("secure", [False, True])
async def test_the_refresh_token_is_out_of_reach_of_pages(
    database: Database, clock: HeldClock, secure: bool
) -> None:
    app = make_app(database, clock, settings=Settings(secure_cookies=secure))
    async with make_client(app) as client:
        session = await client.post("/v1/auth/this-computer", json={})
        cookie = refresh_cookie(session)
        assert cookie["httponly"] is True
        assert cookie["samesite"] == "strict"
        assert cookie["path"] == "/v1/auth"
        assert cookie["domain"] == ""
        assert bool(cookie["secure"]) is secure
        assert cookie["max-age"] == str(30 * 86_400)
        assert cookie.value not in session.text
        assert session.headers["cache-control"] == "no-store"
        assert session.json().keys() == {"access_token", "expires_in_s", "account"}


async def test_a_session_is_refreshed_and_ended_by_its_cookie(
    database: Database, clock: HeldClock
) -> None:
    async with make_client(make_app(database, clock)) as client:
        first = await client.post("/v1/auth/this-computer", json={})
        clock.advance(600)
        second = await client.post("/v1/auth/refresh")
        assert second.status_code == 200
        assert second.json()["account"] == first.json()["account"]
        assert refresh_cookie(second).value != refresh_cookie(first).value
        ended = await client.post("/v1/auth/sign-out")
        assert ended.status_code == 204
        assert refresh_cookie(ended)["max-age"] == "0"
        assert (await client.post("/v1/auth/refresh")).status_code == 401
        client.headers["Authorization"] = f"Bearer {second.json()['access_token']}"
        assert (await client.get("/v1/profile")).status_code == 401
        # Signing out twice is no error.
        assert (await client.post("/v1/auth/sign-out")).status_code == 204


@pytest.mark.parametrize("route", ["/v1/auth/refresh", "/v1/auth/sign-out"])
async def test_a_foreign_page_cannot_use_the_cookie(
    database: Database, clock: HeldClock, route: str
) -> None:
    async with make_client(make_app(database, clock)) as client:
        await client.post("/v1/auth/this-computer", json={})
        for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
            refused = await client.post(route, headers=headers)
            assert refused.status_code == 403
            assert refused.json()["type"] == "/problems/foreign-page"
        clock.advance(600)
        assert (await client.post("/v1/auth/refresh")).status_code == 200


@pytest.mark.parametrize("cookie", ["", "x", "x" * 70, "x" * 100_000])
async def test_a_made_up_cookie_is_refused(
    database: Database, clock: HeldClock, cookie: str
) -> None:
    async with make_client(make_app(database, clock)) as client:
        headers = {"cookie": f"{REFRESH_COOKIE}={cookie}"}
        refused = await client.post("/v1/auth/refresh", headers=headers)
        assert refused.status_code == 401
        assert refused.json()["type"] == "/problems/not-signed-in"


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Bearer x", "Basic eDp5", "bearer a.b.c", "x" * 9000]
)
async def test_a_made_up_authorization_is_refused(
    database: Database, clock: HeldClock, authorization: str
) -> None:
    async with make_client(make_app(database, clock)) as client:
        refused = await client.get("/v1/profile", headers={"Authorization": authorization})
        assert refused.status_code == 401
        assert refused.json()["type"] == "/problems/not-signed-in"
        assert refused.headers["www-authenticate"] == "Bearer"


async def test_a_refresh_token_opens_no_route(database: Database, clock: HeldClock) -> None:
    async with make_client(make_app(database, clock)) as client:
        session = await client.post("/v1/auth/this-computer", json={})
        client.headers["Authorization"] = f"Bearer {refresh_cookie(session).value}"
        assert (await client.get("/v1/profile")).status_code == 401


async def test_a_profile_changes_where_it_is_told_to(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    async with await signed_in_client(make_app(database, clock), account_id) as client:
        before = (await client.get("/v1/profile")).json()
        assert before == {
            "id": str(account_id),
            "kind": "member",
            "display_name": "A runner",
            "email": None,
            "units": "km",
            "theme": "system",
            "time_zone": None,
            "map_style_url": None,
            "erase_at": None,
        }
        changes: dict[str, Any] = {
            "display_name": "Rae",
            "units": "mi",
            "theme": "dark",
            "time_zone": "Europe/Berlin",
            "map_style_url": "https://tiles.example.org/style.json?key=abc",
        }
        changed = await client.patch("/v1/profile", json=changes)
        assert changed.json() == {**before, **changes}
        emptied = await client.patch("/v1/profile", json={"time_zone": None})
        assert emptied.json() == {**before, **changes, "time_zone": None}
        assert (await client.patch("/v1/profile", json={})).json() == emptied.json()
        assert (await client.get("/v1/profile")).json() == emptied.json()


@pytest.mark.parametrize(
    "changes",
    [
        {"display_name": ""},
        {"display_name": " "},
        {"display_name": None},
        {"display_name": "x" * 101},
        {"units": "furlong"},
        {"units": None},
        {"theme": None},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": "/etc/localtime"},
        {"time_zone": ""},
        {"map_style_url": "http://tiles.example.org/style.json"},
        {"map_style_url": "javascript:alert(1)"},
        {"map_style_url": "file:///etc/passwd"},
        {"map_style_url": "https://"},
        {"map_style_url": "https://example.org/" + "x" * 2000},
        {"kind": "owner"},
        {"id": "0"},
        {"email": "other@example.org"},
        {"password_hash": "x"},
    ],
)
async def test_a_profile_refuses_nonsense(
    database: Database, clock: HeldClock, account_id: UUID, changes: dict[str, Any]
) -> None:
    async with await signed_in_client(make_app(database, clock), account_id) as client:
        before = (await client.get("/v1/profile")).json()
        refused = await client.patch("/v1/profile", json=changes)
        assert refused.status_code == 422
        (name,) = changes
        assert [error["field"] for error in refused.json()["errors"]] == [name]
        assert (await client.get("/v1/profile")).json() == before
