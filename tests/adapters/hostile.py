"""A raw-socket server that says whatever a test wants, on an address of its own: one host, one server."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

TLS_HANDSHAKE = 0x16

Handler = Callable[[socket.socket, str], None]


@dataclass
class Hostile:
    """Counts what reaches it. `target(n)` gives the path of request n, from 0."""

    address: str
    port: int
    connections: int = 0
    requests: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://[{self.address}]:{self.port}" if ":" in self.address else f"http://{self.address}:{self.port}"

    @property
    def allowed(self) -> frozenset[tuple[str, int]]:
        return frozenset(((self.address, self.port),))


def answer(body: bytes = b"", status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    head = "\r\n".join(lines)
    return head.encode("latin-1" if head.isascii() or max(head) < "\u0100" else "utf-8") + b"\r\n\r\n" + body


def saying(*answers: bytes) -> Handler:
    """A handler that gives the answers in turn, the last one for ever, one per connection."""
    left = list(answers)

    def handle(connection: socket.socket, request: str) -> None:
        connection.sendall(left.pop(0) if len(left) > 1 else left[0])

    return handle


def by_path(pages: dict[str, bytes]) -> Handler:
    def handle(connection: socket.socket, request: str) -> None:
        path = request.split(" ")[1]
        connection.sendall(pages.get(path, answer(b"", "404 Not Found")))

    return handle


def read_request(connection: socket.socket) -> str:
    data = b""
    while b"\r\n\r\n" not in data and len(data) < 65_536:
        piece = connection.recv(4096)
        if not piece or piece[0] == TLS_HANDSHAKE:
            break
        data += piece
    return data.decode("latin-1")


@contextlib.contextmanager
def serving(handler: Handler, address: str = "127.0.1.1", context: ssl.SSLContext | None = None) -> Iterator[Hostile]:
    """Serve until the block ends; each connection gets one request read and one call of the handler, then is closed."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.create_server((address, 0), family=family, backlog=64)
    listener.settimeout(0.05)
    server = Hostile(address, listener.getsockname()[1])
    stopping = threading.Event()
    threads: list[threading.Thread] = []

    def serve(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.closing(connection):
            connection.settimeout(20)
            stream = context.wrap_socket(connection, server_side=True) if context else connection
            with contextlib.closing(stream):
                request = read_request(stream)
                with server.lock:
                    server.requests.append(request)
                if request:
                    handler(stream, request)

    def accept() -> None:
        while not stopping.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            with server.lock:
                server.connections += 1
            thread = threading.Thread(target=serve, args=(connection,), daemon=True)
            thread.start()
            threads.append(thread)

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield server
    finally:
        stopping.set()
        acceptor.join(5)
        listener.close()
        for thread in threads:
            thread.join(10)
