"""An archive with one partnership, its events, an agreement, and what is to be expected of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from monitor.bootstrap import App
from monitor.domain.model.events import DateRange, EventKind, EventStatus, Precision
from monitor.domain.model.partnerships import AgreementData, Declared, PartnershipData, PartnershipState, Stated
from monitor.pipeline.partnerships import declare
from tests.storage import samples

KEY = "kunming+nancy"
PAIR = frozenset({"kunming", "nancy"})
MAYORS = (
    "The mayor of Nancy, Claire Aubert, received a delegation of the city of Kunming. Both sister cities spoke of "
    "student exchange, of tramways and of a garden that is to be laid out beside the river in the coming years"
)


def tell(app: App, number: int, kind: EventKind, day: DateRange, status: EventStatus = EventStatus.HAPPENED) -> str:
    """An event that one article tells; its id."""
    told: dict[str, Any] = {"kinds": (kind,), "participants": PAIR, "host_id": "nancy", "when": day, "status": status}
    article = samples.article(title=f"Report {number}", text=f"{MAYORS}. Number {number}.")
    url = f"https://harbour-post.example/{number}"
    event = samples.opening(samples.happening(**told))
    return samples.store(app.database, article, url, [event], mentions=()).event_ids[0]


def on(day: str) -> DateRange:
    found = date.fromisoformat(day)
    return DateRange(found, found)


def fill(app: App) -> dict[str, str]:
    """Events of Nancy and Kunming by what they are; the partnership has an agreement that ends in 2027."""
    said = PartnershipData(KEY, PAIR, "sister", date(2017, 8, 22), origin=Stated.CONFIG)
    paper = AgreementData(KEY, "charter", "Charter of friendship", "sister", date(2017, 8, 22), 120)
    declare(Declared((said,), (paper,)), samples.NOW, app.database.units)
    samples.add_source(app.database, samples.source(trust=2, place_id="nancy"))
    year = DateRange(date(2027, 1, 1), date(2027, 12, 31), Precision.YEAR)
    found = {
        "visit": tell(app, 1, EventKind.DELEGATION_VISIT, on("2026-05-12")),
        "exchange": tell(app, 2, EventKind.EXCHANGE, on("2025-03-01")),
        "announced": tell(app, 3, EventKind.CONFERENCE, on("2027-03-03"), EventStatus.ANNOUNCED),
        "some time": tell(app, 4, EventKind.HEALTH_COOPERATION, year, EventStatus.PROPOSED),
        "cancelled": tell(app, 5, EventKind.TALKS, on("2027-02-02"), EventStatus.CANCELLED),
    }
    app.reckon()
    return found


def propose(app: App, key: str = "kanazawa+nancy") -> None:
    """A partnership that only the news proposes."""
    said = PartnershipData(key, frozenset(key.split("+")), "", origin=Stated.NEWS)
    with app.database.units() as unit:
        unit.put_partnership(replace(said, state=PartnershipState.PROPOSED), samples.NOW, "ev_1")
        unit.commit()
