"""What is known beforehand: loading seed records, and making one of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.domain import decide, dedupe
from monitor.domain.model.articles import ArticleData, Label, Origin, SourceContext, TextPath, Understanding
from monitor.domain.model.events import EXPECTED, Happening, Precision
from monitor.domain.model.partnerships import PartnershipData
from monitor.domain.model.places import Place
from monitor.domain.model.seeds import SeedRecord
from monitor.domain.rawdoc import RawDocument
from monitor.domain.text import clean_line, fold
from monitor.domain.urls import canonical_url, host_of
from monitor.pipeline.ingest import article_for_decision
from monitor.pipeline.partnerships import learn_seed
from monitor.ports import Gazetteer, LanguageIdentifier, Units

KEY_MAX_CHARS = 60
TITLE_MAX_WORDS = 8  # of a title made of the text's first words: enough to know it by
UNDETERMINED = "und"  # ISO 639's code for a language that cannot be told


@dataclass(frozen=True, slots=True)
class Importing:
    """What making a record needs."""

    gazetteer: Gazetteer
    languages: LanguageIdentifier
    knowledge: decide.Knowledge


def load_seeds(
    records: Iterable[tuple[SeedRecord, str]],
    now: datetime,
    units: Units,
    place: Callable[[str], Place | None] | None = None,
) -> int:
    """Write the records (each with its sha) that are new or changed, in one transaction; how many they were.

    Of two with one key the later counts, so that a person's own record replaces a shipped one. Removes nothing. With
    `place`, what their events say of partnerships and series is noted too.
    """
    wanted = {record.key: (record, sha) for record, sha in records}
    with units() as unit:
        loaded = unit.seed_shas()
    changed = [(record, sha) for key, (record, sha) in wanted.items() if loaded.get(key) != sha]
    if changed:
        with units() as unit:
            for record, sha in changed:
                unit.put_seed(record, sha, now)
                if place is not None:
                    learn_seed(record, unit.relations(), now, place)
            unit.commit()
    return len(changed)


def import_seed(
    document: RawDocument | ArticleData, key: str | None, url: str | None, importing: Importing
) -> SeedRecord:
    """The record of a document, for a person to read and mend; without a key one is made of its title.

    Its fingerprint is of the whole document as it was dropped, or of an extracted article's title and text.
    """
    article = _article(document, importing)
    source_url = url or (document.url if isinstance(document, RawDocument) else document.canonical_url)
    address = canonical_url(source_url) if source_url else None
    given = article_for_decision(
        article,
        address or f"seed:{key or 'new'}",
        SourceContext((host_of(address) if address else None) or "seed", language=article.language),
        importing.gazetteer,
        seen_at=None,
        origin=Origin.SEED,
    )
    understanding = decide.understand(given, importing.knowledge)
    record = _record(article, understanding, importing)
    if isinstance(document, RawDocument):
        record = replace(record, fingerprint=dedupe.fingerprint(document.original))
    if isinstance(document, RawDocument) and document.published and document.published.precision is not Precision.DAY:
        record = replace(record, published_on=None)
    return replace(record, key=key or _key(record), url=address)


def _article(document: RawDocument | ArticleData, importing: Importing) -> ArticleData:
    if isinstance(document, ArticleData):
        article = document
    else:
        article = ArticleData(
            title=document.title or "",
            text=document.text,
            path=TextPath.GIVEN,
            author=document.author,
            published_on=document.published_on,
        )
    if article.language is not None:
        return article
    return replace(article, language=importing.languages.identify(f"{article.title}\n{article.text}".strip()))


def _record(article: ArticleData, understanding: Understanding, importing: Importing) -> SeedRecord:
    facts = understanding.facts
    label = _label(understanding)
    happening = _as_known(facts.main) if facts.main is not None and label is Label.EVENT else None
    return SeedRecord(
        key="",
        title=article.title or _title(article, facts.main, importing),
        label=label,
        language=article.language or UNDETERMINED,
        fingerprint=understanding.fingerprint,
        published_on=article.published_on,
        happening=happening,
        expected=tuple(_as_known(one) for one in facts.announced if one.status in EXPECTED and one.participants),
        people=facts.people,
        numbers=facts.numbers,
        organisations=facts.organisations,
        partnerships=() if happening else _partnerships(facts.main),
    )


def _label(understanding: Understanding) -> Label:
    """What a person drops in is about a relation; as an event or not, the facts say where the assessment does not."""
    if understanding.facts.main is None:
        return Label.BACKGROUND
    if understanding.assessment.label in (Label.EVENT, Label.BACKGROUND):
        return understanding.assessment.label
    return Label.EVENT if understanding.facts.main.when is not None else Label.BACKGROUND


def _as_known(happening: Happening) -> Happening:
    """Without what leads back into the text, which is not kept."""
    return replace(happening, evidence=(), sentence="")


def _partnerships(main: Happening | None) -> tuple[PartnershipData, ...]:
    """The relation that a profile describes."""
    if main is None or len(main.participants) < 2:
        return ()
    return (PartnershipData("+".join(sorted(main.participants)), main.participants),)


def _title(article: ArticleData, main: Happening | None, importing: Importing) -> str:
    """For a document without one: the places by name, else its first words."""
    places = [importing.gazetteer.place(one) for one in sorted(main.participants)] if main else []
    names = [next(iter(place.names.get("en", ())), place.id) for place in places if place is not None]
    if len(names) > 1:
        return " – ".join(names)
    words = article.text.split(maxsplit=TITLE_MAX_WORDS)
    return clean_line(" ".join(words[:TITLE_MAX_WORDS]))[:KEY_MAX_CHARS].rstrip() or UNDETERMINED


def _key(record: SeedRecord) -> str:
    """Small letters and figures of the title; of one in another script, the fingerprint's first figures."""
    spelled = "".join(char if char.isascii() and char.isalnum() else " " for char in fold(record.title))
    readable = "-".join(spelled.split())[:KEY_MAX_CHARS].strip("-")
    return readable or record.fingerprint.text_sha[:12]
