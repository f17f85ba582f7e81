"""Saved searches on every database."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.adapters.storage import saved_searches
from monitor.adapters.storage.database import Database
from monitor.domain.kind_families import KindFamily
from monitor.domain.model.accounts import AccountData, Role
from monitor.domain.model.event_search import EventFilter, Novelty, SavedSearch, SavedSearchData
from monitor.domain.model.events import EventStatus
from monitor.errors import NotFound, Refused
from tests.storage.samples import NOW, subscribe, subscription

ASKED = EventFilter(
    words="da nang",
    partnership="a+b",
    place="nancy",
    country="FR",
    family=KindFamily.ECONOMY,
    language="zh",
    source="paper",
    since=date(2026, 1, 1),
    status=EventStatus.DENIED,
    novelty=Novelty.NEW,
)


def kept(database: Database, name: str = "Aid", owner: str = "ann", account_id: int | None = None) -> SavedSearch:
    return database.saved_searches.add(SavedSearchData(name, ASKED, owner, account_id, "fr", f"sha of {name}", NOW))


def test_a_search_is_kept_as_it_was_asked(database: Database) -> None:
    made = kept(database)
    assert made.data.filter == ASKED
    assert (made.has_feeds, made.subscription_id) == (True, None)
    assert database.saved_searches.get(made.id) == made
    assert database.saved_searches.by_token("sha of Aid") == made
    assert (database.saved_searches.of("ann"), database.saved_searches.of("bo")) == ((made,), ())


def test_one_name_is_given_once_by_a_person_and_there_is_an_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(database)
    with pytest.raises(Refused, match="this name already"):
        kept(database)
    kept(database, "Aid of bo", "bo")
    monkeypatch.setattr(saved_searches, "MAX_OF_A_PERSON", 1)
    with pytest.raises(Refused, match="very many"):
        kept(database, "More")


def test_a_secret_is_renewed_and_revoked(database: Database) -> None:
    made = kept(database)
    database.saved_searches.set_token(made.id, "another")
    assert database.saved_searches.by_token("sha of Aid") is None
    database.saved_searches.set_token(made.id, None)
    assert database.saved_searches.by_token("another") is None
    assert not database.saved_searches.get(made.id).has_feeds
    assert database.saved_searches.by_token("") is None


def test_its_digest_outlives_a_restart_and_ends_with_it(database: Database) -> None:
    made = kept(database)
    database.saved_searches.subscribe(made.id, subscription(f"search-{made.id}"), NOW)
    database.saved_searches.subscribe(made.id, subscription(f"search-{made.id}", language="vi"), NOW)
    subscribe(database, subscription("declared"))
    found = {data.key: data for _, data in database.archive.subscriptions()}
    assert (found[f"search-{made.id}"].paused, found[f"search-{made.id}"].language) == (False, "vi")
    database.saved_searches.remove(made.id)
    assert {data.key: data.paused for _, data in database.archive.subscriptions()} == {
        "declared": False,
        f"search-{made.id}": True,
    }


def test_a_digest_can_be_stopped_and_started_again(database: Database) -> None:
    made = kept(database)
    for _ in range(2):
        database.saved_searches.subscribe(made.id, subscription(f"search-{made.id}"), NOW)
        assert [data.paused for _, data in database.archive.subscriptions()] == [False]
        database.saved_searches.unsubscribe(made.id)
        assert [data.paused for _, data in database.archive.subscriptions()] == [True]
        assert database.saved_searches.get(made.id).subscription_id is None


def test_searches_and_their_digests_end_with_the_account(database: Database) -> None:
    database.accounts.add(AccountData("admin", Role.ADMIN, NOW, "hash"))
    ann = database.accounts.add(AccountData("ann", Role.READER, NOW, "hash"))
    made = kept(database, account_id=ann.id)
    database.saved_searches.subscribe(made.id, subscription(f"search-{made.id}"), NOW)
    database.accounts.remove(ann.id)
    assert database.saved_searches.of("ann") == ()
    assert [data.paused for _, data in database.archive.subscriptions()] == [True]


def test_what_is_gone_is_not_found(database: Database) -> None:
    searches = database.saved_searches
    for missing in (
        lambda: searches.get(999),
        lambda: searches.set_token(999, "x"),
        lambda: searches.subscribe(999, subscription("search-999"), NOW),
        lambda: searches.unsubscribe(999),
        lambda: searches.remove(999),
    ):
        with pytest.raises(NotFound):
            missing()
    assert database.archive.subscriptions() == ()
