"""Which of the places that bear a name is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from math import log10

from monitor.domain.model.places import INSTITUTIONS, Mention, Place, PlaceHit, PlaceKind
from monitor.domain.place_scene import (
    CITY_KINDS,
    UNDIVIDED,
    WELL_KNOWN_FROM,
    Around,
    Scene,
    country_behind,
    key_of,
    suffix_of,
)
from monitor.domain.place_words import CITY_NOUNS, CITY_SUFFIXES, PROVINCE_NOUNS, PROVINCE_SUFFIXES
from monitor.domain.text import is_cjk

CITY_STATES = frozenset({"SG", "MC", "VA", "SM", "DJ"})  # where the city is meant unless the text says otherwise
PARTNER_PENALTY = 0.8  # a namesake in the partner's country: "Salamanca twins with Guanajuato" is not Mexico's
CLEAR_MARGIN = 0.35  # by this much the best candidate must lead, or the name stays open
# Countries whose own places are written in Han characters in Japanese; all others are in kana there.
HAN_COUNTRIES = frozenset({"JP", "CN", "TW", "HK", "MO", "KR", "KP", "SG"})


def mention(number: int, places: Sequence[Place], scene: Scene) -> Mention:
    """Hit `number` of the scene as a mention: one of `places`, or open between them."""
    hit = scene.hits[number]
    named = country_behind(number, hit, scene)
    scored = sorted(((_score(number, hit, place, named, scene), place) for place in places), key=_by_score)
    best_score, best = scored[0]
    rivals = [score for score, place in scored[1:] if not _is_same_spot(best, place)]
    margin = best_score - rivals[0] if rivals else 1.0
    if margin < CLEAR_MARGIN:
        return _open(hit, [place for _, place in scored])
    if _is_homograph(hit, places, named, scene):
        return replace(_open(hit, places), country=None, kind=None)
    if len(scored) > 1 and not rivals:
        best = _city_or_province([place for _, place in scored], number, scene)
    return _settled(hit, best, margin, is_only=len(hit.candidates) == 1)


def _by_score(pair: tuple[float, Place]) -> tuple[float, str]:
    return (-pair[0], pair[1].id)


def _is_homograph(hit: PlaceHit, places: Sequence[Place], named: str | None, scene: Scene) -> bool:
    """Whether a Han name in a Japanese text is rather one of Japan that we do not know: 河内 is Hanoi in China only."""
    if scene.language != "ja" or not "\u3400" <= hit.surface[0] <= "\u9fff":
        return False
    countries = {place.country for place in places}
    return HAN_COUNTRIES.isdisjoint(countries) and named is None and not any(scene.votes[one] > 1 for one in countries)


def _open(hit: PlaceHit, places: Sequence[Place]) -> Mention:
    countries = {place.country for place in places}
    kinds = {place.kind for place in places}
    return Mention(
        start=hit.start,
        end=hit.end,
        surface=hit.surface,
        place_id=None,
        country=countries.pop() if len(countries) == 1 else None,
        kind=kinds.pop() if len(kinds) == 1 else None,
        confidence=round(1 / len(places), 2),
        candidates=tuple(place.id for place in places),
    )


def _settled(hit: PlaceHit, place: Place, margin: float, is_only: bool) -> Mention:
    confidence = 0.95 if is_only else min(0.95, 0.6 + 0.2 * margin)
    return Mention(
        start=hit.start,
        end=hit.end,
        surface=hit.surface,
        place_id=place.id,
        country=place.country,
        kind=place.kind,
        confidence=round(confidence - 0.15 * place.needs_context, 2),
    )


def _score(number: int, hit: PlaceHit, place: Place, named: str | None, scene: Scene) -> float:
    score = 0.0 if place.id.startswith("gn") else 0.6
    score += _fame(place)
    own = scene.sure[number] == place.country
    score += 0.4 * min(scene.votes[place.country] - own, 4)
    if scene.partner_country(number) == place.country:
        score -= PARTNER_PENALTY
    else:
        score += 0.5 * (scene.votes_by_sentence[scene.sentence_of[number]][place.country] > own)
    score += 0.5 * (place.country in scene.listed_with(number))
    score += 0.3 * (place.country in scene.home) + 0.3 * (place.country == scene.source.country)
    if named is not None:
        score += 2.0 if named == place.country else -1.0
    score += _by_kind(hit, place, scene.arounds[number]) + _by_language(scene.keys[number], place, scene.language)
    if not is_valid(place, scene.published_on):
        score -= 0.8
    return score + _by_script(hit, place, scene)


def _fame(place: Place) -> float:
    """How well a place is known, in [0, 2]; provinces and institutions without a figure stand in the middle."""
    if place.kind is PlaceKind.COUNTRY:
        return 2.0
    return 2 * min(log10(place.population + 1), 7.0) / 7 if place.population else 1.4


def _by_language(key: str, place: Place, language: str) -> float:
    """Whether the place is called so in the text's language: "Mexico" is a city in French, a country in English."""
    own = place.names.get(language)
    if own is not None:
        if any(key_of(name) == key for name in (*own, *place.names.get("any", ()))):
            return 0.4
        return -0.6 if place.kind is PlaceKind.COUNTRY else 0.0  # Brazil is Brasilia in Finnish, nowhere else
    return 0.2 if any(key_of(name) == key for tag in ("en", "any") for name in place.names.get(tag, ())) else 0.0


def _by_kind(hit: PlaceHit, place: Place, around: Around) -> float:
    """Whether the words around say what kind of place is meant, and it is that kind."""
    said = _said_kind(hit, around)
    if said is None or place.kind in INSTITUTIONS or place.kind is PlaceKind.OTHER:
        return 0.0
    if place.kind is PlaceKind.COUNTRY:
        return -1.0 if said == CITY_KINDS else 0.0
    return 0.8 if place.kind in said else -0.8


def _said_kind(hit: PlaceHit, around: Around) -> frozenset[PlaceKind] | None:
    suffix = suffix_of(hit.surface)
    if around.noun in PROVINCE_NOUNS or around.after in PROVINCE_NOUNS or suffix in PROVINCE_SUFFIXES:
        return UNDIVIDED
    if around.noun in CITY_NOUNS or around.after in CITY_NOUNS or suffix in CITY_SUFFIXES:
        return CITY_KINDS
    return None


def _by_script(hit: PlaceHit, place: Place, scene: Scene) -> float:
    """Japanese writes foreign names in kana, but for those of Chinese and Korean places."""
    if not is_cjk(hit.surface) or not "\u3400" <= hit.surface[0] <= "\u9fff":
        return 0.0
    if scene.language == "ja":
        return 0.5 if place.country in HAN_COUNTRIES else -1.0
    return -0.3 if place.country == "JP" and scene.language == "zh" else 0.0


def _is_same_spot(one: Place, other: Place) -> bool:
    """A town and the province or state named after it: no two different places, only two ways to see one."""
    if one.country != other.country:
        return False
    sizes = {
        PlaceKind.COUNTRY if place.kind is PlaceKind.COUNTRY else place.kind in UNDIVIDED for place in (one, other)
    }
    return len(sizes) == 2


def _city_or_province(places: Sequence[Place], number: int, scene: Scene) -> Place:
    """Of a province, or a country, and its town of the same name, the one the text speaks of."""
    said = _said_kind(scene.hits[number], scene.arounds[number])
    country = next((place for place in places if place.kind is PlaceKind.COUNTRY), None)
    if country is not None and said is None and country.country not in CITY_STATES:
        return country
    if said is not None:
        return next((place for place in places if place.kind in said), places[0])
    valid = [place for place in places if is_valid(place, scene.published_on)] or list(places)
    largest = max(valid, key=lambda place: place.population)
    if largest.population >= WELL_KNOWN_FROM:
        return largest
    return next((place for place in valid if place.kind in UNDIVIDED), largest)


def is_valid(place: Place, on: date | None) -> bool:
    """Whether an entry was in force that day; without a day, whether it still is as far as the entry says."""
    if on is None:
        return place.valid_until is None
    return (place.valid_from is None or place.valid_from <= on) and (
        place.valid_until is None or on <= place.valid_until
    )
