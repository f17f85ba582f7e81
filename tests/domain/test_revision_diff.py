"""What an edit changed, by sentences, words and characters."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import revision_diff
from monitor.domain.model.articles import Label, StageRecord, TextPath
from monitor.domain.model.sources import Rights, TextRights
from monitor.domain.model.views import RevisionView
from monitor.domain.revision_diff import Edit, Passage, RevisionDiff, Turn

NOW = datetime(2026, 5, 14, 9, 0, tzinfo=UTC)


def revision(number: int, text: str, title: str = "A visit", **more: object) -> RevisionView:
    values: dict[str, object] = {
        "number": number,
        "made_at": NOW,
        "title": title,
        "text": text,
        "language": "en",
        "published_on": None,
        "path": TextPath.PAGE,
        "fallback": None,
        "label": Label.EVENT,
        "record": (),
        "changes": (),
        **more,
    }
    return RevisionView(**values)  # type: ignore[arg-type]


def diff(before: str, after: str) -> RevisionDiff:
    return revision_diff.compare(revision(1, before), revision(2, after))


def told(passage: Passage) -> list[tuple[Edit, str]]:
    return [(one.edit, one.text) for one in passage.pieces]


def test_a_corrected_word_is_shown_within_its_sentence() -> None:
    found = diff(
        "The mayors met. They signed on 3 May in the hall. It rained.",
        "The mayors met. They signed on 2 May in the hall. It rained.",
    )
    [passage] = found.passages
    assert told(passage) == [
        (Edit.SAME, "They signed on "),
        (Edit.REMOVED, "3"),
        (Edit.ADDED, "2"),
        (Edit.SAME, " May in the hall."),
    ]
    assert (found.unchanged, passage.edit) == (2, Edit.SAME)


def test_sentences_are_added_and_removed_whole() -> None:
    found = diff("The mayors met. A band played outside.", "The mayors met. Nobody would say what it cost.")
    assert [(one.edit, one.pieces[0].text) for one in found.passages] == [
        (Edit.ADDED, "Nobody would say what it cost."),
        (Edit.REMOVED, "A band played outside."),
    ]


def test_chinese_is_compared_by_characters() -> None:
    [passage] = diff("两市市长五月三日签署协议。", "两市市长五月二日签署协议。").passages
    assert told(passage)[1:3] == [(Edit.REMOVED, "三"), (Edit.ADDED, "二")]


def test_a_new_title_is_compared_like_a_sentence() -> None:
    found = revision_diff.compare(revision(1, "Text.", "Mayors to meet"), revision(2, "Text.", "Mayors meet"))
    assert [one.edit for one in found.title] == [Edit.SAME, Edit.REMOVED, Edit.SAME]
    assert diff("Text.", "Text.").title == ()


def test_what_became_of_the_decision_is_told() -> None:
    before = revision(1, "Text.", record=(StageRecord("facts", "visit", detail="when 2026-05-03; participants a b"),))
    after = revision(
        2,
        "Text.",
        label=Label.BACKGROUND,
        record=(
            StageRecord("relevance", "background", score=0.71),
            StageRecord("facts", "visit", detail="when 2026-05-02; participants a b"),
            StageRecord("event", "no longer tells ev_1"),
        ),
    )
    assert revision_diff.compare(before, after).turns == (
        Turn("label", "event", "background"),
        Turn("score", "", "0.71"),
        Turn("when", "2026-05-03", "2026-05-02"),
        Turn("events", "", "no longer tells ev_1"),
    )


def test_a_quote_is_spent_on_the_pieces_in_order_and_a_link_shows_none() -> None:
    found = diff("One here. Two is here. Three stays.", "Four came along. Five has come. Three stays.")
    quoted = revision_diff.within_rights(found, TextRights(Rights.QUOTE, 20))
    shown = [piece.text for one in quoted.passages for piece in one.pieces]
    assert "".join(shown)
    assert sum(map(len, shown)) <= 20
    assert [piece.chars for one in quoted.passages for piece in one.pieces] == [
        piece.chars for one in found.passages for piece in one.pieces
    ]
    linked = revision_diff.within_rights(found, TextRights(Rights.LINK, 300))
    assert not any(piece.text for one in linked.passages for piece in one.pieces)
    assert revision_diff.within_rights(found, TextRights(Rights.LINK, 300), reviewer=True) == found


TEXTS = st.lists(st.sampled_from(["The mayor came.", "He left again.", "It rained all day.", "签署协议。", "A b c."]))


@given(TEXTS, TEXTS)
def test_the_pieces_make_up_both_texts(old: list[str], new: list[str]) -> None:
    found = diff("\n".join(old), "\n".join(new))
    pieces = [piece for one in found.passages for piece in one.pieces]
    gone = sum(piece.chars for piece in pieces if piece.edit is not Edit.ADDED)
    come = sum(piece.chars for piece in pieces if piece.edit is not Edit.REMOVED)
    assert come - gone == sum(map(len, new)) - sum(map(len, old))


@given(TEXTS)
def test_nothing_differs_from_itself(text: list[str]) -> None:
    found = diff("\n".join(text), "\n".join(text))
    assert (found.passages, found.unchanged, found.turns) == ((), len(text), ())
