"""What every answer says to the browser, errors too (faults H3, H20), and how much a request may hold."""

from __future__ import annotations

from asyncio import wait_for
from time import monotonic

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "Content-Security-Policy"
SECURITY_HEADERS = {
    POLICY: (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
MAX_BODY_BYTES = 1024 * 1024  # faults H18
MAX_UPLOAD_BYTES = 5 * 1024 * 1024  # OPML and CSV
BODY_WITHIN_S = 30.0  # from the headers to the end
UPLOADS = ("/sources/opml", "/partnerships/import")


class SecurityHeaders:
    """Adds them to every answer; pages are never cached, for the next person at the same machine."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                stricter = headers.get(POLICY)
                for name, value in SECURITY_HEADERS.items():
                    headers[name] = value
                if stricter is not None:  # of a repeated directive the first counts: nothing can be loosened
                    headers[POLICY] = f"{SECURITY_HEADERS[POLICY]}; {stricter}"
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers)


class BodyLimit:
    """Refuses a request whose body is longer than announced limits, whatever its length header says."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = MAX_UPLOAD_BYTES if scope["path"] in UPLOADS else MAX_BODY_BYTES
        read = 0
        until = monotonic() + BODY_WITHIN_S
        body = bytearray()
        while scope["method"] not in ("GET", "HEAD"):
            try:
                message = await wait_for(receive(), until - monotonic())
            except TimeoutError:
                await PlainTextResponse("too slow", 408, {"Connection": "close"})(scope, receive, send)
                return
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            read = len(body)
            if read > limit:
                await PlainTextResponse("too large", 413)(scope, receive, send)
                return
            if not message.get("more_body"):
                break
        await self._app(scope, _replayed(bytes(body), receive), send)


def _replayed(body: bytes, receive: Receive) -> Receive:
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


class KnownHosts:
    """Answers only to names that we are known by: a foreign name that leads to this machine (DNS rebinding) could
    otherwise read the archive of a machine without accounts. Empty: any name, for sites behind a password.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] == "http" and self._hosts:
            given = dict(scope["headers"]).get(b"host", b"").decode("latin-1").lower()
            if _name(given) not in self._hosts:
                await PlainTextResponse("unknown host: set base_url in [web]", 421)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _name(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]
