"""What metrics and `doctor` are told of the archive."""

from __future__ import annotations

from monitor.adapters.storage.database import Database
from monitor.domain.model.digests import DeliveryState
from monitor.domain.model.health import FeedHealth, HealthTurn
from monitor.domain.outcomes import Outcome
from tests.storage.samples import DAY, HOUR, NOW, apply_poll, entry, feed_ids, poll, source, subscribe
from tests.storage.test_contract_digests import compose


def two_sources(database: Database) -> list[int]:
    with database.units() as unit:
        unit.sync_sources([source("alpha"), source("beta"), source("gone", paused=True)], NOW)
        unit.commit()
    return feed_ids(database)


def test_vitals_count_what_is_followed(database: Database) -> None:
    alpha, beta, _ = two_sources(database)
    apply_poll(database, poll(alpha, health=FeedHealth.OK, new_entries=(entry("a"),)))
    turn = HealthTurn(FeedHealth.NEW, FeedHealth.BROKEN, "dns")
    failed = {"outcome": Outcome.DNS, "failures": 3, "failing_since": NOW, "health": FeedHealth.BROKEN, "turn": turn}
    apply_poll(database, poll(beta, next_at=NOW + HOUR, **failed))
    vitals = database.archive.vitals(NOW + HOUR / 2)
    assert vitals.feeds_by_health == ((FeedHealth.OK, 1), (FeedHealth.BROKEN, 1))
    assert vitals.last_success == (("alpha", NOW), ("beta", None))
    queues = {one.stage: (one.due, one.waiting) for one in vitals.queues}
    assert queues["ingest"] == (1, 0)
    assert (dict(vitals.deliveries), vitals.oldest_pending_at) == (dict.fromkeys(DeliveryState, 0), None)


def test_vitals_tell_the_age_of_the_outbox_and_the_kills(database: Database) -> None:
    compose(database, subscribe(database), NOW)
    with database.units() as unit:
        for sha in ("a", "b"):
            unit.count_kill(sha, "parse-feed", "https://x.example/", Outcome.CHILD_MEMORY, "", NOW)
        unit.commit()
    vitals = database.archive.vitals(NOW + DAY)
    assert dict(vitals.deliveries)[DeliveryState.PENDING] == 2
    assert vitals.oldest_pending_at == NOW
    assert vitals.kills == ((Outcome.CHILD_MEMORY, 2),)


def test_doctor_names_the_feeds_that_need_a_look(database: Database) -> None:
    alpha, beta, _ = two_sources(database)
    apply_poll(database, poll(alpha, health=FeedHealth.OK))
    turn = HealthTurn(FeedHealth.NEW, FeedHealth.MOVED, "https://new.example/f")
    apply_poll(
        database,
        poll(beta, moved_to="https://new.example/f", health=FeedHealth.MOVED, health_since=NOW, turn=turn),
    )
    [problem] = database.archive.health(NOW).problems
    assert (problem.source_key, problem.health, problem.moved_to) == ("beta", FeedHealth.MOVED, "https://new.example/f")
    assert database.archive.health(NOW).feeds_by_health == ((FeedHealth.OK, 1), (FeedHealth.MOVED, 1))


def test_coverage_tells_the_last_turn_of_each_feed_once_it_has_settled(database: Database) -> None:
    alpha, beta, _ = two_sources(database)
    subscription_id = subscribe(database, now=NOW - DAY)

    def turned(feed_id: int, hours: float, before: FeedHealth, after: FeedHealth) -> None:
        at = NOW + hours * HOUR
        apply_poll(database, poll(feed_id, at, health=after, health_since=at, turn=HealthTurn(before, after, "dns")))

    turned(alpha, 1, FeedHealth.NEW, FeedHealth.BROKEN)
    turned(alpha, 2, FeedHealth.BROKEN, FeedHealth.OK)
    turned(beta, 3, FeedHealth.NEW, FeedHealth.QUIET)

    def told(hours: float) -> list[tuple[str, FeedHealth]]:
        with database.units() as unit:
            material = unit.digest_material(subscription_id, NOW + hours * HOUR)
        assert material is not None
        return [(one.source_key, one.after) for one in material.coverage.changes]

    assert told(4) == [("alpha", FeedHealth.OK), ("beta", FeedHealth.QUIET)]
    assert told(3) == [("alpha", FeedHealth.OK)], "the poll of beta may still be writing"
    turned(beta, 5, FeedHealth.QUIET, FeedHealth.OK)
    assert told(5.01) == [("alpha", FeedHealth.OK)], "overtaken: the next digest tells"
    assert told(6) == [("alpha", FeedHealth.OK), ("beta", FeedHealth.OK)]


def test_coverage_says_so_when_our_own_network_was_down(database: Database) -> None:
    alpha, beta, _ = two_sources(database)
    subscription_id = subscribe(database, now=NOW)
    apply_poll(database, poll(alpha, NOW + HOUR))
    apply_poll(database, poll(beta, NOW + HOUR, outcome=Outcome.LOCAL_OUTAGE, health=FeedHealth.NEW))
    with database.units() as unit:
        material = unit.digest_material(subscription_id, NOW + 2 * HOUR)
    assert material is not None
    assert [(one.source_name, one.outcome) for one in material.coverage.failing] == [("Beta", Outcome.LOCAL_OUTAGE)]
