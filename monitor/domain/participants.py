"""Who plays a part in the happening an article tells, and where it takes place.

Not every place named is a participant: hosts of earlier editions, birthplaces, lists of other partners and the province
in which a town lies are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.domain.happenings import weights
from monitor.domain.lexicon import primary
from monitor.domain.model.places import INSTITUTIONS, Place, PlaceKind, PlaceLookup
from monitor.domain.places import covers
from monitor.domain.statements import Account, Named, Statement

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
HOST_ENOUGH = 0.85

_PARTS = frozenset(PlaceKind) - {PlaceKind.OTHER}
_JOINT_WORDS = (
    "-|–|—|/|·|・|、|,|&|and|et|und|sowie|y|e|en|i|a|и|і|та|và|ve|ile|och|og|ja|és|és a|és az|și|şi|dan|και|או|ו|"
    "和|与|與|と|및|와|과|و|with|avec|mit|con|com|cu|med|s|so|z|с|със|из|з|với|dengan|με|עם|לבין|با"
)
_ARTICLES = (
    "the |la |le |l['’]|die |der |el |il |thành phố |tỉnh |ville de |the city of |tp\\.? |kota |la ville de |"
    "міста |города |miasta |miastem |města |mesta |grada |града |του |της |την |η |τον |ο |לעיר |העיר |شهر |مدينة "
)
_JOINT = re.compile(rf"\s*(?:{_JOINT_WORDS})?\s*(?:{_ARTICLES})?$", re.IGNORECASE)
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
    scores: dict[str, float] = {}
    places: dict[str, Place] = {}
    for one in account.statements:
        weight = weighed.get(one.number)
        if weight is None:
            weight = LATER_WEIGHT if not one.is_history and (one.has("relation.") or one.has("kinds.")) else 0.0
        for place_id, (share, place) in _shares(one, lookup).items():
            places[place_id] = place
            before = scores.get(place_id, 0.0)
            scores[place_id] = max(before, weight * share) + (0.1 * weight if before else 0.0)
    host = _host(account, weighed)
    return Cast(_chosen(scores, places, lookup, _names_pair(account, lookup)), host)


def _names_pair(account: Account, lookup: PlaceLookup) -> bool:
    """Whether the title already names both sides."""
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
    return len(apart) >= 2


def cast_of(statement: Statement, lookup: PlaceLookup) -> Cast:
    """Participants and host of what one sentence tells."""
    shares = _shares(statement, lookup)
    scores = {place_id: share for place_id, (share, _) in shares.items()}
    places = {place_id: place for place_id, (_, place) in shares.items()}
    return Cast(_chosen(scores, places, lookup), None)


# ---------------------------------------------------------------- weighing


def _shares(statement: Statement, lookup: PlaceLookup) -> dict[str, tuple[float, Place]]:
    """How much each place of a sentence is a party to it; 1 is a plain naming."""
    shares: dict[str, tuple[float, Place]] = {}
    named = statement.named
    is_list = not statement.is_title and len({one.place.id for one in named}) >= LONG_LIST
    told: set[str] = set()
    for at, one in enumerate(named):
        is_aside = is_list and len(told) >= 2 and one.place.id not in told
        share = LIST_SHARE if is_aside else 1.0
        told |= {one.place.id} if one.place.kind is not PlaceKind.COUNTRY else set()
        if _has_office(one, statement):
            share += AUTHORITY_BONUS
        if not is_aside and _is_joined(named, at, statement):
            share += PAIR_BONUS
        if (at > 0 and _explains(named[at - 1], one, statement, lookup)) or _is_near(one, statement):
            share -= INSIDE_PENALTY
        if at == 0 and is_dateline(statement, one):
            share -= DATELINE_PENALTY
        shares[one.place.id] = (max(share, shares.get(one.place.id, (0.0, one.place))[0]), one.place)
    return shares


def _has_office(one: Named, statement: Statement) -> bool:
    """Whether an authority stands right before or behind the name."""
    for cue in statement.of("authorities."):
        if cue.group in ("authorities.state", "authorities.association"):
            continue
        if 0 <= one.start - cue.end <= CLOSE and not _BREAK.search(
            statement.text, cue.end - statement.start, one.start - statement.start
        ):
            return True
        if -1 <= cue.start - one.end <= 2:
            return True
    return False


def _is_joined(named: Sequence[Named], at: int, statement: Statement) -> bool:
    """Whether the name is one of two put side by side."""
    for first, second in ((at - 1, at), (at, at + 1)):
        if first < 0 or second >= len(named) or named[first].place.id == named[second].place.id:
            continue
        if {named[first].place.kind, named[second].place.kind} & {PlaceKind.COUNTRY}:
            continue
        gap = statement.text[named[first].end - statement.start : named[second].start - statement.start]
        if len(gap) <= CLOSE * 2 and _JOINT.fullmatch(gap):
            return True
    return False


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
    if len(local) >= 2:
        return tuple(local)
    known = {place.country for place in local}
    foreign = [place for place in kept if place.kind is PlaceKind.COUNTRY and place.country not in known]
    return (*local, *foreign[: 2 - len(local)])


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


# ---------------------------------------------------------------- host

_TOWN = (
    "city|province|ville|région|capitale|ciudad|città|cidade|Stadt|thành phố|tỉnh|miasta|mieście|město|městě|meste|"
    "град|граду|городе|місті|orașul|kota|πόλη"
)
_TOWN_OF = rf"(?:(?:the |la |il |el |der |die )?(?:{_TOWN}) (?:of |de |du |d['’]|di )?)?"
_BEFORE = {
    "fr": r"\b(?:à|au|en|dans)\s+(?:la |le |les |l['’])?",
    "en": r"\b(?:in|at|visit(?:ed|s|ing)?|visit to|arrived in|trip to|tour of|host city)\s+",
    "de": r"\b(?:in|nach)\s+",
    "es": r"\b(?:en|a|visit[aóo]\w*)\s+",
    "it": r"\b(?:a|ad|in)\s+",
    "pt": r"\b(?:em|no|na|a)\s+",
    "nl": r"\b(?:in|naar|te)\s+",
    "vi": r"\b(?:tại|ở|đến|tới|thăm|thăm và làm việc tại)\s+",
    "pl": r"\b(?:w|we|do)\s+",
    "ru": r"\b(?:в|во)\s+",
    "uk": r"\b(?:в|у|до)\s+",
    "ar": r"(?:في|الى|إلى)\s+",
    "sv": r"\b(?:i|till)\s+",
    "no": r"\b(?:i|til)\s+",
    "da": r"\b(?:i|til)\s+",
    "cs": r"\b(?:v|ve|do)\s+",
    "sk": r"\b(?:v|vo|do)\s+",
    "ro": r"\b(?:în|in|la)\s+",
    "hr": r"\b(?:u)\s+",
    "sr": r"\b(?:u|у)\s+",
    "bg": r"\b(?:в|във|до)\s+(?:гр\.\s?)?",
    "el": r"(?<!\w)(?:στην|στη|στο|στον|στα|στις)\s+",
    "id": r"\b(?:di|ke)\s+",
    "he": r"(?:(?<!\w)ב|ב)",
    "fa": r"(?:در|به)\s+",
    "zh": r"(?:在|于|於|赴|访问|訪問|抵达|抵達|到访)",
    "ja": r"(?:訪問先の)",
}
_BEHIND = {
    "zh": re.compile(r"(?:市|省)?(?:顺利|隆重)?(?:举行|召开|举办|舉行|召開|舉辦|签署|簽署)"),
    "ja": re.compile(r"(?:市|県|省)?(?:で|にて|において)"),
    "ko": re.compile(r"(?:시|도|성|군)?(?:에서|을 방문|를 방문|에 도착)"),
    "tr": re.compile(r"['’]?(?:da|de|ta|te)\b"),
    "fi": re.compile(r"(?<=ssa)|(?<=ssä)"),
    "hu": re.compile(r"(?<=ban)|(?<=ben)"),
}
_BEFORE_PATTERNS = {
    language: re.compile(lead + _TOWN_OF + r"(?:l['’])?$", re.IGNORECASE) for language, lead in _BEFORE.items()
}
_LEAD_REACH = 44


def _host(account: Account, weighed: Mapping[int, float]) -> Place | None:
    """Where it takes place: a locality behind a preposition of place, in the sentence that says what happens."""
    language = primary(account.language)
    best: tuple[float, Place] | None = None
    for one in account.head:
        weight = min(weighed[one.number], 1.0) + (0.3 if one.has("kinds.") else 0.0)
        for named in one.named:
            if named.place.kind in (PlaceKind.COUNTRY, PlaceKind.OTHER) or not _is_located(named, one, language):
                continue
            if weight >= HOST_ENOUGH and (best is None or weight > best[0]):
                best = (weight, named.place)
    return best[1] if best else None


def _is_located(named: Named, statement: Statement, language: str) -> bool:
    start, end = named.start - statement.start, named.end - statement.start
    before = _BEFORE_PATTERNS.get(language)
    if before is not None and before.search(statement.text[max(0, start - _LEAD_REACH) : start]):
        return True
    behind = _BEHIND.get(language)
    return behind is not None and behind.match(statement.text, end) is not None


def ids(places: Iterable[Place]) -> frozenset[str]:
    """The ids of places."""
    return frozenset(place.id for place in places)
