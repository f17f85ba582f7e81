"""What the pages of digests say of deliveries, in a visitor's words."""

from __future__ import annotations

from monitor.domain.model.digests import ChannelKind
from monitor.domain.outcomes import Outcome
from monitor.domain.wording import message

CHANNEL_WORDS = {
    ChannelKind.EMAIL: message("email"),
    ChannelKind.SLACK: message("Slack"),
    ChannelKind.CONSOLE: message("console"),
    ChannelKind.WEBHOOK: message("webhook"),
}
_UNREACHABLE = message("the receiving server could not be reached")
_OUTCOME_WORDS = {
    Outcome.OK: message("taken over"),
    Outcome.DNS: _UNREACHABLE,
    Outcome.NETWORK: _UNREACHABLE,
    Outcome.DEADLINE: _UNREACHABLE,
    Outcome.BLOCKED_ADDRESS: _UNREACHABLE,
    Outcome.TLS: message("no safe connection"),
    Outcome.LOGIN: message("our credentials were refused"),
    Outcome.REFUSED: message("refused for good"),
    Outcome.FORBIDDEN: message("refused for good"),
    Outcome.DEFERRED: message("put off"),
    Outcome.THROTTLED: message("asked us to come back later"),
    Outcome.SERVER_ERROR: message("error of the server"),
    Outcome.UNKNOWN: message("handed over, the receipt was lost"),
    Outcome.INTERNAL: message("error of this program"),
}
_FAILED = message("it failed")


def attempt_words(outcome: Outcome) -> str:
    """The message for what came of an attempt at a delivery; several outcomes share one."""
    return _OUTCOME_WORDS.get(outcome, _FAILED)
