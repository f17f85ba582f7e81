"""The day in an address."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.domain.url_dates import day_in_url


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://news.example/2018/10/05/visit", date(2018, 10, 5)),
        ("https://news.example/2018-10-05/visit", date(2018, 10, 5)),
        ("https://news.example/a/20181005-visit", date(2018, 10, 5)),
        ("http://www.city.example/xw/t20181005_4711.html", date(2018, 10, 5)),
        ("https://news.example/2018/7/5/visit", date(2018, 7, 5)),
        ("https://news.example/2018/10/05/visit-of-2018-10-05", date(2018, 10, 5)),
    ],
)
def test_a_day_in_the_path_is_found(url: str, day: date) -> None:
    assert day_in_url(url) == day


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/2018/10/visit",  # a month is no day
        "https://news.example/2018/13/05/visit",
        "https://news.example/2018/02/30/visit",
        "https://news.example/article-3201810055",  # digits within a number
        "https://news.example/visit?day=2018-10-05",  # what is asked for, not where it stands
        "https://news.example/2018/10/05/and/2019/11/06",
        "https://2018-10-05.example/visit",
        "entry:4/711",
    ],
)
def test_what_only_looks_like_a_day_is_not_believed(url: str) -> None:
    assert day_in_url(url) is None
