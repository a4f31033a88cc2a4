"""Who counts as one, when all that is known is an address."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address


def network_of(peer: str) -> str:
    """IPv6 hands every customer 2^64 addresses; they count as one."""
    try:
        address = ip_address(peer)
    except ValueError:
        return peer
    if isinstance(address, IPv6Address):
        return str(int(address) >> 64)
    return peer
