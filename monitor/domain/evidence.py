"""What an article shows that bears on its relevance: cues by zone, and sentences in which places of two countries act.

Nothing is weighed here: `monitor.domain.relevance` does that.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from monitor.domain import demonyms
from monitor.domain.lexicon import NEGATIVE, STRONG, WEAK, CueMatch, primary
from monitor.domain.model.articles import ArticleForDecision
from monitor.domain.model.places import Mention, PlaceKind
from monitor.domain.sentences import Sentence, sentences
from monitor.domain.text import fold_with_offsets, is_cjk

LEAD_CHARS = 500  # of the text behind the title: what newsrooms put first, about three sentences
LEAD_CHARS_CJK = 200  # as many sentences in scripts that need fewer characters
ADJECTIVE_CONFIDENCE = 0.5
READ_CHARS = 12_000  # of an article; what follows is mostly menus, comments and other articles

LOCAL_AUTHORITIES = frozenset(f"authorities.{who}" for who in ("city", "province", "university", "hospital"))
# Parts of one state with a code of their own: cooperation inside a state is no relation between countries.
STATE_OF = {
    **dict.fromkeys(("HK", "MO"), "CN"),
    **dict.fromkeys(("GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "YT"), "FR"),
    **dict.fromkeys(("AS", "GU", "MP", "PR", "VI"), "US"),
    **dict.fromkeys(("FO", "GL"), "DK"),
    "AX": "FI",
}

_Found = TypeVar("_Found", Mention, CueMatch)
_LOCALITIES = frozenset(PlaceKind) - {PlaceKind.COUNTRY, PlaceKind.OTHER}


class Zone(StrEnum):
    """Where in an article something stands."""

    TITLE = "title"
    LEAD = "lead"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, with the places and cues in it."""

    start: int
    end: int
    zone: Zone
    localities: tuple[Mention, ...]  # cities, provinces, institutions; settled or not
    countries: tuple[Mention, ...]
    cues: tuple[CueMatch, ...]
    groups: frozenset[str]  # of the cues
    pair: tuple[Mention, Mention] | None  # the first two localities of different countries

    def has(self, groups: Iterable[str]) -> bool:
        """Whether a cue of one of the groups stands in it."""
        return not self.groups.isdisjoint(groups)

    @property
    def names(self) -> frozenset[str]:
        """The different localities in it."""
        return frozenset(place.place_id or place.surface for place in self.localities)

    @property
    def half_pair(self) -> tuple[Mention, Mention] | None:
        """A locality and another country, where there is no pair."""
        for one in self.localities:
            for country in self.countries:
                if one.country and country.country and state(country) != state(one):
                    return one, country
        return None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an article shows."""

    passages: tuple[Passage, ...]  # in order; the title is one of its own
    cues: tuple[CueMatch, ...]
    localities: tuple[Mention, ...]
    countries: tuple[Mention, ...]
    lead_end: int
    title_end: int
    head: tuple[Passage, ...]  # the title and the lead's sentences
    by_group: Mapping[str, tuple[CueMatch, ...]]

    def zone(self, start: int) -> Zone:
        """Where the character stands."""
        if start < self.title_end:
            return Zone.TITLE
        return Zone.LEAD if start < self.lead_end else Zone.BODY

    def of(self, group: str) -> tuple[CueMatch, ...]:
        """The cues of a group, in order."""
        return self.by_group.get(group, ())

    @property
    def strong(self) -> tuple[CueMatch, ...]:
        """Cues that name a relation nearly alone."""
        return self.of(STRONG)

    @property
    def weak(self) -> tuple[CueMatch, ...]:
        """Cues that need company."""
        return self.of(WEAK)

    @property
    def negative(self) -> tuple[CueMatch, ...]:
        """False friends."""
        return self.of(NEGATIVE)

    @property
    def scattered_pair(self) -> tuple[Mention, Mention] | None:
        """The first two localities of different countries in title and lead, in whatever sentences."""
        return _first_pair([place for passage in self.head for place in passage.localities])

    @property
    def locality_countries(self) -> frozenset[str]:
        """The countries of all settled localities."""
        return frozenset(state(place) for place in self.localities if place.country)

    @property
    def all_countries(self) -> frozenset[str]:
        """The countries of all settled places and of countries named."""
        return self.locality_countries | {state(place) for place in self.countries if place.country}


def gather(article: ArticleForDecision, mentions: Sequence[Mention], cues: Sequence[CueMatch]) -> Evidence:
    """Sort what was found into the sentences of the article, up to `READ_CHARS`."""
    text = article.full_text[:READ_CHARS]
    title_end = min(len(article.title), len(text))
    lead_end = title_end + 2 + (LEAD_CHARS_CJK if is_cjk(text[:400]) else LEAD_CHARS)
    cut = sentences(text)
    starts = [sentence.start for sentence in cut]
    read = [cue for cue in cues if cue.start < len(text)]
    places = [mention for mention in mentions if mention.start < len(text)]
    places += _origins(text[:lead_end], article.language, places)
    places += _towns_abroad(text[:lead_end], places)
    places.sort(key=lambda place: place.start)
    cues_by = _by_sentence(starts, read)
    places_by = _by_sentence(starts, places)
    passages = tuple(
        _passage(sentence, _zone(sentence.start, title_end, lead_end), places_by[index], cues_by[index])
        for index, sentence in enumerate(cut)
    )
    return Evidence(
        passages=passages,
        cues=tuple(read),
        localities=tuple(place for place in places if _is_locality(place)),
        countries=tuple(place for place in places if place.kind is PlaceKind.COUNTRY),
        lead_end=lead_end,
        title_end=title_end,
        head=tuple(passage for passage in passages if passage.zone is not Zone.BODY),
        by_group=_by_group(read),
    )


def _by_group(cues: Iterable[CueMatch]) -> dict[str, tuple[CueMatch, ...]]:
    groups: dict[str, list[CueMatch]] = {}
    for cue in cues:
        groups.setdefault(cue.group, []).append(cue)
    return {group: tuple(found) for group, found in groups.items()}


def _first_pair(places: Iterable[Mention]) -> tuple[Mention, Mention] | None:
    settled = [place for place in places if place.country]
    for other in settled[1:]:
        if state(other) != state(settled[0]):
            return settled[0], other
    return None


def _origins(head: str, language: str | None, places: Sequence[Mention]) -> list[Mention]:
    """Countries named by an adjective, where no name of a place covers it ("New Mexican", "Universität Wien")."""
    return [
        Mention(
            start, end, head[start:end], f"country-{country.lower()}", country, PlaceKind.COUNTRY, ADJECTIVE_CONFIDENCE
        )
        for start, end, country in demonyms.origins(fold_with_offsets(head), language)
        if not any(place.start < end and start < place.end for place in places)
    ]


# Newsrooms of East Asia put the country before a foreign town: 蒙古国纳来哈市, 米国キュパティーノ市, 미국 마운틴뷰시.
_TOWN_ABROAD = re.compile(
    r"[国國]?[・·の\s]?(?P<name>[\u3041-\u30ff\u3400-\u9fff・]{2,12}?[市州省県县縣区區町村郡](?![场場区區民政])"
    r"|[\uac00-\ud7af]{2,10}(?:시|주|성|도|군|구)(?![\uac00-\ud7af]))"
)


def _towns_abroad(head: str, places: Sequence[Mention]) -> list[Mention]:
    """Towns that the gazetteer does not know, by the country right before them."""
    found: list[Mention] = []
    for country in places:
        if country.kind is not PlaceKind.COUNTRY or country.end >= len(head) or not is_cjk(country.surface):
            continue
        match = _TOWN_ABROAD.match(head, country.end)
        if match is None or any(place.start < match.end() and match.start("name") < place.end for place in places):
            continue
        found.append(
            Mention(
                match.start("name"),
                match.end(),
                match["name"],
                None,
                country.country,
                PlaceKind.CITY,
                ADJECTIVE_CONFIDENCE,
            )
        )
    return found


def _by_sentence(starts: Sequence[int], found: Iterable[_Found]) -> list[list[_Found]]:
    buckets: list[list[_Found]] = [[] for _ in starts]
    for one in found:
        index = bisect_right(starts, one.start) - 1
        if index >= 0:
            buckets[index].append(one)
    return buckets


def _passage(sentence: Sentence, zone: Zone, places: Sequence[Mention], cues: Sequence[CueMatch]) -> Passage:
    localities = tuple(place for place in places if _is_locality(place))
    return Passage(
        start=sentence.start,
        end=sentence.end,
        zone=zone,
        localities=localities,
        countries=tuple(place for place in places if place.kind is PlaceKind.COUNTRY),
        cues=tuple(cues),
        groups=frozenset(cue.group for cue in cues),
        pair=_first_pair(localities),
    )


def _zone(start: int, title_end: int, lead_end: int) -> Zone:
    if start < title_end:
        return Zone.TITLE
    return Zone.LEAD if start < lead_end else Zone.BODY


def _is_locality(place: Mention) -> bool:
    return place.kind is None or place.kind in _LOCALITIES


# Where capitals do not tell names: nouns have them in German, titles in English, and other scripts have none.
_CAPITALS_TELL_NOTHING = frozenset({"de", "en", "ar", "fa", "he", "ja", "ko", "zh", "th", "hi"})
_NAME = re.compile(r"(?<=[^\W\d_] )[^\W\d_][^\W\d_]+")


def names(text: str, language: str | None) -> int | None:
    """How many words inside sentences have a capital: a hint at names unknown to the gazetteer. None: cannot tell."""
    if primary(language) in _CAPITALS_TELL_NOTHING:
        return None
    return sum(word[0][0].isupper() for word in _NAME.finditer(text))


def state(place: Mention) -> str:
    """The state a settled place belongs to, as ISO 3166-1 alpha-2; "" where it is open."""
    return STATE_OF.get(place.country or "", place.country or "")
