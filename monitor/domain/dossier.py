"""The dossier of a partnership: agreements, what happened, people and what is to come, each sentence with its sources.

Nothing is summarised from texts: sentences are made of facts, and every fact names what it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from monitor.domain import agreements, claims
from monitor.domain.claim_words import FIELD_WORDS, claim_value, day_or_year, grade_word, term_word, voice_word
from monitor.domain.digest_relations import expectation_headline, reckoned_because
from monitor.domain.headline import headline
from monitor.domain.model.digests import ReportLink
from monitor.domain.model.dossiers import Dossier, DossierSection, DossierSentence, DossierSource
from monitor.domain.model.events import EXPECTED, EventStatus, KnownEvent
from monitor.domain.model.partnerships import (
    AgreementData,
    Basis,
    Claim,
    ClaimField,
    Expectation,
    PartnershipData,
    Stated,
)
from monitor.domain.model.places import PlaceLookup
from monitor.domain.months import months_after
from monitor.domain.picture import STANDING_WORDS, PartnershipPicture
from monitor.domain.text import clean_line
from monitor.domain.wording import Wording

MONTHS = 24  # that a dossier looks back, unless told otherwise
MAX_REPORTS = 3  # cited for one event
MAX_EVENTS = 120
MAX_TITLE_CHARS = 200


def since_day(today: date, since: date | None) -> date:
    """From when on a dossier tells what happened."""
    return since if since is not None else months_after(today, -MONTHS)


@dataclass(slots=True)
class _Citations:
    """Numbers sources in the order in which they are first used."""

    wording: Wording
    found: dict[str, DossierSource] = field(default_factory=dict)

    def report(self, link: ReportLink) -> int:
        """The number of an article."""
        day = self.wording.day(link.published_on) if link.published_on is not None else ""
        url = link.url if link.url.startswith(("http://", "https://")) else ""
        title = clean_line(link.title, MAX_TITLE_CHARS) or url
        return self._number(
            f"article:{link.article_id}", title, clean_line(link.source_name, MAX_TITLE_CHARS), day, url, link.language
        )

    def voice(self, stated: Stated, stated_by: str) -> int:
        """The number of what is no article: the settings, a table, a person's word."""
        return self._number(f"{stated.value}:{stated_by}", voice_word(stated, stated_by, self.wording))

    def _number(
        self, key: str, title: str, outlet: str = "", day: str = "", url: str = "", language: str | None = None
    ) -> int:
        if key not in self.found:
            self.found[key] = DossierSource(len(self.found) + 1, title, outlet, day, url, language)
        return self.found[key].number


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every part looks at."""

    picture: PartnershipPicture
    since: date
    wording: Wording
    place: PlaceLookup
    cited: _Citations


def dossier(picture: PartnershipPicture, since: date, wording: Wording, place: PlaceLookup) -> Dossier:
    """The dossier in the language of `wording`, with events from `since` on."""
    desk = _Desk(picture, since, wording, place, _Citations(wording))
    sections = (
        DossierSection("partnership", wording.say("The partnership"), tuple(_partnership(desk))),
        DossierSection(
            "agreements",
            wording.say("Agreements"),
            tuple(_agreements(desk)),
            wording.say("No agreement is known."),
        ),
        DossierSection(
            "events",
            wording.say("What happened since {day}", day=wording.day(since)),
            tuple(_events(desk)),
            wording.say("No report of anything since then was found."),
        ),
        DossierSection(
            "people",
            wording.say("Who's who, as last reported"),
            tuple(_people(desk)),
            wording.say("No report names anybody in an office."),
        ),
        DossierSection(
            "expectations",
            wording.say("What is to come"),
            tuple(_expectations(desk)),
            wording.say("Nothing is announced, and nothing can be computed."),
        ),
    )
    return Dossier(
        language=wording.language,
        title=names(picture.partnership, wording),
        subtitle=wording.say("Dossier, {day}", day=wording.day(picture.today)),
        sections=sections,
        sources_title=wording.say("Sources"),
        sources=tuple(desk.cited.found.values()),
        note=_note(desk),
    )


def names(partnership: PartnershipData, wording: Wording) -> str:
    """Its places as a heading: "Kunming–Nancy"."""
    found = sorted(map(wording.place, partnership.participants), key=str.casefold)
    if len(found) == 2:
        return wording.say("{first}–{second}", first=found[0], second=found[1])
    return wording.join(found)


def _note(desk: _Desk) -> str:
    """How far to trust it."""
    wording = desk.wording
    made = wording.say("Made from the archive on {day}; every sentence names its sources.", day=_today(desk))
    if desk.picture.is_trusted:
        return made
    doubt = wording.say("Too little is followed on one side: that something is not told here does not mean much.")
    return f"{made} {doubt}"


def _today(desk: _Desk) -> str:
    return desk.wording.day(desk.picture.today)


# ---------------------------------------------------------------- the partnership itself


def _partnership(desk: _Desk) -> Iterator[DossierSentence]:
    one, wording = desk.picture.partnership, desk.wording
    if one.since is None:
        text = wording.say("{grade}; since when is not known.", grade=_grade(one, wording))
    else:
        since = day_or_year(one.since.isoformat(), wording)
        text = wording.say("{grade}, since {day}.", grade=_grade(one, wording), day=since)
    yield DossierSentence(text, _voices(desk, one.claims, {ClaimField.GRADE, ClaimField.SINCE}, one.origin))
    if one.until is not None:
        until = day_or_year(one.until.isoformat(), wording)
        yield DossierSentence(
            wording.say("It ended: {day}.", day=until), _voices(desk, one.claims, {ClaimField.UNTIL}, one.origin)
        )
    standing = wording.say(STANDING_WORDS[desk.picture.standing])
    last = desk.picture.last_on
    if last is None:
        told = wording.say("State: {state}. No report of an event was found.", state=standing)
        yield DossierSentence(told, (desk.cited.voice(one.origin, ""),))
    else:
        latest = [event for event in desk.picture.events if _has_come(event, last)][-1:]
        told = wording.say("State: {state}; last event on {day}.", state=standing, day=wording.day(last))
        yield DossierSentence(told, tuple(number for event in latest for number in _reports(desk, event)))
    yield from _disagreements(desk, one.claims)


def _has_come(event: KnownEvent, on: date) -> bool:
    return event.when is not None and event.status is EventStatus.HAPPENED and event.when.starts_on <= on


def _grade(partnership: PartnershipData, wording: Wording) -> str:
    word = grade_word(partnership.grade, wording)
    return word[:1].upper() + word[1:]


def _voices(desk: _Desk, said: Iterable[Claim], fields: set[ClaimField], origin: Stated) -> tuple[int, ...]:
    """The sources of the claims that are believed; where none is kept, of the object itself."""
    believed = {one: claims.believed(said, one) for one in fields}
    numbers = {_voice(desk, claim) for claim in said if claim.field in fields and claim.value == believed[claim.field]}
    return tuple(sorted(numbers)) or (desk.cited.voice(origin, ""),)


def _voice(desk: _Desk, claim: Claim) -> int:
    if claim.stated is Stated.SEED and claim.stated_by in desk.picture.seeds:
        return desk.cited.report(desk.picture.seeds[claim.stated_by])
    link = desk.picture.links.get(claim.article_id or 0)
    if link is not None:
        return desk.cited.report(link)
    if claim.stated is Stated.NEWS:
        told = desk.picture.tellings.get(claim.stated_by, ())
        if told:
            return desk.cited.report(told[-1].report)
    return desk.cited.voice(claim.stated, claim.stated_by)


def _disagreements(desk: _Desk, said: Iterable[Claim]) -> Iterator[DossierSentence]:
    wording = desk.wording
    for claimed, voices in claims.conflicting(said):
        values: dict[str, list[int]] = {}
        for claim in voices:
            values.setdefault(claim_value(claim, wording), []).append(_voice(desk, claim))
        text = wording.say(
            "Sources disagree on this: {field}: {values}.",
            field=wording.say(FIELD_WORDS[claimed]),
            values=wording.join(list(values)),
        )
        yield DossierSentence(text, tuple(sorted({number for numbers in values.values() for number in numbers})))


# ---------------------------------------------------------------- agreements


def _agreements(desk: _Desk) -> Iterator[DossierSentence]:
    in_force = set(map(id, agreements.in_force(desk.picture.agreements)))
    for paper in desk.picture.agreements:
        yield DossierSentence(
            agreement_sentence(paper, id(paper) in in_force, desk.wording),
            _paper_sources(desk, paper),
        )
        yield from _disagreements(desk, paper.claims)


def agreement_sentence(paper: AgreementData, is_in_force: bool, wording: Wording) -> str:
    """What is known of one agreement."""
    title = clean_line(paper.title, MAX_TITLE_CHARS) or _capital(grade_word(paper.grade, wording))
    title = title or wording.say("Agreement")
    if paper.signed_on is not None:
        text = wording.say("{title}, signed on {day}.", title=title, day=wording.day(paper.signed_on))
    else:
        text = wording.say("{title}; the day of the signing is not known.", title=title)
    ends_on = agreements.end_of(paper)
    if paper.term_months is not None and ends_on is not None:
        term = term_word(paper.term_months, wording)
        text += " " + wording.say("It runs for {term}, until {day}.", term=term, day=wording.day(ends_on))
    elif ends_on is not None:
        text += " " + wording.say("It runs until {day}.", day=wording.day(ends_on))
    if not is_in_force:
        text += " " + wording.say("A later agreement took its place.")
    return text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _paper_sources(desk: _Desk, paper: AgreementData) -> tuple[int, ...]:
    links = [desk.picture.links.get(paper.article_id or 0)]
    links += [one.report for one in desk.picture.tellings.get(paper.event_id or "", ())[:MAX_REPORTS]]
    numbers = {desk.cited.report(one) for one in links if one is not None}
    numbers |= {_voice(desk, one) for one in paper.claims if one.stated is not Stated.NEWS}
    return tuple(sorted(numbers)) or (desk.cited.voice(paper.origin, ""),)


# ---------------------------------------------------------------- events, people, what is to come


def _events(desk: _Desk) -> Iterator[DossierSentence]:
    """Newest first; what was only announced and never reported stands under what is to come, or nowhere."""
    told = [one for one in desk.picture.events if _is_told(one, desk)]
    for event in told[::-1][:MAX_EVENTS]:
        yield DossierSentence(headline(event, desk.wording, desk.place), _reports(desk, event))


def _is_told(event: KnownEvent, desk: _Desk) -> bool:
    if event.when is None or event.status in EXPECTED:
        return False
    return event.when.ends_on >= desk.since and event.when.starts_on <= desk.picture.today


def _reports(desk: _Desk, event: KnownEvent) -> tuple[int, ...]:
    """Official reports first, then those in the reader's language; of a seed the document itself."""
    told = [one for one in desk.picture.tellings.get(event.id, ()) if not one.is_copy]
    ranked = sorted(told, key=lambda one: (-(one.trust or 0), one.report.language != desk.wording.language))
    numbers = [desk.cited.report(one.report) for one in ranked[:MAX_REPORTS]]
    if not numbers and event.article_ids:
        link = desk.picture.links.get(event.article_ids[0])
        numbers = [desk.cited.report(link)] if link is not None else []
    return tuple(sorted(numbers)) or (_of_nobody(desk, event),)


def _of_nobody(desk: _Desk, event: KnownEvent) -> int:
    return desk.cited.voice(Stated.SEED if event.seed_key else Stated.HAND, event.seed_key or "")


def _people(desk: _Desk) -> Iterator[DossierSentence]:
    for one in desk.picture.people:
        day = one.report.published_on
        yield DossierSentence(
            desk.wording.say("(reported on {day})", day=desk.wording.day(day)) if day is not None else "",
            (desk.cited.report(one.report),),
            lead=clean_line(one.name, MAX_TITLE_CHARS),
            quoted=clean_line(one.office, MAX_TITLE_CHARS),
            quoted_language=one.language,
        )


def _expectations(desk: _Desk) -> Iterator[DossierSentence]:
    for event in sorted(desk.picture.announced, key=_begins):
        yield DossierSentence(headline(event, desk.wording, desk.place), _reports(desk, event))
    for one in desk.picture.open_expectations:
        text = expectation_headline(one, desk.wording, desk.place)
        why = " ".join(reckoned_because(one, desk.wording))
        yield DossierSentence(f"{text}. {why}", _basis(desk, one))


def _begins(event: KnownEvent) -> tuple[date, str]:
    return (event.when.starts_on if event.when is not None else date.max, event.id)


def _basis(desk: _Desk, expectation: Expectation) -> tuple[int, ...]:
    """What it was reckoned from: the beginning of the partnership, an agreement, the last edition of a series."""
    picture, expected = desk.picture, expectation.expected
    if expected.basis is Basis.ANNIVERSARY:
        return _voices(desk, picture.partnership.claims, {ClaimField.SINCE}, picture.partnership.origin)
    if expected.basis is Basis.TERM:
        key = expected.key.removeprefix(f"term:{expected.partnership_key}:")
        return tuple(
            number for paper in picture.agreements if paper.key == key for number in _paper_sources(desk, paper)
        )
    editions: Sequence[KnownEvent] = [one for one in picture.events if one.series_key == expected.series_key]
    return _reports(desk, editions[-1]) if editions else ()
