"""The public preview of a Telegram channel (t.me/s/NAME): its messages as entries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml.html import HtmlElement

from monitor.adapters.children.charset import decode
from monitor.adapters.children.loop import Refused
from monitor.adapters.children.markup import parse_html, text_of
from monitor.domain.telegram import linked_article, message_title, signatures, without_addresses
from monitor.domain.text import clean, clean_line
from monitor.domain.urls import absolute_url

MAX_LINKS = 100  # of a message; a message has 4,096 characters
_POST = re.compile(r"([A-Za-z][A-Za-z0-9_]{3,31})/(\d{1,12})")
_FORWARDED = "tgme_widget_message_forwarded_from_name"


@dataclass(slots=True)
class _Message:
    """What a message says."""

    post: str  # channel/number
    text: str
    date: str | None
    author: str | None
    links: list[str] = field(default_factory=list)
    preview_title: str = ""
    preview_url: str | None = None


def parse_telegram(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    """The messages of a page in its order, oldest first; raises `Refused` with login-wall or not-a-feed.

    Messages without any words (pictures, stickers, service notes) are left out.
    """
    tree = parse_html(decode(body, payload["content_type"]).text)
    if tree is None:
        raise Refused("not-a-feed", "no web page")
    messages = [message for element in _blocks(tree) if (message := _message(element)) is not None]
    if not messages and _first(tree, "tgme_channel_info") is None and _first(tree, "tgme_channel_history") is None:
        raise _no_channel(tree)
    channel = _line(_first(tree, "tgme_channel_info_header_title")) or None
    signed = signatures(message.links for message in messages)
    entries = [entry for message in messages if (entry := _entry(message, signed, channel)) is not None]
    kept = entries[-payload["max_entries"] :]
    return {
        "kind": "telegram",
        "title": channel,
        "language": None,
        "home_page": None,
        "ttl_min": None,
        "entries": kept,
        "notes": ["entries-cut"] if len(kept) < len(entries) else [],
        "next_page": _older(tree, payload["url"]),
    }


def _no_channel(tree: HtmlElement) -> Refused:
    """What stands where a channel has no preview."""
    if _first(tree, "tgme_page_extra") is not None and any(char.isdigit() for char in _line(_extra(tree))):
        return Refused("login-wall", "the channel or group shows its messages only within Telegram")
    if _first(tree, "tgme_page") is not None or _first(tree, "tgme_page_wrap") is not None:
        return Refused("not-a-feed", "Telegram knows no public channel of that name")
    return Refused("not-a-feed", "no preview of a Telegram channel")


def _extra(tree: HtmlElement) -> HtmlElement | None:
    """The line below the title: the number of subscribers, or a person's user name, which is no number."""
    extra = _first(tree, "tgme_page_extra")
    return None if extra is None or _line(extra).startswith("@") else extra


# ---------------------------------------------------------------- one message


def _blocks(tree: HtmlElement) -> Iterator[HtmlElement]:
    for element in tree.iter("div"):
        classes = (element.get("class") or "").split()
        if "tgme_widget_message" in classes and "service_message" not in classes:
            yield element


def _message(element: HtmlElement) -> _Message | None:
    post = _POST.fullmatch(element.get("data-post") or "")
    if post is None:
        return None
    for quoted in list(_all(element, "tgme_widget_message_reply")):
        quoted.drop_tree()
    message = _Message(post[0], _text(element), _date(element), _line(_first(element, _FORWARDED)) or None)
    preview = _first(element, "tgme_widget_message_link_preview")
    if preview is not None:
        message.preview_url = absolute_url(preview.get("href") or "")
        message.preview_title = _line(_first(preview, "link_preview_title"))
    message.links = _links(element, message.preview_url)
    return message


def _text(element: HtmlElement) -> str:
    """Text, then the question of a poll, then the name of a document: whatever there is."""
    for name in ("tgme_widget_message_text", "tgme_widget_message_poll_question", "tgme_widget_message_document_title"):
        texts = [text for found in _outermost(element, name) if (text := clean(text_of(found)))]
        if texts:
            return "\n".join(texts)
    return ""


def _date(element: HtmlElement) -> str | None:
    """When it was posted; a film has a `time` of its own, its length."""
    holder = _first(element, "tgme_widget_message_date")
    times = [] if holder is None else list(holder.iter("time"))
    found = next((one.get("datetime") for one in (*times, *element.iter("time")) if one.get("datetime")), None)
    return str(found) if found else None


def _links(element: HtmlElement, preview_url: str | None) -> list[str]:
    holders = _outermost(element, "tgme_widget_message_text")
    hrefs = [anchor.get("href") or "" for holder in holders for anchor in holder.iter("a")][:MAX_LINKS]
    absolute = [absolute_url(href) for href in hrefs if href.startswith(("http://", "https://"))]
    return [url for url in (*absolute, preview_url) if url]


def _entry(message: _Message, signed: frozenset[str], channel: str | None) -> dict[str, Any] | None:
    title = message_title(message.text) or message.preview_title
    if not title:
        return None
    article = linked_article(message.text, message.links, signed)
    text = without_addresses(message.text) or message.preview_title
    return {
        "guid": f"telegram:{message.post.lower()}",
        "guid_decides": True,
        "url": article or f"https://t.me/{message.post}",
        "title": title,
        "summary": text if article else _preview(message),
        "content": "" if article else text,
        "author": message.author or channel,
        "published_raw": message.date,
        "published_parsed": message.date,
        "language": None,
    }


def _preview(message: _Message) -> str:
    """What the message refers to, where it speaks for itself."""
    return "\n".join(part for part in (message.preview_title, message.preview_url) if part)


# ---------------------------------------------------------------- the page


def _older(tree: HtmlElement, url: str) -> str | None:
    """The page of the messages before these."""
    for element in _all(tree, "tme_messages_more"):
        before = element.get("data-before") or ""
        if before.isascii() and before.isdecimal() and len(before) <= 12:
            return f"{url.partition('?')[0]}?before={before}"
    return None


def _all(root: HtmlElement, name: str) -> Iterator[HtmlElement]:
    for element in root.iter():
        if isinstance(element.tag, str) and name in (element.get("class") or "").split():
            yield element


def _first(root: HtmlElement, name: str) -> HtmlElement | None:
    return next(_all(root, name), None)


def _outermost(root: HtmlElement, name: str) -> list[HtmlElement]:
    """Telegram nests a text in a text of the same class when it is long."""
    found = list(_all(root, name))
    within = {inner for outer in found for inner in outer.iterdescendants()}
    return [element for element in found if element not in within]


def _line(element: HtmlElement | None) -> str:
    return "" if element is None else clean_line(text_of(element).replace("\n", " "), 300)
