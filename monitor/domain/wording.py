"""What the domain needs of a language: sentences, counts, dates and names as its readers write them.

The domain composes from facts and asks for words by their English message; the catalogues are an adapter's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from monitor.domain.model.events import DateRange, EventKind, EventStatus
from monitor.domain.outcomes import Outcome


class Wording(Protocol):
    """The words of one language. May be called from any thread; never raises for a value, a name or a missing word."""

    @property
    def language(self) -> str:
        """BCP 47 primary subtag."""
        ...

    def say(self, message: str, /, **values: object) -> str:
        """The message in this language, its {fields} filled in; untranslated it stays English."""
        ...

    def count(self, singular: str, plural: str, n: int, /, **values: object) -> str:
        """The form for `n`, which fills the field {n} as this language writes numbers."""
        ...

    def day(self, day: date) -> str:
        """A calendar day in full: "22 August 2017"."""
        ...

    def period(self, when: DateRange) -> str:
        """Days, months or years, as exactly as `when.precision` says: "3–5 October 2026", "October 2026", "2026"."""
        ...

    def ordinal(self, number: int) -> str:
        """The number of an edition: "5th"."""
        ...

    def place(self, place_id: str) -> str:
        """The name of a place as this language knows it; the id where there is none."""
        ...

    def language_name(self, code: str) -> str:
        """The name of a language: "Chinese"; the code where it is not known."""
        ...

    def number(self, value: float, digits: int = 0) -> str:
        """With exactly so many digits after the point, as this language writes numbers: "1,200.50"."""
        ...

    def join(self, names: Sequence[str]) -> str:
        """A list as prose: "Nancy, Lyon and Metz"; "" for none."""
        ...

    def either(self, names: Sequence[str]) -> str:
        """A choice as prose: "Nancy, Lyon or Metz"; "" for none."""
        ...


def message(text: str) -> str:
    """Mark a message for the catalogues that reaches `Wording.say` by way of a table."""
    return text


KIND_WORDS = {
    EventKind.AGREEMENT_INTENT: message("declaration of intent"),
    EventKind.AGREEMENT_SIGNED: message("signing"),
    EventKind.AGREEMENT_RENEWED: message("renewal of agreement"),
    EventKind.AGREEMENT_ENDED: message("end of agreement"),
    EventKind.DELEGATION_VISIT: message("visit"),
    EventKind.TALKS: message("talks"),
    EventKind.CONFERENCE: message("conference"),
    EventKind.ANNIVERSARY: message("anniversary"),
    EventKind.EXCHANGE: message("exchange"),
    EventKind.ACADEMIC_COOPERATION: message("academic cooperation"),
    EventKind.HEALTH_COOPERATION: message("health cooperation"),
    EventKind.ECONOMIC: message("economic cooperation"),
    EventKind.INFRASTRUCTURE_LINK: message("transport link"),
    EventKind.AID: message("aid"),
    EventKind.AWARD: message("award"),
    EventKind.APPOINTMENT: message("appointment"),
    EventKind.STATEMENT: message("statement"),
    EventKind.PROGRAMME_REPORT: message("programme report"),
}

# A declaration of intent is a paper; what is proposed, voted or announced is the agreement itself.
PLANNED_AGREEMENT = message("partnership agreement")

STATUS_WORDS = {
    EventStatus.THREATENED: message("threatened"),
    EventStatus.PROPOSED: message("proposed"),
    EventStatus.APPROVED: message("approved"),
    EventStatus.ANNOUNCED: message("announced"),
    EventStatus.POSTPONED: message("postponed"),
    EventStatus.HAPPENED: message("took place"),
    EventStatus.CANCELLED: message("cancelled"),
    EventStatus.DENIED: message("denied"),
}

# How a headline starts where the event has not simply taken place.
STATUS_HEADS = {
    EventStatus.THREATENED: message("Threatened"),
    EventStatus.PROPOSED: message("Proposed"),
    EventStatus.APPROVED: message("Approved"),
    EventStatus.ANNOUNCED: message("Announced"),
    EventStatus.POSTPONED: message("Postponed"),
    EventStatus.CANCELLED: message("Cancelled"),
    EventStatus.DENIED: message("Denied"),
}

_UNREADABLE = message("the answer could not be read")
_UNREACHABLE = message("could not be reached")
_MISSING = message("the address leads nowhere")
_REFUSED = message("access refused")
_RESERVED = message("text mining reserved")
_LOGIN = message("behind a login")
_OUTAGE = message("our own network was down")

_TROUBLE_WORDS = {
    Outcome.DNS: _UNREACHABLE,
    Outcome.NETWORK: _UNREACHABLE,
    Outcome.DEADLINE: _UNREACHABLE,
    Outcome.TLS: _UNREACHABLE,
    Outcome.BLOCKED_ADDRESS: _UNREACHABLE,
    Outcome.FORBIDDEN: _REFUSED,
    Outcome.CLIENT_ERROR: _REFUSED,
    Outcome.ROBOTS: _REFUSED,
    Outcome.TDM_RESERVED: _RESERVED,
    Outcome.LOGIN_WALL: _LOGIN,
    Outcome.LOCAL_OUTAGE: _OUTAGE,
    Outcome.NOT_FOUND: _MISSING,
    Outcome.GONE: _MISSING,
    Outcome.BAD_URL: _MISSING,
    Outcome.BAD_SCHEME: _MISSING,
    Outcome.REDIRECT_LIMIT: _MISSING,
    Outcome.THROTTLED: message("asked us to come back later"),
    Outcome.SERVER_ERROR: message("error of the server"),
    Outcome.INTERNAL: message("error of this program"),
}


def trouble(outcome: Outcome) -> str:
    """The message for why a source could not be checked; several outcomes share one."""
    return _TROUBLE_WORDS.get(outcome, _UNREADABLE)
