"""The 18 kinds of events in a few families: what charts, counts and facets are grouped by."""

from __future__ import annotations

from enum import StrEnum

from monitor.domain.model.events import EventKind
from monitor.domain.wording import message


class KindFamily(StrEnum):
    """What an event is about, roughly; in the order in which families are shown."""

    AGREEMENTS = "agreements"
    MEETINGS = "meetings"
    PEOPLE = "people"
    KNOWLEDGE = "knowledge"
    ECONOMY = "economy"
    WORDS = "words"


FAMILY_OF = {
    EventKind.AGREEMENT_INTENT: KindFamily.AGREEMENTS,
    EventKind.AGREEMENT_SIGNED: KindFamily.AGREEMENTS,
    EventKind.AGREEMENT_RENEWED: KindFamily.AGREEMENTS,
    EventKind.AGREEMENT_ENDED: KindFamily.AGREEMENTS,
    EventKind.DELEGATION_VISIT: KindFamily.MEETINGS,
    EventKind.TALKS: KindFamily.MEETINGS,
    EventKind.CONFERENCE: KindFamily.MEETINGS,
    EventKind.ANNIVERSARY: KindFamily.PEOPLE,
    EventKind.AWARD: KindFamily.PEOPLE,
    EventKind.EXCHANGE: KindFamily.PEOPLE,
    EventKind.ACADEMIC_COOPERATION: KindFamily.KNOWLEDGE,
    EventKind.HEALTH_COOPERATION: KindFamily.KNOWLEDGE,
    EventKind.ECONOMIC: KindFamily.ECONOMY,
    EventKind.INFRASTRUCTURE_LINK: KindFamily.ECONOMY,
    EventKind.AID: KindFamily.ECONOMY,
    EventKind.APPOINTMENT: KindFamily.WORDS,
    EventKind.STATEMENT: KindFamily.WORDS,
    EventKind.PROGRAMME_REPORT: KindFamily.WORDS,
}

FAMILY_WORDS = {
    KindFamily.AGREEMENTS: message("agreements"),
    KindFamily.MEETINGS: message("visits and meetings"),
    KindFamily.PEOPLE: message("exchanges and celebrations"),
    KindFamily.KNOWLEDGE: message("universities and health"),
    KindFamily.ECONOMY: message("economy, transport and aid"),
    KindFamily.WORDS: message("statements, appointments and reports"),
}
