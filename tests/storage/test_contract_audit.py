"""An audit on both databases: what retrospectives name is found, or missed for a reason that the archive can show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.adapters.storage.database import Database
from monitor.domain.model.articles import ArticleData, Label, TextPath
from monitor.domain.model.audit import AuditReport, Cause, Recalled
from monitor.domain.model.digests import Watch
from monitor.domain.model.health import FeedHealth, HealthTurn
from monitor.domain.model.places import Mention, PlaceKind
from monitor.domain.model.review import FactsEdit
from monitor.domain.outcomes import Outcome
from monitor.pipeline import review
from monitor.pipeline.audit import Auditing, audit_archive
from tests.review_world import ANN, FAIR, VISIT, World
from tests.storage import samples

BEGAN = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
TODAY = date(2027, 1, 20)
FAIR_RECALLED = "On 3 May 2026 Nancy and Kanazawa signed a friendship agreement."
JUNE_VISIT = "On 9 June 2026 a delegation from Kanazawa visited Nancy."


@pytest.fixture
def world(database: Database) -> World:
    """An archive that has read something unrelated since April."""
    made = World(database, now=BEGAN)
    samples.store(database, samples.article(published_on=BEGAN.date()), now=BEGAN, events=())
    return made


def chronicle(world: World, *sentences: str, number: int = 1, **fields: object) -> None:
    """A yearly report in the archive."""
    text = " ".join(
        (*sentences, f"This is the report number {number} of the society, with many thanks to all {number}.")
    )
    given = samples.article(f"The year {number} of Nancy and Kanazawa", text, published_on=date(2027, 1, 10))
    url = f"https://society.example/{number}"
    made: dict[str, object] = {"label": Label.BACKGROUND, "now": datetime(2027, 1, 11, tzinfo=UTC)}
    samples.store(world.database, given, url, **(made | fields))


def audited(
    world: World, *documents: ArticleData, watches: Sequence[Watch] = (), since: date | None = None
) -> AuditReport:
    auditing = Auditing(world.database.archive, world.gazetteer, world.knowledge, tuple(watches))
    return audit_archive(auditing, TODAY, since, documents)


def missed(world: World) -> Recalled:
    found = audited(world)
    assert found.found == ()
    [one] = found.missed
    return one


def follow(world: World, place_id: str, since: datetime = BEGAN) -> int:
    """Follow a source of that place; the id of its feed."""
    known = set(samples.feed_ids(world.database))
    with world.database.units() as unit:
        unit.add_source(samples.source(f"{place_id}-post", place_id=place_id), since, "cli")
        unit.commit()
    [feed_id] = set(samples.feed_ids(world.database)) - known
    return feed_id


# ---------------------------------------------------------------- known


def test_an_event_of_the_archive_is_found_and_its_naming_quoted(world: World) -> None:
    _, applied = world.tell(FAIR)
    chronicle(world, FAIR_RECALLED)
    found = audited(world)
    [one] = found.found
    assert found.missed == ()
    assert one.event_id == applied.event_ids[0]
    assert one.namings[0].sentence == FAIR_RECALLED
    assert one.namings[0].url == "https://society.example/1"


def test_a_month_or_a_year_is_enough_for_an_event_of_that_kind(world: World) -> None:
    world.tell(FAIR)
    chronicle(world, "In May 2026 Nancy and Kanazawa signed a friendship agreement.")
    assert [one.event_id is None for one in audited(world).found] == [False]
    chronicle(world, "In the year 2026 a delegation from Kanazawa visited Nancy twice.", number=2)
    assert [one.kinds[0].value for one in audited(world).missed] == ["delegation_visit"]


def test_an_event_that_several_texts_name_is_counted_once(world: World) -> None:
    world.tell(FAIR)
    chronicle(world, FAIR_RECALLED)
    chronicle(world, "In May 2026 Nancy and Kanazawa signed their agreement on friendship.", number=2)
    [one] = audited(world).found
    assert len(one.namings) == 2


def test_a_document_that_a_person_brings_is_read_as_well(world: World) -> None:
    text = ArticleData("Nancy and Kanazawa", FAIR_RECALLED, TextPath.GIVEN, published_on=TODAY, language="en")
    [one] = audited(world, text).missed
    assert one.namings[0].article_id is None


def test_events_are_those_of_the_watches_and_of_the_time_asked_for(world: World) -> None:
    chronicle(world, FAIR_RECALLED, JUNE_VISIT, "On 4 July 2026 Lyon and Wuhan signed an agreement.")
    assert len(audited(world).missed) == 3
    assert len(audited(world, watches=[Watch("w", places=frozenset({"kanazawa"}))]).missed) == 2
    assert len(audited(world, since=date(2026, 6, 1)).missed) == 2


def test_copies_and_reports_of_the_day_look_back_on_nothing(world: World) -> None:
    world.tell(VISIT)
    chronicle(world, JUNE_VISIT)
    first = world.database.archive.retrospectives()
    chronicle(world, JUNE_VISIT, number=2, copy_of=samples.copy_of(first[0].article_id or 0))
    assert [one.url for one in world.database.archive.retrospectives()] == ["https://society.example/1"]


# ---------------------------------------------------------------- missed, and why


def test_what_happened_before_anything_was_read_is_no_failing(world: World) -> None:
    chronicle(world, "In May 2003 Nancy and Kanazawa signed a friendship agreement.")
    assert missed(world).cause is Cause.BEFORE_ARCHIVE


def test_without_a_source_of_either_place_nothing_could_be_known(world: World) -> None:
    follow(world, "lyon")
    chronicle(world, JUNE_VISIT)
    assert missed(world).cause is Cause.NO_SOURCE


def test_a_source_that_was_added_later_could_not_tell_it(world: World) -> None:
    follow(world, "nancy", datetime(2026, 9, 1, tzinfo=UTC))
    chronicle(world, JUNE_VISIT)
    one = missed(world)
    assert (one.cause, one.detail) == (Cause.NO_SOURCE, "Nancy-Post since 2026-09-01")


@pytest.mark.parametrize(("day", "cause"), [(5, Cause.FETCH_FAILED), (25, Cause.NOT_REPORTED)])
def test_a_source_that_could_not_be_read_in_those_days_is_named(world: World, day: int, cause: Cause) -> None:
    feed_id = follow(world, "nancy")
    down, up = datetime(2026, 6, day, tzinfo=UTC), datetime(2026, 6, day + 4, tzinfo=UTC)
    broken = HealthTurn(FeedHealth.OK, FeedHealth.BROKEN, "dns")
    samples.apply_poll(
        world.database, samples.poll(feed_id, down, outcome=Outcome.DNS, health=FeedHealth.BROKEN, turn=broken)
    )
    healed = HealthTurn(FeedHealth.BROKEN, FeedHealth.OK, "")
    samples.apply_poll(world.database, samples.poll(feed_id, up, health=FeedHealth.OK, turn=healed))
    chronicle(world, JUNE_VISIT)
    one = missed(world)
    assert one.cause is cause
    assert one.detail.startswith("Nancy-Post")


def test_an_article_of_those_days_that_was_dropped_is_named(world: World) -> None:
    follow(world, "nancy")
    dropped = samples.article("Guests from afar", samples.OTHER_TEXT, published_on=date(2026, 6, 11))
    mentions = (
        Mention(0, 3, "Nan", "nancy", "FR", PlaceKind.CITY, 0.9),
        Mention(4, 9, "Kanaz", "kanazawa", "JP", PlaceKind.CITY, 0.9),
    )
    seen = datetime(2026, 6, 12, tzinfo=UTC)
    stored = samples.store(world.database, dropped, "https://post.example/9", now=seen, mentions=mentions)
    chronicle(world, JUNE_VISIT)
    one = missed(world)
    assert one.cause is Cause.JUDGED_IRRELEVANT
    assert one.detail == f"article {stored.article_id} (irrelevant): Guests from afar"


def test_an_article_that_names_one_side_only_is_no_explanation(world: World) -> None:
    follow(world, "nancy")
    mentions = (Mention(0, 3, "Nan", "nancy", "FR", PlaceKind.CITY, 0.9),)
    dropped = samples.article("Guests", samples.OTHER_TEXT, published_on=date(2026, 6, 11))
    seen = datetime(2026, 6, 12, tzinfo=UTC)
    samples.store(world.database, dropped, "https://post.example/9", now=seen, mentions=mentions)
    chronicle(world, JUNE_VISIT)
    assert missed(world).cause is Cause.NOT_REPORTED


def test_an_event_that_went_into_another_one_is_told_as_merged(world: World) -> None:
    _, fair = world.tell(FAIR)
    _, visit = world.tell(VISIT, "https://nancy.example/2")
    review.merge(fair.event_ids[0], visit.event_ids[0], ANN, world.later(), world.reviewing)
    pinned = FactsEdit(participants=frozenset({"nancy", "kunming"}))
    review.edit_event(visit.event_ids[0], pinned, ANN, world.later(), world.reviewing)
    chronicle(world, FAIR_RECALLED)
    one = missed(world)
    assert (one.cause, one.detail) == (Cause.MERGED, f"{fair.event_ids[0]} went into {visit.event_ids[0]}")


def test_an_event_whose_report_a_person_rejected_is_told_as_dismissed(world: World) -> None:
    _, fair = world.tell(FAIR)
    review.reject(fair.article_id, ANN, world.later(), world.reviewing)
    chronicle(world, FAIR_RECALLED)
    assert missed(world).cause is Cause.DISMISSED


# ---------------------------------------------------------------- how complete


def test_enough_recalled_events_give_an_estimate_with_an_interval(world: World) -> None:
    days = [BEGAN.date() + timedelta(days=9 * number) for number in range(1, 13)]
    told = [f"On {day.day} {day:%B} {day.year} a delegation from Kanazawa visited Nancy." for day in days]
    for number, sentence in enumerate(told[:9]):
        text = f"{sentence} The sister cities spoke of matter {number} and of {number} more. {'Word ' * number}"
        world.tell((f"Guests {number} in town", text), f"https://nancy.example/{number}", published_on=days[number])
    chronicle(world, *told)
    found = audited(world)
    assert (len(found.found), len(found.missed), found.recalled_since) == (9, 3, 12)
    assert found.completeness is not None
    assert found.completeness.share.estimate == 0.75
    assert found.completeness.share.low < 0.5
    assert found.completeness.share.high > 0.9
    assert found.completeness.archived == 9
    assert found.completeness.total.estimate == pytest.approx(10 * 13 / 10 - 1)


def test_what_lies_before_the_archive_is_no_part_of_the_estimate(world: World) -> None:
    chronicle(world, *[f"In {year} Nancy and Kanazawa signed an agreement." for year in range(1990, 2010)])
    found = audited(world)
    assert len(found.missed) == 20
    assert (found.completeness, found.recalled_since) == (None, 0)
