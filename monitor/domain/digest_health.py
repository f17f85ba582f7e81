"""What a digest says of sources whose health has turned: each turn once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from monitor.domain.model.health import FeedHealth, HealthChange
from monitor.domain.outcomes import Outcome
from monitor.domain.text import clean_line
from monitor.domain.wording import Wording, message, trouble

MAX_CHANGES = 15  # told one by one; the rest is counted
MAX_NAME_CHARS = 80
MAX_ADDRESS_CHARS = 200

_TURNED = {
    FeedHealth.BLOCKED: message("{source} refuses us since {day} ({why})."),
    FeedHealth.BROKEN: message("{source} cannot be read since {day} ({why})."),
    FeedHealth.GONE: message("{source} is gone for good and asked no more."),
    FeedHealth.EMPTY: message("{source} shows no entries since {day}."),
    FeedHealth.MOVED: message("{source} has moved to {address}; accept it with “{command}”."),
}
_DEGRADED = {
    "short": message("The articles of {source} come out much shorter than usual since {day}."),
    "thin": message("The articles of {source} come out without text since {day}."),
    "language": message("The articles of {source} come out in another language since {day}."),
}
_RECOVERED = {
    FeedHealth.QUIET: message("{source} has news again since {day}."),
    FeedHealth.MOVED: message("{source} is read at its address again."),
    FeedHealth.DEGRADED: message("The articles of {source} come out as usual again since {day}."),
}
_READ_AGAIN = message("{source} can be read again since {day}.")
_QUIET = message("{source} is quieter than usual: nothing new since {day}.")


def health_sentences(changes: Sequence[HealthChange], zone: ZoneInfo, wording: Wording) -> Iterator[str]:
    """One sentence a turn, at most `MAX_CHANGES`, then how many more there are."""
    for change in changes[:MAX_CHANGES]:
        yield _sentence(change, zone, wording)
    more = len(changes) - MAX_CHANGES
    if more > 0:
        yield wording.count(
            "The state of {n} more source has changed.", "The state of {n} more sources has changed.", more
        )


def _sentence(change: HealthChange, zone: ZoneInfo, wording: Wording) -> str:
    day, said = change.at.astimezone(zone).date(), _RECOVERED.get(change.before, _READ_AGAIN)
    if change.after is FeedHealth.DEGRADED:
        said = _DEGRADED.get(change.detail, _DEGRADED["short"])
    elif change.after is FeedHealth.QUIET:
        said, day = _QUIET, _quiet_since(change.detail, day)
    elif change.after is not FeedHealth.OK:
        said = _TURNED.get(change.after, _READ_AGAIN)
    return wording.say(
        said,
        source=clean_line(change.source_name, MAX_NAME_CHARS),
        day=wording.day(day),
        why=wording.say(trouble(_outcome(change.detail))),
        address=clean_line(change.detail, MAX_ADDRESS_CHARS),
        command=f"monitor source move {change.source_key}",
    )


def _quiet_since(detail: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(detail)
    except ValueError:
        return otherwise


def _outcome(detail: str) -> Outcome:
    try:
        return Outcome(detail)
    except ValueError:
        return Outcome.UNKNOWN
