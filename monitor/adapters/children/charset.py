"""Bytes to text when the declared charset may be missing, wrong or hostile."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

# What a charset's name means in practice: the superset that all browsers read (WHATWG Encoding Standard section 4.2).
_SUPERSETS = {
    **dict.fromkeys(("ascii", "iso8859-1", "latin-1"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "hz"), "gb18030"),
    **dict.fromkeys(("tis-620", "iso8859-11"), "cp874"),
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "iso8859-9": "cp1254",
}
# Codecs that are no charsets of documents, or that hide markup from whoever looks at the bytes.
_REFUSED = frozenset(("utf-7", "punycode", "idna", "unicode-escape", "raw-unicode-escape", "mbcs", "oem", "undefined"))
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BARE_STARTS = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"Lo\xa7\x94", "cp037"),  # "<?xml" in EBCDIC
)
_ISO_2022_ESCAPE = b"\x1b"
# A charset is kept in spite of some damage (a character cut in two, a stray byte) up to this share of odd characters.
TOLERATED_DAMAGE = 0.02
SAMPLE_BYTES = 20_000  # for guessing; the guesser takes seconds on whole pages

_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,>]{2,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{2,40})[\"']", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{2,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text with the charset it was read in; `certain` False: guessed, or read in spite of damage."""

    text: str
    charset: str
    certain: bool


def header_charset(content_type: str) -> str | None:
    """The charset that a Content-Type declares."""
    match = _HEADER_CHARSET.search(content_type)
    return match[1] if match else None


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Read a document: byte order mark, then what is valid UTF-8, then what header and document declare, then a guess.

    Valid UTF-8 with characters beyond ASCII is UTF-8 whatever is declared: other charsets hardly ever look like it.
    """
    marked = _by_mark(body)
    if marked is not None:
        return marked
    declared = _declared(body, content_type)
    escapes = _ISO_2022_ESCAPE in body and any(name.startswith("iso2022") for name in declared)
    if not escapes:
        try:
            return Decoded(body.decode("utf-8"), "utf-8", certain=True)
        except UnicodeDecodeError:
            pass
    return _strictly(body, declared) or _in_spite_of_damage(body, declared) or _guessed(body)


def decode_declared(data: bytes, charset: str) -> str:
    """Read a short piece whose charset is declared beside it, as in a mail's header fields. There a charset of several
    bytes a character is believed before UTF-8: two or three characters of GB 18030 may look like it by chance.
    """
    name = _usable(charset)
    if name is not None and not _is_single_byte(name) and name not in {"utf-8", "ascii"}:
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            pass
    return decode(data, f"text/plain; charset={charset}").text


def _by_mark(body: bytes) -> Decoded | None:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _replaced(body[len(mark) :], name)
    for start, name in _BARE_STARTS:
        if body.lstrip(b" \t\r\n").startswith(start) and len(body) > len(start):
            return _replaced(body.lstrip(b" \t\r\n"), name)
    return None


def _declared(body: bytes, content_type: str) -> list[str]:
    """Usable charsets, multi-byte ones first: a single-byte charset fits anything, so it proves nothing."""
    names = [header_charset(content_type)]
    for pattern, window in ((_XML_ENCODING, body[:400]), (_META_CHARSET, body[:4096])):
        match = pattern.search(window)
        names.append(match[1].decode("ascii") if match else None)
    usable = dict.fromkeys(name for name in map(_usable, names) if name is not None)
    return sorted(usable, key=_is_single_byte)


def _usable(name: str | None) -> str | None:
    try:
        info = codecs.lookup(name) if name else None
        if info is None or not getattr(info, "_is_text_encoding", False):
            return None
        b"<".decode(info.name)
    except (LookupError, UnicodeError, ValueError):
        return None
    spelled = info.name.replace("_", "-")
    if spelled in _REFUSED or spelled.startswith(("utf-16", "utf-32")) or b"<".decode(info.name) != "<":
        return None
    return _SUPERSETS.get(info.name, info.name)


def _is_single_byte(name: str) -> bool:
    return name.startswith(("cp125", "cp87", "cp86", "iso8859", "koi8", "mac", "cp43", "cp85"))


def _strictly(body: bytes, names: list[str]) -> Decoded | None:
    for name in names:
        try:
            return Decoded(body.decode(name), name, certain=True)
        except UnicodeDecodeError:
            continue
    return None


def _in_spite_of_damage(body: bytes, names: list[str]) -> Decoded | None:
    for name in dict.fromkeys((*names, "utf-8")):
        decoded = _replaced(body, name)
        odd = decoded.text.count("\ufffd")
        beyond_ascii = sum(1 for char in decoded.text if char > "\x7f")
        if odd <= max(1, beyond_ascii * TOLERATED_DAMAGE) < beyond_ascii:
            return decoded
    return None


def _replaced(body: bytes, name: str) -> Decoded:
    text = body.decode(name, "replace")
    return Decoded(text, name, certain="\ufffd" not in text)


def _guessed(body: bytes) -> Decoded:
    half = SAMPLE_BYTES // 2
    sample = body if len(body) <= SAMPLE_BYTES else body[:half] + body[-half:]
    best = from_bytes(sample).best()
    name = _usable(best.encoding) if best is not None else None
    decoded = _replaced(body, name or "cp1252")
    return Decoded(decoded.text, decoded.charset, certain=False)
