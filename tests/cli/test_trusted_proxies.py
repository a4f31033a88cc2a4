"""Whom a real server takes a request to come from, when its headers say it came from elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx2

from beatrunner.db.engine import Database
from beatrunner.db.migrate import upgrade
from benchmarks.live_server import LiveServer

QUOTA = 10
PROXY, STRANGER = "127.0.0.1", "127.0.0.2"
Ask = Callable[[str, str], httpx2.Response]


async def _migrate(address: str) -> None:
    database = Database(address)
    await upgrade(database)
    await database.close()


@contextmanager
def _served(folder: Path, **settings: str) -> Iterator[Ask]:
    """Ask from an address of this computer, in somebody's name."""
    address = f"sqlite:///{folder / 'beatrunner.db'}"
    asyncio.run(_migrate(address))
    settings |= {"requests_per_hour": str(QUOTA // 10)}
    with LiveServer(folder, address, "beatrunner", **settings).running() as server:

        def ask(sender: str, forwarded: str) -> httpx2.Response:
            transport = httpx2.HTTPTransport(local_address=sender)
            with httpx2.Client(transport=transport, timeout=30) as client:
                return client.get(
                    f"{server.address}/v1/auth/state", headers={"X-Forwarded-For": forwarded}
                )

        yield ask


def _let_through(ask: Ask, sender: str, names: Sequence[str]) -> int:
    return sum(ask(sender, name).is_success for name in names)


def test_a_trusted_proxy_says_whom_it_speaks_for_and_nobody_else_does(tmp_path: Path) -> None:
    with _served(tmp_path, trusted_proxies="127.0.0.1, 10.0.7.0/24") as ask:
        one = ["198.51.100.1"] * 2 * QUOTA
        assert _let_through(ask, PROXY, one) == QUOTA
        assert ask(PROXY, "198.51.100.2").is_success, "others behind the proxy are not meant"
        # What a visitor says of themselves stands before what the proxy adds.
        lies = [f"203.0.113.{n}, 198.51.100.3" for n in range(2 * QUOTA)]
        assert _let_through(ask, PROXY, lies) == QUOTA
        # An inner proxy of ours is none of the visitors.
        assert ask(PROXY, "198.51.100.3, 10.0.7.9").status_code == 429
        forged = [f"203.0.113.{n}" for n in range(2 * QUOTA)]
        assert _let_through(ask, STRANGER, forged) == QUOTA
        assert not ask(PROXY, "127.0.0.1").json().get("this_computer")


def test_without_the_setting_nobody_is_believed(tmp_path: Path) -> None:
    with _served(tmp_path) as ask:
        forged = [f"203.0.113.{n}" for n in range(2 * QUOTA)]
        assert _let_through(ask, PROXY, forged) == QUOTA
