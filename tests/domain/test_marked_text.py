from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.marked_text import marked
from monitor.domain.model.articles import Assessment, Label, Reason, Span, TextPath
from monitor.domain.model.views import ArticleView

TITLE, TEXT = "Nancy greets Kunming", "The mayor met guests.\n\nThey spoke of trams."
WHOLE = f"{TITLE}\n\n{TEXT}"


def span(words: str) -> Span:
    start = WHOLE.index(words)
    return Span(start, start + len(words), words)


def view(*reasons: Reason, text: str = TEXT) -> ArticleView:
    return ArticleView(
        id=1,
        url="https://a.example/",
        title=TITLE,
        text=text,
        language="en",
        author=None,
        site_name=None,
        published_on=None,
        path=TextPath.PAGE,
        fallback=None,
        revision=1,
        origin="feed",
        source_key=None,
        source_name=None,
        first_seen_at=datetime(2026, 5, 1, tzinfo=UTC),
        label=Label.EVENT,
        copy_of_id=None,
        copy_kind=None,
        known_seed=None,
        assessment=Assessment(Label.EVENT, 0.9, reasons, "international", "1"),
        mentions=(),
        record=(),
        event_ids=(),
        capture=None,
    )


def test_evidence_stands_in_its_place_with_the_number_of_its_reason() -> None:
    found = marked(view(Reason("weak", 0.5, spans=(span("trams"),)), Reason("strong", -2.0, spans=(span("Nancy"),))))
    assert [(one.number, one.code) for one in found.grounds] == [(1, "strong"), (2, "weak")], "the weightiest first"
    [first, rest] = found.title
    assert (first.text, first.is_for, [one.number for one in first.ends]) == ("Nancy", False, [1])
    assert rest.grounds == ()
    assert [[run.text for run in one if run.grounds] for one in found.paragraphs] == [[], ["trams"]]


def test_overlapping_evidence_is_cut_where_it_differs_and_counts_together() -> None:
    spans = (span("mayor met"),), (span("met guests"),)
    found = marked(view(Reason("for", 1.0, spans=spans[0]), Reason("against", -3.0, spans=spans[1])))
    runs = [(run.text, len(run.grounds), run.is_for) for run in found.paragraphs[0] if run.grounds]
    assert runs == [("mayor ", 1, True), ("met", 2, False), (" guests", 1, False)]


def test_what_was_kept_back_or_stands_elsewhere_is_not_marked() -> None:
    moved = Span(3, 8, "Nancy")
    withheld = Span(0, 5, "")
    beyond = Span(900, 905, "Nancy")
    found = marked(view(Reason("code", 1.0, spans=(moved, withheld, beyond))))
    assert not [run for runs in (found.title, *found.paragraphs) for run in runs if run.grounds]
    assert len(found.grounds) == 1, "the reason itself is still told"


def test_reasons_that_count_nothing_are_not_listed() -> None:
    assert marked(view(Reason("told", 0.0, spans=(span("Nancy"),)))).grounds == ()


@given(st.lists(st.tuples(st.integers(0, len(WHOLE)), st.integers(0, len(WHOLE)), st.sampled_from([-1.0, 1.0]))))
def test_whatever_is_marked_no_character_is_lost_or_doubled(places: list[tuple[int, int, float]]) -> None:
    reasons = [Reason("code", weight, spans=(Span(a, b, WHOLE[a:b]),)) for a, b, weight in places]
    found = marked(view(*reasons))
    assert "".join(run.text for run in found.title) == TITLE
    paragraphs = ["".join(run.text for run in runs) for runs in found.paragraphs]
    assert paragraphs == [line for line in TEXT.split("\n") if line]
