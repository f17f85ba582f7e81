"""What is claimed of partnerships and agreements, in a reader's words: grades, fields, and who says so."""

from __future__ import annotations

from datetime import date

from monitor.domain.model.partnerships import Claim, ClaimField, Stated
from monitor.domain.wording import Wording, message

GRADE_WORDS = {
    "sister": message("sister cities"),
    "friendship": message("friendship"),
    "partner": message("partnership"),
}
FIELD_WORDS = {
    ClaimField.GRADE: message("kind of relation"),
    ClaimField.SINCE: message("since"),
    ClaimField.UNTIL: message("until"),
    ClaimField.SIGNED_ON: message("signed on"),
    ClaimField.TERM_MONTHS: message("term"),
    ClaimField.ENDS_ON: message("ends on"),
}
VOICE_WORDS = {
    Stated.HAND: message("noted by a person"),
    Stated.CONFIG: message("settings of this archive"),
    Stated.CSV: message("imported table"),
    Stated.SEED: message("known beforehand"),
    Stated.NEWS: message("reported in the news"),
}


def grade_word(grade: str | None, wording: Wording) -> str:
    """What a grade is called; one that we do not know is shown as it was told."""
    found = GRADE_WORDS.get(grade or "")
    return wording.say(found) if found is not None else (grade or "")


def voice_word(stated: Stated, stated_by: str, wording: Wording) -> str:
    """Who says something: "imported table: pairs.csv"."""
    word = wording.say(VOICE_WORDS[stated])
    if not stated_by or stated is Stated.NEWS:  # of the news it is the event's id
        return word
    return wording.say("{what}: {detail}", what=word, detail=stated_by)


def claim_value(claim: Claim, wording: Wording) -> str:
    """What a claim says: a grade, a day, a year, a term."""
    if claim.field is ClaimField.GRADE:
        return grade_word(claim.value, wording)
    if claim.field is ClaimField.TERM_MONTHS:
        return term_word(int(claim.value), wording)
    return day_or_year(claim.value, wording)


def day_or_year(value: str, wording: Wording) -> str:
    """A day in full; the first of January stands for a year of which no more is known."""
    day = date.fromisoformat(value)
    return str(day.year) if (day.month, day.day) == (1, 1) else wording.day(day)


def term_word(months: int, wording: Wording) -> str:
    """How long an agreement runs."""
    if months % 12:
        return wording.count("{n} month", "{n} months", months)
    return wording.count("{n} year", "{n} years", months // 12)
