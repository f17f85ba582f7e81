from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain import digest
from monitor.domain.digest_lines import read_period
from monitor.domain.model.digests import (
    Coverage,
    Digest,
    DigestLine,
    DigestMaterial,
    SourceTrouble,
    ToldEvent,
    Watch,
)
from monitor.domain.model.events import (
    ChangeKind,
    DateRange,
    EventChange,
    EventKind,
    EventOrigin,
    EventStatus,
    KnownEvent,
    Precision,
)
from monitor.domain.model.health import FeedHealth, HealthChange
from monitor.domain.outcomes import Outcome
from tests.domain.digest_samples import (
    FULL_COVERAGE,
    NANCY,
    NOW,
    PATCHY_COVERAGE,
    change,
    event,
    material,
    on,
    place,
    report,
    review_item,
    rich_material,
    subscription,
    told,
    words,
)

EN = words()


def compose(one: DigestMaterial, now: datetime = NOW) -> Digest:
    composed = digest.compose(one, now, EN, place)
    assert composed is not None
    return composed


def says_nothing(one: DigestMaterial) -> bool:
    """Whether there is no reason to write but the weekly word."""
    subscribed = replace(one.subscription, data=replace(one.subscription.data, sign_of_life=False))
    return digest.compose(replace(one, subscription=subscribed), NOW, EN, place) is None


def lines(composed: Digest, section: str) -> tuple[DigestLine, ...]:
    return next((one.lines for one in composed.sections if one.key == section), ())


def headlines(composed: Digest, section: str) -> list[str]:
    return [line.headline for line in lines(composed, section)]


def details(one: ToldEvent, section: str = "new") -> tuple[str, ...]:
    return lines(compose(material(one)), section)[0].details


# ---------------------------------------------------------------- what is told where


def test_sections_come_in_order_and_each_event_once() -> None:
    composed = compose(rich_material())
    assert [section.key for section in composed.sections] == [
        "new",
        "developments",
        "history",
        "expectations",
        "review",
    ]
    ids = [line.event_id for section in composed.sections for line in section.lines if line.event_id]
    assert sorted(ids) == ["e1", "e2", "e3", "e4", "e5", "e6"]
    assert composed.has_news


def test_the_window_and_its_moment_are_kept() -> None:
    composed = compose(rich_material())
    assert (composed.after_seq, composed.to_seq, composed.subscription_id) == (10, 40, 3)
    assert (composed.due_at, composed.composed_at) == (NOW - timedelta(seconds=7), NOW)


def test_the_subject_says_how_much_of_what_where_and_when() -> None:
    composed = compose(material(told(event()), told(event("e2")), subscribed=subscription(NANCY)))
    assert composed.subject == "2 new events – Nancy, 5 October 2026"
    everything = compose(rich_material(Watch("all")))
    assert everything.subject == (
        "3 new events, 1 development, 1 past event, 1 expected event, 1 to review – 5 October 2026"
    )


def test_the_day_of_the_subject_is_that_of_the_readers_zone() -> None:
    late = datetime(2026, 10, 4, 20, 0, tzinfo=UTC)
    composed = compose(material(told(event()), subscribed=subscription(zone="Asia/Shanghai")), late)
    assert composed.subject.endswith("5 October 2026")


def test_many_watched_places_are_counted_in_the_subject() -> None:
    many = Watch("w", places=frozenset({"nancy", "metz", "paris", "lai-chau", "yunnan"}))
    assert "– Lai Chau, Metz and 3 more, 5" in compose(material(told(event()), subscribed=subscription(many))).subject


def test_the_intro_names_the_last_digest_and_before_the_first_one_the_subscription() -> None:
    assert compose(rich_material()).intro == "What has become known since 28 September 2026."
    first = material(told(event()), subscribed=subscription(last=None))
    assert compose(first).intro == "What has become known since 1 September 2026."


def test_what_was_opened_silently_is_not_told() -> None:
    seed = told(event(origin=EventOrigin.SEED), change(ChangeKind.OPENED, announce=False))
    baseline = told(event("e2", origin=EventOrigin.BASELINE), change(ChangeKind.OPENED, announce=False))
    assert says_nothing(material(seed, baseline))


def test_a_known_expectation_of_a_seed_that_happens_is_a_development() -> None:
    seed = told(event(origin=EventOrigin.SEED), change(ChangeKind.STATUS, "announced", "happened"), before=True)
    composed = compose(material(seed))
    assert lines(composed, "developments")[0].details[0] == "Status: announced → took place"
    assert "1 development" in composed.subject


def test_a_baseline_event_that_develops_in_its_first_window_is_a_development() -> None:
    one = told(
        event(origin=EventOrigin.BASELINE),
        change(ChangeKind.OPENED, announce=False),
        change(ChangeKind.STATUS, "announced", "cancelled", seq=12),
    )
    composed = compose(material(one))
    assert headlines(composed, "new") == []
    assert "Status: announced → cancelled" in lines(composed, "developments")[0].details


def test_an_event_that_a_person_split_off_is_new() -> None:
    one = told(event(), change(ChangeKind.SPLIT))
    assert details(one)[0] == "Taken for a part of another event before."


def test_further_reports_are_counted_and_no_reason_to_write() -> None:
    again = told(
        event(), change(ChangeKind.REPORT, after="x"), change(ChangeKind.LANGUAGE, after="zh", seq=12), before=True
    )
    assert says_nothing(material(again))
    composed = compose(material(again, told(event("e2"))))
    assert composed.coverage[-1] == "1 further report on 1 known event, nothing new in it."
    assert headlines(composed, "developments") == []


def test_silent_reports_are_not_even_counted() -> None:
    copy = told(event(), change(ChangeKind.REPORT, announce=False), before=True)
    assert len(compose(material(copy, told(event("e2")))).coverage) == 2


def test_a_status_that_came_back_is_no_development() -> None:
    one = told(
        event(),
        change(ChangeKind.STATUS, "announced", "postponed"),
        change(ChangeKind.STATUS, "postponed", "announced", seq=12),
        before=True,
    )
    assert says_nothing(material(one))


def test_events_that_concern_no_watch_are_left_out() -> None:
    metz = told(event("e2", "metz", "kunming"))
    composed = compose(material(told(event()), metz, subscribed=subscription(NANCY)))
    assert len(lines(composed, "new")) == 1
    assert says_nothing(material(metz, subscribed=subscription(NANCY)))


def test_newest_first_and_undated_last() -> None:
    composed = compose(
        material(
            told(event("e1", when=None, title="a"), reports=()),
            told(event("e2", when=on("2026-09-20"))),
            told(event("e3", when=on("2026-10-02")), change(ChangeKind.OPENED, seq=14)),
            told(event("e4", when=on("2026-10-02")), change(ChangeKind.OPENED, seq=13)),
        )
    )
    assert [line.event_id for line in lines(composed, "new")] == ["e4", "e3", "e2", "e1"]


# ---------------------------------------------------------------- history


@pytest.mark.parametrize(
    ("when", "published", "section"),
    [
        (on("2026-08-06"), None, "new"),  # 60 days
        (on("2026-08-05"), None, "history"),  # 61 days
        (on("2026-07-01", "2026-08-20"), None, "new"),  # ended since
        (None, date(2026, 10, 1), "new"),
        (None, date(2019, 10, 1), "history"),
        (None, None, "new"),
    ],
)
def test_what_is_older_than_sixty_days_is_history(when: DateRange | None, published: date | None, section: str) -> None:
    composed = compose(material(told(event(when=when), reports=(report(published_on=published),))))
    assert [one.key for one in composed.sections] == [section]
    assert composed.has_news


def test_an_old_event_that_develops_is_history_too() -> None:
    one = told(
        event(when=on("2017-08-22")), change(ChangeKind.DATE, "2017-08-01/2017-08-31", "2017-08-22"), before=True
    )
    composed = compose(material(one))
    assert composed.subject.startswith("1 past event")
    assert lines(composed, "history")[0].details[0] == "Date: August 2017 → 22 August 2017"


# ---------------------------------------------------------------- lines

GONE_BY = "The date has passed and no report has been found: put off, missed or not written about."


def test_a_line_says_what_the_headline_leaves_out() -> None:
    one = told(
        event(kinds=(EventKind.DELEGATION_VISIT, EventKind.TALKS, EventKind.AGREEMENT_INTENT), host="nancy"),
        reports=(report(language="zh", source="山城晚报"), report()),
    )
    assert details(one) == (
        "Also: talks and declaration of intent",
        "Place: Nancy",
        "2 reports, in Chinese and French",
    )


def test_participants_of_many_sides_are_listed_and_counted() -> None:
    crowd = event("e1", "nancy", *(f"town-{number}" for number in range(20)), kinds=(EventKind.CONFERENCE,))
    assert details(told(crowd))[0].endswith("and 9 more")


def test_a_date_that_was_taken_from_the_report_is_marked() -> None:
    assert details(told(event(inferred=True))) == ("The date is taken from the day the report was published.",)


def test_a_doubtful_event_names_the_one_it_may_be() -> None:
    known = told(event("e2", kinds=(EventKind.TALKS,)), change(ChangeKind.OPENED, seq=20))
    composed = compose(material(told(event(), perhaps="e2"), known))
    assert "Perhaps the same as: Talks: Kunming–Nancy, 2 October 2026" in lines(composed, "new")[0].details
    assert "Perhaps the same as: event e9" in details(told(event(), perhaps="e9"))


def test_a_part_names_its_whole_where_that_is_at_hand() -> None:
    composed = compose(
        material(told(event(part_of="e2")), expected=(event("e2", kinds=(EventKind.DELEGATION_VISIT,)),))
    )
    assert lines(composed, "new")[0].details == ("Part of: Visit: Kunming–Nancy, 2 October 2026",)
    assert details(told(event(part_of="e9"))) == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([change(ChangeKind.DATE, "", "2026-10-02")], ["Date now known: 2 October 2026"]),
        ([change(ChangeKind.DATE, "2026-10-02", "")], ["The date is open again."]),
        ([change(ChangeKind.DATE, "2026-10-01/2026-10-03", "2026-10-02")], ["Date: 1–3 October 2026 → 2 October 2026"]),
        ([change(ChangeKind.DATE, "2026-01-01/2026-12-31", "2026-10-02")], ["Date: 2026 → 2 October 2026"]),
        (
            [
                change(ChangeKind.DATE, "2026-01-01/2026-12-31", "2026-10-01/2026-10-31"),
                change(ChangeKind.DATE, "2026-10-01/2026-10-31", "2026-10-02", seq=12),
            ],
            ["Date: 2026 → 2 October 2026"],
        ),
        ([change(ChangeKind.STATUS, "proposed", "approved")], ["Status: proposed → approved"]),
        ([change(ChangeKind.STATUS, "unheard", "approved")], ["Status: unheard → approved"]),
        (
            [change(ChangeKind.PARTICIPANTS, "kunming, nancy, metz", "kunming, nancy, yunnan")],
            ["New participants: Yunnan", "No longer named: Metz"],
        ),
        ([change(ChangeKind.KINDS, "agreement_signed", "agreement_signed aid talks")], ["Now also: aid and talks"]),
        ([change(ChangeKind.MERGED, "e9", "e1")], ["Two events turned out to be one."]),
        ([change(ChangeKind.EDITED)], ["Corrected by a person."]),
        ([change(ChangeKind.MISSED)], [GONE_BY]),
        (
            [change(ChangeKind.EDITED), change(ChangeKind.LANGUAGE, after="vi", seq=12)],
            ["Corrected by a person.", "First report in Vietnamese."],
        ),
    ],
)  # fmt: skip
def test_a_development_says_what_changed(changes: list[EventChange], expected: list[str]) -> None:
    assert list(details(told(event(), *changes, before=True), "developments")) == expected


def test_the_readers_own_language_is_linked_first_and_the_rest_is_cut() -> None:
    reports = [report(f"标题{number}", "zh", url=f"https://a.example/{number}") for number in range(6)]
    composed = compose(material(told(event(), reports=(*reports, report("A charter", "en")))))
    shown = lines(composed, "new")[0].reports
    assert [one.language for one in shown] == ["en", "zh", "zh", "zh", "zh"]
    assert "7 reports, in Chinese and English" in lines(composed, "new")[0].details


def test_titles_from_outside_are_one_clean_line() -> None:
    nasty = report("Charte\r\nBcc: all@x.example\u2028\x00\ud800" + "x" * 10_000, source="A\nB")
    shown = lines(compose(material(told(event(), reports=(nasty,)))), "new")[0].reports[0]
    assert shown.title.startswith("Charte Bcc: all@x.example xxx")
    assert len(shown.title) <= 200
    assert shown.source_name == "A B"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-10-02", on("2026-10-02")),
        ("2026-02-01/2026-02-28", on("2026-02-01", "2026-02-28", Precision.MONTH)),
        ("2024-02-01/2024-02-28", on("2024-02-01", "2024-02-28")),
        ("2026-01-01/2027-12-31", on("2026-01-01", "2027-12-31", Precision.YEAR)),
        ("2026-13-02", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_logged_period_is_read_back(text: str, expected: DateRange | None) -> None:
    assert read_period(text) == expected


# ---------------------------------------------------------------- expectations


def plan(
    first: str, last: str | None = None, *, seen: datetime | None = datetime(2026, 8, 1, tzinfo=UTC)
) -> KnownEvent:
    return event("e9", kinds=(EventKind.EXCHANGE,), when=on(first, last), status=EventStatus.ANNOUNCED, seen=seen)


@pytest.mark.parametrize(
    ("expectation", "told_now"),
    [
        (plan("2026-11-03"), True),  # came within 30 days on 4 October
        (plan("2026-11-05"), False),  # 31 days away
        (plan("2026-10-20"), False),  # came near before the last digest, which told it
        (plan("2026-10-20", seen=datetime(2026, 9, 30, tzinfo=UTC)), True),  # learnt since, and not told as new
        (plan("2026-10-20", seen=datetime(2026, 9, 27, tzinfo=UTC)), False),
        (plan("2026-11-04", seen=None), True),
        (plan("2026-01-01", "2026-12-31"), False),
        (plan("2026-10-04", seen=datetime(2026, 10, 1, tzinfo=UTC)), False),  # was yesterday
        (plan("2026-10-05", seen=datetime(2026, 10, 1, tzinfo=UTC)), True),  # is today
        (replace(plan("2026-11-03"), status=EventStatus.CANCELLED), False),
        (replace(plan("2026-11-03"), when=None), False),
    ],
)
def test_an_expectation_is_told_once_when_it_comes_near(expectation: KnownEvent, told_now: bool) -> None:
    composed = digest.compose(material(expected=(expectation,)), NOW, EN, place)
    assert (composed is not None and bool(lines(composed, "expectations"))) is told_now


def test_how_near_it_is_is_said_of_days_only() -> None:
    composed = compose(material(expected=(plan("2026-11-03"),)))
    assert lines(composed, "expectations")[0] == DigestLine(
        "Announced: exchange, Kunming–Nancy, 3 November 2026", ("in 29 days",), (), "e9", plan("2026-11-03").when
    )
    today = compose(material(expected=(plan("2026-10-05", seen=NOW - timedelta(days=1)),)))
    assert lines(today, "expectations")[0].details == ("today",)
    month = replace(plan("2026-11-01"), when=on("2026-11-01", "2026-11-30", Precision.MONTH))
    assert lines(compose(material(expected=(month,))), "expectations")[0].details == ()


@pytest.mark.parametrize(
    ("expectation", "told_now"),
    [
        (plan("2026-09-27"), True),  # a week of grace ended today
        (plan("2026-09-28"), False),  # still within it
        (plan("2026-09-20"), False),  # the last digest told it
        (plan("2026-09-21"), True),
        (plan("2026-09-25", seen=datetime(2026, 9, 29, tzinfo=UTC)), False),  # learnt when it was over
    ],
)
def test_an_expectation_is_told_once_when_it_has_gone_by(expectation: KnownEvent, told_now: bool) -> None:
    assert says_nothing(material(expected=(expectation,))) is not told_now
    if told_now:
        composed = compose(material(expected=(expectation,)))
        assert composed.subject.startswith("1 overdue")
        assert "no report has been found" in lines(composed, "expectations")[0].details[0]


def test_a_first_digest_looks_back_sixty_days() -> None:
    first = subscription(last=None)
    assert not says_nothing(material(expected=(plan("2026-08-20"),), subscribed=first))
    old = plan("2026-07-20", seen=datetime(2026, 5, 1, tzinfo=UTC))
    assert (
        digest.compose(material(expected=(old,), subscribed=first, coverage=FULL_COVERAGE), NOW, EN, place) is not None
    )
    quiet = subscription(last=None, sign_of_life=False)
    assert digest.compose(material(expected=(old,), subscribed=quiet), NOW, EN, place) is None


def test_an_event_that_is_told_is_not_expected_beside() -> None:
    announced = replace(plan("2026-10-20", seen=datetime(2026, 10, 1, tzinfo=UTC)), id="e1")
    composed = compose(material(told(announced), expected=(announced,)))
    assert [section.key for section in composed.sections] == ["new"]


def test_expectations_obey_the_watches() -> None:
    metz = Watch("metz", places=frozenset({"metz"}))
    assert says_nothing(material(expected=(plan("2026-11-03"),), subscribed=subscription(metz)))


@settings(deadline=None, max_examples=30)
@given(st.integers(-400, 400), st.integers(0, 200), st.integers(-100, 100), st.integers(1, 7))
def test_weekly_or_daily_no_expectation_is_told_twice(start: int, length: int, seen: int, every: int) -> None:
    """Over two years of digests: at most once as near, at most once as gone by, and near before gone by."""
    first = date(2026, 10, 5) + timedelta(days=start)
    one = plan(str(first), str(first + timedelta(days=length)), seen=NOW + timedelta(days=seen, hours=3))
    last, found = None, []
    for number in range(0, 900, every):
        now = NOW + timedelta(days=number)
        if one.first_seen_at is None or one.first_seen_at > now:
            continue
        composed = digest.compose(
            material(expected=(one,), subscribed=subscription(last=last, sign_of_life=False)), now, EN, place
        )
        if composed is not None:
            found.append("overdue" in composed.subject)
            last = now
    assert found in ([], [False], [True], [False, True])


# ---------------------------------------------------------------- review, silence, coverage


def test_uncertain_articles_are_shown_by_title_with_how_sure_we_are() -> None:
    composed = compose(material(review=(review_item(),)))
    line = lines(composed, "review")[0]
    assert line.headline == "Perhaps news (46 %)"
    assert line.reports[0].title == review_item().title
    assert composed.subject.startswith("1 to review")
    assert not composed.has_news
    assert composed.intro.startswith("No news since")


def test_a_long_review_queue_is_cut() -> None:
    composed = compose(material(review=[review_item(str(number)) for number in range(14)]))
    assert headlines(composed, "review")[9:] == ["Perhaps news (46 %)", "and 4 more"]


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (NOW - timedelta(days=7), True),
        (NOW - timedelta(days=7) + timedelta(minutes=3), True),  # served late last time
        (NOW - timedelta(days=7) + timedelta(hours=1), True),  # a week with a clock change
        (NOW - timedelta(days=6), False),
        (NOW - timedelta(days=1), False),
    ],
)
def test_without_news_there_is_a_word_once_a_week(last: datetime, due: bool) -> None:
    composed = digest.compose(material(subscribed=subscription(NANCY, last=last)), NOW, EN, place)
    assert (composed is not None) is due
    if composed is not None:
        assert composed.subject == "No news – Nancy, 5 October 2026"
        assert composed.sections == ()
        assert not composed.has_news
    silent = subscription(NANCY, last=last, sign_of_life=False)
    assert digest.compose(material(subscribed=silent), NOW, EN, place) is None


def test_a_new_subscription_gives_its_first_sign_of_life_after_a_week() -> None:
    young = subscription(last=None, created=NOW - timedelta(days=4))
    assert digest.compose(material(subscribed=young), NOW, EN, place) is None
    old = subscription(last=None, created=NOW - timedelta(days=8))
    assert digest.compose(material(subscribed=old), NOW, EN, place) is not None


def test_silence_of_which_nothing_was_checked_says_so() -> None:
    blind = replace(PATCHY_COVERAGE, checked=0)
    composed = compose(material(coverage=blind))
    assert "this silence says nothing" in composed.intro


FAILING = (
    "3 are failing: Messager du Lac (error of the server, since 2 October 2026); 山城晚报 (could not be reached); "
    "Báo Sông Hồng (the answer could not be read, since 30 September 2026)."
)


def test_coverage_says_what_was_checked_and_what_failed() -> None:
    assert compose(rich_material()).coverage == (
        "Sources checked: 42 of 45.",
        FAILING,
        "318 articles were read: 5 with an event, 10 background, 2 uncertain, 301 off the subject.",
        "4 articles are still to be read.",
        "1 further report on 1 known event, nothing new in it.",
    )


@pytest.mark.parametrize(
    ("sources", "checked", "sentence"),
    [
        (45, 45, "All 45 sources were checked."),
        (1, 1, "The only source was checked."),
        (1_234, 1_000, "Sources checked: 1000 of 1234."),
        (0, 0, "No source is followed yet."),
    ],
)
def test_the_first_sentence_counts_the_sources(sources: int, checked: int, sentence: str) -> None:
    assert compose(material(coverage=Coverage(sources, checked, (), 0, (), 0))).coverage == (sentence,)


def test_many_failing_sources_are_counted() -> None:
    troubles = tuple(SourceTrouble(f"Source {number}", Outcome.GONE, None) for number in range(13))
    sentence = compose(material(coverage=replace(FULL_COVERAGE, failing=troubles))).coverage[1]
    assert sentence.startswith("13 are failing: Source 0 (the address leads nowhere); ")
    assert sentence.endswith("Source 9 (the address leads nowhere); 3 more sources.")


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_of_a_source_has_words(outcome: Outcome) -> None:
    troubled = replace(FULL_COVERAGE, failing=(SourceTrouble("S", outcome, None),))
    sentences = {
        language: digest.compose(material(coverage=troubled), NOW, words(language), place) for language in ("en", "fr")
    }
    assert all(one is not None and outcome.value + ")" not in one.coverage[1] for one in sentences.values())


# ---------------------------------------------------------------- limits


def test_a_flood_is_cut_to_two_hundred_lines_and_counted() -> None:
    flood = [told(event(f"e{number}"), change(ChangeKind.OPENED, seq=number + 11)) for number in range(10_000)]
    developed = [told(event("d"), change(ChangeKind.EDITED, of="d"), before=True)] * 30
    composed = compose(material(*flood, *developed))
    assert sum(len(section.lines) for section in composed.sections) == digest.MAX_LINES
    assert headlines(composed, "new")[-1] == "and 9,802 more"
    assert headlines(composed, "developments") == ["and 30 more"]
    assert composed.subject.startswith("10,000 new events, 30 developments")


@pytest.mark.parametrize("language", ["en", "fr", "zh", "vi"])
def test_the_same_digest_in_every_language(language: str) -> None:
    composed = digest.compose(rich_material(), NOW, words(language), place)
    assert composed is not None
    assert composed.language == language
    english = compose(rich_material())
    assert [len(one.lines) for one in composed.sections] == [len(one.lines) for one in english.sections]
    if language != "en":
        assert not {one.title for one in composed.sections} & {one.title for one in english.sections}


KINDS_OF_CHANGE: Sequence[ChangeKind] = tuple(ChangeKind)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(KINDS_OF_CHANGE),
            st.booleans(),
            st.sampled_from(["", "announced", "happened", "2026-10-02", "nancy, kunming", "x/y/z", "aid"]),
            st.sampled_from(["", "announced", "happened", "2026-10-02/2026-10-04", "nancy, metz", "zh"]),
        ),
        max_size=6,
    ),
    st.booleans(),
    st.sampled_from(EventOrigin),
    st.sampled_from(EventStatus),
)
def test_any_history_of_changes_composes(
    history: list[tuple[ChangeKind, bool, str, str]], before: bool, origin: EventOrigin, status: EventStatus
) -> None:
    changes = tuple(
        change(kind, first, last, seq=11 + number, announce=announce)
        for number, (kind, announce, first, last) in enumerate(history)
    )
    one = ToldEvent(event(origin=origin, status=status), changes, (report(),), "international", before)
    if not any(told_change.announce for told_change in changes):
        assert says_nothing(material(one))
    if not says_nothing(material(one)):
        assert sum(len(section.lines) for section in compose(material(one)).sections) == 1


# ---------------------------------------------------------------- the health of sources


def turn(before: FeedHealth, after: FeedHealth, detail: str = "", name: str = "Harbour Post") -> HealthChange:
    at = datetime(2026, 10, 1, 22, 30, tzinfo=UTC)
    return HealthChange(1, "harbour-post", name, "https://harbour-post.example/feed", at, before, after, detail)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (turn(FeedHealth.OK, FeedHealth.BROKEN, "not-found"),
         "Harbour Post cannot be read since 2 October 2026 (the address leads nowhere)."),
        (turn(FeedHealth.OK, FeedHealth.BLOCKED, "forbidden"),
         "Harbour Post refuses us since 2 October 2026 (access refused)."),
        (turn(FeedHealth.OK, FeedHealth.GONE, "gone"), "Harbour Post is gone for good and asked no more."),
        (turn(FeedHealth.OK, FeedHealth.MOVED, "https://new.example/feed"),
         "Harbour Post has moved to https://new.example/feed; accept it with “monitor source move harbour-post”."),
        (turn(FeedHealth.OK, FeedHealth.QUIET, "2026-08-22"),
         "Harbour Post is quieter than usual: nothing new since 22 August 2026."),
        (turn(FeedHealth.NEW, FeedHealth.EMPTY), "Harbour Post shows no entries since 2 October 2026."),
        (turn(FeedHealth.OK, FeedHealth.DEGRADED, "thin"),
         "The articles of Harbour Post come out without text since 2 October 2026."),
        (turn(FeedHealth.BROKEN, FeedHealth.OK), "Harbour Post can be read again since 2 October 2026."),
        (turn(FeedHealth.QUIET, FeedHealth.OK), "Harbour Post has news again since 2 October 2026."),
        (turn(FeedHealth.BROKEN, FeedHealth.QUIET, "no day"),
         "Harbour Post is quieter than usual: nothing new since 2 October 2026."),
    ],
)  # fmt: skip
def test_a_turn_of_health_is_one_sentence(change: HealthChange, sentence: str) -> None:
    told = compose(material(coverage=replace(FULL_COVERAGE, quiet=2, changes=(change,)))).coverage
    assert sentence in told
    assert "2 sources are quieter than usual." in told


def test_many_turns_of_health_are_counted() -> None:
    changes = tuple(turn(FeedHealth.OK, FeedHealth.BROKEN, "dns", f"Paper {number}") for number in range(40))
    told = compose(material(coverage=replace(FULL_COVERAGE, changes=changes))).coverage
    assert "The state of 25 more sources has changed." in told
    assert sum("cannot be read" in sentence for sentence in told) == 15
