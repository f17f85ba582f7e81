"""Dates as feeds write them, in the languages of our sources."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.feed_dates import EARLIEST, LATEST_AHEAD, Published, feed_date, published

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = date(2026, 8, 22)


def at(hour: int, minute: int = 0, second: int = 0, day: int = 22) -> datetime:
    return datetime(2026, 8, day, hour, minute, second, tzinfo=UTC)


MOMENTS = [
    ("Sat, 22 Aug 2026 10:00:00 +0200", at(8)),
    ("Sat, 22 Aug 26 10:00 GMT", at(10)),
    ("22 Aug 2026 10:00:00 EST", at(15)),
    ("Sat Aug 22 10:00:00 2026", at(10)),
    ("Sat Aug 22 10:00:00 CEST 2026", at(8)),
    ("Sat Aug 22 10:00:00 +0800 2026", at(2)),
    ("2026-08-22T10:00:00Z", at(10)),
    ("2026-08-22T10:00:00.123+08:00", at(2)),
    ("2026-08-22T10:00-05", at(15)),
    ("2026-08-22 10:00", at(10)),
    ("20260822T100000Z", at(10)),
    ("2026/08/22 10:00:05", at(10, 0, 5)),
    ("2026-234T10:00:00Z", at(10)),
    ("2026年8月22日 10:30", at(10, 30)),
    ("2026年08月22日 下午3:05", at(15, 5)),
    ("2026年8月22日 3时05分", at(3, 5)),
    ("2026년 8월 22일 (토) 오후 3:05", at(15, 5)),
    ("2026. 8. 22. 15:05", at(15, 5)),
    ("sam., 22 août 2026 10:00:00 +0200", at(8)),
    ("le 22 août 2026 à 14h30", at(14, 30)),
    ("22/08/2026 10:00", at(10)),
    ("08/22/2026 10:00 AM", at(10)),
    ("8/22/2026 12:05 AM", at(0, 5)),
    ("Thứ Bảy, 22/08/2026 10:00 GMT+7", at(3)),
    ("22/08/2026 | 10:00 (GMT+7)", at(3)),
    ("10:00 22/08/2026", at(10)),
    ("22.08.2026, 10:00 Uhr", at(10)),
    ("22 de agosto de 2026 a las 10:00", at(10)),
    ("22 августа 2026 г., 10:00", at(10)),
    ("٢٢ أغسطس ٢٠٢٦ 10:00", at(10)),
    ("August 22, 2026, 5:07 p.m. EDT", at(21, 7)),
    ("1787392800", at(10)),
    ("1787392800000", at(10)),
    ("Sat, 22 Aug 2026 24:00:00 GMT", at(0, day=23)),
    ("Sat, 22 Aug 2026 23:59:60 GMT", at(23, 59, 59)),
    ("Sat, 22 Aug 2026 10:00:00 +99:99", at(10)),
    ("２０２６年８月２２日 10:30", at(10, 30)),
]


@pytest.mark.parametrize(("raw", "moment"), MOMENTS)
def test_moments_are_read_in_utc(raw: str, moment: datetime) -> None:
    assert feed_date(raw, NOW) == moment


@pytest.mark.parametrize(
    "raw",
    ["2026-08-22", "20260822", "2026年8月22日", "令和8年8月22日", "民國115年8月22日", "22 tháng 8 năm 2026",
     "ngày 22 tháng 8, 2026", "22-8-2026", "22. August 2026", "22 ago. 2026", "22 sierpnia 2026", "22 серпня 2026",
     "22 Ağustos 2026 Cumartesi", "22 srpna 2026", "22 augusti 2026", "22 أغسطس 2026", "Aug. 22nd, 2026",
     "22-Aug-2026", "22 augustus 2026", "22 Aug '26", "Publié le samedi 22 août 2026"],
)  # fmt: skip
def test_days_are_read_without_inventing_a_time(raw: str) -> None:
    assert published(raw, NOW) == Published(DAY, None)
    assert feed_date(raw, NOW) == at(0)


@pytest.mark.parametrize(
    ("raw", "month"),
    [("16 mai 2026", 5), ("16 mars 2026", 3), ("16 juil. 2026", 7), ("16 juin 2026", 6), ("16 Mrz 2026", 3),
     ("16 mrt 2026", 3), ("16 июня 2026", 6), ("16 июля 2026", 7), ("16 czerwca 2026", 6), ("16 lipca 2026", 7),
     ("16 června 2026", 6), ("16 července 2026", 7), ("16 de fevereiro de 2026", 2), ("16 févr. 2026", 2)],
)  # fmt: skip
def test_months_that_look_alike_are_told_apart(raw: str, month: int) -> None:
    found = published(raw, NOW)
    assert found is not None
    assert found.on == date(2026, month, 16)


@pytest.mark.parametrize(
    "raw",
    ["", None, "yesterday", "30 Feb 2026", "2026-02-30", "9999-01-01", "99999-01-01", "-0001-01-01", "0000-01-01",
     "1970-01-01", "2568-08-22", "1404/05/31", "2026-08", "13/13/2026", "12 martober 2026", "4" * 400, "9999999999",
     "Sat, 22 Aug 2036 10:00:00 GMT", "2026-11-22T12:00:01Z"],
)  # fmt: skip
def test_what_cannot_be_a_date_is_none(raw: str | None) -> None:
    assert feed_date(raw, NOW) is None


def test_the_window_reaches_a_day_ahead() -> None:
    assert feed_date("2026-11-21T12:00:00Z", NOW) == NOW + LATEST_AHEAD
    assert feed_date("2026-11-21T12:00:01Z", NOW) is None
    assert feed_date("1990-01-01T00:00:00Z", NOW) == EARLIEST


def test_the_day_is_the_writers_own() -> None:
    found = published("2026-08-22T01:00:00+08:00", NOW)
    assert found == Published(DAY, datetime(2026, 8, 21, 17, tzinfo=UTC))


def test_an_ambiguous_day_comes_first_unless_the_clock_is_american() -> None:
    assert published("03/04/2026 15:04", NOW) == Published(date(2026, 4, 3), datetime(2026, 4, 3, 15, 4, tzinfo=UTC))
    assert published("03/04/2026 3:04 PM", NOW) == Published(date(2026, 3, 4), datetime(2026, 3, 4, 15, 4, tzinfo=UTC))


aware = st.datetimes(
    datetime(1990, 1, 2),  # noqa: DTZ001 - the strategy adds the zone
    datetime(2026, 11, 19),  # noqa: DTZ001
    timezones=st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
).map(lambda moment: moment.replace(microsecond=0))


@given(aware)
def test_the_standards_forms_are_read_exactly(moment: datetime) -> None:
    for raw in (moment.isoformat(), format_datetime(moment), moment.isoformat(" ")):
        assert published(raw, NOW) == Published(moment.date(), moment.astimezone(UTC))


@given(st.text(max_size=220))
def test_any_text_is_read_within_the_window_or_not_at_all(raw: str) -> None:
    found = feed_date(raw, NOW)
    assert found is None or (found.utcoffset() == timedelta(0) and EARLIEST <= found <= NOW + LATEST_AHEAD)


@given(st.text("0123456789 :-/.T+Zapm年月日", max_size=40))
def test_any_row_of_figures_is_read_within_the_window_or_not_at_all(raw: str) -> None:
    found = feed_date(raw, NOW)
    assert found is None or EARLIEST <= found <= NOW + LATEST_AHEAD
