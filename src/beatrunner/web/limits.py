"""Lets through, refuses, and tells how much is left; before anything of a request's body is read.

The headers are those of draft-ietf-httpapi-ratelimit-headers. Sockets are opened rarely, and have
limits of their own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from beatrunner.accounts.this_computer import Caller
from beatrunner.limits.gate import Gate
from beatrunner.limits.policy import Use, Verdict
from beatrunner.web.problems import ProblemResponse


class Limits:
    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        verdict: Verdict | None = None
        if scope["type"] == "http":
            peer = scope["client"][0] if scope.get("client") else ""
            caller = Caller(peer, Headers(scope=scope))
            verdict = await self._gate.admit(scope["method"], scope["path"], caller)
        if verdict is None:
            await self._app(scope, receive, send)
        elif verdict.refused_by:
            await _refusal(verdict)(scope, receive, send)
        else:
            await self._app(scope, receive, _telling(send, verdict))


def _telling(send: Send, verdict: Verdict) -> Send:
    headers = [(name.lower().encode(), text.encode()) for name, text in _headers(verdict.uses)]

    async def send_with_limits(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *headers]
        await send(message)

    return send_with_limits


def _headers(uses: Sequence[Use]) -> list[tuple[str, str]]:
    policies = (f'"{use.policy.name}";q={use.policy.quota};w={use.policy.window_s}' for use in uses)
    left = (f'"{use.policy.name}";r={use.remaining};t={_seconds(use)}' for use in uses)
    return [("RateLimit-Policy", ", ".join(policies)), ("RateLimit", ", ".join(left))]


def _seconds(use: Use) -> int:
    return max(1, math.ceil(use.reset_s))


def _refusal(verdict: Verdict) -> ProblemResponse:
    wait_s = max(_seconds(use) for use in verdict.refused_by)
    return ProblemResponse(
        429,
        "quota-exceeded",
        "That was a lot of requests. Wait a little.",
        f"There may be another in {wait_s} seconds.",
        headers={**dict(_headers(verdict.uses)), "Retry-After": str(wait_s)},
        more={"violated-policies": [use.policy.name for use in verdict.refused_by]},
    )
