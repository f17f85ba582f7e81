"""Signing in at an identity provider: OpenID Connect Core 1.0, the code flow with PKCE (RFC 7636).

What the provider says of itself (discovery) and its keys are read through the guarded client and kept for a while; the
ID token is believed only with a good signature by one of these keys, for us, of now, and with the nonce of this visit.
"""

from __future__ import annotations

import hmac
import json
import secrets
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from monitor.domain.text import clean_line
from monitor.ports import (
    Answered,
    Fetched,
    Fetcher,
    FetchRequest,
    FormSender,
    Identity,
    IdentityRefused,
    Purpose,
    SignInRequest,
)

# Signatures by a private key only: with "none" or a shared secret anybody could sign (RFC 8725, section 3.1).
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
KEEP_S = 3600.0  # of discovery and keys
KEYS_ANEW_S = 60.0  # an unknown key makes us look again, but not for everybody who makes one up
LEEWAY_S = 60  # clocks differ
MAX_AGE_S = 600  # of a token: it was made when the code was redeemed
MAX_GROUPS = 500
MAX_TEXT_CHARS = 300
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """What the operator agreed on with the provider."""

    issuer: str
    client_id: str
    client_secret: str  # "": a public client, which PKCE alone protects
    redirect_uri: str
    scopes: str = "openid profile email"
    groups_claim: str = "groups"


class _Refused(Exception):
    """Why nobody is vouched for."""


class OidcProvider:
    """The port `IdentityProvider`."""

    def __init__(
        self,
        settings: OidcSettings,
        fetcher: Fetcher,
        sender: FormSender,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._fetcher = fetcher
        self._sender = sender
        self._now = now
        self._monotonic = monotonic
        self._lock = Lock()
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    def ask(self) -> SignInRequest | IdentityRefused:
        """See the port."""
        try:
            endpoint = self._endpoint("authorization_endpoint")
        except _Refused as error:
            return IdentityRefused(str(error))
        state, nonce, verifier = (secrets.token_urlsafe(_SECRET_BYTES) for _ in range(3))
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = urlencode(
            {
                "response_type": "code",
                "client_id": self._settings.client_id,
                "redirect_uri": self._settings.redirect_uri,
                "scope": self._settings.scopes,
                "state": state,
                "nonce": nonce,
                "code_challenge": challenge,
                "code_challenge_method": "S256",
            }
        )
        address = f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{asked}"
        return SignInRequest(address, state, nonce, verifier)

    def redeem(self, code: str, asked: SignInRequest) -> Identity | IdentityRefused:
        """See the port."""
        try:
            return self._identity(self._claims(self._id_token(code, asked), asked.nonce))
        except _Refused as error:
            return IdentityRefused(str(error))

    # ------------------------------------------------------------ the provider's addresses and keys

    def _endpoint(self, name: str) -> str:
        found = self._discovery().get(name)
        if not isinstance(found, str) or not _is_safe(found):
            raise _Refused(f"discovery: no usable {name}")
        return found

    def _discovery(self) -> dict[str, Any]:
        found = self._document(f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration", KEEP_S)
        if found.get("issuer") != self._settings.issuer:
            raise _Refused("discovery: the document is of another issuer")
        return found

    def _keys(self, keep_s: float) -> KeySet:
        try:
            return KeySet.import_key_set(self._document(self._endpoint("jwks_uri"), keep_s))  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise _Refused(f"keys: cannot be read: {type(error).__name__}") from error

    def _document(self, url: str, keep_s: float) -> dict[str, Any]:
        """A JSON object, not older than that."""
        with self._lock:
            at, kept = self._kept.get(url, (float("-inf"), {}))
            if self._monotonic() - at < keep_s:
                return kept
        answer = self._fetcher.fetch(FetchRequest(url, Purpose.FEED, accept="application/json"))
        if not isinstance(answer, Fetched):
            raise _Refused(f"{url}: {getattr(answer, 'detail', 'no answer')}")
        found = _object(answer.body, url)
        with self._lock:
            self._kept[url] = (self._monotonic(), found)
        return found

    # ------------------------------------------------------------ the token

    def _id_token(self, code: str, asked: SignInRequest) -> str:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._settings.redirect_uri,
            "code_verifier": asked.verifier,
        }
        endpoint = self._endpoint("token_endpoint")
        headers = self._authorization(fields)
        answer = self._sender.send_form(endpoint, fields, {"Accept": "application/json", **headers})
        if not isinstance(answer, Answered):
            raise _Refused(f"token: {answer.detail}")
        token = _object(answer.body, "token").get("id_token")
        if not isinstance(token, str):
            raise _Refused("token: no id_token in the answer")
        return token

    def _authorization(self, fields: dict[str, str]) -> Mapping[str, str]:
        """Who we are, in the way that the provider takes; adds to `fields` what belongs there."""
        client, secret = self._settings.client_id, self._settings.client_secret
        ways = self._discovery().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if secret and "client_secret_basic" in ways:
            pair = f"{quote(client, safe='')}:{quote(secret, safe='')}"  # RFC 6749, section 2.3.1
            return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
        fields["client_id"] = client
        if secret:
            fields["client_secret"] = secret
        return {}

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        claims = self._signed(token)
        now = self._now()
        audience = claims.get("aud")
        audiences = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
        if claims.get("iss") != self._settings.issuer:
            raise _Refused("id_token: of another issuer")
        if self._settings.client_id not in audiences:
            raise _Refused("id_token: for another client")
        if claims.get("azp", self._settings.client_id) != self._settings.client_id:
            raise _Refused("id_token: another client may use it")
        if len(audiences) > 1 and "azp" not in claims:
            raise _Refused("id_token: for several clients, and none is named to use it")
        if _moment(claims, "exp") + LEEWAY_S <= now:
            raise _Refused("id_token: expired")
        if not now - MAX_AGE_S <= _moment(claims, "iat") <= now + LEEWAY_S:
            raise _Refused("id_token: not made now")
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise _Refused("id_token: of another visit")
        return claims

    def _signed(self, token: str) -> dict[str, Any]:
        """The claims, their signature proved. A key that we do not know may be new: look once more."""
        problem = ""
        for keep_s in (KEEP_S, KEYS_ANEW_S):
            keys = self._keys(keep_s)
            try:
                return dict(jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims)
            except (JoseError, ValueError, TypeError) as error:
                problem = type(error).__name__
        raise _Refused(f"id_token: the signature is not the provider's: {problem}")

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= MAX_TEXT_CHARS:
            raise _Refused("id_token: nobody is named")
        names = (claims.get(one) for one in ("preferred_username", "email", "name"))
        name = next((one for one in names if isinstance(one, str) and one.strip()), "")
        groups = claims.get(self._settings.groups_claim)
        told = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
        kept = frozenset(one for one in told[:MAX_GROUPS] if isinstance(one, str))
        return Identity(f"{self._settings.issuer} {subject}", clean_line(name, MAX_TEXT_CHARS), kept)


def _object(body: bytes, where: str) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _Refused(f"{where}: the answer is no JSON object")
    return found


def _moment(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _Refused(f"id_token: no {name}")
    return float(value)


def _is_safe(url: str) -> bool:
    """Encrypted, or on this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and (parts.hostname or "").startswith("127."))
