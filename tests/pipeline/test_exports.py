"""Files of the archive: the same bytes for the same archive and moment, whole, and hashed as they say."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from monitor.adapters.atom_file import AtomWriter
from monitor.adapters.calendar_file import IcalendarWriter
from monitor.adapters.package_file import ZipPacker
from monitor.domain.export_records import Describing
from monitor.domain.export_tables import COLUMNS, csv_line
from monitor.domain.model.articles import Label, Reason
from monitor.domain.model.event_search import EventFilter, EventQuery, EventReport
from monitor.domain.model.events import DateRange, EventKind, EventOrigin, EventStatus, KnownEvent, Role
from monitor.domain.model.exports import ExportedArticle, ExportedEvent, ExportForm, ExportWhat, Versions
from monitor.domain.model.partnerships import AgreementData, PartnershipData, PartnershipState
from monitor.domain.model.places import Place
from monitor.domain.model.sources import Rights, TextRights
from monitor.errors import Refused
from monitor.pipeline.exports import EVENTS_IN_A_FEED, Exporting, Order, export, file_name
from tests.domain import invented
from tests.domain.digest_samples import words

NOW = datetime(2026, 11, 20, 8, 0, 30, tzinfo=UTC)
VERSIONS = Versions("1.2.3", "g" * 64, "l" * 64, {"places": "1", "facts": "2"})


def event(number: int, *article_ids: int) -> KnownEvent:
    day = date(2026, 1, 1 + number % 28)
    return KnownEvent(
        id=f"ev_{number:06}",
        kinds=(EventKind.TALKS,),
        participants=frozenset({"nancy", "kunming"}),
        host_id="nancy",
        when=DateRange(day, day),
        status=EventStatus.HAPPENED,
        ordinal=None,
        series_key=None,
        origin=EventOrigin.NEWS,
        title=f"Talks {number}",
        article_ids=article_ids or (number,),
        first_seen_at=NOW,
    )


class Shelf:
    """An archive of invented events, each told by one article; asks are counted."""

    def __init__(self, events: Sequence[KnownEvent], text: str = "A text.") -> None:
        self.by_id = {one.id: one for one in events}
        self.text = text
        self.told: dict[int, list[str]] = {}
        for one in events:
            for article_id in one.article_ids:
                self.told.setdefault(article_id, []).append(one.id)
        self.seq = 7

    def exported_ids(self, query: EventQuery) -> tuple[str, ...]:
        return tuple(self.by_id)

    def exported_events(self, ids: Sequence[str]) -> tuple[ExportedEvent, ...]:
        return tuple(ExportedEvent(self.by_id[one], NOW, (report(self.by_id[one]),)) for one in ids)

    def events_named(self, ids: Sequence[str]) -> dict[str, KnownEvent]:
        return {one: self.by_id[one] for one in ids}

    def exported_articles(self, ids: Sequence[int]) -> tuple[ExportedArticle, ...]:
        return tuple(self.article(one) for one in ids)

    def article(self, number: int) -> ExportedArticle:
        return ExportedArticle(
            id=number,
            url=f"https://harbour-post.example/{number}",
            title=f"Talks {number}",
            text=self.text,
            language="en",
            author=None,
            published_on=date(2026, 1, 2),
            first_seen_at=NOW,
            source_key="harbour-post",
            source_name="Harbour Post",
            label=Label.EVENT,
            score=0.9,
            scope="international",
            rule_version="1",
            reasons=(Reason("strong-cue", 0.5, "met"),),
            revision=1,
            copy_of_id=None,
            copy_kind=None,
            event_ids=tuple(self.told[number]),
            text_rights=TextRights(Rights.QUOTE, 20),
        )

    def partnerships(self) -> tuple[PartnershipData, ...]:
        pair = PartnershipData("kunming+nancy", frozenset({"kunming", "nancy"}), "sister", date(2017, 8, 22))
        other = PartnershipData("kanazawa+nancy", frozenset({"kanazawa", "nancy"}))
        return (other, pair, replace(pair, key="no", state=PartnershipState.DECLINED))

    def agreements(self, partnership_key: str | None = None) -> tuple[AgreementData, ...]:
        return (AgreementData("kunming+nancy", "charter", "Charter", signed_on=date(2017, 8, 22)),)

    def log_end(self) -> int:
        return self.seq


def report(told: KnownEvent) -> EventReport:
    return EventReport(
        told.article_ids[0], "Talks", "https://x.example/1", "X", "en", None, Role.REPORT, "why", 1.0, NOW
    )


class Places:
    """The places of the domain tests."""

    def place(self, place_id: str) -> Place | None:
        return invented.lookup(place_id)

    def beside(self, place_id: str) -> tuple[str, ...]:
        return ()


def exporting(shelf: Shelf) -> Exporting:
    return Exporting(shelf, Places(), AtomWriter(), IcalendarWriter(), ZipPacker(), lambda: VERSIONS)  # type: ignore[arg-type]


def order(what: ExportWhat = ExportWhat.EVENTS, form: ExportForm = ExportForm.CSV, **fields: str) -> Order:
    return Order(what, form, EventFilter(**fields), Describing(words("en"), invented.lookup), NOW)  # type: ignore[arg-type]


def package(shelf: Shelf) -> bytes:
    return b"".join(export(order(form=ExportForm.PACKAGE), exporting(shelf)))


def opened(body: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(body))


# ---------------------------------------------------------------- tables


def test_an_article_of_two_events_goes_out_once_with_both() -> None:
    shelf = Shelf([event(1, 10, 11), *(event(one) for one in range(20, 420)), event(2, 11, 12)])
    told = [json.loads(one) for one in lines(shelf, ExportWhat.ARTICLES)]
    assert [one["id"] for one in told if one["id"] < 20] == [10, 11, 12]
    assert next(one["event_ids"] for one in told if one["id"] == 11) == ["ev_000001", "ev_000002"]


def lines(shelf: Shelf, what: ExportWhat) -> Iterator[bytes]:
    return iter(b"".join(export(order(what, ExportForm.JSONL), exporting(shelf))).splitlines())


def test_texts_are_cut_to_what_the_source_allows() -> None:
    [told] = map(json.loads, lines(Shelf([event(1)], "A long text " * 40), ExportWhat.ARTICLES))
    assert told["text_is"] == "quote"
    assert len(told["text"]) <= 20


def test_declined_partnerships_stay_at_home_and_places_narrow() -> None:
    told = [json.loads(one) for one in lines(Shelf([]), ExportWhat.PARTNERSHIPS)]
    assert [one["key"] for one in told] == ["kanazawa+nancy", "kunming+nancy"]
    assert told[0]["agreements"] == []
    asked = order(ExportWhat.PARTNERSHIPS, ExportForm.JSONL, place="kunming")
    assert [json.loads(one)["key"] for one in export(asked, exporting(Shelf([])))] == ["kunming+nancy"]


def test_every_column_leads_to_a_field_of_its_record() -> None:
    shelf = Shelf([event(1)])
    for what in ExportWhat:
        for told in map(json.loads, lines(shelf, what)):
            cells = next(csv.reader(io.StringIO(csv_line(told, COLUMNS[what]).decode(), newline="")))
            assert len(cells) == len(COLUMNS[what])


def test_feeds_hold_the_newest_only() -> None:
    shelf = Shelf([event(one) for one in range(EVENTS_IN_A_FEED + 5)])
    [body] = export(order(form=ExportForm.ATOM), exporting(shelf))
    assert body.count(b"<entry>") == EVENTS_IN_A_FEED


def test_articles_are_no_feed() -> None:
    with pytest.raises(Refused):
        export(order(ExportWhat.ARTICLES, ExportForm.ATOM), exporting(Shelf([])))


def test_whoever_looks_on_is_told_how_far_it_is() -> None:
    seen: list[tuple[int, int | None]] = []
    list(export(order(), exporting(Shelf([event(one) for one in range(450)])), lambda *told: seen.append(told)))
    assert seen == [(0, 450), (200, 450), (400, 450), (450, 450)]


def test_names_say_of_what_and_when() -> None:
    assert file_name(order(ExportWhat.ARTICLES, ExportForm.JSONL)) == "articles-2026-11-20.jsonl"
    assert file_name(order(form=ExportForm.PACKAGE)) == "sister-city-monitor-2026-11-20.zip"


# ---------------------------------------------------------------- the package


def test_the_same_archive_and_moment_make_the_same_bytes() -> None:
    events = [event(one) for one in range(30)]
    assert package(Shelf(events)) == package(Shelf(events))


def test_the_manifest_tells_the_truth_of_every_table() -> None:
    with opened(package(Shelf([event(one) for one in range(3)]))) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        for told in manifest["files"]:
            body = archive.read(told["name"])
            assert (len(body), hashlib.sha256(body).hexdigest()) == (told["bytes"], told["sha256"])
            assert body.count(b"\n") == told["rows"] + told["name"].endswith(".csv")
        assert {one["name"]: one["rows"] for one in manifest["files"]} == {
            "data/events.csv": 3,
            "data/events.jsonl": 3,
            "data/articles.csv": 3,
            "data/articles.jsonl": 3,
            "data/partnerships.csv": 2,
            "data/partnerships.jsonl": 2,
        }
    assert manifest["software"] == {"name": "sister-city-monitor", "version": "1.2.3"}
    assert manifest["rules"] == {"facts": "2", "places": "1"}
    assert (manifest["gazetteer_sha256"], manifest["lexicon_sha256"]) == ("g" * 64, "l" * 64)
    assert manifest["created_at"] == "2026-11-20T08:00:30Z"
    assert manifest["event_change_log"] == {"first_seq": 7, "last_seq": 7}


def test_the_package_says_when_the_archive_was_written_to_meanwhile() -> None:
    shelf = Shelf([event(1)])
    pieces = export(order(form=ExportForm.PACKAGE), exporting(shelf))
    whole = bytearray()
    shelf.log_end = iter([7, 9]).__next__  # type: ignore[method-assign]
    for piece in pieces:
        whole += piece
    with opened(bytes(whole)) as archive:
        assert json.loads(archive.read("manifest.json"))["event_change_log"] == {"first_seq": 7, "last_seq": 9}
        assert b"written to meanwhile" in archive.read("README.md")


def test_the_files_around_the_data_can_be_read_by_what_they_are_for() -> None:
    with opened(package(Shelf([event(1)]))) as archive:
        citation = archive.read("CITATION.cff").decode()
        described = json.loads(archive.read("datapackage.json"))
        assert citation.startswith('cff-version: "1.2.0"\n')
        assert 'version: "20261120T080030Z"\ndate-released: "2026-11-20"\n' in citation
        for resource in described["resources"]:
            header = archive.read(resource["path"]).decode().splitlines()[0].split(",")
            assert header == [one["name"] for one in resource["schema"]["fields"]]
        assert all(one.date_time == (2026, 11, 20, 8, 0, 30) for one in archive.infolist())
        assert b"| `data/events.csv` | 1 |" in archive.read("README.md")


def test_memory_does_not_grow_with_the_archive() -> None:
    shelf = Shelf([event(one) for one in range(3_000)], "Many words. " * 500)
    tracemalloc.start()
    for _ in export(order(form=ExportForm.PACKAGE), exporting(shelf)):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 24 * 1024 * 1024
