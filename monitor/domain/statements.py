"""An article cut into sentences, each with the places, cues and dates that stand in it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from monitor.domain.date_limits import is_limit
from monitor.domain.dates import DateKind, FoundDate, find_dates
from monitor.domain.lexicon import CueMatch, Lexicon
from monitor.domain.model.articles import ArticleForDecision
from monitor.domain.model.events import Precision
from monitor.domain.model.places import Mention, Place
from monitor.domain.sentences import Sentence, sentences

READ_CHARS = 16_000  # of an article; what follows is mostly menus, comments and other articles
HEAD_SENTENCES = 4  # of the text: newsrooms put who, what, where and when there
DATELINES_WITHIN = 4  # sentences of the text: under the title, or under a caption
DATELINE_CHARS = 24  # letters and figures beside its date: time of day, agency, a name
# Dates so long before the publication belong to the history of a relation, not to the news.
HISTORY_DAYS = 270


@dataclass(frozen=True, slots=True)
class Named:
    """A settled place in a sentence."""

    mention: Mention
    place: Place

    @property
    def start(self) -> int:
        """Where its name begins."""
        return self.mention.start

    @property
    def end(self) -> int:
        """Where its name ends."""
        return self.mention.end


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence; `number` counts from 0, titles included."""

    number: int
    start: int
    end: int
    text: str
    is_title: bool
    named: tuple[Named, ...]
    cues: tuple[CueMatch, ...]
    dates: tuple[FoundDate, ...]
    is_history: bool  # tells what was long before, or what always is

    def of(self, prefix: str) -> tuple[CueMatch, ...]:
        """The cues of the groups that begin so."""
        return tuple(cue for cue in self.cues if cue.group.startswith(prefix))

    def has(self, prefix: str) -> bool:
        """Whether there is such a cue."""
        return any(cue.group.startswith(prefix) for cue in self.cues)


@dataclass(frozen=True, slots=True)
class Account:
    """The whole article, read."""

    text: str
    language: str | None
    published_on: date | None
    statements: tuple[Statement, ...]
    head: tuple[Statement, ...]  # title and first sentences, history left out


def read(
    article: ArticleForDecision,
    mentions: Sequence[Mention],
    cues: Sequence[CueMatch],
    lexicon: Lexicon,
    lookup: Callable[[str], Place | None],
) -> Account:
    """Read one article; places that are not settled are left out."""
    text = article.full_text[:READ_CHARS]
    dates = find_dates(text, article.language, lexicon.dates(article.language), article.published_on)
    cut = _Cut(
        title_end=len(article.title),
        base=article.published_on or _latest(dates),
        named=_known(mentions, lookup),
        cues=tuple(sorted(cues, key=lambda cue: cue.start)),
        dates=dates,
    )
    statements = tuple(cut.statement(number, sentence) for number, sentence in enumerate(sentences(text)))
    told, day = _without_datelines(statements)
    return Account(text, article.language, article.published_on or day, told, _head(told))


def _without_datelines(statements: Sequence[Statement]) -> tuple[tuple[Statement, ...], date | None]:
    """The statements without the dates of lines that say when and by whom the article was published, and that day."""
    datelines = [one for one in _lead(statements) if _is_dateline(one)]
    day = datelines[0].dates[0].when.starts_on if datelines else None
    numbers = {one.number for one in datelines}
    return tuple(replace(one, dates=()) if one.number in numbers else one for one in statements), day


def _lead(statements: Sequence[Statement]) -> list[Statement]:
    return [one for one in statements if not one.is_title][:DATELINES_WITHIN]


def _is_dateline(statement: Statement) -> bool:
    """A full date, hardly anything beside it ("2026-06-17 08:30, Xinhua"), and no word of what happened."""
    days = [one for one in statement.dates if one.kind is DateKind.ABSOLUTE and one.when.precision is Precision.DAY]
    if len(days) != 1 or statement.cues:
        return False
    found = days[0]
    beside = statement.text[: found.start - statement.start] + statement.text[found.end - statement.start :]
    return sum(char.isalnum() for char in beside) <= DATELINE_CHARS


def _known(mentions: Iterable[Mention], lookup: Callable[[str], Place | None]) -> tuple[Named, ...]:
    return tuple(
        Named(mention, place)
        for mention in mentions
        if mention.place_id is not None and (place := lookup(mention.place_id)) is not None
    )


def _latest(dates: Iterable[FoundDate]) -> date | None:
    """Stands for the day of publication where that is unknown."""
    return max((one.when.ends_on for one in dates if one.kind is DateKind.ABSOLUTE), default=None)


def _head(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    titles = {one.text for one in statements if one.is_title}
    told = [one for one in statements if not one.is_history and one.text not in titles and _says_something(one)]
    lead = {one.number for one in told[:HEAD_SENTENCES]}
    return tuple(one for one in statements if one.is_title or one.number in lead)


def _says_something(statement: Statement) -> bool:
    """Menus, bylines and names of sites hold neither places nor dates nor cues."""
    return bool(statement.named or statement.dates or statement.cues)


@dataclass(frozen=True, slots=True)
class _Cut:
    """What was found in the whole text, to be handed out to its sentences."""

    title_end: int
    base: date | None
    named: tuple[Named, ...]
    cues: tuple[CueMatch, ...]
    dates: tuple[FoundDate, ...]

    def statement(self, number: int, sentence: Sentence) -> Statement:
        start, end = sentence.start, sentence.end
        dates = self.dates[_first(self.dates, start) : _first(self.dates, end)]
        cues = self.cues[_first(self.cues, start) : _first(self.cues, end)]
        named = self.named[_first(self.named, start) : _first(self.named, end)]
        is_title = start < self.title_end
        return Statement(
            number=number,
            start=start,
            end=end,
            text=sentence.text,
            is_title=is_title,
            named=named,
            cues=cues,
            dates=dates,
            is_history=not is_title and _is_history(dates, cues, self.base, sentence, named),
        )


def _first(things: Sequence[Named] | Sequence[CueMatch] | Sequence[FoundDate], position: int) -> int:
    """The number of the first thing that begins at `position` or later."""
    return bisect_left(things, position, key=lambda thing: thing.start)


def _is_history(
    dates: Sequence[FoundDate],
    cues: Sequence[CueMatch],
    base: date | None,
    sentence: Sentence,
    named: Sequence[Named],
) -> bool:
    """Whether every date of a sentence is long past, or there is none and it describes. What two places do is not made
    history by since when they are partners.
    """
    told = [one for one in dates if one.kind is not DateKind.RELATIVE or one.when.precision is Precision.DAY]
    happens = any(cue.group.startswith("kinds.") for cue in cues)
    is_mutual = happens and len({one.place.id for one in named}) >= 2
    if is_mutual and told and all(is_limit(one, sentence.text, sentence.start) for one in told):
        return False
    if told and base is not None:
        return all((base - one.when.ends_on).days > HISTORY_DAYS for one in told)
    return not happens and any(cue.group == "background.words" for cue in cues)
