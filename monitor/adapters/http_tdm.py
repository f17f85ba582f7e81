"""Reservations of text and data mining (W3C TDM Reservation Protocol): what a publisher says, and where it says it.

Three places, the more particular one wins, as the protocol has it: a meta element of the page, a header of its answer,
the file /.well-known/tdmrep.json of its origin. Nothing said is nothing reserved.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from monitor.domain.urls import absolute_url

WELL_KNOWN = "/.well-known/tdmrep.json"
MAX_FILE_BYTES = 131_072  # the files in the wild have a handful of rules
MAX_RULES = 1_000
MAX_LOCATION_CHARS = 1_024
HEAD_BYTES = 65_536  # of a page, searched for meta elements

_RESERVATION = "tdm-reservation"
_POLICY = "tdm-policy"
# Bounded, so that a page of unclosed elements costs no more than its length.
_META = re.compile(r"<!--|<meta\b([^>]{0,1024})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-z-]{1,32})\s{0,8}=\s{0,8}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one place says about one page."""

    reserved: bool
    policy: str  # address of the conditions, "" where none is given
    where: str  # for people


def said_by_headers(headers: Mapping[str, str], url: str) -> Statement | None:
    """What the answer's headers say; None: nothing."""
    return _statement(headers.get(_RESERVATION), headers.get(_POLICY), url, "in a header of the page")


def said_by_page(body: bytes, url: str) -> Statement | None:
    """What the page's own meta elements say; None: nothing. Looks at the beginning only."""
    head = _text(body[:HEAD_BYTES])
    if _RESERVATION not in head.lower():
        return None
    found: dict[str, str] = {}
    for name, content in _meta(head):
        found.setdefault(name, content)
    return _statement(found.get(_RESERVATION), found.get(_POLICY), url, "in the page itself")


@dataclass(frozen=True, slots=True)
class _Rule:
    location: str
    reserved: bool
    policy: str


@dataclass(frozen=True, slots=True)
class TdmFile:
    """The rules of an origin."""

    rules: tuple[_Rule, ...] = ()

    def says(self, url: str) -> Statement | None:
        """Of this page; None: nothing. The longest location that fits counts, as in robots.txt (RFC 9309 section
        2.2.2); of two equal ones the one that reserves.
        """
        parts = urlsplit(url)
        target = unquote(parts.path or "/") + (f"?{unquote(parts.query)}" if parts.query else "")
        fitting = [rule for rule in self.rules if _fits(rule.location, target)]
        if not fitting:
            return None
        rule = max(fitting, key=lambda one: (len(one.location), one.reserved))
        return Statement(rule.reserved, rule.policy, "in tdmrep.json")


def read_file(body: bytes, url: str) -> TdmFile:
    """Read a tdmrep.json; whatever its bytes are, rules that make no sense are passed over."""
    try:
        told = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return TdmFile()
    rules = told if isinstance(told, list) else [told]
    return TdmFile(tuple(rule for one in rules[:MAX_RULES] if (rule := _rule(one, url)) is not None))


def _rule(told: Any, url: str) -> _Rule | None:
    if not isinstance(told, dict):
        return None
    location = told.get("location")
    stated = _statement(told.get(_RESERVATION), told.get(_POLICY), url, "")
    if not isinstance(location, str) or not location or len(location) > MAX_LOCATION_CHARS or stated is None:
        return None
    location = unquote(location)
    return _Rule(location if location[0] in "/*" else f"/{location}", stated.reserved, stated.policy)


def _statement(reservation: Any, policy: Any, url: str, where: str) -> Statement | None:
    """1 reserves, 0 does not; anything else says nothing."""
    if not isinstance(reservation, (str, int)):
        return None
    value = str(int(reservation) if isinstance(reservation, bool) else reservation).strip()
    if value not in {"0", "1"}:
        return None
    address = absolute_url(policy, url) if isinstance(policy, str) and policy.strip() else None
    return Statement(value == "1", address or "", where)


def _fits(location: str, target: str) -> bool:
    """Whether a path begins as the pattern says: `*` is any run, `$` at the end the end. Never slower than linear per
    piece, unlike a regular expression with many stars.
    """
    whole = location.endswith("$")
    first, *pieces = location.removesuffix("$").split("*")
    if not target.startswith(first):
        return False
    if not pieces:
        return not whole or target == first
    at, last = len(first), pieces[-1]
    for piece in pieces[:-1] if whole else pieces:
        found = target.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not whole or (len(target) - len(last) >= at and target.endswith(last))


def _meta(head: str) -> Iterator[tuple[str, str]]:
    """Names and contents of the meta elements outside comments."""
    at = 0
    while (found := _META.search(head, at)) is not None:
        at = found.end()
        if found[1] is None:
            at = head.find("-->", at)
            if at < 0:
                return
            continue
        attributes = {one[1].lower(): html.unescape(one[2] or one[3] or one[4] or "") for one in _named(found[1])}
        yield attributes.get("name", "").strip().lower(), attributes.get("content", "")


def _named(attributes: str) -> Iterator[re.Match[str]]:
    return _ATTRIBUTE.finditer(attributes)


def _text(head: bytes) -> str:
    """Every encoding of the web spells the element's name as ASCII does, but UTF-16."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    return head.decode("latin-1")
