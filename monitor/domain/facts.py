"""What an article says happened: the main happening, what else it announces, people, figures and institutions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from monitor.domain import editions, happening_dates, happenings, people
from monitor.domain.dates import DateKind
from monitor.domain.editions import Edition
from monitor.domain.lexicon import CueMatch, Lexicon
from monitor.domain.model.articles import ArticleForDecision
from monitor.domain.model.events import (
    EXPECTED,
    DateRange,
    EventKind,
    EventStatus,
    Facts,
    Happening,
    Precision,
)
from monitor.domain.model.places import Mention, PlaceLookup
from monitor.domain.participants import cast, cast_of, ids
from monitor.domain.statements import Account, Statement, read

RULES_VERSION = "2"  # raised when the same text may yield other facts

NOMINAL_DAY = date(2000, 7, 1)  # in the middle of a leap year: every day and month of its year is near
MOST_ANNOUNCED = 5
LONGEST_SENTENCE = 400  # characters kept of a head sentence


def gather(
    article: ArticleForDecision,
    mentions: Sequence[Mention],
    lexicon: Lexicon,
    lookup: PlaceLookup,
    cues: Sequence[CueMatch] | None = None,
) -> Facts:
    """Read the facts of one article; `cues` are those of `lexicon.find` on its full text, if already at hand."""
    found = lexicon.find(article.full_text, article.language) if cues is None else cues
    account = read(article, mentions, found, lexicon, lookup)
    main = _main(account, lexicon, lookup)
    if main is not None and main.when is None and article.published_on is None:
        adrift = read(replace(article, published_on=NOMINAL_DAY), mentions, found, lexicon, lookup)
        main = replace(main, yearless=_yearless(adrift, main))
    return Facts(
        main=main,
        announced=_announced(account, main, lexicon, lookup),
        people=people.people(account),
        numbers=people.numbers(account),
        organisations=people.organisations(account),
        days=tuple({one.when: None for told in account.statements for one in told.dates if _is_day(one.when)}),
    )


def _is_day(when: DateRange) -> bool:
    return when.precision is Precision.DAY


# ---------------------------------------------------------------- the main happening


def _main(account: Account, lexicon: Lexicon, lookup: PlaceLookup) -> Happening | None:
    kinds = happenings.kinds(account)
    players = cast(account, lookup)
    if not kinds and len(players.participants) >= 2:
        kinds = _kinds_without_cue(account, lexicon)
    if not kinds or not players.participants:
        return None
    status = happenings.status(account)
    edition = _edition(account, kinds, lexicon)
    parties = frozenset({*ids(players.participants), *([players.host.id] if players.host else [])})
    told = _without_other_editions(account, edition, lexicon)
    dated = happening_dates.date_of(told, kinds[0], status, parties)
    when = dated.found.when if dated else None
    status = _status_by_date(status, when, account.published_on)
    inferred = _inferred(account, status) if when is None else None
    head = dated.statement if dated else _telling(account, kinds[0])
    return Happening(
        kinds=_as_expected(_as_numbered(kinds, edition), status),
        participants=ids(players.participants),
        host_id=players.host.id if players.host else None,
        when=when or inferred,
        status=status,
        ordinal=edition.number if edition else None,
        series_key=editions.series_key(edition.family, players.participants, lookup) if edition else None,
        evidence=_evidence(account, head),
        date_inferred=inferred is not None,
        countries=frozenset(place.country for place in players.participants),
        sentence=head.text[:LONGEST_SENTENCE] if head else "",
    )


def _kinds_without_cue(account: Account, lexicon: Lexicon) -> tuple[EventKind, ...]:
    """What two places do where no cue of a kind says it: a numbered meeting, or a title that links them."""
    if any(editions.editions(one, account.language, lexicon) for one in account.head):
        return (EventKind.CONFERENCE,)
    links = any(one.is_title and (one.has("relation.strong") or one.has("relation.weak")) for one in account.head)
    return (EventKind.STATEMENT,) if links else ()


def _status_by_date(status: EventStatus, when: DateRange | None, published_on: date | None) -> EventStatus:
    """A day to come is an announcement; a day gone by no longer is one."""
    if when is None or published_on is None:
        return status
    if status is EventStatus.HAPPENED and when.starts_on > published_on:
        return EventStatus.ANNOUNCED
    if status is EventStatus.ANNOUNCED and when.ends_on < published_on and when.precision is Precision.DAY:
        return EventStatus.HAPPENED
    return status


def _as_expected(kinds: tuple[EventKind, ...], status: EventStatus) -> tuple[EventKind, ...]:
    """What is to be signed is so far an intent."""
    if status not in EXPECTED or kinds[0] is not EventKind.AGREEMENT_SIGNED:
        return kinds
    return (EventKind.AGREEMENT_INTENT, *(kind for kind in kinds if kind is not EventKind.AGREEMENT_INTENT))


def _as_numbered(kinds: tuple[EventKind, ...], edition: Edition | None) -> tuple[EventKind, ...]:
    """Talks that are numbered are a meeting of a series."""
    if edition is None or kinds[0] is not EventKind.TALKS or EventKind.CONFERENCE not in kinds:
        return kinds
    return (EventKind.CONFERENCE, *(kind for kind in kinds if kind is not EventKind.CONFERENCE))


def _inferred(account: Account, status: EventStatus) -> DateRange | None:
    """The day of publication, where the head tells news: something that happened, between places, and not long ago."""
    if account.published_on is None or status is not EventStatus.HAPPENED:
        return None
    told = [one for one in account.head if one.has("kinds.") or one.has("relation.")]
    describes = sum(one.has("background.words") for one in account.head)
    if not told or describes >= len(told):
        return None
    return DateRange(account.published_on, account.published_on)


def _yearless(adrift: Account, main: Happening) -> DateRange | None:
    """The date that is told without its year, where nothing says in which year the text was written; `adrift` is the
    article read as if it were of `NOMINAL_DAY`.
    """
    statements = tuple(
        replace(one, dates=tuple(date for date in one.dates if date.kind is DateKind.YEARLESS))
        for one in adrift.statements
    )
    dated = happening_dates.date_of(
        replace(adrift, statements=statements, published_on=None), main.kinds[0], main.status
    )
    if dated is None or happening_dates.is_limit(dated.found, dated.statement):
        return None
    if dated.found.when.precision is not Precision.DAY and not dated.statement.has("kinds." + main.kinds[0]):
        return None  # a month told in passing is that of some other happening
    return dated.found.when


def _telling(account: Account, main: EventKind) -> Statement | None:
    """The first sentence of the head that says the main kind, the text before the title."""
    told = [one for one in account.head if one.has("kinds." + main.value)]
    return next((one for one in told if not one.is_title), told[0] if told else None)


def _evidence(account: Account, head: Statement | None) -> tuple[tuple[int, int], ...]:
    title = [(one.start, one.end) for one in account.head if one.is_title and one.has("kinds.")]
    spans = title + ([(head.start, head.end)] if head is not None else [])
    return tuple(sorted(set(spans)))


def _edition(account: Account, kinds: Sequence[EventKind], lexicon: Lexicon) -> Edition | None:
    """The edition that the head numbers; the title's before the sentences'."""
    for one in account.head:
        if one.is_title or (EventKind.CONFERENCE in kinds and one.has("kinds.conference")):
            found = editions.editions(one, account.language, lexicon)
            if found:
                return found[0]
    return None


def _without_other_editions(account: Account, edition: Edition | None, lexicon: Lexicon) -> Account:
    """The account without the dates of sentences on other editions: "the 4th conference, held in Kunming in 2024"."""
    if edition is None:
        return account
    return replace(
        account,
        statements=tuple(
            replace(one, dates=()) if _is_on_another(one, edition, account.language, lexicon) else one
            for one in account.statements
        ),
    )


def _is_on_another(statement: Statement, edition: Edition, language: str | None, lexicon: Lexicon) -> bool:
    if not statement.dates or not statement.has("ordinals."):
        return False
    numbers = {one.number for one in editions.editions(statement, language, lexicon)}
    return bool(numbers) and edition.number not in numbers


# ---------------------------------------------------------------- what is still to come


def _announced(
    account: Account, main: Happening | None, lexicon: Lexicon, lookup: PlaceLookup
) -> tuple[Happening, ...]:
    """Happenings to come that the article names beside its main one, in order."""
    found: list[Happening] = []
    for one in account.statements:
        happening = _to_come(one, account, main, lexicon, lookup)
        if happening is None or (main is not None and _is_same(happening, main)):
            continue
        if not any(_is_same(happening, other) for other in found):
            found.append(happening)
    return tuple(found[:MOST_ANNOUNCED])


def _to_come(
    statement: Statement, account: Account, main: Happening | None, lexicon: Lexicon, lookup: PlaceLookup
) -> Happening | None:
    when = _future(statement, account, main)
    if when is None and not statement.has("status.announced"):
        return None
    kinds = happenings.kinds_of(statement)
    if not kinds:
        return None
    numbered = editions.editions(statement, account.language, lexicon)
    edition = next((one for one in numbered if main is None or one.number != main.ordinal), None)
    if when is None and edition is None:
        return None
    if edition is None and _is_scope(when, statement, main):
        return None
    players = cast_of(statement, lookup).participants
    happening = Happening(
        kinds=(EventKind.CONFERENCE, *(kind for kind in kinds if kind is not EventKind.CONFERENCE))
        if edition
        else _as_expected(kinds, EventStatus.ANNOUNCED),
        participants=ids(players),
        host_id=None,
        when=when,
        status=EventStatus.ANNOUNCED,
        ordinal=edition.number if edition else None,
        series_key=editions.series_key(edition.family, players, lookup) if edition else None,
        evidence=((statement.start, statement.end),),
        countries=frozenset(place.country for place in players),
        sentence=statement.text[:LONGEST_SENTENCE],
    )
    return _with_parties(happening, main, edition)


def _with_parties(happening: Happening, main: Happening | None, edition: Edition | None) -> Happening | None:
    """Who is not named again is meant all the same: the next edition has the parties and series of this one."""
    if main is None:
        return happening if len(happening.participants) >= 2 else None
    if edition is not None and main.series_key is not None and f":{edition.family}:" in f"{main.series_key}:":
        return replace(
            happening,
            participants=main.participants | happening.participants,
            countries=main.countries,
            series_key=main.series_key,
        )
    if len(happening.countries) >= 2:
        return happening
    return replace(
        happening,
        participants=main.participants | happening.participants,
        countries=main.countries | happening.countries,
    )


def _future(statement: Statement, account: Account, main: Happening | None) -> DateRange | None:
    """The first date of a sentence that lies behind the day the article speaks from."""
    now = account.published_on or (main.when.ends_on if main is not None and main.when is not None else None)
    if now is None or statement.is_history or not statement.dates:
        return None
    ahead = [
        one.when for one in statement.dates if one.when.starts_on > now and not happening_dates.is_limit(one, statement)
    ]
    is_told = bool(statement.of("status.announced") or statement.of("status.proposed"))
    return ahead[0] if ahead and (is_told or statement.has("kinds.")) else None


def _is_scope(when: DateRange | None, statement: Statement, main: Happening | None) -> bool:
    """Whether a year to come is only what something else is about: "signed on 3 May a plan for next year"."""
    if when is None or when.precision is not Precision.YEAR:
        return False
    years = [one for one in statement.dates if one.when == when]
    words = [*statement.of("status.announced"), *statement.of("status.proposed")]
    if all(any(one.start <= word.start and word.end <= one.end for one in years) for word in words):
        return True  # nothing but the year itself is ahead
    if main is None or main.when is None:
        return False
    told = [one.when for one in statement.dates if one.when.precision is Precision.DAY]
    return any(one.starts_on <= main.when.ends_on and main.when.starts_on <= one.ends_on for one in told)


def _is_same(one: Happening, other: Happening) -> bool:
    """Whether two happenings of one article are one."""
    if one.ordinal is not None and one.ordinal == other.ordinal and one.series_key == other.series_key:
        return True
    if one.when is None or other.when is None:
        return one.when is other.when and one.kinds[0] is other.kinds[0]
    overlap = one.when.starts_on <= other.when.ends_on and other.when.starts_on <= one.when.ends_on
    return overlap and one.ordinal in (None, other.ordinal)
