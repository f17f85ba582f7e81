"""The way of a digest to its readers: stable keys, and when to try again. At least once, never twice on purpose."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta

from monitor.domain.model.digests import (
    ChannelKind,
    DeliveryFailed,
    DeliveryForSend,
    DeliveryIntent,
    DeliveryState,
    Digest,
    Sent,
)
from monitor.domain.outcomes import Outcome, Severity, severity
from monitor.domain.text import clean_line

FIRST_RETRY = timedelta(minutes=1)  # faults E1: 1 minute, doubling ...
LONGEST_RETRY = timedelta(hours=1)  # ... up to an hour ...
GIVE_UP_AFTER = timedelta(days=3)  # ... for three days, as Stripe's webhooks do
UNKNOWN_WAIT = timedelta(minutes=10)  # RFC 1047: a server may need this long between the final dot and its answer
LONGEST_WISH = timedelta(days=1)  # of a Retry-After
MAX_DETAIL_CHARS = 300

# Somebody has to change a setting first: no use in knocking every minute, and accounts get locked by it.
_NEEDS_A_PERSON = frozenset({Outcome.LOGIN, Outcome.TLS})


def delivery_key(digest: Digest, channel: ChannelKind, recipient: str, part: int) -> str:
    """sha256 hex that names one message to one recipient; the same window always gives the same keys.

    The scheduled moment belongs to the window: weeks without news have the same numbers again and again.
    """
    parts = (
        digest.subscription_key,
        str(digest.after_seq),
        str(digest.to_seq),
        digest.due_at.isoformat(),
        channel.value,
        recipient,
        str(part),
    )
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def message_id(key: str, domain: str) -> str:
    """The Message-ID of every attempt at the delivery of `key`; a `domain` that fits no header becomes "localhost"."""
    right = domain if re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", domain) else "localhost"
    return f"<{key[:40]}@{right}>"


def decide_delivery(delivery: DeliveryForSend, result: Sent | DeliveryFailed, now: datetime) -> DeliveryIntent:
    """What becomes of a delivery after an attempt; `delivery.attempts` counts the earlier ones."""
    if isinstance(result, Sent):
        return _intent(delivery, DeliveryState.SENT, now, None, Outcome.OK, result.detail)
    first_at = delivery.first_attempt_at or now
    hopeless = severity(result.outcome) in (Severity.HARD, Severity.FINAL)
    if hopeless or now - first_at >= GIVE_UP_AFTER:
        return _intent(delivery, DeliveryState.DEAD, now, None, result.outcome, result.detail)
    next_at = now + _wait(delivery.attempts, result)
    return _intent(delivery, DeliveryState.PENDING, now, next_at, result.outcome, result.detail)


def _wait(attempts: int, failed: DeliveryFailed) -> timedelta:
    wait = min(FIRST_RETRY * (1 << min(attempts, 10)), LONGEST_RETRY)
    if failed.outcome in _NEEDS_A_PERSON:
        wait = LONGEST_RETRY
    if failed.outcome is Outcome.UNKNOWN:
        wait = max(wait, UNKNOWN_WAIT)
    if failed.retry_after_s is not None and failed.retry_after_s > 0:
        wait = max(wait, timedelta(seconds=min(failed.retry_after_s, LONGEST_WISH.total_seconds())))
    return wait


def _intent(
    delivery: DeliveryForSend,
    state: DeliveryState,
    now: datetime,
    next_at: datetime | None,
    outcome: Outcome,
    detail: str,
) -> DeliveryIntent:
    return DeliveryIntent(
        delivery_id=delivery.id,
        state=state,
        attempted_at=now,
        next_at=next_at,
        outcome=outcome,
        detail=clean_line(detail, MAX_DETAIL_CHARS),
    )
