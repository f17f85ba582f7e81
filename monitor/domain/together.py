"""What places named together say about a relation between them: a part of the topic score.

Two places of different countries in one sentence need an authority that acts or a dealing; where a town is unknown to
the gazetteer, the country beside it stands for the partner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from monitor.domain import demonyms, eventness
from monitor.domain.eventness import cue_spans, place_spans
from monitor.domain.evidence import LOCAL_AUTHORITIES, Evidence, Passage, Zone, state
from monitor.domain.model.articles import ArticleForDecision, Reason
from monitor.domain.model.events import EventKind, Facts
from monitor.domain.model.places import Mention

NO_RELATION_CUE = -0.4  # places alone must show a little more
PAIR = {Zone.TITLE: 1.4, Zone.LEAD: 1.1, Zone.BODY: 0.6}
PASSING_PAIR = -0.6  # in a text without any relation cue
UNATTENDED_PAIR = -0.4  # no authority in the sentence and no strong cue anywhere
SCATTERED_PAIR = 0.6  # in title and lead together, in no sentence
CAST = 0.5  # the facts cast partners of two countries in one happening
HALF_PAIR = 0.5  # a locality and another country ...
HALF_PAIR_ACTS = 1.9  # ... where the locality's authority sends or receives
INSTITUTION_ACTS = 1.3  # ... or a university or hospital does
OFFICE_ABROAD = 1.0  # whoever holds an office of the one partner is told of beside the other, if not in one sentence
OFFICE_REACH = 14  # characters between an office and its place
ACTING_AUTHORITY = 1.1
NEARBY_AUTHORITY = 0.5
NEARBY_DEALING = 0.4  # beside a relation cue, where no places are named together
DEALING = 0.7
HAPPENING = 0.7
DOMESTIC_PAIR = -0.9

DEALINGS = "cooperation.words"
CITY_OR_PROVINCE = ("authorities.city", "authorities.province")
INSTITUTION = ("authorities.university", "authorities.hospital")
# Happenings that take two; praise, protest and appointments are told of anybody.
MUTUAL_KINDS = eventness.HAPPENING_KINDS - {"kinds.statement", "kinds.award", "kinds.appointment"}
CAST_KINDS = frozenset(
    {
        EventKind.AGREEMENT_INTENT,
        EventKind.AGREEMENT_SIGNED,
        EventKind.AGREEMENT_RENEWED,
        EventKind.AGREEMENT_ENDED,
        EventKind.DELEGATION_VISIT,
        EventKind.TALKS,
    }
)
DIPLOMATIC_KINDS = (
    "kinds.delegation_visit",
    "kinds.agreement_intent",
    "kinds.agreement_signed",
    "kinds.agreement_renewed",
)


def reasons(article: ArticleForDecision, evidence: Evidence, facts: Facts) -> Iterable[Reason | None]:
    """What speaks for and against, each with its weight in log-odds; None for what does not apply."""
    yield from _places(article, evidence)
    yield _cast(evidence, facts)
    yield _office_abroad(evidence, facts)


def _places(article: ArticleForDecision, evidence: Evidence) -> Iterable[Reason | None]:
    best = max(evidence.passages, key=_acting, default=None)
    if best is None or best.pair is None:
        scattered = evidence.scattered_pair
        acts = _deals_abroad(article, evidence)
        if scattered:
            yield Reason("places-of-two-countries", SCATTERED_PAIR, "title and lead", place_spans(scattered))
        yield acts or (None if scattered else _half_pair(evidence))
        yield _nearby(evidence)
        yield _dealing_nearby(evidence)
        yield _domestic_pair(evidence)
        return
    yield Reason("places-of-two-countries", PAIR[best.zone], best.zone.value, place_spans(best.pair))
    if not evidence.strong and not evidence.weak:
        yield Reason("no-relation-cue", NO_RELATION_CUE)
        yield _passing(evidence, best)
    authorities = [cue for cue in best.cues if cue.group in LOCAL_AUTHORITIES]
    if authorities:
        yield Reason("authority-acts", ACTING_AUTHORITY, "", cue_spans(authorities))
    else:
        yield _nearby(evidence)
        yield _unattended(evidence, best)
    dealings = [cue for cue in best.cues if cue.group == DEALINGS]
    if dealings:
        yield Reason("cooperation", DEALING, "", cue_spans(dealings))
    happenings = [cue for cue in best.cues if cue.group in MUTUAL_KINDS]
    if happenings:
        yield Reason("happening-between-them", HAPPENING, "", cue_spans(happenings))


def _acting(passage: Passage) -> float:
    """How much a sentence lets places of two countries act; 0: there are none."""
    if passage.pair is None:
        return 0.0
    return (
        PAIR[passage.zone]
        + ACTING_AUTHORITY * passage.has(LOCAL_AUTHORITIES)
        + DEALING * passage.has((DEALINGS,))
        + HAPPENING * passage.has(MUTUAL_KINDS)
    )


def _deals_abroad(article: ArticleForDecision, evidence: Evidence) -> Reason | None:
    """An authority that sends to another country, receives from there or signs with it, whatever its own place is."""
    for passage in evidence.head:
        abroad = passage.half_pair or _foreign(article, passage)
        if not abroad:
            continue
        deals = passage.has(DIPLOMATIC_KINDS)
        if passage.has(CITY_OR_PROVINCE) and (deals or _authorities_meet(passage)):
            return Reason("locality-deals-abroad", HALF_PAIR_ACTS, "", place_spans(abroad))
        if passage.has(INSTITUTION) and deals:
            return Reason("locality-deals-abroad", INSTITUTION_ACTS, "an institution", place_spans(abroad))
    return None


def _half_pair(evidence: Evidence) -> Reason | None:
    for passage in evidence.head:
        if passage.half_pair is not None:
            return Reason("place-and-other-country", HALF_PAIR, passage.zone.value, place_spans(passage.half_pair))
    return None


def _authorities_meet(passage: Passage) -> bool:
    """Whether two holders of local offices meet in a sentence."""
    offices = [cue for cue in passage.cues if cue.group in CITY_OR_PROVINCE]
    return len(offices) > 1 and passage.has(("kinds.talks",))


def _foreign(article: ArticleForDecision, passage: Passage) -> tuple[Mention, ...]:
    """Foreign countries in a sentence whose own town is unknown to the gazetteer, or left open beside a foreign one."""
    here = demonyms.home(article.language) or {article.source.country}
    settled = [place for place in passage.localities if place.place_id]
    is_open = len(settled) < len(passage.localities)
    if not any(here) or any(place.country in here for place in passage.localities) or (settled and not is_open):
        return ()
    return tuple(country for country in passage.countries if country.country not in here)


def _passing(evidence: Evidence, best: Passage) -> Reason | None:
    """Places of two countries named once in a text on something else: what it is about, it names again."""
    if best.pair is None:
        return None
    named = Counter(state(place) for place in evidence.localities)
    named.update(state(place) for place in evidence.localities if evidence.zone(place.start) is Zone.TITLE)
    if sum(times > 1 for country, times in named.items() if country) > 1:
        return None
    return Reason("named-in-passing", PASSING_PAIR, "", place_spans(best.pair))


def _unattended(evidence: Evidence, best: Passage) -> Reason | None:
    """Without an authority of a place, names of cities may stand for states ("Ankara and Moscow agreed") or teams."""
    if evidence.strong or best.pair is None:
        return None
    return Reason("no-authority-with-them", UNATTENDED_PAIR, "", place_spans(best.pair))


def _nearby(evidence: Evidence) -> Reason | None:
    found = [cue for passage in evidence.head for cue in passage.cues if cue.group in LOCAL_AUTHORITIES]
    return Reason("authority-named", NEARBY_AUTHORITY, "", cue_spans(found)) if found else None


def _dealing_nearby(evidence: Evidence) -> Reason | None:
    if not evidence.strong and not evidence.weak:
        return None
    found = [cue for passage in evidence.head for cue in passage.cues if cue.group == DEALINGS]
    return Reason("cooperation-named", NEARBY_DEALING, "", cue_spans(found)) if found else None


def _cast(evidence: Evidence, facts: Facts) -> Reason | None:
    """Partners that the facts saw act together, where an authority of a place is about."""
    main = facts.main
    if main is None or len(main.participants) < 2 or len(main.countries) < 2 or main.kinds[0] not in CAST_KINDS:
        return None
    if not any(passage.has(LOCAL_AUTHORITIES) for passage in evidence.head):
        return None
    return Reason("partners-in-happening", CAST, f"{main.kinds[0]}: {', '.join(sorted(main.participants)[:5])}")


def _office_abroad(evidence: Evidence, facts: Facts) -> Reason | None:
    """A mayor of one partner in a report whose title names the other, or the other way round."""
    main = facts.main
    if main is None or main.kinds[0] not in CAST_KINDS or any(passage.pair is not None for passage in evidence.head):
        return None
    for passage in evidence.head:
        for place in passage.localities:
            others = [other for other in evidence.localities if other.place_id in main.participants]
            if place.place_id not in main.participants or not any(
                state(other) != state(place) and Zone.TITLE in (evidence.zone(other.start), passage.zone)
                for other in others
            ):
                continue
            offices = [cue for cue in passage.cues if cue.group in CITY_OR_PROVINCE]
            if any(0 <= place.start - cue.end <= OFFICE_REACH for cue in offices):
                return Reason("office-abroad", OFFICE_ABROAD, "", place_spans((place,)))
    return None


def _domestic_pair(evidence: Evidence) -> Reason | None:
    if evidence.strong or any(evidence.zone(cue.start) is Zone.TITLE for cue in evidence.weak):
        return None
    if len(evidence.all_countries) != 1 or any(not place.country for place in evidence.localities):
        return None
    names = {place.place_id: place for place in evidence.localities if place.place_id}
    if len(names) < 2:
        return None
    return Reason("domestic", DOMESTIC_PAIR, "places of one country", place_spans(names.values()))
