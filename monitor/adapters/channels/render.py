"""Turn a digest into the messages of each channel. Templates lay out and escape; they never decide."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import css_inline
import jinja2

from monitor.adapters.channels.view import DigestPage, LineView, ReportView, cut, page_of
from monitor.domain.model.digests import Digest, DigestLine, RenderedPart
from monitor.domain.text import clean_line
from monitor.domain.wording import Wording

WordingOf = Callable[[str], Wording]

MAX_HTML_BYTES = 100_000  # Gmail clips at 102 KB
KEEP_AT_LEAST = 0.85  # of the items at each step of cutting

MAX_BLOCKS = 40  # Slack takes 50 ...
MAX_BLOCK_CHARS = 10_000  # ... and an undocumented total of about 13,200 characters (slackapi/bolt-js#2509)
MAX_SECTION_CHARS = 3_000
MAX_HEADER_CHARS = 150
MAX_FALLBACK_CHARS = 3_000
MAX_PARTS = 10  # faults E17
MAX_SLACK_REPORTS = 3


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("monitor.adapters.channels"),
        autoescape=jinja2.select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _text(page: DigestPage) -> str:
    return _templates().get_template("digest.txt.j2").render(page=page).strip() + "\n"


class ConsoleRenderer:
    """Plain text for a terminal."""

    def __init__(self, wording: WordingOf) -> None:
        self._wording = wording

    def render(self, digest: Digest) -> tuple[RenderedPart, ...]:
        """One part."""
        page = page_of(digest, self._wording(digest.language))
        return (RenderedPart(page.subject, _text(page)),)


class EmailRenderer:
    """Text and HTML with its style inline; the HTML stays below what mail programs clip, the text is whole."""

    def __init__(self, wording: WordingOf) -> None:
        self._wording = wording
        # The one rule for dark screens cannot be inlined and stays in the head.
        self._inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)

    def render(self, digest: Digest) -> tuple[RenderedPart, ...]:
        """One part."""
        wording = self._wording(digest.language)
        page = page_of(digest, wording)
        keep = page.lines
        html = self._html(page)
        while len(html.encode()) > MAX_HTML_BYTES and keep:
            keep = int(keep * KEEP_AT_LEAST)
            html = self._html(cut(page, keep, wording))
        return (RenderedPart(page.subject, _text(page), html=html),)

    def _html(self, page: DigestPage) -> str:
        return self._inliner.inline(_templates().get_template("digest.html.j2").render(page=page))


# ---------------------------------------------------------------- Slack

Block = dict[str, Any]  # what Block Kit calls a block; built here, serialised here


class SlackRenderer:
    """Block Kit messages, as many as Slack's limits ask for."""

    def __init__(self, wording: WordingOf) -> None:
        self._wording = wording

    def render(self, digest: Digest) -> tuple[RenderedPart, ...]:
        """Parts in order; "(2/3)" in their subjects."""
        wording = self._wording(digest.language)
        page = page_of(digest, wording)
        keep = page.lines
        parts = _packed(page)
        while len(parts) > MAX_PARTS and keep:
            keep = int(keep * KEEP_AT_LEAST)
            parts = _packed(cut(page, keep, wording))
        total = len(parts)
        return tuple(_part(page, blocks, number, total) for number, blocks in enumerate(parts, start=1))


def _part(page: DigestPage, blocks: list[Block], number: int, total: int) -> RenderedPart:
    subject = page.subject if total == 1 else f"{clean_line(page.subject, MAX_HEADER_CHARS - 10)} ({number}/{total})"
    shown = [_header(subject), *blocks]
    fallback = [escaped(subject), *(block["text"]["text"].partition("\n")[0] for block in blocks if "text" in block)]
    return RenderedPart(
        subject=subject,
        text=_joined(fallback, MAX_FALLBACK_CHARS),
        blocks=json.dumps(shown, ensure_ascii=False),
    )


def _packed(page: DigestPage) -> list[list[Block]]:
    """Blocks shared out to messages, split between items; a section's title stays with its first item."""
    parts: list[list[Block]] = [[]]
    used = MAX_HEADER_CHARS
    for group in _groups(page):
        size = sum(len(json.dumps(block, ensure_ascii=False)) for block in group)
        if parts[-1] and (len(parts[-1]) + len(group) >= MAX_BLOCKS or used + size > MAX_BLOCK_CHARS):
            parts.append([])
            used = MAX_HEADER_CHARS
        parts[-1].extend(group)
        used += size
    return parts


def _groups(page: DigestPage) -> Iterator[list[Block]]:
    """Blocks that stay together."""
    yield [_section(escaped(page.intro))]
    for section in page.sections:
        title: list[Block] = [{"type": "divider"}, _section(f"*{escaped(section.title)}*")]
        for line in section.lines:
            yield [*title, _section(_item(line))]
            title = []
    if page.cut_note:
        yield [_section(f"_{escaped(page.cut_note)}_")]
    coverage = [f"*{escaped(page.coverage_title)}*", *(escaped(sentence) for sentence in page.coverage)]
    yield [{"type": "divider"}, _section(_joined(coverage, MAX_SECTION_CHARS))]


def _item(line: LineView) -> str:
    pieces = [f"*{escaped(line.headline)}*", *(escaped(detail) for detail in line.details)]
    pieces.extend(f"• {_link(report)}" for report in line.reports[:MAX_SLACK_REPORTS])
    if len(line.reports) > MAX_SLACK_REPORTS:
        pieces.append(f"+{len(line.reports) - MAX_SLACK_REPORTS}")
    return _joined(pieces, MAX_SECTION_CHARS)


def _link(report: ReportView) -> str:
    """The link's text is ours to escape; "|" ends the address, so none may stay in it."""
    label = escaped(f" — {report.label}")
    if report.url is None:
        return escaped(report.title) + label
    return f"<{escaped(report.url.replace('|', '%7C'))}|{escaped(report.title)}>{label}"


def _joined(pieces: list[str], limit: int) -> str:
    """Whole pieces while they fit: half an entity or half a link would be shown as rubbish."""
    text = ""
    for piece in pieces:
        longer = f"{text}\n{piece}" if text else piece
        if len(longer) <= limit:
            text = longer
    return text


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _header(text: str) -> Block:
    return {
        "type": "header",
        "text": {"type": "plain_text", "text": clean_line(text, MAX_HEADER_CHARS), "emoji": False},
    }


def escaped(text: str) -> str:
    """As Slack asks: these three and nothing else."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# ---------------------------------------------------------------- webhook


class WebhookRenderer:
    """The digest as data, described in `webhook`, beside its text."""

    def __init__(self, wording: WordingOf) -> None:
        self._wording = wording

    def render(self, digest: Digest) -> tuple[RenderedPart, ...]:
        """One part."""
        page = page_of(digest, self._wording(digest.language))
        told = {
            "version": 1,
            "subscription": digest.subscription_key,
            "language": digest.language,
            "subject": page.subject,
            "composed_at": f"{digest.composed_at:%Y-%m-%dT%H:%M:%SZ}",
            "intro": page.intro,
            "events": [
                _told(section.key, line, shown)
                for section, laid_out in zip(digest.sections, page.sections, strict=True)
                for line, shown in zip(section.lines, laid_out.lines, strict=True)
            ],
            "coverage": list(page.coverage),
        }
        return (RenderedPart(page.subject, _text(page), blocks=json.dumps(told, ensure_ascii=False)),)


def _told(section: str, line: DigestLine, shown: LineView) -> dict[str, Any]:
    when = line.when
    return {
        "section": section,
        "id": line.event_id,
        "headline": shown.headline,
        "details": list(shown.details),
        "when": None
        if when is None
        else {
            "from": when.starts_on.isoformat(),
            "to": when.ends_on.isoformat(),
            "precision": when.precision.value,
        },
        "links": [
            {
                "title": view.title,
                "url": view.url,
                "source": clean_line(report.source_name),
                "language": report.language,
                "date": report.published_on.isoformat() if report.published_on else None,
            }
            for report, view in zip(line.reports, shown.reports, strict=True)
        ],
    }
