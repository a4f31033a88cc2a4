"""Who counts as one, when all that is known is an address."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address


def network_of(peer: str) -> str:
    """IPv6 hands every customer 2^64 addresses; they count as one. A socket for both kinds of
    addresses writes those of IPv4 as `::ffff:192.0.2.1`; each of them counts for itself."""
    try:
        address = ip_address(peer)
    except ValueError:
        return peer
    if not isinstance(address, IPv6Address):
        return peer
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(int(address) >> 64)
