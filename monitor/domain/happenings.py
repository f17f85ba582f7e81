"""What kind of thing happened, and whether it has happened yet.

The head of an article (title and first sentences) tells the event; what follows is history, speeches and other
articles. Weights, here and in the modules beside, were set by hand on general grounds and are guarded by
tests/domain/test_facts.py and the floors of the evaluation.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from monitor.domain.lexicon import CueMatch
from monitor.domain.model.events import EventKind, EventStatus
from monitor.domain.statements import Account, Statement
from monitor.domain.text import fold, is_cjk

TITLE_WEIGHT = 2.0
LEAD_WEIGHTS = (1.0, 0.9, 0.6, 0.5)  # of the first sentences; titles count double
LATER_WEIGHT = 0.2
LATER_STATEMENTS = 12  # beyond the head that still say something about kinds
MULTIWORD_CUE = 1.2  # "signing ceremony" is surer than "sign"
TOPIC_WEIGHT = 0.5  # a university in the text makes no academic event
RARE_WEIGHT = 1.3  # an end or renewal is told with the words of the agreement beside it
OPERATOR_REACH = 50  # characters
KIND_SHARE = 0.35  # of the main kind's weight that another kind must reach to be told too
MOST_KINDS = 4

# What people do; the others only say in which field.
_TOPICS = frozenset(
    {
        EventKind.ACADEMIC_COOPERATION,
        EventKind.HEALTH_COOPERATION,
        EventKind.ECONOMIC,
        EventKind.INFRASTRUCTURE_LINK,
        EventKind.EXCHANGE,
    }
)
_RARE = frozenset({EventKind.AGREEMENT_ENDED, EventKind.AGREEMENT_RENEWED})
_OPERATORS = frozenset({"kinds.agreement_intent", "kinds.agreement_ended", "kinds.agreement_renewed"})
_VERB_LAST = frozenset({"ja", "ko", "tr", "de", "nl"})
# Of two kinds told equally strongly the rarer and more consequential one is the news.
_PRIORITY = (
    EventKind.AGREEMENT_ENDED,
    EventKind.AGREEMENT_RENEWED,
    EventKind.AGREEMENT_SIGNED,
    EventKind.AGREEMENT_INTENT,
    EventKind.CONFERENCE,
    EventKind.AWARD,
    EventKind.AID,
    EventKind.ANNIVERSARY,
    EventKind.DELEGATION_VISIT,
    EventKind.TALKS,
    EventKind.INFRASTRUCTURE_LINK,
    EventKind.EXCHANGE,
    EventKind.PROGRAMME_REPORT,
    EventKind.ECONOMIC,
    EventKind.ACADEMIC_COOPERATION,
    EventKind.HEALTH_COOPERATION,
    EventKind.APPOINTMENT,
    EventKind.STATEMENT,
)
_BY_VALUE = {kind.value: kind for kind in EventKind}


def weights(account: Account) -> Mapping[int, float]:
    """How much each statement of the head counts, by number."""
    weighed: dict[int, float] = {}
    lead = 0
    for one in account.head:
        if one.is_title:
            weighed[one.number] = TITLE_WEIGHT
        else:
            weighed[one.number] = LEAD_WEIGHTS[lead]
            lead += 1
    return weighed


# ---------------------------------------------------------------- kinds


def kinds(account: Account) -> tuple[EventKind, ...]:
    """The kinds of the main happening, main kind first; empty where nothing happens."""
    weighed = weights(account)
    scores: defaultdict[EventKind, float] = defaultdict(float)
    read: set[str] = set()
    for one in account.statements[: len(account.head) + LATER_STATEMENTS]:
        if one.text in read:
            continue  # a title that the page repeats, a caption
        read.add(one.text)
        weight = weighed.get(one.number, 0.0 if one.is_history else LATER_WEIGHT)
        for kind, strength in _kinds_in(one).items():
            scores[kind] += weight * strength
    return _ranked(scores)


def kinds_of(statement: Statement) -> tuple[EventKind, ...]:
    """The kinds of one sentence."""
    return _ranked(_kinds_in(statement))


def _kinds_in(statement: Statement) -> dict[EventKind, float]:
    """How strongly each kind is said, a cue inside a longer one ("approves signing") left out."""
    found: dict[EventKind, float] = {}
    cues = statement.of("kinds.")
    for cue in cues:
        if any(_covers(other, cue) or _governs(other, cue) for other in cues):
            continue
        kind = _BY_VALUE.get(cue.group.removeprefix("kinds."))
        if kind is None:
            continue
        strength = MULTIWORD_CUE if _is_long(cue.surface) else 1.0
        strength *= TOPIC_WEIGHT if kind in _TOPICS else RARE_WEIGHT if kind in _RARE else 1.0
        found[kind] = max(found.get(kind, 0.0), strength)
    return found


def _covers(other: CueMatch, cue: CueMatch) -> bool:
    is_longer = other.end - other.start > cue.end - cue.start
    return is_longer and other.start <= cue.start and cue.end <= other.end


# Documents that only say what is meant, in the folded spelling of our languages.
_INTENT = re.compile(
    "intent|intenzion|intencion|intenco|absicht|намерен|намір|намер|intencyjn|意向|의향|niyet|zamer|szandek|namjer|"
    "namer|avsikt|hensigt|intensjon|aiesopimu|προθεσ|כוונות|نوايا|النوايا|ghi nho ve y dinh|y dinh thu"
)


def _governs(other: CueMatch, cue: CueMatch) -> bool:
    """Whether what is signed is only the object of what is meant: "approves signing of", "terminates the agreement",
    "signed a letter of intent".
    """
    if other.group not in _OPERATORS or cue.group != "kinds.agreement_signed":
        return False
    is_intent = other.group == "kinds.agreement_intent" and _INTENT.search(fold(other.surface)) is not None
    if is_intent and abs(other.start - cue.start) <= OPERATOR_REACH:
        return True
    gap = other.start - cue.end  # below 0 where both share a word: "提携を" and "提携を承認"
    if (
        other.language in _VERB_LAST
        and cue.start < other.start
        and other.start - other.end <= gap <= OPERATOR_REACH // 2
    ):
        return True
    return other.start <= cue.start <= other.end + OPERATOR_REACH


def _is_long(surface: str) -> bool:
    return len(surface) >= 4 if is_cjk(surface) else " " in surface


def _ranked(scores: Mapping[EventKind, float]) -> tuple[EventKind, ...]:
    ranked = sorted(scores, key=lambda kind: (-round(scores[kind], 2), _PRIORITY.index(kind)))
    if not ranked:
        return ()
    least = scores[ranked[0]] * KIND_SHARE
    return tuple(kind for kind in ranked if scores[kind] >= least)[:MOST_KINDS]


# ---------------------------------------------------------------- status

STATUS_STATEMENTS = 3  # title and first sentences: later ones speak of other things
_CANCELLED = "status.cancelled"
_STATUSES = {
    _CANCELLED: EventStatus.CANCELLED,
    "status.denied": EventStatus.DENIED,
    "status.postponed": EventStatus.POSTPONED,
    "status.threatened": EventStatus.THREATENED,
    "status.proposed": EventStatus.PROPOSED,
    "status.announced": EventStatus.ANNOUNCED,
}
STATUS_ENOUGH = 1.0
STATUS_AGAINST_TITLE = 1.15  # where the title says that it happened, one later sentence does not undo it


def status(account: Account) -> EventStatus:
    """Where the main happening stands by the words of the head: happened, unless they say otherwise.

    A status counts where a happening is told in the same sentence; of several the weightiest, then the most final.
    """
    weighed = weights(account)
    scores: defaultdict[EventStatus, float] = defaultdict(float)
    for one in account.head[:STATUS_STATEMENTS]:
        if not one.has("kinds.") and not one.has("relation."):
            continue
        for group, value in _STATUSES.items():
            if any(not _is_an_end(cue, one) for cue in one.of(group)):
                scores[value] += min(weighed[one.number], 1.2)
    ranked = sorted(scores, key=lambda value: (-round(scores[value], 2), list(_STATUSES.values()).index(value)))
    is_told_in_title = any(one.is_title and one.has("kinds.") for one in account.head)
    enough = STATUS_AGAINST_TITLE if is_told_in_title else STATUS_ENOUGH
    return ranked[0] if ranked and scores[ranked[0]] >= enough else EventStatus.HAPPENED


def _is_an_end(cue: CueMatch, statement: Statement) -> bool:
    """To cancel a partnership is to end it; nothing that was to come is called off."""
    ended = statement.of("kinds." + EventKind.AGREEMENT_ENDED.value)
    return cue.group == _CANCELLED and any(one.start < cue.end and cue.start < one.end for one in ended)
