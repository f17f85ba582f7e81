"""Whether an article is about a relation between places, and whether it tells an event of it: with reasons.

Two sums of weighed evidence, each turned into a score by the logistic function. The *topic* score decides relevance and
is the assessment's score; the *event* score parts event from background among what is on topic. Weights are log-odds
in steps of a tenth: +1 makes it 2.7 times as likely. They were set by hand on the development half of the labelled set
and 2,552 unrelated news articles, with these rules of thumb: a strong cue in the title is nearly enough alone; places
of two countries need an acting authority or a dealing; what a false friend covers counts against.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from monitor.domain import demonyms, eventness
from monitor.domain.eventness import cue_spans, place_spans
from monitor.domain.evidence import LOCAL_AUTHORITIES, Evidence, Passage, Zone, gather, state
from monitor.domain.learning import NOTHING_LEARNT, Adjustments
from monitor.domain.lexicon import SISTERLY, CueMatch
from monitor.domain.model.articles import ArticleForDecision, Assessment, Label, Reason
from monitor.domain.model.events import EventKind, Facts
from monitor.domain.model.places import INSTITUTIONS, Mention, PlaceKind

RULES_VERSION = "1"

ON_TOPIC = 0.5
PERHAPS_ON_TOPIC = 0.4
EVENT = 0.5

PRIOR = -2.6
STRONG_CUE = {Zone.TITLE: 2.8, Zone.LEAD: 2.5, Zone.BODY: 1.4}
ANOTHER_STRONG_CUE, MOST_STRONG_CUES = 0.5, 3  # for each further sentence
WEAK_CUE = {Zone.TITLE: 0.9, Zone.LEAD: 0.6, Zone.BODY: 0.2}
MOST_WEAK_CUES = 3  # sentences
NEGATIVE_CUE = {Zone.TITLE: -2.4, Zone.LEAD: -1.4, Zone.BODY: -0.7}
NO_RELATION_CUE = -0.4  # places alone must show a little more
TWINNING_WORD = {Zone.TITLE: 1.0, Zone.LEAD: 0.4, Zone.BODY: 0.0}  # of the weak cues, those that say twinning itself
MOST_NEGATIVE_CUES = 3
OUTNUMBERED = 0.4  # share of the negative weight that stays where strong cues outnumber them and the title is clean
PAIR = {Zone.TITLE: 1.4, Zone.LEAD: 1.1, Zone.BODY: 0.6}
PASSING_PAIR = -0.6  # in a text without any relation cue
UNATTENDED_PAIR = -0.4  # no authority in the sentence and no strong cue anywhere
SCATTERED_PAIR = 0.6  # in title and lead together, in no sentence
CAST = 0.5  # the facts cast partners of two countries in one happening
HALF_PAIR = 0.5  # a locality and another country ...
HALF_PAIR_ACTS = 1.9  # ... where the locality's authority sends or receives
OFFICE_ABROAD = 1.0  # whoever holds an office of the one partner is told of beside the other, if not in one sentence
OFFICE_REACH = 14  # characters between an office and its place
ACTING_AUTHORITY = 1.1
NEARBY_AUTHORITY = 0.5
NEARBY_DEALING = 0.4  # beside a relation cue, where no places are named together
DEALING = 0.7
HAPPENING = 0.7
DOMESTIC_PAIR = -0.9
DOMESTIC_CUE = -0.8
STATE_ONLY = -1.0
SOURCE_ABOUT_RELATIONS = 1.0
MULTILATERAL_COUNTRIES = 4

DEALINGS = "cooperation.words"
CITY_OR_PROVINCE = ("authorities.city", "authorities.province")
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


def assess(
    article: ArticleForDecision,
    mentions: Sequence[Mention],
    facts: Facts,
    cues: Sequence[CueMatch],
    learnt: Adjustments = NOTHING_LEARNT,
) -> Assessment:
    """Judge one article by what was found in it; nothing but the arguments counts. `learnt` shifts the topic score."""
    evidence = gather(article, mentions, cues)
    reasons = [reason for reason in _topic(article, evidence, facts) if reason is not None]
    reasons += learnt.reasons(article.source.key, reasons)
    topic = logistic(PRIOR + sum(reason.weight for reason in reasons))
    if topic < PERHAPS_ON_TOPIC:
        return Assessment(Label.IRRELEVANT, round(topic, 4), tuple(reasons), "none", RULES_VERSION)
    event_reasons = eventness.reasons(article, evidence, facts)
    event = logistic(eventness.PRIOR + sum(reason.weight for reason in event_reasons))
    label = Label.UNCERTAIN if topic < ON_TOPIC else Label.EVENT if event >= EVENT else Label.BACKGROUND
    told = Reason("event-score", 0.0, f"{event:.2f}, event from {EVENT:.2f}")
    argument = (*reasons, *event_reasons, told)
    return Assessment(label, round(topic, 4), argument, _scope(evidence), RULES_VERSION, round(event, 4))


def logistic(log_odds: float) -> float:
    """A probability from log-odds."""
    return 1 / (1 + math.exp(-log_odds))


# ---------------------------------------------------------------- topic


def _topic(article: ArticleForDecision, evidence: Evidence, facts: Facts) -> Iterable[Reason | None]:
    yield _strong(evidence)
    yield _weak(evidence)
    yield _twinning_word(evidence)
    yield _negative(evidence)
    yield from _places(article, evidence)
    yield _cast(evidence, facts)
    yield _office_abroad(evidence, facts)
    yield _domestic_cues(evidence)
    yield _state_only(evidence)
    if article.source.about_relations:
        yield Reason("source-about-relations", SOURCE_ABOUT_RELATIONS, f"{article.source.key} is about such relations")


def _strong(evidence: Evidence) -> Reason | None:
    cues = evidence.strong
    if not cues:
        return None
    zone = evidence.zone(cues[0].start)
    more = min(len(_passages_with(evidence, cues)) - 1, MOST_STRONG_CUES)
    return Reason("strong-cue", STRONG_CUE[zone] + more * ANOTHER_STRONG_CUE, zone.value, cue_spans(cues))


def _weak(evidence: Evidence) -> Reason | None:
    cues = evidence.weak
    if not cues:
        return None
    weights = sorted((WEAK_CUE[passage.zone] for passage in _passages_with(evidence, cues)), reverse=True)
    return Reason("weak-cue", sum(weights[:MOST_WEAK_CUES]), "", cue_spans(cues))


def _twinning_word(evidence: Evidence) -> Reason | None:
    """Of the weak cues "jumelage" says more than "memorandum", if a place, an authority or a guide is about."""
    if evidence.negative or evidence.strong:
        return None
    company = (*CITY_OR_PROVINCE, "background.words")
    if not evidence.localities and not any(passage.has(company) for passage in evidence.head):
        return None
    starts = {cue.start for cue in evidence.of(SISTERLY)}
    cues = [cue for cue in evidence.weak if any(cue.start <= start < cue.end for start in starts)]
    if not cues:
        return None
    zone = evidence.zone(cues[0].start)
    return Reason("twinning-word", TWINNING_WORD[zone], zone.value, cue_spans(cues)) if TWINNING_WORD[zone] else None


def _negative(evidence: Evidence) -> Reason | None:
    cues = evidence.negative
    if not cues:
        return None
    places = _passages_with(evidence, cues)
    weight = sum(sorted(NEGATIVE_CUE[passage.zone] for passage in places)[:MOST_NEGATIVE_CUES])
    outnumbered = len(places) < len(_passages_with(evidence, evidence.strong))
    if outnumbered and all(passage.zone is not Zone.TITLE for passage in places):
        return Reason("negative-cue", OUTNUMBERED * weight, "outnumbered", cue_spans(cues))
    return Reason("negative-cue", weight, "", cue_spans(cues))


def _places(article: ArticleForDecision, evidence: Evidence) -> Iterable[Reason | None]:
    best = max(evidence.passages, key=_acting, default=None)
    if best is None or best.pair is None:
        scattered = evidence.scattered_pair
        if scattered:
            yield Reason("places-of-two-countries", SCATTERED_PAIR, "title and lead", place_spans(scattered))
        else:
            yield _half_pair(article, evidence)
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


def _half_pair(article: ArticleForDecision, evidence: Evidence) -> Reason | None:
    for passage in evidence.head:
        abroad = passage.half_pair or _foreign(article, passage)
        if abroad and passage.has(CITY_OR_PROVINCE) and (passage.has(DIPLOMATIC_KINDS) or _authorities_meet(passage)):
            return Reason("locality-deals-abroad", HALF_PAIR_ACTS, "", place_spans(abroad))
    for passage in evidence.head:
        if passage.half_pair is not None:
            return Reason("place-and-other-country", HALF_PAIR, passage.zone.value, place_spans(passage.half_pair))
    return None


def _authorities_meet(passage: Passage) -> bool:
    """Whether two holders of local offices meet in a sentence."""
    offices = [cue for cue in passage.cues if cue.group in CITY_OR_PROVINCE]
    return len(offices) > 1 and passage.has(("kinds.talks",))


def _foreign(article: ArticleForDecision, passage: Passage) -> tuple[Mention, ...]:
    """Foreign countries in a sentence whose own town the gazetteer does not know."""
    here = demonyms.home(article.language) or {article.source.country}
    if not any(here) or any(place.place_id or place.country in here for place in passage.localities):
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
    if len(evidence.all_countries) != 1:
        return None
    names = {place.place_id: place for place in evidence.localities if place.place_id}
    if len(names) < 2:
        return None
    return Reason("domestic", DOMESTIC_PAIR, "places of one country", place_spans(names.values()))


def _domestic_cues(evidence: Evidence) -> Reason | None:
    cues = evidence.of("domestic.words")
    return Reason("domestic-cue", DOMESTIC_CUE, "", cue_spans(cues)) if cues and not evidence.strong else None


def _state_only(evidence: Evidence) -> Reason | None:
    cues = [cue for passage in evidence.head for cue in passage.cues if cue.group == "authorities.state"]
    if not cues or evidence.strong or any(passage.has(LOCAL_AUTHORITIES) for passage in evidence.head):
        return None
    return Reason("state-only", STATE_ONLY, "states deal, no local authority", cue_spans(cues))


# ---------------------------------------------------------------- scope


def _scope(evidence: Evidence) -> str:
    """How far the relation reaches, by the places named in title and lead, else anywhere."""
    named = [place for passage in evidence.head for place in passage.localities] or list(evidence.localities)
    states = {state(place) for place in named if state(place)}
    kinds = {place.kind for place in named if place.kind}
    if len(states) >= MULTILATERAL_COUNTRIES:
        return "multilateral"
    if kinds and kinds <= INSTITUTIONS:
        return "university"
    if PlaceKind.VILLAGE in kinds:
        return "village"
    is_one_country = len(states | evidence.all_countries) == 1 and len({place.place_id for place in named}) > 1
    return "domestic" if is_one_country else "international"


def _passages_with(evidence: Evidence, cues: Iterable[CueMatch]) -> list[Passage]:
    wanted = {(cue.start, cue.group) for cue in cues}
    return [passage for passage in evidence.passages if any((cue.start, cue.group) in wanted for cue in passage.cues)]
