"""Where the server is, as the user typed it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from beatrunner.accounts.this_computer import is_loopback


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """`origin` like `http://127.0.0.1:8000`, without a path."""

    origin: str

    @classmethod
    def parse(cls, text: str) -> ServerAddress:
        """Raises ValueError, in words for the user.

        Outside of this computer only HTTPS will do: the token would cross the network readable.
        """
        split = urlsplit(text.strip() if "://" in text else f"https://{text.strip()}")
        if split.scheme not in ("http", "https") or not split.hostname:
            raise ValueError(
                f"{text} is not the address of a server, like https://runs.example.org"
            )
        if split.path not in ("", "/") or split.query or split.username:
            raise ValueError("The address of the server ends after its name and port.")
        address = cls(f"{split.scheme}://{split.netloc.lower()}")
        if split.scheme == "http" and not is_near(split.hostname):
            raise ValueError(f"{text} would be sent the bridge's token unprotected: use https://")
        return address

    @property
    def is_loopback(self) -> bool:
        return is_loopback(urlsplit(self.origin).hostname or "")

    def page(self, path: str) -> str:
        return f"{self.origin}{path}"

    def socket(self, path: str) -> str:
        return f"ws{self.origin.removeprefix('http')}{path}"


def is_near(host: str) -> bool:
    """On this computer, or by number in a home network, where nobody has certificates."""
    if is_loopback(host):
        return True
    try:
        return ip_address(host).is_private
    except ValueError:
        return host.endswith(".local")
