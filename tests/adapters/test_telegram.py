"""Previews of invented channels, in Telegram's markup, read by real children and fetched from a local server."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from monitor.adapters.feeds import SandboxParser
from monitor.adapters.http import HttpFetcher, HttpLimits
from monitor.adapters.sandbox import ProcessSandbox, SandboxLimits
from monitor.domain.model.sources import FeedForPoll, FeedKind, ParsedFeed, ParseFailed, Validators
from monitor.domain.outcomes import Outcome
from monitor.pipeline.discover import discover
from monitor.pipeline.gather import Gathered, Gathering, gather
from monitor.pipeline.poll import Polling
from monitor.ports import Fetched
from tests.adapters.hostile import Handler, Hostile, answer, serving
from tests.pipeline.fakes import FakeFeeds, FakeFetcher, poll_feed

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
URL = "https://t.me/s/brevenne_city"


@pytest.fixture(scope="module")
def parser() -> Iterator[SandboxParser]:
    box = ProcessSandbox(SandboxLimits(children=1), warm=("parse-telegram",))
    yield SandboxParser(box)
    box.close()


def message(number: int, text: str = "", more: str = "", when: str = "2026-08-22T09:30:00+00:00") -> str:
    said = f'<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>' if text else ""
    return f"""
    <div class="tgme_widget_message_wrap js-widget_message_wrap">
     <div class="tgme_widget_message text_not_supported_wrap js-widget_message" data-post="brevenne_city/{number}">
      <div class="tgme_widget_message_user"><a href="https://t.me/brevenne_city"><i></i></a></div>
      <div class="tgme_widget_message_bubble">
       <div class="tgme_widget_message_author accent_color"><a class="tgme_widget_message_owner_name"
        href="https://t.me/brevenne_city"><span dir="auto">Stadt Brevenne</span></a></div>
       {more}{said}
       <div class="tgme_widget_message_footer compact js-message_footer">
        <div class="tgme_widget_message_info short js-message_info">
         <span class="tgme_widget_message_views">1.2K</span>
         <span class="tgme_widget_message_meta"><a class="tgme_widget_message_date"
          href="https://t.me/brevenne_city/{number}"><time datetime="{when}" class="time">09:30</time></a></span>
        </div></div></div></div></div>"""


def channel(*messages: str, older: int | None = None) -> str:
    link = f'href="/s/brevenne_city?before={older}" data-before="{older}"'
    more = f'<a class="tme_messages_more js-messages_more" {link}></a>'
    return f"""<!DOCTYPE html><html><head><title>Stadt Brevenne – Telegram</title></head><body>
    <header><div class="tgme_channel_info"><div class="tgme_channel_info_header">
     <div class="tgme_channel_info_header_title"><span dir="auto">Stadt Brevenne</span></div>
     <div class="tgme_channel_info_header_username"><a href="https://t.me/brevenne_city">@brevenne_city</a></div>
    </div></div></header>
    <section class="tgme_channel_history js-message_history">{more if older else ""}{"".join(messages)}</section>
    </body></html>"""


LANDING = """<!DOCTYPE html><html><body><div class="tgme_page_wrap"><div class="tgme_body_wrap"><div class="tgme_page">
  <div class="tgme_page_title"><span dir="auto">Brevenne intern</span></div>{extra}
  <div class="tgme_page_action"><a class="tgme_action_button_new" href="tg://resolve?domain=brevenne">View</a></div>
</div></div></div></body></html>"""


def fetched(body: str, url: str = URL) -> Fetched:
    data = body.encode()
    return Fetched(url, url, None, 200, "text/html; charset=utf-8", data, hashlib.sha256(data).hexdigest(),
                   Validators(), None, NOW)  # fmt: skip


def read(parser: SandboxParser, body: str) -> ParsedFeed:
    result = parser.parse(fetched(body), FeedKind.TELEGRAM, NOW)
    assert isinstance(result, ParsedFeed), result
    return result


def refused(parser: SandboxParser, body: str) -> ParseFailed:
    result = parser.parse(fetched(body), FeedKind.TELEGRAM, NOW)
    assert isinstance(result, ParseFailed), result
    return result


# ---------------------------------------------------------------- messages


def test_a_message_becomes_an_entry_with_its_whole_text(parser: SandboxParser) -> None:
    text = (
        '<i class="emoji" style="background-image:url(x)"><b>🤝</b></i> Brevenne und Sanhe <b>erneuern</b> ihre Charta'
        "<br/><br/>Die Urkunde wurde am Samstag unterschrieben.<br/>Mehr im Rathaus."
    )
    feed = read(parser, channel(message(118, text)))
    assert (feed.kind, feed.title, feed.notes) == (FeedKind.TELEGRAM, "Stadt Brevenne", ())
    (entry,) = feed.entries
    assert (entry.guid, entry.url) == ("telegram:brevenne_city/118", "https://t.me/brevenne_city/118")
    assert entry.title == "Brevenne und Sanhe erneuern ihre Charta"
    assert entry.content == (
        "🤝 Brevenne und Sanhe erneuern ihre Charta\nDie Urkunde wurde am Samstag unterschrieben.\nMehr im Rathaus."
    )
    assert entry.published_at == datetime(2026, 8, 22, 9, 30, tzinfo=UTC)
    assert entry.author == "Stadt Brevenne"


def test_counting_views_changes_no_entry(parser: SandboxParser) -> None:
    page = channel(message(118, "Charta erneuert"))
    (before,), (after,) = read(parser, page).entries, read(parser, page.replace("1.2K", "7.9K")).entries
    assert before == after


def test_a_teaser_leads_to_its_article_under_the_key_of_the_message(parser: SandboxParser) -> None:
    link = "https://gazette.example/2026/charta?utm_source=telegram"
    preview = (
        f'<a class="tgme_widget_message_link_preview" href="{link}"><div class="link_preview_site_name">Gazette</div>'
        '<div class="link_preview_title" dir="auto">Charta unterschrieben</div></a>'
    )
    teaser = message(119, f'Heute unterschrieben. <a href="{link}" target="_blank">{link}</a>', preview)
    plain = message(119, "Heute unterschrieben.")
    (entry,), (same,) = read(parser, channel(teaser)).entries, read(parser, channel(plain)).entries
    assert (entry.url, entry.content) == ("https://gazette.example/2026/charta", "")
    assert (entry.title, entry.summary) == ("Heute unterschrieben.", "Heute unterschrieben.")
    assert entry.key == same.key, "the message is known again whatever link is put into it"
    assert same.url == "https://t.me/brevenne_city/119"


def test_two_messages_about_one_article_are_two_entries(parser: SandboxParser) -> None:
    link = '<a href="https://gazette.example/2026/charta">hier</a>'
    feed = read(parser, channel(message(1, f"Am Morgen {link}"), message(2, f"Am Abend {link}")))
    assert len({entry.key for entry in feed.entries}) == 2
    assert feed.notes == ()


def test_a_message_that_tells_all_keeps_its_text_and_names_what_it_refers_to(parser: SandboxParser) -> None:
    preview = (
        '<a class="tgme_widget_message_link_preview" href="https://gazette.example/2026/charta">'
        '<div class="link_preview_title">Charta unterschrieben</div></a>'
    )
    (entry,) = read(parser, channel(message(120, "Die ganze Geschichte. " * 40, preview))).entries
    assert entry.url == "https://t.me/brevenne_city/120"
    assert entry.content.startswith("Die ganze Geschichte.")
    assert entry.summary == "Charta unterschrieben\nhttps://gazette.example/2026/charta"


def test_forwarded_replied_and_nested_texts(parser: SandboxParser) -> None:
    forwarded = (
        '<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from '
        '<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/sanhe_news/9"><span>Sanhe News</span>'
        "</a></div>"
    )
    reply = (
        '<a class="tgme_widget_message_reply" href="https://t.me/brevenne_city/3">'
        '<div class="tgme_widget_message_author"><span>Stadt</span></div>'
        '<div class="tgme_widget_message_text js-message_reply_text">Die alte Frage</div></a>'
    )
    nested = '<div class="tgme_widget_message_text js-message_text">Ein langer Text<br/>in zweien</div>'
    feed = read(
        parser,
        channel(
            message(121, "Besuch aus Sanhe", forwarded), message(122, "Die neue Antwort", reply), message(123, nested)
        ),
    )
    assert [entry.author for entry in feed.entries] == ["Sanhe News", "Stadt Brevenne", "Stadt Brevenne"]
    assert feed.entries[1].content == "Die neue Antwort"
    assert feed.entries[2].content == "Ein langer Text\nin zweien"


def test_messages_without_words_and_service_notes_are_left_out(parser: SandboxParser) -> None:
    photo = '<a class="tgme_widget_message_photo_wrap" href="https://t.me/brevenne_city/124"></a>'
    service = message(1, "Stadt Brevenne pinned a message").replace(
        "tgme_widget_message text", "tgme_widget_message service_message text"
    )
    question = '<div class="tgme_widget_message_poll_question">Wer fährt mit?</div>'
    poll = f'<div class="tgme_widget_message_poll">{question}</div>'
    document = '<div class="tgme_widget_message_document_title" dir="auto">Charta 2026.pdf</div>'
    film = '<time class="message_video_duration">1:05</time>'
    feed = read(
        parser, channel(service, message(124, more=photo), message(125, more=film + poll), message(126, more=document))
    )
    assert [entry.title for entry in feed.entries] == ["Wer fährt mit?", "Charta 2026.pdf"]
    assert all(entry.published_at is not None for entry in feed.entries)


def test_a_channel_without_messages_is_empty_and_fine(parser: SandboxParser) -> None:
    assert read(parser, channel()).entries == ()


def test_hostile_markup_is_text(parser: SandboxParser) -> None:
    (entry,) = read(
        parser, channel(message(7, "&lt;script&gt;alert(1)&lt;/script&gt; <script>x()</script>Feier"))
    ).entries
    assert entry.content == "<script>alert(1)</script> Feier"
    odd = message(8, "Feier").replace('data-post="brevenne_city/8"', 'data-post="../../etc/8"')
    assert read(parser, channel(odd)).entries == ()


# ---------------------------------------------------------------- no channel


@pytest.mark.parametrize(
    ("extra", "outcome", "word"),
    [
        ('<div class="tgme_page_extra">12 345 subscribers</div>', Outcome.LOGIN_WALL, "within Telegram"),
        ('<div class="tgme_page_extra">87 members, 3 online</div>', Outcome.LOGIN_WALL, "within Telegram"),
        ('<div class="tgme_page_extra">@brevenne_2</div>', Outcome.NOT_A_FEED, "no public channel"),
        ('<div class="tgme_page_description">you can contact @brevenne</div>', Outcome.NOT_A_FEED, "no public channel"),
    ],
)
def test_a_landing_page_says_why_there_are_no_messages(
    parser: SandboxParser, extra: str, outcome: Outcome, word: str
) -> None:
    result = refused(parser, LANDING.format(extra=extra))
    assert result.outcome is outcome
    assert word in result.detail


def test_another_page_is_no_channel(parser: SandboxParser) -> None:
    assert refused(parser, "<html><body><p>Hello</p></body></html>").outcome is Outcome.NOT_A_FEED
    assert refused(parser, "").outcome is Outcome.NOT_A_FEED


# ---------------------------------------------------------------- over the wire


def _feed(server: Hostile, **more: object) -> FeedForPoll:
    values: dict[str, object] = {
        "id": 1, "url": f"{server.url}/brevenne_city", "kind": FeedKind.TELEGRAM, "found_kind": None,
        "link_selector": None, "link_pattern": None, "interval_min": 60, "validators": Validators(), "body_sha": None,
        "baseline_done": False, "failures": 0, "failing_since": None, "last_full_at": None, "source_key": "brevenne",
        "source_name": "Brevenne", "source_language": "de", "source_country": "DE",
    }  # fmt: skip
    return FeedForPoll(**(values | more))  # type: ignore[arg-type]


def _pages(pages: dict[str, str]) -> Handler:
    def handle(connection: object, request: str) -> None:
        path = request.split(" ")[1]
        found = (
            answer(pages[path].encode(), "200 OK", "Content-Type: text/html; charset=utf-8") if path in pages else None
        )
        connection.sendall(found or answer(b"", "404 Not Found"))  # type: ignore[attr-defined]

    return handle


def _fetcher(server: Hostile) -> HttpFetcher:
    limits = HttpLimits(total_s=5.0, host_gap_s=0.0, allowed_addresses=server.allowed)
    return HttpFetcher(limits, clock=lambda: NOW, resolver=lambda host, port: [])


def test_the_preview_is_asked_and_its_older_pages_are_walked(parser: SandboxParser) -> None:
    pages = {
        "/s/brevenne_city": channel(message(41, "Einundvierzig"), message(42, "Zweiundvierzig"), older=41),
        "/s/brevenne_city?before=41": channel(message(21, "Einundzwanzig"), message(22, "Zweiundzwanzig"), older=21),
        "/s/brevenne_city?before=21": channel(message(1, "Der Anfang")),
    }
    with serving(_pages(pages), address="127.0.41.1") as server:
        fetcher = _fetcher(server)
        feeds = FakeFeeds(_feed(server, max_pages=2))
        report = poll_feed(1, NOW, Polling(fetcher, parser, feeds))  # type: ignore[arg-type]
    assert report is not None
    assert (report.outcome, report.new) == (Outcome.OK, 4), report.detail
    (intent,) = feeds.intents
    assert intent.found_kind is FeedKind.TELEGRAM
    assert {one.guid for one in intent.new_entries} == {f"telegram:brevenne_city/{n}" for n in (21, 22, 41, 42)}
    assert [request.split(" ")[1] for request in server.requests] == ["/s/brevenne_city", "/s/brevenne_city?before=41"]


def test_a_channel_that_wrote_more_than_a_page_is_read_back_to_where_it_was(parser: SandboxParser) -> None:
    pages = {
        "/s/brevenne_city": channel(message(41, "Einundvierzig"), older=41),
        "/s/brevenne_city?before=41": channel(message(31, "Einunddreißig"), older=31),
        "/s/brevenne_city?before=31": channel(message(21, "Einundzwanzig"), older=21),
        "/s/brevenne_city?before=21": channel(message(1, "Der Anfang")),
    }
    (known,) = read(parser, pages["/s/brevenne_city?before=31"]).entries
    with serving(_pages(pages), address="127.0.41.3") as server:
        fetcher = _fetcher(server)
        feeds = FakeFeeds(_feed(server, baseline_done=True), stored={known.key: known.content_sha})
        report = poll_feed(1, NOW, Polling(fetcher, parser, feeds))  # type: ignore[arg-type]
    assert report is not None
    assert (report.new, report.gap, len(server.requests)) == (2, False, 3)


def test_auto_knows_a_channel_by_its_host(parser: SandboxParser) -> None:
    with serving(_pages({}), address="127.0.41.2") as server:
        feed = _feed(server, url="https://t.me/brevenne_city", kind=FeedKind.AUTO)
        gathered = gather(feed, fetched(channel(message(5, "Fünf"))), NOW, Gathering(_fetcher(server), parser))
    assert isinstance(gathered, Gathered), gathered
    assert [entry.title for entry in gathered.parsed.entries] == ["Fünf"]
    assert server.requests == []


def test_looking_at_a_channel_finds_its_preview(parser: SandboxParser) -> None:
    fetcher = FakeFetcher({URL: fetched(channel(message(5, "Fünf")))})
    found = discover("https://t.me/brevenne_city", NOW, fetcher, parser)
    (choice,) = found.choices
    assert (choice.url, choice.kind, choice.parsed.title) == (URL, FeedKind.TELEGRAM, "Stadt Brevenne")
    landing = LANDING.format(extra='<div class="tgme_page_extra">12 345 subscribers</div>')
    closed = discover("https://t.me/brevenne_city", NOW, FakeFetcher({URL: fetched(landing)}), parser)
    assert (closed.choices, closed.outcome) == ((), Outcome.LOGIN_WALL)
    assert [request.url for request in fetcher.requests] == [URL]
