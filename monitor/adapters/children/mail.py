"""A mail as it arrived (RFC 5322, MIME) to its text: nothing that a sender writes is trusted to be well-formed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses, parseaddr
from typing import Any

from lxml.html import HtmlElement

from monitor.adapters.children.charset import decode, decode_declared
from monitor.adapters.children.loop import Refused
from monitor.adapters.children.markup import parse_html, text_of
from monitor.domain.newsletters import links_in_text, mail_text, mail_title, web_copy
from monitor.domain.telegram import message_title

MAX_HEAD_BYTES = 256 * 1024  # of all header fields; Gmail and Exchange refuse a head of more than 64 to 500 KiB
MAX_FIELD_CHARS = 8_000  # of one field, before decoding: a subject has 1,000 characters of 8 encoded ones
MAX_PARTS = 200  # looked at; a newsletter has three, a forwarded thread with pictures some dozen
MAX_BOUNDARIES = 5_000  # lines that could begin a part: more are an attack on the reader's memory
MAX_LINKS = 2_000
_ENCODED = re.compile(r"=\?([A-Za-z0-9_.:+-]{1,40})(?:\*[A-Za-z0-9-]{0,20})?\?([BbQq])\?([^?]*)\?=")
_LINE_BREAK = re.compile(r"[ \t]*[\r\n]\s*")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|max-height\s*:\s*0(?:px)?\s*(?:;|$)"
    r"|font-size\s*:\s*[01](?:px)?\s*(?:;|$)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)",
    re.IGNORECASE,
)


def parse_mail(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    """The mail; with `head_only` its header fields alone. Raises `Refused` with not-a-feed when there are none.

    A mail whose parts cannot be told apart is read by its header fields; the note `mail-unreadable` says so.
    """
    head, rest = _split(body)
    notes: list[str] = []
    message = BytesParser(policy=compat32).parsebytes(head, headersonly=True)
    if not message.keys():
        raise Refused("not-a-feed", "no mail")
    plain, html, links = "", "", list[tuple[str, str]]()
    if not payload.get("head_only"):
        try:
            plain, html, links = _contents(head + rest)
        except RecursionError:
            notes.append("mail-unreadable")
    return _described(message, plain, html, links) | {"notes": notes}


def _split(body: bytes) -> tuple[bytes, bytes]:
    """Header fields, within bounds, and all that follows."""
    match = re.search(rb"\r?\n\r?\n", body)
    end = match.end() if match else len(body)
    if end <= MAX_HEAD_BYTES:
        return body[:end], body[end:]
    cut = body.rfind(b"\n", 0, MAX_HEAD_BYTES) + 1 or MAX_HEAD_BYTES
    return body[:cut] + b"\r\n", body[end:]


def _described(message: Message, plain: str, html: str, links: list[tuple[str, str]]) -> dict[str, Any]:
    sender_name, sender = _sender(message)
    content = mail_text(plain, html, _recipients(message))
    date = _field(message, "Date")
    subject = mail_title(header_text(_field(message, "Subject"), _hint(message)))
    title = subject or message_title(content)
    return {
        "guid": _identity(message, sender, title, content),
        "title": title,
        "content": content,
        "sender_name": sender_name,
        "sender": sender,
        "list": _list_name(message),
        "published_raw": date or None,
        "language": _field(message, "Content-Language").partition(",")[0] or None,
        "web_copy": web_copy([*links, *links_in_text(plain)]),
    }


def _identity(message: Message, sender: str, title: str, content: str) -> str:
    """The Message-ID, else a hash of what makes the mail."""
    named = re.search(r"<([^<>\s]{3,500})>", _field(message, "Message-ID"))
    if named is not None:
        return named[1]
    parts = (sender, _field(message, "Date"), title, content)
    return "sha256:" + hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


# ---------------------------------------------------------------- header fields


def _field(message: Message, name: str) -> str:
    """The raw value of the first field of that name, on one line; bytes beyond ASCII are surrogates; or ""."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            return re.sub(r"\r?\n[ \t]*", " ", str(value))[:MAX_FIELD_CHARS].strip()
    return ""


def _hint(message: Message) -> str:
    """The charset that the mail's text is declared in: that of raw bytes in its header fields, mostly."""
    match = re.search(r"charset\s*=\s*\"?([\w.:-]{2,40})", _field(message, "Content-Type"), re.IGNORECASE)
    return match[1] if match else ""


def header_text(raw: str, hint: str = "") -> str:
    """A field's value with its encoded words (RFC 2047) decoded, tolerantly: characters cut in two by adjacent words
    are put together, base64 without its padding is read, wrong charsets are guessed.
    """
    pieces: list[str] = []
    pending, charset, end = b"", "", 0
    for match in _ENCODED.finditer(raw):
        between = raw[end : match.start()]
        if pending and (between.strip() or match[1].lower() != charset):
            pieces.append(decode_declared(pending, charset))
            pending = b""
        if between.strip() or not end:
            pieces.append(_unencoded(between, hint))
        pending += _word_bytes(match[2], match[3])
        charset, end = match[1].lower(), match.end()
    if pending:
        pieces.append(decode_declared(pending, charset))
    pieces.append(_unencoded(raw[end:], hint))
    return "".join(pieces).strip()


def _word_bytes(encoding: str, text: str) -> bytes:
    if encoding in "Qq":
        data = text.replace("_", " ").encode("ascii", "surrogateescape")
        return re.sub(rb"=([0-9A-Fa-f]{2})", lambda match: bytes((int(match[1], 16),)), data)
    letters = re.sub(r"[^A-Za-z0-9+/]", "", text)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    try:
        return base64.b64decode(letters + "=" * (-len(letters) % 4))
    except (binascii.Error, ValueError):
        return b""


def _unencoded(text: str, hint: str) -> str:
    data = text.encode("ascii", "surrogateescape")
    return text if text.isascii() else decode(data, f"text/plain; charset={hint}").text


def _sender(message: Message) -> tuple[str, str]:
    """The sender's name, and address in lower case."""
    raw = _field(message, "From") or _field(message, "Sender")
    name, address = parseaddr(raw[:2_000])
    return header_text(name).strip("\"' "), address.lower() if "@" in address else ""


def _recipients(message: Message) -> set[str]:
    """Whom the mail was sent to: addresses that must not show in the text."""
    names = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
    found = getaddresses([_field(message, name)[:4_000] for name in names])
    return {address for _, address in found if "@" in address and len(address) <= 254}


def _list_name(message: Message) -> str:
    """The identifier of the list (RFC 2919), which looks like a host name; or ""."""
    match = re.search(r"<?([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+)>?\s*$", _field(message, "List-Id"))
    return match[1].lower()[:200] if match else ""


# ---------------------------------------------------------------- contents


def _contents(mail: bytes) -> tuple[str, str, list[tuple[str, str]]]:
    """Plain text, the text of the HTML, and the HTML's links; raises `RecursionError` where parts nest too deep."""
    if mail.count(b"\n--") > MAX_BOUNDARIES:
        raise RecursionError
    plain: list[str] = []
    html: list[str] = []
    links: list[tuple[str, str]] = []
    for part in _leaves(BytesParser(policy=compat32).parsebytes(mail)):
        kind = part.get_content_type()
        if kind == "text/plain":
            plain.append(_part_text(part, kind))
        elif kind == "text/html":
            tree = parse_html(_part_text(part, kind))
            if tree is not None:
                _drop_hidden(tree)
                _join_lines(tree)
                html.append(text_of(tree))
                links += _links(tree)
    return "\n\n".join(plain), "\n\n".join(html), links[:MAX_LINKS]


def _leaves(root: Message) -> Iterator[Message]:
    """The parts that are no attachments, in order, within bounds; of what was sent as an attachment nothing is read."""
    waiting: list[Message] = [root]
    for _ in range(MAX_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        inner = part.get_payload()
        if _is_attached(part):
            continue
        if isinstance(inner, list):
            waiting[:0] = [one for one in inner if isinstance(one, Message)]
        else:
            yield part


def _is_attached(part: Message) -> bool:
    return _field(part, "Content-Disposition").lower().startswith("attachment")


def _part_text(part: Message, kind: str) -> str:
    try:
        data = part.get_payload(decode=True)
    except (ValueError, binascii.Error, LookupError):  # uuencode and the like, broken
        data = None
    if not isinstance(data, bytes):
        return ""
    return decode(data, f"{kind}; charset={_hint(part)}").text


def _drop_hidden(tree: HtmlElement) -> None:
    """Remove what mail programs do not show: teasers for the list of mails, text for other programs."""
    hidden = [one for one in tree.iter() if isinstance(one.tag, str) and _HIDDEN.search(one.get("style") or "")]
    for element in hidden:
        if element.getparent() is not None:
            element.drop_tree()


def _join_lines(tree: HtmlElement) -> None:
    """Line breaks of the source are blanks, but in `pre`: mail programs wrap HTML as they wrap text."""
    preserved = {one for pre in tree.iter("pre") for one in pre.iter()}
    for element in tree.iter():
        if element not in preserved and element.text:
            element.text = _LINE_BREAK.sub(" ", element.text)
        if element.tail and (element.getparent() not in preserved):
            element.tail = _LINE_BREAK.sub(" ", element.tail)


def _links(tree: HtmlElement) -> list[tuple[str, str]]:
    anchors = [anchor for anchor in tree.iter("a") if anchor.get("href")][:MAX_LINKS]
    return [(_said(anchor), anchor.get("href").strip()) for anchor in anchors]


def _said(anchor: HtmlElement) -> str:
    """The link's text; where that is a mere "here", with the words around it."""
    text = " ".join(text_of(anchor).split())
    parent = anchor.getparent()
    if len(text) > 12 or parent is None or parent.tag in {"body", "html"}:
        return text
    return " ".join(text_of(parent).split())
