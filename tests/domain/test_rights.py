from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.model.articles import Assessment, Label, Reason, Span, StageRecord, TextPath
from monitor.domain.model.sources import DEFAULT_QUOTE_CHARS, Rights, TextRights
from monitor.domain.model.views import ArticleRow, ArticleView
from monitor.domain.rights import shown_article, shown_row, shown_text

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STORY = (
    "The choir of Millport sang in Lakeside. The mayor of Lakeside thanked the guests with a long speech on bridges, "
    "rivers and the price of bread, which nobody had asked for."
)


def view(text: str, allowed: TextRights) -> ArticleView:
    spans = (Span(0, 9, text[:9]), Span(20, 40, text[20:40]))
    return ArticleView(
        id=1,
        url="https://harbour-post.example/e1",
        title="A choir travels",
        text=text,
        language="en",
        author=None,
        site_name=None,
        published_on=None,
        path=TextPath.PAGE,
        fallback=None,
        revision=1,
        origin="feed",
        source_key="harbour-post",
        source_name="Harbour Post",
        first_seen_at=NOW,
        label=Label.EVENT,
        copy_of_id=None,
        copy_kind=None,
        known_seed=None,
        assessment=Assessment(Label.EVENT, 0.9, (Reason("strong-cue", 0.5, "lead", spans),), "international", "r1"),
        mentions=(),
        record=(StageRecord("relevance", "event", spans=spans),),
        event_ids=(),
        capture=None,
        text_rights=allowed,
    )


def row(snippet: str, allowed: TextRights) -> ArticleRow:
    return ArticleRow(
        1, "https://harbour-post.example/e1", "A choir travels", None, "en", None, NOW, Label.EVENT, 0.9, snippet,
        text_rights=allowed,
    )  # fmt: skip


def test_a_link_shows_no_text_and_full_rights_all_of_it() -> None:
    assert shown_text(STORY, Rights.LINK, 300) == ""
    assert shown_text(STORY, Rights.FULL, 0) == STORY
    assert shown_text(STORY, Rights.QUOTE, 0) == ""


@pytest.mark.parametrize("rights", Rights)
def test_a_reviewer_sees_everything(rights: Rights) -> None:
    assert shown_text(STORY, rights, 10, reviewer=True) == STORY
    shown = view(STORY, TextRights(rights, 10))
    assert shown_article(shown, reviewer=True) == shown
    assert shown_row(row("sang in", TextRights(rights, 3)), reviewer=True).snippet == "sang in"


def test_a_text_shorter_than_the_quote_is_shown_as_it_is() -> None:
    assert shown_text(STORY, Rights.QUOTE, len(STORY)) == STORY


def test_a_quote_ends_with_a_sentence_where_that_leaves_enough() -> None:
    assert shown_text(STORY, Rights.QUOTE, 60) == "The choir of Millport sang in Lakeside. …"


def test_a_quote_ends_with_a_word_where_no_sentence_fits() -> None:
    assert shown_text(STORY, Rights.QUOTE, 24) == "The choir of Millport…"
    assert shown_text(STORY, Rights.QUOTE, 120).endswith("bridges, rivers…")


def test_chinese_is_cut_at_its_own_stops() -> None:
    text = "两市代表团昨天会面。双方谈到学校、港口和桥梁，并约定明年再会，届时将有合唱团同行。"
    assert shown_text(text, Rights.QUOTE, 15) == "两市代表团昨天会面。 …"
    assert shown_text("两市代表团昨天在河边会面并谈到学校", Rights.QUOTE, 6) == "两市代表团…"


@pytest.mark.parametrize(
    ("letter", "name"),
    [
        ("e\u0301\u0323", "a letter with two marks"),
        ("\U0001f469\u200d\U0001f469\u200d\U0001f467", "a family"),
        ("\U0001f1fb\U0001f1f3", "a flag"),
        ("\u1100\u1161\u11a8", "a syllable of hangul in its parts"),
        ("\U0001f44d\U0001f3fd", "a thumb with a skin tone"),
    ],
)
def test_a_quote_never_cuts_inside_a_letter(letter: str, name: str) -> None:
    text = letter * 12
    for limit in range(1, len(text)):
        kept = shown_text(text, Rights.QUOTE, limit).removesuffix("…")
        assert len(kept) % len(letter) == 0, (name, limit)


@given(st.text(max_size=400), st.integers(0, 400))
def test_a_quote_is_a_beginning_of_the_text_and_never_longer_than_allowed(text: str, limit: int) -> None:
    quote = shown_text(text, Rights.QUOTE, limit)
    assert len(quote) <= limit
    if quote != text:
        kept = quote.removesuffix("…").removesuffix(" ")
        assert text.startswith(kept)
        assert not kept or not unicodedata.combining(text[len(kept)])


@given(st.integers(0, 60))
def test_evidence_spends_the_same_quote_and_keeps_its_places(limit: int) -> None:
    shown = shown_article(view(STORY, TextRights(Rights.QUOTE, limit)))
    spans = [span for one in (*shown.assessment.reasons, *shown.record) for span in one.spans]
    assert [(one.start, one.end) for one in spans] == [(0, 9), (20, 40)] * 2
    assert sum(len(text) for text in {one.text for one in spans}) <= limit
    assert spans[:2] == spans[2:]


def test_a_link_shows_no_evidence_but_title_and_address() -> None:
    shown = shown_article(view(STORY, TextRights(Rights.LINK)))
    assert not any(span.text for one in (*shown.assessment.reasons, *shown.record) for span in one.spans)
    assert (shown.title, shown.text) == ("A choir travels", "")


def test_full_rights_leave_article_and_row_alone() -> None:
    whole = view(STORY, TextRights(Rights.FULL, 0))
    assert shown_article(whole) == whole
    assert shown_row(row(STORY, TextRights(Rights.FULL, 0))).snippet == STORY


def test_a_snippet_within_the_quote_keeps_the_marks_of_its_hits() -> None:
    marked = "the \u2068choir\u2069 sang"
    assert shown_row(row(marked, TextRights(Rights.QUOTE, 14))).snippet == marked
    assert shown_row(row(marked, TextRights(Rights.QUOTE, 10))).snippet == "the choir…"
    assert shown_row(row(marked, TextRights(Rights.LINK))).snippet == ""


def test_of_a_source_that_is_gone_a_quote_is_shown() -> None:
    assert TextRights() == TextRights(Rights.QUOTE, DEFAULT_QUOTE_CHARS)
