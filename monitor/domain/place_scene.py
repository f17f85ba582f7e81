"""What surrounds the names of places in a text: words before and after, sentences, countries spoken of, persons."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from monitor.domain import demonyms
from monitor.domain.lexicon import NEGATIVE, STRONG, CueMatch
from monitor.domain.model.articles import SourceContext
from monitor.domain.model.places import INSTITUTIONS, Place, PlaceHit, PlaceKind
from monitor.domain.place_words import (
    CITY_NOUNS,
    CITY_SUFFIXES,
    FIRST_NAMES,
    GENERIC,
    HOME_COUNTRIES,
    HONORIFICS,
    LOCATIVE,
    NEUTRAL,
    NOUN_BEFORE_NAME,
    OF,
    OFFICES,
    PROVINCE_NOUNS,
    PROVINCE_SUFFIXES,
)
from monitor.domain.text import fold, fold_with_offsets

WELL_KNOWN_FROM = 100_000  # inhabitants
SHORT_NAME = 4  # letters: Feng, Gao, Tran are persons far more often than the towns that the library knows
UNDIVIDED = frozenset({PlaceKind.PROVINCE, PlaceKind.REGION, PlaceKind.COUNTY})
CITY_KINDS = frozenset({PlaceKind.CITY, PlaceKind.VILLAGE, PlaceKind.DISTRICT})

_SENTENCE_END = re.compile(r"(?<!\b\d)(?<!\b\d\d)[.!?…](?=\s)|[。！？]|\n")
_WORDS = re.compile(r"[^\W\d_]+")
_JOINED_BEFORE = frozenset({" ", "'", "’", "-", "\u00a0"})
# Nouns of cities that are mostly written short; their point ends no sentence.
_SHORT_NOUNS = frozenset(["г", "гр", "м", "с", "смт", "п", "д", "пос", "tp", "tx", "q", "ul", "st", "mun", "com"])
_PARTS_OF_A_NAME = frozenset({" ", "-"})
_NEXT_WORD = re.compile(r"(\s+|-|['’])?([^\W\d_]+)")
_IN_BRACKETS = re.compile(r"\s*[(（\[,，]\s*")
_COMMAS = frozenset({",", "、", "，", "،"})
# A given name, then the particle of a family name.
_PARTICLE = re.compile(r"[^\W\d_]+[a-zß-öø-ÿ] (?:Del|Della|Dal|Di|Da|De|Van|Von|Van der|De la) $")
NEIGHBOURS = 12  # names to each side that bear on one
_LONGEST_HEADLINE = 300
_HEADLINE_SENTENCES = 2
_LOOK_BACK = 40
_LOOK_AHEAD = 30


@dataclass(frozen=True, slots=True)
class Around:
    """The words next to a hit."""

    before: str = ""  # folded word directly before
    before_that: str = ""
    is_capital_before: bool = False
    after: str = ""  # folded word directly after, parted by a blank, a hyphen or an apostrophe
    is_capital_after: bool = False
    begins_sentence: bool = False
    noun_stands_before: bool = True

    @property
    def noun(self) -> str:
        """The noun that the name hangs on: "province" in "province de Lao Cai"; "" where the language needs a word
        between them and there is none ("City Deal").
        """
        if self.before in OF:
            return self.before_that
        return self.before if self.noun_stands_before or self.before in PROVINCE_NOUNS else ""


class Scene:
    """The text with everything that is asked about it more than once."""

    def __init__(
        self,
        text: str,
        language: str,
        source: SourceContext,
        published_on: date | None,
        hits: Sequence[PlaceHit],
        cues: Sequence[CueMatch],
    ) -> None:
        self.text = text
        self.language = language
        self.source = source
        self.published_on = published_on
        self.hits = hits
        self.home = HOME_COUNTRIES.get(language, frozenset())
        self.locative = LOCATIVE.get(language, frozenset())
        self.keys = [key_of(hit.surface) for hit in hits]
        by_place = Counter(hit.candidates[0].id for hit in hits)  # Kroměříž and Kroměříže are one
        self.namings = {key: by_place[hit.candidates[0].id] for key, hit in zip(self.keys, hits, strict=True)}
        self.sure = [sure_country(hit) for hit in hits]
        self.arounds = [self._around(hit) for hit in hits]
        self._ends = [match.end() for match in _SENTENCE_END.finditer(text)]
        self.sentence_of = [bisect_right(self._ends, hit.start) for hit in hits]
        self._phrases = [cue for cue in cues if " " in cue.surface]
        told = [cue for cue in cues if cue.group.startswith("relation.") and cue.group != NEGATIVE]
        self._told_at = [cue.start for cue in told]
        self._cue_sentences = {bisect_right(self._ends, cue.start) for cue in told}
        self._strong_sentences = {bisect_right(self._ends, cue.start) for cue in told if cue.group == STRONG}

    def neighbours(self, number: int) -> Iterable[int]:
        """The other hits of the same sentence, those within reach."""
        own = self.sentence_of[number]
        first, last = max(0, number - NEIGHBOURS), min(len(self.hits), number + NEIGHBOURS + 1)
        return (at for at in range(first, last) if at != number and self.sentence_of[at] == own)

    def listed_with(self, number: int) -> set[str]:
        """The countries of the names that a comma ties to hit `number`: lists go by country, pairs do not."""
        found: set[str] = set()
        for first, second, other in ((number - 1, number, number - 1), (number, number + 1, number + 1)):
            if first < 0 or second >= len(self.hits) or not (country := self.sure[other]):
                continue
            if self.text[self.hits[first].end : self.hits[second].start].strip() in _COMMAS:
                found.add(country)
        return found

    def has_cue(self, number: int) -> bool:
        """Whether a relation cue stands in the sentence of hit `number`."""
        return self.sentence_of[number] in self._cue_sentences

    def has_strong_cue(self, number: int) -> bool:
        """Whether a cue that names a relation nearly alone stands in the sentence of hit `number`."""
        return self.sentence_of[number] in self._strong_sentences

    def is_in_phrase(self, number: int) -> bool:
        """Whether hit `number` is a word of a longer phrase that we know: "Green light"."""
        hit = self.hits[number]
        return any(
            cue.start <= hit.start and hit.end <= cue.end and cue.end - cue.start > hit.end - hit.start
            for cue in self._phrases
        )

    def may_be_word(self, number: int) -> bool:
        """Whether only the beginning of a sentence gives hit `number` its capital, as in "March past in Kunming for the
        twinning", told once: of a town that is a party the relation is told before any other is named.
        """
        around = self.arounds[number]
        is_lower_after = around.after != "" and not around.is_capital_after
        if not (around.begins_sentence and is_lower_after and self.namings[self.keys[number]] == 1):
            return False
        end = self.hits[number].end
        told_at = min((start for start in self._told_at if start >= end), default=end)
        return any(self.sure[at] and end <= self.hits[at].start < told_at for at in self.neighbours(number))

    def partner_country(self, number: int) -> str | None:
        """The country that hit `number` is probably not of: that of the only other place in a sentence that names a
        relation, which binds places of two countries.
        """
        if self.sentence_of[number] not in self._strong_sentences:
            return None
        own = self.keys[number]
        others = {
            place.id: self.sure[at]
            for at in self.neighbours(number)
            if self.keys[at] != own and (place := self.hits[at].candidates[0]).kind is not PlaceKind.COUNTRY
        }
        return next(iter(others.values())) if len(others) == 1 else None

    @cached_property
    def votes(self) -> Counter[str]:
        """How many places speak for each country: those whose country is beyond doubt, countries themselves double."""
        votes: Counter[str] = Counter()
        sure = {
            hit.candidates[0].id: hit.candidates[0] for hit, known in zip(self.hits, self.sure, strict=True) if known
        }
        for place in sure.values():
            votes[place.country] += 2 if place.kind is PlaceKind.COUNTRY else 1
        return votes

    @cached_property
    def votes_by_sentence(self) -> Mapping[int, Counter[str]]:
        """The same for each sentence, by names."""
        votes: defaultdict[int, Counter[str]] = defaultdict(Counter)
        for sentence, country in zip(self.sentence_of, self.sure, strict=True):
            if country:
                votes[sentence][country] += 1
        return votes

    @cached_property
    def person_keys(self) -> frozenset[str]:
        """Names that are somebody's in this text and never clearly a place."""
        doubtful = [number for number, hit in enumerate(self.hits) if not self.sure[number] and is_doubtful(hit)]
        persons = {self.keys[number] for number in doubtful if self.is_named_person(number)}
        return frozenset(persons - {self.keys[number] for number in doubtful if self.is_clearly_placed(number)})

    def is_clearly_placed(self, number: int) -> bool:
        """Whether the words before hit `number` can only stand before a place."""
        around = self.arounds[number]
        return around.before in self.locative or around.noun in CITY_NOUNS or around.noun in PROVINCE_NOUNS

    def _around(self, hit: PlaceHit) -> Around:
        back = max(0, hit.start - _LOOK_BACK)
        window = self.text[back : hit.start]
        words = list(_WORDS.finditer(window))[-2:]
        begins = not words or _SENTENCE_END.search(self.text, back + words[-1].end(), hit.start) is not None
        gap = window[words[-1].end() :] if words else ""
        if gap == ". " and key_of(words[-1][0]) in _SHORT_NOUNS:
            begins, gap = False, " "
        before = words[-1][0] if not begins and gap in _JOINED_BEFORE else ""
        after = _NEXT_WORD.match(self.text, hit.end, hit.end + _LOOK_AHEAD)
        return Around(
            before=key_of(before),
            before_that=key_of(words[0][0]) if before and len(words) == 2 else "",
            is_capital_before=before[:1].isupper() and gap in _PARTS_OF_A_NAME,
            after=key_of(after[2]) if after else "",
            is_capital_after=after is not None and after[2][0].isupper() and after[1] in _PARTS_OF_A_NAME,
            begins_sentence=begins,
            noun_stands_before=self.language in NOUN_BEFORE_NAME,
        )

    def is_headline_case(self, number: int) -> bool:
        """Whether it stands in a headline of which nearly every word has a capital, so that capitals tell nothing."""
        return self.sentence_of[number] in self._headlines

    @cached_property
    def _headlines(self) -> frozenset[int]:
        return frozenset(sentence for sentence in range(_HEADLINE_SENTENCES + 1) if self._is_in_capitals(sentence))

    def _is_in_capitals(self, sentence: int) -> bool:
        if sentence > len(self._ends):
            return False
        start = self._ends[sentence - 1] if sentence else 0
        end = self._ends[sentence] if sentence < len(self._ends) else len(self.text)
        words = [
            word
            for word in self.text[start : min(end, start + _LONGEST_HEADLINE)].split()
            if len(word) > 3 and word[0].isalpha()
        ]
        return len(words) >= 4 and sum(word[0].isupper() for word in words) >= 0.75 * len(words)

    def is_named_person(self, number: int) -> bool:
        """Whether hit `number` looks like a part of a person's name: a capitalised word that is no place next to it."""
        around, hit = self.arounds[number], self.hits[number]
        if "・" in self.text[max(0, hit.start - 1) : hit.start] + self.text[hit.end : hit.end + 1]:
            return True
        if around.before in HONORIFICS and around.before not in CITY_NOUNS:
            return True
        if self._follows_particle(hit) or self.follows_given_name(number):
            return True
        if (
            self.country_before(number)
            or self.is_clearly_placed(number)
            or not (around.is_capital_after or around.is_capital_before)
        ):
            return False
        if self.is_headline_case(number):
            return False
        follows = around.is_capital_after and around.after not in NEUTRAL and not self._is_hit_at(number + 1, hit.end)
        leads = (
            around.is_capital_before
            and around.before not in NEUTRAL
            and not self._touches_sentence_start(hit.start, around.before)
            and not self._is_hit_before(number)
        )
        return follows or leads

    def country_before(self, number: int) -> str | None:
        """The country whose adjective stands right before hit `number`, in languages that put it there without an
        article: "szwedzkiego Söderhamn", "грузинского Рустави".
        """
        if self.language not in _ADJECTIVE_FIRST:
            return None
        start = self.hits[number].start
        before = self.text[max(0, start - _LONGEST_ADJECTIVE) : start]
        if not before.endswith(" "):
            return None
        told = demonyms.origins(fold_with_offsets(before), self.language)
        return next((country for _, end, country in told if end == len(before) - 1), None)

    def follows_given_name(self, number: int) -> bool:
        """Whether an office stands before two names: "Bürgermeister Paul Metz", "gradonačelnik Milan Horvatić"."""
        around = self.arounds[number]
        if around.before in OFFICES and around.is_capital_after and self.keys[number] in FIRST_NAMES:
            return around.after not in NEUTRAL and not self._is_hit_at(number + 1, self.hits[number].end)
        is_name = around.is_capital_before and around.before not in NEUTRAL and len(around.before) > 2
        return is_name and around.before_that in OFFICES and not self._is_hit_before(number)

    def _follows_particle(self, hit: PlaceHit) -> bool:
        """Whether a capital particle inside a sentence makes it a family name: "Francesco Del Siena"."""
        found = _PARTICLE.search(self.text, max(0, hit.start - _LOOK_BACK), hit.start)
        return found is not None

    def _is_hit_at(self, number: int, end: int) -> bool:
        return number < len(self.hits) and self.hits[number].start - end <= 1 and not is_doubtful(self.hits[number])

    def _is_hit_before(self, number: int) -> bool:
        is_beside = number > 0 and self.hits[number].start - self.hits[number - 1].end <= 1
        return is_beside and not is_doubtful(self.hits[number - 1])

    def _touches_sentence_start(self, start: int, before: str) -> bool:
        """Whether the word before is capitalised only because a sentence begins with it, and too short for a name."""
        lead = self.text[max(0, start - len(before) - 4) : start - len(before) - 1].rstrip("\"'«“„( ")
        return len(before) <= SHORT_NAME and (not lead or lead[-1] in ".!?\n:")


@lru_cache(maxsize=16_384)
def key_of(word: str) -> str:
    """A word folded; words come again and again."""
    return fold(word)


def sure_country(hit: PlaceHit) -> str | None:
    """The country of a name beyond doubt."""
    first = hit.candidates[0]
    if asks_for_support(hit, first) or any(place.country != first.country for place in hit.candidates[1:]):
        return None
    return first.country


def is_doubtful(hit: PlaceHit) -> bool:
    """Whether every place of that name would have to prove itself."""
    return all(asks_for_support(hit, place) for place in hit.candidates)


def asks_for_support(hit: PlaceHit, place: Place) -> bool:
    """Whether a name could as well be a word or a person: flagged so, a common noun, a short name that only the library
    knows, or one of a script without capitals.
    """
    if place.kind is PlaceKind.COUNTRY or place.kind in INSTITUTIONS:
        return False
    if place.needs_context or key_of(hit.surface) in GENERIC:
        return True
    if not place.id.startswith("gn") or " " in hit.surface:
        return False
    is_short = len(hit.surface) <= SHORT_NAME and hit.surface[0] < "\u0250" and place.population < WELL_KNOWN_FROM * 10
    return is_short or "\u0590" <= hit.surface[0] < "\u0700"


def suffix_of(surface: str) -> str:
    """The administrative suffix that a surface in Han or hangul ends with: "昆明市" is a city; "" for none."""
    if len(surface) < 3 or surface[0] < "\u3000":
        return ""
    return next((suffix for suffix in (*CITY_SUFFIXES, *PROVINCE_SUFFIXES) if surface.endswith(suffix)), "")


# Languages in which a country's adjective goes right before the name of a town.
_ADJECTIVE_FIRST = frozenset({"ru", "uk", "bg", "sr", "hr", "pl", "cs", "sk", "sv", "da", "no"})
_LONGEST_ADJECTIVE = 24  # characters, with the blank behind


def country_behind(number: int, hit: PlaceHit, scene: Scene) -> str | None:
    """The country that follows in brackets or after a comma: "Kunming (Chine)", "Vaughan, Canada"; else that whose
    adjective stands right before.
    """
    return _country_that_follows(number, hit, scene) or scene.country_before(number)


def _country_that_follows(number: int, hit: PlaceHit, scene: Scene) -> str | None:
    if number + 1 >= len(scene.hits):
        return None
    following = scene.hits[number + 1]
    gap = _IN_BRACKETS.match(scene.text, hit.end)
    if gap is None or following.start - gap.end() > 18 or scene.text[hit.end : following.start].count(",") > 1:
        return None
    first = following.candidates[0]
    is_bracketed = "(" in gap[0] or "（" in gap[0] or "[" in gap[0]
    if first.kind is PlaceKind.COUNTRY and (is_bracketed or following.start == gap.end()):
        return first.country
    is_part = first.kind in UNDIVIDED and sure_country(following) is not None and is_bracketed
    return first.country if is_part else None
