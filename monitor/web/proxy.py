"""Where a request comes from, and whose word is taken for it: a header says only what its sender wants it to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from fastapi import Request

from monitor.domain.accounts import folded_name
from monitor.domain.model.accounts import Role

Address = IPv4Address | IPv6Address

MAX_HEADER_CHARS = 2_000
MAX_USER_CHARS = 200
# What a proxy adds: with any of these a request was not made by the person at this machine.
FORWARDED = ("x-forwarded-for", "forwarded", "x-forwarded-host", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Trust:
    """Which reverse proxies are believed, and what they may say."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    user_header: str = ""  # in which they name who signed in; "": they do not
    role: Role = Role.READER  # of whom they name, where no account says otherwise

    def believes(self, request: Request) -> bool:
        """Whether the request comes from such a proxy directly."""
        address = _address(_peer(request))
        return address is not None and self._has(address)

    def user(self, request: Request) -> str:
        """Who signed in at the proxy; "" where it does not say, or is not believed."""
        if not self.user_header or not self.believes(request):
            return ""
        named = request.headers.getlist(self.user_header)
        if len(named) != 1:
            return ""  # two: one came from outside, and which is which nobody knows
        return folded_name(named[0][:MAX_USER_CHARS].encode("latin-1").decode("utf-8", "replace"))

    def client(self, request: Request) -> str:
        """The address of the visitor: what a believed proxy says, else who is connected (faults H8)."""
        if not self.believes(request):
            return _peer(request)
        told = ",".join(request.headers.getlist("x-forwarded-for"))[-MAX_HEADER_CHARS:]
        for part in reversed(told.split(",")):
            address = _address(part.strip())
            if address is None:
                break
            if not self._has(address):
                return str(address)
        return _peer(request)

    def _has(self, address: Address) -> bool:
        return any(address.version == one.version and address in one for one in self.networks)


def trust_in(networks: Sequence[str], user_header: str = "", role: Role = Role.READER) -> Trust:
    """As the settings say it."""
    return Trust(tuple(ip_network(one) for one in networks), user_header, role)


def was_forwarded(request: Request) -> bool:
    """Whether some proxy stands between."""
    return any(name in request.headers for name in FORWARDED)


def neighbourhood(address: str) -> str:
    """Who is held to be one visitor: of IPv6 a whole /64, which every house has for itself."""
    found = _address(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((int(found) >> 64 << 64, 64)))
    return str(found) if found is not None else address


def _peer(request: Request) -> str:
    return request.client.host if request.client is not None else ""


def _address(text: str) -> Address | None:
    host = text
    if text.startswith("["):
        host = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        host = text.partition(":")[0]
    try:
        found = ip_address(host)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
