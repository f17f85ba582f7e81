"""How the site of a page can be followed: feeds and sitemaps it links to, its system, its lists; and whether the page
is one at all, or a wall before it.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from monitor.adapters.children.listing import best_selectors
from monitor.adapters.children.markup import text_of
from monitor.adapters.children.page import entry_links, open_page
from monitor.domain.text import clean_line
from monitor.domain.urls import absolute_url

MAX_LINKED_FEEDS = 20
MAX_SITEMAPS = 5
MAX_SELECTORS = 3
MAX_LINKS = 5_000
# A wall is what there is instead of a page: with more words than this the form stands on a page.
MAX_WALL_WORDS = 250
MAX_WALL_LETTERS_CJK = 500

_FEED_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "text/xml")
)
_FEED_PATH = re.compile(
    r"(?:^|[/.?=_-])(?:rss|atom|feed|rdf|backend)(?:\d|s|2\.0)?(?:\.xml|\.rdf|\.php|\.aspx|[/?&=.]|$)", re.IGNORECASE
)
_FEED_WORDS = re.compile(
    r"(?:fl?ux |fil |feed |canal |kênh |subscribe.{0,20}|abonn.{0,20}|订阅 ?)?"
    r"(?:rss|atom)(?:[- ]?(?:feeds?|flux|2\.0|订阅|配信|フィード|구독))?"
    r"|rss ?(?:feeds?|kanal|kanäle)|feeds?|syndication|syndiquer tout le site",
    re.IGNORECASE,
)
_SITEMAP_PATH = re.compile(r"site-?map[^/]*\.(?:xml|txt)(?:\.gz)?$", re.IGNORECASE)

# Marks that systems leave in a page whose `generator` is missing.
_SYSTEMS = (
    ("wordpress", re.compile(r"/wp-(?:content|includes|json)/")),
    ("spip", re.compile(r"spip\.php|/squelettes[/-]|class=[\"'][^\"']*\bspip", re.IGNORECASE)),
    ("drupal", re.compile(r"/sites/(?:default|all)/|drupal-settings-json|Drupal\.settings")),
    ("joomla", re.compile(r"/media/(?:jui|system)/js/|/index\.php\?option=com_|/components/com_")),
    ("typo3", re.compile(r"/typo3(?:temp|conf)/|/fileadmin/")),
    ("trs", re.compile(r"createPageHTML\(|/t20\d{6}_\d+\.s?html", re.IGNORECASE)),
    ("dedecms", re.compile(r"/plus/(?:list|view|rss)\.php|dede(?:cms|ajax)", re.IGNORECASE)),
)
_LOGIN_PATH = re.compile(
    r"/(?:log-?in|sign-?in|auth(?:entication|orize)?|sso|connexion|se-connecter|identification|anmelden|acceso"
    r"|accedi|entrar|dang-?nhap|account/login|oauth2?|saml|cas|wp-login\.php)(?:[/.?;]|$)",
    re.IGNORECASE,
)
_CAPTCHA = re.compile(
    r"g-recaptcha|hcaptcha\.com/|cf-turnstile|/cdn-cgi/challenge-platform|cf-browser-verification"
    r"|captcha-delivery\.com"
    r"|px-captcha|_Incapsula_Resource|geetest|awswaf|aliyun_waf|ddos-guard|sucuri_cloudproxy",
    re.IGNORECASE,
)
_CAPTCHA_TITLE = re.compile(
    r"just a moment|attention required|are you (?:a )?(?:human|robot)|captcha|verif(?:y|ication)|access denied"
    r"|checking your browser|v[ée]rification|安全验证|人机验证|访问验证|セキュリティ(?:確認|チェック)",
    re.IGNORECASE,
)
_CONSENT_HOST = re.compile(r"(?:^|\.)(?:consent|consentement|myprivacy|privacy-gate|cmp|zustimmung)\.", re.IGNORECASE)
_CONSENT_PATH = re.compile(r"/(?:consent|cookie-?wall|privacy-?gate|zustimmung|consentement)(?:[/.?]|$)", re.IGNORECASE)


def linked_feeds(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    """Absolute addresses of feeds: those a page declares, then those it links to under a name or words that say so."""
    _, tree, base = open_page(payload, body)
    return {"feeds": _feeds(tree, base)}


def survey_page(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    """What a page tells about its site; raises `Refused` with not-a-feed where it is no page."""
    _, tree, base = open_page(payload, body)
    links = entry_links(tree, base, payload)
    return {
        "feeds": _feeds(tree, base),
        "sitemaps": _sitemaps(tree, base),
        "generator": _generator(tree, body),
        "wall": _wall(tree, body, payload["url"]),
        "selectors": list(best_selectors(links, MAX_SELECTORS)),
    }


def _feeds(tree: HtmlElement, base: str) -> list[str]:
    found: dict[str, None] = {}
    for element in tree.iter("link"):
        kind = (element.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" in (element.get("rel") or "").lower().split() and kind in _FEED_TYPES:
            _remember(found, element.get("href"), base)
    for element in islice(tree.iter("a"), MAX_LINKS):
        if _FEED_PATH.search(element.get("href") or "") or _FEED_WORDS.fullmatch(_label(element)):
            _remember(found, element.get("href"), base)
    return list(found)[:MAX_LINKED_FEEDS]


def _label(element: HtmlElement) -> str:
    image = next(element.iter("img"), None)
    said = text_of(element) or element.get("title") or (image.get("alt") if image is not None else "") or ""
    return clean_line(said, 60)


def _sitemaps(tree: HtmlElement, base: str) -> list[str]:
    found: dict[str, None] = {}
    for element in islice(tree.iter("a", "link"), MAX_LINKS):
        href = element.get("href") or ""
        if (element.get("rel") or "").lower() == "sitemap" or _SITEMAP_PATH.search(href.partition("?")[0]):
            _remember(found, href, base)
    return list(found)[:MAX_SITEMAPS]


def _remember(found: dict[str, None], href: str | None, base: str) -> None:
    url = absolute_url(href or "", base)
    if url is not None:
        found.setdefault(url)


def _generator(tree: HtmlElement, body: bytes) -> str:
    for element in tree.iter("meta"):
        if (element.get("name") or "").lower() == "generator" and element.get("content"):
            return clean_line(element.get("content"), 100)
    text = body[:300_000].decode("latin-1")
    return next((name for name, mark in _SYSTEMS if mark.search(text)), "")


def _wall(tree: HtmlElement, body: bytes, url: str) -> str | None:
    """What the page is instead of content: it must be short, since forms and scripts of that kind are on many pages."""
    parts = urlsplit(url)
    if _CONSENT_HOST.search(f".{parts.hostname or ''}") or _CONSENT_PATH.search(parts.path):
        return "consent"
    if not _is_short(tree):
        return None
    title = clean_line("".join(tree.xpath("//title[1]//text()")[:1]))
    text = body[:300_000].decode("latin-1")
    if _CAPTCHA.search(text) and (_CAPTCHA_TITLE.search(title) or not _asks_for_password(tree)):
        return "captcha"
    if _asks_for_password(tree) or _LOGIN_PATH.search(parts.path):
        return "login"
    return None


def _is_short(tree: HtmlElement) -> bool:
    text = text_of(tree)
    return len(text.split()) <= MAX_WALL_WORDS and sum(char > "\u2e80" for char in text) <= MAX_WALL_LETTERS_CJK


def _asks_for_password(tree: HtmlElement) -> bool:
    return any((one.get("type") or "").lower() == "password" for one in tree.iter("input"))
