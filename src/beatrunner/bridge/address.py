"""Where the server is, as the user typed it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from beatrunner.accounts.this_computer import is_loopback
from beatrunner.kit.home_network import is_at_home


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """`origin` like `http://127.0.0.1:8000`, without a path."""

    origin: str

    @classmethod
    def parse(cls, text: str) -> ServerAddress:
        """Raises ValueError, in words for the user.

        A token never crosses the internet readable: beyond this computer and addresses by number
        of a home network, where nobody has certificates, only HTTPS will do. A name will not do
        there, because what it stands for is for somebody else to say.
        """
        try:
            split = urlsplit(text.strip() if "://" in text else f"https://{text.strip()}")
            host, _port = split.hostname or "", split.port
            host.encode("idna")
        except ValueError:
            split, host = urlsplit(""), ""
        if split.scheme not in ("http", "https") or not host:
            raise ValueError(
                f"{text} is not the address of a server, like https://runs.example.org"
            )
        if split.path not in ("", "/") or split.query or split.fragment or "@" in split.netloc:
            raise ValueError("The address of the server ends after its name and port.")
        address = cls(f"{split.scheme}://{split.netloc.lower()}")
        if split.scheme == "http" and not address.is_near:
            raise ValueError(f"{text} would be sent the bridge's token unprotected: use https://")
        return address

    @property
    def is_near(self) -> bool:
        """On this computer, or by number in a home network; so no proxy is between."""
        host = urlsplit(self.origin).hostname or ""
        return is_loopback(host) or is_at_home(host)

    def page(self, path: str) -> str:
        return f"{self.origin}{path}"

    def socket(self, path: str) -> str:
        return f"ws{self.origin.removeprefix('http')}{path}"
