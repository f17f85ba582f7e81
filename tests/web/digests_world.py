"""Digests of an archive as tests of the pages want them: composed, sent, refused."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.bootstrap import App
from monitor.domain.model.digests import (
    ChannelKind,
    DeliveryData,
    DeliveryIntent,
    DeliveryState,
    Digest,
    DigestLine,
    DigestSection,
    RenderedPart,
    ReportLink,
)
from monitor.domain.outcomes import Outcome
from tests.storage import samples
from tests.web.conftest import NOW

KEY = "weekly"


def subscribe(app: App, key: str = KEY, now: datetime = NOW - timedelta(days=7)) -> int:
    given = samples.subscription(key, channel=ChannelKind.CONSOLE, recipients=("stdout",), language="en")
    return samples.subscribe(app.database, given, now=now)


def send(app: App, subscription_id: int, text: str = "Two towns", now: datetime = NOW, **fields: object) -> int:
    """Store a digest that says `text` everywhere, with a delivery that nobody tried yet; its id."""
    link = ReportLink(1, text, f"https://harbour-post.example/{text}", text, "vi", None)
    line = DigestLine(text, (text, "second"), (link,), str(fields.pop("event_id", "ev_x")))
    with app.database.units() as unit:
        unit.serialise()
        material = unit.digest_material(subscription_id, now)
        assert material is not None
        found = material.subscription
        digest = Digest(
            subscription_id=subscription_id,
            subscription_key=found.data.key,
            language="en",
            after_seq=found.last_seq,
            to_seq=material.to_seq,
            due_at=found.due_at,
            composed_at=now,
            subject=text,
            intro=text,
            sections=(DigestSection("new", text, (line,)),),
            coverage=(text,),
            has_news=True,
        )
        part = RenderedPart(text, text, f"<p>{text}</p>")
        key = f"{subscription_id}:{found.due_at.isoformat()}"
        pending = DeliveryData(key, ChannelKind.EMAIL, f"officer@{text[:40]}", 1, "<1@x.example>", part)
        digest_id = unit.store_digest(digest, (pending,), found.due_at + timedelta(days=1))
        unit.commit()
    assert digest_id is not None
    return digest_id


def attempt(
    app: App,
    digest_id: int,
    state: DeliveryState,
    outcome: Outcome = Outcome.OK,
    detail: str = "",
    now: datetime = NOW,
) -> None:
    """One attempt at each delivery of a digest."""
    with app.database.units() as unit:
        for one in app.database.archive.sent_digest(digest_id).deliveries:
            next_at = now + timedelta(hours=1) if state is DeliveryState.PENDING else None
            unit.apply_delivery(DeliveryIntent(one.id, state, now, next_at, outcome, detail))
        unit.commit()
