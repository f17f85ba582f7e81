from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.attribution import attribution
from monitor.domain.independence import independent_reports, is_official, report_origin, standing
from monitor.domain.model.events import EventKind, EventOrigin, EventStatus, KnownEvent, Role
from monitor.domain.model.reports import ReportOrigin
from monitor.domain.publishers import domain_of, house_of
from tests.domain import invented

LONG = (
    "The council spoke for two hours about schools, bridges, the harbour and the fair, and voted after midnight. " * 8
)


def origin(article_id: int, publisher: str = "", **more: object) -> ReportOrigin:
    return ReportOrigin(article_id, more.pop("role", Role.REPORT), publisher or f"paper{article_id}.example", **more)  # type: ignore[arg-type]


def voices(*reports: ReportOrigin) -> list[tuple[int, ...]]:
    return [group.article_ids for group in independent_reports(reports)]


def read(text: str, url: str = "https://paper.example/1", author: str | None = None) -> ReportOrigin:
    return report_origin(1, Role.REPORT, url, text, author=author)


# ---------------------------------------------------------------- credits


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("MILLPORT, March 3 (Xinhua) -- The mayors met. " + LONG, "xinhua"),
        ("新华社昆明3月3日电（记者 某某）两市市长会面。" + "市民参观了花园。" * 60, "xinhua"),
        ("中新网昆明3月3日电 (记者 某某) 两市会面。" + "市民参观了花园。" * 60, "cns"),
        ("Les maires se sont vus. " + LONG + "\n\n(avec AFP)", "afp"),
        ("Millport (dpa/lsw) - Die Bürgermeister trafen sich. " + LONG, "dpa"),
        ("Hai thị trưởng gặp nhau. " + LONG + "\n\nNguồn: TTXVN", "vna"),
        ("Hà Nội (TTXVN/Vietnam+) - Hai thị trưởng gặp nhau. " + LONG, "vna"),
        ("МОСКВА, 3 марта. /ТАСС/. Мэры встретились. " + LONG, "tass"),
        ("(서울=연합뉴스) 두 시장이 만났다. " + LONG, "yonhap"),
        ("【共同】両市の市長が会談した。" + "公園を見た。" * 80, "kyodo"),
        ("The mayors met. " + LONG + "\n\nReuters", "reuters"),
    ],
)
def test_a_credit_names_the_agency(text: str, agency: str) -> None:
    assert attribution(text).agency == agency


@pytest.mark.parametrize(
    "text",
    [
        "The mayor told Reuters and other news people that evening how glad she was to be back in the old town. "
        + LONG,
        LONG + "A reporter of the Xinhua office asked about trams, and the mayor answered that they will come. " + LONG,
        "Les élus de la ville ont reçu la carte (MAP) avec les rues et les places que le maire a fait dessiner. "
        + LONG,
    ],
)
def test_an_agency_that_is_only_spoken_of_is_no_credit(text: str) -> None:
    assert attribution(text).agency is None


def test_an_author_can_be_the_agency() -> None:
    assert attribution(LONG, "AFP, correspondant").agency == "afp"


def test_the_site_of_an_agency_is_the_agency_whatever_its_text_says() -> None:
    assert read(LONG, "https://english.news.cn/20260303/x.html").agency == "xinhua"


@pytest.mark.parametrize("mark", ["In a press release, the town said", "Selon un communiqué de presse", "據新聞稿"])
def test_a_press_release_is_told_by_its_name(mark: str) -> None:
    assert attribution(f"{mark}: {LONG}").is_release


def test_a_joint_communique_is_a_paper_and_no_press_release() -> None:
    assert not attribution("Les maires ont signé un communiqué conjoint. " + LONG).is_release


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://fr.news.city.example/a", "city.example"),
        ("https://www.town.gov.uk/b", "town.gov.uk"),
        ("https://sub.paper.com.cn/c", "paper.com.cn"),
        ("seed:lakeside", None),
    ],
)
def test_a_publisher_is_told_by_the_name_it_registered(url: str, domain: str | None) -> None:
    assert domain_of(url) == domain


def test_titles_of_one_house_are_one_publisher() -> None:
    assert house_of("vosgesmatin.fr") == house_of("estrepublicain.fr") != house_of("lamontagne.fr")


# ---------------------------------------------------------------- voices


def test_two_papers_with_texts_of_their_own_are_two_reports() -> None:
    assert voices(origin(1), origin(2)) == [(1,), (2,)]


def test_copies_of_one_text_are_one_report_even_copies_of_copies() -> None:
    assert voices(origin(1), origin(2, copy_of_id=1), origin(3, copy_of_id=2)) == [(1, 2, 3)]


def test_copies_of_a_text_that_is_not_among_them_are_one_report() -> None:
    assert voices(origin(5, copy_of_id=2), origin(6, copy_of_id=2), origin(7)) == [(5, 6), (7,)]


def test_texts_that_credit_one_agency_are_one_report_however_they_were_cut() -> None:
    assert voices(origin(1, agency="afp"), origin(2), origin(3, agency="afp"), origin(4, agency="dpa")) == [
        (1, 3),
        (2,),
        (4,),
    ]


def test_a_copy_without_the_credit_is_still_the_agencys() -> None:
    assert voices(origin(1), origin(2, copy_of_id=1, agency="afp"), origin(3, agency="afp")) == [(1, 2, 3)]


def test_a_house_that_prints_an_agency_and_writes_itself_is_two_voices() -> None:
    own, printed = origin(1, "paper.example"), origin(2, "paper.example", agency="afp")
    assert voices(own, printed, origin(3, agency="afp")) == [(1,), (2, 3)]


def test_texts_on_one_press_release_are_one_report() -> None:
    assert voices(origin(1, is_release=True), origin(2, is_release=True), origin(3)) == [(1, 2), (3,)]


def test_titles_of_one_house_are_one_report() -> None:
    assert voices(origin(1, "house"), origin(2, "house"), origin(3)) == [(1, 2), (3,)]


def test_what_only_announces_the_event_attests_nothing() -> None:
    assert voices(origin(1), origin(2, role=Role.ANNOUNCES)) == [(1,)]


REPORTS = st.lists(
    st.builds(
        origin,
        article_id=st.integers(1, 30),
        publisher=st.sampled_from(["a.example", "b.example", "c.example"]),
        agency=st.none() | st.sampled_from(["afp", "xinhua"]),
        is_release=st.booleans(),
        copy_of_id=st.none() | st.integers(1, 30),
    ),
    max_size=12,
    unique_by=lambda one: one.article_id,
)


@given(REPORTS, st.randoms())
def test_every_report_has_one_voice_whatever_the_order(reports: list[ReportOrigin], random: object) -> None:
    # A text is older than its copies.
    reports = [one if (one.copy_of_id or 0) < one.article_id else replace(one, copy_of_id=None) for one in reports]
    groups = independent_reports(reports)
    assert sorted(one for group in groups for one in group.article_ids) == sorted(one.article_id for one in reports)
    assert len({group.voice for group in groups}) == len(groups)
    shuffled = list(reports)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert independent_reports(shuffled) == groups


# ---------------------------------------------------------------- is the end believed?

ENDED = KnownEvent(
    id="ev_end",
    kinds=(EventKind.AGREEMENT_ENDED,),
    participants=frozenset({"nancy", "kunming"}),
    host_id=None,
    when=None,
    status=EventStatus.HAPPENED,
    ordinal=None,
    series_key=None,
    origin=EventOrigin.NEWS,
    title="An end",
)


def believed(*reports: ReportOrigin, event: KnownEvent = ENDED) -> bool:
    return standing(event, reports, invented.lookup).is_confirmed


def test_one_report_of_an_end_is_not_believed_and_its_copies_do_not_help() -> None:
    assert not believed(origin(1))
    assert not believed(origin(1, agency="afp"), origin(2, agency="afp"), origin(3, copy_of_id=1))


def test_two_independent_reports_of_an_end_are_believed() -> None:
    assert believed(origin(1), origin(2))


def test_a_threat_needs_the_same() -> None:
    threat = replace(ENDED, kinds=(EventKind.STATEMENT,), status=EventStatus.THREATENED)
    assert not believed(origin(1), event=threat)
    assert believed(origin(1), origin(2), event=threat)


@pytest.mark.parametrize("place_id", ["nancy", "lorraine", "university-of-lorraine", "country-cn", None])
def test_the_word_of_a_participant_is_enough_even_where_it_is_a_copy(place_id: str | None) -> None:
    assert believed(origin(1), origin(2, copy_of_id=1, trust=2, place_id=place_id))


@pytest.mark.parametrize("place_id", ["lyon", "hanoi", "country-vn", "wuhan-university"])
def test_the_word_of_another_town_is_one_report(place_id: str) -> None:
    official = origin(1, trust=2, place_id=place_id)
    assert not is_official(official, ENDED.participants, invented.lookup)
    assert not believed(official)


def test_a_local_paper_is_not_the_town() -> None:
    assert not believed(origin(1, trust=1, place_id="nancy"))


@pytest.mark.parametrize("event_origin", [EventOrigin.SEED, EventOrigin.HAND])
def test_what_a_person_told_needs_no_confirmation(event_origin: EventOrigin) -> None:
    assert believed(event=replace(ENDED, origin=event_origin))


def test_other_events_are_believed_at_once() -> None:
    visit = replace(ENDED, kinds=(EventKind.DELEGATION_VISIT,))
    assert not standing(visit, [origin(1)], invented.lookup).needs_confirmation
    assert believed(origin(1), event=visit)


def test_a_standing_counts_reports_and_copies() -> None:
    found = standing(ENDED, [origin(1), origin(2, copy_of_id=1), origin(3), origin(4, copy_of_id=1)], invented.lookup)
    assert (found.independent, found.copies) == (2, 2)
