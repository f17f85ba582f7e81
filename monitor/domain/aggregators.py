"""News searches as feeds: Google News, Bing News and their like show others' articles under links of their own.

Bing's links carry the address. Google's are opaque: only a script in a browser leads on from them, and the same article
has another one in every search and, after a while, in the same. What stays is its title and its publisher.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from monitor.domain.text import fold, is_cjk
from monitor.domain.urls import absolute_url, host_of

# Titles this short recur ("Town council", a weekly column): their day tells one from the next.
FEWEST_WORDS = 4
FEWEST_CJK = 8
MAX_PUBLISHER_CHARS = 80

_OPAQUE_HOSTS = frozenset(("news.google.com",))
_OPAQUE_PATH = re.compile(r"(?:/rss|/__i/rss/rd)?/(?:articles|read|stories)/[\w-]+/?")
# Host and path of links that count the click and lead on, and the parameter that says where.
_CARRIERS = (
    (re.compile(r"(?:[\w-]+\.)?bing\.com"), re.compile(r"/news/apiclick\.aspx", re.IGNORECASE), ("url",)),
    (re.compile(r"(?:www\.)?google(?:\.[a-z]{2,3}){1,2}"), re.compile(r"/url"), ("url", "q")),
    (re.compile(r"news\.google\.com"), re.compile(r"/news/url"), ("url",)),
)
_OLD_ARTICLE_ID = re.compile(r"/(CBM[\w-]{20,})")
_PLAIN_ADDRESS = re.compile(rb"https?://[\x21-\x7e]+")
_SUFFIX = re.compile(r"\s[-–—|]\s(?=[^\s])")


@dataclass(frozen=True, slots=True)
class Attributed:
    """An entry of a search, taken apart."""

    title: str
    publisher: str
    teaser: str  # "" where it only repeats title and publisher


def direct_url(url: str) -> str:
    """Where a link that only counts the click leads; any other as it is."""
    if "google." not in url and "bing." not in url:
        return url
    host = host_of(url)
    if host is None:
        return url
    parts = urlsplit(url)
    for hosts, path, names in _CARRIERS:
        if hosts.fullmatch(host) and path.fullmatch(parts.path):
            values = dict(parse_qsl(parts.query))
            found = (absolute_url(values[name]) for name in names if name in values)
            return next((one for one in found if one is not None), url)
    return _named_in_id(parts.path) or url if host in _OPAQUE_HOSTS else url


def is_opaque(url: str | None) -> bool:
    """Whether only a script in a browser leads on from this link: there is nothing to fetch behind it."""
    if url is None or "google." not in url or host_of(url) not in _OPAQUE_HOSTS:
        return False
    return _OPAQUE_PATH.fullmatch(urlsplit(url).path) is not None


def attributed(title: str, teaser: str) -> Attributed:
    """Headline, publisher and teaser of an entry whose title ends with " - Publisher"; `publisher` is "" where it does
    not. Teasers repeat headline and publisher, and may list what others wrote.
    """
    headline, publisher = _parted(title, teaser)
    first, _, others = teaser.partition("\n")
    repeats = fold(f"{headline}{publisher}").replace(" ", "") == fold(first).replace(" ", "").replace("\u00a0", "")
    return Attributed(headline, publisher, others.strip() if repeats else teaser)


def item_key(publisher: str, title: str, published_at: datetime | None) -> str:
    """The identity of an article that only its publisher and title tell: `news:` and a sha256 hex."""
    said = " ".join(fold(title).split())
    day = published_at.date().isoformat() if published_at is not None and _recurs(title) else ""
    parts = (" ".join(fold(publisher).split()), said, day)
    return f"news:{hashlib.sha256(chr(0).join(parts).encode('utf-8', 'surrogatepass')).hexdigest()}"


def document_key(url: str | None, publisher: str | None, title: str, published_at: datetime | None) -> str | None:
    """The identity of the document behind an entry whose link is opaque; None: its address tells."""
    return item_key(publisher, title, published_at) if publisher and is_opaque(url) else None


def _parted(title: str, teaser: str) -> tuple[str, str]:
    """The cut that the teaser confirms, else the last one: publishers and headlines may hold dashes themselves."""
    first = teaser.partition("\n")[0]
    cuts = list(_SUFFIX.finditer(title))
    for cut in cuts:
        headline, publisher = title[: cut.start()].strip(), title[cut.end() :].strip()
        if headline and first.startswith(headline) and first.endswith(publisher) and first != title:
            return headline, publisher
    if not cuts or len(title) - cuts[-1].end() > MAX_PUBLISHER_CHARS or not title[: cuts[-1].start()].strip():
        return title, ""
    return title[: cuts[-1].start()].strip(), title[cuts[-1].end() :].strip()


def _recurs(title: str) -> bool:
    if is_cjk(title):
        return sum(char.isalpha() for char in title) < FEWEST_CJK
    return len(title.split()) < FEWEST_WORDS


def _named_in_id(path: str) -> str | None:
    """Ids that Google gave out until the middle of 2024 hold the address itself."""
    match = _OLD_ARTICLE_ID.search(path)
    if match is None:
        return None
    try:
        data = base64.urlsafe_b64decode(match[1] + "=" * (-len(match[1]) % 4))
    except (binascii.Error, ValueError):
        return None
    if data[:3] != b"\x08\x13\x22":  # field 1 = 19, field 4 of bytes: their length, then the address
        return None
    length, start = data[3], 4
    if length > 0x7F:
        length, start = (length & 0x7F) | (data[4] << 7), 5
    found = _PLAIN_ADDRESS.fullmatch(data[start : start + length])
    return absolute_url(found[0].decode("ascii")) if found else None
