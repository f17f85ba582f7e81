"""What the page of an event says of its history, in a visitor's words."""

from __future__ import annotations

from monitor.domain.independence import OFFICIALLY, RELEASE
from monitor.domain.model.events import ChangeKind, EventChange, EventStatus, Role, VerdictKind
from monitor.domain.model.reports import ReportGroup, Standing
from monitor.domain.stories import Tie
from monitor.domain.wording import STATUS_WORDS, Wording, message

TIE_WORDS = {
    Tie.WHOLE: message("this took place during it"),
    Tie.PART: message("took place during this"),
    Tie.EDITION: message("another edition"),
    Tie.STEP: message("another step of the agreement"),
    Tie.RELATION: message("same relation"),
}
CHANGE_WORDS = {
    ChangeKind.OPENED: message("First heard of"),
    ChangeKind.STATUS: message("Status: {before} → {after}"),
    ChangeKind.DATE: message("Date: {before} → {after}"),
    ChangeKind.PARTICIPANTS: message("Participants changed"),
    ChangeKind.KINDS: message("Seen as something else"),
    ChangeKind.REPORT: message("Another report"),
    ChangeKind.LANGUAGE: message("First report in {after}"),
    ChangeKind.MERGED: message("Another event was found to be the same"),
    ChangeKind.SPLIT: message("Was taken apart"),
    ChangeKind.EDITED: message("Corrected"),
    ChangeKind.MISSED: message("The day went by without a report"),
    ChangeKind.WITHDRAWN: message("A report tells it no more"),
    ChangeKind.CONFIRMED: message("Confirmed"),
}
VERDICT_WORDS = {
    VerdictKind.RELEVANT: message("confirmed"),
    VerdictKind.NOT_RELEVANT: message("rejected"),
    VerdictKind.MUST_LINK: message("put an article to it"),
    VerdictKind.CANNOT_LINK: message("said what does not belong to it"),
    VerdictKind.MERGE: message("merged"),
    VerdictKind.SPLIT: message("taken apart"),
    VerdictKind.MOVE: message("moved an article"),
    VerdictKind.EDIT: message("corrected"),
    VerdictKind.ADD: message("added by hand"),
    VerdictKind.NOTE: message("note"),
    VerdictKind.ASSIGN: message("assigned"),
    VerdictKind.HANDLED: message("handled"),
    VerdictKind.CLOSE: message("closed"),
}
ROLE_WORDS = {
    Role.REPORT: message("report"),
    Role.COPY: message("copy"),
    Role.ANNOUNCES: message("names it as coming"),
    Role.SEED: message("known record"),
}
_RELEASE_WORDS = message("A press release and what prints it")
_OPEN = message("open")
_OFFICIAL = message("Confirmed by an official source")


def change_words(change: EventChange, wording: Wording) -> str:
    """One line of what was learnt when."""
    if change.kind is ChangeKind.CONFIRMED and change.after == OFFICIALLY:
        return wording.say(_OFFICIAL)
    before, after = change.before or wording.say(_OPEN), change.after or wording.say(_OPEN)
    if change.kind is ChangeKind.STATUS:
        before, after = _status(before, wording), _status(after, wording)
    elif change.kind is ChangeKind.LANGUAGE:
        after = wording.language_name(after)
    return wording.say(CHANGE_WORDS[change.kind], before=before, after=after)


def _status(value: str, wording: Wording) -> str:
    known = {one.value for one in EventStatus}
    return wording.say(STATUS_WORDS[EventStatus(value)]) if value in known else value


def attested(standing: Standing, wording: Wording) -> tuple[str, ...]:
    """How well an event is attested, in sentences."""
    told = [wording.count("{n} independent report", "{n} independent reports", standing.independent)]
    if standing.copies:
        told.append(wording.count("{n} copy of them", "{n} copies of them", standing.copies))
    if not standing.needs_confirmation:
        return tuple(told)
    if standing.official is not None:
        return (*told, wording.say("confirmed by {source}", source=standing.official))
    return (*told, wording.say("confirmed") if standing.is_confirmed else wording.say("not yet confirmed"))


def voice_words(group: ReportGroup, wording: Wording) -> str:
    """Who speaks in a group of reports."""
    kind, _, name = group.voice.partition(":")
    if kind == "agency":
        return wording.say("Text of the agency {name}", name=name)
    if kind == RELEASE:
        return wording.say(_RELEASE_WORDS)
    return group.source_names[0] if group.source_names else name
