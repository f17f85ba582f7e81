from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.model.health import FeedHealth
from monitor.domain.model.source_pages import FeedListed, SourceListed
from monitor.domain.model.views import Killer
from monitor.domain.outcomes import Outcome
from monitor.domain.source_list import SourceQuery, Standing, hosts_in_quarantine, killers_of, listed, standings

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def one(key: str, name: str = "", *healths: FeedHealth, paused: bool = False, host: str = "") -> SourceListed:
    urls = (f"https://{key}.example/feed",)
    feeds = tuple(FeedListed(urls, host or f"{key}.example", one) for one in healths or (FeedHealth.NEW,))
    return SourceListed(key, name or key, paused, 1, None, feeds)


def killer(url: str, *, is_quarantined: bool = True) -> Killer:
    return Killer("a" * 64, "parse", url, 2, is_quarantined, Outcome.CHILD_CRASH, "", NOW, NOW)


KNOWN = (
    one("a", "Ångström News", FeedHealth.OK),
    one("b", "Báo Đà Nẵng", FeedHealth.BROKEN, FeedHealth.OK),
    one("c", "昆明日报", FeedHealth.QUIET, paused=True),
    one("d", "city hall", FeedHealth.OK, host="www.hall.example"),
)


def keys(asked: SourceQuery, limit: int = 10) -> tuple[str, ...]:
    return listed(KNOWN, asked, frozenset(), limit).keys


def test_sources_stand_by_name_whatever_its_accents_and_case() -> None:
    assert keys(SourceQuery()) == ("a", "b", "d", "c")


def test_words_are_found_in_name_and_host_without_accents() -> None:
    assert keys(SourceQuery(words="da nang")) == ("b",)
    assert keys(SourceQuery(words="hall.example")) == ("d",)
    assert keys(SourceQuery(words="昆明")) == ("c",)
    assert keys(SourceQuery(words="da hall")) == ()


def test_a_source_stands_under_the_health_of_each_of_its_feeds() -> None:
    found = listed(KNOWN, SourceQuery(), frozenset({"hall.example"}), 10)
    counted = {standing: number for standing, number in found.counts.items() if number}
    assert counted == {Standing.OK: 3, Standing.BROKEN: 1, Standing.PAUSED: 1, Standing.QUARANTINED: 1}
    assert keys(SourceQuery(Standing.BROKEN)) == ("b",)
    assert keys(SourceQuery(Standing.PAUSED)) == ("c",)


def test_one_that_is_paused_has_no_other_standing() -> None:
    assert standings(KNOWN[2], {"c.example"}) == {Standing.PAUSED}


def test_every_health_is_a_standing() -> None:
    assert {one.value for one in FeedHealth} < {one.value for one in Standing}


@given(st.integers(1, 5), st.sampled_from([None, Standing.OK]))
def test_pages_follow_each_other_without_gap_or_repetition(limit: int, standing: Standing | None) -> None:
    seen: list[str] = []
    after = ""
    for _ in range(10):
        page = listed(KNOWN, SourceQuery(standing, after=after), frozenset(), limit)
        seen += page.keys
        after = page.next_after
        if not after:
            break
    assert tuple(seen) == keys(SourceQuery(standing))


def test_a_page_goes_on_behind_a_source_that_has_changed_its_standing_meanwhile() -> None:
    assert keys(SourceQuery(Standing.OK, after="b")) == ("d",)
    assert keys(SourceQuery(Standing.BROKEN, after="a")) == ("b",)
    assert keys(SourceQuery(after="nobody")) == keys(SourceQuery())


def test_documents_in_quarantine_belong_to_the_source_of_their_host() -> None:
    found = [killer("https://www.hall.example/1"), killer("https://a.example/2", is_quarantined=False)]
    assert hosts_in_quarantine(found) == {"hall.example"}
    assert killers_of(["hall.example"], found) == (found[0],)
    assert killers_of(["", "b.example"], found) == ()
