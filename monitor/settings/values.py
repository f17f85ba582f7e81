"""What single values may be."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
)

from monitor.domain import schedule_cron

APPLICATION = "sister-city-monitor"


class Table(BaseModel):
    """A table of the file: what is written in it and not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def web_address(value: str) -> str:
    """An http(s) address with a host; raises `ValueError`."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an http:// or https:// address with a host")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{value!r} is not a time zone of the IANA database, such as Europe/Paris") from None
    return value


def _cron(value: str) -> str:
    schedule_cron.parse(value)
    return value


def mail_address(value: str) -> str:
    """An email address; raises `ValueError`."""
    name, _, host = value.rpartition("@")
    if not name or not host or any(char.isspace() for char in value):
        raise ValueError(f"{value!r} is not an email address")
    return value


WebAddress = Annotated[str, AfterValidator(web_address)]
Cron = Annotated[str, AfterValidator(_cron)]
Zone = Annotated[str, AfterValidator(_zone)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


def is_loopback(host: str) -> bool:
    """Whether a name or address stays on this machine."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def unique(what: str, values: list[str]) -> None:
    """Raises `ValueError` where one of the values is there twice."""
    doubled = {value for value in values if values.count(value) > 1}
    if doubled:
        raise ValueError(f"{what} {min(doubled)!r} is there twice")
