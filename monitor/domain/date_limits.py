"""Dates that only say since when or until when something lasts: "twinned since 1988", "by 30 June"."""

from __future__ import annotations

import re

from monitor.domain.dates import FoundDate
from monitor.domain.model.events import Precision

LOOK_BACK = 24  # characters

_SINCE_WORDS = (
    "since|began in|started in|depuis|seit|desde|dal|od|sinds|sedan|founded in|established in|created in|signed in|"
    "dated|fondé en|"
    "fondée en|créé en|créée en|signé en|signée en|datant de|lancée en|"
    "inauguré en|inaugurée en|từ năm|từ tháng|kể từ|من عام|"
    "منذ|с|з|до|until|jusqu'en|jusqu’en|jusqu'à|bis|hasta|fino al|até|от|від|après|after|before|avant|"
    "by|no later than|prior to|spätestens|spätestens am|vor dem|antes de|antes del|antes do|entro|entro il|prima del|"
    "trước|trước ngày"
)
_SINCE = re.compile(rf"(?:(?<!\w)(?:{_SINCE_WORDS})\s+(?:le |ngày |the )?|[自从於從]|始于|早在)$", re.IGNORECASE)
_SINCE_BEHIND = re.compile(
    r"\s?(?:起|开始|開始|末?まで|以来|以來|年以来|より|から(?!\d)|부터(?!\s?\d)|까지|之?前(?![往来來])|"
    r"yılından beri|'den beri|tarihli|tarih ve)"
)


def is_limit(found: FoundDate, text: str, offset: int = 0) -> bool:
    """Whether a date of `text`, which begins at `offset` of what the date was found in, is such a limit."""
    start, end = found.start - offset, found.end - offset
    if found.when.ends_on > found.when.starts_on and found.when.precision is Precision.DAY:
        return False
    before = text[max(0, start - LOOK_BACK) : start]
    return _SINCE.search(before) is not None or _SINCE_BEHIND.match(text, end) is not None
