"""Digests as they were sent, and what became of their deliveries."""

from __future__ import annotations

import pytest

from monitor.adapters.storage.database import Database
from monitor.domain.model.digests import DeliveryIntent, DeliveryState
from monitor.domain.outcomes import Outcome
from monitor.errors import NotFound
from tests.storage.samples import DAY, HOUR, NOW, subscribe
from tests.storage.test_contract_digests import a_digest, compose, deliveries


def attempt(database: Database, delivery_id: int, state: DeliveryState, outcome: Outcome, hours: int = 0) -> None:
    at = NOW + hours * HOUR
    next_at = at + HOUR if state is DeliveryState.PENDING else None
    with database.units() as unit:
        unit.apply_delivery(DeliveryIntent(delivery_id, state, at, next_at, outcome, outcome.value))
        unit.commit()


def test_a_digest_is_shown_as_it_was_frozen_with_each_attempt(database: Database) -> None:
    subscription_id = subscribe(database)
    given = a_digest(database, subscription_id, NOW)
    digest_id = compose(database, subscription_id, NOW)
    assert digest_id is not None
    first, second = (one.id for one in database.archive.sent_digest(digest_id).deliveries)
    attempt(database, first, DeliveryState.PENDING, Outcome.DEFERRED)
    attempt(database, first, DeliveryState.SENT, Outcome.OK, 1)
    attempt(database, first, DeliveryState.PENDING, Outcome.DNS, 2)  # a slower one: it was sent already
    found = database.archive.sent_digest(digest_id)
    assert (found.digest, found.since, found.briefing_id) == (given, None, None)
    told, waiting = found.deliveries
    assert [(one.number, one.at, one.outcome, one.detail) for one in told.tried] == [
        (1, NOW, Outcome.DEFERRED, "deferred"),
        (2, NOW + HOUR, Outcome.OK, "ok"),
    ]
    assert (told.state, told.attempts, told.next_at) == (DeliveryState.SENT, 2, None)
    assert (waiting.id, waiting.state, waiting.tried, waiting.outcome) == (second, DeliveryState.PENDING, (), None)
    assert told.content == deliveries("k", "a@x.example")[0].content


def test_the_history_tells_windows_items_and_where_deliveries_stand(database: Database) -> None:
    subscription_id = subscribe(database)
    for number in range(3):
        compose(database, subscription_id, NOW + number * DAY, key=f"k{number}")
    newest, middle, oldest = database.archive.digest_history()
    assert (newest.since, middle.since, oldest.since) == (NOW + DAY, NOW, None)
    assert (newest.subscription_key, newest.language, newest.items, newest.subject) == (
        "weekly",
        "fr",
        1,
        "Une nouvelle",
    )
    assert newest.states == {DeliveryState.PENDING: 2}
    attempt(database, database.archive.sent_digest(newest.id).deliveries[0].id, DeliveryState.DEAD, Outcome.REFUSED)
    assert database.archive.digest_history(1)[0].states == {DeliveryState.PENDING: 1, DeliveryState.DEAD: 1}
    assert [one.id for one in database.archive.digest_history(5, before_id=newest.id)] == [middle.id, oldest.id]


def test_moments_with_nothing_to_say_are_listed_where_they_are_asked_for(database: Database) -> None:
    subscription_id = subscribe(database)
    with database.units() as unit:
        unit.skip_digest(subscription_id, 0, NOW, NOW + DAY)
        unit.commit()
    sent = compose(database, subscription_id, NOW + DAY)
    assert [one.id for one in database.archive.digest_history()] == [sent]
    _, empty = database.archive.digest_history(with_empty=True)
    assert (empty.is_empty, empty.items, empty.states) == (True, 0, {})
    assert database.archive.digest_history()[0].since is None
    with pytest.raises(NotFound):
        database.archive.sent_digest(empty.id)
    with pytest.raises(NotFound):
        database.archive.sent_digest(4711)
