"""Records as lines of CSV (RFC 4180) and of JSON: which columns there are, and what stands in a cell."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from monitor.domain.csv_cells import cell
from monitor.domain.model.exports import Column, ExportWhat, Record

BYTE_ORDER_MARK = "\ufeff".encode()  # tells table programs that what follows is UTF-8
BETWEEN = "|"  # several values in one cell


def _column(name: str, type_: str, description: str, path: str = "") -> Column:
    return Column(name, type_, description, tuple((path or name).split(".")))


EVENT_COLUMNS = (
    _column("id", "string", "Permanent id of the event."),
    _column("headline", "string", "What, who, where and when, composed from the facts."),
    _column("kinds", "string", "Kinds, the main one first."),
    _column("family", "string", "Family of the main kind."),
    _column("status", "string", "Where the event stands in its life."),
    _column("starts_on", "date", "First day.", "date.starts_on"),
    _column("ends_on", "date", "Last day, included.", "date.ends_on"),
    _column("precision", "string", "How exactly the date is known: day, month or year.", "date.precision"),
    _column("date_is_inferred", "boolean", "Taken from the publication: the text names no day.", "date.is_inferred"),
    _column("participants", "string", "Ids of the places that take part.", "participants.id"),
    _column("participant_names", "string", "Their names, in the same order.", "participants.name"),
    _column("participant_countries", "string", "Their countries (ISO 3166-1 alpha-2).", "participants.country"),
    _column("participant_geonames", "string", "Their ids at GeoNames, where known.", "participants.geonames_id"),
    _column("host", "string", "Id of the place where it is held.", "host.id"),
    _column("host_geonames", "integer", "Its id at GeoNames.", "host.geonames_id"),
    _column("edition", "integer", "Number within its series."),
    _column("series", "string", "Key of the series."),
    _column("part_of", "string", "Id of the event that it is part of."),
    _column("origin", "string", "How it became known: news, baseline, seed, hand."),
    _column("languages", "string", "Languages of its reports (BCP 47)."),
    _column("articles", "integer", "How many articles tell it, copies too."),
    _column("article_ids", "string", "Ids of its reports and copies in the table of articles.", "reports.article_id"),
    _column("reasons", "string", "Why each of them belongs to it, in the same order.", "reports.why"),
    _column("sources", "string", "Who published them, in the same order.", "reports.source_name"),
    _column("first_seen_at", "datetime", "When the archive learnt of it (UTC)."),
    _column("updated_at", "datetime", "When it last changed (UTC)."),
)
ARTICLE_COLUMNS = (
    _column("id", "integer", "Id of the article in this archive."),
    _column("url", "string", "Its address."),
    _column("title", "string", "Its title."),
    _column("source", "string", "Key of the source."),
    _column("source_name", "string", "Name of the source."),
    _column("language", "string", "Language of the text (BCP 47)."),
    _column("author", "string", "As the article says."),
    _column("published_on", "date", "Day of publication."),
    _column("first_seen_at", "datetime", "When the archive read it first (UTC)."),
    _column("revision", "integer", "Number of the reading that this row tells of."),
    _column("label", "string", "What it was decided to be: event, background, irrelevant, uncertain."),
    _column("score", "number", "How surely it is about a relation between places, from 0 to 1."),
    _column("scope", "string", "Scope of the relation."),
    _column("rule_version", "string", "Version of the rules that judged it."),
    _column("reasons", "string", "Codes of the reasons of that judgement.", "reasons.code"),
    _column("event_ids", "string", "Ids of the events that it tells."),
    _column("copy_of", "integer", "Id of the article that it is a copy of."),
    _column("copy_kind", "string", "In what way: same-text, near-copy, contained."),
    _column("rights", "string", "What its source allows: link, quote, full."),
    _column("text_is", "string", "How much of the text is here: none, quote, full."),
    _column("text", "string", "As much of the text as its source allows."),
)
PARTNERSHIP_COLUMNS = (
    _column("key", "string", "Key of the partnership."),
    _column("participants", "string", "Ids of its places.", "participants.id"),
    _column("participant_names", "string", "Their names, in the same order.", "participants.name"),
    _column("participant_countries", "string", "Their countries (ISO 3166-1 alpha-2).", "participants.country"),
    _column("participant_geonames", "string", "Their ids at GeoNames, where known.", "participants.geonames_id"),
    _column("grade", "string", "sister, friendship or partner, as the best claim says."),
    _column("since", "date", "Since when; the first of January where only the year is known."),
    _column("until", "date", "Until when; empty: it goes on, or nobody said."),
    _column("state", "string", "watched, known, proposed (by the news alone) or declined."),
    _column("origin", "string", "Who said first that it exists."),
    _column("agreements", "string", "Keys of its agreements.", "agreements.key"),
    _column("signed_on", "string", "When they were signed, in the same order.", "agreements.signed_on"),
)
COLUMNS: Mapping[ExportWhat, Sequence[Column]] = {
    ExportWhat.EVENTS: EVENT_COLUMNS,
    ExportWhat.ARTICLES: ARTICLE_COLUMNS,
    ExportWhat.PARTNERSHIPS: PARTNERSHIP_COLUMNS,
}


def csv_header(columns: Sequence[Column]) -> bytes:
    """The first line."""
    return _line([one.name for one in columns])


def csv_line(record: Record, columns: Sequence[Column]) -> bytes:
    """The record as a line; no cell of it is a formula."""
    return _line([cell(_told(_value(record, one.path))) for one in columns])


def json_line(record: Record) -> bytes:
    """The whole record as a line of JSON (RFC 8259), with its fields in the order of the record."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _line(cells: Sequence[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue().encode()


def _value(found: Any, path: Sequence[str]) -> Any:
    """What the path leads to; through a list it leads to a list."""
    for number, name in enumerate(path):
        if found is None:
            return None
        if isinstance(found, list):
            return [_value(one, path[number:]) for one in found]
        found = found[name]
    return found


def _told(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        if all(one is None for one in value):
            return ""
        return BETWEEN.join("" if one is None else str(one).replace(BETWEEN, "/") for one in value)
    return value
