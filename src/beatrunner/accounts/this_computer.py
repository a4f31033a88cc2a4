"""Who sits at this computer needs no password; nobody else may pass for them.

Any web page can make a browser send requests to 127.0.0.1, under a name of its own choosing
(DNS rebinding), and a proxy makes the whole world look like a neighbour. So the door opens only
when all of this holds:

- the server listens on loopback alone, under no other name, and trusts no proxy (`allowed_hosts`
  and `trusted_proxies` are empty: otherwise one may stand in front, and then the peer's address
  says nothing);
- the peer is on loopback, and no proxy says that it speaks for somebody else;
- the request names a loopback host with our port, and comes from a page of that same host, or
  from no page at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from beatrunner.accounts.device_names import device_name
from beatrunner.kit.errors import ForbiddenError
from beatrunner.kit.settings import DemoDoor, Settings

_PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request comes from: the peer's address, and headers with names in lower case."""

    peer: str
    headers: Mapping[str, str]

    @property
    def device_name(self) -> str | None:
        return device_name(self.headers.get("user-agent"))


class ThisComputer:
    def __init__(self, settings: Settings) -> None:
        #: Nobody but who sits here reaches this server.
        self.is_private = is_loopback(settings.host) and not (
            settings.allowed_hosts or settings.trusted_proxies
        )
        self._hosts = loopback_hosts(settings.port)
        self._demo = settings.demo

    def is_open(self, caller: Caller) -> bool:
        headers = caller.headers
        host = headers.get("host", "").lower()
        origin = headers.get("origin")
        return (
            self.is_private
            and is_loopback(caller.peer)
            and not any(name in headers for name in _PROXY_HEADERS)
            and host in self._hosts
            and (origin is None or origin.lower() == f"http://{host}")
            and headers.get("sec-fetch-site", "none") in ("none", "same-origin")
        )

    def is_demo_open(self, caller: Caller) -> bool:
        if self._demo is DemoDoor.LOOPBACK:
            return self.is_open(caller)
        return self._demo is DemoDoor.ALWAYS

    def require(self, caller: Caller) -> None:
        """Raises ForbiddenError."""
        if not self.is_open(caller):
            raise ForbiddenError(
                "Only who sits at this computer may do this.", kind="not-this-computer"
            )

    def require_demo(self, caller: Caller) -> None:
        """Raises ForbiddenError."""
        if not self.is_demo_open(caller):
            raise ForbiddenError("The demo runner is not open here.", kind="demo-closed")


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def loopback_hosts(port: int) -> frozenset[str]:
    """What a Host header says when it means this computer."""
    names = ("127.0.0.1", "localhost", "[::1]")
    # A browser leaves out the port that HTTP has anyway.
    bare = names if port == 80 else ()
    return frozenset((*(f"{name}:{port}" for name in names), *bare))
