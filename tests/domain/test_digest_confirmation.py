"""What a digest says of how well an event is attested."""

from __future__ import annotations

from dataclasses import replace

from monitor.domain import digest
from monitor.domain.model.digests import Digest, ToldEvent
from monitor.domain.model.events import ChangeKind, EventKind, Role
from monitor.domain.model.reports import ReportOrigin
from tests.domain.digest_samples import NOW, change, event, material, place, report, told, words

ENDED = event(kinds=(EventKind.AGREEMENT_ENDED,))
ONE_REPORT = "Unconfirmed: one report so far, and no official word."


def origin(article_id: int, **more: object) -> ReportOrigin:
    return ReportOrigin(article_id, Role.REPORT, f"paper{article_id}.example", **more)  # type: ignore[arg-type]


def compose(one: ToldEvent) -> Digest:
    composed = digest.compose(material(one), NOW, words(), place)
    assert composed is not None
    return composed


def details(one: ToldEvent, *origins: ReportOrigin) -> tuple[str, ...]:
    return compose(replace(one, origins=origins)).sections[0].lines[0].details


def test_an_end_that_one_paper_tells_is_marked() -> None:
    assert ONE_REPORT in details(told(ENDED), origin(1), origin(2, copy_of_id=1))


def test_a_believed_end_and_other_events_are_not_marked() -> None:
    assert ONE_REPORT not in details(told(ENDED), origin(1), origin(2))
    assert ONE_REPORT not in details(told(event()), origin(1))


def test_an_event_whose_reports_are_not_known_is_not_marked() -> None:
    assert ONE_REPORT not in details(told(ENDED))


def test_its_confirmation_is_a_development() -> None:
    for how, said in (("official", "by an official source"), ("independent", "by independent reports")):
        one = told(ENDED, change(ChangeKind.CONFIRMED, after=how), before=True)
        composed = compose(replace(one, origins=(origin(1), origin(2))))
        assert [section.key for section in composed.sections] == ["developments"]
        assert f"Now confirmed {said}." in composed.sections[0].lines[0].details


def test_copies_are_counted_beside_reports_that_stand_on_their_own() -> None:
    reports = (report(), report(source="Other"), report(source="Third"))
    counted = details(told(event(), reports=reports), origin(1), origin(2, agency="afp"), origin(3, agency="afp"))
    assert "2 reports, in French, 1 copy" in counted
