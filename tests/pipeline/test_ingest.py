"""Stage two on a real archive, the outside world played: what is read, spared, tried again, taken from the feed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from monitor import resources
from monitor.adapters.storage.database import Database, open_database
from monitor.domain.breaker import FIRST_REST, KILLS_TO_REST
from monitor.domain.decide import Knowledge
from monitor.domain.lexicon import Lexicon
from monitor.domain.model.articles import ArticleData, EntryReport, ExtractFailed, TextPath
from monitor.domain.model.places import Place, PlaceHit
from monitor.domain.model.sources import EntryData, FeedData, FeedKind, PollIntent, SourceData, Validators
from monitor.domain.outcomes import Outcome
from monitor.pipeline.ingest import Ingesting, ingest_entry
from monitor.ports import FetchFailed, Stage
from tests.pipeline.fakes import NOW, FakeCaptures, FakeExtractor, FakeFetcher, FakeLanguages, entry, fetched
from tests.shipped import lexicon as shipped_lexicon
from tests.shipped import new_archive

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
STORY = (
    "Volunteers of the river association counted the storks on the meadows below the mill on Sunday and found more "
    "nests than in any year since the counting began; the farmers will mow later."
)
GOOD = ArticleData(title="Storks return", text=STORY, path=TextPath.PAGE)
SUMMARY = "More storks than ever were counted on the meadows."


class NoPlaces:
    """A gazetteer of nothing."""

    def find(self, text: str, language: str | None) -> tuple[PlaceHit, ...]:
        return ()

    def place(self, place_id: str) -> Place | None:
        return None

    def beside(self, place_id: str) -> tuple[str, ...]:
        return ()

    def by_name(self, name: str) -> tuple[Place, ...]:
        return ()


@dataclass
class DyingExtractor(FakeExtractor):
    """Reads from a table; other pages kill the child."""

    how: Outcome = Outcome.CHILD_CRASH
    given: list[bytes] = field(default_factory=list)

    def extract(
        self, body: bytes, url: str, content_type: str, language: str | None = None
    ) -> ArticleData | ExtractFailed:
        self.given.append(body)
        return self.articles.get(body) or ExtractFailed(self.how, "killed by SIGSEGV")


@dataclass
class Desk:
    """An archive with one feed, and what its entries lead to."""

    database: Database
    lexicon: Lexicon
    fetcher: FakeFetcher = field(default_factory=FakeFetcher)
    extractor: DyingExtractor = field(default_factory=DyingExtractor)
    captures: FakeCaptures = field(default_factory=FakeCaptures)
    ingesting: Ingesting = field(init=False)

    def __post_init__(self) -> None:
        places = NoPlaces()
        self.ingesting = Ingesting(
            fetcher=self.fetcher,
            extractor=self.extractor,
            languages=FakeLanguages(),
            captures=self.captures,
            gazetteer=places,
            knowledge=Knowledge(self.lexicon, places.place),
            units=self.database.units,
        )

    def restart(self) -> None:
        self.__post_init__()

    def feed(self, *entries: EntryData, kind: FeedKind = FeedKind.FEED) -> list[int]:
        """Bring entries in; their ids."""
        with self.database.units() as unit:
            unit.sync_sources([SourceData("city", "City", (FeedData("https://city.example/rss", kind),))], NOW)
            unit.commit()
        (source,) = self.database.archive.sources()
        poll = PollIntent(
            feed_id=source.feeds[0].id, polled_at=NOW, outcome=Outcome.OK, detail="", next_at=NOW + HOUR, failures=0,
            failing_since=None, validators=Validators(), body_sha="b", found_kind=kind, moved_to=None, full=True,
            new_entries=entries,
        )  # fmt: skip
        with self.database.units() as unit:
            unit.apply_polls([poll])
            unit.commit()
        return sorted(self.due(NOW))

    def due(self, now: datetime) -> tuple[int, ...]:
        return self.database.queue.claim(Stage.INGEST, now, 100, 600.0)

    def page(self, url: str, body: bytes, article: ArticleData | None = None, **more: object) -> None:
        self.fetcher.answers[url] = fetched(url, body, **more)
        if article is not None:
            self.extractor.articles[body] = article

    def read(self, entry_id: int, now: datetime = NOW) -> EntryReport:
        report = ingest_entry(entry_id, now, self.ingesting)
        assert report is not None
        return report

    def text(self, report: EntryReport) -> str:
        assert report.article_id is not None
        return self.database.archive.article(report.article_id).text


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return shipped_lexicon()


@pytest.fixture
def desk(tmp_path: Path, migrated: Path, lexicon: Lexicon) -> Iterator[Desk]:
    archive = new_archive(migrated, tmp_path / "archive.db")
    database = open_database(f"sqlite:///{archive}", resources.migrations())
    yield Desk(database, lexicon)
    database.close()


def url(key: str, host: str = "city.example") -> str:
    return f"https://{host}/{key}"


def test_a_page_is_captured_and_read(desk: Desk) -> None:
    (one,) = desk.feed(entry("a", summary=SUMMARY))
    desk.page(url("a"), b"<html>storks", GOOD)
    report = desk.read(one)
    assert (report.outcome, report.path, desk.text(report)) == (Outcome.OK, TextPath.PAGE, STORY)
    assert list(desk.captures.stored.values()) == [b"<html>storks"]
    assert "application/pdf" in desk.fetcher.requests[0].accept


# ---------------------------------------------------------------- pages that kill


@pytest.mark.parametrize("how", [Outcome.CHILD_CRASH, Outcome.CHILD_DEADLINE, Outcome.CHILD_MEMORY])
def test_a_page_that_kills_is_tried_once_more_and_then_never_again(desk: Desk, how: Outcome) -> None:
    desk.extractor.how = how
    one, other = desk.feed(entry("a", summary=SUMMARY), entry("b", summary="Storks, again."))
    desk.page(url("a"), b"bomb")
    desk.page(url("b"), b"bomb")

    first = desk.read(one)
    assert (first.outcome, first.article_id) == (how, None)
    (again,) = set(desk.due(NOW + HOUR)) - {other}
    assert again == one
    second = desk.read(one, NOW + HOUR)
    assert (second.outcome, second.path, desk.text(second)) == (Outcome.QUARANTINED, TextPath.FEED_SUMMARY, SUMMARY)
    assert how.value in second.detail
    assert len(desk.extractor.given) == 2

    elsewhere = desk.read(other, NOW + 2 * HOUR)
    assert (elsewhere.outcome, desk.text(elsewhere)) == (Outcome.QUARANTINED, "Storks, again.")
    desk.restart()
    assert desk.read(one, NOW + DAY).outcome is Outcome.QUARANTINED
    assert len(desk.extractor.given) == 2
    (killer,) = desk.database.archive.killers()
    assert (killer.kills, killer.is_quarantined, killer.url) == (2, True, url("a"))


def test_a_page_that_killed_once_by_bad_luck_is_read_the_next_time(desk: Desk) -> None:
    (one,) = desk.feed(entry("a", summary=SUMMARY))
    desk.page(url("a"), b"unlucky")
    assert desk.read(one).outcome is Outcome.CHILD_CRASH
    desk.extractor.articles[b"unlucky"] = GOOD
    report = desk.read(one, NOW + HOUR)
    assert (report.outcome, report.path) == (Outcome.OK, TextPath.PAGE)


def test_a_released_page_is_due_and_read(desk: Desk) -> None:
    (one,) = desk.feed(entry("a", summary=SUMMARY))
    desk.page(url("a"), b"bomb")
    for hours in range(2):
        desk.read(one, NOW + hours * HOUR)
    (killer,) = desk.database.archive.killers()
    with desk.database.units() as unit:
        assert unit.release_quarantined(killer.sha256[:12], NOW + DAY) == 1
        unit.commit()
    assert desk.due(NOW + DAY) == (one,)
    desk.extractor.articles[b"bomb"] = GOOD
    assert desk.read(one, NOW + DAY).outcome is Outcome.OK


def test_a_service_that_ends_under_a_page_is_not_the_pages_fault(desk: Desk) -> None:
    (one,) = desk.feed(entry("a", summary=SUMMARY))
    desk.page(url("a"), b"page")
    desk.extractor.how = Outcome.INTERNAL
    assert desk.read(one).article_id is None
    assert desk.database.archive.killers() == ()
    report = desk.read(one, NOW + HOUR)
    assert (report.outcome, report.path) == (Outcome.INTERNAL, TextPath.FEED_SUMMARY)


def test_a_host_whose_pages_kill_rests_and_other_hosts_do_not(desk: Desk) -> None:
    hostile = [entry(f"h{n}", url=url(f"h{n}", "hostile.example"), summary=SUMMARY) for n in range(6)]
    ids = desk.feed(*hostile, entry("good"))
    for n in range(6):
        desk.page(url(f"h{n}", "hostile.example"), b"bomb %d" % n)
    desk.page(url("good"), b"good", GOOD)
    outcomes = [desk.read(one).outcome for one in ids[:6]]
    assert outcomes == [Outcome.CHILD_CRASH] * KILLS_TO_REST + [Outcome.HOST_RESTING] * (6 - KILLS_TO_REST)
    assert len(desk.extractor.given) == KILLS_TO_REST
    assert desk.read(ids[6]).outcome is Outcome.OK


def test_a_page_of_a_resting_host_serves_by_its_feed_text_and_is_read_after_a_day(desk: Desk) -> None:
    ids = desk.feed(*(entry(f"h{n}", summary=f"{SUMMARY} {n}") for n in range(4)))
    for n in range(4):
        desk.page(url(f"h{n}"), b"bomb %d" % n)
    for one in ids[:3]:
        desk.read(one)
    resting = desk.read(ids[3])
    assert (resting.outcome, resting.path) == (Outcome.HOST_RESTING, TextPath.FEED_SUMMARY)
    assert "spared until" in resting.detail
    desk.extractor.articles[b"bomb 3"] = GOOD
    assert ids[3] in desk.due(NOW + DAY)
    report = desk.read(ids[3], NOW + DAY)
    assert (report.outcome, report.path, report.article_id) == (Outcome.OK, TextPath.PAGE, resting.article_id)


def test_a_rest_ends_and_grows_with_the_next_kill(desk: Desk) -> None:
    ids = desk.feed(*(entry(f"h{n}") for n in range(6)))
    for n in range(6):
        desk.page(url(f"h{n}"), b"bomb %d" % n)
    for one in ids[:3]:
        desk.read(one)
    later = NOW + FIRST_REST
    assert desk.read(ids[3], later).outcome is Outcome.CHILD_CRASH
    assert desk.read(ids[4], later + FIRST_REST).outcome is Outcome.HOST_RESTING
    assert desk.read(ids[5], later + 2 * FIRST_REST).outcome is Outcome.CHILD_CRASH


class SlowToDie(DyingExtractor):
    """Each page holds its child for a moment before it kills it; how many are held at once is noted."""

    def extract(
        self, body: bytes, url: str, content_type: str, language: str | None = None
    ) -> ArticleData | ExtractFailed:
        self.held = getattr(self, "held", 0) + 1
        self.most = max(getattr(self, "most", 0), self.held)
        time.sleep(0.05)
        self.held -= 1
        return super().extract(body, url, content_type, language)


def test_pages_of_one_host_that_come_at_once_hold_one_child(desk: Desk) -> None:
    desk.extractor = SlowToDie()
    desk.restart()
    ids = desk.feed(*(entry(f"h{n}", summary=SUMMARY) for n in range(10)))
    for n in range(10):
        desk.page(url(f"h{n}"), b"bomb %d" % n)
    threads = [threading.Thread(target=desk.read, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert getattr(desk.extractor, "most", None) == 1
    assert len(desk.extractor.given) == KILLS_TO_REST
    assert desk.ingesting.breaker._turns == {}


# ---------------------------------------------------------------- pages that are not read


@pytest.mark.parametrize(
    "outcome", [Outcome.ROBOTS, Outcome.TDM_RESERVED, Outcome.FORBIDDEN, Outcome.NOT_FOUND, Outcome.LOGIN_WALL]
)
def test_a_page_that_must_not_or_cannot_be_read_is_told_by_its_feed_and_not_captured(
    desk: Desk, outcome: Outcome
) -> None:
    (one,) = desk.feed(entry("a", summary=SUMMARY))
    desk.fetcher.answers[url("a")] = FetchFailed(url("a"), outcome, "the reason")
    report = desk.read(one)
    assert (report.outcome, report.path, report.detail) == (outcome, TextPath.FEED_SUMMARY, "the reason")
    assert desk.text(report) == SUMMARY
    assert desk.captures.stored == {}
    assert desk.due(NOW + DAY) == ()


def test_a_licence_is_told_to_the_fetcher(desk: Desk) -> None:
    (one,) = desk.feed(entry("a"))
    with desk.database.units() as unit:
        feeds = (FeedData("https://city.example/rss"),)
        unit.sync_sources([SourceData("city", "City", feeds, tdm_licensed=True)], NOW)
        unit.commit()
    desk.read(one)
    assert [request.tdm_licensed for request in desk.fetcher.requests] == [True]


def test_an_entry_without_link_that_tells_all_is_no_failure(desk: Desk) -> None:
    (one,) = desk.feed(entry("a", url=None, content=STORY))
    report = desk.read(one)
    assert (report.outcome, report.path, report.detail) == (Outcome.OK, TextPath.FEED_CONTENT, "")
    assert desk.text(report) == STORY
    assert desk.fetcher.requests == []


def test_an_entry_without_link_and_content_says_so(desk: Desk) -> None:
    (one,) = desk.feed(entry("a", url=None, summary=SUMMARY))
    report = desk.read(one)
    assert (report.outcome, report.path) == (Outcome.BAD_URL, TextPath.FEED_SUMMARY)


@pytest.mark.parametrize("kind", [FeedKind.TELEGRAM, FeedKind.MAILBOX])
def test_a_message_is_its_own_article_and_its_link_is_not_asked(desk: Desk, kind: FeedKind) -> None:
    (one,) = desk.feed(entry("a", url="https://t.me/city/12", content=STORY), kind=kind)
    report = desk.read(one)
    assert (report.outcome, report.path, report.url) == (Outcome.OK, TextPath.FEED_CONTENT, "https://t.me/city/12")
    assert desk.fetcher.requests == []


# ---------------------------------------------------------------- files


def test_a_files_own_date_and_guessed_title_yield_to_the_feeds(desk: Desk) -> None:
    one, other = desk.feed(
        entry("a", title="Gazette 12", published_at=NOW - DAY), entry("b", title="", published_at=None)
    )
    notes = ("pdf", "date-from-file", "title-guessed")
    made = replace(GOOD, title="line one of the", published_on=date(2020, 1, 1), notes=notes)
    desk.page(url("a"), b"%PDF-1", made)
    desk.page(url("b"), b"%PDF-2", replace(made, text=STORY + " And then some."))
    for one_id, title, day in ((one, "Gazette 12", (NOW - DAY).date()), (other, "line one of the", date(2020, 1, 1))):
        report = desk.read(one_id)
        assert report.article_id is not None
        article = desk.database.archive.article(report.article_id)
        assert (article.title, article.published_on) == (title, day)


def test_a_page_without_text_dates_an_entry_that_has_no_date(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    dated = ExtractFailed(Outcome.NO_TEXT, "a list of articles", date(2020, 1, 1))
    monkeypatch.setattr(desk.extractor, "extract", lambda *_given: dated)
    entries = (entry("a", published_at=NOW - DAY), entry("b", summary=SUMMARY, published_at=None))
    for one_id, day in zip(desk.feed(*entries), ((NOW - DAY).date(), date(2020, 1, 1)), strict=True):
        key = "ab"[day.year == 2020]
        desk.page(url(key), key.encode())
        report = desk.read(one_id)
        assert report.article_id is not None
        assert desk.database.archive.article(report.article_id).published_on == day
