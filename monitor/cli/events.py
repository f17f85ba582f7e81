"""What `monitor event show` says of an event beside its facts: how well it is attested, and its story."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.bootstrap import App
from monitor.cli.context import print_table
from monitor.domain.headline import headline
from monitor.domain.independence import RELEASE
from monitor.domain.model.reports import ReportGroup, Standing
from monitor.domain.stories import StoryEvent, Tie
from monitor.domain.wording import Wording

TIES = {
    Tie.WHOLE: "this is part of it",
    Tie.PART: "part of this",
    Tie.EDITION: "another edition",
    Tie.STEP: "another step of the agreement",
    Tie.RELATION: "same relation",
}


def standing_lines(standing: Standing) -> Iterator[tuple[str, str]]:
    """Name and words of each fact about how well an event is attested."""
    yield "reports", attested(standing)
    if not standing.needs_confirmation:
        return
    if standing.official is not None:
        yield "believed", f"confirmed by an official source: {standing.official}"
    elif standing.is_confirmed:
        yield "believed", f"confirmed by {standing.independent} independent reports"
    else:
        yield "believed", "unconfirmed: one report" if standing.independent else "unconfirmed: no report"


def attested(standing: Standing) -> str:
    """How many reports there are, in words: "3 independent reports, 5 copies"."""
    reports = "report" if standing.independent == 1 else "reports"
    copies = "copy" if standing.copies == 1 else "copies"
    told = f"{standing.independent} independent {reports}"
    return f"{told}, {standing.copies} {copies}" if standing.copies else told


def repeats(standing: Standing) -> dict[int, str]:
    """Of each article that is no voice of its own, what it repeats."""
    return {article_id: _repeated(group) for group in standing.groups for article_id in group.article_ids[1:]}


def _repeated(group: ReportGroup) -> str:
    kind, _, name = group.voice.partition(":")
    if kind == "agency":
        return f"agency text ({name}), as article {group.article_ids[0]}"
    return f"same {'press release' if kind == RELEASE else 'publisher or text'} as article {group.article_ids[0]}"


def print_story(story: Sequence[StoryEvent], app: App, wording: Wording) -> None:
    """The other events of its story, with their ids."""
    rows = [(headline(told.event, wording, app.gazetteer.place), TIES[told.tie], told.event.id) for told in story]
    print_table("Its story", ("event", "how it belongs", "id"), rows, "No other event of this relation is known.")
