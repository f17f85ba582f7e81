"""Which articles wait for a person: the same ones wherever they are listed, counted or told."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists

from monitor.adapters.storage import tables as t
from monitor.domain.model.articles import Label, Origin
from monitor.domain.model.events import VerdictKind


def is_handled(column: Any, subject: Any) -> ColumnElement[bool]:
    """Whether a person said of a subject that it needs no further look; `column` of the verdicts names it."""
    done = t.verdict.c.kind == VerdictKind.HANDLED.value
    return exists().where(column == subject, done, t.verdict.c.undone_at.is_(None))


WAITING_ARTICLE = (
    t.article.c.label == Label.UNCERTAIN.value,
    t.article.c.copy_of_id.is_(None),
    t.article.c.baseline.is_(False),
    t.article.c.origin != Origin.SEED.value,
    ~is_handled(t.verdict.c.article_id, t.article.c.id),
)
