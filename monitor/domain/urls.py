"""Addresses: what may be fetched, how a document is spelled, and by what a document and an entry are known again.

Three spellings of one address, from loose to strict:

- `absolute_url`: checked and made absolute, otherwise untouched. What is fetched.
- `canonical_url`: also without tracking parameters, session ids and fragment. What is stored and shown.
- `url_key`: also without what does not tell documents apart (scheme, "www.", AMP and print variants, query order).

courlan does much of this, but importing it loads urllib3 and sockets, which the domain must not reach, and its list of
trackers drops parameters that name the document on many sites (`cid`, `eid`, `uid`).
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import idna

MAX_URL_CHARS = 4_096  # faults.md section 2
MAX_HOST_CHARS = 253  # RFC 1035 section 2.3.4
RECENT = 1_024  # answers kept: the same address is asked about for link, key and host of one entry
DEFAULT_PORTS = {"http": 80, "https": 443}

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")  # readers disagree on all of these: GHSA-rph4-96w6-q594
_ENDS = " \t\r\n\f\v\u00a0\u3000\ufeff\u200b"
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMERIC_LABEL = re.compile(r"\d+|0x[0-9a-f]*")
# Addresses that checking and escaping leave as they are, given a host that is a name: most of all there are.
_PLAIN = re.compile(r"(https?)://([a-z0-9.-]+)(/[A-Za-z0-9/_~,:@!$()*+=.-]*)(?:\?([A-Za-z0-9=&_~,:/+.-]+))?", re.ASCII)
_ESCAPE = re.compile("%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"
_QUERY_SAFE = _PATH_SAFE + "?[]{}|^"

# Names that carry no content on any site we know of; collected from the public lists of AdGuard and ClearURLs.
_TRACKING_PREFIXES = (
    *("utm_", "mc_", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "oly_", "vero_", "itm_", "at_", "ns_", "ga_", "guce_"),
    *("_hs", "wt_", "wt.", "sc_", "trk_", "wpmp_", "aspsessionid"),
)
_TRACKING_NAMES = """
    fbclid gclid dclid gbraid wbraid msclkid yclid ysclid twclid ttclid igshid igsh gidzl zarsrc mkt_tok _ga _gl __s
    s_cid cmpid cmp icid ocid ito xtor guccounter smid smtyp emc spm nsukey isappinstalled traffic_source share_token
    echobox ncid sr_share phpsessid jsessionid sessionid session_id cfid cftoken zanpid epik
"""
_TRACKING = frozenset(_TRACKING_NAMES.split())
# Names that mean something elsewhere: they go only when the value says where the reader came from.
_FEED_MARKS = frozenset(
    ("ref", "source", "src", "from", "via", "partner", "origin", "mod", "campaign", "medium", "cid")
)
_FEED_MARK_VALUES = re.compile(
    r"(?:rss|feed|atom|twitter|facebook|newsletter|timeline|singlemessage|groupmessage)\w*", re.IGNORECASE
)
_SESSION_NAMES = frozenset(("sid", "s", "sess", "session", "osid", "oscsid"))
_SESSION_VALUE = re.compile(r"(?=[a-z]*\d)[a-z0-9]{16,}", re.IGNORECASE)
_CLOCK_NAMES = frozenset(("_", "t", "ts", "timestamp", "rand", "random", "rnd", "nocache", "cachebuster", "cb", "r"))
_CLOCK_VALUE = re.compile(r"\d{10,17}|0\.\d{4,}")
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid|cfid|cftoken)=[^/?#;]*", re.IGNORECASE)

_COPY_QUERY = re.compile(
    r"(?:amp(?:=1|=true|=)?|outputtype=amp|print(?:=1|=true|=yes|=)?|printable=1|view=print)", re.IGNORECASE
)
_COPY_PATH = re.compile(r"(?:/amp|\.amp|/print)$", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_SLASHES = re.compile("/{2,}")


def absolute_url(url: str, base: str | None = None) -> str | None:
    """The address in a spelling on which all readers agree, otherwise as given; None when it may not be fetched.

    Refused: other schemes than http(s), user names, backslashes, control characters, half-numeric hosts such as
    `127.1` or `0x7f000001`, hosts that are no names, invalid ports, more than 4,096 characters.
    """
    parts = _checked(url, base)
    if parts is None:
        return None
    spelled = f"{parts.scheme}://{parts.netloc}{parts.path}"
    spelled += f"?{parts.query}" if parts.query else ""
    return spelled if len(spelled) <= MAX_URL_CHARS else None


@lru_cache(maxsize=RECENT)
def canonical_url(url: str, base: str | None = None) -> str | None:
    """The address without what marks a visit rather than a document; None when it may not be fetched.

    Tracking parameters, session ids, cache-busters and the fragment go (but for `#!`, which names a document on old
    script-driven sites); the order of the query stays, since some servers mind it. Applying it twice changes nothing.
    """
    parts = _checked(url, base)
    if parts is None:
        return None
    path = _PATH_SESSION.sub("", parts.path) or "/"
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _is_mark_of_visit(pair))
    fragment = quote(parts.fragment, safe=_QUERY_SAFE) if parts.fragment.startswith("!") else ""
    spelled = f"{parts.scheme}://{parts.netloc}{path}"
    spelled += (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    return spelled if len(spelled) <= MAX_URL_CHARS else None


def url_key(url: str) -> str:
    """The identity of the document at an address: equal keys mean the same document, fetched twice or not.

    Of the canonical spelling, without scheme, leading "www.", trailing slash, index file, and the marks of AMP and
    print copies; query sorted. Mobile hosts ("m.") are left alone: a false merge is a silent miss, and near copies are
    recognised by their text. What is no web address is its own key.
    """
    canonical = canonical_url(url)
    if canonical is None:
        return url.strip()[:MAX_URL_CHARS]
    parts = urlsplit(canonical)
    path = _COPY_PATH.sub("", _SLASHES.sub("/", parts.path).rstrip("/"))
    path = _INDEX.sub("/", path).rstrip("/")
    query = "&".join(sorted(pair for pair in parts.query.split("&") if pair and not _COPY_QUERY.fullmatch(pair)))
    key = parts.netloc.removeprefix("www.") + path
    return key + (f"?{query}" if query else "") + (f"#{parts.fragment}" if parts.fragment else "")


def host_of(url: str) -> str | None:
    """The host name in ASCII, lower case, without port; None where there is none."""
    parts = _checked(url, None)
    return None if parts is None else _split_netloc(parts)


def same_site(one: str, other: str) -> bool:
    """Whether two hosts belong together: equal but for "www.", or one below the other."""
    one, other = one.removeprefix("www."), other.removeprefix("www.")
    return bool(one and other) and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))


def entry_key(guid: str | None, url: str | None, title: str) -> str:
    """The identity of an entry within its feed, as sha256 hex; never empty, whatever is missing.

    The link decides, then the guid, then the title. In the wild both repeat and change, and no function of a single
    entry can see which; the link comes first because a guid that changes at every poll is common (fresh numbers, update
    counters) and would bring the whole feed anew each time, while a link that changes does so once, when a site moves,
    and the address or text of the article is then recognised. A link to a front page names no entry. A fragment counts
    unless it looks like tracking, since some feeds point into one page. Titles are edited, so they decide last.
    """
    if url is not None and (key := _entry_url_key(url)):
        return _digest("url", key)
    if guid is not None and guid.strip():
        return _digest("guid", guid.strip())
    return _digest("title", " ".join(title.split()).casefold())


def distinct_key(key: str, guid: str | None, title: str) -> str:
    """The key of an entry whose `entry_key` another entry of the same document has too: guid and title join in.

    All entries concerned get a distinct key, so that it does not depend on their order.
    """
    return _digest("among", key, (guid or "").strip(), " ".join(title.split()).casefold())


def _entry_url_key(url: str) -> str | None:
    canonical = canonical_url(url)
    if canonical is None:
        return None
    parts = urlsplit(canonical)
    fragment = url.strip(_ENDS).partition("#")[2]
    names_a_place = bool(fragment) and "=" not in fragment and len(fragment) <= 200
    if parts.path == "/" and not parts.query and not names_a_place:
        return None
    return url_key(canonical) + (f"#{fragment}" if names_a_place and not fragment.startswith("!") else "")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


# ---------------------------------------------------------------- checking


@lru_cache(maxsize=RECENT)
def _checked(url: str, base: str | None) -> SplitResult | None:
    """Absolute, of an allowed scheme, host spelled in ASCII, path without dot segments, escapes normalised."""
    url = url.strip(_ENDS)
    if not url or len(url) > MAX_URL_CHARS or _FORBIDDEN.search(url):
        return None
    plain = _PLAIN.fullmatch(url)
    if plain is not None and "/." not in plain[3]:
        name = _ascii_host(plain[2])
        return None if name is None else SplitResult(plain[1], name, plain[3], plain[4] or "", "")
    try:
        parts = urlsplit(urljoin(base, url) if base else url)
        host = _ascii_host(parts.hostname or "")
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS or host is None or "@" in parts.netloc or port == 0:
        return None
    netloc = host if port in {None, DEFAULT_PORTS[scheme]} else f"{host}:{port}"
    path, query = _escaped(parts.path, _PATH_SAFE), _escaped(parts.query.replace("&amp;", "&"), _QUERY_SAFE)
    if "%00" in path or "%00" in query:
        return None
    return SplitResult(scheme, netloc, _without_dots(path), query, parts.fragment)


@lru_cache(maxsize=RECENT)
def _ascii_host(host: str) -> str | None:
    """The host as a server's name or address is spelled in a request; None when it is neither."""
    if ":" in host:
        return _bracketed(host)
    host = host.lower()
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return None
    host = host.removesuffix(".")
    labels = host.split(".")
    if len(host) > MAX_HOST_CHARS or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    if _NUMERIC_LABEL.fullmatch(labels[-1]) and not _is_dotted_quad(host):
        return None  # 2130706433, 0177.0.0.1, 127.1: some readers take these for addresses
    return host if all(_is_readable(label) for label in labels) else None


def _bracketed(host: str) -> str | None:
    if "%" in host:  # a zone id names an interface of this machine
        return None
    try:
        return f"[{ipaddress.IPv6Address(host)}]"
    except ValueError:
        return None


def _is_dotted_quad(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


def _is_readable(label: str) -> bool:
    """Whether a label with the prefix xn-- decodes: what does not is refused by HTTP clients with odd errors."""
    if not label.startswith("xn--"):
        return True
    try:
        idna.decode(label)
    except (idna.IDNAError, UnicodeError):
        return False
    return True


def _split_netloc(parts: SplitResult) -> str:
    if parts.netloc.startswith("["):
        return parts.netloc[1 : parts.netloc.index("]")]
    return parts.netloc.partition(":")[0]


def _escaped(text: str, safe: str) -> str:
    """Percent-encoding in one spelling: unreserved characters bare, everything else escaped in upper case."""
    return quote(_ESCAPE.sub(_normal_escape, _loose_percent(text)), safe=safe)


def _loose_percent(text: str) -> str:
    return re.sub("%(?![0-9a-fA-F]{2})", "%25", text)


def _normal_escape(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    return char if char in _UNRESERVED else f"%{match[1].upper()}"


def _without_dots(path: str) -> str:
    """RFC 3986 section 5.2.4, for addresses that were absolute already."""
    kept: list[str] = []
    segments = path.split("/")[1:] if path.startswith("/") else path.split("/")
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _is_mark_of_visit(pair: str) -> bool:
    name, _, value = pair.partition("=")
    name = name.lower()
    return (
        name in _TRACKING
        or name.startswith(_TRACKING_PREFIXES)
        or (name in _FEED_MARKS and _FEED_MARK_VALUES.fullmatch(value) is not None)
        or (name in _SESSION_NAMES and _SESSION_VALUE.fullmatch(value) is not None)
        or (name in _CLOCK_NAMES and _CLOCK_VALUE.fullmatch(value) is not None)
    )
