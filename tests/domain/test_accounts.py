from __future__ import annotations

import pytest

from monitor.domain.accounts import account_name, foreign_name, refuse_weak, role_of_groups
from monitor.domain.model.accounts import Role
from monitor.errors import Refused


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Ann", "ann"),
        (" ann ", "ann"),
        ("ANN.LEE", "ann.lee"),
        ("a@city.example", "a@city.example"),
        ("李雷", "李雷"),
        ("Đặng", "đặng"),
    ],
)
def test_a_name_is_written_in_one_way(typed: str, name: str) -> None:
    assert account_name(typed) == name


@pytest.mark.parametrize("typed", ["", " ", "a b", "a\nb", "a<b", "x" * 65, "a/b", "a\u202eb", "🙂"])
def test_what_is_no_name_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        account_name(typed)


@pytest.mark.parametrize(
    ("told", "name"),
    [("Ann Lee", "ann-lee"), ("ann@city.example", "ann@city.example"), ("<b>", "b"), ("x" * 300, "x" * 64)],
)
def test_a_providers_name_becomes_one_of_ours(told: str, name: str) -> None:
    assert foreign_name(told, "https://id.example 1") == name
    assert account_name(name) == name


def test_nobodys_name_is_made_from_whom_the_provider_means() -> None:
    assert foreign_name("", "a") == foreign_name("<>", "a") != foreign_name("", "b")


@pytest.mark.parametrize(
    "password", ["", "elevenchars", "aaaaaaaaaaaaaaaa", "abababababababab", "annannannann", "x" * 1_001]
)
def test_passwords_that_will_not_do(password: str) -> None:
    with pytest.raises(Refused):
        refuse_weak(password, "ann")


@pytest.mark.parametrize(
    "password", ["four small green lamps", "南锡与昆明友好城市三十年纪念", "kz4hd-9ataj-2b928-jfbak"]
)
def test_passwords_that_do(password: str) -> None:
    refuse_weak(password, "ann")


def test_the_most_that_a_group_allows_counts() -> None:
    roles = {"office": Role.REVIEWER, "it": Role.ADMIN}
    assert role_of_groups(["x", "office", "it"], roles, None) is Role.ADMIN
    assert role_of_groups(["office"], roles, Role.READER) is Role.REVIEWER
    assert role_of_groups(["x"], roles, Role.READER) is Role.READER
    assert role_of_groups(["x"], roles, None) is None


def test_a_long_name_makes_no_password_weak() -> None:
    refuse_weak("four small green lamps", "somebody-with-a-long-name@city.example")
