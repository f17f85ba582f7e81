"""Events: the list and its search, one event, saved searches with their feeds."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from lxml import etree
from lxml.html import HtmlElement

from monitor.bootstrap import App
from monitor.domain.model.accounts import Role
from monitor.domain.model.articles import Span, StageRecord
from monitor.domain.model.events import DateRange, EventStatus, Happening
from monitor.domain.model.sources import Rights
from monitor.settings import SmtpSettings
from monitor.web import app as web_app
from monitor.web.events import pieces
from tests.storage.samples import add_source, article, copy_of, happening, joining, opening, source, store
from tests.web.conftest import Browser, browser, site_with
from tests.web.signing_in import Town

ATOM = {"a": "http://www.w3.org/2005/Atom"}
EVIDENCE = "The mayors of Nancy and Kunming met on 12 May 2026."


def between(day: str | None, **fields: Any) -> Happening:
    """A signing by Nancy and Kunming in Nancy."""
    when = DateRange(date.fromisoformat(day), date.fromisoformat(day)) if day else None
    said = {"participants": frozenset({"nancy", "kunming"}), "host_id": "nancy", "countries": frozenset({"FR", "CN"})}
    return happening(when=when, **(said | fields))


def tell(app: App, name: str, day: str | None = "2026-05-12", title: str = "", text: str = "", **fields: Any) -> str:
    """Open an event by an article; its id."""
    record = (StageRecord("facts", "signing", spans=(Span(0, len(EVIDENCE), EVIDENCE),)),)
    told = article(title or f"Signing {name}", text or f"{EVIDENCE} Text of {name}.")
    events = [opening(between(day, **fields))]
    return store(app.database, told, f"https://a.example/{name}", events, mentions=(), record=record).event_ids[0]


@pytest.fixture
def archive(assembled: App) -> App:
    add_source(assembled.database, source("harbour-post", rights=Rights.QUOTE))
    return assembled


@pytest.fixture
def here(archive: App) -> Browser:
    return browser(web_app.create(site_with(archive)))


def headlines(tree: HtmlElement) -> list[str]:
    return [str(one) for one in tree.xpath("//h2[@class='headline']/a/@href")]


# ---------------------------------------------------------------- the list


def test_an_empty_archive_says_when_something_will_stand_here(here: Browser) -> None:
    assert "Nothing was found yet" in here.get("/events").text_content()


def test_events_are_listed_newest_first_a_page_at_a_time(here: Browser, archive: App) -> None:
    ids = [tell(archive, f"e{number:02}", f"2026-05-{number + 1:02}") for number in range(28)]
    first = here.get("/events")
    assert "28 events" in first.xpath("//p[@role='status']")[0].text_content()
    assert headlines(first) == [f"/events/{one}" for one in ids[:2:-1]]
    [further] = first.xpath("//a[@rel='next']/@href")
    second = here.get(further)
    assert headlines(second) == [f"/events/{one}" for one in ids[2::-1]]
    assert not second.xpath("//a[@rel='next']")


def test_words_are_found_in_any_script_without_accents_and_marked(here: Browser, archive: App) -> None:
    tell(archive, "a", title="Un jumelage à Đà Nẵng")
    han = tell(archive, "b", title="河内市长访问", text="河内与昆明缔结友好城市关系。")
    for words, marks in (
        ("da nang", ["Đà", "Nẵng"]),
        ("jumel*", ["jumel"]),
        ("河内", ["河内"]),
        ('"友好城市"', ["友好城市"]),
    ):
        tree = here.get(f"/events?q={quote(words)}")
        assert [one for one in tree.xpath("//mark/text()") if one in marks], words
        assert len(headlines(tree)) == 1, words
    assert headlines(here.get(f"/events?q={quote('河内')}")) == [f"/events/{han}"]


def test_hits_of_no_event_stand_below(here: Browser, archive: App) -> None:
    store(archive.database, article("A regatta", "Nothing but boats."), "https://a.example/x", mentions=())
    tree = here.get("/events?q=regatta")
    assert "No event has all these words" in tree.text_content()
    assert tree.xpath("//section[@aria-labelledby='loose']//mark/text()") == ["regatta"]


def test_a_facet_narrows_and_is_taken_away_again(here: Browser, archive: App) -> None:
    tell(archive, "a")
    postponed = tell(archive, "b", status=EventStatus.POSTPONED)
    everything = here.get("/events?q=signing")
    [path] = everything.xpath("//aside//a[text()='postponed']/@href")
    narrowed = here.get(path)
    assert headlines(narrowed) == [f"/events/{postponed}"]
    assert narrowed.xpath("//input[@name='q' and @id='words']/@value") == ["signing"]
    [back] = narrowed.xpath("//aside//strong[text()='postponed']/following-sibling::a/@href")
    assert len(headlines(here.get(back))) == 2


def test_a_place_is_offered_for_its_name_in_any_language(here: Browser, archive: App) -> None:
    event = tell(archive, "a", title="Nothing of the name")
    [path] = here.get(f"/events?q={quote('昆明')}").xpath("//a[@class='tag']/@href")
    assert headlines(here.get(path)) == [f"/events/{event}"]


def test_a_reader_sees_no_more_of_a_hit_than_its_source_allows(archive: App) -> None:
    add_source(archive.database, source("harbour-post", rights=Rights.LINK))
    tell(archive, "a", title="Title", text="The secret regatta.")
    town = Town(archive)
    town.add("ann"), town.add("bo", Role.READER), town.add("cy", Role.REVIEWER)
    assert "secret" not in town.signed_in("bo").get("/events?q=regatta").text_content()
    assert "secret" in town.signed_in("cy").get("/events?q=regatta").text_content()


ODD = st.text(alphabet=st.sampled_from(list("\"'*()&|<>\\ANDOR 河%_^~{}[];-.0123456789nae")), max_size=60)
FIELDS = ("q", "partnership", "place", "country", "kind", "language", "source", "since", "until", "status", "novelty")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.dictionaries(st.sampled_from((*FIELDS, "after", "below", "limit", "page")), ODD, max_size=5))
def test_whatever_stands_in_the_address_there_is_a_page(here: Browser, fields: dict[str, str]) -> None:
    here.get(f"/events?{urlencode(fields)}")


def test_deep_and_odd_paging_is_answered(here: Browser, archive: App) -> None:
    tell(archive, "a")
    for below in ("-1", "0", "nan", "1e9", "9" * 30, "999999999999999999", "٣"):
        for after in ("", "2026-13-99.x", "9999-12-31.ev_x", "0001-01-01.ev_x", "2026-01-01." + "x" * 5_000):
            here.get(f"/events?{urlencode({'q': 'signing', 'below': below, 'after': after})}")


def test_a_huge_query_is_answered(here: Browser) -> None:
    here.get("/events?q=" + "x%20" * 2_500)


def test_what_is_searched_for_is_shown_as_text_only(here: Browser, archive: App) -> None:
    attack = '"><script>alert(1)</script>'
    tell(archive, "a", title=f"regatta {attack}", text=f"regatta {attack}")
    for path in (f"/events?q={quote(attack)}", "/events?q=regatta"):
        tree = here.get(path)
        assert [one.text for one in tree.xpath("//script")] == [None]


def test_marks_without_partner_are_no_hits() -> None:
    assert "".join(text for text, _ in pieces("a\u2069b\u2068c")) == "abc"
    assert list(pieces("x\u2068y\u2069z")) == [("x", False), ("y", True), ("z", False)]


# ---------------------------------------------------------------- one event


def test_the_page_of_an_event_tells_what_when_where_who_and_from_whom(here: Browser, archive: App) -> None:
    event = tell(archive, "a")
    first = archive.database.archive.event(event).event.article_ids[0]
    joined = joining(event, happening=between("2026-05-12"))
    reprint = article("Nachdruck", language="de")
    store(archive.database, reprint, "https://b.example/2", [joined], mentions=(), copy_of=copy_of(first))
    earlier = tell(archive, "c", "2025-05-12")
    tree = here.get(f"/events/{event}")
    text = " ".join(tree.text_content().split())
    assert tree.xpath("//h1/text()") == ["Signing: Nancy–Kunming, 12 May 2026"]
    assert {"Nancy", "Kunming"} <= set(tree.xpath("//dd/a/text()"))
    assert EVIDENCE in tree.xpath("//blockquote//p[@lang='en']/text()")
    assert "1 independent report" in text
    assert "1 copy of them" in text
    assert "no known event is like it" in text
    assert "First heard of" in text
    assert f"/events/{earlier}" in tree.xpath("//section[@aria-labelledby='story']//a/@href")
    assert tree.xpath("//a[@lang='de']/text()") == ["Nachdruck"]


def test_evidence_is_quoted_as_far_as_the_source_allows(archive: App) -> None:
    add_source(archive.database, source("harbour-post", rights=Rights.LINK))
    event = tell(archive, "a")
    town = Town(archive)
    town.add("ann"), town.add("bo", Role.READER)
    assert not town.signed_in("bo").get(f"/events/{event}").xpath("//blockquote")
    assert town.signed_in("ann").get(f"/events/{event}").xpath("//blockquote")
    assert not town.signed_in("bo").get(f"/events/{event}").xpath(f"//a[@href='/review/events/{event}']")


def test_a_merged_event_leads_to_where_it_went(here: Browser, archive: App) -> None:
    kept, gone = tell(archive, "a"), tell(archive, "b")
    with archive.database.writing() as connection:
        connection.exec_driver_sql("UPDATE event SET merged_into = ? WHERE id = ?", (kept, gone))
    for suffix in ("", ".ics"):
        answer = here.client.get(f"/events/{gone}{suffix}")
        assert (answer.status_code, answer.headers["location"]) == (301, f"/events/{kept}{suffix}")


@pytest.mark.parametrize("path", ["/events/none", "/events/none.ics", "/events/" + "x" * 3_000, "/events/%00"])
def test_an_event_that_is_not_there_is_not_found(here: Browser, path: str) -> None:
    assert here.client.get(path).status_code == 404


def test_an_event_goes_into_a_calendar(here: Browser, archive: App) -> None:
    event, undated = tell(archive, "a"), tell(archive, "b", None)
    answer = here.client.get(f"/events/{event}.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    [entry] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (entry["UID"], entry.decoded("DTSTART")) == (f"{event}@sister-city-monitor", date(2026, 5, 12))
    assert here.client.get(f"/events/{undated}.ics").status_code == 404
    assert here.get(f"/events/{undated}").xpath("//dd[text()='not stated']")


# ---------------------------------------------------------------- saved searches


def saved(here: Browser, **fields: str) -> tuple[str, str]:
    """Paths of the feed and the calendar of a new search."""
    here.get("/events")
    answer = here.client.post("/searches", data={"csrf": here.token, "name": "Signings", **fields})
    assert answer.status_code == 200, answer.text
    tree = etree.HTML(answer.text)
    found = [one.removeprefix("http://localhost") for one in tree.xpath("//code/text()")]
    return found[0], found[1]


def test_a_saved_search_has_a_feed_of_its_own_that_needs_no_sign_in(here: Browser, archive: App) -> None:
    event = tell(archive, "a", title="A <b>regatta</b> & more")
    tell(archive, "b", title="Something else", text="else")
    path, _ = saved(here, q="regatta")
    answer = here.client.get(path)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(answer.content)
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    assert feed.xpath("a:title/text()", namespaces=ATOM) == ["Signings"]
    [entry] = feed.xpath("a:entry", namespaces=ATOM)
    assert entry.xpath("a:title/text()", namespaces=ATOM) == ["Signing: Nancy–Kunming, 12 May 2026"]
    assert entry.xpath("a:link/@href", namespaces=ATOM) == [f"http://localhost/events/{event}"]
    assert here.client.get(path).content == answer.content
    ids = feed.xpath("//a:id/text()", namespaces=ATOM)
    assert len(set(ids)) == 2
    assert all(one.startswith("urn:uuid:") for one in ids)


def test_a_saved_search_has_a_calendar(here: Browser, archive: App) -> None:
    event = tell(archive, "a")
    tell(archive, "b", None)
    _, path = saved(here, place="nancy")
    answer = here.client.get(path)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert [str(one["UID"]).partition("@")[0] for one in Calendar.from_ical(answer.content).walk("VEVENT")] == [event]


def test_a_secret_works_until_it_is_renewed_or_revoked(here: Browser, archive: App) -> None:
    path, calendar = saved(here, q="regatta")
    [kept] = archive.database.saved_searches.of("local")
    assert path.removeprefix("/feeds/").removesuffix(".atom") not in kept.data.token_sha
    answer = here.client.post(f"/searches/{kept.id}/renew", data={"csrf": here.token})
    anew = etree.HTML(answer.text).xpath("//code/text()")[0].removeprefix("http://localhost")
    assert [here.client.get(one).status_code for one in (path, calendar, anew)] == [404, 404, 200]
    assert here.post(f"/searches/{kept.id}/revoke") == "/searches?done=revoked"
    assert here.client.get(anew).status_code == 404
    assert "Its feeds are locked" in here.get("/searches?done=revoked").text_content()
    assert here.post(f"/searches/{kept.id}/remove") == "/searches?done=removed"
    assert archive.database.saved_searches.of("local") == ()


@pytest.mark.parametrize("secret", ["x", "x" * 43, "../login", "%00", "x" * 5_000])
def test_a_guessed_secret_is_not_found(here: Browser, secret: str) -> None:
    assert here.client.get(f"/feeds/{secret}.atom").status_code == 404


def test_a_search_needs_a_name_and_a_wish_and_one_name_is_given_once(here: Browser) -> None:
    here.get("/events")
    for fields in ({"name": " ", "q": "regatta"}, {"name": "All"}):
        assert here.client.post("/searches", data={"csrf": here.token, **fields}).status_code == 422
    saved(here, q="regatta")
    answer = here.client.post("/searches", data={"csrf": here.token, "name": "Signings", "q": "x"})
    assert answer.status_code == 422
    assert "already" in answer.text


def test_searches_are_their_owners_and_end_with_the_account(archive: App) -> None:
    town = Town(archive)
    town.add("ann"), town.add("zoe")
    bo = town.add("bo", Role.READER)
    path, _ = saved(town.signed_in("bo"), q="regatta")
    [kept] = archive.database.saved_searches.of("bo")
    ann = town.signed_in("ann")
    assert "Signings" not in ann.get("/searches").text_content()
    assert ann.client.post(f"/searches/{kept.id}/remove", data={"csrf": ann.token}).status_code == 404
    stranger = town.stranger()
    assert stranger.client.get(path).status_code in (200, 404)
    archive.database.accounts.remove(bo.id)
    assert stranger.client.get(path).status_code == 404


def test_a_digest_of_a_search_is_sent_where_there_is_email(archive: App) -> None:
    archive.configuration.settings.__dict__["smtp"] = SmtpSettings(host="mail.example", sender="monitor@town.example")
    here = browser(web_app.create(site_with(archive)))
    saved(here, place="nancy", kind="agreements")
    [kept] = archive.database.saved_searches.of("local")
    here.get("/searches")
    refused = here.client.post(
        f"/searches/{kept.id}/subscribe", data={"csrf": here.token, "recipient": "nobody", "schedule": "daily"}
    )
    assert refused.status_code == 422
    assert (
        here.post(f"/searches/{kept.id}/subscribe", recipient="ann@town.example", schedule="daily")
        == "/searches?done=subscribed"
    )
    archive.apply_declared()
    [(_, subscription)] = archive.database.archive.subscriptions()
    assert (subscription.paused, subscription.recipients) == (False, ("ann@town.example",))
    assert subscription.watches[0].places == {"nancy"}
    assert here.post(f"/searches/{kept.id}/unsubscribe") == "/searches?done=unsubscribed"
    assert archive.database.archive.subscriptions()[0][1].paused
