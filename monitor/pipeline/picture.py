"""Gathers what is known of one partnership: a fixed number of reads, however long its story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from monitor.domain import calendar
from monitor.domain import people as offices
from monitor.domain.lexicon import Lexicon
from monitor.domain.model.activity import ArticleText, PersonInOffice, Telling
from monitor.domain.model.articles import ArticleForDecision, SourceContext
from monitor.domain.model.calendar import CalendarEntry
from monitor.domain.model.digests import ReportLink
from monitor.domain.model.events import EventStatus, KnownEvent, Person
from monitor.domain.model.partnerships import AgreementData, Expectation, PartnershipData, Stated
from monitor.domain.model.places import PlaceLookup
from monitor.domain.partnerships import StoryLink, belongs, story
from monitor.domain.picture import (
    EVENTS_READ_FOR_PEOPLE,
    REPORTS_READ_FOR_PEOPLE,
    PartnershipPicture,
    by_event,
    newest,
)
from monitor.domain.source_coverage import coverages
from monitor.domain.statements import read
from monitor.domain.wording import Wording
from monitor.ports import Archive, Gazetteer

MAX_EVENTS = 500  # of one partnership, the newest
SEEDS_LANGUAGE = "en"  # that the records of seeds are written in


@dataclass(frozen=True, slots=True)
class Picturing:
    """What is needed for it."""

    archive: Archive
    gazetteer: Gazetteer
    lexicon: Lexicon
    homes: Sequence[str]  # ids of our own places


def picture_of(key: str, today: date, picturing: Picturing) -> PartnershipPicture:
    """The partnership of that key; raises `NotFound`."""
    archive, place = picturing.archive, picturing.gazetteer.place
    partnership = archive.partnership(key)
    known = archive.partnership_events(key, MAX_EVENTS)
    links = story(partnership, known, place)
    events = [link.event for link in links]
    papers = archive.agreements(key)
    tellings = by_event(archive.tellings([one.id for one in events]))
    return PartnershipPicture(
        partnership=partnership,
        agreements=papers,
        story=links,
        tellings=tellings,
        series=archive.series_named({one.series_key for one in events if one.series_key is not None}),
        expectations=_expectations(partnership, links, archive, place),
        coverages=coverages([partnership], archive.sources(counted=False), picturing.homes, place),
        people=_people(events, tellings, picturing),
        links=archive.report_links(_cited(partnership, papers, events)),
        seeds=archive.seed_links(
            {
                one.stated_by
                for one in (*partnership.claims, *(claim for paper in papers for claim in paper.claims))
                if one.stated is Stated.SEED
            }
        ),
        today=today,
        is_cut=len(known) == MAX_EVENTS,
    )


def _expectations(
    partnership: PartnershipData, links: Sequence[StoryLink], archive: Archive, place: PlaceLookup
) -> tuple[Expectation, ...]:
    series = {link.event.series_key for link in links if link.event.series_key is not None}
    return tuple(
        one
        for one in archive.expectations(None, partnership.participants)
        if one.expected.partnership_key == partnership.key
        or (one.expected.series_key in series and belongs(one.expected.participants, partnership.participants, place))
    )


def _cited(
    partnership: PartnershipData, papers: Iterable[AgreementData], events: Iterable[KnownEvent]
) -> frozenset[int]:
    """Articles that something rests on; of events without reports the one they were learnt from."""
    claims = [*partnership.claims, *(claim for paper in papers for claim in paper.claims)]
    named = {one.article_id for one in claims} | {one.article_id for one in papers}
    return frozenset(one for one in named if one is not None) | {
        one.article_ids[0] for one in events if one.seed_key is not None and one.article_ids
    }


# ---------------------------------------------------------------- the calendar


def entries_of(today: date, wording: Wording, archive: Archive, place: PlaceLookup) -> tuple[CalendarEntry, ...]:
    """All that is, or was, to come in the window of the calendar."""
    first, last = calendar.window(today)
    return calendar.entries(archive.calendar_events(first, last), archive.expectations(), today, wording, place)


# ---------------------------------------------------------------- who's who


def _people(
    events: Sequence[KnownEvent], tellings: Mapping[str, tuple[Telling, ...]], picturing: Picturing
) -> tuple[PersonInOffice, ...]:
    """Those whom the newest reports name in an office, and whom seeds name, each as last reported."""
    happened = [one for one in reversed(events) if one.status is EventStatus.HAPPENED]
    recent = happened[:EVENTS_READ_FOR_PEOPLE]
    ids = [one.report.article_id for event in recent for one in tellings.get(event.id, ()) if not one.is_copy]
    texts = {one.article_id: one for one in picturing.archive.texts(ids[:REPORTS_READ_FOR_PEOPLE])}
    seeds = picturing.archive.seed_people({one.seed_key for one in happened if one.seed_key is not None})
    links = picturing.archive.report_links(
        {one.article_ids[0] for one in happened if one.seed_key in seeds and one.article_ids}
    )
    found: list[PersonInOffice] = []
    for event in happened:
        for telling in tellings.get(event.id, ()):
            if telling.report.article_id in texts:
                found += _named(texts[telling.report.article_id], picturing)
        link = links.get(event.article_ids[0]) if event.article_ids else None
        if event.seed_key is not None and link is not None:
            found += _of_seed(seeds.get(event.seed_key, ()), link)
    return newest(found)


def _of_seed(named: Iterable[Person], link: ReportLink) -> Iterator[PersonInOffice]:
    for one in named:
        if one.role:
            yield PersonInOffice(one.name, one.role, link, SEEDS_LANGUAGE)


def _named(text: ArticleText, picturing: Picturing) -> Iterator[PersonInOffice]:
    article = ArticleForDecision(
        url=text.report.url,
        url_key="",
        title=text.title,
        text=text.text,
        language=text.language,
        published_on=text.published_on,
        source=SourceContext(""),
        hits=(),
    )
    lexicon = picturing.lexicon
    cues = lexicon.find(article.full_text, article.language)
    account = read(article, text.mentions, cues, lexicon, picturing.gazetteer.place)
    for one in offices.people(account):
        yield PersonInOffice(one.name, one.role, text.report, text.language)
