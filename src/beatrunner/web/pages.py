"""The built pages: files of a folder, and `index.html` for every address that is a page.

Their content security policy allows scripts of our own alone, and the inline ones of
`index.html` by their hashes. Map styles, tiles and sprites may come from any HTTPS host, since
each runner may choose a style.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path, PurePosixPath

import anyio.to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

STATIC = Path(__file__).parent / "static"

_NOT_PAGES = ("/v1/", "/ws/", "/health", "/metrics")
_IMMUTABLE = "/_app/immutable/"
_WORKER = "/service-worker.js"
#: What a worker may fetch, its own headers say, not those of the page that it serves.
_WORKER_CSP = "default-src 'none'; connect-src 'self'"
_SECRET = "/s/"  # no search engine is to find what a secret link opens  # noqa: S105
#: None of our pages wants these, so nothing that gets into one can have them. What they do use
#: (passkeys, the clipboard, sharing, a screen that stays on) is theirs unless taken away here.
#: The map of zones can go to where one is.
_PERMISSIONS = "geolocation=(self), " + ", ".join(
    f"{feature}=()"
    for feature in (
        *("camera", "display-capture", "hid", "microphone", "midi"),
        *("payment", "serial", "usb"),
    )
)
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)

_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>BeatRunner</title>
<h1>The pages are not built</h1>
<p>BeatRunner is running, but this copy of it has no pages yet.
Stop it, run <code>./dev build</code>, and start it again.</p></html>"""


def content_security_policy(page: str) -> str:
    """The policy for an HTML page, with the hashes of its inline scripts."""
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in _INLINE_SCRIPT.findall(page)
    )
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {hashes}".rstrip(),
            "style-src-elem 'self'",
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' blob: data: https:",
            "connect-src 'self' https:",
            "worker-src 'self' blob:",
            # The page beside the belt, which the bridge on this computer serves.
            "frame-src http://127.0.0.1:* http://localhost:*",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class Pages:
    """The router's last resort: a file, a page, or nothing."""

    def __init__(self, folder: Path = STATIC) -> None:
        self._index = folder / "index.html"
        self._files = StaticFiles(directory=folder, check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if scope["type"] != "http" or path.startswith(_NOT_PAGES) or path == "/v1":
            raise HTTPException(404)
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        response = await self._respond(Request(scope))
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        path = request.url.path
        # Pages have no dots in their addresses, files have.
        if PurePosixPath(path).suffix in ("", ".html"):
            page = await anyio.to_thread.run_sync(self._page)
            if path.startswith(_SECRET):
                page.headers["X-Robots-Tag"] = "noindex, nofollow"
            return page
        response = await self._files.get_response(
            self._files.get_path(request.scope), request.scope
        )
        if path == _WORKER:
            response.headers["Content-Security-Policy"] = _WORKER_CSP
        lasts = "public, max-age=31536000, immutable"
        response.headers["Cache-Control"] = lasts if path.startswith(_IMMUTABLE) else "no-cache"
        return response

    def _page(self) -> Response:
        try:
            page = self._index.read_text(encoding="utf-8")
        except FileNotFoundError:
            page = _NOT_BUILT
        return HTMLResponse(
            page,
            headers={
                "Cache-Control": "no-cache",
                "Content-Security-Policy": content_security_policy(page),
                "Permissions-Policy": _PERMISSIONS,
            },
        )
