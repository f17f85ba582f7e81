"""Where the reports of events come from: what telling independent ones from copies rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import BindParameter, Connection, bindparam, select

from monitor.adapters.storage import tables as t
from monitor.domain.independence import report_origin
from monitor.domain.model.events import Role
from monitor.domain.model.reports import ReportOrigin

USUAL_TRUST = 1  # of a report whose source is no longer known: press
MAX_ORIGINS = 500  # of all events asked for in one go, on average; what comes later changes no voice

_IDS: BindParameter[Sequence[str]] = bindparam("ids", expanding=True)
_ORIGINS = (
    select(
        t.event_article.c.event_id,
        t.event_article.c.role,
        t.article.c.id,
        t.article.c.url,
        t.article.c.author,
        t.article.c.site_name,
        t.article.c.copy_of_id,
        t.revision.c.text,
        t.source.c.name,
        t.source.c.trust,
        t.source.c.place_id,
    )
    .join(t.article, t.article.c.id == t.event_article.c.article_id)
    .join(t.revision, (t.revision.c.article_id == t.article.c.id) & (t.revision.c.number == t.article.c.revision))
    .outerjoin(t.source, t.source.c.key == t.article.c.source_key)
    .where(t.event_article.c.event_id.in_(_IDS))
    .order_by(t.article.c.id)
    .limit(bindparam("most"))
)


def origins(connection: Connection, event_ids: Sequence[str]) -> Mapping[str, tuple[ReportOrigin, ...]]:
    """Of each event where its articles come from, in the order in which they were read."""
    if not event_ids:
        return {}
    found: dict[str, list[ReportOrigin]] = defaultdict(list)
    asked = {"ids": list(event_ids), "most": MAX_ORIGINS * len(event_ids)}
    for row in connection.execute(_ORIGINS, asked).mappings():
        one = report_origin(
            row["id"],
            Role(row["role"]),
            row["url"],
            row["text"],
            author=row["author"],
            site_name=row["site_name"],
            source_name=row["name"] or "",
            trust=USUAL_TRUST if row["trust"] is None else row["trust"],
            place_id=row["place_id"],
            copy_of_id=row["copy_of_id"],
        )
        found[row["event_id"]].append(one)
    return {one: tuple(found[one]) for one in event_ids}
