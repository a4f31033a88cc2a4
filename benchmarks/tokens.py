"""Forged and abused tokens at the doors of the real application: none is let in.

The corpus is that of `tests/accounts/test_tokens.py`: each token is sealed with the server's own
key wherever that can be, so that only its one fault gives it away, and the account and sign-in it
names are there and alive. To it come tokens that were good once, or are for something else. Each
is shown as the bearer of a route, as the cookie that renews a session, and as the first message of
a socket.

Negative control: the same corpus before a reader that checks the seal as the token asks for it,
and nothing else, which is how the forgeries of the last ten years got through.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import socket
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from select import select
from statistics import median
from uuid import UUID

import httpx2
from sqlalchemy import insert, update

from beatrunner.accounts.api import REFRESH_COOKIE
from beatrunner.accounts.personal_tokens import PersonalTokens, Scope
from beatrunner.accounts.sign_ins import SignIns
from beatrunner.accounts.this_computer import Caller
from beatrunner.accounts.tokens import AccessClaims, AccessTokens, RefreshClaims, RefreshTokens
from beatrunner.db.engine import Database
from beatrunner.db.identity_tables import personal_tokens, sign_ins
from beatrunner.db.migrate import upgrade
from beatrunner.db.tables import accounts
from beatrunner.kit.errors import NotSignedInError
from beatrunner.kit.settings import Settings
from beatrunner.web.app import create_app
from beatrunner.web.deadlines import DeadlineProtocol
from beatrunner.wiring import ServerParts, build_server
from benchmarks.figures import Figure, Report, at_least, at_most, plain
from benchmarks.half_open import serving
from tests.accounts.test_tokens import ATTACKS, CLAIMS, CLOCK, GOOD, RING, SECRET
from tests.web.client import make_client

_STRANGER, _ENDED = UUID(int=3), UUID(int=4)
_HUGE = 10_000_000
_HUGE_HEADS = (
    b"GET /v1/profile HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ",
    f"POST /v1/auth/refresh HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {REFRESH_COOKIE}=".encode(),
    b"GET /v1/profile?token=",
)
_PATIENCE_S = 30.0
_CALLER = Caller("192.0.2.1", {})


def main() -> Report:
    with tempfile.TemporaryDirectory(prefix="beatrunner-tokens-") as folder:
        return asyncio.run(measure(Path(folder)))


async def measure(folder: Path) -> Report:
    settings = Settings(data_dir=folder, secret_key=bytes(range(32)).decode())
    parts = build_server(settings, CLOCK)
    try:
        await upgrade(parts.database)
        await _make_accounts(parts.database)
        attacks = {**ATTACKS, **await _abused(parts)}
        app = create_app(parts.routers, parts.provided, settings)
        async with make_client(app) as client:
            good = await _gets_in(client, GOOD)
            identify = next(one for one in parts.provided if isinstance(one, SignIns)).identify
            let_in = [f"socket: {n}" for n in attacks if await _is_believed(identify, attacks[n])]
            # What spaces stand around a header belong to no value, says HTTP.
            let_in += [
                f"bearer: {name}"
                for name in attacks
                if name != "space behind" and await _gets_in(client, attacks[name])
            ]
            # Last, as a refresh token that was replaced ends the sign-in.
            let_in += [f"cookie: {n}" for n in attacks if await _renews(client, attacks[n])]
    finally:
        await parts.database.close()
    with serving(DeadlineProtocol.head_s) as port:
        sent_s = max(median(_refused_s(port, head) for _ in range(11)) for head in _HUGE_HEADS)
    return {"bench": "tokens", "figures": _figures(attacks, let_in, good, sent_s)}


def _figures(
    attacks: Mapping[str, str], let_in: list[str], good: bool, sent_s: float
) -> list[Figure]:
    for one in let_in:
        print(f"  LET IN: {one}")
    return [
        at_least("forged and abused tokens", len(attacks), "tokens", 130),
        at_least("shown at three doors", 3 * len(attacks), "cases", 200),
        at_most("let in", len(let_in), "cases", 0),
        at_least("let in: the token that nothing is wrong with", int(good), "tokens", 1),
        at_most("a token of 10 MB is refused in", _longest_refusal_s() * 1000, "ms", 5),
        at_most("one that is sent over a socket, in", sent_s * 1000, "ms", 5),
        plain("let in by a reader of the seal alone (control)", _naive(attacks), "tokens"),
        at_least("control: at least", _naive(attacks), "tokens", 20),
    ]


async def _make_accounts(database: Database) -> None:
    """Two runners, and two sign-ins of the first: one alive, one ended."""
    now = CLOCK()
    times = {"created_at": now, "confirmed_at": now, "rotated_at": now}
    times["expires_at"] = now + timedelta(days=30)
    async with database.write() as tx:
        for account_id in (CLAIMS.account_id, _STRANGER):
            await tx.execute(
                insert(accounts).values(
                    id=account_id, kind="member", display_name="Runner", created_at=now
                )
            )
        for sign_in_id, ended_at in ((CLAIMS.sign_in_id, None), (_ENDED, now)):
            await tx.execute(
                insert(sign_ins).values(
                    id=sign_in_id,
                    account_id=CLAIMS.account_id,
                    generation=5,
                    ended_at=ended_at,
                    **times,
                )
            )


async def _abused(parts: ServerParts) -> dict[str, str]:
    """Tokens that are all ours, and good for nothing here."""
    access, refresh = AccessTokens(RING, CLOCK, 900), RefreshTokens(RING)
    tokens = next(one for one in parts.provided if isinstance(one, PersonalTokens))
    made = {}
    async with parts.database.write() as tx:
        for name, scopes in (("imports", [Scope.IMPORTS]), ("both", list(Scope))):
            made[name] = await tokens.make(tx, CLAIMS.account_id, name, scopes, None, _CALLER)
        for name in ("revoked", "expired"):
            made[name] = await tokens.make(
                tx, CLAIMS.account_id, name, list(Scope), timedelta(days=1), _CALLER
            )
        await tokens.revoke(tx, CLAIMS.account_id, made["revoked"].id, _CALLER)
        await tx.execute(
            update(personal_tokens)
            .where(personal_tokens.c.id == made["expired"].id)
            .values(expires_at=CLOCK())
        )
    texts = {f"a personal token: {name}": one.token for name, one in made.items()}
    good = made["both"].token
    return {
        **texts,
        "a personal token, cut": good[:-1],
        "a personal token, longer": good + "A",
        "a personal token, other letters": good.swapcase(),
        "a personal token, only its mark": "brt_",
        "another account's sign-in": access.issue(AccessClaims(_STRANGER, CLAIMS.sign_in_id)),
        "a sign-in that has ended": access.issue(AccessClaims(CLAIMS.account_id, _ENDED)),
        "a sign-in of nobody": access.issue(AccessClaims(CLAIMS.account_id, UUID(int=9))),
        "a refresh token of an ended sign-in": refresh.issue(RefreshClaims(_ENDED, 5)),
        "a refresh token of nobody": refresh.issue(RefreshClaims(UUID(int=9), 0)),
        "a refresh token yet to come": refresh.issue(RefreshClaims(_ENDED, 6)),
    }


async def _gets_in(client: httpx2.AsyncClient, token: str) -> bool:
    headers = [(b"authorization", b"Bearer " + _sent(token))]
    return (await client.get("/v1/profile", headers=headers)).status_code not in {401, 403}


async def _renews(client: httpx2.AsyncClient, token: str) -> bool:
    headers = [(b"cookie", f"{REFRESH_COOKIE}=".encode() + _sent(token))]
    return (await client.post("/v1/auth/refresh", headers=headers)).status_code != 401


async def _is_believed(identify: Callable[[str], Awaitable[object]], token: str) -> bool:
    """As `workouts/ws.py` does with the first message."""
    try:
        await identify(token)
    except NotSignedInError:
        return False
    return True


def _sent(token: str) -> bytes:
    return token.encode("utf-8", "surrogatepass")


def _longest_refusal_s() -> float:
    """Of each kind of huge token at each reader: the median of eleven."""
    access, refresh = AccessTokens(RING, CLOCK, 900), RefreshTokens(RING)
    huge = ("A" * _HUGE, "." * _HUGE, GOOD + "=" * _HUGE, GOOD.partition(".")[0] + "." * _HUGE)
    return max(
        median(_refusal_s(read, token) for _ in range(11))
        for read in (access.read, refresh.read)
        for token in huge
    )


def _refused_s(port: int, head: bytes) -> float:
    """From the first byte of a head of 10 MB to the answer of a real server, or to its reset."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.setblocking(False)
        unsent = memoryview(head + b"A" * _HUGE)
        started_s = time.perf_counter()
        while time.perf_counter() - started_s < _PATIENCE_S:
            readable, writable, _ = select([line], [line] if unsent else [], [], _PATIENCE_S)
            try:
                if readable:
                    answer = line.recv(4096)
                    assert not answer or answer.startswith(b"HTTP/1.1 431 ")
                    return time.perf_counter() - started_s
                if writable:
                    unsent = unsent[line.send(unsent) :]
            except ConnectionError:
                return time.perf_counter() - started_s
    return float("inf")


def _refusal_s(read: Callable[[str], object], token: str) -> float:
    started_s = time.perf_counter()
    try:
        read(token)
    except NotSignedInError:
        return time.perf_counter() - started_s
    return float("inf")


def _naive(attacks: Mapping[str, str]) -> int:
    return sum(_naive_accepts(token) for token in attacks.values())


def _naive_accepts(token: str) -> bool:
    """Whether somebody lets it in who seals it as its own header wants, and looks no further."""
    try:
        head, body, seal = token.split(".")
        header = json.loads(_decoded(head))
        json.loads(_decoded(body))
        if str(header["alg"]).lower() == "none":
            return True
        key = SECRET.derive_key("access-token")
        if "jwk" in header:
            key = _decoded(header["jwk"]["k"])
        digest = f"sha{header['alg'][2:]}"
        return hmac.compare_digest(
            _decoded(seal), hmac.digest(key, f"{head}.{body}".encode(), digest)
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
