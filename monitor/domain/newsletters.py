"""Newsletters: which mails count, what of their text is news, and where they can be read on the web. Pure.

A mail is confidential: its links carry the recipient's identity, and some of them act (they unsubscribe, confirm, log
in). So no address in it is kept, but for that of the public copy, and that only where nothing in it looks like a name
or a key of the recipient.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from monitor.domain.text import clean, fold, is_cjk
from monitor.domain.urls import canonical_url, host_of, same_site

# Many senders put a stub into the plain part ("Please view this in your browser"); a plain part with less than this
# share of the letters of the HTML part is one.
PLAIN_SHARE = 0.5
WRAPPED_CHARS = 55  # mail is wrapped at 60 to 78 columns (RFC 5322 section 2.1.1); a shorter line ended by itself
WRAPPED_CJK = 28  # of characters that take two columns
MAX_BOILERPLATE_CHARS = 160  # a longer line says more than how to leave the list
SECRET_CHARS = 16  # a key of 64 bits in hexadecimal; words of that length are told by their looks

# "View in browser" and "unsubscribe" as senders write them.
_BROWSER_WORDS = """
view in browser|in your browser|in a browser|in the browser|view online|view it online|read online|web version|
view this email|view this newsletter|trouble viewing|trouble reading|version en ligne|voir en ligne|lire en ligne|
dans votre navigateur|dans le navigateur|version web|im browser|in ihrem browser|online-version|webversion|web-version|
online ansehen|online lesen|onlineansicht|en el navegador|en tu navegador|en su navegador|versión web|ver online|
versión en línea|nel browser|nel tuo browser|versione web|visualizza online|versione online|no navegador|
no seu navegador|versão web|versão online|в браузере|веб-версия|онлайн-версия|浏览器|瀏覽器|网页版|網頁版|在线阅读|
線上閱讀|ブラウザで|ブラウザー|ウェブ版|브라우저에서|웹에서 보기|웹 버전|trong trình duyệt|trên trình duyệt|bản web|
xem trực tuyến|in je browser|in uw browser|webversie|w przeglądarce|v prohlížeči
"""
_LEAVING_WORDS = """
unsubscribe|manage your preferences|manage preferences|update your preferences|email preferences|désabonn|désinscri|
gérer vos préférences|abmelden|abbestellen|austragen|darse de baja|cancelar la suscripción|cancelar suscripción|
annulla iscrizione|annulla l'iscrizione|disiscri|cancellati|descadastr|cancelar a inscrição|cancelar subscrição|
отписаться|退订|退訂|取消订阅|取消訂閱|配信停止|購読解除|配信解除|수신거부|수신 거부|구독 취소|hủy đăng ký|
uitschrijven|afmelden|wypisz|odhlásit
"""
_PERSONAL = """
    auth c cid code contact e email hash h k key l m mail mid msgid p r rcpt recipient rid s sid sig signature sub
    subscriber subscription t token u uid uniqid user userid utm x
"""
_PERSONAL_NAMES = frozenset(_PERSONAL.split())
# Public copies at senders whose addresses are known: these parameters name the letter, not the reader.
_PUBLIC_NAMES = {"campaign-archive.com": frozenset(("u", "id")), "mailchi.mp": frozenset[str]()}
_CLICKS = re.compile(r"/(?:ls/)?(?:click|clicks|track|tracking|redirect|wf|lt|ct|cl0|f/a|e3t)(?:/|$)", re.IGNORECASE)
_ADDRESS = re.compile(r"[<\[(]?\s?(?:https?://|mailto:|www\.)[^\s<>\]]+[>\])]?", re.IGNORECASE)
_PREFIX = re.compile(
    r"^\s*(?:(?:re|r|aw|sv|antw|odp|fw|fwd|wg|tr|rv|enc|转发|轉寄|回复|回覆)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE
)
_STARTS_ANEW = re.compile(r"\s*(?:[-*•·–—>#|]|\d{1,2}[.)]\s|\S+:\s*$)")


@dataclass(frozen=True, slots=True)
class MailPosition:
    """How far a mailbox was read: of this numbering (UIDVALIDITY) all mails up to this number (UID)."""

    validity: int
    uid: int

    def __str__(self) -> str:
        return f"{self.validity}:{self.uid}"


def mailbox_address(host: str, folder: str) -> str:
    """What stands for a mailbox where a feed has its URL: `imap://host/folder`, spelled as RFC 5092 does."""
    return f"imap://{host.lower()}/{quote(folder, safe='')}"


def mail_position(text: str | None) -> MailPosition | None:
    """What `str` made of a position; None for anything else."""
    match = re.fullmatch(r"(\d{1,20}):(\d{1,20})", text or "", re.ASCII)
    return None if match is None else MailPosition(int(match[1]), int(match[2]))


def is_allowed(sender: str, allowed: Collection[str]) -> bool:
    """Whether a mail's From address is among those allowed: full addresses, or "@domain" with all below it; an empty
    list allows all. Anybody can write any From: this keeps noise out, not forgers.
    """
    sender = sender.casefold()
    domain = sender.rpartition("@")[2]
    wanted = {one.casefold() for one in allowed}
    below = any(one.startswith("@") and (domain == one[1:] or domain.endswith(f".{one[1:]}")) for one in wanted)
    return not wanted or sender in wanted or below


def mail_title(subject: str) -> str:
    """The subject without the marks of replies and forwarding."""
    return _PREFIX.sub("", subject).strip()


# ---------------------------------------------------------------- the text


def mail_text(plain: str, html: str, own_addresses: Collection[str] = ()) -> str:
    """The text of a mail from its two renderings, without web addresses, without the recipient's `own_addresses` and
    without the lines on how to leave the list.
    """
    from_html = _bare(html, own_addresses)
    from_plain = _bare(unwrapped(plain), own_addresses)
    return from_plain if _letters(from_plain) >= PLAIN_SHARE * _letters(from_html) else from_html


def unwrapped(text: str) -> str:
    """Plain text with one line a paragraph: lines that were broken because they were full are joined."""
    lines: list[str] = []
    full = False
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        bare = line.strip()
        if lines and full and bare and not _STARTS_ANEW.match(line):
            lines[-1] += ("" if is_cjk(bare) and is_cjk(lines[-1][-10:]) else " ") + bare
        else:
            lines.append(bare)
        full = len(bare) >= (WRAPPED_CJK if is_cjk(bare) else WRAPPED_CHARS)
    return "\n".join(lines)


def _bare(text: str, own_addresses: Collection[str]) -> str:
    text = _ADDRESS.sub(" ", text)
    for address in own_addresses:
        text = re.sub(re.escape(address), " ", text, flags=re.IGNORECASE)
    lines = (line for line in clean(text).split("\n") if not _is_boilerplate(line) and any(map(str.isalnum, line)))
    return "\n".join(lines)


def _is_boilerplate(line: str) -> bool:
    return len(line) <= MAX_BOILERPLATE_CHARS and (_says(line, _BROWSER) or _says(line, _LEAVING))


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _folded_words(words: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in words.replace("\n", "").split("|"))


_BROWSER, _LEAVING = _folded_words(_BROWSER_WORDS), _folded_words(_LEAVING_WORDS)


def _says(line: str, words: tuple[str, ...]) -> bool:
    folded = fold(line)
    return any(word in folded for word in words)


# ---------------------------------------------------------------- the copy on the web


def web_copy(links: Iterable[tuple[str, str]]) -> str | None:
    """The address at which everybody can read the mail, of its links (text, address): the first that says so and
    carries nothing of the recipient's. None: there is none, or it cannot be told from a personal one.
    """
    for text, href in links:
        if len(text) <= MAX_BOILERPLATE_CHARS and _says(text, _BROWSER) and not _says(text, _LEAVING):
            url = _public(href)
            if url is not None:
                return url
    return None


def links_in_text(plain: str) -> list[tuple[str, str]]:
    """The addresses written out in plain text, each with the line, or the line before, that introduces it."""
    found: list[tuple[str, str]] = []
    before = ""
    for line in plain.splitlines():
        for match in re.finditer(r"https?://[^\s<>\]\"')]+", line):
            words = f"{line[: match.start()]}{line[match.end() :]}".strip(" <>[]():\t")
            found.append((words or before, match[0]))
        if line.strip():
            before = line.strip()
    return found


def _public(href: str) -> str | None:
    """The address without what names the recipient; None when it may still name them, or leads to a front page."""
    url = canonical_url(href)
    if url is None or _CLICKS.search(urlsplit(url).path):
        return None
    parts = urlsplit(url)
    host = host_of(url) or ""
    public = next((names for site, names in _PUBLIC_NAMES.items() if same_site(host, site)), None)
    kept = [pair for pair in parts.query.split("&") if pair and _is_kept(pair.partition("=")[0].lower(), public)]
    segments = [segment for segment in parts.path.split("/") if segment]
    values = [] if public is not None else [pair.partition("=")[2] for pair in kept]
    if not (segments or kept) or any(_looks_secret(unquote(value)) for value in (*segments, *values)):
        return None
    bare = urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(kept), ""))
    return None if "@" in unquote(unquote(bare)) else bare


def _is_kept(name: str, public: frozenset[str] | None) -> bool:
    return name in public if public is not None else name not in _PERSONAL_NAMES


def _looks_secret(value: str) -> bool:
    """Long, and not made of words and numbers: "letter-2026-08" is no key, "9f8a7c6b5d4e3f2a1b" is."""
    pieces = re.split(r"[^A-Za-z0-9]+", value)
    return any(len(piece) >= SECRET_CHARS and _is_mixed(piece) for piece in pieces) or (
        len(value) >= SECRET_CHARS * 2 and sum(map(_is_mixed, pieces)) >= 2
    )


def _is_mixed(piece: str) -> bool:
    digits = len(re.findall(r"\d+", piece))
    cases = len(re.findall(r"[a-z][A-Z]", piece))
    return digits >= 2 or (digits == 1 and not re.fullmatch(r"[A-Za-z]*\d{1,4}|\d+[A-Za-z]*", piece)) or cases >= 3
