"""What is watched and told to whom; the partnerships and series that are known."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    model_validator,
)

from monitor.domain.model.digests import ChannelKind
from monitor.domain.model.events import EventKind
from monitor.settings.values import Country, Cron, Key, Language, Table, Zone, mail_address


class WatchSettings(Table):
    """A user's interest; an empty list asks for nothing special."""

    key: Key
    places: tuple[str, ...] = ()  # names or gazetteer ids
    countries: tuple[Country, ...] = ()
    kinds: tuple[EventKind, ...] = ()
    languages: tuple[Language, ...] = ()
    words: tuple[str, ...] = ()
    domestic: bool = False
    context: bool = False


Grade = Literal["sister", "friendship", "partner"]


def _first_day(value: Any) -> Any:
    """Of a relation often only the year is known: it counts from the first of January."""
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 9999:
        return date(value, 1, 1)
    return value


def _last_day(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 9999:
        return date(value, 12, 31)
    return value


FirstDay = Annotated[date, BeforeValidator(_first_day)]
LastDay = Annotated[date, BeforeValidator(_last_day)]


class AgreementSettings(Table):
    """The document of a partnership."""

    title: str = ""
    grade: Grade | None = None
    signed_on: FirstDay | None = None
    term_years: int | None = Field(None, ge=1, le=100)
    ends_on: LastDay | None = None


class PartnershipSettings(Table):
    """A lasting relation between places."""

    places: tuple[str, ...] = Field(min_length=2)  # names or gazetteer ids
    grade: Grade | None = None
    since: FirstDay | None = None
    until: LastDay | None = None
    agreement: tuple[AgreementSettings, ...] = ()


class SeriesSettings(Table):
    """A recurring event."""

    key: str = Field(min_length=1, max_length=300)  # as `monitor partnership series` shows it
    names: tuple[str, ...] = ()
    cadence_months: int | None = Field(None, ge=1, le=240)
    places: tuple[str, ...] = ()  # names or gazetteer ids


class SubscriptionSettings(Table):
    """Who receives which digest."""

    key: Key
    channel: ChannelKind
    recipients: tuple[str, ...] = ()  # email addresses, or names of webhooks; none for the console
    schedule: Cron = "0 7 * * 1"
    time_zone: Zone = "UTC"
    language: Literal["en", "fr", "zh", "vi"] = "en"
    watches: tuple[Key, ...] = ()  # none: everything
    sign_of_life: bool = True
    paused: bool = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.channel is ChannelKind.EMAIL:
            for recipient in self.recipients:
                mail_address(recipient)
        if self.channel is not ChannelKind.CONSOLE and not self.recipients:
            raise ValueError("recipients: at least one is needed")
        return self
