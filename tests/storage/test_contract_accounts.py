"""Accounts, sessions and tokens on every database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.adapters.storage.database import Database
from monitor.domain.accounts import secret_sha
from monitor.domain.model.accounts import Account, AccountData, Role, SessionData
from monitor.errors import NotFound, Refused
from tests.storage.samples import HOUR, NOW


def added(database: Database, name: str = "ann", role: Role = Role.ADMIN, **fields: str | None) -> Account:
    given = {"password_hash": f"hash of {name}"} | fields
    return database.accounts.add(AccountData(name, role, NOW, **given))


def session(database: Database, account: Account, secret: str, hours: int = 8) -> None:
    data = SessionData(account.id, secret_sha(secret), NOW, NOW + hours * HOUR, "Firefox", "192.0.2.7")
    database.accounts.open_session(data)


def test_accounts_are_found_by_name_and_by_whom_a_provider_means(database: Database) -> None:
    accounts = database.accounts
    assert accounts.is_empty()
    ann = added(database)
    bo = added(database, "bo", Role.READER, password_hash=None, subject="https://id.example 7")
    assert not accounts.is_empty()
    assert accounts.all() == (ann, bo)
    assert (accounts.by_name("ann"), accounts.by_name("eve")) == (ann, None)
    assert (accounts.by_subject("https://id.example 7"), accounts.by_subject("https://id.example 8")) == (bo, None)
    assert (ann.external, bo.external) == (False, True)
    assert [accounts.password_hash(one) for one in (ann.id, bo.id, 999)] == ["hash of ann", None, None]


def test_a_name_is_given_once(database: Database) -> None:
    added(database)
    with pytest.raises(Refused, match="this name already"):
        added(database)


def test_an_admin_is_always_left(database: Database) -> None:
    accounts = database.accounts
    ann, bo = added(database), added(database, "bo", Role.READER)
    for forbidden in (lambda: accounts.set_role(ann.id, Role.READER), lambda: accounts.remove(ann.id)):
        with pytest.raises(Refused, match="Nobody else"):
            forbidden()
    accounts.set_role(bo.id, Role.ADMIN)
    accounts.set_role(ann.id, Role.READER)
    accounts.remove(ann.id)
    assert [(one.name, one.role) for one in accounts.all()] == [("bo", Role.ADMIN)]
    accounts.remove(bo.id)
    assert accounts.is_empty()


def test_what_is_gone_is_not_found(database: Database) -> None:
    accounts = database.accounts
    added(database)
    for missing in (
        lambda: accounts.set_role(999, Role.ADMIN),
        lambda: accounts.remove(999),
        lambda: accounts.set_password(999, "x"),
        lambda: accounts.keep_hash(999, "x"),
        lambda: accounts.revoke_token("none"),
    ):
        with pytest.raises(NotFound):
            missing()


def test_a_session_lasts_until_its_end(database: Database) -> None:
    accounts, ann = database.accounts, added(database)
    session(database, ann, "secret")
    assert accounts.signed_in(secret_sha("secret"), NOW + 7 * HOUR) == ann
    assert accounts.signed_in(secret_sha("secret"), NOW + 8 * HOUR) is None
    assert accounts.signed_in(secret_sha("other"), NOW) is None
    (shown,) = accounts.sessions(ann.id, NOW, secret_sha("secret"))
    assert (shown.browser, shown.address, shown.is_this) == ("Firefox", "192.0.2.7", True)
    accounts.end_session(secret_sha("secret"))
    assert accounts.signed_in(secret_sha("secret"), NOW) is None


def test_another_password_ends_all_sessions_and_a_new_hash_none(database: Database) -> None:
    accounts, ann, bo = database.accounts, added(database), added(database, "bo")
    for account, secret in ((ann, "a"), (ann, "b"), (bo, "c")):
        session(database, account, secret)
    accounts.keep_hash(ann.id, "stronger")
    assert len(accounts.sessions(ann.id, NOW)) == 2
    accounts.set_password(ann.id, "another")
    assert accounts.sessions(ann.id, NOW) == ()
    assert accounts.signed_in(secret_sha("c"), NOW) == bo
    assert accounts.password_hash(ann.id) == "another"


def test_all_but_one_session_can_be_ended_and_a_removed_account_has_none(database: Database) -> None:
    accounts, ann, bo = database.accounts, added(database), added(database, "bo")
    for account, secret in ((ann, "a"), (ann, "b"), (bo, "c")):
        session(database, account, secret)
    assert accounts.end_sessions(ann.id, secret_sha("b")) == 1
    assert [one.is_this for one in accounts.sessions(ann.id, NOW, secret_sha("b"))] == [True]
    accounts.remove(ann.id)
    assert accounts.signed_in(secret_sha("b"), NOW) is None
    assert accounts.signed_in(secret_sha("c"), NOW) == bo


def test_who_signs_in_elsewhere_gets_no_password(database: Database) -> None:
    bo = added(database, "bo", Role.ADMIN, password_hash=None, subject="https://id.example 7")
    with pytest.raises(Refused, match="elsewhere"):
        database.accounts.set_password(bo.id, "x")


def test_a_token_is_known_until_it_is_revoked_and_tells_its_last_use_to_the_hour(database: Database) -> None:
    accounts = database.accounts
    made = accounts.add_token("reader-of-feeds", Role.READER, secret_sha("t"), NOW)
    assert accounts.tokens() == (made,)
    with pytest.raises(Refused):
        accounts.add_token("reader-of-feeds", Role.READER, secret_sha("u"), NOW)
    for minutes, noted in ((0, 0), (30, 0), (61, 61)):
        assert accounts.token(secret_sha("t"), NOW + timedelta(minutes=minutes)) is not None
        assert accounts.tokens()[0].last_used_at == NOW + timedelta(minutes=noted)
    accounts.revoke_token("reader-of-feeds")
    assert accounts.token(secret_sha("t"), NOW) is None
