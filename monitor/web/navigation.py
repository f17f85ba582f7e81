"""What there is to see, by role."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.domain.model.accounts import Role
from monitor.domain.wording import message  # the words of the navigation are translated like all wording

READER, REVIEWER, ADMIN = Role.READER, Role.REVIEWER, Role.ADMIN

ENTRIES = (
    ("/", message("Today"), READER),
    ("/events", message("Events"), READER),
    ("/partnerships", message("Partnerships"), READER),
    ("/calendar", message("Calendar"), READER),
    ("/review", message("Review"), REVIEWER),
    ("/dropped", message("Dropped"), REVIEWER),
    ("/sources", message("Sources"), READER),
    ("/digests", message("Digests"), READER),
    ("/exports", message("Exports"), READER),
    ("/accounts", message("Accounts"), ADMIN),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the navigation."""

    path: str
    name: str  # English; said in the visitor's language where it is shown
    is_here: bool


def entries_for(role: Role | None, path: str) -> tuple[Entry, ...]:
    """The links for somebody of that role, none for strangers; the one that `path` lies under is marked."""
    if role is None:
        return ()
    return tuple(
        Entry(target, name, path == target or (target != "/" and path.startswith(f"{target}/")))
        for target, name, least in ENTRIES
        if role >= least
    )
