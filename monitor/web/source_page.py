"""What all pages of sources share: their words, and how much of an address the visitor may see."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse

from monitor.domain.model.accounts import Role
from monitor.domain.polling_words import HEALTH_WORDS, outcome_words
from monitor.domain.shown_addresses import is_shown_whole, shown_address
from monitor.web.event_facets import country_name
from monitor.web.guard import visitor_of
from monitor.web.page import page, wording_of
from monitor.web.source_words import FEED_KIND_WORDS, STANDING_WORDS, every, feed_kind


def source_page(request: Request, template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """As `page`, with the words of sources; an address that may be a key is whole for administrators only."""
    wording = wording_of(request)
    whole = has_role(request, Role.ADMIN)
    words = {
        "health_words": HEALTH_WORDS,
        "standing_words": STANDING_WORDS,
        "kind_words": FEED_KIND_WORDS,
        "feed_kind": feed_kind,
        "outcome_words": outcome_words,
        "address": lambda url: shown_address(url, whole),
        "may_link": lambda url: url.startswith(("http://", "https://")) and (whole or is_shown_whole(url)),
        "country_name": lambda code: country_name(code, wording),
        "every": lambda minutes: every(minutes, wording),
        "path_of": path_of,
    }
    return page(request, template, status, **{**words, **values})


def path_of(key: str) -> str:
    """Where a source stands."""
    return f"/sources/{quote(key, safe='')}"


def has_role(request: Request, least: Role) -> bool:
    """Whether the visitor may do what needs that role."""
    role = visitor_of(request).role
    return role is not None and role >= least
