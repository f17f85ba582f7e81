"""A real identity provider on this machine: discovery, keys, a token endpoint; what it signs can be spoilt."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT, SECRET = "monitor", "not so secret/here"


@dataclass
class Provider:
    """Grants codes to whoever asks; `claims` and `spoil` change the next token."""

    port: int = 0
    now: int = 0
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    signs_with: Any = None
    answer: bytes | None = None
    asked: list[str] = field(default_factory=list)
    granted: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def grant(self, address: str) -> tuple[str, str]:
        """What a browser brings back that was sent to `address` and signed in there: code and state."""
        parts = urlsplit(address)
        asked = dict(parse_qsl(parts.query))
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.issuer}/authorize"
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.granted)}"
        self.granted[code] = asked
        return code, asked["state"]

    def document(self, path: str) -> dict[str, Any] | None:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            } | self.discovery
        if path == "/keys":
            return dict(KeySet([self.key]).as_dict(private=False))
        return None

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """As RFC 6749 and RFC 7636 want it; None: refused. A code is good once."""
        granted = self.granted.pop(form.get("code", ""), None)
        expected = base64.b64encode(f"{CLIENT}:not%20so%20secret%2Fhere".encode()).decode()
        if granted is None or authorization != f"Basic {expected}":
            return None
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if challenge != granted["code_challenge"] or form["redirect_uri"] != granted["redirect_uri"]:
            return None
        claims = {
            "iss": self.issuer,
            "aud": granted["client_id"],
            "sub": "7f3a",
            "iat": self.now,
            "exp": self.now + 300,
            "nonce": granted["nonce"],
            "preferred_username": "Ann Lee",
            "groups": ["city/officers"],
        } | self.claims
        header = {"alg": "RS256", "kid": "one"} | self.header
        signed = jwt.encode(header, {k: v for k, v in claims.items() if v is not None}, self.signs_with or self.key)
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}


def shared_secret() -> OctKey:
    return OctKey.import_key("s" * 64)


class Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        self.provider.asked.append(self.path)
        self.reply(self.provider.document(self.path))

    def do_POST(self) -> None:
        self.provider.asked.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {key: values[0] for key, values in parse_qs(body).items()}
        self.reply(self.provider.token(form, self.headers.get("Authorization", "")))

    def reply(self, found: dict[str, Any] | None) -> None:
        body = json.dumps(found or {"error": "invalid_grant"}).encode()
        if self.provider.answer is not None and self.command == "POST":
            body = self.provider.answer
        self.send_response(200 if found is not None else 400)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


@contextmanager
def providing(now: int) -> Iterator[Provider]:
    provider = Provider(now=now)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"provider": provider}))
    provider.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
