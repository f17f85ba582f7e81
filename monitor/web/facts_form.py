"""The form in which a person states the facts of an event: places by name, dates as one writes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, Field

from monitor.domain.event_facts import read_period, written_period
from monitor.domain.model.events import DateRange, EventKind, EventStatus, KnownEvent
from monitor.domain.model.places import Place, PlaceKind
from monitor.domain.model.review import EventFacts, FactsEdit
from monitor.domain.text import MAX_TITLE_CHARS
from monitor.domain.wording import message
from monitor.ports import Gazetteer
from monitor.web.identifiers import MAX_ID

MOST_CHOICES = 6  # places of one name that are offered
MOST_NAMES = 20  # typed at once

UNKNOWN_PLACE = message("No place is called “{name}”. Try another spelling, or the name in its own language.")
SEVERAL_PLACES = message("Several places are called “{name}”. Choose below.")
UNREADABLE_DATE = message("“{name}” is no date. Write 2026-05-12, 2026-05, 2026, or 2026-05-11/2026-05-13.")
NO_TITLE = message("A title is needed.")

PLACE_KIND_WORDS = {
    PlaceKind.CITY: message("city"),
    PlaceKind.DISTRICT: message("district"),
    PlaceKind.PROVINCE: message("province"),
    PlaceKind.REGION: message("region"),
    PlaceKind.COUNTY: message("county"),
    PlaceKind.VILLAGE: message("village"),
    PlaceKind.COUNTRY: message("country"),
    PlaceKind.UNIVERSITY: message("university"),
    PlaceKind.HOSPITAL: message("hospital"),
    PlaceKind.SCHOOL: message("school"),
    PlaceKind.OTHER: message("place"),
}

Name = Annotated[str, Field(max_length=200)]


class FactsForm(BaseModel):
    """What was filled in."""

    title: str = Field("", max_length=MAX_TITLE_CHARS)
    kind: EventKind = EventKind.DELEGATION_VISIT
    also: list[EventKind] = Field(default_factory=list, max_length=len(EventKind))
    place: list[Name] = Field(default_factory=list, max_length=100)  # ids that are ticked
    more: str = Field("", max_length=4_000)  # names, one a line
    host: Name = ""  # id; "": not known
    host_name: Name = ""  # instead of the id
    date: Name = ""
    status: EventStatus = EventStatus.HAPPENED
    note: str = Field("", max_length=20_000)
    seen: int = Field(0, ge=0, le=MAX_ID)
    back: str = Field("", max_length=2_000)


@dataclass(frozen=True, slots=True)
class Problem:
    """What a person has to mend, with the places to choose from."""

    message: str
    name: str
    choices: tuple[Place, ...] = ()
    is_host: bool = False


@dataclass(frozen=True, slots=True)
class ReadFacts:
    """The form understood; to be used only without problems."""

    participants: frozenset[str]
    host_id: str | None
    when: DateRange | None
    problems: tuple[Problem, ...]


def filled_in(event: KnownEvent) -> FactsForm:
    """The form as it shows an event."""
    return FactsForm(
        title=event.title[:MAX_TITLE_CHARS],
        kind=event.kinds[0],
        also=list(event.kinds[1:]),
        place=sorted(event.participants),
        host=event.host_id or "",
        date=written_period(event.when),
        status=event.status,
    )


def read(form: FactsForm, gazetteer: Gazetteer, *, old_date: str = "") -> ReadFacts:
    """Names to places, text to dates; `old_date` is taken as it is."""
    problems: list[Problem] = []
    found = {one for one in form.place if gazetteer.place(one) is not None}
    names = [line.strip() for line in form.more.splitlines() if line.strip()][:MOST_NAMES]
    found |= {one for name in names if (one := _place(name, found, gazetteer, problems)) is not None}
    host = form.host if gazetteer.place(form.host) is not None else None
    if form.host_name.strip():
        host = _place(form.host_name.strip(), {form.host, *found}, gazetteer, problems, is_host=True)
    when = None if form.date.strip() == old_date else _date(form.date.strip(), problems)
    if not form.title.strip():
        problems.append(Problem(NO_TITLE, ""))
    return ReadFacts(frozenset(found), host, when, tuple(problems))


def _place(
    name: str, chosen: Iterable[str], gazetteer: Gazetteer, problems: list[Problem], *, is_host: bool = False
) -> str | None:
    """The place of a name; of several the one that was chosen already."""
    if gazetteer.place(name) is not None:
        return name
    places = gazetteer.by_name(name)[:MOST_CHOICES]
    already = [one.id for one in places if one.id in set(chosen)]
    if len(places) == 1 or already:
        return already[0] if already else places[0].id
    problems.append(Problem(SEVERAL_PLACES if places else UNKNOWN_PLACE, name, places, is_host))
    return None


def _date(text: str, problems: list[Problem]) -> DateRange | None:
    if not text:
        return None
    try:
        return read_period(text)
    except ValueError:
        problems.append(Problem(UNREADABLE_DATE, text))
        return None


def kinds_of(form: FactsForm) -> tuple[EventKind, ...]:
    """The main kind first, each once."""
    return tuple(dict.fromkeys((form.kind, *form.also)))


def edit_of(form: FactsForm, facts: ReadFacts, event: KnownEvent) -> FactsEdit:
    """Only what differs from the event: an untouched field is not pinned."""
    old = filled_in(event)
    has_new_date = form.date.strip() != old.date
    is_cleared = {
        "host_id": facts.host_id is None and event.host_id is not None,
        "when": has_new_date and facts.when is None,
    }
    return FactsEdit(
        title=form.title if form.title.strip() != old.title.strip() else None,
        kinds=kinds_of(form) if kinds_of(form) != event.kinds else None,
        participants=facts.participants if facts.participants != event.participants else None,
        host_id=facts.host_id if facts.host_id != event.host_id else None,
        when=facts.when if has_new_date else None,
        status=form.status if form.status is not event.status else None,
        cleared=frozenset(name for name, told in is_cleared.items() if told),
    )


def facts_of(form: FactsForm, facts: ReadFacts) -> EventFacts:
    """A new event as the form tells it."""
    return EventFacts(form.title, kinds_of(form), facts.participants, facts.host_id, facts.when, form.status)
