from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.adapters.storage.database import Database
from monitor.domain.briefings import as_digest
from monitor.domain.deliveries import delivery_key, message_id
from monitor.domain.model.digests import ChannelKind, DeliveryData, DeliveryState, Digest, RenderedPart
from monitor.errors import NotFound, Refused
from monitor.ports import Stage
from tests.domain.digest_samples import words
from tests.storage import samples
from tests.storage.samples import article, opening, store

NOW = samples.NOW


def events(database: Database, count: int = 3) -> list[str]:
    """Ids of as many events."""
    found = []
    for number in range(count):
        told = article(title=f"Title {number}", text=f"{samples.TEXT} {number}")
        url = f"https://harbour-post.example/{number}"
        found.append(store(database, told, url, [opening()]).event_ids[0])
    return found


def held(database: Database, number: int) -> list[str]:
    return [one.event.id for one in database.briefings.get(number).items]


def message(database: Database, number: int, subscription_id: int) -> tuple[Digest, list[DeliveryData]]:
    told = as_digest(
        database.briefings.get(number), (subscription_id, "weekly"), "fr", NOW, words("fr"), lambda _id: None
    )
    key = delivery_key(told, ChannelKind.EMAIL, "officer@townhall.example", 1)
    part = RenderedPart("subject", "text")
    delivery = DeliveryData(key, ChannelKind.EMAIL, "officer@townhall.example", 1, message_id(key, "a.example"), part)
    return told, [delivery]


def test_picked_events_keep_the_order_they_are_given(database: Database) -> None:
    one, two, three = events(database)
    number = database.briefings.add("Visit", "ann", NOW)
    for event in (one, two, three, two):
        database.briefings.put_event(number, event)
    assert held(database, number) == [one, two, three]
    database.briefings.move_event(number, three, -1)
    database.briefings.move_event(number, one, 99)
    assert held(database, number) == [three, two, one]
    database.briefings.drop_event(number, two)
    database.briefings.drop_event(number, two)
    database.briefings.put_event(number, two)
    assert held(database, number) == [three, one, two]
    [row] = database.briefings.all()
    assert (row.title, row.events, row.created_by, row.is_draft) == ("Visit", 3, "ann", True)


def test_title_introduction_and_notes_are_kept(database: Database) -> None:
    [event] = events(database, 1)
    number = database.briefings.add("Visit", "ann", NOW)
    database.briefings.put_event(number, event)
    database.briefings.describe(number, "Dinner", "For Tuesday")
    database.briefings.annotate(number, event, "Ask about the tram")
    found = database.briefings.get(number)
    assert (found.title, found.intro, found.items[0].note) == ("Dinner", "For Tuesday", "Ask about the tram")
    assert [link.title for link in found.items[0].reports] == ["Title 0"]


def test_what_is_not_there_is_said(database: Database) -> None:
    [event] = events(database, 1)
    number = database.briefings.add("Visit", "ann", NOW)
    with pytest.raises(NotFound):
        database.briefings.get(number + 1)
    with pytest.raises(NotFound):
        database.briefings.put_event(number, "ev_none")
    with pytest.raises(NotFound):
        database.briefings.annotate(number, event, "")
    with pytest.raises(NotFound):
        database.briefings.move_event(number, event, 1)
    database.briefings.remove(number)
    assert database.briefings.all() == ()


def test_a_frozen_briefing_stays_as_it_was(database: Database) -> None:
    one, two = events(database, 2)
    number = database.briefings.add("Visit", "ann", NOW)
    with pytest.raises(Refused):
        database.briefings.freeze(number, "ann", NOW)
    database.briefings.put_event(number, one)
    database.briefings.freeze(number, "ann", NOW)
    database.briefings.freeze(number, "bo", NOW + timedelta(hours=1))
    with pytest.raises(Refused):
        database.briefings.put_event(number, two)
    with pytest.raises(Refused):
        database.briefings.remove(number)
    store(database, article(title="More", text=samples.OTHER_TEXT), "https://harbour-post.example/m", [
        samples.joining(one)
    ])  # fmt: skip
    found = database.briefings.get(number)
    assert (found.frozen_at, found.frozen_by) == (NOW, "ann")
    assert [link.title for item in found.items for link in item.reports] == ["Title 0"]


def test_it_is_sent_once_to_the_same_readers_and_moves_no_subscription(database: Database) -> None:
    subscription_id = samples.subscribe(database)
    [event] = events(database, 1)
    number = database.briefings.add("Visit", "ann", NOW)
    database.briefings.put_event(number, event)
    with pytest.raises(Refused):
        database.briefings.send(number, *message(database, number, subscription_id))
    database.briefings.freeze(number, "ann", NOW)
    with database.units() as unit:
        before = unit.digest_material(subscription_id, NOW)
    assert database.briefings.send(number, *message(database, number, subscription_id))
    assert not database.briefings.send(number, *message(database, number, subscription_id))
    [claimed] = database.queue.claim(Stage.DELIVER, NOW, 10, 60.0)
    assert claimed
    with database.units() as unit:
        after = unit.digest_material(subscription_id, NOW)
    assert before is not None
    assert after is not None
    assert after.subscription == before.subscription
    assert [one.event.id for one in after.events] == [event]
    [sending] = database.briefings.get(number).sendings
    assert sending.subscription_key == "weekly"
    assert sending.deliveries == (("officer@townhall.example", DeliveryState.PENDING, ""),)
