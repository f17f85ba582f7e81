"""Who plays a part in the happening an article tells, and where it takes place.

Not every place named is a participant: hosts of earlier editions, birthplaces, lists of other partners and the province
in which a town lies are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.domain.happenings import kinds, weights
from monitor.domain.model.events import EventKind
from monitor.domain.model.places import INSTITUTIONS, Place, PlaceKind, PlaceLookup
from monitor.domain.places import covers
from monitor.domain.statements import Account, Named, Statement
from monitor.domain.text import is_cjk
from monitor.domain.venue import host_of, is_only_venue

ENOUGH = 0.8  # weight that makes a place a participant ...
SHARE_OF_BEST = 0.28  # ... and its least share of the weightiest place's
ENOUGH_BESIDE_TITLE = 1.45  # where the title names both sides others are asides, unless the first sentence joins them
AUTHORITY_BONUS = 0.6  # "mayor of X"
PAIR_BONUS = 0.5  # "X and Y", "X–Y"
INSIDE_PENALTY = 1.0  # "Kunming (province du Yunnan)": the second one only explains
DATELINE_PENALTY = 0.5  # "Rome, 25 April (Agency) -" is where it was written
LONG_LIST = 7  # places in one sentence that are a list of others' partners
LIST_SHARE = 0.3
LATER_WEIGHT = 0.25  # of sentences behind the head that hold a relation or happening
MOST_PARTICIPANTS = 8
CLOSE = 14  # characters between an office and its place
APPOSITION = 26  # characters between a place and what explains it
LONG_APPOSITION = 60  # the same, where words say so: "located in the county of"

BETWEEN_BONUS = 0.7  # "between X and Y" names the parties, whoever looks on
BEHIND_SEMICOLON = 0.6  # of what a sentence adds once it has told of two sides

_PARTS = frozenset(PlaceKind) - {PlaceKind.OTHER}
_AGREEMENTS = frozenset({EventKind.AGREEMENT_INTENT, EventKind.AGREEMENT_SIGNED, EventKind.AGREEMENT_RENEWED})
_JOINT_WORDS = (
    "-|–|—|/|·|・|、|,|&|and|et|und|sowie|y|e|en|i|a|и|і|та|và|ve|ile|och|og|ja|és|és a|és az|și|şi|dan|και|או|ו|"
    "和|与|與|と|및|와|과|و|with|avec|mit|con|com|cu|med|s|so|z|с|със|из|з|với|dengan|με|עם|לבין|با"
)
_ARTICLES = (
    "the |la |le |l['’]|die |der |el |il |thành phố |tỉnh |ville de |the city of |tp\\.? |kota |la ville de |"
    "xã |phường |quận |huyện |thị xã |thị trấn |làng |bản |cụm |cụm bản |(?:la )?commune de |(?:il )?comune di |"
    "(?:die )?(?:stadt|gemeinde) |(?:el |o )?munic[ií]pio de |gmin[aąyę] |obec |obcí |městem |"
    "міста |города |miasta |miastem |města |mesta |grada |града |του |της |την |η |τον |ο |לעיר |העיר |شهر |مدينة "
)
_JOINT = re.compile(rf"\s*(?:{_JOINT_WORDS})?\s*(?:{_ARTICLES})?$", re.IGNORECASE)
_BETWEEN = re.compile(
    r"(?<!\w)(?:between|entre|zwischen|tra|fra|giữa|między|mezi|medzi|между|між|între|între|mellan|mellem|mellom|"
    r"između|између|antara|tussen|μεταξύ|بين|بین|בין)\s+[^.;:,!?()\d]{0,24}$",
    re.IGNORECASE,
)
_LINKS = (
    " -–'’的の의市省州县縣府シ시도"  # between a place and its office: "昆明市市长"; "昆山杜克大学" is no office of 昆山
)
_BREAK = re.compile(r"[.;:!?。；！？()（）\n]")


_LOCATED = re.compile(
    r"\b(?:located|situated|situé|située|sise?|gelegen|ubicad[oa]|situad[oa]|localizad[oa]|situat[oa]|położon\w+|"
    r"near|près de|in der Nähe von|cerca de|vicino a|perto de|blisko|close to|bei|nord de|sud de|north of|south of|"
    r"расположенн\w+|розташован\w+|недалеко от|поблизу|yakın)\b",
    re.IGNORECASE,
)
_NEAR = re.compile(
    r"(?<!\w)(?:near|close to|près de|proche de|unweit von|in der Nähe von|cerca de|vicino a|perto de|pod|koło|blisko|"
    r"недалеко от|под|неподалік від|під|поблизу|nära|nær|blízko)\s$",
    re.IGNORECASE,
)
# What follows the name that opens a report: brackets, a day, an agency, then a dash or colon.
_DATELINE = re.compile(
    r"(?:\s*\([^()\n]{2,40}\))?(?:\s*,[^\n:–—()]{0,24}?\d[^\n:–—()]{0,14})?\.?(?:\s*[-–—]?\s*\([^()\n]{2,30}\))?"
    r"\s*(?:[–—]|--?|:|\.-|\.\s[–—-])\s(?=\S)"
)


@dataclass(frozen=True, slots=True)
class Cast:
    """The places of a happening, weightiest first."""

    participants: tuple[Place, ...]
    host: Place | None


def cast(account: Account, lookup: PlaceLookup) -> Cast:
    """Participants and host of the main happening."""
    weighed = weights(account)
    titled = _titled_pair(account, lookup)
    scores: dict[str, float] = {}
    places: dict[str, Place] = {}
    for one in account.statements:
        weight = weighed.get(one.number)
        if weight is None:
            weight = LATER_WEIGHT if not one.is_history and (one.has("relation.") or one.has("kinds.")) else 0.0
        for place_id, (share, place) in _shares(one, lookup, titled).items():
            places[place_id] = place
            before = scores.get(place_id, 0.0)
            scores[place_id] = max(before, weight * share) + (0.1 * weight if before else 0.0)
    host = host_of(account, weighed)
    scores.update((place.id, 0.0) for place in _said_aside(account, titled))
    chosen = _chosen(scores, places, lookup, bool(titled))
    if not _is_agreement(account):
        return Cast(_with_partner_of_old(chosen, account), host)
    signing = _between(account)
    if len({place.country for place in chosen if place.id in signing}) >= 2:
        chosen = tuple(place for place in chosen if place.id in signing | titled)
    return Cast(_with_partner_of_old(_without_venue(chosen, host, account), account), host)


def _with_partner_of_old(chosen: tuple[Place, ...], account: Account) -> tuple[Place, ...]:
    """A single place beside the one that a sentence of the past ties it to: "our city received the mayor of Oita"
    stands before "Wuhan and Oita became sister cities in 1979".
    """
    if len(chosen) != 1:
        return chosen
    for one in account.statements:
        if one.is_history and one.has("relation."):
            named = {told.place.id: told.place for told in one.named if told.place.kind is not PlaceKind.COUNTRY}
            partners = [place for place in named.values() if place.country != chosen[0].country]
            is_of_pair = any(joined == named.keys() for joined in _joined(one.named, one))
            if chosen[0].id in named and len(named) == 2 and len(partners) == 1 and is_of_pair:
                return (*chosen, *partners)
    return chosen


def _titled_pair(account: Account, lookup: PlaceLookup) -> frozenset[str]:
    """The places that the title names, where they stand for two sides; empty where it does not name both."""
    titled = {
        one.place.id: one.place
        for statement in account.head
        if statement.is_title
        for one in statement.named
        if one.place.kind is not PlaceKind.COUNTRY
    }
    apart = [
        place
        for place in titled.values()
        if not any(place is not other and covers(place, other, lookup) for other in titled.values())
    ]
    return frozenset(titled) if len({place.country for place in apart}) >= 2 else frozenset()


def _without_venue(chosen: tuple[Place, ...], host: Place | None, account: Account) -> tuple[Place, ...]:
    """Without the town in which two others sign: it lends its hall. Guests of a visit and members of a conference are
    parties where they meet.
    """
    others = [place for place in chosen if place != host and place.kind is not PlaceKind.COUNTRY]
    countries = {place.country for place in others}
    if host not in chosen or len(countries) < 2 or host.country not in countries:
        return chosen  # a town that nobody else stands for is the third party
    return tuple(others) if is_only_venue(host, account) else chosen


def _is_agreement(account: Account) -> bool:
    """Whether an agreement is the main thing told, or part of it."""
    return not _AGREEMENTS.isdisjoint(kinds(account)[:2])


def _between(account: Account) -> frozenset[str]:
    """The parties of what the head says is agreed "between X and Y"."""
    found: frozenset[str] = frozenset()
    for one in account.head:
        if one.has("kinds.agreement") or one.has("relation."):
            joined = _joined(one.named, one)
            found |= frozenset(
                named.place.id for at, named in enumerate(one.named) if _is_between(one.named, at, joined, one)
            )
    return found


def _said_aside(account: Account, titled: frozenset[str]) -> list[Place]:
    """Of the places of a title those that it joins to no other and the text never names, where it names two sides:
    "X and Y sign as Z cuts ties".
    """
    below = [one.place for statement in account.head if not statement.is_title for one in statement.named]
    if len({place.country for place in below if place.id in titled}) < 2:
        return []
    titles = [(one, _joined(one.named, one)) for one in account.head if one.is_title]
    together = {named.place.id for one, joined in titles for at, named in enumerate(one.named) if joined[at]}
    told = {place.id for place in below} | together
    return [named.place for one, _ in titles for named in one.named if named.place.id not in told]


def cast_of(statement: Statement, lookup: PlaceLookup) -> Cast:
    """Participants and host of what one sentence tells."""
    shares = _shares(statement, lookup)
    scores = {place_id: share for place_id, (share, _) in shares.items()}
    places = {place_id: place for place_id, (_, place) in shares.items()}
    return Cast(_chosen(scores, places, lookup), None)


# ---------------------------------------------------------------- weighing


def _shares(
    statement: Statement, lookup: PlaceLookup, titled: frozenset[str] = frozenset()
) -> dict[str, tuple[float, Place]]:
    """How much each place of a sentence is a party to it; 1 is a plain naming. Beside a title that names both sides
    (`titled`) others count as joined only with one of these.
    """
    shares: dict[str, tuple[float, Place]] = {}
    named = statement.named
    localities = {one.place.id for one in named if one.place.kind is not PlaceKind.COUNTRY}
    is_list = not statement.is_title and len(localities) >= LONG_LIST
    joined = _joined(named, statement)
    told: set[str] = set()
    for at, one in enumerate(named):
        is_aside = is_list and len(told) >= 2 and one.place.id not in told
        share = LIST_SHARE if is_aside else 1.0
        told |= {one.place.id} if one.place.kind is not PlaceKind.COUNTRY else set()
        if _has_office(one, statement):
            share += AUTHORITY_BONUS
        if not is_aside and joined[at] and (not titled or titled & joined[at]):
            share += PAIR_BONUS + BETWEEN_BONUS * _is_between(named, at, joined, statement)
        if (at > 0 and _explains(named[at - 1], one, statement, lookup)) or _is_near(one, statement):
            share -= INSIDE_PENALTY
        if at == 0 and not statement.is_title and is_dateline(statement, one):
            share -= DATELINE_PENALTY
        if _is_added(named, at, statement):
            share *= BEHIND_SEMICOLON
        shares[one.place.id] = (max(share, shares.get(one.place.id, (0.0, one.place))[0]), one.place)
    return shares


def _joined(named: Sequence[Named], statement: Statement) -> list[frozenset[str]]:
    """For each name the places of the chain it stands in ("X, Y and Z"); empty where it stands alone."""
    chains: list[list[int]] = [[0]] if named else []
    for at in range(1, len(named)):
        if _is_joint(named[at - 1], named[at], statement):
            chains[-1].append(at)
        else:
            chains.append([at])
    found: list[frozenset[str]] = []
    for chain in chains:
        places = frozenset(named[at].place.id for at in chain)
        found += [places if len(places) > 1 else frozenset()] * len(chain)
    return found


def _is_between(named: Sequence[Named], at: int, joined: Sequence[frozenset[str]], statement: Statement) -> bool:
    """Whether "between" stands before the chain of a name."""
    if not joined[at]:
        return False
    first = at
    while first > 0 and joined[first - 1] == joined[at]:
        first -= 1
    start = named[first].start - statement.start
    return _BETWEEN.search(statement.text, max(0, start - LONG_APPOSITION), start) is not None


def _is_added(named: Sequence[Named], at: int, statement: Statement) -> bool:
    """Whether a semicolon parts a name from two sides that the sentence has told before."""
    cut = max(statement.text.rfind(mark, 0, named[at].start - statement.start) for mark in ";；")
    before = [one.place for one in named if one.start - statement.start < cut]
    is_new = all(place.id != named[at].place.id for place in before)
    return is_new and len({place.country for place in before}) >= 2


def _has_office(one: Named, statement: Statement) -> bool:
    """Whether an authority stands right before or behind the name."""
    leads = not is_cjk(one.mention.surface)  # offices stand behind there: "昆明市市长"
    for cue in statement.of("authorities."):
        if cue.group in ("authorities.state", "authorities.association"):
            continue
        before = leads and 0 <= one.start - cue.end <= CLOSE
        if before and not _BREAK.search(statement.text, cue.end - statement.start, one.start - statement.start):
            return True
        gap = statement.text[one.end - statement.start : max(one.end, cue.start) - statement.start]
        if -1 <= cue.start - one.end <= 2 and not gap.strip(_LINKS):
            return True
    return False


def _is_joint(first: Named, second: Named, statement: Statement) -> bool:
    """Whether two names are put side by side."""
    if PlaceKind.COUNTRY in (first.place.kind, second.place.kind):
        return False
    if first.place.id == second.place.id:
        return False
    gap = statement.text[first.end - statement.start : second.start - statement.start]
    return len(gap) <= CLOSE * 2 and _JOINT.fullmatch(gap) is not None


def _is_near(one: Named, statement: Statement) -> bool:
    """Whether the name only helps to find another place: "Kamionka pod Lwowem"."""
    return (
        _NEAR.search(statement.text, max(0, one.start - statement.start - 20), one.start - statement.start) is not None
    )


def _explains(before: Named, one: Named, statement: Statement, lookup: PlaceLookup) -> bool:
    """Whether the second name only says where the first one lies."""
    if one.place.id == before.place.id or one.start - before.end > LONG_APPOSITION:
        return False
    gap = statement.text[before.end - statement.start : one.start - statement.start]
    if _LOCATED.search(gap):
        return True
    if len(gap) > APPOSITION:
        return False
    return one.place.kind is not PlaceKind.COUNTRY and covers(one.place, before.place, lookup)


def is_dateline(statement: Statement, one: Named) -> bool:
    """Whether the sentence's first name says where it was written: "Rome, 25 April (Agency) - ..."."""
    if one.start - statement.start > 2:
        return False
    found = _DATELINE.match(statement.text, one.end - statement.start)
    if found is None:
        return False
    others = [other.start - statement.start for other in statement.named if other.start > one.start]
    return not any(start - found.end() <= 2 for start in others)


# ---------------------------------------------------------------- choosing


def _chosen(
    scores: Mapping[str, float], places: Mapping[str, Place], lookup: PlaceLookup, has_pair: bool = False
) -> tuple[Place, ...]:
    ranked = sorted((one for one in scores if places[one].kind in _PARTS), key=lambda one: (-scores[one], one))
    best = scores[ranked[0]] if ranked else 0.0
    least = ENOUGH_BESIDE_TITLE if has_pair else max(ENOUGH, SHARE_OF_BEST * best)
    kept = [places[one] for one in ranked if scores[one] >= least]
    local = [place for place in kept if place.kind is not PlaceKind.COUNTRY]
    local = _without_shadows(local, scores, lookup)[:MOST_PARTICIPANTS]
    if len(local) == 1:
        local += _other_side(local[0], ranked, scores, places)
    if len(local) >= 2:
        return tuple(local)
    known = {place.country for place in local}
    foreign = [place for place in kept if place.kind is PlaceKind.COUNTRY and place.country not in known]
    return (*local, *foreign[: 2 - len(local)])


def _other_side(
    one: Place, ranked: Sequence[str], scores: Mapping[str, float], places: Mapping[str, Place]
) -> list[Place]:
    """The weightiest place of another country that is enough by itself, where one place is told of so much that it
    outweighs every other.
    """
    found = [
        places[other]
        for other in ranked
        if scores[other] >= ENOUGH and places[other].country != one.country
        if places[other].kind is not PlaceKind.COUNTRY
    ]
    return found[:1]


def _without_shadows(places: Sequence[Place], scores: Mapping[str, float], lookup: PlaceLookup) -> list[Place]:
    """Of a place and another that lies in it, only the one the text speaks of more; institutions win a tie."""
    dropped: set[str] = set()
    for upper in places:
        for lower in places:
            if upper.id == lower.id or not covers(upper, lower, lookup):
                continue
            is_lower_told = scores[lower.id] >= scores[upper.id]
            if lower.kind not in INSTITUTIONS and upper.kind not in INSTITUTIONS:
                is_lower_told = scores[lower.id] > scores[upper.id]
            dropped.add(upper.id if is_lower_told else lower.id)
    return [place for place in places if place.id not in dropped]


def ids(places: Iterable[Place]) -> frozenset[str]:
    """The ids of places."""
    return frozenset(place.id for place in places)
