from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.schedule_cron import next_due, parse

MONDAY_NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MOMENTS = st.integers(0, 4 * 366 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
ZONES_WITH_CLOCK_CHANGES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo")


def runs(line: str, zone: str, start: datetime, end: datetime) -> list[datetime]:
    found = []
    moment = next_due(line, zone, start)
    while moment < end:
        found.append(moment)
        moment = next_due(line, zone, moment)
    return found


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("0 7 * * 1", "2026-03-09T07:00"),
        ("30 12 * * *", "2026-03-02T12:30"),
        ("0 12 * * *", "2026-03-03T12:00"),  # strictly after
        ("*/20 * * * *", "2026-03-02T12:20"),
        ("5-59/25 13 * * *", "2026-03-02T13:05"),
        ("0 0 1 * *", "2026-04-01T00:00"),
        ("0 0 31 * *", "2026-03-31T00:00"),
        ("0 0 29 2 *", "2028-02-29T00:00"),
        ("0 9 * jan mon-fri", "2027-01-01T09:00"),
        ("0 9 * * fri-sun", "2026-03-06T09:00"),
        ("0 9 * * 7", "2026-03-08T09:00"),
        ("0 9 * * sun", "2026-03-08T09:00"),
        ("0 9 13 * 5", "2026-03-06T09:00"),  # either day is enough
        ("0 9 */2 * 1", "2026-03-09T09:00"),  # a starred day field is no second choice: odd days that are Mondays
        ("0 9 * * */2", "2026-03-03T09:00"),
        ("15,45 8,20 * * *", "2026-03-02T20:15"),
    ],
)
def test_a_line_names_the_next_moment(line: str, expected: str) -> None:
    assert next_due(line, "UTC", MONDAY_NOON) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_the_time_is_that_of_the_zone() -> None:
    assert next_due("0 7 * * *", "Asia/Ho_Chi_Minh", MONDAY_NOON) == datetime(2026, 3, 3, 0, 0, tzinfo=UTC)


def test_the_day_is_that_of_the_zone() -> None:
    """Sunday evening in London is Monday morning in Kunming."""
    sunday = datetime(2026, 3, 1, 22, 0, tzinfo=UTC)
    assert next_due("30 6 * * 1", "Asia/Shanghai", sunday) == datetime(2026, 3, 1, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize("zone", ZONES_WITH_CLOCK_CHANGES)
@pytest.mark.parametrize(
    "line", ["30 2 * * *", "15 2 * * *", "0 2 * * *", "30 0 * * *", "0 0 * * *", "30 1 * * *", "45 23 * * *"]
)
def test_a_daily_line_runs_once_on_each_local_date_for_two_years(zone: str, line: str) -> None:
    here = ZoneInfo(zone)
    first, last = date(2025, 1, 2), date(2026, 12, 31)
    found = runs(line, zone, datetime(2025, 1, 1, 23, 59, tzinfo=here), datetime(2027, 1, 1, tzinfo=here))
    counted = Counter(moment.astimezone(here).date() for moment in found)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    assert [counted[day] for day in days] == [1] * len(days)
    assert sum(counted.values()) == len(days)


def test_a_time_that_is_jumped_over_is_served_when_the_clocks_have_jumped() -> None:
    due = next_due("30 2 * * *", "Europe/Berlin", datetime(2026, 3, 28, 12, tzinfo=UTC))
    assert due.astimezone(ZoneInfo("Europe/Berlin")).isoformat() == "2026-03-29T03:00:00+02:00"


def test_a_jump_of_half_an_hour_is_found_to_the_minute() -> None:
    due = next_due("15 2 * * *", "Australia/Lord_Howe", datetime(2026, 10, 3, 12, tzinfo=UTC))
    assert due.astimezone(ZoneInfo("Australia/Lord_Howe")).isoformat() == "2026-10-04T02:30:00+11:00"


def test_a_time_that_comes_twice_is_served_the_first_time() -> None:
    start, end = datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 12, tzinfo=UTC)
    assert runs("30 2 * * *", "Europe/Berlin", start, end) == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]


def test_times_around_a_jump_come_in_order_and_once() -> None:
    start, end = datetime(2026, 3, 29, 0, 29, tzinfo=UTC), datetime(2026, 3, 29, 2, 1, tzinfo=UTC)
    minutes = [moment.strftime("%H:%M") for moment in runs("*/30 * * * *", "Europe/Berlin", start, end)]
    assert minutes == ["00:30", "01:00", "01:30", "02:00"]


def test_a_jump_over_midnight_keeps_the_run_on_its_own_date() -> None:
    """In eastern Greenland the clocks of 29 March 2025 went from 22:59 to midnight."""
    here = ZoneInfo("America/Scoresbysund")
    found = runs("45 23 * * *", here.key, datetime(2025, 3, 28, 12, tzinfo=UTC), datetime(2025, 4, 1, 12, tzinfo=UTC))
    local = [moment.astimezone(here).strftime("%d %H:%M") for moment in found]
    assert local == ["28 23:45", "29 22:59", "30 23:45", "31 23:45"]


def test_a_day_that_a_country_left_out_has_no_run() -> None:
    here = ZoneInfo("Pacific/Apia")  # crossed the date line: 30 December 2011 never was
    found = runs("0 7 * * *", here.key, datetime(2011, 12, 29, 11, tzinfo=UTC), datetime(2011, 12, 31, 12, tzinfo=UTC))
    assert [moment.astimezone(here).date().day for moment in found] == [29, 31]


@settings(deadline=None)
@given(
    MOMENTS,
    st.sampled_from(ZONES_WITH_CLOCK_CHANGES),
    st.integers(0, 59),
    st.integers(0, 23),
)
def test_a_daily_run_is_at_most_a_day_and_a_clock_change_away(
    after: datetime, zone: str, minute: int, hour: int
) -> None:
    due = next_due(f"{minute} {hour} * * *", zone, after)
    assert timedelta(0) < due - after <= timedelta(hours=25)
    local = due.astimezone(ZoneInfo(zone))
    jumped = local.utcoffset() != (local - timedelta(hours=3)).astimezone(UTC).astimezone(ZoneInfo(zone)).utcoffset()
    assert (local.hour, local.minute) == (hour, minute) or jumped


@settings(deadline=None)
@given(
    MOMENTS,
    st.sampled_from(ZONES_WITH_CLOCK_CHANGES),
)
def test_moments_between_two_runs_lead_to_the_same_run(after: datetime, zone: str) -> None:
    due = next_due("*/15 * * * *", zone, after)
    assert next_due("*/15 * * * *", zone, after + (due - after) / 2) == due


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("", "0 fields"),
        ("0 7 * *", "4 fields"),
        ("0 7 * * 1 2026", "6 fields"),
        ("60 7 * * *", "'60' is no minute: allowed are 0 to 59"),
        ("0 24 * * *", "'24' is no hour: allowed are 0 to 23"),
        ("0 7 0 * *", "'0' is no day of month: allowed are 1 to 31"),
        ("0 7 * 13 *", "'13' is no month: allowed are 1 to 12 or jan"),
        ("0 7 * * 8", "'8' is no day of week: allowed are 0 to 7 or sun"),
        ("0 7 * * monday", "'monday' is no day of week"),
        ("0 7 * * 5-2", "'5-2' is no day of week"),
        ("*/0 7 * * *", "'*/0' is no minute"),
        ("*/90 7 * * *", "'*/90' is no minute"),
        ("1,,2 7 * * *", "'' is no minute"),
        ("-5 7 * * *", "'-5' is no minute"),
        ("٣ 7 * * *", "is no minute"),
        ("0 7 30 2 *", "never happens: the months it names have at most 29 days"),
        ("0 7 31 4,6 *", "at most 30 days"),
        ("@daily", "1 fields"),
    ],
)
def test_a_bad_line_is_refused_with_what_is_allowed(line: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint.replace("*", r"\*")):
        parse(line)


@settings(deadline=None)
@given(st.text(alphabet="0123456789*/-, jan@", max_size=20))
def test_any_text_is_read_or_refused(line: str) -> None:
    try:
        cron = parse(line)
    except ValueError:
        return
    assert len(line.split()) == 5
    assert cron.hours <= set(range(24))


def test_a_zone_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="'Mars/Olympus' is not a time zone"):
        next_due("0 7 * * *", "Mars/Olympus", MONDAY_NOON)
