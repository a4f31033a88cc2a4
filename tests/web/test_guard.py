"""Which Host and Origin headers get through, as a table."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from fastapi import APIRouter, Request

from beatrunner.kit.settings import Settings
from beatrunner.web.app import create_app
from beatrunner.web.guard import MAX_BODY_BYTES
from tests.web.client import make_client

router = APIRouter()


@router.get("/v1/thing")
@router.post("/v1/thing")
@router.delete("/v1/thing")
async def thing() -> dict[str, str]:
    return {}


@router.post("/v1/body")
@router.post("/v1/activities/imports")
async def body(request: Request) -> int:
    return len(await request.body())


PRIVATE = Settings()
PUBLIC = Settings(
    host="0.0.0.0",  # noqa: S104
    allowed_hosts=("Runs.example.org", "other.example.org:8443"),
    secure_cookies=True,
)


@pytest.mark.parametrize(
    ("settings", "host", "is_ours"),
    [
        (PRIVATE, "127.0.0.1:8000", True),
        (PRIVATE, "localhost:8000", True),
        (PRIVATE, "LOCALHOST:8000", True),
        (PRIVATE, "[::1]:8000", True),
        (PRIVATE, "127.0.0.1", False),
        (PRIVATE, "127.0.0.1:9000", False),
        (PRIVATE, "evil.example", False),
        (PRIVATE, "evil.example:8000", False),
        (PRIVATE, "localhost.evil.example:8000", False),
        (PRIVATE, "", False),
        (Settings(host="192.168.1.7"), "192.168.1.7:8000", True),
        (Settings(host="2001:db8::1"), "[2001:db8::1]:8000", True),
        (Settings(port=80), "localhost", True),
        (PUBLIC, "runs.example.org", True),
        (PUBLIC, "RUNS.example.org:443", True),
        (PUBLIC, "other.example.org:8443", True),
        (PUBLIC, "other.example.org", False),
        (PUBLIC, "sub.runs.example.org", False),
        (PUBLIC, "runs.example.org.evil.example", False),
        (PUBLIC, "127.0.0.1:8000", True),
    ],
)
async def test_only_our_own_names_are_answered(
    settings: Settings, host: str, is_ours: bool
) -> None:
    async with make_client(create_app([router], [], settings)) as client:
        answer = await client.get("/v1/thing", headers={"host": host})
        assert answer.status_code == (200 if is_ours else 421)
        if not is_ours:
            assert answer.json()["type"] == "/problems/unknown-host"
            assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("headers", "may_change"),
    [
        ({}, True),
        ({"origin": "http://127.0.0.1:8000"}, True),
        ({"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"origin": "https://127.0.0.1:8000"}, True),
        ({"origin": "http://localhost:8000"}, False),
        ({"origin": "http://127.0.0.1:9000"}, False),
        ({"origin": "http://127.0.0.1"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "http://127.0.0.1:8000.evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
        ({"origin": "file://"}, False),
        ({"origin": "http://127.0.0.1:8000", "sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": ""}, False),
    ],
)
async def test_only_our_own_pages_may_change_things(
    headers: dict[str, str], may_change: bool
) -> None:
    async with make_client(create_app([router], [], PRIVATE)) as client:
        for method in ("POST", "DELETE"):
            answer = await client.request(method, "/v1/thing", headers=headers)
            assert answer.status_code == (200 if may_change else 403), method
        # Reading harms nobody: without CORS headers a foreign page gets no answer to see.
        read = await client.get("/v1/thing", headers=headers)
        assert read.status_code == 200
        assert not any(name.startswith("access-control") for name in read.headers)


async def test_behind_https_a_page_from_http_is_foreign() -> None:
    async with make_client(create_app([router], [], PUBLIC)) as client:
        for scheme, status in (("https", 200), ("http", 403)):
            headers = {"host": "runs.example.org", "origin": f"{scheme}://runs.example.org"}
            assert (await client.post("/v1/thing", headers=headers)).status_code == status


@pytest.mark.parametrize("has_length", [True, False])
async def test_only_an_upload_may_be_large(has_length: bool) -> None:
    async def pieces(size: int) -> AsyncIterator[bytes]:
        for _ in range(size // 1024):
            yield bytes(1024)
        yield bytes(size % 1024)

    async with make_client(create_app([router], [], PRIVATE)) as client:
        for path, size, status in (
            ("/v1/body", MAX_BODY_BYTES, 200),
            ("/v1/body", MAX_BODY_BYTES + 1, 413),
            ("/v1/activities/imports", MAX_BODY_BYTES + 1, 200),
        ):
            answer = await client.post(path, content=bytes(size) if has_length else pieces(size))
            assert answer.status_code == status, path
            if status == 413:
                assert answer.json()["type"] == "/problems/too-large"
