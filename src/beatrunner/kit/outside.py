"""Asking a service of somebody else, who owes us nothing.

Requests to one service go one after the other, no faster than its pace. When it refuses (too
many requests), fails (5xx, no answer, an answer that is none) or asks for time, it *rests*: every
call raises `RestsError` at once until then, so that a dead service costs nothing. The rest is as
long as the service asked for, or grows with each failure in a row: 5 s, 30 s, 3 min, 18 min, and
then an hour. Nothing is retried here; whoever asked comes back after the rest.

A service has one fixed host, and redirects are not followed. By HTTPS it must be out in the world:
where its name leads to this computer or into a private network, it is not asked. (Should the name
lead elsewhere a moment later, nobody there has a certificate for it.) An `http://` address is one
that the operator runs themself, such as a proxy, and is taken as it is.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from ipaddress import ip_address
from typing import TypeVar

import httpx2
import msgspec

from beatrunner.kit.clock import Clock
from beatrunner.kit.log import logger

log = logger(__name__)

T = TypeVar("T")

_FIRST_REST_S = 5.0
_LONGEST_REST_S = 3600.0
_GROWTH = 6.0
#: Longer than what any service asked for in earnest.
_LONGEST_ASKED_S = 86_400.0
_LARGEST_ANSWER_BYTES = 2 * 1024**2


class RestsError(Exception):
    """The service is not to be asked before `until`."""

    def __init__(self, until: datetime, reason: str) -> None:
        super().__init__(f"rests until {until.isoformat()}: {reason}")
        self.until = until
        self.reason = reason


class RefusedCallError(Exception):
    """The service is well, and answered this one request with a refusal of its own (4xx)."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


class OutsideService:
    """One service's door. Close it when done; it opens no connection before the first call."""

    def __init__(
        self,
        name: str,
        address: str,
        clock: Clock,
        *,
        least_interval_s: float,
        patience_s: float = 10.0,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._name = name
        self._address = address.rstrip("/")
        self._clock = clock
        self._least_interval_s = least_interval_s
        self._patience_s = patience_s
        self._headers = {
            "User-Agent": "BeatRunner",
            "Accept": "application/json",
            **(headers or {}),
        }
        self._turn = asyncio.Lock()
        self._client: httpx2.AsyncClient | None = None
        self._failures = 0
        self._rests_until: datetime | None = None
        self._rests_for = ""

    async def get(
        self, shape: type[T], path: str, parameters: Mapping[str, str] | None = None
    ) -> T:
        """The JSON that comes, as a `shape`. Raises RestsError, RefusedCallError."""
        return await self._ask(path, parameters, partial(msgspec.json.decode, type=shape))

    async def get_text(self, path: str) -> str:
        """Raises RestsError, RefusedCallError."""
        return await self._ask(path, None, bytearray.decode)

    async def _ask(
        self, path: str, parameters: Mapping[str, str] | None, decode: Callable[[bytearray], T]
    ) -> T:
        async with self._turn:
            self._refuse_while_resting()
            try:
                answer = decode(await self._get(path, parameters))
            except (TimeoutError, httpx2.HTTPError, httpx2.InvalidURL) as error:
                raise self.fail(type(error).__name__) from error
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise self.fail("not the answer that was agreed on") from error
            finally:
                await asyncio.sleep(self._least_interval_s)
        self._failures = 0
        return answer

    def rest(self, seconds: float, reason: str) -> RestsError:
        """Begin a rest that the service asked for in its own way; raise what this returns."""
        self._rests_until = self._clock() + timedelta(seconds=seconds)
        self._rests_for = reason
        log.info("outside.rests", service=self._name, reason=reason, seconds=round(seconds, 1))
        return RestsError(self._rests_until, reason)

    def fail(self, reason: str) -> RestsError:
        """Count a failure, and rest the longer for it; raise what this returns."""
        seconds = min(_FIRST_REST_S * _GROWTH**self._failures, _LONGEST_REST_S)
        self._failures += 1
        return self.rest(seconds, reason)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    def _refuse_while_resting(self) -> None:
        if self._rests_until is not None and self._clock() < self._rests_until:
            raise RestsError(self._rests_until, self._rests_for)

    async def _get(self, path: str, parameters: Mapping[str, str] | None) -> bytearray:
        if self._client is None:
            self._client = httpx2.AsyncClient(
                timeout=self._patience_s,
                follow_redirects=False,
                headers=self._headers,
            )
        url = self._address + path
        # The client's patience is for each read; a service may drip for hours.
        async with asyncio.timeout(self._patience_s):
            await self._refuse_inside(httpx2.URL(url))
        async with (
            asyncio.timeout(self._patience_s),
            self._client.stream("GET", url, params=parameters) as response,
        ):
            self._check(response)
            body = bytearray()
            async for part in response.aiter_bytes():
                body += part
                if len(body) > _LARGEST_ANSWER_BYTES:
                    raise self.fail("answer too large")
        return body

    async def _refuse_inside(self, url: httpx2.URL) -> None:
        if url.scheme != "https":
            return
        # What has no address here fails by itself, or is found by a proxy.
        with suppress(socket.gaierror):
            found = await asyncio.get_running_loop().getaddrinfo(
                url.host, url.port or 443, type=socket.SOCK_STREAM
            )
            if not all(ip_address(address[0]).is_global for *_, address in found):
                raise self.fail("its name leads into a private network")

    def _check(self, response: httpx2.Response) -> None:
        status = response.status_code
        asked_s = self._asked_s(response.headers.get("Retry-After"))
        if status in (429, 503) and asked_s is not None:
            raise self.rest(asked_s, f"status {status}")
        if status == 429 or status >= 500 or status in (401, 403) or 300 <= status < 400:
            raise self.fail(f"status {status}")
        if status >= 400:
            self._failures = 0
            raise RefusedCallError(status)

    def _asked_s(self, header: str | None) -> float | None:
        """`Retry-After`: seconds, or a date."""
        if header is None:
            return None
        try:
            seconds = float(header)
        except ValueError:
            try:
                then = parsedate_to_datetime(header)
            except ValueError:
                return None
            # A date without a zone is meant as UTC.
            then = then if then.tzinfo else then.replace(tzinfo=UTC)
            seconds = (then - self._clock()).total_seconds()
        return min(max(seconds, 1.0), _LONGEST_ASKED_S) if seconds == seconds else None
