"""The archive's pages, and who signs in where."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    model_validator,
)

from monitor.settings.values import Language, Table, Zone, is_loopback, web_address

RoleName = Literal["reader", "reviewer", "admin"]


class OidcSettings(Table):
    """An identity provider that people sign in at (OpenID Connect)."""

    issuer: str = ""  # as its discovery document writes it; empty: none
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    client_secret_file: Path | None = None
    scopes: str = "openid profile email"
    groups_claim: str = "groups"  # of the ID token
    roles: Mapping[str, RoleName] = Field(default_factory=dict)  # by group
    default_role: RoleName | None = None  # of those in none of these groups; None: they may not come in
    button: str = "Single sign-on"

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.issuer:
            return self
        if urlsplit(self.issuer).scheme != "https" and not is_loopback(urlsplit(self.issuer).hostname or ""):
            raise ValueError("issuer: must be an https:// address")
        if not self.client_id:
            raise ValueError("client_id is needed when issuer is set")
        if not self.roles and self.default_role is None:
            raise ValueError("roles or default_role is needed when issuer is set: nobody could come in")
        if "openid" not in self.scopes.split():
            raise ValueError("scopes: 'openid' must be among them")
        return self


def _network(value: str) -> str:
    try:
        ip_network(value)
    except ValueError:
        raise ValueError(f"{value!r} is neither an address nor a network such as 10.0.0.0/24") from None
    return value


class WebSettings(Table):
    """The archive's pages."""

    listen: str = "127.0.0.1:8470"  # address:port; empty: no pages
    base_url: str = ""  # how people reach it: links in mails and feeds start so
    language: Language = "en"  # where neither visitor nor browser says
    time_zone: Zone = "UTC"
    session_hours: int = Field(168, ge=1, le=365 * 24)  # after which one signs in again
    trusted_proxies: tuple[Annotated[str, AfterValidator(_network)], ...] = ()  # whose X-Forwarded-For is believed
    proxy_user_header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{0,100}$")] = ""  # in which they name who signed in
    proxy_role: RoleName = "reader"  # of whom they name, where no account of that name says otherwise
    oidc: OidcSettings = OidcSettings()

    @model_validator(mode="after")
    def _check_access(self) -> Self:
        if self.proxy_user_header and not self.trusted_proxies:
            raise ValueError("proxy_user_header: trusted_proxies must say from whom it is believed")
        if self.oidc.issuer and not self.base_url:
            raise ValueError("oidc: base_url is needed: the identity provider sends people back to it")
        return self

    @model_validator(mode="after")
    def _check(self) -> Self:
        host, _, port = self.listen.rpartition(":")
        if self.listen and (not host or not port.isdigit() or int(port) > 65535):
            raise ValueError(f"listen: {self.listen!r} is not address:port")
        if self.base_url:
            web_address(self.base_url)
        return self
