"""The decision about one article, given what was understood and what the archive knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from monitor.domain import decide, dedupe
from monitor.domain.decide import Knowledge
from monitor.domain.further_reports import merged_facts
from monitor.domain.lexicon import Lexicon
from monitor.domain.model.articles import (
    ArticleForDecision,
    Assessment,
    CopyKind,
    IngestIntent,
    Known,
    KnownArticle,
    Label,
    Origin,
    SourceContext,
    Understanding,
)
from monitor.domain.model.events import (
    ChangeKind,
    DateRange,
    EventKind,
    EventOrigin,
    EventStatus,
    Facts,
    Happening,
    KnownEvent,
    Precision,
    Role,
    Verdict,
    VerdictKind,
)
from monitor.domain.model.places import Place, PlaceKind

NOW = datetime(2026, 5, 14, 9, 0, tzinfo=UTC)
DAY = date(2026, 5, 12)
PLACES = {
    name: Place(name, PlaceKind.CITY, country, {"en": (name.title(),)})
    for name, country in (("nancy", "FR"), ("kunming", "CN"), ("lyon", "FR"))
}
KNOWLEDGE = Knowledge(Lexicon([]), PLACES.get)
TEXT = " ".join(f"word{number} of the long report on the visit" for number in range(60))

VISIT = Happening(
    kinds=(EventKind.DELEGATION_VISIT,),
    participants=frozenset({"nancy", "kunming"}),
    host_id="nancy",
    when=DateRange(DAY, DAY),
    status=EventStatus.HAPPENED,
)
EVENT = KnownEvent(
    id="ev_known",
    kinds=VISIT.kinds,
    participants=VISIT.participants,
    host_id="nancy",
    when=VISIT.when,
    status=EventStatus.HAPPENED,
    ordinal=None,
    series_key=None,
    origin=EventOrigin.NEWS,
    title="Visit",
    languages=frozenset({"fr"}),
)


def understood(
    main: Happening | None = VISIT,
    *announced: Happening,
    label: Label = Label.EVENT,
    text: str = TEXT,
    baseline: bool = False,
    language: str = "en",
) -> Understanding:
    article = ArticleForDecision(
        url="https://city.example/1",
        url_key="city.example/1",
        title="A visit",
        text=text,
        language=language,
        published_on=date(2026, 5, 13),
        source=SourceContext("city"),
        hits=(),
        baseline=baseline,
        origin=Origin.FEED,
    )
    assessment = Assessment(label, 0.7, (), "international", "1")
    return Understanding(article, (), assessment, Facts(main, announced), dedupe.fingerprint(article.full_text))


def known_article(understanding: Understanding, **more: object) -> KnownArticle:
    values: dict[str, object] = {
        "id": 5,
        "url_key": "other.example/9",
        "title": "Original",
        "fingerprint": understanding.fingerprint,
        "event_ids": (),
        "seed_key": None,
        "label": Label.EVENT,
        "revision": 1,
        **more,
    }
    return KnownArticle(**values)  # type: ignore[arg-type]


def decided(understanding: Understanding, known: Known | None = None) -> IngestIntent:
    return decide.ingest(known or Known(), understanding, NOW, KNOWLEDGE)


def announced_changes(intent: IngestIntent) -> list[ChangeKind]:
    return [change.kind for event in intent.events for change in event.changes if change.announce]


def test_an_unknown_event_is_opened_and_announced() -> None:
    intent = decided(understood())
    (event,) = intent.events
    assert (event.event_id, event.role, event.origin) == (None, Role.REPORT, EventOrigin.NEWS)
    assert announced_changes(intent) == [ChangeKind.OPENED]
    assert intent.refetch_after_days == 1


def test_the_baseline_opens_events_and_tells_nothing() -> None:
    intent = decided(understood(baseline=True))
    assert intent.events[0].origin is EventOrigin.BASELINE
    assert announced_changes(intent) == []


def test_another_report_joins_and_is_no_new_event() -> None:
    intent = decided(understood(), Known(events=(EVENT,)))
    (event,) = intent.events
    assert event.event_id == "ev_known"
    assert [change.kind for change in event.changes] == [ChangeKind.REPORT, ChangeKind.LANGUAGE]
    assert event.score is not None


def test_a_retelling_of_a_seed_event_is_known_and_never_told() -> None:
    seed = replace(EVENT, origin=EventOrigin.SEED, seed_key="000")
    intent = decided(understood(), Known(events=(seed,)))
    assert intent.known_seed == "000"
    assert announced_changes(intent) == []


def test_a_background_text_on_a_seed_event_is_known_and_opens_nothing() -> None:
    seed = replace(EVENT, origin=EventOrigin.SEED, seed_key="000")
    intent = decided(understood(label=Label.BACKGROUND), Known(events=(seed,)))
    assert (intent.known_seed, intent.events) == ("000", ())
    assert any("not linked as background" in stage.result for stage in intent.record)


def test_an_irrelevant_or_background_article_opens_nothing() -> None:
    for label in (Label.IRRELEVANT, Label.BACKGROUND, Label.UNCERTAIN):
        assert decided(understood(label=label)).events == ()


def test_an_uncertain_text_that_tells_a_known_event_is_an_event() -> None:
    intent = decided(understood(label=Label.UNCERTAIN), Known(events=(EVENT,)))
    assert intent.label is Label.EVENT
    assert intent.events[0].event_id == "ev_known"


def test_a_copy_takes_label_and_events_of_its_original_and_is_told_never() -> None:
    understanding = understood(label=Label.UNCERTAIN)
    original = known_article(understanding, event_ids=("ev_known",))
    intent = decided(understanding, Known(neighbours=(original,), events=(EVENT,)))
    assert intent.copy_of is not None
    assert intent.copy_of.kind is CopyKind.SAME_TEXT
    assert intent.label is Label.EVENT
    assert [(event.event_id, event.role, event.changes) for event in intent.events] == [("ev_known", Role.COPY, ())]


def test_a_known_seed_document_keeps_its_label() -> None:
    understanding = understood()
    seed = known_article(understanding, seed_key="001", label=Label.BACKGROUND)
    intent = decided(understanding, Known(neighbours=(seed,)))
    assert (intent.known_seed, intent.label, intent.events) == ("001", Label.BACKGROUND, ())


def test_the_same_text_at_the_same_address_is_only_a_visit() -> None:
    understanding = understood()
    mine = known_article(understanding, url_key="city.example/1", event_ids=("ev_known",))
    intent = decided(understanding, Known(same_url=mine, neighbours=(mine,), events=(EVENT,)))
    assert intent.unchanged
    assert intent.copy_of is None
    assert intent.same_url_id == 5


def test_an_edited_article_stays_with_its_event_though_it_says_less() -> None:
    mine = known_article(understood(text="other " * 90), url_key="city.example/1", event_ids=("ev_known",))
    vague = replace(VISIT, kinds=(EventKind.STATEMENT,), participants=frozenset({"nancy"}), when=None)
    intent = decided(understood(vague), Known(same_url=mine, events=(EVENT,)))
    assert intent.events[0].event_id == "ev_known"
    assert not intent.unchanged


def edited(told: Happening | None, event: KnownEvent = EVENT, label: Label = Label.EVENT) -> IngestIntent:
    """The decision about the second revision of an article whose first one told `event`."""
    mine = known_article(understood(text="other " * 90), url_key="city.example/1", event_ids=(event.id,))
    whole = understood(told, label=label)
    return decided(whole, Known(same_url=mine, events=(event,)))


@pytest.mark.parametrize(
    "told",
    [
        replace(VISIT, participants=frozenset({"nancy", "lyon"})),
        replace(VISIT, when=DateRange(date(2027, 5, 12), date(2027, 5, 12))),
        replace(VISIT, kinds=(EventKind.AGREEMENT_ENDED,)),
    ],
    ids=["other-partners", "a-year-later", "the-end"],
)
def test_an_edited_article_that_tells_another_event_leaves_the_first(told: Happening) -> None:
    intent = edited(told)
    assert [event.event_id for event in intent.events] == [None]
    assert intent.released_event_ids == ("ev_known",)


def test_another_edition_at_the_same_address_is_another_event() -> None:
    first = replace(EVENT, kinds=(EventKind.CONFERENCE,), ordinal=5)
    assert edited(replace(VISIT, kinds=(EventKind.CONFERENCE,), ordinal=6), first).released_event_ids == ("ev_known",)


def test_an_article_that_tells_no_event_any_more_leaves_it() -> None:
    intent = edited(None, label=Label.BACKGROUND)
    assert (intent.events, intent.released_event_ids) == ((), ("ev_known",))


def test_the_only_report_of_an_event_corrects_its_day_when_it_is_edited() -> None:
    moved = DateRange(date(2026, 5, 19), date(2026, 5, 19))
    intent = edited(replace(VISIT, when=moved), replace(EVENT, article_ids=(5,)))
    (event,) = intent.events
    assert (event.event_id, event.happening.when) == ("ev_known", moved)
    assert (ChangeKind.DATE, "2026-05-12", "2026-05-19") in [(one.kind, one.before, one.after) for one in event.changes]
    pinned = replace(EVENT, article_ids=(5,), pins=frozenset({"when"}))
    assert edited(replace(VISIT, when=moved), pinned).events[0].happening.when == VISIT.when
    (other,) = edited(replace(VISIT, when=moved), replace(EVENT, article_ids=(5, 6))).events
    assert other.happening.when == VISIT.when


def test_a_new_event_names_its_nearest_neighbour_and_what_keeps_them_apart() -> None:
    earlier = replace(EVENT, when=DateRange(date(2025, 5, 12), date(2025, 5, 12)))
    stage = next(one for one in decided(understood(), Known(events=(earlier,))).record if one.stage == "event")
    assert (stage.result, stage.neighbour) == ("opens an event", "ev_known")
    assert "another date" in stage.detail


EXPECTED = replace(
    EVENT,
    status=EventStatus.ANNOUNCED,
    when=DateRange(date(2026, 1, 1), date(2026, 12, 31), Precision.YEAR),
)


def test_an_expectation_keeps_its_id_when_it_happens() -> None:
    intent = decided(understood(), Known(events=(EXPECTED,)))
    (event,) = intent.events
    assert event.event_id == "ev_known"
    assert event.happening.status is EventStatus.HAPPENED
    assert event.happening.when == VISIT.when
    assert [(change.kind, change.before, change.after) for change in event.changes[:2]] == [
        (ChangeKind.STATUS, "announced", "happened"),
        (ChangeKind.DATE, "2026-01-01/2026-12-31", "2026-05-12"),
    ]


def test_a_late_report_of_an_earlier_step_takes_nothing_back() -> None:
    late = replace(VISIT, status=EventStatus.ANNOUNCED)
    intent = decided(understood(late), Known(events=(EVENT,)))
    assert intent.events[0].happening.status is EventStatus.HAPPENED


def test_an_announced_event_beside_the_main_one_is_opened_when_it_lies_ahead() -> None:
    ahead = replace(VISIT, status=EventStatus.ANNOUNCED, when=DateRange(date(2026, 9, 1), date(2026, 9, 3)))
    past = replace(ahead, when=DateRange(date(2025, 9, 1), date(2025, 9, 3)))
    intent = decided(understood(VISIT, ahead, past))
    assert [event.role for event in intent.events] == [Role.REPORT, Role.ANNOUNCES]


def test_the_grey_zone_is_told_as_new_with_a_doubt() -> None:
    vague = replace(EVENT, kinds=(EventKind.ECONOMIC,), when=None, participants=frozenset({"nancy", "kunming"}))
    intent = decided(understood(), Known(events=(vague,)))
    (event,) = intent.events
    assert (event.event_id, event.perhaps_same_as) == (None, "ev_known")


def verdict(kind: VerdictKind, number: int = 1, event_id: str | None = None) -> Verdict:
    return Verdict(number, kind, NOW, "officer", article_id=5, event_id=event_id)


def test_a_person_has_the_last_word_on_relevance() -> None:
    understanding = understood()
    mine = known_article(understanding, url_key="city.example/1")
    said = (verdict(VerdictKind.NOT_RELEVANT),)
    assert decided(understanding, Known(same_url=mine, verdicts=said)).label is Label.IRRELEVANT
    later = (*said, verdict(VerdictKind.RELEVANT, 2))
    assert decided(understood(label=Label.IRRELEVANT), Known(same_url=mine, verdicts=later)).label is Label.EVENT


def test_must_link_and_cannot_link_are_obeyed() -> None:
    understanding = understood()
    mine = known_article(understood(text="before " * 90), url_key="city.example/1")
    far = replace(EVENT, participants=frozenset({"lyon"}), when=None)
    together = Known(same_url=mine, events=(far,), verdicts=(verdict(VerdictKind.MUST_LINK, event_id="ev_known"),))
    assert decided(understanding, together).events[0].event_id == "ev_known"
    apart = Known(same_url=mine, events=(EVENT,), verdicts=(verdict(VerdictKind.CANNOT_LINK, event_id="ev_known"),))
    assert decided(understanding, apart).events[0].event_id is None


def test_the_record_tells_every_stage() -> None:
    intent = decided(understood(), Known(events=(EVENT,)))
    assert [stage.stage for stage in intent.record] == [
        "fetch",
        "extract",
        "language",
        "places",
        "relevance",
        "facts",
        "duplicate",
        "event",
        "label",
    ]


def test_the_archive_is_asked_for_places_days_and_bands() -> None:
    understanding = understood()
    asked = decide.query(understanding)
    assert asked.place_ids == {"nancy", "kunming"}
    assert asked.bands == understanding.fingerprint.bands
    assert asked.earliest_on is not None
    assert asked.latest_on is not None
    assert asked.earliest_on < DAY < asked.latest_on


def test_deciding_twice_gives_the_same_intent() -> None:
    assert decided(understood(), Known(events=(EVENT,))) == decided(understood(), Known(events=(EVENT,)))


# ---------------------------------------------------------------- what one more report adds


def test_a_country_gives_way_to_the_places_that_it_stood_for() -> None:
    happening = Happening(
        kinds=(EventKind.CONFERENCE,),
        participants=frozenset({"yunnan", "lao-cai", "lai-chau"}),
        host_id=None,
        when=None,
        status=EventStatus.HAPPENED,
        countries=frozenset({"CN", "VN"}),
    )
    vague = replace(EVENT, participants=frozenset({"yunnan", "country-vn"}))
    assert merged_facts(vague, happening).participants == happening.participants
    other = replace(EVENT, participants=frozenset({"yunnan", "country-la"}))
    assert merged_facts(other, happening).participants == other.participants


def test_a_reaction_gives_way_to_what_it_answers() -> None:
    told = Happening(
        kinds=(EventKind.AGREEMENT_ENDED,),
        participants=frozenset({"nancy", "kunming"}),
        host_id=None,
        when=None,
        status=EventStatus.HAPPENED,
    )
    outrage = replace(EVENT, kinds=(EventKind.STATEMENT, EventKind.AGREEMENT_ENDED))
    assert merged_facts(outrage, told).kinds == (EventKind.AGREEMENT_ENDED, EventKind.STATEMENT)
    visit = replace(EVENT, kinds=(EventKind.DELEGATION_VISIT,))
    assert merged_facts(visit, told).kinds[0] is EventKind.DELEGATION_VISIT
