"""What places named together say about a relation between them: a part of the topic score.

Two places of different countries in one sentence need an authority that acts or a dealing; where a town is unknown to
the gazetteer, the country beside it stands for the partner.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from monitor.domain import demonyms, eventness
from monitor.domain.eventness import cue_spans, place_spans
from monitor.domain.evidence import LOCAL_AUTHORITIES, Evidence, Passage, Zone, state
from monitor.domain.lexicon import SISTERLY, STATE, STRONG, WEAK
from monitor.domain.model.articles import ArticleForDecision, Reason
from monitor.domain.model.events import EventKind, Facts
from monitor.domain.model.places import Mention
from monitor.domain.text import fold, is_cjk

NO_RELATION_CUE = -0.4  # places alone must show a little more
PAIR = {Zone.TITLE: 1.4, Zone.LEAD: 1.1, Zone.BODY: 0.6}
PASSING_PAIR = -0.6  # in a text without any relation cue
UNATTENDED_PAIR = -0.4  # no authority in the sentence and no strong cue anywhere
SCATTERED_PAIR = 0.6  # in title and lead together, in no sentence
CAST = 0.5  # the facts cast partners of two countries in one happening
HALF_PAIR = 0.5  # a locality and another country ...
HALF_PAIR_ACTS = 1.9  # ... where the locality's authority sends or receives
STATE_CALLS = 1.0  # ... unless a state's minister or envoy is the other side
INSTITUTION_ACTS = 1.3  # ... or a university or hospital does
OFFICE_ABROAD = 1.0  # whoever holds an office of the one partner is told of beside the other, if not in one sentence
OFFICE_REACH = 14  # characters between an office and its place
ACTING_AUTHORITY = 1.1
NEARBY_AUTHORITY = 0.5
NEARBY_DEALING = 0.4  # beside a relation cue, where no places are named together
DEALING = 0.7
HAPPENING = 0.7
JOINED_PAIR = 0.8  # "the conference of A and B": what they do together stands right beside both names
JOINED_REACH, JOINED_REACH_CJK = 60, 16  # characters from the joined names to the word for it
DOMESTIC_PAIR = -0.9

DEALINGS = "cooperation.words"
CITY_OR_PROVINCE = ("authorities.city", "authorities.province")
# What two places do together, and none of them alone: the words for a dealing are too many, and told of teams as well.
SHARED_DOINGS = frozenset(
    f"kinds.{kind}"
    for kind in (
        EventKind.CONFERENCE,
        EventKind.EXCHANGE,
        EventKind.AGREEMENT_INTENT,
        EventKind.AGREEMENT_SIGNED,
        EventKind.AGREEMENT_RENEWED,
        EventKind.ACADEMIC_COOPERATION,
        EventKind.HEALTH_COOPERATION,
    )
)
# Between two names, folded: "and" or "with" of the languages we read, or a dash; perhaps "(France) and the city of".
_JOINS = re.compile(
    r"(?:['’]\w{1,4})?\s?(?:\([^()]{2,30}\)\s?)?"
    r"(?:[-/]|(?:and|&|with|et|avec|und|mit|y|e|con|com|ed|en|met|og|och|med|ja|es|si|cu|i|a|s|se|z|ze|"
    r"та|і|з|із|и|с|со|va|voi|ve|ile|dan|dengan|και|με)\s(?:\w+\s){0,3}"
    r"|(?:و|مع|ו|עם|با)\s?(?:\w+\s){0,2})\s?"
)
_JOINS_CJK = re.compile(
    r"[市省県縣州区區府都道시도군구]?(?:人民政府)?\s?(?:与|與|和|同|跟|及|と|・|·|、|-|와|과)\s?\w{0,4}"
)
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
    yield _joined(article, evidence)


def _joined(article: ArticleForDecision, evidence: Evidence) -> Reason | None:
    """Two places that one word joins, with what they do together beside them: a conference of theirs, their exchange.

    Names of cities that stand for states are joined like that as well: where a state's authority is told of, a local
    one must be.
    """
    for passage in evidence.head:
        pair = joined_pair(article.full_text, passage.localities)
        if pair is None or not _may_act_alone(evidence, passage):
            continue
        reach = _reach(passage, pair)
        beside = [
            cue
            for cue in passage.cues
            if cue.group in SHARED_DOINGS and pair[0].start - reach <= cue.start and cue.end <= pair[1].end + reach
        ]
        if beside:
            return Reason("joined-places", JOINED_PAIR, passage.zone.value, (*place_spans(pair), *cue_spans(beside)))
    return None


def _reach(passage: Passage, pair: tuple[Mention, Mention]) -> int:
    """How far from the names the word may stand: anywhere in the sentence where their authorities are its subject."""
    if passage.has(CITY_OR_PROVINCE):
        return passage.end - passage.start
    return JOINED_REACH_CJK if is_cjk(pair[0].surface) else JOINED_REACH


def joined_pair(text: str, localities: Sequence[Mention]) -> tuple[Mention, Mention] | None:
    """The first two neighbours of different countries that are joined by a conjunction, a "with" or a dash."""
    for one, other in pairwise(localities):
        if not one.country or not other.country or state(one) == state(other):
            continue
        between = fold(text[one.end : other.start])
        if _JOINS.fullmatch(between) or _JOINS_CJK.fullmatch(between):
            return one, other
    return None


def _may_act_alone(evidence: Evidence, passage: Passage) -> bool:
    if passage.has(LOCAL_AUTHORITIES) or passage.has((SISTERLY,)):
        return True
    return not any(one.has((STATE,)) for one in evidence.head)


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
            if _is_state_call(passage):
                return Reason("locality-deals-abroad", STATE_CALLS, "with a state", place_spans(abroad))
            return Reason("locality-deals-abroad", HALF_PAIR_ACTS, "", place_spans(abroad))
        if passage.has(INSTITUTION) and deals:
            return Reason("locality-deals-abroad", INSTITUTION_ACTS, "an institution", place_spans(abroad))
    return None


def _is_state_call(passage: Passage) -> bool:
    """A minister or consul of another country at the town hall: nobody of its cities is told of."""
    offices = {cue.group for cue in passage.cues if cue.group in CITY_OR_PROVINCE}
    more = (*DIPLOMATIC_KINDS[1:], WEAK, STRONG)  # a document, or a word of a relation
    return passage.has((STATE,)) and len(offices) == 1 and not passage.has(more)


def _half_pair(evidence: Evidence) -> Reason | None:
    for passage in evidence.head:
        if passage.half_pair is not None:
            return Reason("place-and-other-country", HALF_PAIR, passage.zone.value, place_spans(passage.half_pair))
    return None


def _authorities_meet(passage: Passage) -> bool:
    """Whether two holders of local offices meet in a sentence."""
    offices = [cue for cue in passage.cues if cue.group in CITY_OR_PROVINCE]
    return len(offices) > 1 and passage.has(("kinds.talks", "kinds.conference"))


def _foreign(article: ArticleForDecision, passage: Passage) -> tuple[Mention, ...]:
    """Foreign countries in a sentence whose own town is unknown to the gazetteer, or left open beside a foreign one. A
    foreign town beside its country's name or adjective ("szwedzkiego Söderhamn") is no other party than the country.
    """
    here = demonyms.home(article.language) or {article.source.country}
    told = {country.country for country in passage.countries}
    settled = [place for place in passage.localities if place.place_id and place.country not in told]
    is_open = any(place.place_id is None for place in passage.localities)
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
