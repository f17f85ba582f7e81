"""Events, articles and partnerships as records of plain values: what programs are given, by file or by API.

Nothing here goes beyond what a reader may see: evidence and texts are cut to what `domain.rights` allows, whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from monitor.domain.headline import headline
from monitor.domain.kind_families import FAMILY_OF
from monitor.domain.model.articles import Reason
from monitor.domain.model.event_search import EventReport
from monitor.domain.model.events import DateRange, KnownEvent
from monitor.domain.model.exports import ExportedArticle, Record
from monitor.domain.model.partnerships import AgreementData, Claim, PartnershipData
from monitor.domain.model.places import PlaceLookup
from monitor.domain.model.sources import Rights, TextRights
from monitor.domain.rights import shown_spans, shown_text
from monitor.domain.wording import Wording

FULL, QUOTE, NONE = "full", "quote", "none"  # how much of a text a record holds


@dataclass(frozen=True, slots=True)
class Describing:
    """What a record is written with."""

    wording: Wording  # of headlines and names
    place: PlaceLookup
    base_url: str = ""  # of the archive's pages; "": they are not reached from outside


def event_record(event: KnownEvent, updated_at: datetime, reports: Iterable[EventReport], by: Describing) -> Record:
    """An event; `id` is permanent."""
    return {
        "id": event.id,
        "page": f"{by.base_url}/events/{event.id}" if by.base_url else None,
        "headline": headline(event, by.wording, by.place),
        "kinds": [one.value for one in event.kinds],
        "family": FAMILY_OF[event.kinds[0]].value if event.kinds else None,
        "status": event.status.value,
        "date": date_record(event.when, event.date_inferred),
        "participants": [place_record(one, by) for one in sorted(event.participants)],
        "host": place_record(event.host_id, by) if event.host_id is not None else None,
        "edition": event.ordinal,
        "series": event.series_key,
        "part_of": event.part_of,
        "origin": event.origin.value,
        "title": event.title,
        "people": sorted(event.people),
        "languages": sorted(event.languages),
        "articles": len(event.article_ids),
        "first_seen_at": moment(event.first_seen_at),
        "updated_at": moment(updated_at),
        "reports": [_report(one) for one in reports],
    }


def article_record(one: ExportedArticle) -> Record:
    """An article with as much of its text as its source allows."""
    text = shown_text(one.text, one.text_rights.rights, one.text_rights.quote_chars)
    return {
        "id": one.id,
        "url": web_address(one.url),
        "title": one.title,
        "source": one.source_key,
        "source_name": one.source_name,
        "language": one.language,
        "author": one.author,
        "published_on": _day(one.published_on),
        "first_seen_at": moment(one.first_seen_at),
        "revision": one.revision,
        "label": one.label.value,
        "score": one.score,
        "scope": one.scope,
        "rule_version": one.rule_version,
        "reasons": [reason_record(reason) for reason in one.reasons],
        "event_ids": list(one.event_ids),
        "copy_of": one.copy_of_id,
        "copy_kind": one.copy_kind,
        "rights": one.text_rights.rights.value,
        "text": text,
        "text_is": _extent(text, one.text, one.text_rights),
    }


def partnership_record(one: PartnershipData, agreements: Iterable[AgreementData], by: Describing) -> Record:
    """A partnership with who says what of it."""
    return {
        "key": one.key,
        "participants": [place_record(place_id, by) for place_id in sorted(one.participants)],
        "grade": one.grade,
        "since": _day(one.since),
        "until": _day(one.until),
        "state": one.state.value,
        "origin": one.origin.value,
        "claims": [_claim(claim) for claim in one.claims],
        "agreements": [_agreement(paper) for paper in agreements],
    }


def place_record(place_id: str, by: Describing) -> Record:
    """A place by our own id, with its id at GeoNames where one is known."""
    known = by.place(place_id)
    return {
        "id": place_id,
        "name": by.wording.place(place_id),
        "country": known.country if known is not None else None,
        "kind": known.kind.value if known is not None else None,
        "geonames_id": known.geonames_id if known is not None else None,
    }


def date_record(when: DateRange | None, is_inferred: bool) -> Record | None:
    """A range of days as exactly as it is known; None: no date is known."""
    if when is None:
        return None
    return {
        "starts_on": when.starts_on.isoformat(),
        "ends_on": when.ends_on.isoformat(),
        "precision": when.precision.value,
        "is_inferred": is_inferred,
    }


def reason_record(reason: Reason) -> Record:
    """A reason without the words of the text that it rests on."""
    return {"code": reason.code, "weight": reason.weight, "detail": reason.detail}


def moment(at: datetime | None) -> str | None:
    """As RFC 3339 writes it, in UTC."""
    return at.isoformat().replace("+00:00", "Z") if at is not None else None


def web_address(url: str) -> str | None:
    """The address where it is one of the web: those of seeds and of texts from files lead nowhere."""
    return url if url.startswith(("https://", "http://")) else None


def _report(one: EventReport) -> Record:
    return {
        "article_id": one.article_id,
        "url": web_address(one.url),
        "title": one.title,
        "source_name": one.source_name or None,
        "language": one.language,
        "published_on": _day(one.published_on),
        "role": one.role.value,
        "why": one.why,
        "score": one.score,
        "evidence": [span.text for span in shown_spans(one.evidence, one.text_rights) if span.text],
    }


def _claim(one: Claim) -> Record:
    return {
        "field": one.field.value,
        "value": one.value,
        "stated": one.stated.value,
        "stated_by": one.stated_by,
        "article_id": one.article_id,
        "is_confirmed": one.is_confirmed,
    }


def _agreement(one: AgreementData) -> Record:
    return {
        "key": one.key,
        "title": one.title,
        "grade": one.grade,
        "signed_on": _day(one.signed_on),
        "term_months": one.term_months,
        "ends_on": _day(one.ends_on),
        "supersedes": one.supersedes,
        "event_id": one.event_id,
    }


def _extent(shown: str, whole: str, rights: TextRights) -> str:
    if not shown:
        return NONE
    return FULL if rights.rights is Rights.FULL or shown == whole else QUOTE


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def agreements_of(key: str, every: Sequence[AgreementData]) -> tuple[AgreementData, ...]:
    """Those of one partnership."""
    return tuple(one for one in every if one.partnership_key == key)
