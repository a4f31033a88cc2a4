from __future__ import annotations

import base64
import gzip
import hashlib
import re
from pathlib import Path

import httpx2
import pytest

from beatrunner.kit.settings import Settings
from beatrunner.web.app import create_app
from beatrunner.web.pages import STATIC, Pages, content_security_policy
from tests.web.client import make_client

INLINE = "\n  start({ base: '' });\n"
INDEX = f"""<!doctype html><script src="/_app/a.js"></script><script>{INLINE}</script>
<p>läuft</p>{"<p>filler</p>" * 200}"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    immutable = tmp_path / "static" / "_app" / "immutable"
    immutable.mkdir(parents=True)
    (tmp_path / "static" / "index.html").write_text(INDEX, encoding="utf-8")
    (tmp_path / "static" / "icon.svg").write_text("<svg/>")
    (immutable / "start.abc.js").write_text("go()")
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "static"


def make_pages_client(folder: Path) -> httpx2.AsyncClient:
    return make_client(create_app([], [], Settings(), pages=Pages(folder)))


@pytest.mark.parametrize("path", ["/", "/runs", "/runs/0190-abc", "/settings/", "/index.html"])
async def test_every_address_of_a_page_gives_the_page(folder: Path, path: str) -> None:
    async with make_pages_client(folder) as client:
        page = await client.get(path)
        assert page.status_code == 200
        assert page.text == INDEX
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["cache-control"] == "no-cache"
        assert (await client.head(path)).status_code == 200


async def test_files_are_served_and_those_that_never_change_are_kept(folder: Path) -> None:
    async with make_pages_client(folder) as client:
        script = await client.get("/_app/immutable/start.abc.js")
        assert script.text == "go()"
        assert "javascript" in script.headers["content-type"]
        assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
        icon = await client.get("/icon.svg")
        assert icon.headers["cache-control"] == "no-cache"
        etag = {"if-none-match": icon.headers["etag"]}
        assert (await client.get("/icon.svg", headers=etag)).status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/missing.js",
        "/_app/immutable/old.js",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/_app/../../secret.txt",
        "/%00.txt",
        "/" + "x" * 5000 + ".js",
    ],
)
async def test_what_is_no_file_is_not_found(folder: Path, path: str) -> None:
    async with make_pages_client(folder) as client:
        answer = await client.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


async def test_the_worker_may_fetch_from_here_alone(folder: Path) -> None:
    (folder / "service-worker.js").write_text("keep()")
    async with make_pages_client(folder) as client:
        worker = await client.get("/service-worker.js")
        policy = worker.headers["content-security-policy"]
        assert policy == "default-src 'none'; connect-src 'self'"
        # Asked for anew each time, or no new version would ever be seen.
        assert worker.headers["cache-control"] == "no-cache"


async def test_no_search_engine_keeps_a_secret_link(folder: Path) -> None:
    async with make_pages_client(folder) as client:
        assert (await client.get("/s/token")).headers["x-robots-tag"] == "noindex, nofollow"
        assert "x-robots-tag" not in (await client.get("/runs")).headers


async def test_the_policy_allows_our_scripts_and_no_others(folder: Path) -> None:
    async with make_pages_client(folder) as client:
        policy = (await client.get("/")).headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    digest = base64.b64encode(hashlib.sha256(INLINE.encode()).digest()).decode()
    assert rules["script-src"] == f"'self' 'sha256-{digest}'"
    assert rules["default-src"] == "'self'"
    assert rules["frame-ancestors"] == "'none'"
    assert rules["object-src"] == "'none'"
    assert rules["base-uri"] == "'none'"
    assert rules["worker-src"] == "'self' blob:"
    assert "https:" in rules["connect-src"].split()
    assert "unsafe-eval" not in policy


async def test_a_new_build_brings_its_own_policy(folder: Path) -> None:
    async with make_pages_client(folder) as client:
        before = (await client.get("/")).headers["content-security-policy"]
        (folder / "index.html").write_text("<script>other()</script>")
        after = (await client.get("/")).headers["content-security-policy"]
    assert before != after


def test_the_policy_fits_the_page_as_built() -> None:
    index = STATIC / "index.html"
    if not index.exists():
        pytest.skip("the pages are not built")
    page = index.read_text(encoding="utf-8")
    inline = re.findall(r"<script(?! [^>]*src)", page)
    assert content_security_policy(page).count("'sha256-") == len(inline) > 0


async def test_pages_and_data_cannot_be_framed_or_sniffed(folder: Path) -> None:
    async with make_pages_client(folder) as client:
        for path in ("/", "/icon.svg", "/v1/openapi.json", "/v1/nothing"):
            headers = (await client.get(path)).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["cross-origin-opener-policy"] == "same-origin"
            assert headers["cross-origin-resource-policy"] == "same-origin"
            # By http nobody is told to come by https.
            assert "strict-transport-security" not in headers
            assert "frame-ancestors 'none'" in headers["content-security-policy"]
            assert re.fullmatch("[0-9a-f]{16}", headers["x-request-id"])
        assert (await client.get("/v1/openapi.json")).headers["cache-control"] == "no-store"


async def test_pages_have_no_more_of_the_device_than_they_use(folder: Path) -> None:
    async with make_pages_client(folder) as client:
        policy = (await client.get("/")).headers["permissions-policy"]
    taken_away = {rule.removesuffix("=()") for rule in policy.split(", ")}
    assert {"camera", "hid", "microphone"} <= taken_away
    used = {"clipboard-write", "publickey-credentials-create", "publickey-credentials-get"}
    assert not taken_away & {*used, "autoplay", "geolocation", "screen-wake-lock", "web-share"}


async def test_who_comes_by_https_alone_is_told_to_stay_there(folder: Path) -> None:
    settings = Settings(secure_cookies=True, allowed_hosts=("runs.example.org",))
    app = create_app([], [], settings, pages=Pages(folder))
    async with make_client(app, base_url="https://runs.example.org") as client:
        for path in ("/", "/icon.svg", "/v1/nothing"):
            headers = (await client.get(path)).headers
            # Neither what else runs below this name nor a list in browsers is bound by it.
            assert headers["strict-transport-security"] == "max-age=63072000"


async def test_what_is_long_travels_compressed(folder: Path) -> None:
    async with make_pages_client(folder) as client:
        async with client.stream("GET", "/", headers={"accept-encoding": "gzip"}) as page:
            content = b"".join([chunk async for chunk in page.aiter_raw()])
        assert page.headers["content-encoding"] == "gzip"
        assert "accept-encoding" in page.headers["vary"].lower()
        assert gzip.decompress(content).decode() == INDEX
        assert len(content) < len(INDEX) / 4


async def test_without_pages_it_says_so(tmp_path: Path) -> None:
    async with make_pages_client(tmp_path / "none") as client:
        page = await client.get("/runs")
        assert "./dev build" in page.text
        assert (await client.get("/icon.svg")).status_code == 404
        assert (await client.get("/v1/nothing")).status_code == 404
