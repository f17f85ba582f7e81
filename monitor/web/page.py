"""Making a page: a template, the visitor's language, and what every page shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from monitor import __version__
from monitor.domain.headline import headline
from monitor.domain.model.accounts import Role
from monitor.domain.model.events import KnownEvent
from monitor.domain.wording import KIND_WORDS, STATUS_WORDS, Wording
from monitor.web.csrf import token_for
from monitor.web.guard import visitor_of
from monitor.web.interface_language import INTERFACE_LANGUAGES, chosen_language
from monitor.web.keys import keys_work
from monitor.web.navigation import entries_for
from monitor.web.site import Site, site_of

TEMPLATES = Path(__file__).parent / "templates"
_LOCALES = {"en": "en_GB"}  # whose habits a bare language follows


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Everything is escaped, and a value that is not there is a fault of ours, not an empty place."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )


def page(request: Request, template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """The page of `template` (`events/list.html`) in the visitor's language."""
    site = site_of(request)
    wording = wording_of(request)
    visitor = visitor_of(request)
    shared: Mapping[str, Any] = {
        **_words(wording, site),
        "visitor": visitor,
        "Role": Role,
        "csrf": token_for(visitor.visit, site.key),
        "navigation": entries_for(visitor.role, request.url.path),
        "interface_languages": INTERFACE_LANGUAGES,
        "here": _here(request),
        "keys_work": keys_work(request),
        "now": site.clock(),
        "version": __version__,
    }
    text = environment().get_template(template).render({**shared, **values})
    return HTMLResponse(text, status, headers={"Content-Language": wording.language})


def wording_of(request: Request) -> Wording:
    """The words of the language that the visitor reads."""
    site = site_of(request)
    return site.app.wording(chosen_language(request, site.options.language))


def _here(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _words(wording: Wording, site: Site) -> dict[str, Callable[..., str] | str]:
    """What templates say things with."""
    return {
        "language": wording.language,
        "say": wording.say,
        "count": wording.count,
        "day": wording.day,
        "period": wording.period,
        "place_name": wording.place,
        "language_name": wording.language_name,
        "join": wording.join,
        "kind": lambda kind: wording.say(KIND_WORDS[kind]),
        "status": lambda status: wording.say(STATUS_WORDS[status]),
        "headline": lambda event: _headline(event, wording, site),
        "moment": lambda at: moment(at, wording.language, site.options.time_zone),
    }


def _headline(event: KnownEvent, wording: Wording, site: Site) -> str:
    return headline(event, wording, site.app.gazetteer.place)


def moment(at: datetime, language: str, zone: str) -> str:
    """A point in time on the operator's clock."""
    locale, local = _LOCALES.get(language, language), at.astimezone(ZoneInfo(zone))
    return f"{format_skeleton('yMMMd', local, locale=locale)} {format_time(local, 'HH:mm', locale=locale)}"
