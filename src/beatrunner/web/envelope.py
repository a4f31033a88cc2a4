"""What surrounds every request: an id, a log line, a measured time, safe headers, and a calm
answer when something breaks.

One plain ASGI layer, because it is paid for by each request.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

import structlog
from prometheus_client import Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from beatrunner.kit.log import logger
from beatrunner.web.problems import internal_problem

log = logger(__name__)

REQUEST_SECONDS = Histogram(
    "beatrunner_request_seconds",
    "Time from a request's headers to the end of its answer",
    ["method", "route", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30),
)

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
# Answers that are data run nothing; pages say themselves what they need.
_DATA_CSP = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
_NO_STORE = (b"cache-control", b"no-store")
#: For two years, and for this name alone: what else its operator runs is not ours to decide.
_HTTPS_ALONE = (b"strict-transport-security", b"max-age=63072000")


class Envelope:
    def __init__(self, app: ASGIApp, *, is_https_alone: bool = False) -> None:
        """`is_https_alone`: browsers are to come back by https only, whatever a link says."""
        self._app = app
        self._headers = (*_HEADERS, _HTTPS_ALONE) if is_https_alone else _HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started_at = time.perf_counter()
        request_id = secrets.token_hex(8)
        structlog.contextvars.bind_contextvars(request=request_id)
        status = 0

        async def send_enclosed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._enclose(message["headers"], request_id)
            await send(message)

        try:
            await self._app(scope, receive, send_enclosed)
        except Exception:
            log.exception("request.failed", method=scope["method"], path=_told_path(scope))
            if status:
                # The answer has begun and cannot be taken back; the server breaks it off.
                raise
            await internal_problem()(scope, receive, send_enclosed)
        finally:
            _tell(scope, status, time.perf_counter() - started_at)
            structlog.contextvars.unbind_contextvars("request")

    def _enclose(
        self, headers: list[tuple[bytes, bytes]], request_id: str
    ) -> list[tuple[bytes, bytes]]:
        names = {name for name, _ in headers}
        added = [(b"x-request-id", request_id.encode()), *self._headers]
        added += [default for default in (_DATA_CSP, _NO_STORE) if default[0] not in names]
        return [*headers, *added]


def _tell(scope: Scope, status: int, elapsed_s: float) -> None:
    method, route = scope["method"], scope.get("route")
    template = getattr(route, "path", "pages")
    if method not in _METHODS:
        method = "OTHER"
    REQUEST_SECONDS.labels(method, template, str(status)).observe(elapsed_s)
    tell: Callable[..., None] = log.debug if route is None else log.info
    tell(
        "request",
        method=method,
        path=_told_path(scope),
        status=status,
        elapsed_ms=round(elapsed_s * 1000, 1),
    )


def _told_path(scope: Scope) -> str:
    """Without the token of a secret link, which opens a run to whoever reads the log."""
    path: str = scope["path"]
    head, secret, _ = (
        path.partition("/s/") if path.startswith("/s/") else path.partition("/shared/")
    )
    return f"{head}{secret}…" if secret else path


# Clients may invent methods; the metrics have room for these.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
