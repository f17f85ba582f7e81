"""A briefing as the message that goes out: its events in the order given, each with the note written to it."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.domain.headline import headline
from monitor.domain.model.briefings import Briefing, BriefingItem
from monitor.domain.model.digests import Digest, DigestLine, DigestSection, ReportLink
from monitor.domain.model.places import PlaceLookup
from monitor.domain.text import clean_line
from monitor.domain.wording import STATUS_WORDS, Wording

MAX_EVENTS = 60  # of one briefing: what a person still reads
MAX_TITLE_CHARS = 200
MAX_INTRO_CHARS = 2_000
MAX_NOTE_CHARS = 2_000
MAX_REPORTS = 5  # named with each event
SECTION = "briefing"


def as_digest(
    briefing: Briefing,
    subscription: tuple[int, str],
    language: str,
    now: datetime,
    wording: Wording,
    place: PlaceLookup,
) -> Digest:
    """The message for the readers of one subscription (id and key), in their language.

    The moment of freezing stands for the window: a briefing that is sent again to the same readers is the same message.
    """
    lines = tuple(_line(one, wording, place) for one in briefing.items)
    frozen_at = briefing.frozen_at or now
    made = wording.say("A person chose these events, on {day}.", day=wording.day(frozen_at.date()))
    return Digest(
        subscription_id=subscription[0],
        subscription_key=subscription[1],
        language=language,
        after_seq=0,
        to_seq=0,
        due_at=window_of(briefing, frozen_at),
        composed_at=now,
        subject=briefing.title,
        intro=clean_line(briefing.intro, MAX_INTRO_CHARS),
        sections=(DigestSection(SECTION, wording.say("Briefing"), lines),),
        coverage=(made,),
        has_news=True,
    )


def window_of(briefing: Briefing, frozen_at: datetime) -> datetime:
    """A moment of its own: scheduled digests stand on whole minutes, and two briefings never on the same moment."""
    return frozen_at.replace(second=59, microsecond=0) + timedelta(microseconds=1 + briefing.id % 999_999)


def _line(item: BriefingItem, wording: Wording, place: PlaceLookup) -> DigestLine:
    event = item.event
    status = wording.say("Status: {status}", status=wording.say(STATUS_WORDS[event.status]))
    note = tuple(line for line in (clean_line(one, MAX_NOTE_CHARS) for one in item.note.splitlines()) if line)
    return DigestLine(
        headline=headline(event, wording, place),
        details=(*note, status),
        reports=chosen_reports(item.reports, wording.language),
        event_id=event.id,
        when=event.when,
    )


def chosen_reports(reports: tuple[ReportLink, ...], language: str) -> tuple[ReportLink, ...]:
    """The few to name: those that the reader can read first, the newest first."""
    return tuple(sorted(reports, key=lambda one: one.language != language)[:MAX_REPORTS])
