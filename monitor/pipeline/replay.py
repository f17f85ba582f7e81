"""Replay: stored articles are read and decided again under the current rules, beside the archive.

Nothing of it is ever sent, and the archive is not touched until the difference is adopted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from monitor.domain import decide, replaying
from monitor.domain.decide import Knowledge
from monitor.domain.model.articles import ArticleData, ExtractFailed, Origin, TextPath, Understanding
from monitor.domain.model.replay import Difference, RevisionForReplay
from monitor.errors import NotFound
from monitor.pipeline.ingest import article_for_decision, best_text
from monitor.ports import CaptureStore, Extractor, Gazetteer, LanguageIdentifier, Shadow

KEPT_EVERY = 50  # revisions: what a killed replay loses at most

Watch = Callable[[int, int], None]  # revisions done, of how many


@dataclass(frozen=True, slots=True)
class Replaying:
    """What a replay needs."""

    captures: CaptureStore
    extractor: Extractor
    languages: LanguageIdentifier
    gazetteer: Gazetteer
    knowledge: Knowledge


def unwatched(done: int, total: int) -> None:
    """Nobody looks on."""
    del done, total


def replay(
    shadow: Shadow, replaying_with: Replaying, watch: Watch = unwatched, kept_every: int = KEPT_EVERY
) -> Difference:
    """Decide all that the shadow still has before it; how it differs from the archive then. One that was killed goes
    on where it was kept last.
    """
    total = shadow.total()
    done = total - shadow.left()
    watch(done, total)
    while batch := shadow.pending(kept_every):
        for revision in batch:
            _decide_again(revision, shadow, replaying_with)
            done += 1
            watch(done, total)
        shadow.keep(batch[-1])
    return shadow.difference()


def _decide_again(revision: RevisionForReplay, shadow: Shadow, replaying_with: Replaying) -> None:
    article = _read_again(revision, replaying_with)
    understanding = _understood(revision, article, replaying_with)
    said = shadow.verdicts(revision.article_id)
    known = replaying.known_for(revision, shadow.known(decide.query(understanding), revision), said)
    intent = decide.ingest(known, understanding, revision.made_at, replaying_with.knowledge)
    shaped = {one.id: one for one in known.events if one.id in shadow.shaped}
    intent = replaying.held(intent, revision, shaped, said)
    shadow.write(revision, replaying.named(intent, shadow.former(revision)), article)


def _read_again(revision: RevisionForReplay, replaying_with: Replaying) -> ArticleData:
    """The text by the current extractor where the page is still held, else as it was stored."""
    stored, capture = revision.stored, revision.capture
    if capture is None:
        return stored
    try:
        body = replaying_with.captures.get(capture.sha256)
    except NotFound:
        return stored
    entry = revision.entry
    language = (entry.language or entry.source_language) if entry is not None else revision.source.language
    extracted = replaying_with.extractor.extract(body, capture.final_url, capture.content_type, language)
    if isinstance(extracted, ExtractFailed):
        return stored
    if entry is None:
        return _completed(extracted, stored)
    # What the feed carries today need not be what it carried then: the stored text is.
    article = best_text(entry, extracted, replaying_with.languages)
    return article if article.path is TextPath.PAGE else stored


def _completed(extracted: ArticleData, stored: ArticleData) -> ArticleData:
    return replace(
        extracted,
        title=extracted.title or stored.title,
        author=extracted.author or stored.author,
        published_at=extracted.published_at or stored.published_at,
        published_on=extracted.published_on or stored.published_on,
        language=extracted.language or stored.language,
    )


def _understood(revision: RevisionForReplay, article: ArticleData, replaying_with: Replaying) -> Understanding:
    seen_at = revision.entry.first_seen_at if revision.entry is not None else revision.first_seen_at
    given = article_for_decision(
        article,
        revision.url,
        revision.source,
        replaying_with.gazetteer,
        seen_at=seen_at if revision.origin is Origin.FEED else None,
        baseline=revision.baseline,
        origin=revision.origin,
        url_key=revision.url_key,
    )
    return decide.understand(given, replaying_with.knowledge)
