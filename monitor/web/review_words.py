"""Words of the review pages: what people can say, what the rules say, what is known of an event."""

from __future__ import annotations

from monitor.domain.dropping import COPY, EARLIER_RULES, NOTHING_FOUND, REJECTED, TOO_LITTLE
from monitor.domain.explanation_reasons import clause
from monitor.domain.learning import YOUR_VERDICTS, Trait
from monitor.domain.model.articles import Label, TextPath
from monitor.domain.model.events import EventOrigin, Role, VerdictKind
from monitor.domain.wording import Wording, message

SAID = {
    VerdictKind.RELEVANT: message("Confirmed"),
    VerdictKind.NOT_RELEVANT: message("Rejected"),
    VerdictKind.MUST_LINK: message("Put to an event"),
    VerdictKind.CANNOT_LINK: message("Kept apart"),
    VerdictKind.MERGE: message("Merged"),
    VerdictKind.SPLIT: message("Split"),
    VerdictKind.MOVE: message("Moved to another event"),
    VerdictKind.EDIT: message("Facts changed"),
    VerdictKind.ADD: message("Added by hand"),
    VerdictKind.NOTE: message("Note"),
    VerdictKind.ASSIGN: message("Assigned"),
    VerdictKind.HANDLED: message("Marked as handled"),
    VerdictKind.CLOSE: message("Closed"),
}

LABEL_WORDS = {
    Label.EVENT: message("tells an event"),
    Label.BACKGROUND: message("background"),
    Label.IRRELEVANT: message("irrelevant"),
    Label.UNCERTAIN: message("uncertain"),
}

FACT_WORDS = {
    "title": message("Title"),
    "kinds": message("Kinds"),
    "participants": message("Participants"),
    "host_id": message("Held in"),
    "when": message("Date"),
    "status": message("Status"),
}

ROLE_WORDS = {
    Role.REPORT: message("report"),
    Role.COPY: message("copy"),
    Role.ANNOUNCES: message("announces it"),
    Role.SEED: message("seed"),
}

ORIGIN_WORDS = {
    EventOrigin.NEWS: message("learnt from the news"),
    EventOrigin.BASELINE: message("already known when its source was first read"),
    EventOrigin.SEED: message("from the seed corpus"),
    EventOrigin.HAND: message("added by hand"),
}

PATH_WORDS = {
    TextPath.PAGE: message("from the page itself"),
    TextPath.FEED_CONTENT: message("as the feed carries it"),
    TextPath.FEED_SUMMARY: message("only the summary in the feed"),
    TextPath.TITLE_ONLY: message("only the title in the feed"),
    TextPath.GIVEN: message("brought by a person or a file"),
}

TRAIT_WORDS = {
    Trait.SOURCE: message("source"),
    Trait.REASON: message("reason"),
    Trait.WORD: message("word"),
}

_DROPPED = {
    REJECTED: message("rejected by a person"),
    COPY: message("copy of a text that was dropped"),
    TOO_LITTLE: message("too little speaks for it"),
    NOTHING_FOUND: message("nothing speaks for it"),
    EARLIER_RULES: message("dropped by earlier rules"),
    YOUR_VERDICTS: message("dropped because of your verdicts"),
    "no-relation-cue": message("no word of a partnership"),
    "negative-cue": message("words of a partnership mean something else"),
    "named-in-passing": message("places named only in passing"),
    "no-authority-with-them": message("no authority of a place acts"),
    "domestic": message("places of one country only"),
    "domestic-cue": message("partnership within one country"),
    "state-only": message("states only, no city or province"),
    "nothing-happens": message("nothing takes place"),
    "no-place": message("no place is named"),
    "chronicle": message("goes through the years like a chronicle"),
}


def drop_words(reason: str, wording: Wording) -> str:
    """A reason of `domain.dropping` in the visitor's language."""
    known = _DROPPED.get(reason)
    return wording.say(known) if known is not None else clause(reason, "", wording)
