"""Refuses what a foreign web page could make a browser send.

A request must name a host that this server answers to, or a page could reach it under a name of
its own (DNS rebinding). A request that changes something must come from a page of that same
host, or from no page. And but for uploads, which count for themselves, what it sends is small.

In the home network (`home`), a request must come from there, too.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from beatrunner.accounts.this_computer import is_loopback, loopback_hosts
from beatrunner.kit.home_network import HomeNetwork, is_at_home
from beatrunner.kit.settings import Settings
from beatrunner.web.problems import ProblemResponse

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_BODY_BYTES = 1024**2
_UPLOADS = frozenset({"/v1/activities/imports", "/v1/music/imports"})
_OWN_SITES = frozenset({b"none", b"same-origin"})


class Guard:
    def __init__(self, app: ASGIApp, settings: Settings, home: HomeNetwork | None = None) -> None:
        self._app = app
        self._home = home
        own = f"[{settings.host}]" if ":" in settings.host else settings.host
        names = (f"{own}:{settings.port}", *loopback_hosts(settings.port), *settings.allowed_hosts)
        self._hosts = frozenset(name.lower().encode() for name in names)
        self._schemes = (b"https",) if settings.secure_cookies else (b"http", b"https")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers: Mapping[bytes, bytes] = dict(scope["headers"])
        host = headers.get(b"host", b"").lower()
        refusal: ProblemResponse | None = None
        if self._home is not None and not _is_near(scope):
            refusal = ProblemResponse(
                403,
                "not-at-home",
                "This is not the home network.",
                "BeatRunner answers there only.",
            )
        elif not self._is_ours(host):
            refusal = ProblemResponse(
                421,
                "unknown-host",
                "BeatRunner does not answer to this name.",
                "Add the name to BEATRUNNER_ALLOWED_HOSTS if it is meant to.",
            )
        elif self._may_change(scope) and not self._is_own_page(headers, host):
            refusal = ProblemResponse(
                403, "foreign-page", "Another web page sent this.", "Only BeatRunner's own may."
            )
        if scope["type"] == "http" and scope["path"] not in _UPLOADS:
            receive = _limited(receive)
        await (refusal or self._app)(scope, receive, send)

    def _is_ours(self, host: bytes) -> bool:
        # An allowed name without a port is allowed on every port.
        is_listed = host in self._hosts or host.rpartition(b":")[0] in self._hosts
        return is_listed or (
            self._home is not None and self._home.answers_to(host.decode("latin-1"))
        )

    def _may_change(self, scope: Scope) -> bool:
        # A socket's handshake is a GET that no browser keeps to its own page.
        return scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS

    def _is_own_page(self, headers: Mapping[bytes, bytes], host: bytes) -> bool:
        if headers.get(b"sec-fetch-site", b"none") not in _OWN_SITES:
            return False
        origin = headers.get(b"origin")
        if origin is None:
            return True
        return origin.lower() in [scheme + b"://" + host for scheme in self._schemes]


def _is_near(scope: Scope) -> bool:
    peer = scope["client"][0] if scope.get("client") else ""
    return is_loopback(peer) or is_at_home(peer)


def _limited(receive: Receive) -> Receive:
    received = 0

    async def receive_some() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > MAX_BODY_BYTES:
            raise HTTPException(413)
        return message

    return receive_some
