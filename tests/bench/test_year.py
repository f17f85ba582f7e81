from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import invented, year_run, year_stream
from bench.invented import Occurrence
from bench.year_stream import FIRST_DAY, Piece
from bench.year_web import YearWeb
from monitor.domain.model.articles import Label
from monitor.domain.model.events import Precision
from monitor.domain.model.sources import Validators
from monitor.domain.outcomes import Outcome
from monitor.ports import Fetched, FetchFailed, FetchRequest, Gazetteer, NotModified, Purpose
from tests.domain.invented import lexicon

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def piece(name: str, hours: float, title: str = "Title", text: str = "Text of it.", event: str | None = None) -> Piece:
    return Piece(name, "en", title, text, NOON + timedelta(hours=hours), "invented", event)


@given(st.text(), st.integers(-20, 20))
def test_moving_the_years_of_a_text_back_and_forth_changes_nothing(text: str, years: int) -> None:
    tame = re.sub(r"\d", "", text)
    assert year_stream.shifted(tame, years) == tame
    dated = f"{tame} 1999 {tame}"
    assert year_stream.shifted(year_stream.shifted(dated, years), -years) == dated


@pytest.mark.parametrize(
    ("language", "text", "days", "expected"),
    [
        ("en", "On Monday and SUNDAY, in Mondays Lane", 3, "On Thursday and Wednesday, in Mondays Lane"),
        ("it", "giovedì 5 e Venerdì", 2, "sabato 5 e Domenica"),
        ("zh", "星期一", 2, "星期一"),
        ("en", "On Monday", 0, "On Monday"),
    ],
)
def test_weekdays_move_with_the_calendar(language: str, text: str, days: int, expected: str) -> None:
    assert year_stream.turned(text, days, language, lexicon()) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019年11月", "2026年11月"),
        ("on 8.11.2019, at 20:19", "on 8.11.2026, at 20:19"),
        ("12019 flats, 1.2019", "12019 flats, 1.2026"),
        ("the 70th year", "the 70th year"),
    ],
)
def test_only_what_looks_like_a_year_is_moved(text: str, expected: str) -> None:
    assert year_stream.shifted(text, 7) == expected


@pytest.mark.parametrize(
    ("written", "first", "last", "precision"),
    [
        ("2024-05-16", date(2024, 5, 16), date(2024, 5, 16), Precision.DAY),
        ("2024-06-11/2024-06-15", date(2024, 6, 11), date(2024, 6, 15), Precision.DAY),
        ("2023-12", date(2023, 12, 1), date(2023, 12, 31), Precision.MONTH),
        ("2019", date(2019, 1, 1), date(2019, 12, 31), Precision.YEAR),
    ],
)
def test_a_labelled_date_is_a_range_with_its_precision(
    written: str, first: date, last: date, precision: Precision
) -> None:
    found = year_stream._written({"event_date": written})
    assert (found.starts_on, found.ends_on, found.precision) == (first, last, precision)


def test_the_web_shows_nothing_before_its_hour() -> None:
    now = [NOON]
    web = YearWeb([piece("early", -1), piece("late", 5)], lambda: now[0])
    (source,) = web.sources.source
    urls = {one.id: url for url, one in web.pieces.items()}
    feed = FetchRequest(str(source.feeds[0].url), Purpose.FEED)
    answer = web.fetch(feed)
    assert isinstance(answer, Fetched)
    assert b"early" in answer.body
    assert b"late" not in answer.body
    page = web.fetch(FetchRequest(urls["late"], Purpose.PAGE))
    assert isinstance(page, FetchFailed)
    assert page.outcome is Outcome.GONE
    again = FetchRequest(feed.url, Purpose.FEED, Validators(answer.validators.etag))
    assert isinstance(web.fetch(again), NotModified)
    now[0] += timedelta(hours=6)
    assert isinstance(web.fetch(again), Fetched)
    assert isinstance(web.fetch(FetchRequest(urls["late"], Purpose.PAGE)), Fetched)


def test_two_weeks_go_through_the_program_and_each_event_is_told_once(gazetteer: Gazetteer) -> None:
    signed = Occurrence("signed", "nancy", "padova", FIRST_DAY + timedelta(days=2))
    told = [
        Piece(
            f"r{lag}",
            language,
            (text := invented.write(signed, language, gazetteer, lag % 2, lag)).title,
            text.body,
            datetime.combine(text.published_on, NOON.time(), UTC),
            "invented",
            "e",
        )
        for lag, language in ((1, "en"), (9, "fr"))
    ]
    others = [
        piece(f"o{day}", 24 * day, "Swimming pool closed", "The pool is closed for repairs.") for day in range(-2, 9)
    ]
    played = year_run.play([*told, *others], weeks=2)
    assert {kept.label for url, kept in played.articles.items() if played.pieces[url].event} == {Label.EVENT}
    lines = {
        (week.persona, week.on.date()): [line.section for line in week.lines] for week in played.weeks if week.lines
    }
    monday = FIRST_DAY + timedelta(days=7)
    assert lines == {("nancy", monday): ["new"], ("researcher", monday): ["new"]}
    assert len(played.weeks) == 6
    assert any("Padoue" in message for message in played.messages)
