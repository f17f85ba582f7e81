"""Stage three: compose a subscription's digest, deliver what is pending. Both by id, both idempotent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.domain import deliveries, digest, schedule_cron
from monitor.domain.model.digests import (
    ChannelKind,
    DeliveryData,
    DeliveryFailed,
    DeliveryReport,
    Digest,
    DigestMaterial,
    Sent,
    SubscriptionData,
)
from monitor.domain.model.places import Place
from monitor.domain.outcomes import Outcome
from monitor.domain.wording import Wording
from monitor.pipeline import expectations
from monitor.pipeline.lasting import lasting
from monitor.ports import Channel, Renderer, UnitOfWork, Units


@dataclass(frozen=True, slots=True)
class Publishing:
    """What the stage needs."""

    units: Units
    wording: Callable[[str], Wording]  # of a language
    place: Callable[[str], Place | None]
    renderers: Mapping[ChannelKind, Renderer]
    channels: Mapping[ChannelKind, Channel]
    message_domain: str  # right side of every Message-ID
    homes: Callable[[], Sequence[str]] = tuple  # ids of our own places
    beside: Callable[[str], Sequence[str]] = lambda _: ()  # what stands for a place: `Gazetteer.beside`


def compose_digest(subscription_id: int, now: datetime, publishing: Publishing) -> Digest | None:
    """Compose the due window of one subscription and queue its deliveries in the same commit; None: nothing to say."""
    with publishing.units() as unit:
        unit.serialise()
        material = load_material(unit, subscription_id, now, publishing)
        if material is None:
            return None
        data = material.subscription.data
        next_due_at = schedule_cron.next_due(data.schedule, data.time_zone, now)
        composed = preview_digest(material, now, publishing)
        if composed is None:
            unit.skip_digest(subscription_id, material.to_seq, now, next_due_at)
        else:
            unit.store_digest(composed, deliveries_of(composed, data, publishing), next_due_at)
        unit.commit()
    return composed


def load_material(
    unit: UnitOfWork, subscription_id: int, now: datetime, publishing: Publishing
) -> DigestMaterial | None:
    """All that the digest is composed of, with what is reckoned with as of now; None: gone or paused meanwhile.

    Takes the archive's lock; only a commit keeps what was reckoned anew.
    """
    relations = unit.relations()
    expectations.refresh(relations, now, publishing.place)
    material = unit.digest_material(subscription_id, now)
    if material is None:
        return None
    found = lasting(material, relations, publishing.homes(), now, publishing.place, publishing.beside)
    return replace(material, lasting=found)


def preview(subscription_id: int, now: datetime, publishing: Publishing) -> Digest | None:
    """What `compose_digest` would make of a subscription now; nothing of it is kept. None: it would say nothing."""
    with publishing.units() as unit:
        material = load_material(unit, subscription_id, now, publishing)
    return preview_digest(material, now, publishing) if material is not None else None


def preview_digest(material: DigestMaterial, now: datetime, publishing: Publishing) -> Digest | None:
    """The digest as it would be composed now; writes nothing."""
    return digest.compose(material, now, publishing.wording(material.subscription.data.language), publishing.place)


def deliveries_of(composed: Digest, subscription: SubscriptionData, publishing: Publishing) -> tuple[DeliveryData, ...]:
    """One delivery for each recipient and part."""
    parts = publishing.renderers[subscription.channel].render(composed)
    made = []
    for recipient in subscription.recipients:
        for number, part in enumerate(parts, start=1):
            key = deliveries.delivery_key(composed, subscription.channel, recipient, number)
            message_id = deliveries.message_id(key, publishing.message_domain)
            made.append(DeliveryData(key, subscription.channel, recipient, number, message_id, part))
    return tuple(made)


def deliver(delivery_id: int, now: datetime, publishing: Publishing) -> DeliveryReport | None:
    """One attempt at one delivery, its outcome saved; None: sent or given up meanwhile."""
    with publishing.units() as unit:
        delivery = unit.delivery_for_send(delivery_id)
    if delivery is None:
        return None
    result: Sent | DeliveryFailed
    channel = publishing.channels.get(delivery.data.channel)
    if channel is None:
        result = DeliveryFailed(Outcome.DEFERRED, f"channel {delivery.data.channel.value} is not configured")
    else:
        result = channel.send(delivery)
    intent = deliveries.decide_delivery(delivery, result, now)
    with publishing.units() as unit:
        unit.apply_delivery(intent)
        unit.commit()
    return DeliveryReport(
        delivery_id, delivery.data.channel, delivery.data.recipient, intent.state, intent.outcome, intent.detail
    )
