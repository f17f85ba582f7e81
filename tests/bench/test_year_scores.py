from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import year_scores
from bench.year_run import Kept, Played, ToldLine, Week
from bench.year_stream import Piece, Stream, Truth
from monitor.domain.model.articles import Label
from monitor.domain.model.events import DateRange, EventKind, EventOrigin, EventStatus, KnownEvent, Precision
from monitor.domain.model.places import Place, PlaceKind

MONDAY = datetime(2026, 1, 12, 7, 30, tzinfo=UTC)
DAY = DateRange(date(2026, 1, 8), date(2026, 1, 8))
PLACES = {
    one.id: one
    for one in (
        Place("province", PlaceKind.PROVINCE, "AA", {}),
        Place("home", PlaceKind.CITY, "AA", {}, parent_id="province"),
        Place("away", PlaceKind.CITY, "BB", {}),
        Place("third", PlaceKind.CITY, "CC", {}),
    )
}
SIGNING = Truth(
    "t1",
    (frozenset({"home"}), frozenset({"away"})),
    frozenset({"agreement_signed"}),
    DAY,
    frozenset({"happened"}),
)


def piece(name: str, event: str | None) -> Piece:
    return Piece(name, "en", name, "text", datetime(2026, 1, 9, tzinfo=UTC), "invented", event)


def event(**changes: object) -> KnownEvent:
    found = KnownEvent(
        id="e1",
        kinds=(EventKind.AGREEMENT_SIGNED,),
        participants=frozenset({"home", "away"}),
        host_id=None,
        when=DAY,
        status=EventStatus.HAPPENED,
        ordinal=None,
        series_key=None,
        origin=EventOrigin.NEWS,
        title="",
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def line(told: KnownEvent, *urls: str, section: str = "new") -> ToldLine:
    return ToldLine(section, "headline", told, urls)


def year(pieces: dict[str, Piece], *lines: ToldLine, truths: tuple[Truth, ...] = (SIGNING,)) -> tuple[Stream, Played]:
    stream = Stream(list(pieces.values()), {one.id: one for one in truths})
    week = Week("researcher", MONDAY, lines, ("https://r.example/1",), None)
    return stream, Played(MONDAY, [week], pieces=pieces)


def felt(stream: Stream, played: Played, watched: frozenset[str] = frozenset()) -> year_scores.Felt:
    return year_scores.felt("researcher", watched, stream, played, PLACES.get)


def test_a_right_line_misses_nothing_and_is_right() -> None:
    found = felt(*year({"u1": piece("a", "t1")}, line(event(), "u1")))
    assert not found.missed
    assert [one.wrong for one in found.lines] == [()]
    assert year_scores.figures(found)["review_a_week"].value == 1


@pytest.mark.parametrize(
    ("kept", "cause"),
    [
        ({}, "not read"),
        ({"u1": Kept(Label.UNCERTAIN, ())}, "relevance"),
        ({"u1": Kept(Label.EVENT, ("other",))}, "false merge"),
        ({"u1": Kept(Label.EVENT, ("lost",))}, "place"),
        ({"u1": Kept(Label.EVENT, ("own",))}, "not told"),
    ],
)
def test_an_event_that_was_not_told_has_a_cause(kept: dict[str, Kept], cause: str) -> None:
    another = replace(SIGNING, id="t2")
    pieces = {"u1": piece("a", "t1"), "u2": piece("b", "t2"), "u3": piece("c", "t2")}
    stream, played = year(pieces, line(event(), "u2"), truths=(SIGNING, another))
    played.articles = kept
    played.events = {
        "other": (event(), ("u2", "u3", "u1")),
        "lost": (event(participants=frozenset({"home", "third"})), ("u1",)),
        "own": (event(), ("u1",)),
    }
    assert [(one.truth.id, one.cause) for one in felt(stream, played).missed] == [("t1", cause)]


def test_telling_an_event_a_second_time_is_a_repeat_and_a_development_is_none() -> None:
    lines = [line(event(), "u1"), line(event(), "u2", section="developments"), line(event(id="e2"), "u2")]
    found = felt(*year({"u1": piece("a", "t1"), "u2": piece("b", "t1")}, *lines))
    assert [one.is_repeat for one in found.lines] == [False, False, True]


def test_a_line_without_an_event_of_the_list_is_false() -> None:
    stream, played = year({"u1": piece("a", "t1"), "u2": piece("b", None)}, line(event(), "u1"), line(event(), "u2"))
    found = felt(stream, played)
    assert [one.truth for one in found.lines] == [SIGNING, None]
    assert year_scores.figures(found)["false_a_digest"].value == 1


def test_what_does_not_concern_the_watch_is_neither_wanted_nor_right() -> None:
    stream, played = year({"u1": piece("a", "t1")}, line(event(), "u1"))
    assert felt(stream, played, frozenset({"third"})).wanted == ()
    assert [one.truth for one in felt(stream, played, frozenset({"third"})).lines] == [None]
    assert felt(stream, played, frozenset({"province"})).wanted == (SIGNING,)


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        (event(participants=frozenset({"province", "away"})), ()),
        (event(participants=frozenset({"home", "third"})), ("pair",)),
        (event(participants=frozenset({"home", "away", "third"})), ("pair",)),
        (event(when=DateRange(date(2026, 1, 9), date(2026, 1, 9))), ()),
        (event(when=DateRange(date(2026, 1, 11), date(2026, 1, 11))), ("date",)),
        (event(when=DateRange(date(2026, 1, 11), date(2026, 1, 11)), date_inferred=True), ()),
        (event(when=DateRange(date(2026, 1, 1), date(2026, 1, 31), Precision.MONTH)), ()),
        (event(when=None), ()),
        (event(kinds=(EventKind.AID,)), ("kind",)),
        (event(kinds=(EventKind.AGREEMENT_INTENT, EventKind.AGREEMENT_SIGNED)), ()),
        (event(status=EventStatus.CANCELLED), ("status",)),
    ],
)
def test_every_aspect_of_a_line_is_held_against_what_happened(told: KnownEvent, wrong: tuple[str, ...]) -> None:
    found = felt(*year({"u1": piece("a", "t1")}, line(told, "u1")))
    assert [one.wrong for one in found.lines] == [wrong]


def test_a_council_s_consent_is_no_signature() -> None:
    consent = replace(
        SIGNING, kinds=frozenset({"agreement_intent", "agreement_signed"}), statuses=frozenset({"approved", "happened"})
    )
    told = [event(), event(kinds=(EventKind.AGREEMENT_INTENT,)), event(status=EventStatus.APPROVED)]
    found = felt(*year({"u1": piece("a", "t1")}, *(line(one, "u1") for one in told), truths=(consent,)))
    assert [one.wrong for one in found.lines] == [("status",), (), ()]


def test_saying_nothing_costs_one_and_being_perfect_nothing() -> None:
    pieces = {"u1": piece("a", "t1"), "u2": piece("b", None)}
    silent, perfect = year(pieces), year(pieces, line(event(), "u1"))
    assert year_scores.detection_cost(felt(*silent), silent[1]) == pytest.approx(1)
    assert year_scores.detection_cost(felt(*perfect), perfect[1]) == 0


@given(st.lists(st.floats(0, 100), min_size=1, max_size=40))
def test_an_interval_holds_its_values_and_is_the_same_in_every_run(values: list[float]) -> None:
    found = year_scores._mean(values)
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
    assert found == year_scores._mean(values)


def test_a_signing_to_come_is_no_wrong_date_of_the_intent_it_is_about() -> None:
    intent = replace(SIGNING, kinds=frozenset({"agreement_intent"}), is_invented=False)
    later = DateRange(date(2026, 2, 1), date(2026, 2, 28), Precision.MONTH)
    announced = event(kinds=(EventKind.AGREEMENT_INTENT,), status=EventStatus.ANNOUNCED, when=later)
    assert not year_scores._is_wrong_date(announced, intent)
    assert year_scores._is_wrong_date(replace(announced, status=EventStatus.HAPPENED), intent)
    assert year_scores._is_wrong_date(announced, SIGNING)
    assert year_scores._is_wrong_date(replace(announced, when=DateRange(date(2026, 1, 1), date(2026, 1, 2))), intent)
