"""Whether an article is about a relation between places, and whether it tells an event of it: with reasons.

Two sums of weighed evidence, each turned into a score by the logistic function. The *topic* score decides relevance and
is the assessment's score; the *event* score parts event from background among what is on topic. Weights are log-odds
in steps of a tenth: +1 makes it 2.7 times as likely. They were set by hand on the development half of the labelled set
and 2,552 unrelated news articles, with these rules of thumb: a strong cue in the title is nearly enough alone; places
of two countries need an acting authority or a dealing; what a false friend covers counts against.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from monitor.domain import eventness, together
from monitor.domain.eventness import cue_spans
from monitor.domain.evidence import LOCAL_AUTHORITIES, Evidence, Passage, Zone, gather, state
from monitor.domain.learning import NOTHING_LEARNT, Adjustments
from monitor.domain.lexicon import SISTERLY, CueMatch
from monitor.domain.model.articles import ArticleForDecision, Assessment, Label, Reason
from monitor.domain.model.events import Facts
from monitor.domain.model.places import INSTITUTIONS, Mention, PlaceKind

RULES_VERSION = "2"  # raised when the same text may be judged otherwise

ON_TOPIC = 0.5
PERHAPS_ON_TOPIC = 0.4
EVENT = 0.45  # an event told as background is missed; best on 400 pages of 25 languages and on the labelled set

PRIOR = -2.6
STRONG_CUE = {Zone.TITLE: 2.8, Zone.LEAD: 2.5, Zone.BODY: 1.4}
ANOTHER_STRONG_CUE, MOST_STRONG_CUES = 0.5, 3  # for each further sentence
WEAK_CUE = {Zone.TITLE: 0.9, Zone.LEAD: 0.6, Zone.BODY: 0.2}
MOST_WEAK_CUES = 3  # sentences
NEGATIVE_CUE = {Zone.TITLE: -2.4, Zone.LEAD: -1.4, Zone.BODY: -0.7}
TWINNING_WORD = {Zone.TITLE: 1.0, Zone.LEAD: 0.4, Zone.BODY: 0.0}  # of the weak cues, those that say twinning itself
MOST_NEGATIVE_CUES = 3
OUTNUMBERED = 0.4  # share of the negative weight that stays where strong cues outnumber them and the title is clean
DOMESTIC_CUE = -0.8
STATE_ONLY = -1.0
SOURCE_ABOUT_RELATIONS = 1.0
MULTILATERAL_COUNTRIES = 4


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
    yield from together.reasons(article, evidence, facts)
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
    company = (*together.CITY_OR_PROVINCE, "background.words")
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
