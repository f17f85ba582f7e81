"""What roles are called."""

from __future__ import annotations

from monitor.domain.model.accounts import Role
from monitor.domain.wording import message

ROLE_WORDS = {
    Role.READER: message("Reader"),
    Role.REVIEWER: message("Reviewer"),
    Role.ADMIN: message("Administrator"),
}
ROLE_HINTS = {
    Role.READER: message("reads, searches and exports"),
    Role.REVIEWER: message("sees full texts, confirms, corrects and annotates"),
    Role.ADMIN: message("changes sources, watches and accounts as well"),
}
