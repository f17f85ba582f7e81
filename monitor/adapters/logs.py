"""Structured logs on standard error: one event, one line, no control characters, no secrets."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def _one_line(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Titles and addresses from outside may carry line breaks or escape sequences: they never reach a terminal raw."""
    return {
        key: _printable(value) if isinstance(value, str) and key != "exception" else value
        for key, value in event.items()
    }


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def configure(level: str, form: str, color: bool | None = None) -> None:
    """Set up structlog and the standard library's logging once; `form` is "text" or "json"."""
    threshold = _LEVELS[level]
    renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if form == "text":
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty() if color is None else color)
    chain: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _one_line,
    ]
    if form == "json":
        chain.append(structlog.processors.format_exc_info)
    structlog.configure(
        processors=[*chain, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Libraries log through the standard module; below warning they are noise.
    logging.basicConfig(
        level=max(threshold, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )
