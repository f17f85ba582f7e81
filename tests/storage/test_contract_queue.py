from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from monitor.adapters.storage.database import Database
from monitor.domain.model.digests import DeliveryIntent, DeliveryState
from monitor.domain.outcomes import Outcome
from monitor.ports import Stage
from tests.storage.samples import (
    DAY,
    HOUR,
    LEASE_S,
    NOW,
    add_source,
    apply_poll,
    entry,
    feed_ids,
    poll,
    source,
    subscribe,
    subscription,
)
from tests.storage.test_contract_digests import compose

SECOND = timedelta(seconds=1)


def entries(database: Database, *keys: str, baseline: bool = False, now: object = NOW) -> None:
    if not feed_ids(database):
        add_source(database)
    new = tuple(entry(key) for key in keys)
    apply_poll(database, poll(feed_ids(database)[0], now, new_entries=new, baseline=baseline))  # type: ignore[arg-type]


def keys(database: Database, ids: tuple[int, ...]) -> list[str]:
    with database.units() as unit:
        found = [unit.entry_for_ingest(one) for one in ids]
    return [one.url.rpartition("/")[2] for one in found if one is not None and one.url is not None]


def test_a_claimed_row_is_not_claimed_again_until_its_lease_ends(database: Database) -> None:
    entries(database, "a")
    claimed = database.queue.claim(Stage.INGEST, NOW, 10, LEASE_S)
    assert len(claimed) == 1
    assert database.queue.claim(Stage.INGEST, NOW, 10, LEASE_S) == ()
    lease = timedelta(seconds=LEASE_S)
    assert database.queue.claim(Stage.INGEST, NOW + lease - SECOND, 10, LEASE_S) == ()
    assert database.queue.claim(Stage.INGEST, NOW + lease, 10, LEASE_S) == claimed


def test_fresh_entries_come_before_the_baseline_and_older_before_newer(database: Database) -> None:
    entries(database, "old-baseline", baseline=True, now=NOW - 2 * DAY)
    entries(database, "second", now=NOW - HOUR)
    entries(database, "first", now=NOW - DAY)
    entries(database, "third")
    assert keys(database, database.queue.claim(Stage.INGEST, NOW, 2, LEASE_S)) == ["first", "second"]
    assert keys(database, database.queue.claim(Stage.INGEST, NOW, 2, LEASE_S)) == ["third", "old-baseline"]


def test_no_more_than_asked_for_is_claimed(database: Database) -> None:
    entries(database, *(f"e{number}" for number in range(7)))
    sizes = [len(database.queue.claim(Stage.INGEST, NOW, 3, LEASE_S)) for _ in range(4)]
    assert sizes == [3, 3, 1, 0]


def test_what_is_not_due_yet_waits(database: Database) -> None:
    add_source(database)
    [feed_id] = feed_ids(database)
    apply_poll(database, poll(feed_id))
    assert database.queue.claim(Stage.POLL, NOW + HOUR - SECOND, 10, LEASE_S) == ()
    assert database.queue.claim(Stage.POLL, NOW + HOUR, 10, LEASE_S) == (feed_id,)


def test_a_feed_that_is_gone_for_good_is_never_due_until_a_person_hurries_it(database: Database) -> None:
    add_source(database)
    [feed_id] = feed_ids(database)
    apply_poll(database, poll(feed_id, outcome=Outcome.GONE, next_at=None))
    assert database.queue.claim(Stage.POLL, NOW + 1000 * DAY, 10, LEASE_S) == ()
    database.queue.hurry(Stage.POLL, [feed_id], NOW)
    assert database.queue.claim(Stage.POLL, NOW, 10, LEASE_S) == (feed_id,)


def test_hurrying_takes_rows_from_a_dead_process(database: Database) -> None:
    add_source(database)
    [feed_id] = database.queue.claim(Stage.POLL, NOW, 10, LEASE_S)
    database.queue.hurry(Stage.POLL, [feed_id], NOW)
    assert database.queue.claim(Stage.POLL, NOW, 10, LEASE_S) == (feed_id,)


def test_a_result_ends_the_lease(database: Database) -> None:
    add_source(database)
    [feed_id] = database.queue.claim(Stage.POLL, NOW, 10, 10 * LEASE_S)
    apply_poll(database, poll(feed_id, next_at=NOW + SECOND))
    assert database.queue.claim(Stage.POLL, NOW + SECOND, 10, LEASE_S) == (feed_id,)


def test_subscriptions_and_deliveries_are_queues_too(database: Database) -> None:
    subscription_id = subscribe(database)
    assert database.queue.claim(Stage.COMPOSE, NOW, 10, LEASE_S) == ()
    assert database.queue.claim(Stage.COMPOSE, NOW + DAY, 10, LEASE_S) == (subscription_id,)
    assert database.queue.claim(Stage.DELIVER, NOW + DAY, 10, LEASE_S) == ()
    compose(database, subscription_id, NOW)
    assert len(database.queue.claim(Stage.DELIVER, NOW, 10, LEASE_S)) == 2


def test_a_paused_subscription_is_not_due(database: Database) -> None:
    subscribe(database, subscription(paused=True))
    assert database.queue.claim(Stage.COMPOSE, NOW + 30 * DAY, 10, LEASE_S) == ()


def test_a_delivery_that_was_given_up_is_not_hurried(database: Database) -> None:
    compose(database, subscribe(database), NOW)
    first, second = database.queue.claim(Stage.DELIVER, NOW, 10, LEASE_S)
    with database.units() as unit:
        unit.apply_delivery(DeliveryIntent(first, DeliveryState.DEAD, NOW, None, Outcome.REFUSED, "no such user"))
        unit.commit()
    database.queue.hurry(Stage.DELIVER, [first, second], NOW)
    assert database.queue.claim(Stage.DELIVER, NOW, 10, LEASE_S) == (second,)


def test_released_leases_are_due_at_once(database: Database) -> None:
    entries(database, "a", "b")
    database.queue.claim(Stage.INGEST, NOW, 10, LEASE_S)
    database.queue.claim(Stage.POLL, NOW + HOUR, 10, LEASE_S)
    assert database.queue.release_leases() == 3
    assert len(database.queue.claim(Stage.INGEST, NOW, 10, LEASE_S)) == 2
    assert database.queue.release_leases() == 2


def test_threads_claim_disjoint_rows(database: Database) -> None:
    add_source(database, source("many", *(f"https://h{number}.example/feed" for number in range(60))))
    barrier = Barrier(4)

    def claim_all() -> list[int]:
        barrier.wait()
        found: list[int] = []
        for _ in range(60):
            claimed = database.queue.claim(Stage.POLL, NOW, 3, LEASE_S)
            found += claimed
            if not claimed:
                break
        return found

    with ThreadPoolExecutor(4) as pool:
        claimed = [one for part in pool.map(lambda _: claim_all(), range(4)) for one in part]
    assert Counter(claimed) == Counter(feed_ids(database))


# ---------------------------------------------------------------- lanes


def hosts(database: Database, *counts: int) -> dict[int, str]:
    """So many feeds on each host, declared host by host; feed id -> host."""
    declared = [
        source(f"h{host}", *(f"https://h{host}.example/{number}" for number in range(count)))
        for host, count in enumerate(counts)
    ]
    for one in declared:
        with database.units() as unit:
            unit.add_source(one, NOW, "cli")
            unit.commit()
    return {feed.id: feed.url.split("/")[2] for view in database.archive.sources() for feed in view.feeds}


def test_of_one_host_only_one_feed_is_handed_out_at_a_time(database: Database) -> None:
    host = hosts(database, 50, 2, 1)
    first = database.queue.claim(Stage.POLL, NOW, 10, LEASE_S)
    assert [host[one] for one in first] == ["h0.example", "h1.example", "h2.example"]
    assert database.queue.claim(Stage.POLL, NOW, 10, LEASE_S) == ()
    apply_poll(database, poll(first[0], next_at=NOW + DAY))
    assert [host[one] for one in database.queue.claim(Stage.POLL, NOW, 10, LEASE_S)] == ["h0.example"]


def test_a_host_is_free_again_when_a_lease_ends(database: Database) -> None:
    hosts(database, 3)
    assert len(database.queue.claim(Stage.POLL, NOW, 10, LEASE_S)) == 1
    assert len(database.queue.claim(Stage.POLL, NOW + timedelta(seconds=LEASE_S), 10, LEASE_S)) == 1


def test_the_host_is_that_of_the_address_that_is_polled(database: Database) -> None:
    first, _ = hosts(database, 1, 1)
    apply_poll(database, poll(first, found_url="https://h1.example/found"))
    assert len(database.queue.claim(Stage.POLL, NOW + HOUR, 10, LEASE_S)) == 1


def test_entries_of_one_feed_leave_room_for_those_of_others(database: Database) -> None:
    first, second = hosts(database, 1, 1)
    apply_poll(database, poll(first, new_entries=tuple(entry(f"a{number}") for number in range(40))))
    apply_poll(database, poll(second, new_entries=(entry("b"),)))
    assert "b" in keys(database, database.queue.claim(Stage.INGEST, NOW, 8, LEASE_S))


def test_where_nothing_else_is_due_one_feed_may_have_all_the_room(database: Database) -> None:
    entries(database, *(f"e{number}" for number in range(30)))
    assert len(database.queue.claim(Stage.INGEST, NOW, 16, LEASE_S)) == 16
