"""The stages on files: the same code as the service, on what the caller brings, without touching its database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from monitor.domain import decide
from monitor.domain.model.articles import (
    Applied,
    ArticleData,
    IngestIntent,
    Label,
    Origin,
    Reason,
    SourceContext,
    TextPath,
)
from monitor.domain.model.events import EventKind, Role
from monitor.domain.text import MAX_TITLE_CHARS, clean, clean_line
from monitor.domain.urls import canonical_url, host_of
from monitor.pipeline.ingest import article_for_decision, decide_and_apply
from monitor.ports import Gazetteer, LanguageIdentifier, UnitOfWork, Units


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the input: a text with what is known of it."""

    id: str
    title: str
    text: str
    url: str | None = None
    language: str | None = None
    published_on: date | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the product says of one item of a stream; ids are those of the stream."""

    id: str
    label: Label
    score: float
    kinds: tuple[EventKind, ...]  # of the event it reports, main kind first
    places: tuple[str, ...]  # ids of all settled places, in order of the text
    participants: tuple[str, ...]
    event_date: date | None
    event: str | None  # shared by items that report the same event; None: reports none
    duplicate_of: str | None  # id of an earlier item, or "seed:KEY"
    known_seed: str | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Assessing:
    """What judging a stream needs; `units` belong to a throwaway archive that holds the seeds only."""

    units: Units
    gazetteer: Gazetteer
    languages: LanguageIdentifier
    knowledge: decide.Knowledge


def assess_stream(items: Iterable[Item], now: datetime, assessing: Assessing) -> Iterator[Judgement]:
    """Judge items in order, each against all before it; an item repeated under one address is a new revision."""
    items_by_article: dict[int, str] = {}
    for item in items:
        with assessing.units() as unit:
            intent, applied = _judge(unit, item, now, assessing)
            unit.commit()
        judgement = _judgement(item, intent, applied, items_by_article)
        items_by_article.setdefault(applied.article_id, item.id)
        yield judgement


def _judge(unit: UnitOfWork, item: Item, now: datetime, assessing: Assessing) -> tuple[IngestIntent, Applied]:
    title, text = clean_line(item.title, MAX_TITLE_CHARS), clean(item.text)
    language = item.language or assessing.languages.identify(f"{title}\n{text}")
    article = ArticleData(title, text, TextPath.GIVEN, published_on=item.published_on, language=language)
    url = (canonical_url(item.url) if item.url else None) or f"file:{item.id}"
    given = article_for_decision(
        article, url, SourceContext(host_of(url) or "file"), assessing.gazetteer, seen_at=None, origin=Origin.FILE
    )
    understanding = decide.understand(given, assessing.knowledge)
    return decide_and_apply(unit, understanding, article, None, now, assessing.knowledge)


def _judgement(item: Item, intent: IngestIntent, applied: Applied, earlier: dict[int, str]) -> Judgement:
    understanding = intent.understanding
    main = understanding.facts.main
    reported = [
        event_id
        for event, event_id in zip(intent.events, applied.event_ids, strict=True)
        if event.role is not Role.ANNOUNCES
    ]
    places = dict.fromkeys(mention.place_id for mention in understanding.mentions if mention.place_id)
    return Judgement(
        id=item.id,
        label=intent.label,
        score=understanding.assessment.score,
        kinds=main.kinds if main else (),
        places=tuple(places),
        participants=tuple(sorted(main.participants)) if main else (),
        event_date=main.when.starts_on if main and main.when else None,
        event=reported[0] if reported else None,
        duplicate_of=_original(intent, earlier),
        known_seed=intent.known_seed,
        reasons=understanding.assessment.reasons,
    )


def _original(intent: IngestIntent, earlier: dict[int, str]) -> str | None:
    if intent.same_url_id is not None and intent.same_url_id in earlier:
        return earlier[intent.same_url_id]
    if intent.copy_of is None:
        return None
    if intent.copy_of.seed_key is not None:
        return f"seed:{intent.copy_of.seed_key}"
    return earlier.get(intent.copy_of.article_id)
