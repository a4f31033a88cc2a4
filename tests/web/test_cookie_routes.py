"""Browsers send the cookie whoever asks: its routes are open to our own pages only."""

from __future__ import annotations

import pytest

from beatrunner.db.engine import Database
from tests.conftest import HeldClock
from tests.web.client import make_app, make_client

COOKIE = "beatrunner_refresh"


@pytest.mark.parametrize(
    "foreign",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9000", "sec-fetch-site": "same-site"},
    ],
)
async def test_no_foreign_page_borrows_the_cookie(
    database: Database, clock: HeldClock, foreign: dict[str, str]
) -> None:
    async with make_client(make_app(database, clock)) as client:
        here = await client.post("/v1/auth/this-computer", json={})
        cookie = here.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "Path=/v1/auth" in cookie
        for path in ("/v1/auth/refresh", "/v1/auth/sign-out"):
            refused = await client.post(path, headers=foreign)
            assert refused.status_code == 403
            assert refused.json()["type"] == "/problems/foreign-page"
            assert "set-cookie" not in refused.headers
        # It is as good as before, for our own page.
        own = {"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"}
        assert (await client.post("/v1/auth/refresh", headers=own)).status_code == 200
        assert client.cookies[COOKIE]
