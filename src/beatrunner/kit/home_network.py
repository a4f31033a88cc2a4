"""This computer as its home network sees it: addresses, a name, and HTTPS under both.

Only IPv4: what is written on a QR code has to be an address that stays for a while, and home
networks give each computer one that no router of the internet passes on.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, ip_address, ip_network
from typing import cast

import psutil

from beatrunner.kit.clock import Clock
from beatrunner.kit.local_certificates import LocalCertificates
from beatrunner.kit.settings import Settings

#: Addresses that no router of the internet passes on. `is_private` means more than these: tunnels
#: such as 2002::/16, which do cross it.
HOME_IPV4 = tuple(
    cast("IPv4Network", ip_network(network))
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16")
)
HOME_NETWORKS = (*HOME_IPV4, *map(ip_network, ("fc00::/7", "fe80::/10")))


def is_at_home(host: str) -> bool:
    """Whether this is an address, by number, of a home network."""
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in HOME_NETWORKS)


def home_addresses() -> list[str]:
    """This computer's IPv4 addresses in home networks, the one that others reach first."""
    outward = _outward_address()
    found = {
        entry.address
        for entries in psutil.net_if_addrs().values()
        for entry in entries
        if entry.family == socket.AF_INET and is_at_home(entry.address)
    }
    return sorted(found, key=lambda address: (address != outward, ip_address(address)))


def _outward_address() -> str | None:
    """The address that packets to elsewhere leave from. None is sent: it is only looked up."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address: str = asked.getsockname()[0]
        return address


def local_name() -> str:
    """`name.local`, by which phones find computers that answer to multicast DNS (RFC 6762)."""
    label = socket.gethostname().split(".")[0].lower()
    is_label = label.isascii() and label.replace("-", "").isalnum() and label != "localhost"
    return f"{label if is_label else 'beatrunner'}.local"


class HomeNetwork:
    """Under which names BeatRunner answers at home, and by which certificate."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        *,
        addresses: Callable[[], Sequence[str]] = home_addresses,
    ) -> None:
        self._port = settings.lan_port
        self._clock = clock
        self._addresses = (lambda: settings.lan_addresses) if settings.lan_addresses else addresses
        self._name = local_name()
        self._hosts: frozenset[str] = frozenset()
        self.certificates = LocalCertificates(settings.folder / "https", HOME_IPV4)

    def refresh(self) -> bool:
        """See which addresses there are now; True when the certificate became another."""
        names = [*self._addresses(), self._name]
        self._hosts = frozenset(f"{name}:{self._port}" for name in names)
        return self.certificates.renew(names, self._clock())

    def origins(self) -> list[str]:
        """`https://…` of each name, the one that every phone understands first; none where there
        is no home network.
        """
        addresses = self._addresses()
        names = [*addresses, self._name] if addresses else []
        return [f"https://{name}:{self._port}" for name in names]

    def answers_to(self, host: str) -> bool:
        """Whether a Host header names this computer, as of the last `refresh`."""
        return host in self._hosts
