"""What a digest says of its own reach, so that silence can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from monitor.domain.digest_health import health_sentences
from monitor.domain.digest_lines import further_reports
from monitor.domain.model.articles import Label
from monitor.domain.model.digests import Coverage, SourceTrouble, ToldEvent
from monitor.domain.text import clean_line
from monitor.domain.wording import Wording, trouble

MAX_TROUBLES = 10  # named one by one; the rest is counted
MAX_NAME_CHARS = 80


def coverage_sentences(
    coverage: Coverage, repeated: Sequence[ToldEvent], zone: ZoneInfo, wording: Wording
) -> tuple[str, ...]:
    """Sources checked and failed, articles read, further reports on known events: one sentence each, none empty."""
    sentences = [_checked(coverage, wording)]
    if coverage.failing:
        sentences.append(_failing(coverage, zone, wording))
    if coverage.quiet:
        sentences.append(
            wording.count("{n} source is quieter than usual.", "{n} sources are quieter than usual.", coverage.quiet)
        )
    sentences.extend(health_sentences(coverage.changes, zone, wording))
    if coverage.articles:
        sentences.append(_articles(coverage, wording))
    if coverage.waiting:
        sentences.append(
            wording.count("{n} article is still to be read.", "{n} articles are still to be read.", coverage.waiting)
        )
    if repeated:
        sentences.append(_repeated(repeated, wording))
    return tuple(sentences)


def _checked(coverage: Coverage, wording: Wording) -> str:
    if coverage.sources == 0:
        return wording.say("No source is followed yet.")
    if coverage.checked >= coverage.sources:
        return wording.count("The only source was checked.", "All {n} sources were checked.", coverage.sources)
    return wording.say("Sources checked: {checked} of {all}.", checked=coverage.checked, all=coverage.sources)


def _failing(coverage: Coverage, zone: ZoneInfo, wording: Wording) -> str:
    named = [_trouble(one, zone, wording) for one in coverage.failing[:MAX_TROUBLES]]
    more = len(coverage.failing) - MAX_TROUBLES
    if more > 0:
        named.append(wording.count("{n} more source", "{n} more sources", more))
    text = named[0]
    for one in named[1:]:
        text = wording.say("{first}; {second}", first=text, second=one)
    number = len(coverage.failing)
    return wording.count("{n} is failing: {sources}.", "{n} are failing: {sources}.", number, sources=text)


def _trouble(one: SourceTrouble, zone: ZoneInfo, wording: Wording) -> str:
    source, why = clean_line(one.source_name, MAX_NAME_CHARS), wording.say(trouble(one.outcome))
    if one.since is None:
        return wording.say("{source} ({why})", source=source, why=why)
    day = wording.day(one.since.astimezone(zone).date())
    return wording.say("{source} ({why}, since {day})", source=source, why=why, day=day)


def _articles(coverage: Coverage, wording: Wording) -> str:
    numbers = dict(coverage.by_label)
    return wording.count(
        "{n} article was read: {event} with an event, {background} background, {uncertain} uncertain, "
        "{irrelevant} off the subject.",
        "{n} articles were read: {event} with an event, {background} background, {uncertain} uncertain, "
        "{irrelevant} off the subject.",
        coverage.articles,
        event=numbers.get(Label.EVENT, 0),
        background=numbers.get(Label.BACKGROUND, 0),
        uncertain=numbers.get(Label.UNCERTAIN, 0),
        irrelevant=numbers.get(Label.IRRELEVANT, 0),
    )


def _repeated(repeated: Sequence[ToldEvent], wording: Wording) -> str:
    """Known events told again are counted, never told as news."""
    reports = sum(further_reports(told) for told in repeated)
    events = wording.count("{n} known event", "{n} known events", len(repeated))
    return wording.count(
        "{n} further report on {events}, nothing new in it.",
        "{n} further reports on {events}, nothing new in them.",
        reports,
        events=events,
    )
