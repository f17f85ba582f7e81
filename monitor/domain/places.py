"""Which place a name means: candidates are weighed by what stands around them, and left open where that does not tell.

Two questions for each name found by the gazetteer. Is it a place here at all (Nancy Pelosi, "Most of the ...")? Only
names that ask for it (`needs_context`) must prove it. Then which of the places of that name? By countries named near,
language, source, kind ("province de Lao Cai") and validity at the day of publication.

All weights and thresholds, here and in `place_choice`, were set by hand; the floors of
tests/shared/test_place_recall.py and the cases of tests/domain/test_places.py guard them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from monitor.domain.lexicon import CueMatch, primary
from monitor.domain.model.articles import SourceContext
from monitor.domain.model.places import SMALL_BELOW, Mention, Place, PlaceHit, PlaceKind, PlaceLookup
from monitor.domain.place_choice import is_valid, mention
from monitor.domain.place_scene import (
    UNDIVIDED,
    WELL_KNOWN_FROM,
    Scene,
    asks_for_support,
    country_behind,
    key_of,
    suffix_of,
)
from monitor.domain.place_words import (
    CITY_NOUNS,
    FIRST_NAMES,
    GENERIC,
    HONORIFICS,
    NOUNS_BEHIND,
    OF,
    OFFICES,
    PROVINCE_NOUNS,
)

__all__ = ["PlaceLookup", "country_set", "covers", "display_name", "in_force", "is_valid", "seat_city", "settle"]


RULES_VERSION = "2"  # raised when the same names may settle otherwise

ENOUGH_SUPPORT = 1.0  # what a name that needs context must gather ...
ENOUGH_SUPPORT_SMALL = 1.5  # ... and what a small town must: most such names are meant as the word
CAPITAL_NOUNS = frozenset({"de"})  # a capital beside a name tells nothing
_UNBENT = frozenset({"en", "fr", "de", "es", "it", "pt", "nl", "tr", "vi"})  # names keep their form there
_OFFICES_OF = frozenset({"en", "fr", "de", "es", "it", "pt", "nl"})  # "mayor of Metz", but "mayor Metz"
_PARTS_OF_NAMES = frozenset({"council", "port", "villa"})
MOST_HITS = 3_000  # of one text: more names stand in lists and attacks only
LARGE_FROM = 300_000  # inhabitants
LONG_NAME = 6  # letters: short names of towns are words of other languages
_HALLS = frozenset({"halle"})  # "Nancy-Halle" is a hall, Halle a city
# Streets and squares are called after places and persons; their name is neither.
_STREET = re.compile(
    r"(?<!\w)(?:place|rue|avenue|boulevard|quai|impasse|street|avenida|calle|plaza|paseo|viale|piazza|praça|rua|ulica|"
    r"улица|улице|проспект|вулиця|вулиці)\s+(?:de la |de l'|de |du |des |d'|della |di |da |do )?$",
    re.IGNORECASE,
)


def settle(
    hits: Sequence[PlaceHit],
    text: str,
    language: str | None,
    source: SourceContext,
    published_on: date | None,
    cues: Sequence[CueMatch] = (),
) -> tuple[Mention, ...]:
    """The places that `text` names, in order.

    A name that could be several places and is not told by its surroundings is kept with `place_id` None; one that is
    rather a word or a person is left out. Of `cues`, relation cues speak for the names in their sentence.
    """
    hits = hits[:MOST_HITS]
    scene = Scene(text, primary(language), source, published_on, hits, cues)
    supported = [_supported(number, scene) for number in range(len(hits))]
    proven = {scene.keys[number] for number, places in enumerate(supported) if places} - GENERIC
    mentions: list[Mention] = []
    for number, meant in enumerate(supported):
        places = meant
        if not places and scene.keys[number] in proven and not scene.is_named_person(number):
            places = scene.hits[number].candidates  # one sense a text
        if places:
            mentions.append(mention(number, places, scene))
    return tuple(mentions)


# ---------------------------------------------------------------- a place at all?


def _supported(number: int, scene: Scene) -> tuple[Place, ...]:
    """The candidates, if the name is a place here at all for any of them."""
    hit = scene.hits[number]
    if scene.keys[number] in _HALLS and scene.text[max(0, hit.start - 1) : hit.start] == "-":
        return ()
    if _STREET.search(scene.text, max(0, hit.start - 24), hit.start):
        return ()
    if not any(_is_a_place_here(number, hit, place, scene) for place in hit.candidates):
        return ()
    return tuple(place for place in hit.candidates if _is_called_so(scene.keys[number], place, scene)) or ()


def _is_called_so(key: str, place: Place, scene: Scene) -> bool:
    """Whether a country bears that name in the language of the text: "Brasília" is Brazil in Finnish only. Not asked
    where names take endings.
    """
    if place.kind is not PlaceKind.COUNTRY or scene.language not in _UNBENT or not key.isascii():
        return True
    own = place.names.get(scene.language)
    if own is None:
        return True
    told = (*own, *place.names.get("en", ()), *place.names.get("any", ()))
    return any(key_of(name) in (key, key[:-1]) for name in told)


def _is_a_place_here(number: int, hit: PlaceHit, place: Place, scene: Scene) -> bool:
    if place.id.startswith("gn") and _is_office_holder(number, place, scene):
        return False
    if not asks_for_support(hit, place):
        is_given_name = scene.keys[number] in FIRST_NAMES
        if place.kind is PlaceKind.COUNTRY:
            return not (is_given_name and scene.is_named_person(number))
        is_stranger = (place.id.startswith("gn") or is_given_name) and scene.language not in CAPITAL_NOUNS
        if scene.follows_given_name(number):
            return False
        before = scene.arounds[number].before
        is_addressed = before in HONORIFICS and before not in CITY_NOUNS
        return not is_addressed and not (is_stranger and scene.is_named_person(number))
    if scene.is_in_phrase(number) or scene.follows_given_name(number):
        return False
    return _is_proven_place(number, hit, place, scene)


def _is_proven_place(number: int, hit: PlaceHit, place: Place, scene: Scene) -> bool:
    """Whether what stands around a doubtful name makes it a place."""
    around = scene.arounds[number]
    if scene.keys[number] in PROVINCE_NOUNS and around.before in _ARTICLES:
        return False  # "le canton"
    if scene.keys[number] in GENERIC and around.noun not in (CITY_NOUNS | PROVINCE_NOUNS) - OFFICES:
        return False
    if place.population >= WELL_KNOWN_FROM * (2 if place.id.startswith("gn") else 1) or place.kind in UNDIVIDED:
        return _support(number, hit, place, scene) >= ENOUGH_SUPPORT
    if _is_town_of_relation(number, hit, scene):
        return True
    is_small = place.id.startswith("gn") and place.population < SMALL_BELOW
    is_pointed_at = _is_small_town_here if is_small else _is_pointed_at
    return is_pointed_at(number, hit, scene) and _support(number, hit, place, scene) >= ENOUGH_SUPPORT_SMALL


def _is_office_holder(number: int, place: Place, scene: Scene) -> bool:
    """Whether an office stands right before a name of little fame, where "of" would part it from a place."""
    before = scene.arounds[number].before
    return before in OFFICES - _PARTS_OF_NAMES and scene.language in _OFFICES_OF and place.population < LARGE_FROM


def _is_town_of_relation(number: int, hit: PlaceHit, scene: Scene) -> bool:
    """Whether a longer name stands beside a cue of a relation and comes again: reports on twinning are about towns that
    few have heard of, and tell them twice.
    """
    is_told_twice = scene.namings[scene.keys[number]] > 1 and len(hit.surface) >= LONG_NAME
    return (
        is_told_twice
        and scene.has_strong_cue(number)
        and scene.language not in CAPITAL_NOUNS
        and hit.surface[0].isupper()
        and not scene.is_headline_case(number)
        and not scene.is_named_person(number)
        and scene.keys[number] not in scene.person_keys
    )


def _is_small_town_here(number: int, hit: PlaceHit, scene: Scene) -> bool:
    """Whether a name that few have heard of is one of a town here: a noun says so ("gmina Paczków"), its country
    follows, or a relation joins it to another place. A preposition or a holder's office tells too little.
    """
    around = scene.arounds[number]
    if country_behind(number, hit, scene) is not None:
        return True
    if around.noun in (CITY_NOUNS | PROVINCE_NOUNS) - OFFICES or around.after in NOUNS_BEHIND:
        return True
    if around.noun in OFFICES and around.before in OF:
        return True
    return scene.has_cue(number) and any(scene.sure[at] for at in _joined_hits(number, scene))


def _is_pointed_at(number: int, hit: PlaceHit, scene: Scene) -> bool:
    """Whether something says of this very name that it is a place; small towns are not believed for their company."""
    around = scene.arounds[number]
    return (
        scene.is_clearly_placed(number)
        or (scene.has_cue(number) and not scene.may_be_word(number))
        or around.after in NOUNS_BEHIND
        or suffix_of(hit.surface) != ""
        or _joined_hits(number, scene) != []
        or country_behind(number, hit, scene) is not None
    )


def _support(number: int, hit: PlaceHit, place: Place, scene: Scene) -> float:
    """What speaks for a doubtful name being a place."""
    around = scene.arounds[number]
    support = 0.0
    if around.noun in CITY_NOUNS or around.noun in PROVINCE_NOUNS or around.after in NOUNS_BEHIND:
        support += 1.6
    elif around.before in scene.locative:
        support += 1.0
    if suffix_of(hit.surface):
        support += 1.0
    support += _support_by_others(number, place, scene)
    support += 0.8 * scene.has_cue(number)
    support += 0.5 * (place.country == scene.source.country)
    support += 0.3 * (place.country in scene.home) + 0.4 * (place.population >= LARGE_FROM)
    support += 1.5 * (country_behind(number, hit, scene) == place.country)
    support += 0.3 * (scene.namings[scene.keys[number]] > 1)
    if scene.keys[number] in scene.person_keys or scene.is_named_person(number):
        support -= 2.0
    elif place.population >= WELL_KNOWN_FROM or hit.surface[0] > "\u3000":
        support += 0.4 if around.begins_sentence else 0.7
    if around.begins_sentence and place.population < WELL_KNOWN_FROM:
        support -= 0.3
    if _NUMBER_BEHIND.match(scene.text, hit.end):
        support -= 1.0  # "March 30th"
    if place.population < WELL_KNOWN_FROM and scene.is_headline_case(number):
        support -= 0.5
    return support


_ARTICLES = frozenset({"le", "du", "un", "ce", "au", "the", "this", "a", "der", "dem", "des", "el", "del", "il", "nel"})
_NUMBER_BEHIND = re.compile(r"\s\d")


def _support_by_others(number: int, place: Place, scene: Scene) -> float:
    """Places in the same sentence, sure ones more; one joined by "and" or a dash most."""
    best = 0.0
    joined_hits = _joined_hits(number, scene)
    is_headline = place.population < WELL_KNOWN_FROM and scene.is_headline_case(number)
    for at in scene.neighbours(number):
        if scene.keys[at] == scene.keys[number] or scene.keys[at] in scene.person_keys:
            continue
        joined = at in joined_hits
        if joined or not is_headline:
            best = max(best, (0.8 if scene.sure[at] else 0.4) + (0.8 if joined else 0.0))
    return best + (0.3 if scene.votes[place.country] else 0.0)


def _joined_hits(number: int, scene: Scene) -> list[int]:
    """The hits that "and", a comma or a dash ties to this one."""
    found: list[int] = []
    for at in (number - 1, number + 1):
        if not 0 <= at < len(scene.hits) or scene.keys[at] == scene.keys[number]:
            continue
        first, second = sorted((scene.hits[number], scene.hits[at]), key=lambda hit: hit.start)
        gap = scene.text[first.end : second.start]
        if gap.strip() and len(gap) <= _LONGEST_JOINT and gap.strip(" ,、").casefold() in _JOINTS:
            found.append(at)
    return found


_JOINT_WORDS = (
    "- – — and et und y e и і та i en và ve ile & و 和 与 與 と · ・ / a és és și si ja och og dan και לבין sowie"
)
_JOINTS = frozenset({"", *_JOINT_WORDS.split()})
_LONGEST_JOINT = 6


# ---------------------------------------------------------------- places among each other


def seat_city(place: Place, lookup: PlaceLookup) -> Place | None:
    """The city of an institution; the place itself where it is a city; None for what has neither."""
    if place.kind is PlaceKind.CITY:
        return place
    return lookup(place.seat_id) if place.seat_id is not None else None


def covers(upper: Place, lower: Place, lookup: PlaceLookup) -> bool:
    """Whether `lower` lies in `upper` (or is it), by seats and parents; a country covers all that is in it."""
    if upper.kind is PlaceKind.COUNTRY:
        return upper.country == lower.country
    seen: set[str] = set()
    queue: list[str | None] = [lower.id]
    while queue:
        place_id = queue.pop()
        if place_id is None or place_id in seen:
            continue
        if place_id == upper.id:
            return True
        seen.add(place_id)
        place = lookup(place_id)
        if place is not None:
            queue.extend((place.seat_id, place.parent_id))
    return False


def in_force(place: Place, on: date, lookup: PlaceLookup) -> Place:
    """The entry that stood for `place` that day: itself, or the last known of its successors."""
    seen = {place.id}
    while place.valid_until is not None and place.valid_until < on and place.successor_id is not None:
        successor = lookup(place.successor_id)
        if successor is None or successor.id in seen:
            return place
        seen.add(successor.id)
        place = successor
    return place


def display_name(place: Place, language: str | None) -> str:
    """How to call a place in a reader's language: its name there, else in English, else any."""
    for tag in (primary(language), "en", "any"):
        names = place.names.get(tag)
        if names:
            return names[0]
    return next((names[0] for names in place.names.values() if names), place.id)


def country_set(place_ids: Iterable[str], lookup: PlaceLookup) -> frozenset[str]:
    """The countries of those of the ids that are known."""
    return frozenset(place.country for place_id in place_ids if (place := lookup(place_id)) is not None)
