from __future__ import annotations

from dataclasses import replace
from datetime import date

from monitor.domain.digest_lines import developments
from monitor.domain.model.events import ChangeKind
from monitor.domain.model.partnerships import PartnershipData, PartnershipState
from monitor.domain.today import morning
from tests.domain.digest_samples import change, event, on, place, told, words

TODAY = date(2026, 10, 5)
PAIR = PartnershipData("kunming+nancy", frozenset({"nancy", "kunming"}))
OTHER = PartnershipData("lao-cai+yunnan", frozenset({"lao-cai", "yunnan"}))


def opened(event_id: str, seq: int, *participants: str, **fields: object):  # type: ignore[no-untyped-def]
    return told(event(event_id, *participants, **fields), change(ChangeKind.OPENED, seq=seq, of=event_id))  # type: ignore[arg-type]


def test_new_events_stand_by_partnership_the_latest_news_first() -> None:
    given = [
        opened("e1", 11),
        opened("e2", 12, "lao-cai", "yunnan"),
        opened("e3", 13, "chru-nancy", "kunming"),
        opened("e4", 14, "paris", "kunming"),
    ]
    found = morning(given, (PAIR, OTHER), TODAY, place)
    assert [(group.partnership, [one.event.id for one in group.events]) for group in found.new] == [
        (PAIR, ["e3", "e1"]),
        (OTHER, ["e2"]),
        (None, ["e4"]),
    ]
    assert found.has_news


def test_what_was_declined_is_no_heading() -> None:
    declined = replace(PAIR, state=PartnershipState.DECLINED)
    [group] = morning([opened("e1", 11)], (declined,), TODAY, place).new
    assert group.partnership is None


def test_each_event_stands_in_one_place() -> None:
    moved = told(event("e2"), change(ChangeKind.STATUS, "announced", "happened", of="e2"), before=True)
    again = told(event("e3"), change(ChangeKind.REPORT, after="x", of="e3"), before=True)
    old = opened("e4", 20, when=on("2025-05-01"))
    found = morning([opened("e1", 11), moved, again, old], (PAIR,), TODAY, place)
    assert [one.event.id for group in found.new for one in group.events] == ["e1"]
    assert [one.event.id for one in found.developed] == ["e2"]
    assert [one.event.id for one in found.history] == ["e4"]
    assert [one.event.id for one in found.repeated] == ["e3"]


def test_relations_inside_one_country_and_further_reports_are_no_news() -> None:
    inside = opened("e1", 11, "nancy", "metz")
    again = told(event("e3"), change(ChangeKind.REPORT, after="x", of="e3"), before=True)
    found = morning([replace(inside, scope="domestic"), again], (PAIR,), TODAY, place)
    assert not found.has_news
    assert not morning([], (), TODAY, place).has_news


def test_developments_say_what_changed_with_the_moment_it_was_learnt() -> None:
    moved = told(
        event("e2"),
        change(ChangeKind.DATE, "", "2026-10-01", seq=12, of="e2"),
        change(ChangeKind.DATE, "2026-10-01", "2026-10-02", seq=14, of="e2"),
        change(ChangeKind.LANGUAGE, after="vi", seq=15, of="e2"),
        before=True,
    )
    found = [(change.seq, text) for change, text in developments(moved, words())]
    assert found == [(14, "Date now known: 2 October 2026"), (15, "First report in Vietnamese.")]
