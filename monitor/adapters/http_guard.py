"""Where connections may go and how long they may take: the network backend below the HTTP client.

The check sits at the dial, so that a redirect, a rebinding name or a clever spelling of an address cannot get around
it: a name is resolved once, every record is checked, and the connection goes to an address that was checked. Host
header, SNI and certificate check keep the name. Timeouts of HTTP clients are per operation; here every read, write and
dial of one exchange shares one deadline and one allowance of bytes.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpcore

Resolver = Callable[[str, int], Sequence[str]]

MAX_DIALS = 4  # addresses tried of one name: faults A30
LOWEST_FREE_PORT = 1024  # below it only the web's own ports; above it all but known internal services: faults B15
WEB_PORTS = frozenset((80, 443))
SERVICE_PORTS = frozenset(
    (
        *(1433, 1521, 2049, 2181, 2375, 2376, 2379, 3306, 3389, 5432, 5672, 5900, 5984, 6000, 6379, 6443, 6667, 8500),
        *(9042, 9092, 9200, 9300, 10250, 11211, 15672, 27017),
    )
)

# Special-purpose blocks of the IANA registry. `ipaddress.is_global` of Python 3.11 lets several of them through (faults
# M13), so the list is ours; 224.0.0.0/4 and above is multicast and reserved.
_REFUSED_V4 = tuple(
    ipaddress.IPv4Network(block)
    for block in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/3"),
    )
)
# Only global unicast is ever dialled; within it Teredo, ORCHID and the like, documentation, and 6to4 are refused.
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_REFUSED_V6 = tuple(ipaddress.IPv6Network(block) for block in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # on an IPv6-only network every IPv4 site is reached through it


class BlockedAddress(Exception):
    """The policy refuses this dial. Says nothing about the address: the text must not serve to explore a network."""


class NameNotFound(Exception):
    """The name has no address, or the resolver did not answer in time."""


class DeadlinePassed(Exception):
    """The exchange used up its time."""


class WireLimit(Exception):
    """The peer sent more than any answer may have, headers and framing included."""


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Which addresses may be dialled: public ones on web ports, and the exact address:port pairs of `allowed`."""

    allowed: frozenset[tuple[str, int]] = frozenset()

    def permits(self, address: str, port: int) -> bool:
        """Whether a dial to this literal address may happen; False for what is no address."""
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return (str(parsed), port) in self.allowed or (_is_public(parsed) and is_web_port(port))


def is_web_port(port: int) -> bool:
    """Whether news may be served there."""
    return port in WEB_PORTS or (port >= LOWEST_FREE_PORT and port not in SERVICE_PORTS)


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in block for block in _REFUSED_V4)
    embedded = _embedded_v4(address)
    if embedded is not None:
        return _is_public(embedded)
    return address.scope_id is None and address in _GLOBAL_V6 and not any(address in block for block in _REFUSED_V6)


def _embedded_v4(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped


def system_resolver(host: str, port: int) -> list[str]:
    """Addresses of a name by the operating system, in its order of preference; raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Exchange:
    """What one request may still use: time, and bytes from the wire."""

    def __init__(self, seconds: float, wire_bytes: int) -> None:
        self._ends_at = time.monotonic() + seconds
        self._bytes_left = wire_bytes
        self.heard = False  # the peer said anything at all

    def seconds(self, at_most: float | None = None) -> float:
        """Time left, at most `at_most`; raises `DeadlinePassed` when there is none."""
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise DeadlinePassed
        return left if at_most is None else min(left, at_most)

    @property
    def is_over(self) -> bool:
        """Whether the time is used up."""
        return time.monotonic() >= self._ends_at

    def received(self, count: int) -> None:
        """Count bytes; raises `WireLimit`."""
        self.heard = self.heard or count > 0
        self._bytes_left -= count
        if self._bytes_left < 0:
            raise WireLimit


class Exchanges(threading.local):
    """The exchange of the current thread: the client is synchronous, so a thread has one at a time."""

    current: Exchange | None = None

    @contextmanager
    def begin(self, seconds: float, wire_bytes: int) -> Iterator[Exchange]:
        """Make a new exchange the current one of this thread."""
        self.current = Exchange(seconds, wire_bytes)
        try:
            yield self.current
        finally:
            self.current = None

    def required(self) -> Exchange:
        """The current exchange; nothing goes over the network without one."""
        if self.current is None:
            raise RuntimeError("network use outside an exchange")
        return self.current


class GuardedStream(httpcore.NetworkStream):
    """A connection whose every operation counts against the current exchange."""

    def __init__(self, stream: httpcore.NetworkStream, exchanges: Exchanges) -> None:
        self._stream = stream
        self._exchanges = exchanges

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read within the time left."""
        exchange = self._exchanges.required()
        data = self._stream.read(max_bytes, exchange.seconds(timeout))
        exchange.received(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write within the time left."""
        self._stream.write(buffer, self._exchanges.required().seconds(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Negotiate TLS for the name that was asked for, whatever address was dialled."""
        left = self._exchanges.required().seconds(timeout)
        return GuardedStream(self._stream.start_tls(ssl_context, server_hostname, left), self._exchanges)

    def get_extra_info(self, info: str) -> Any:
        """What the connection below tells of itself."""
        return self._stream.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """Dials checked addresses only."""

    def __init__(self, policy: AddressPolicy, resolver: Resolver, exchanges: Exchanges) -> None:
        self._policy = policy
        self._resolver = resolver
        self._exchanges = exchanges
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve once, refuse if any record is refused, connect to the first address that answers."""
        exchange = self._exchanges.required()
        addresses = self._checked_addresses(host, port, exchange.seconds(timeout))
        failure: Exception | None = None
        for address in addresses[:MAX_DIALS]:
            try:
                stream = self._sockets.connect_tcp(
                    address, port, exchange.seconds(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            return GuardedStream(stream, self._exchanges)
        raise failure or NameNotFound

    def _checked_addresses(self, host: str, port: int, seconds: float) -> list[str]:
        addresses = [host] if _is_literal(host) else self._resolve(host, port, seconds)
        if not addresses:
            raise NameNotFound
        if not all(self._policy.permits(address, port) for address in addresses):
            raise BlockedAddress
        return addresses

    def _resolve(self, host: str, port: int, seconds: float) -> list[str]:
        """Ask in a thread of its own: the system's resolver cannot be interrupted and may hang for half a minute."""
        answer: list[str] = []

        def ask() -> None:
            try:
                answer.extend(self._resolver(host, port))
            except (OSError, UnicodeError):
                answer.clear()

        thread = threading.Thread(target=ask, name=f"resolve {host}", daemon=True)
        thread.start()
        thread.join(seconds)
        if thread.is_alive():
            raise NameNotFound
        return list(answer)


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
