"""Telegram's public channels: where their preview is, and which messages are no more than the way to an article."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from monitor.domain.model.sources import FeedForPoll, FeedKind
from monitor.domain.sentences import sentences
from monitor.domain.urls import absolute_url, canonical_url, host_of, same_site, url_key

HOSTS = frozenset(("t.me", "telegram.me", "telegram.dog"))  # all three answer alike
MAX_TITLE_CHARS = 150  # a headline: the longest of ten thousand real ones are shorter
# A teaser with its link seldom has more; who writes more than this has told the news, and the link is a reference.
MAX_TEASER_CHARS = 500
# A link that many messages of one page carry is the channel's signature ("our web site"), not what they are about.
FEWEST_SIGNED = 3
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")  # core.telegram.org/method/account.checkUsername
_RESERVED = """
    addemoji addlist addstickers addtheme boost confirmphone contact invoice joinchat login proxy setlanguage share
    socks
"""
_NO_NAMES = frozenset(_RESERVED.split())
# What stands there is a film, a picture or a profile: nothing to read for us.
_NO_ARTICLES = (
    *("youtube.com", "youtu.be", "rutube.ru", "vimeo.com", "tiktok.com", "vk.com", "vk.ru", "vkvideo.ru", "ok.ru"),
    *("instagram.com", "facebook.com", "fb.com", "fb.me", "twitter.com", "x.com", "max.ru", "whatsapp.com", "wa.me"),
    *("forms.gle", "docs.google.com", "forms.yandex.ru", "telegram.org"),
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b(?:t|telegram)\.me/\S+", re.IGNORECASE)
_TAGS_ONLY = re.compile(r"(?:[#@]\w+[\s,;|]*)+")
_WORD = re.compile(r"[^\W\d_]{2}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def is_telegram(url: str) -> bool:
    """Whether an address is one of Telegram's own."""
    return (host_of(url) or "").removeprefix("www.") in HOSTS


def preview_url(url: str) -> str | None:
    """Where the messages of the channel that an address names can be read; None: it names none, such as an invitation.

    The host stays as it is.
    """
    name = channel_name(url)
    parts = urlsplit(absolute_url(url) or "")
    return None if name is None else f"{parts.scheme}://{parts.netloc}/s/{name}"


def channel_name(url: str) -> str | None:
    """The name of the channel that an address leads to; None: it names none."""
    parts = urlsplit(absolute_url(url) or "")
    segments = [segment for segment in parts.path.split("/") if segment]
    if segments[:1] == ["s"]:
        del segments[0]
    if not segments or not _NAME.fullmatch(segments[0]) or segments[0].lower() in _NO_NAMES:
        return None
    return segments[0]


def is_channel(feed: FeedForPoll) -> bool:
    """Whether a feed is a channel: declared or found to be one, or undeclared at one of Telegram's own addresses."""
    kind = feed.kind if feed.kind is not FeedKind.AUTO else feed.found_kind
    return kind is FeedKind.TELEGRAM or (kind is None and is_telegram(feed.url))


def polled_url(feed: FeedForPoll) -> str:
    """The address to ask: of a channel that of its preview, of anything else its own."""
    return (is_channel(feed) and preview_url(feed.url)) or feed.url


def without_addresses(text: str) -> str:
    """The text without the web addresses written out in it."""
    return "\n".join(" ".join(line.split()) for line in _ADDRESS.sub(" ", text).split("\n")).strip()


def message_title(text: str) -> str:
    """The first line that says something, its first sentence where it is long, at most `MAX_TITLE_CHARS`; or ""."""
    for line in without_addresses(text).split("\n"):
        bare = _without_ornament(line)
        if _WORD.search(bare) and not _TAGS_ONLY.fullmatch(bare):
            return _headline(bare)
    return ""


def _without_ornament(line: str) -> str:
    """Without the emoji, bullets and blanks around it."""
    start = next((n for n, char in enumerate(line) if char.isalnum() or char in "#@«\"'“„「『《(["), len(line))
    end = next((n for n in range(len(line), start, -1) if not _is_ornament(line[n - 1])), start)
    return line[start:end]


def _is_ornament(char: str) -> bool:
    return char in " \t:;,-–—·•|\ufe0f\u200d" or unicodedata.category(char) in {"So", "Sk"}


def _headline(line: str) -> str:
    if len(line) <= MAX_TITLE_CHARS:
        return line
    first = next((one.text for one in sentences(line)), line)
    if len(first) <= MAX_TITLE_CHARS:
        return first
    cut = first[: MAX_TITLE_CHARS - 1]
    at_word = cut.rpartition(" ")[0]
    return f"{at_word if len(at_word) * 2 > len(cut) else cut}…"


def signatures(messages: Iterable[Sequence[str]]) -> frozenset[str]:
    """The keys of the links that messages of a page carry as their signature; each message gives its links."""
    counted: Counter[str] = Counter()
    total = 0
    for links in messages:
        total += 1
        counted.update({url_key(link) for link in links})
    return frozenset(key for key, times in counted.items() if times >= FEWEST_SIGNED and times * 4 >= total)


def linked_article(text: str, links: Iterable[str], signed: frozenset[str]) -> str | None:
    """The article that a message is the teaser of: its text is short and of its links one, and only one, leads to a
    page of another site that may be an article. None: the message speaks for itself.
    """
    if len(without_addresses(text)) > MAX_TEASER_CHARS:
        return None
    articles = {
        url_key(url): url for url in map(canonical_url, links) if url and url_key(url) not in signed and _may_be(url)
    }
    return next(iter(articles.values())) if len(articles) == 1 else None


def _may_be(url: str) -> bool:
    host = host_of(url) or ""
    parts = urlsplit(url)
    leads_on = parts.path != "/" or bool(parts.query)
    return leads_on and not is_telegram(url) and not any(_is_below(host, site) for site in _NO_ARTICLES)


def _is_below(host: str, site: str) -> bool:
    return same_site(host, site) and len(host.removeprefix("www.")) >= len(site)
