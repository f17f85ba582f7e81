from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.opml import read_opml, write_opml
from monitor.domain.model.sources import FeedData, FeedKind, SourceData
from monitor.domain.source_keys import slug
from monitor.errors import ConfigurationError

LIST = """<?xml version="1.0"?><opml version="1.0"><head/><body>
<outline text="Cities"><outline text="Ville d'Été" xmlUrl="HTTPS://Ville.Example/rss?utm_source=x" htmlUrl="https://ville.example/"
 language="fr-FR"/>
<outline title="Ville d'Été" XMLURL="https://ville.example/autre"/>
<outline text="no address"/><outline text="script" xmlUrl="javascript:alert(1)"/>
<outline text="again" xmlUrl="https://ville.example/autre"/></outline></body></opml>"""


def test_outlines_at_any_depth_become_sources_once() -> None:
    sources = read_opml(LIST.encode(), "list.opml")
    assert [one.key for one in sources] == ["ville-d-ete", "ville-d-ete-2"]
    assert sources[0].feeds[0].url == "https://ville.example/rss"
    assert sources[0].language == "fr"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<opml", "is not XML"),
        (b"<html/>", "is not OPML"),
        (b'<!DOCTYPE opml [<!ENTITY a "b">]><opml/>', "document type"),
        ('<!DOCTYPE opml [<!ENTITY a "b">]><opml/>'.encode("utf-16"), "document type"),
        (b" " * (5 * 1024 * 1024 + 1), "larger than 5 MiB"),
    ],
)
def test_what_is_no_list_is_refused_in_one_line(body: bytes, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as caught:
        read_opml(body, "list.opml")
    assert str(caught.value).startswith("list.opml: ")


NAMES = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
    .map(str.strip)
    .filter(bool)
)


@given(st.lists(st.tuples(NAMES, st.sampled_from(sorted(set(FeedKind) - {FeedKind.MAILBOX}))), max_size=6))
def test_what_is_written_is_read_back(rows: list[tuple[str, FeedKind]]) -> None:
    sources = tuple(
        SourceData(
            f"key-{number}", name, (FeedData(f"https://city.example/{number}", kind),), language="vi", country="VN"
        )
        for number, (name, kind) in enumerate(rows)
    )
    again = read_opml(write_opml(sources), "own")
    assert [(one.key, one.feeds, one.country) for one in again] == [
        (one.key, one.feeds, one.country) for one in sources
    ]


def test_a_mailbox_is_nobody_elses_business() -> None:
    mailbox = FeedData("imap://imap.cityhall.example/INBOX", FeedKind.MAILBOX)
    written = write_opml([SourceData("mailbox", "Newsletters", (mailbox,))])
    assert b"imap" not in written
    claimed = b'<opml><body><outline text="x" xmlUrl="https://city.example/x" monitorKind="mailbox"/></body></opml>'
    assert read_opml(claimed, "list.opml")[0].feeds[0].kind is FeedKind.AUTO


@given(st.text())
def test_a_slug_is_always_a_key(name: str) -> None:
    made = slug(name)
    assert made
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not made.startswith("-")
