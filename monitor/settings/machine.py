"""The machine that it runs on: database, network, children, log, vectors, what watches over it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    model_validator,
)

from monitor.settings.values import Table, is_loopback, web_address


def _database_address(value: str) -> str:
    if value and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError(
            "must be sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME, or empty for the data directory"
        )
    return value


class DatabaseSettings(Table):
    """Where the archive lives."""

    url: Annotated[str, AfterValidator(_database_address)] = ""  # empty: SQLite in the data directory


class FetchSettings(Table):
    """How the web is read: limits and manners (design section 8)."""

    contact: str = ""  # address or page told in the User-Agent, so that site owners can reach us
    workers: int = Field(16, ge=1, le=64)
    connect_s: float = Field(5.0, gt=0, le=60)
    idle_s: float = Field(10.0, gt=0, le=120)
    total_s: float = Field(30.0, gt=0, le=300)
    max_body_bytes: int = Field(10 * 1024 * 1024, ge=1024, le=100 * 1024 * 1024)
    max_redirects: int = Field(5, ge=0, le=10)
    host_gap_s: float = Field(1.0, ge=0, le=60)
    obey_robots: bool = True
    obey_tdm: bool = True  # reservations of text and data mining (W3C TDMRep)
    allowed_addresses: tuple[str, ...] = ()  # exact "address:port" in private networks that may be read

    @model_validator(mode="after")
    def _check_addresses(self) -> Self:
        for text in self.allowed_addresses:
            host, _, port = text.rpartition(":")
            if not host or not port.isdigit():
                raise ValueError(f"allowed_addresses: {text!r} is not address:port")
        return self


class SandboxSettings(Table):
    """The child processes that read hostile input."""

    children: int = Field(2, ge=1, le=16)
    memory_mb: int = Field(1024, ge=256, le=8192)
    cpu_s: int = Field(20, ge=1, le=300)
    wall_s: float = Field(25.0, gt=0, le=300)
    recycle_after: int = Field(200, ge=1)


class PollSettings(Table):
    """How often feeds are asked."""

    interval_min: int = Field(60, ge=5, le=7 * 24 * 60)
    keep_history_days: int = Field(90, ge=7)


class LogSettings(Table):
    """What the service tells."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class EmbeddingsSettings(Table):
    """Word vectors that support linking; needs the extra `embeddings`."""

    folder: Path | None = None  # of a model2vec model on this machine; None: none is used


class MetricsSettings(Table):
    """Numbers for Prometheus."""

    listen: str = ""  # address:port; empty: none are served
    allow_remote: bool = False  # there is no password: other machines may ask only where this is said

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.listen:
            return self
        host, _, port = self.listen.rpartition(":")
        if not host or not port.isdigit() or int(port) > 65535:
            raise ValueError(f"listen: {self.listen!r} is not address:port")
        if not self.allow_remote and not is_loopback(host):
            raise ValueError(f"listen: {host} can be reached from other machines; allow_remote = true says that it may")
        return self


class HeartbeatSettings(Table):
    """A dead man's switch: an address that is asked while the clockwork runs, and that alarms when nobody asks."""

    url: str = ""  # empty: none
    every_min: int = Field(15, ge=1, le=24 * 60)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.url:
            web_address(self.url)
        return self
