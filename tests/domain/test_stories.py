from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from monitor.domain.model.events import (
    DateRange,
    EventKind,
    EventOrigin,
    EventStatus,
    Happening,
    KnownEvent,
    Precision,
)
from monitor.domain.stories import LONGEST_WHOLE_DAYS, Tie, story_of, whole_of
from tests.domain import invented

PAIR = frozenset({"nancy", "kunming"})


def days(first: str, last: str | None = None, precision: Precision = Precision.DAY) -> DateRange:
    return DateRange(date.fromisoformat(first), date.fromisoformat(last or first), precision)


def event(event_id: str, kind: EventKind, when: DateRange | None, **more: object) -> KnownEvent:
    given = KnownEvent(
        id=event_id,
        kinds=(kind,),
        participants=PAIR,
        host_id=None,
        when=when,
        status=EventStatus.HAPPENED,
        ordinal=None,
        series_key=None,
        origin=EventOrigin.NEWS,
        title=event_id,
    )
    return replace(given, **more)  # type: ignore[arg-type]


INTENT = event("intent", EventKind.AGREEMENT_INTENT, days("2015-03-01"))
SIGNED = event("signed", EventKind.AGREEMENT_SIGNED, days("2016-05-12"))
VISIT = event("visit", EventKind.DELEGATION_VISIT, days("2016-05-10", "2016-05-14"))
RENEWED = event("renewed", EventKind.AGREEMENT_RENEWED, days("2021-05-12"))
ENDED = event("ended", EventKind.AGREEMENT_ENDED, days("2026-01-05"))
STRANGERS = event(
    "strangers", EventKind.AGREEMENT_SIGNED, days("2016-05-12"), participants=frozenset({"lyon", "wuhan"})
)


def told(one: KnownEvent, *others: KnownEvent) -> list[tuple[str, Tie]]:
    return [(found.event.id, found.tie) for found in story_of(one, others, invented.lookup)]


def test_the_steps_of_an_agreement_are_told_in_order_and_never_the_event_itself() -> None:
    assert told(SIGNED, ENDED, SIGNED, RENEWED, INTENT, STRANGERS) == [
        ("intent", Tie.STEP),
        ("renewed", Tie.STEP),
        ("ended", Tie.STEP),
    ]


def test_other_events_of_the_pair_belong_to_the_relation() -> None:
    assert told(SIGNED, VISIT) == [("visit", Tie.RELATION)]


def test_one_place_in_common_makes_no_story() -> None:
    assert told(SIGNED, replace(VISIT, participants=frozenset({"nancy", "kanazawa"}))) == []


def test_two_places_of_one_country_make_no_story_of_an_international_relation() -> None:
    hub = event(
        "hub", EventKind.CONFERENCE, days("2016-05-12"), participants=frozenset({"lao-cai", "lai-chau", "yunnan"})
    )
    inland = event("inland", EventKind.TALKS, days("2017-01-01"), participants=frozenset({"lao-cai", "lai-chau"}))
    assert told(hub, inland) == []


def test_a_university_stands_for_its_city_on_either_side() -> None:
    by_university = event(
        "campus",
        EventKind.ACADEMIC_COOPERATION,
        days("2018-01-01"),
        participants=frozenset({"university-of-lorraine", "kunming"}),
    )
    assert told(SIGNED, by_university) == [("campus", Tie.RELATION)]
    assert told(by_university, SIGNED) == [("signed", Tie.RELATION)]


def test_parts_and_editions_are_named_as_such() -> None:
    part = replace(SIGNED, part_of="visit")
    assert told(part, VISIT) == [("visit", Tie.WHOLE)]
    assert told(VISIT, part) == [("signed", Tie.PART)]
    fifth = event("fifth", EventKind.CONFERENCE, days("2025-11-01"), series_key="conference:x", ordinal=5)
    sixth = event("sixth", EventKind.CONFERENCE, None, series_key="conference:x", ordinal=6, participants=frozenset())
    assert told(fifth, replace(sixth, first_seen_at=datetime(2025, 12, 1, tzinfo=UTC))) == [("sixth", Tie.EDITION)]


# ---------------------------------------------------------------- what is part of what

SIGNING = Happening(
    kinds=(EventKind.AGREEMENT_SIGNED,),
    participants=PAIR,
    host_id=None,
    when=days("2016-05-12"),
    status=EventStatus.HAPPENED,
)


def whole(happening: Happening, *events: KnownEvent) -> str | None:
    found = whole_of(happening, events, invented.lookup)
    return found.id if found is not None else None


def test_a_signing_during_a_visit_is_part_of_it_and_of_the_shortest_one() -> None:
    longer = event("longer", EventKind.CONFERENCE, days("2016-05-08", "2016-05-20"))
    assert whole(SIGNING, longer, VISIT) == "visit"


@pytest.mark.parametrize(
    "happening",
    [
        replace(SIGNING, when=days("2016-05-15")),
        replace(SIGNING, when=days("2016-05-01", "2016-05-31", Precision.MONTH)),
        replace(SIGNING, when=None),
        replace(SIGNING, date_inferred=True),
        replace(SIGNING, when=days("2016-05-10", "2016-05-14")),
        replace(SIGNING, participants=frozenset({"nancy", "kanazawa"})),
        replace(SIGNING, kinds=(EventKind.AGREEMENT_SIGNED, EventKind.DELEGATION_VISIT)),
    ],
)
def test_what_is_not_surely_inside_is_no_part(happening: Happening) -> None:
    assert whole(happening, VISIT) is None


@pytest.mark.parametrize(
    "visit",
    [
        replace(VISIT, status=EventStatus.ANNOUNCED),
        replace(VISIT, kinds=(EventKind.EXCHANGE,)),
        replace(VISIT, part_of="fair"),
        replace(VISIT, when=days("2016-05-01", f"2016-05-{LONGEST_WHOLE_DAYS + 2}")),
    ],
)
def test_what_does_not_last_or_has_not_come_holds_nothing(visit: KnownEvent) -> None:
    assert whole(SIGNING, visit) is None


# ---------------------------------------------------------------- forums

FORUM = event(
    "forum",
    EventKind.CONFERENCE,
    days("2016-05-12"),
    participants=frozenset({"nancy", "kunming", "kanazawa", "hanoi", "karlsruhe"}),
)


def test_two_who_sign_at_a_meeting_of_many_sign_a_part_of_it() -> None:
    at_forum = replace(SIGNING, kinds=(EventKind.AGREEMENT_SIGNED, EventKind.CONFERENCE))
    assert whole(at_forum, FORUM) == "forum"
    assert whole(replace(at_forum, kinds=(EventKind.EXCHANGE, EventKind.CONFERENCE)), FORUM) is None
    assert whole(at_forum, replace(FORUM, participants=frozenset({"nancy", "hanoi", "kochi", "lyon"}))) is None


def test_a_signing_at_a_forum_of_strangers_is_part_of_it_where_the_text_says_so() -> None:
    world_forum = event(
        "world", EventKind.CONFERENCE, days("2016-05-11", "2016-05-13"), participants=frozenset({"wuhan"})
    )
    at_forum = replace(SIGNING, kinds=(EventKind.AGREEMENT_SIGNED, EventKind.CONFERENCE), host_id="wuhan")
    assert whole(at_forum, world_forum) == "world"
    assert whole(replace(at_forum, kinds=(EventKind.AGREEMENT_SIGNED,)), world_forum) is None
    assert whole(replace(at_forum, host_id="hanoi"), world_forum) is None
