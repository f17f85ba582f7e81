"""Reading feeds, listing pages and sitemaps: the `Parser` over the sandbox; here its answers become clean entries."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.domain.aggregators import attributed, direct_url, is_opaque, item_key
from monitor.domain.feed_dates import feed_date
from monitor.domain.model.sources import EntryData, FeedKind, ParsedFeed, ParseFailed
from monitor.domain.outcomes import Outcome
from monitor.domain.sitemaps import ranked_members
from monitor.domain.text import clean, clean_line
from monitor.domain.urls import absolute_url, canonical_url, distinct_key, entry_key
from monitor.ports import Fetched, Json, PageSurvey, Sandbox, SandboxFailed, Wall

MAX_ENTRIES = 2_000  # per document, design section 8
MAX_SUMMARY_CHARS = 10_000
MAX_CONTENT_CHARS = 200_000  # of one entry: a hundred pages; all entries together stay under the child's answer limit
MAX_GUID_CHARS = 1_000
MAX_TTL_MIN = 10_080  # a week; feeds with more forgot a zero

SITEMAP_HEAD_BYTES = 20_000  # in which its root element stands, behind comments and style sheets
_SITEMAP = re.compile(rb"<(?:[\w-]+:)?(?:urlset|sitemapindex)\b")
_GZIP = b"\x1f\x8b"

GUID_NOT_UNIQUE = "guid-not-unique"
ENTRIES_REPEATED = "entries-repeated"


class SandboxParser:
    """The `Parser`: all reading of bytes happens in a child."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def parse(
        self,
        fetched: Fetched,
        kind: FeedKind,
        now: datetime,
        link_selector: str | None = None,
        link_pattern: str | None = None,
        next_selector: str | None = None,
    ) -> ParsedFeed | ParseFailed:
        """Read as `kind`; `auto` tries a feed, a sitemap, a page, unless a selector or pattern says it is a page."""
        if kind is FeedKind.AUTO and (link_selector or link_pattern):
            kind = FeedKind.PAGE
        if kind is FeedKind.PAGE:
            how = {"selector": link_selector, "pattern": link_pattern, "next_selector": next_selector}
            return self._read("parse-page", fetched, now, **how)
        if kind is FeedKind.SITEMAP:
            return self._read("parse-sitemap", fetched, now)
        if kind is FeedKind.TELEGRAM:
            return self._read("parse-telegram", fetched, now)
        as_feed = self._read("parse-feed", fetched, now)
        return self._read_other(as_feed, fetched, now) if kind is FeedKind.AUTO and _is_other(as_feed) else as_feed

    def _read_other(
        self, as_feed: ParsedFeed | ParseFailed, fetched: Fetched, now: datetime
    ) -> ParsedFeed | ParseFailed:
        """As a sitemap or a page, whichever it looks like."""
        if _SITEMAP.search(fetched.body, 0, SITEMAP_HEAD_BYTES) or fetched.body.startswith(_GZIP):
            as_sitemap = self._read("parse-sitemap", fetched, now)
            if not _is_other(as_sitemap):
                return as_sitemap
        as_page = self._read("parse-page", fetched, now)
        return as_feed if _is_other(as_page) else as_page

    def survey(self, fetched: Fetched) -> PageSurvey | ParseFailed:
        """What a page tells about how its site can be followed."""
        answer = self._ask("survey-page", fetched, today=fetched.fetched_at.date().isoformat())
        if isinstance(answer, SandboxFailed):
            return ParseFailed(answer.outcome, answer.detail)
        if "error" in answer:
            return ParseFailed(Outcome(answer["error"]), clean_line(str(answer.get("detail", "")), 300))
        return PageSurvey(
            feeds=_addresses(answer["feeds"]),
            sitemaps=_addresses(answer["sitemaps"]),
            generator=_line(answer["generator"], 100).lower() or None,
            wall=Wall(answer["wall"]) if answer["wall"] else None,
            selectors=tuple(_line(one, 500) for one in answer["selectors"]),
        )

    def linked_feeds(self, fetched: Fetched) -> tuple[str, ...]:
        """The absolute addresses of feeds that a page links to, in document order; declared ones first."""
        answer = self._ask("linked-feeds", fetched)
        if isinstance(answer, SandboxFailed) or "error" in answer:
            return ()
        return _addresses(answer["feeds"])

    def _read(self, task: str, fetched: Fetched, now: datetime, **how: Json) -> ParsedFeed | ParseFailed:
        answer = self._ask(task, fetched, max_entries=MAX_ENTRIES, today=now.date().isoformat(), **how)
        if isinstance(answer, SandboxFailed):
            return ParseFailed(answer.outcome, answer.detail)
        if "error" in answer:
            return ParseFailed(Outcome(answer["error"]), clean_line(str(answer.get("detail", "")), 300))
        return parsed_feed(answer, fetched.final_url, now)

    def _ask(self, task: str, fetched: Fetched, **more: Json) -> dict[str, Json] | SandboxFailed:
        payload = {"url": fetched.final_url, "content_type": fetched.content_type, **more}
        return self._sandbox.run(task, payload, fetched.body)


def _is_other(result: ParsedFeed | ParseFailed) -> bool:
    return isinstance(result, ParseFailed) and result.outcome is Outcome.NOT_A_FEED


# ---------------------------------------------------------------- a child's words to ours


def parsed_feed(answer: Mapping[str, Json], url: str, now: datetime) -> ParsedFeed:
    """A child's answer, cleaned; links made absolute against `url`."""
    language = _language(answer["language"])
    read = [entry_data(entry, url, language, now) for entry in answer["entries"]]
    entries, notes = distinct(read)
    ttl = answer["ttl_min"]
    return ParsedFeed(
        kind=FeedKind(answer["kind"]),
        title=_line(answer["title"]) or None,
        language=language,
        home_page=canonical_url(answer["home_page"] or "", url),
        entries=entries,
        ttl_min=min(ttl, MAX_TTL_MIN) if ttl else None,
        notes=tuple(dict.fromkeys((*answer["notes"], *notes))),
        next_page=absolute_url(answer.get("next_page") or "", url),
        sitemaps=_members(answer.get("sitemaps") or (), url, now),
    )


def _members(sitemaps: Sequence[Mapping[str, Json]], base: str, now: datetime) -> tuple[str, ...]:
    found = ((absolute_url(one["url"], base), feed_date(one["lastmod"], now)) for one in sitemaps)
    return ranked_members((url, changed) for url, changed in found if url is not None)


def _addresses(urls: Sequence[Json]) -> tuple[str, ...]:
    found = (absolute_url(url) for url in urls if isinstance(url, str))
    return tuple(dict.fromkeys(url for url in found if url is not None))


def entry_data(entry: Mapping[str, Json], base: str, language: str | None, now: datetime) -> EntryData:
    """One entry, cleaned; its key may still be shared with another."""
    title = _line(entry["title"])
    guid = _line(entry["guid"], MAX_GUID_CHARS) or None
    link = direct_url(entry["url"] or "")
    url = canonical_url(link, base)
    summary = clean(entry["summary"] or "", MAX_SUMMARY_CHARS)
    content = clean(entry["content"] or "", MAX_CONTENT_CHARS)
    raw = _line(entry["published_raw"], 200) or None
    edition = _line(entry.get("edition") or "", 200)
    named = url and not (guid and entry.get("guid_decides"))  # the link of a message may be that of what it refers to
    read = EntryData(
        key=entry_key(guid, _with_fragment(link, base) if named else None, title or summary[:MAX_GUID_CHARS]),
        guid=guid,
        url=url,
        title=title,
        summary=summary,
        content=content,
        author=_line(entry["author"], 300) or None,
        published_raw=raw,
        published_at=_published_at(raw, entry["published_parsed"], now),
        language=_language(entry["language"]) or language,
        content_sha=_sha(title, summary, content, raw or "", *([edition] if edition else [])),
    )
    return _known_by_publisher(read) if is_opaque(url) else read


def _known_by_publisher(entry: EntryData) -> EntryData:
    """An entry of a news search whose link tells nothing: its guid goes, which only repeats the link."""
    told = attributed(entry.title, entry.summary)
    if not told.publisher:
        return entry
    return replace(
        entry,
        key=entry_key(item_key(told.publisher, told.title, entry.published_at), None, ""),
        guid=None,
        title=told.title,
        summary=told.teaser,
        author=told.publisher,
        content_sha=_sha(told.title, told.teaser, entry.content, entry.published_raw or ""),
    )


def distinct(entries: Sequence[EntryData]) -> tuple[tuple[EntryData, ...], tuple[str, ...]]:
    """Entries with keys of their own, in order, and notes on what was found.

    Entries that share a key but differ in guid or title all get a distinct key; of what repeats in full, the first
    stays.
    """
    alike: defaultdict[str, set[str]] = defaultdict(set)
    shared = {key for key, count in Counter(entry.key for entry in entries).items() if count > 1}
    for entry in entries:
        if entry.key in shared:
            alike[entry.key].add(distinct_key(entry.key, entry.guid, entry.title))
    kept: dict[str, EntryData] = {}
    for entry in entries:
        if len(alike.get(entry.key, ())) > 1:
            entry = replace(entry, key=distinct_key(entry.key, entry.guid, entry.title))  # noqa: PLW2901
        kept.setdefault(entry.key, entry)
    unique = tuple(kept.values())
    notes = [GUID_NOT_UNIQUE] if _guids_repeat(unique) else []
    if len(unique) < len(entries):
        notes.append(ENTRIES_REPEATED)
    return unique, tuple(notes)


def _guids_repeat(entries: Sequence[EntryData]) -> bool:
    by_guid: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.guid is not None:
            by_guid[entry.guid].add(entry.key)
    return any(len(keys) > 1 for keys in by_guid.values())


def _with_fragment(link: str, base: str) -> str:
    """The absolute link with the fragment as written, which may be all that tells entries apart."""
    fragment = link.partition("#")[2]
    absolute = absolute_url(link, base) or ""
    return f"{absolute}#{fragment}" if fragment else absolute


def _published_at(raw: str | None, parsed: str | None, now: datetime) -> datetime | None:
    """Our own reading first; feedparser's only of plain ASCII: for other scripts it is wrong rather than missing."""
    own = feed_date(raw, now)
    if own is not None or raw is None or not raw.isascii():
        return own
    return feed_date(parsed, now)


def _language(value: Json) -> str | None:
    """The primary subtag of a declared language."""
    primary = str(value or "").strip().replace("_", "-").partition("-")[0].lower()
    return primary if primary.isascii() and primary.isalpha() and len(primary) in {2, 3} else None


def _line(value: Json, limit: int = 1_000) -> str:
    return clean_line(value, limit) if isinstance(value, str) else ""


def _sha(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
