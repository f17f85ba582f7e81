"""Keeping a search: its feeds, their secret, and its digest."""

from __future__ import annotations

from datetime import datetime

from monitor.domain.accounts import secret_sha
from monitor.domain.event_filters import watch_of
from monitor.domain.model.accounts import Account
from monitor.domain.model.digests import ChannelKind, SubscriptionData
from monitor.domain.model.event_search import EventFilter, SavedSearch, SavedSearchData
from monitor.domain.text import clean_line
from monitor.domain.wording import message
from monitor.errors import Refused
from monitor.ports import SavedSearches, Secrets

MAX_NAME_CHARS = 100
KEY_PREFIX = "search-"  # of its subscription: the declared stock leaves such alone
SCHEDULES = {"daily": "0 7 * * *", "weekly": "0 7 * * 1"}

NAME_MISSING = message("Give it a name.")
NOTHING_ASKED = message("Search for something first: a search for everything needs no feed of its own.")
NO_ADDRESS = message("This is no email address.")
NO_SUCH_SCHEDULE = message("A digest comes daily or weekly.")


def save(
    name: str, asked: EventFilter, owner: str, account: Account | None, language: str, now: datetime,
    searches: SavedSearches, secrets: Secrets,
) -> tuple[SavedSearch, str]:  # fmt: skip
    """Keep a search; with the secret of its feeds, which nobody can look up later. Raises `Refused`."""
    name = clean_line(name, MAX_NAME_CHARS)
    if not name:
        raise Refused(NAME_MISSING)
    if asked == EventFilter():
        raise Refused(NOTHING_ASKED)
    secret = secrets.new_token()
    account_id = account.id if account is not None and account.id else None  # 0: known to a proxy only
    data = SavedSearchData(name, asked, owner, account_id, language, secret_sha(secret), now)
    return searches.add(data), secret


def renew(search: SavedSearch, searches: SavedSearches, secrets: Secrets) -> str:
    """Another secret for the feeds of a search: the address before stops working."""
    secret = secrets.new_token()
    searches.set_token(search.id, secret_sha(secret))
    return secret


def subscribe(
    search: SavedSearch, recipient: str, schedule: str, time_zone: str, members: frozenset[str], now: datetime,
    searches: SavedSearches,
) -> None:  # fmt: skip
    """Send a digest of what the search watches by email, from now on. Raises `Refused`."""
    if schedule not in SCHEDULES:
        raise Refused(NO_SUCH_SCHEDULE)
    subscription = SubscriptionData(
        key=f"{KEY_PREFIX}{search.id}",
        channel=ChannelKind.EMAIL,
        recipients=(_address(recipient),),
        schedule=SCHEDULES[schedule],
        time_zone=time_zone,
        language=search.data.language,
        watches=(watch_of(f"{KEY_PREFIX}{search.id}", search.data.filter, members),),
        sign_of_life=False,
    )
    searches.subscribe(search.id, subscription, now)


def _address(text: str) -> str:
    address = clean_line(text, 320)
    name, _, host = address.rpartition("@")
    if not name or "." not in host or any(char.isspace() or char in ',;<>"' for char in address):
        raise Refused(NO_ADDRESS)
    return address
