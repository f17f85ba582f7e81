from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ran, Run

TOLD = (
    "The mayor of Nancy received a delegation of the city of Kunming on 12 May 2026. The sister cities "
    "spoke of student exchange, of tramways and of a garden that is to be laid out beside the river."
)


class Office:
    """One archive and who works on it."""

    def __init__(self, run: Run, settings: Path) -> None:
        self._run, self._settings = run, settings

    def __call__(self, *words: str) -> Ran:
        return self._run("-c", str(self._settings), *words)

    def review(self, *words: str) -> Any:
        """A correction by Ann; what it came to."""
        return self("review", *words, "--by", "ann", "--json").json

    def event(self, event_id: str) -> Any:
        return self("event", "show", event_id, "--json").json


@pytest.fixture
def office(run: Run, tmp_path: Path) -> Office:
    """An archive without any source."""
    (tmp_path / "sources.toml").write_text("")
    path = tmp_path / "monitor.toml"
    path.write_text(f'data_directory = "{tmp_path / "archive"}"\nsources_file = "sources.toml"\n')
    return Office(run, path)


@pytest.fixture
def by_text(office: Office, tmp_path: Path) -> str:
    """The id of an event that a pasted text tells."""
    (tmp_path / "told.txt").write_text(TOLD, encoding="utf-8")
    added = office.review(
        "add",
        "--title",
        "Kunming delegation in Nancy",
        "--text",
        str(tmp_path / "told.txt"),
        "--published",
        "2026-05-13",
        "--language",
        "en",
    )
    found: str = added["event_ids"][0]
    return found


def by_hand(office: Office, *more: str) -> str:
    added = office.review(
        "add", "--title", "A signing", "--kind", "agreement_signed", "--place", "Nancy", "--place", "kanazawa", *more
    )
    found: str = added["event_ids"][0]
    return found


def test_an_event_is_added_by_hand_and_by_text_and_both_are_marked(office: Office, by_text: str) -> None:
    other = by_hand(office, "--date", "2026-05")
    shown = {one["id"]: one for one in office("event", "list", "--json").json}
    assert {shown[by_text]["origin"], shown[other]["origin"]} == {"hand"}
    assert set(shown[by_text]["participants"]) == {"nancy", "kunming"}
    assert shown[by_text]["when"]["starts_on"] == "2026-05-12"
    assert (shown[other]["when"]["ends_on"], shown[other]["when"]["precision"]) == ("2026-05-31", "month")


def test_an_edit_shows_what_the_news_had_told(office: Office, by_text: str) -> None:
    done = office.review("edit", by_text, "--title", "The visit", "--date", "2026-05-11/2026-05-12", "--host", "")
    assert done["verdict"]["kind"] == "edit"
    event = office.event(by_text)
    assert event["event"]["title"] == "The visit"
    assert set(event["event"]["pins"]) == {"title", "when", "host_id"}
    assert event["before_edits"] == {
        "host_id": "nancy",
        "title": "Kunming delegation in Nancy",
        "when": "2026-05-12",
    }
    assert "edited; the news told: 2026-05-12" in office("event", "show", by_text).out
    assert "title Kunming delegation in Nancy → The visit" in office("review", "history", by_text).out
    taken_back = office("review", "undo", str(done["verdict"]["id"]), "--by", "bo")
    assert taken_back.out == f"Verdict {done['verdict']['id']} taken back: event {by_text} as before.\n"
    assert office.event(by_text)["before_edits"] == {}
    assert "taken back by bo" in office("review", "history").out


def test_events_are_merged_parted_and_closed(office: Office, by_text: str) -> None:
    other = by_hand(office)
    done = office.review("merge", other, by_text, "--note", "one journey")
    assert office.event(other)["merged_into"] == by_text
    office.review("undo", str(done["verdict"]["id"]))
    assert office.event(other)["merged_into"] is None
    office.review("apart", other, by_text)
    office.review("close", other)
    assert [one["id"] for one in office("event", "list", "--json").json] == [by_text]
    assert "closed        neither listed nor told" in office("event", "show", other).out
    [said] = [one for one in office("review", "history", other, "--json").json if one["verdict"]["kind"] == "merge"]
    assert (said["undone_by"], said["verdict"]["text"]) == ("ann", "one journey")


def test_an_article_is_moved_rejected_and_rescued(office: Office, by_text: str) -> None:
    other = by_hand(office)
    [article] = [str(one) for one in office.event(by_text)["event"]["article_ids"]]
    assert office("review", "dropped").out.startswith("Nothing was dropped.")
    office.review("move", article, other)
    assert office.event(other)["event"]["article_ids"] == [int(article)]
    office.review("attach", article, by_text)
    ambiguous = office("review", "move", article, by_text)
    assert (ambiguous.code, ambiguous.err.count("\n")) == (2, 1)
    assert "say --from" in ambiguous.err
    office.review("reject", article)
    dropped = office("review", "dropped", "--because", "rejected", "--json").json
    assert dropped["by_reason"] == {"rejected": 1}
    assert [one["article"]["id"] for one in dropped["items"]] == [int(article)]
    assert f"{article} " in office("review", "dropped").out
    rescued = office.review("rescue", article)
    assert rescued["article_ids"] == [int(article)]
    again = office("review", "rescue", article)
    assert (again.code, again.err) == (1, f"monitor: article {article} was not dropped: it is event\n")
    counted = office("review", "precision", "--json").json
    assert [(one["confirmed"], one["rejected"]) for one in counted] == [(1, 0)]


def test_remarks_are_kept_and_listed(office: Office, by_text: str) -> None:
    office.review("note", by_text, "ask the protocol office")
    office.review("assign", by_text, "bo")
    office.review("handled", by_text)
    kinds = [one["verdict"]["kind"] for one in office("review", "history", by_text, "--json").json]
    assert kinds == ["handled", "assign", "note", "add"]
    assert '"ask the protocol office"' in office("review", "history", by_text).out
    assert office("review", "list").out == "Nothing waits for review.\n"
    assert office("review", "list", "--json").json == {"items": [], "next_after": None, "total": 0}
    assert office("review", "learned").out.startswith("Too few verdicts")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("confirm", "77"), 1, "no article has the id 77"),
        (("undo", "77"), 1, "no verdict has the number 77"),
        (("close", "ev_nothing"), 1, "no event has the id 'ev_nothing'"),
        (("add", "--title", "Nothing"), 2, "--kind"),
        (("add", "--title", "Day", "--kind", "talks", "--date", "2026-13"), 2, "is no date"),
        (("add", "--title", "Where", "--kind", "talks", "--place", "Atlantis-on-Sea"), 2, "no place called"),
        (("add", "--title", "Both", "--kind", "talks", "--text", "-"), 2, "facts are read from the text"),
        (("add", "--title", "File", "--text", "/nowhere.txt"), 2, "/nowhere.txt"),
    ],
)
def test_a_mistake_is_one_line(office: Office, words: tuple[str, ...], code: int, said: str) -> None:
    ran = office("review", *words)
    assert (ran.code, ran.err.count("\n")) == (code, 1)
    assert said in ran.err
