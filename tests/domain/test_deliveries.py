from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain import digest
from monitor.domain.deliveries import GIVE_UP_AFTER, decide_delivery, delivery_key, message_id
from monitor.domain.model.digests import (
    ChannelKind,
    DeliveryData,
    DeliveryFailed,
    DeliveryForSend,
    DeliveryState,
    RenderedPart,
    Sent,
)
from monitor.domain.outcomes import Outcome
from tests.domain.digest_samples import NOW, place, rich_material, words

composed = digest.compose(rich_material(), NOW, words(), place)
assert composed is not None
DIGEST = composed
START = datetime(2026, 10, 5, 5, tzinfo=UTC)


def delivery(attempts: int = 0, first_at: datetime | None = None) -> DeliveryForSend:
    data = DeliveryData("k" * 64, ChannelKind.EMAIL, "a@b.example", 1, "<k@b.example>", RenderedPart("s", "t"))
    return DeliveryForSend(5, data, attempts, first_at, START)


def test_the_key_names_one_message_of_one_window() -> None:
    key = delivery_key(DIGEST, ChannelKind.EMAIL, "a@b.example", 1)
    assert len(key) == 64
    assert key == delivery_key(replace(DIGEST, subject="another"), ChannelKind.EMAIL, "a@b.example", 1)
    others = {
        delivery_key(replace(DIGEST, subscription_key="other"), ChannelKind.EMAIL, "a@b.example", 1),
        delivery_key(replace(DIGEST, after_seq=11), ChannelKind.EMAIL, "a@b.example", 1),
        delivery_key(replace(DIGEST, to_seq=41), ChannelKind.EMAIL, "a@b.example", 1),
        delivery_key(replace(DIGEST, due_at=DIGEST.due_at + timedelta(days=7)), ChannelKind.EMAIL, "a@b.example", 1),
        delivery_key(DIGEST, ChannelKind.SLACK, "a@b.example", 1),
        delivery_key(DIGEST, ChannelKind.EMAIL, "b@b.example", 1),
        delivery_key(DIGEST, ChannelKind.EMAIL, "a@b.example", 2),
    }
    assert len(others | {key}) == 8


@pytest.mark.parametrize(
    ("domain", "right"),
    [
        ("ville.example", "ville.example"),
        ("", "localhost"),
        ("a b", "localhost"),
        ("x>\r\nBcc: y", "localhost"),
        ("münchen.example", "localhost"),
        ("[127.0.0.1]", "localhost"),
    ],
)
def test_the_message_id_fits_a_header(domain: str, right: str) -> None:
    assert message_id("ab" * 32, domain) == f"<{'ab' * 20}@{right}>"


def test_sent_is_sent() -> None:
    intent = decide_delivery(delivery(), Sent("250 queued"), START)
    assert (intent.state, intent.next_at, intent.outcome) == (DeliveryState.SENT, None, Outcome.OK)


@pytest.mark.parametrize(
    "outcome", [Outcome.DEFERRED, Outcome.NETWORK, Outcome.DNS, Outcome.DEADLINE, Outcome.SERVER_ERROR]
)
def test_a_passing_failure_is_tried_again_after_1_minute_doubling_up_to_an_hour(outcome: Outcome) -> None:
    failed = DeliveryFailed(outcome, "451 later")
    waits = []
    for attempts in range(9):
        intent = decide_delivery(delivery(attempts, START), failed, START)
        assert intent.state is DeliveryState.PENDING
        assert intent.next_at is not None
        waits.append((intent.next_at - START) // timedelta(minutes=1))
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_refusal_is_final_at_once() -> None:
    intent = decide_delivery(delivery(), DeliveryFailed(Outcome.REFUSED, "550 no such user"), START)
    assert (intent.state, intent.next_at, intent.detail) == (DeliveryState.DEAD, None, "550 no such user")


@pytest.mark.parametrize("outcome", [Outcome.LOGIN, Outcome.TLS])
def test_what_a_person_has_to_mend_is_tried_once_an_hour(outcome: Outcome) -> None:
    intent = decide_delivery(delivery(), DeliveryFailed(outcome, ""), START)
    assert (intent.state, intent.next_at) == (DeliveryState.PENDING, START + timedelta(hours=1))


def test_a_lost_receipt_waits_ten_minutes_at_least() -> None:
    lost = DeliveryFailed(Outcome.UNKNOWN, "no receipt")
    assert decide_delivery(delivery(), lost, START).next_at == START + timedelta(minutes=10)
    assert decide_delivery(delivery(5, START), lost, START).next_at == START + timedelta(minutes=32)


@pytest.mark.parametrize(
    ("wish", "wait"),
    [
        (30.0, timedelta(minutes=1)),
        (300.0, timedelta(minutes=5)),
        (1e9, timedelta(days=1)),
        (-5.0, timedelta(minutes=1)),
    ],
)
def test_a_wish_of_the_server_is_honoured_within_reason(wish: float, wait: timedelta) -> None:
    intent = decide_delivery(delivery(), DeliveryFailed(Outcome.THROTTLED, "", wish), START)
    assert intent.next_at == START + wait


def test_after_three_days_it_is_given_up() -> None:
    failed = DeliveryFailed(Outcome.NETWORK, "refused")
    almost = decide_delivery(delivery(80, START), failed, START + GIVE_UP_AFTER - timedelta(seconds=1))
    assert almost.state is DeliveryState.PENDING
    assert decide_delivery(delivery(80, START), failed, START + GIVE_UP_AFTER).state is DeliveryState.DEAD


def test_a_server_that_is_down_for_ten_hours_costs_no_delivery() -> None:
    now, attempts = START, 0
    first_at: datetime | None = None
    while now < START + timedelta(hours=10):
        intent = decide_delivery(delivery(attempts, first_at), DeliveryFailed(Outcome.NETWORK, ""), now)
        assert intent.next_at is not None
        first_at, attempts, now = first_at or now, attempts + 1, intent.next_at
    assert 10 <= attempts <= 20
    assert decide_delivery(delivery(attempts, first_at), Sent(), now).state is DeliveryState.SENT


@settings(deadline=None)
@given(
    st.integers(0, 10_000),
    st.sampled_from(Outcome),
    st.none() | st.floats(allow_nan=False),
    st.timedeltas(timedelta(0), timedelta(days=9)),
)
def test_every_failure_ends_or_comes_back_within_a_day(
    attempts: int, outcome: Outcome, wish: float | None, age: timedelta
) -> None:
    now = START + age
    intent = decide_delivery(delivery(attempts, START), DeliveryFailed(outcome, "x\r\ny" * 200, wish), now)
    assert (intent.next_at is None) == (intent.state is DeliveryState.DEAD)
    assert len(intent.detail) <= 300
    assert "\n" not in intent.detail
    if intent.next_at is not None:
        assert timedelta(minutes=1) <= intent.next_at - now <= timedelta(days=1)
