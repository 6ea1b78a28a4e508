"""Addresses that lead inside: to this machine, to its network, or to a cloud's own services.

Sources: the IANA IPv4 and IPv6 Special-Purpose Address Registries (2025-10); RFC 4291 (mapped), RFC 3056 (6to4),
RFC 4380 (Teredo), RFC 6052 (NAT64). A table of our own, since what `ipaddress` calls global differs between versions
of Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_IPV4 = {
    IPv4Network("0.0.0.0/8"): "this machine",
    IPv4Network("10.0.0.0/8"): "a private network",
    IPv4Network("100.64.0.0/10"): "a carrier's inner network",
    IPv4Network("127.0.0.0/8"): "this machine",
    IPv4Network("168.63.129.16/32"): "a cloud's inner service",
    IPv4Network("169.254.0.0/16"): "the local link, where clouds keep their metadata",
    IPv4Network("172.16.0.0/12"): "a private network",
    IPv4Network("192.0.0.0/24"): "a reserved range",
    IPv4Network("192.0.2.0/24"): "a range for examples",
    IPv4Network("192.88.99.0/24"): "a reserved range",
    IPv4Network("192.168.0.0/16"): "a private network",
    IPv4Network("198.18.0.0/15"): "a range for measurements",
    IPv4Network("198.51.100.0/24"): "a range for examples",
    IPv4Network("203.0.113.0/24"): "a range for examples",
    IPv4Network("224.0.0.0/4"): "a multicast group",
    IPv4Network("240.0.0.0/4"): "a reserved range",
}
_IPV6 = {
    IPv6Network("::1/128"): "this machine",
    IPv6Network("::/128"): "this machine",
    IPv6Network("fc00::/7"): "a private network",
    IPv6Network("fe80::/10"): "the local link",
    IPv6Network("fec0::/10"): "a private network",
    IPv6Network("ff00::/8"): "a multicast group",
    IPv6Network("2001:db8::/32"): "a range for examples",
    IPv6Network("3fff::/20"): "a range for examples",
    IPv6Network("2001::/23"): "a reserved range",
}
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


def inside(address: str) -> str:
    """Where inside an IP address leads, such as `this machine`; empty for an address of the public internet."""
    parsed = ip_address(address)
    if isinstance(parsed, IPv4Address):
        return next((name for network, name in _IPV4.items() if parsed in network), "")
    embedded = tuple(_embedded(parsed))
    if embedded:
        return next(filter(None, (inside(str(inner)) for inner in embedded)), "")
    if name := next((name for network, name in _IPV6.items() if parsed in network), ""):
        return name
    return "" if parsed in _GLOBAL_UNICAST else "a reserved range"


def _embedded(address: IPv6Address) -> Iterator[IPv4Address]:
    """The IPv4 addresses that an IPv6 address is a wrapping of."""
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    if address in _NAT64:
        yield IPv4Address(int(address) & 0xFFFF_FFFF)
