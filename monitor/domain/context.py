"""What happens at a watched place beside any relation: a new mayor, a disaster, an attack. Never an event of one.

Only headlines count: a text that has it in passing is about something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from monitor.domain.lexicon import CueMatch, Lexicon
from monitor.domain.model.articles import ArticleForDecision
from monitor.domain.model.partnerships import ContextFound, ContextKind
from monitor.domain.model.places import Mention, PlaceKind, PlaceLookup

LEAD_CHARS = 300  # where the headline does not name the place, the beginning of the text does
MAX_HEADLINE_CHARS = 300  # a longer title is no headline
_DATELINE = re.compile(r"\s{0,3}(?:[:—–]|-\s|[,(/][^\n]{0,30}?(?:[:—–)]|-\s))")
_NOT = "context.not"  # drills, memorials, films, sports: what only sounds like it
_GROUPS = {f"context.{kind.value}": kind for kind in ContextKind}


def context(
    article: ArticleForDecision, mentions: Sequence[Mention], cues: Lexicon, watched: frozenset[str], place: PlaceLookup
) -> tuple[ContextFound, ...]:
    """What an article's headline tells of these places, each kind of each place once; in order of place and kind."""
    headline = article.title[:MAX_HEADLINE_CHARS]
    if not watched or not headline:
        return ()
    told = cues.find(headline, article.language)
    if not told or any(one.group == _NOT for one in told):
        return ()
    meant = _places(mentions, article, watched, place)
    found = {(kind, place_id): ContextFound(kind, place_id, one.start, one.end)
             for one, kind in _kinds(told) for place_id in meant}  # fmt: skip
    return tuple(found[key] for key in sorted(found))


def _kinds(told: Iterable[CueMatch]) -> Iterator[tuple[CueMatch, ContextKind]]:
    return ((one, _GROUPS[one.group]) for one in told if one.group in _GROUPS)


def _places(
    mentions: Sequence[Mention], article: ArticleForDecision, watched: frozenset[str], place: PlaceLookup
) -> frozenset[str]:
    """The watched places that the headline names, or a part of them; else, where it names none at all below a country,
    the first that the lead names, but for its dateline: agencies write from capitals.
    """
    settled = [one for one in mentions if one.place_id is not None and one.kind is not PlaceKind.COUNTRY]
    title_chars, text = len(article.title), article.full_text
    titled = [one for one in settled if one.start < title_chars]
    lead = [one for one in settled if one.start < title_chars + LEAD_CHARS and not _DATELINE.match(text, one.end)]
    near = titled or lead[:1]
    return frozenset(found for one in near for found in _above(one.place_id, place) if found in watched)


def _above(place_id: str | None, place: PlaceLookup) -> Iterator[str]:
    """A place and what it is a part of: its district's city, an institution's seat; not its province."""
    while place_id is not None:
        yield place_id
        entry = place(place_id)
        if entry is None:
            return
        is_part = entry.kind is PlaceKind.DISTRICT
        place_id = entry.seat_id or (entry.parent_id if is_part else None)
