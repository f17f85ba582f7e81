from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.adapters.storage import events
from monitor.adapters.storage.database import Database
from monitor.domain.model.articles import Label, Origin
from monitor.domain.model.digests import (
    ChannelKind,
    DeliveryData,
    DeliveryIntent,
    DeliveryState,
    Digest,
    DigestLine,
    DigestMaterial,
    DigestSection,
    RenderedPart,
    ReportLink,
    SourceTrouble,
    Watch,
)
from monitor.domain.model.events import ChangeIntent, ChangeKind, DateRange, EventOrigin, EventStatus, Role, VerdictKind
from monitor.domain.outcomes import Outcome
from monitor.ports import Stage
from tests.storage.samples import (
    DAY,
    HOUR,
    LEASE_S,
    NOW,
    OTHER_TEXT,
    add_source,
    apply_poll,
    article,
    copy_of,
    entry,
    feed_ids,
    happening,
    joining,
    opening,
    poll,
    put_seed,
    seed,
    source,
    store,
    subscribe,
    subscription,
)


def a_digest(database: Database, subscription_id: int, now: datetime, to_seq: int = 0) -> Digest:
    found = material(database, subscription_id, now).subscription
    link = ReportLink(1, "Nhịp cầu", "https://a.example/1", "A", "vi", date(2026, 3, 1))
    return Digest(
        subscription_id=subscription_id,
        subscription_key=found.data.key,
        language="fr",
        after_seq=found.last_seq,
        to_seq=to_seq or found.last_seq,
        due_at=found.due_at,
        composed_at=now,
        subject="Une nouvelle",
        intro="",
        sections=(DigestSection("new", "Nouveau", (DigestLine("Signature", ("hier",), (link,), "ev_x"),)),),
        coverage=("12 sources",),
        has_news=True,
    )


def deliveries(key: str, *recipients: str) -> tuple[DeliveryData, ...]:
    return tuple(
        DeliveryData(
            f"{key}:{who}",
            ChannelKind.EMAIL,
            who,
            1,
            f"<{key}.{who}>",
            RenderedPart("Une nouvelle", "texte – 越南", "<p>越南</p>"),
        )
        for who in recipients
    )


def compose(database: Database, subscription_id: int, now: datetime, key: str = "k", to_seq: int = 0) -> int | None:
    digest = a_digest(database, subscription_id, now, to_seq)
    with database.units() as unit:
        unit.serialise()
        found = unit.store_digest(digest, deliveries(key, "a@x.example", "b@x.example"), now + DAY)
        unit.commit()
    return found


def material(database: Database, subscription_id: int, now: datetime = NOW) -> DigestMaterial:
    with database.units() as unit:
        found = unit.digest_material(subscription_id, now)
    assert found is not None
    return found


# ---------------------------------------------------------------- subscriptions


def test_a_new_subscription_starts_at_the_end_of_the_log_and_is_due_by_its_schedule(database: Database) -> None:
    store(database, events=[opening()])
    subscription_id = subscribe(database)
    found = material(database, subscription_id)
    assert (found.subscription.last_seq, found.to_seq, found.events) == (1, 1, ())
    assert found.subscription.due_at == datetime(2026, 3, 3, 6, 0, tzinfo=UTC)  # seven o'clock in Paris
    assert (found.subscription.last_composed_at, found.subscription.created_at) == (None, NOW)


def test_a_subscription_is_kept_as_declared(database: Database) -> None:
    given = subscription(
        watches=(Watch("w", frozenset({"lakeside"}), words=("đối tác",)), Watch("all")), sign_of_life=False
    )
    subscription_id = subscribe(database, given)
    assert database.archive.subscriptions() == ((subscription_id, given),)
    assert material(database, subscription_id).subscription.data == given


def test_redeclaring_moves_the_next_digest_only_with_the_schedule(database: Database) -> None:
    subscription_id = subscribe(database)
    due_at = material(database, subscription_id).subscription.due_at
    subscribe(database, subscription(language="en"), now=NOW + 2 * DAY)
    assert material(database, subscription_id).subscription.due_at == due_at
    assert material(database, subscription_id).subscription.data.language == "en"
    subscribe(database, subscription(schedule="0 12 * * *"), now=NOW)
    assert material(database, subscription_id).subscription.due_at == datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


def test_a_subscription_no_longer_declared_is_paused_and_comes_back_where_it_was(database: Database) -> None:
    first = subscribe(database, subscription("a"), subscription("b"))
    second = subscribe(database, subscription("b"))
    assert [(data.key, data.paused) for _, data in database.archive.subscriptions()] == [("a", True), ("b", False)]
    with database.units() as unit:
        assert unit.digest_material(first, NOW) is None
    store(database, events=[opening()])
    subscribe(database, subscription("a"), subscription("b"), now=NOW + 5 * DAY)
    found = material(database, first)
    assert len(found.events) == 1
    assert found.subscription.due_at > NOW + 5 * DAY
    assert second != first


def test_an_unknown_subscription_has_no_material(database: Database) -> None:
    with database.units() as unit:
        assert unit.digest_material(77, NOW) is None


# ---------------------------------------------------------------- material


def test_changes_of_the_window_are_told_by_event(database: Database) -> None:
    subscription_id = subscribe(database)
    add_source(database, source(name="Harbour Post"))
    first = store(database, events=[opening()])
    [event_id] = first.event_ids
    second = store(
        database,
        article("Signing confirmed"),
        "https://b.example/2",
        [joining(event_id, ChangeIntent(ChangeKind.STATUS, True, "announced", "happened"))],
        now=NOW + HOUR,
    )
    store(
        database, article("Another affair"), "https://b.example/3", [opening(happening(participants=frozenset({"x"})))]
    )
    found = material(database, subscription_id)
    assert found.to_seq == 3
    told, other = found.events
    assert told.event.id == event_id
    assert [(one.seq, one.kind) for one in told.changes] == [(1, ChangeKind.OPENED), (2, ChangeKind.STATUS)]
    assert [link.article_id for link in told.reports] == [second.article_id, first.article_id]
    assert told.reports[1] == ReportLink(
        first.article_id,
        "Two towns, one regatta",
        "https://harbour-post.example/e1",
        "Harbour Post",
        "en",
        date(2026, 3, 1),
    )
    assert (told.scope, told.told_before, told.perhaps_same_as) == ("international", False, None)
    assert other.event.participants == {"x"}


def test_a_window_of_any_size_is_told_whole(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "IDS_A_QUERY", 3)
    subscription_id = subscribe(database)
    opened = [
        store(database, url=f"https://a.example/{number}", events=[opening()]).event_ids[0] for number in range(8)
    ]
    found = material(database, subscription_id).events
    assert [told.event.id for told in found] == opened
    assert all(len(told.reports) == 1 for told in found)


def test_what_is_not_announced_is_not_told(database: Database) -> None:
    subscription_id = subscribe(database)
    store(database, events=[opening(announce=False, origin=EventOrigin.BASELINE)], baseline=True)
    put_seed(database, seed())
    found = material(database, subscription_id)
    assert (found.events, found.to_seq) == ((), 2)


def test_a_development_of_an_event_that_was_known_is_marked_so(database: Database) -> None:
    subscription_id = subscribe(database)
    [quiet] = store(database, events=[opening(announce=False)]).event_ids
    [loud] = store(database, url="https://b.example/1", events=[opening()]).event_ids
    compose(database, subscription_id, NOW, to_seq=2)
    for event_id, url in ((quiet, "https://c.example/1"), (loud, "https://c.example/2")):
        store(database, url=url, events=[joining(event_id)])
    found = material(database, subscription_id, NOW + HOUR)
    assert [(told.event.id, told.told_before) for told in found.events] == [(quiet, True), (loud, True)]
    assert [len(told.changes) for told in found.events] == [1, 1]


def test_an_opening_without_a_word_counts_as_known_within_the_window(database: Database) -> None:
    subscription_id = subscribe(database)
    [event_id] = store(database, events=[opening(announce=False)]).event_ids
    store(database, url="https://b.example/1", events=[joining(event_id)])
    [told] = material(database, subscription_id).events
    assert told.told_before


def test_copies_are_not_among_the_reports(database: Database) -> None:
    subscription_id = subscribe(database)
    first = store(database, events=[opening()])
    store(
        database,
        url="https://copycat.example/1",
        events=[joining(first.event_ids[0], role=Role.COPY, changes=())],
        copy_of=copy_of(first.article_id),
    )
    [told] = material(database, subscription_id).events
    assert [link.article_id for link in told.reports] == [first.article_id]


def test_seeds_are_reports_where_they_have_an_address(database: Database) -> None:
    subscription_id = subscribe(database)
    put_seed(database, seed("with", url="https://city.example/2024"))
    put_seed(database, seed("without"))
    for event in database.archive.events():
        store(database, url=f"https://b.example/{event.id}", events=[joining(event.id)])
    links = {
        told.event.seed_key: [link.url for link in told.reports] for told in material(database, subscription_id).events
    }
    assert links["with"][1:] == ["https://city.example/2024"]
    assert len(links["without"]) == 1


def test_a_grey_match_names_what_it_may_be(database: Database) -> None:
    subscription_id = subscribe(database)
    [first] = store(database, events=[opening()]).event_ids
    [second] = store(database, url="https://b.example/1", events=[opening(perhaps_same_as=first)]).event_ids
    found = {told.event.id: told.perhaps_same_as for told in material(database, subscription_id).events}
    assert found == {first: None, second: first}


def test_expectations_are_offered_around_their_window(database: Database) -> None:
    subscription_id = subscribe(database)
    today = NOW.date()
    windows = {
        "long over": (-90, -61),
        "just over": (-20, -10),
        "under way": (-5, 5),
        "soon": (29, 40),
        "far": (33, 60),
    }
    for name, (start, end) in windows.items():
        when = DateRange(today + timedelta(days=start), today + timedelta(days=end))
        told = happening(when=when, status=EventStatus.ANNOUNCED)
        store(database, article(name), f"https://a.example/{start}", [opening(told, role=Role.ANNOUNCES)])
    happened = happening(when=DateRange(today, today), status=EventStatus.HAPPENED)
    store(database, article("happened"), "https://a.example/h", [opening(happened)])
    undated = happening(when=None, status=EventStatus.PROPOSED)
    store(database, article("undated"), "https://a.example/u", [opening(undated)])
    assert [one.title for one in material(database, subscription_id).expected] == ["just over", "under way", "soon"]


def test_only_fresh_uncertain_articles_are_to_be_reviewed(database: Database) -> None:
    subscription_id = subscribe(database, now=NOW - DAY)
    add_source(database, source(name="Harbour Post"))
    store(database, article("Sure"), "https://a.example/1", label=Label.BACKGROUND)
    store(database, article("Was there"), "https://a.example/2", label=Label.UNCERTAIN, baseline=True)
    store(database, article("Old"), "https://a.example/3", label=Label.UNCERTAIN, now=NOW - 9 * DAY)
    for number in range(25):
        store(database, article(f"Maybe {number}"), f"https://a.example/m{number}", label=Label.UNCERTAIN, score=0.4)
    review = material(database, subscription_id).review
    assert [item.title for item in review] == [f"Maybe {number}" for number in range(24, 4, -1)]
    assert (review[0].source_name, review[0].language, review[0].score) == ("Harbour Post", "en", 0.4)


def test_what_a_person_handled_and_copies_are_not_to_be_reviewed_again(database: Database) -> None:
    subscription_id = subscribe(database, now=NOW - DAY)
    first, second = (
        store(database, article(f"Maybe {number}"), f"https://a.example/{number}", label=Label.UNCERTAIN).article_id
        for number in (1, 2)
    )
    store(database, article("Copy"), "https://a.example/3", label=Label.UNCERTAIN, copy_of=copy_of(first))
    with database.units() as unit:
        unit.add_verdict(VerdictKind.HANDLED, "ann", NOW, article_id=second)
        unit.commit()
    assert [item.article_id for item in material(database, subscription_id).review] == [first]


def test_coverage_tells_what_was_checked_since_the_last_digest(database: Database) -> None:
    with database.units() as unit:
        unit.sync_sources(
            [source("ok"), source("broken"), source("never"), source("stale"), source("paused", paused=True)],
            NOW - 9 * DAY,
        )
        unit.commit()
    subscription_id = subscribe(database, now=NOW - 9 * DAY)
    ids = {view.key: view.feeds[0].id for view in database.archive.sources()}
    apply_poll(database, poll(ids["stale"], NOW - 3 * DAY))
    compose(database, subscription_id, NOW - 2 * DAY)
    apply_poll(database, poll(ids["ok"], NOW - HOUR, new_entries=(entry("a"), entry("b"))))
    failing_since = NOW - 5 * DAY
    apply_poll(
        database,
        poll(ids["broken"], NOW - HOUR, outcome=Outcome.TLS, failures=4, failing_since=failing_since),
    )
    store(database, label=Label.EVENT)
    store(database, article("x", OTHER_TEXT), "https://a.example/1")
    store(database, article("y", OTHER_TEXT), "https://a.example/2", now=NOW - 3 * DAY)
    coverage = material(database, subscription_id).coverage
    assert (coverage.sources, coverage.checked) == (4, 1)
    assert coverage.failing == (SourceTrouble("Broken", Outcome.TLS, failing_since),)
    assert (coverage.articles, coverage.by_label) == (2, ((Label.EVENT, 1), (Label.IRRELEVANT, 1)))
    assert coverage.waiting == 2


def test_a_first_digest_covers_at_least_a_day(database: Database) -> None:
    add_source(database)
    apply_poll(database, poll(feed_ids(database)[0], NOW - 20 * HOUR))
    subscription_id = subscribe(database, now=NOW - HOUR)
    assert material(database, subscription_id).coverage.checked == 1


def test_seeds_are_not_counted_as_read(database: Database) -> None:
    subscription_id = subscribe(database)
    put_seed(database, seed())
    store(database, article("z"), "https://a.example/9", origin=Origin.FILE)
    assert material(database, subscription_id).coverage.articles == 1


# ---------------------------------------------------------------- digests and deliveries


def test_a_digest_its_deliveries_and_the_new_position_come_in_one_commit(database: Database) -> None:
    subscription_id = subscribe(database)
    store(database, events=[opening()])
    digest_id = compose(database, subscription_id, NOW + HOUR, to_seq=1)
    [view] = database.archive.digests()
    assert (view.id, view.subscription_key, view.subject) == (digest_id, "weekly", "Une nouvelle")
    assert (view.after_seq, view.to_seq, view.composed_at) == (0, 1, NOW + HOUR)
    assert view.deliveries == (
        ("a@x.example", DeliveryState.PENDING, ""),
        ("b@x.example", DeliveryState.PENDING, ""),
    )
    found = material(database, subscription_id).subscription
    assert (found.last_seq, found.last_composed_at, found.due_at) == (1, NOW + HOUR, NOW + HOUR + DAY)


def test_a_window_is_composed_once(database: Database) -> None:
    subscription_id = subscribe(database)
    digest = a_digest(database, subscription_id, NOW)
    with database.units() as unit:
        assert unit.store_digest(digest, deliveries("k", "a@x.example"), NOW + DAY) is not None
        assert unit.store_digest(replace(digest, to_seq=9), deliveries("l", "a@x.example"), NOW + 2 * DAY) is None
        unit.commit()
    assert len(database.archive.digests()) == 1
    assert len(database.queue.claim(Stage.DELIVER, NOW, 10, LEASE_S)) == 1
    found = material(database, subscription_id).subscription
    assert (found.last_seq, found.due_at) == (0, NOW + 2 * DAY)


def test_a_delivery_is_queued_once_by_its_key(database: Database) -> None:
    subscription_id = subscribe(database)
    compose(database, subscription_id, NOW, key="same")
    compose(database, subscription_id, NOW + DAY, key="same")
    assert len(database.archive.digests()) == 2
    assert len(database.queue.claim(Stage.DELIVER, NOW + DAY, 10, LEASE_S)) == 2


def test_a_window_with_nothing_to_say_moves_on(database: Database) -> None:
    subscription_id = subscribe(database)
    store(database, events=[opening(announce=False)])
    database.queue.claim(Stage.COMPOSE, NOW + DAY, 1, LEASE_S)
    with database.units() as unit:
        unit.skip_digest(subscription_id, 1, NOW, NOW + 2 * DAY)
        unit.skip_digest(4711, 1, NOW, NOW + 2 * DAY)
        unit.commit()
    assert database.archive.digests() == ()
    found = material(database, subscription_id).subscription
    assert (found.last_seq, found.due_at, found.last_composed_at) == (1, NOW + 2 * DAY, None)
    assert database.queue.claim(Stage.COMPOSE, NOW + 2 * DAY, 1, LEASE_S) == (subscription_id,)


def test_a_moment_with_nothing_to_say_can_still_be_filled(database: Database) -> None:
    subscription_id = subscribe(database)
    database.queue.hurry(Stage.COMPOSE, [subscription_id], NOW)
    with database.units() as unit:
        unit.skip_digest(subscription_id, 0, NOW, NOW + DAY)
        unit.commit()
    database.queue.hurry(Stage.COMPOSE, [subscription_id], NOW)
    assert compose(database, subscription_id, NOW) is not None
    assert len(database.archive.digests()) == 1


def test_a_delivery_comes_to_its_channel_as_it_was_composed(database: Database) -> None:
    compose(database, subscribe(database), NOW)
    first, _ = database.queue.claim(Stage.DELIVER, NOW, 10, LEASE_S)
    with database.units() as unit:
        found = unit.delivery_for_send(first)
    assert found is not None
    assert (found.id, found.data) == (first, deliveries("k", "a@x.example")[0])
    assert (found.attempts, found.first_attempt_at, found.created_at) == (0, None, NOW)


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.DEAD])
def test_a_delivery_is_retried_until_it_is_sent_or_given_up(database: Database, state: DeliveryState) -> None:
    compose(database, subscribe(database), NOW)
    first, _ = database.queue.claim(Stage.DELIVER, NOW, 10, LEASE_S)
    later = NOW + HOUR
    with database.units() as unit:
        unit.apply_delivery(DeliveryIntent(first, DeliveryState.PENDING, NOW, later, Outcome.DEFERRED, "greylisted"))
        unit.commit()
    assert database.queue.claim(Stage.DELIVER, later, 10, LEASE_S)[-1] == first
    with database.units() as unit:
        again = unit.delivery_for_send(first)
        unit.apply_delivery(DeliveryIntent(first, state, later, None, Outcome.OK, "over"))
        unit.apply_delivery(DeliveryIntent(first, DeliveryState.PENDING, later, later, Outcome.DNS, "too late"))
        unit.commit()
    assert again is not None
    assert (again.attempts, again.first_attempt_at) == (1, NOW)
    with database.units() as unit:
        assert unit.delivery_for_send(first) is None
    assert first not in database.queue.claim(Stage.DELIVER, NOW + 30 * DAY, 10, LEASE_S)
    assert database.archive.digests()[0].deliveries[0] == ("a@x.example", state, "over")
