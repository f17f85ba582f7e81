"""Independent reports told from copies of one text, and whether an end of a relation is believed.

Ten papers that print one agency's text are one report. What counts as one voice: near copies of one text; texts that
credit the same agency; texts that tell what a press release says; everything of one publishing house. In doubt reports
are taken for dependent: a rumour believed too early does harm, one believed a day later hardly any.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from monitor.domain import aggregators, publishers
from monitor.domain.attribution import attribution
from monitor.domain.model.events import EventKind, EventOrigin, EventStatus, KnownEvent, Role
from monitor.domain.model.places import PlaceLookup
from monitor.domain.model.reports import ReportGroup, ReportOrigin, Standing
from monitor.domain.places import covers
from monitor.domain.text import fold

OFFICIAL = 2  # `trust` of a source that speaks for a place
OFFICIALLY, INDEPENDENTLY = "official", "independent"  # how an event came to be believed, in the event-change log
INDEPENDENT_REPORTS = 2  # design section 6: so many make an end believed without an official source

_TELLS = frozenset({Role.REPORT, Role.COPY, Role.SEED})  # what only announces it in passing attests nothing
RELEASE = "release"


def independent_reports(reports: Iterable[ReportOrigin]) -> tuple[ReportGroup, ...]:
    """The voices on an event in the order in which they were first heard.

    Texts are first tied to their near copies. The agency that any of them credits is then the voice of all, else the
    release, else the house of the first one; what has the same voice is one group. A house that prints an agency and
    writes itself is two voices.
    """
    telling = sorted((one for one in reports if one.role in _TELLS), key=lambda one: one.article_id)
    by_voice: dict[str, list[ReportOrigin]] = {}
    for texts in _alike(telling):
        by_voice.setdefault(_voice(texts), []).extend(texts)
    groups = [_group(voice, members) for voice, members in by_voice.items()]
    return tuple(sorted(groups, key=lambda group: group.article_ids[0]))


def _group(voice: str, members: Sequence[ReportOrigin]) -> ReportGroup:
    ordered = sorted(members, key=lambda one: one.article_id)
    names = dict.fromkeys(one.source_name for one in ordered if one.source_name)
    return ReportGroup(voice, tuple(one.article_id for one in ordered), tuple(names))


def _voice(texts: Sequence[ReportOrigin]) -> str:
    """Who speaks in texts that are copies of each other, the oldest first."""
    agencies = Counter(one.agency for one in texts if one.agency is not None)
    if agencies:
        return f"agency:{agencies.most_common(1)[0][0]}"
    if any(one.is_release for one in texts):
        return RELEASE
    first = texts[0]
    return f"publisher:{first.publisher or first.article_id}"


def _alike(reports: Sequence[ReportOrigin]) -> list[list[ReportOrigin]]:
    """The reports in lists of copies of one text; what copies a copy copies the original."""
    root = {one.article_id: one.article_id for one in reports}

    def find(article_id: int) -> int:
        while root[article_id] != article_id:
            article_id = root[article_id]
        return article_id

    first_of: dict[int, int] = {}  # the first copy of a text that itself is not among these
    for one in reports:
        if one.copy_of_id is not None:
            original = one.copy_of_id if one.copy_of_id in root else first_of.setdefault(one.copy_of_id, one.article_id)
            root[find(one.article_id)] = find(original)
    alike: dict[int, list[ReportOrigin]] = {}
    for one in reports:
        alike.setdefault(find(one.article_id), []).append(one)
    return list(alike.values())


# ---------------------------------------------------------------- where a report comes from


def report_origin(
    article_id: int,
    role: Role,
    url: str,
    text: str,
    *,
    author: str | None = None,
    site_name: str | None = None,
    source_name: str = "",
    trust: int = 1,
    place_id: str | None = None,
    copy_of_id: int | None = None,
) -> ReportOrigin:
    """Where an article comes from, by its address and by what its text says of itself."""
    domain = publishers.domain_of(url)
    said = attribution(text, author)
    if domain is None or aggregators.is_opaque(url):  # a news search that hides the publisher's address
        publisher = fold(site_name or author or source_name)
    else:
        publisher = publishers.house_of(domain)
    return ReportOrigin(
        article_id=article_id,
        role=role,
        publisher=publisher,
        source_name=source_name or site_name or domain or "",
        trust=trust,
        place_id=place_id,
        agency=(publishers.agency_at(domain) if domain is not None else None) or said.agency,
        is_release=said.is_release,
        copy_of_id=copy_of_id,
    )


# ---------------------------------------------------------------- is the end believed?


def needs_confirmation(kinds: Sequence[EventKind], status: EventStatus) -> bool:
    """Whether an event ends a relation or threatens to: a rumour of it does harm."""
    return status is EventStatus.THREATENED or EventKind.AGREEMENT_ENDED in kinds


def standing(event: KnownEvent, reports: Iterable[ReportOrigin], place: PlaceLookup) -> Standing:
    """How well an event is attested. An end or a threat is believed by an official source of a participant or by two
    independent reports; one that a person or a seed told, and everything else, at once.
    """
    reports = tuple(reports)
    groups = independent_reports(reports)
    official = next((one.source_name for one in reports if is_official(one, event.participants, place)), None)
    needs = needs_confirmation(event.kinds, event.status) and event.origin not in (EventOrigin.SEED, EventOrigin.HAND)
    is_confirmed = not needs or official is not None or len(groups) >= INDEPENDENT_REPORTS
    return Standing(groups, official, needs, is_confirmed)


def is_official(report: ReportOrigin, participants: frozenset[str], place: PlaceLookup) -> bool:
    """Whether a participant speaks itself: its own site, that of its university, or of the province or state it
    lies in. A copy on such a site is the participant's word as well. An official source whose place is not known is
    believed.
    """
    if report.trust < OFFICIAL or report.role not in _TELLS:
        return False
    if report.place_id is None or report.place_id in participants:
        return True
    speaker = place(report.place_id)
    return speaker is not None and any(
        covers(speaker, one, place) or speaker.seat_id == one.id for one in map(place, participants) if one is not None
    )
