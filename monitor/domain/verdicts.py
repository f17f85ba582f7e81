"""What a person's correction changes, and what taking it back changes; pure, so that every undo can be checked.

What of a correction is told: an event that a person merges or edits is told as corrected only to those who were told
of it before, that is, when a digest was written over its changes. A part split off is news to everybody who took it
for the other event, so it is told unless all its reports come from a baseline or a seed. An event that loses its last
report is closed and never told again. Taking a verdict back silences lines that no digest has told yet; what was told
is corrected aloud.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime

from monitor.domain.event_facts import PINNED, joined, period
from monitor.domain.model.articles import Label
from monitor.domain.model.events import ChangeIntent, ChangeKind, EventOrigin, Happening, Role
from monitor.domain.model.review import (
    ArticleForReview,
    ArticleLink,
    ArticleStanding,
    Effects,
    EventFacts,
    EventForReview,
    FactsChange,
    LabelChange,
    Merged,
)


def combined(*parts: Effects) -> Effects:
    """All of them, in order."""
    return Effects(**{one.name: sum((getattr(part, one.name) for part in parts), ()) for one in fields(Effects)})


def relabelled(standings: Iterable[ArticleStanding], label: Label) -> Effects:
    """Give articles a label."""
    return Effects(labels=tuple(LabelChange(one.id, one.label, label) for one in standings if one.label is not label))


def rejected(article: ArticleForReview, events: Iterable[EventForReview]) -> Effects:
    """The article and the copies of its text are irrelevant, belong to no event, and close those they leave empty."""
    everyone = (article.standing, *article.copies)
    unlinked = tuple(link for one in everyone for link in one.links)
    gone = {(link.event_id, link.article_id) for link in unlinked}
    emptied = tuple(one.event.id for one in events if is_emptied(one, gone))
    return combined(relabelled(everyone, Label.IRRELEVANT), Effects(unlinked=unlinked, closed=emptied))


def is_emptied(event: EventForReview, gone: Collection[tuple[str, int]]) -> bool:
    """Whether an event has no report left once these links are gone; those added by hand need none."""
    if event.event.origin is EventOrigin.HAND or event.event.is_closed:
        return False
    return all((link.event_id, link.article_id) in gone for link in event.links)


def confirmed_copies(article: ArticleForReview, event_ids: Sequence[str], now: datetime) -> Effects:
    """The copies of a confirmed text are relevant, and copies in its events."""
    linked = tuple(
        ArticleLink(event_id, copy.id, Role.COPY, "a copy of a report on it", None, now)
        for copy in article.copies
        for event_id in event_ids
        if event_id not in {link.event_id for link in copy.links}
    )
    return combined(relabelled(article.copies, Label.EVENT), Effects(linked=linked))


def rehung(links: Iterable[ArticleLink], to: EventForReview | str, why: str, now: datetime) -> Effects:
    """Let articles belong to another event instead; those that do already keep that link as it is."""
    to_id, there = (to, frozenset[int]()) if isinstance(to, str) else (to.event.id, _article_ids(to.links))
    unlinked = tuple(links)
    linked = tuple(
        replace(link, event_id=to_id, why=why, score=None, linked_at=now)
        for link in unlinked
        if link.article_id not in there
    )
    return Effects(linked=linked, unlinked=unlinked)


def merged(event: EventForReview, into: EventForReview, happening: Happening, why: str, now: datetime) -> Effects:
    """Let an event go into another."""
    after = joined(into.facts, event.facts, happening)
    return combined(
        rehung(event.links, into, why, now),
        Effects(
            facts=(FactsChange(into.event.id, into.facts, after),),
            merged=(Merged(event.event.id, into.event.id),),
        ),
    )


def inverse(effects: Effects) -> Effects:
    """What takes them back. An event that was opened is closed, unless articles still belong to it."""
    return Effects(
        labels=tuple(LabelChange(one.article_id, one.after, one.before) for one in reversed(effects.labels)),
        linked=effects.unlinked,
        unlinked=effects.linked,
        facts=tuple(FactsChange(one.event_id, one.after, one.before) for one in reversed(effects.facts)),
        closed=effects.opened + effects.reopened,
        reopened=effects.closed + effects.shut,
        merged=effects.parted,
        parted=effects.merged,
    )


def rejoined(effects: Effects, part: EventForReview, whole: EventForReview, now: datetime) -> Effects:
    """What takes a split back: the part goes into the whole again, with all that has come to it since."""
    back = inverse(effects)
    since = [link for link in part.links if link.article_id not in _article_ids(back.unlinked)]
    later = rehung(since, whole, "came to a part that was split off", now)
    ends = Effects(merged=(Merged(part.event.id, whole.event.id),))
    return combined(replace(back, closed=()), later, ends)


def touched_articles(effects: Effects) -> frozenset[int]:
    """Whose standing they change."""
    linked = _article_ids((*effects.linked, *effects.unlinked))
    return linked | {one.article_id for one in effects.labels}


def touched_events(effects: Effects) -> tuple[str, ...]:
    """Which events they change, in a fixed order."""
    found = [link.event_id for link in (*effects.linked, *effects.unlinked)]
    found += [one.event_id for one in effects.facts]
    found += [*effects.opened, *effects.closed, *effects.shut, *effects.reopened]
    found += [one for both in (*effects.merged, *effects.parted) for one in (both.event_id, both.into)]
    return tuple(sorted(set(found)))


def _article_ids(links: Iterable[ArticleLink]) -> frozenset[int]:
    return frozenset(link.article_id for link in links)


# ---------------------------------------------------------------- lines of the log


def edit_lines(before: EventFacts, after: EventFacts, announce: bool) -> tuple[ChangeIntent, ...]:
    """One line for each fact of the log's kinds that moved, then that a person did it."""
    values = (
        (ChangeKind.STATUS, before.status.value, after.status.value),
        (ChangeKind.DATE, period(before.when), period(after.when)),
        (ChangeKind.PARTICIPANTS, " ".join(sorted(before.participants)), " ".join(sorted(after.participants))),
        (ChangeKind.KINDS, " ".join(before.kinds), " ".join(after.kinds)),
    )
    lines = [ChangeIntent(kind, announce, old, new) for kind, old, new in values if old != new]
    names = sorted(name for name in PINNED if getattr(before, name) != getattr(after, name))
    return (*lines, ChangeIntent(ChangeKind.EDITED, announce, after=" ".join(names)))
