"""Fetchers with shrunken limits for tests against real servers."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime

from monitor.adapters.http import HttpFetcher, HttpLimits
from monitor.ports import Fetched, FetchFailed, FetchRequest, NotModified, Purpose
from tests.adapters.hostile import Hostile

NOW = datetime(2026, 8, 22, 10, tzinfo=UTC)


class Bench:
    """Builds fetchers with shrunken limits."""

    def fetcher(self, *servers: Hostile, resolver: Callable[[str, int], list[str]] | None = None,
                context: ssl.SSLContext | None = None, **limits: object) -> HttpFetcher:  # fmt: skip
        allowed = frozenset().union(*(server.allowed for server in servers))
        settings: dict[str, object] = {
            "connect_s": 1.0,
            "idle_s": 1.0,
            "total_s": 2.0,
            "host_gap_s": 0.0,
            "user_agent": "monitor-tests/1.0 (+https://example.org/bot)",
            "allowed_addresses": allowed,
        }
        return HttpFetcher(
            HttpLimits(**(settings | limits)),  # type: ignore[arg-type]
            clock=lambda: NOW,
            resolver=resolver or (lambda host, port: []),
            ssl_context=context,
        )

    def get(self, server: Hostile, path: str = "/", **limits: object) -> Fetched | NotModified | FetchFailed:
        return self.fetcher(server, **limits).fetch(FetchRequest(server.url + path, Purpose.FEED))


def failed(result: object) -> FetchFailed:
    assert isinstance(result, FetchFailed), result
    return result


def fetched(result: object) -> Fetched:
    assert isinstance(result, Fetched), result
    return result
