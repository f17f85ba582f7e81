"""The invented web of the demo holds what the demo has to show: languages, phases, retellings, traps, templates."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from string import Template
from typing import TypedDict, cast

import pytest
from lxml import html

DEMO_SITE = Path(__file__).resolve().parents[2] / "monitor" / "demo_site"
FIRST_POLL = datetime(2026, 10, 4, 6, tzinfo=UTC)
SECOND_POLL = datetime(2026, 10, 5, 6, tzinfo=UTC)
LANGUAGES = {"fr", "en", "zh", "vi", "de", "es"}
KINDS = {"feed", "atom", "json", "rdf", "page"}
EXPECTED_LABELS = {"event", "background", "irrelevant", "uncertain"}
TOLD = {"new", "announced", "developed", "known", "review"}
# Translators count about 1.6 Chinese characters for one English word.
CHARACTERS_A_WORD = 1.6
LATE_REPRINT = "five-border-provinces-lai-chau-minutes"
TRAPS = {
    "digital twin": "jumeau-numerique-bordeaux-helsinki",
    "football supporters": "aficiones-vigo-oporto-hermanadas",
    "twin towers": "leeds-twin-towers-approved",
    "domestic cooperation": "ha-noi-lao-cai-hop-tac-du-lich-duoc-lieu",
    "a person called Nancy": "nancy-quiroga-cocinera-pekin",
    "conjoined twins": "guangzhou-lianti-shuangbaotai-fenli",
    "company partnership": "karlsruher-softwarehaus-lyon-partnerschaft",
}
SEED_LANGUAGES = {"seed-000": "fr", "seed-002": "fr", "seed-004": "fr"}
ARTICLE_PLACEHOLDERS = {
    "language",
    "title",
    "author",
    "published_iso",
    "published_text",
    "site_name",
    "body",
    "canonical",
    "related",
}
LISTING_PLACEHOLDERS = {"language", "site_name", "items"}


class Site(TypedDict):
    key: str
    name: str
    language: str
    country: str
    kind: str


class Event(TypedDict):
    key: str
    told: str
    kind: str
    places: list[str]
    starts: date
    ends: date


class Article(TypedDict, total=False):
    site: str
    slug: str
    language: str
    title: str
    author: str
    published: datetime
    phase: int
    expect: str
    event: str
    note: str
    summary: str
    paragraphs: list[str]


class DemoWeb(TypedDict):
    site: list[Site]
    event: list[Event]
    article: list[Article]


@pytest.fixture(scope="module")
def web() -> DemoWeb:
    return cast(DemoWeb, tomllib.loads((DEMO_SITE / "articles.toml").read_text(encoding="utf-8")))


def by_slug(web: DemoWeb, slug: str) -> Article:
    (article,) = [article for article in web["article"] if article["slug"] == slug]
    return article


def telling(web: DemoWeb, event: str, phase: int | None = None) -> list[Article]:
    return [a for a in web["article"] if a.get("event") == event and phase in (None, a["phase"])]


def length(article: Article) -> int:
    """Words; for Chinese, characters brought to words by the rule of thumb."""
    text = " ".join(article["paragraphs"])
    if article["language"] == "zh":
        return int(len(re.findall(r"[\u4e00-\u9fff]", text)) / CHARACTERS_A_WORD)
    return len(text.split())


def sentences(article: Article) -> set[str]:
    return {s for paragraph in article["paragraphs"] for s in re.split(r"(?<=[.!?])\s+", paragraph)}


def repeated(values: Iterable[object]) -> list[object]:
    return [value for value, count in Counter(values).items() if count > 1]


def test_sites_cover_every_feed_kind_and_language(web: DemoWeb) -> None:
    sites = web["site"]
    assert 6 <= len(sites) <= 7
    assert repeated(site["key"] for site in sites) == []
    assert {site["kind"] for site in sites} == KINDS
    assert {site["language"] for site in sites} == LANGUAGES


def test_articles_are_enough_and_in_six_languages(web: DemoWeb) -> None:
    assert len(web["article"]) >= 26
    assert {article["language"] for article in web["article"]} == LANGUAGES


def test_slugs_are_unique_within_a_site_and_safe_in_an_address(web: DemoWeb) -> None:
    assert repeated((article["site"], article["slug"]) for article in web["article"]) == []
    assert [a["slug"] for a in web["article"] if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", a["slug"])] == []


def test_every_article_belongs_to_a_site_of_its_language(web: DemoWeb) -> None:
    languages = {site["key"]: site["language"] for site in web["site"]}
    assert [a["slug"] for a in web["article"] if languages.get(a["site"]) != a["language"]] == []


def test_every_site_has_something_at_each_poll(web: DemoWeb) -> None:
    for phase in (1, 2):
        assert {a["site"] for a in web["article"] if a["phase"] == phase} == {site["key"] for site in web["site"]}


def test_articles_carry_only_known_keys_and_no_empty_text(web: DemoWeb) -> None:
    for article in web["article"]:
        assert set(article) <= set(Article.__annotations__), article["slug"]
        assert set(Article.__annotations__) - set(article) <= {"author", "event"}, article["slug"]
        assert all(
            text.strip() == text != "" for text in [article["title"], article["summary"], *article["paragraphs"]]
        )


def test_articles_have_the_length_of_a_news_item(web: DemoWeb) -> None:
    assert {a["slug"]: length(a) for a in web["article"] if not 120 <= length(a) <= 350} == {}


def test_labels_are_the_assessments_of_the_product(web: DemoWeb) -> None:
    assert {article["expect"] for article in web["article"]} == EXPECTED_LABELS


def test_exactly_the_events_name_an_event(web: DemoWeb) -> None:
    assert [a["slug"] for a in web["article"] if a["expect"] == "event" and "event" not in a] == []
    assert [a["slug"] for a in web["article"] if "event" in a and a["expect"] not in ("event", "uncertain")] == []
    assert {a["event"] for a in web["article"] if "event" in a} == {event["key"] for event in web["event"]}
    assert repeated(event["key"] for event in web["event"]) == []


def test_times_are_aware(web: DemoWeb) -> None:
    assert [a["slug"] for a in web["article"] if a["published"].utcoffset() is None] == []


def test_the_baseline_is_published_before_the_first_poll_and_the_rest_between_the_polls(web: DemoWeb) -> None:
    for article in web["article"]:
        if article["phase"] == 1 or article["slug"] == LATE_REPRINT:
            assert article["published"] < FIRST_POLL, article["slug"]
        else:
            assert article["phase"] == 2
            assert FIRST_POLL < article["published"] < SECOND_POLL, article["slug"]


def test_a_reprint_shows_up_late_under_its_old_date(web: DemoWeb) -> None:
    reprint = by_slug(web, LATE_REPRINT)
    assert reprint["phase"] == 2
    assert FIRST_POLL - reprint["published"] > timedelta(days=300)


def test_events_have_two_places_or_more_and_a_range_of_days(web: DemoWeb) -> None:
    for event in web["event"]:
        assert event["told"] in TOLD, event["key"]
        assert len(set(event["places"])) >= 2, event["key"]
        assert event["starts"] <= event["ends"], event["key"]


def test_six_new_events_or_more_have_happened_when_they_are_told(web: DemoWeb) -> None:
    new = [event for event in web["event"] if event["told"] == "new"]
    assert len(new) >= 6
    for event in new:
        assert telling(web, event["key"], phase=1) == []
        assert telling(web, event["key"], phase=2) != []
        assert date(2026, 9, 1) <= event["ends"] <= min(a["published"].date() for a in telling(web, event["key"]))


def test_four_new_events_or_more_are_told_in_two_languages_by_two_sites(web: DemoWeb) -> None:
    pairs = []
    for event in web["event"]:
        told = telling(web, event["key"])
        if event["told"] == "new" and len({a["site"] for a in told}) > 1:
            pairs.append({a["language"] for a in told})
    assert len([languages for languages in pairs if len(languages) > 1]) >= 4
    for languages in ({"fr", "zh"}, {"vi", "en"}, {"de", "fr"}, {"es", "en"}):
        assert languages in pairs


def test_one_article_is_a_near_copy_with_another_lead_and_a_tail(web: DemoWeb) -> None:
    original = by_slug(web, "chru-nancy-kanazawa-accord-hospitalier")
    copy = by_slug(web, "nancy-kanazawa-hopitaux-jumeles")
    assert original["event"] == copy["event"]
    assert original["site"] != copy["site"]
    assert original["language"] == copy["language"]
    assert original["paragraphs"][0] != copy["paragraphs"][0]
    assert copy["paragraphs"][-1] not in original["paragraphs"]
    shared = sentences(original) & sentences(copy)
    assert 0.75 <= len(shared) / len(sentences(copy)) <= 0.9


def test_no_other_two_articles_share_a_sentence(web: DemoWeb) -> None:
    copied = {"chru-nancy-kanazawa-accord-hospitalier", "nancy-kanazawa-hopitaux-jumeles"}
    own = [(s, a["slug"]) for a in web["article"] if a["slug"] not in copied for s in sentences(a)]
    assert repeated(sentence for sentence, _ in own) == []


def test_three_seed_events_come_back_in_another_language_and_count_as_known(web: DemoWeb) -> None:
    for seed, language in SEED_LANGUAGES.items():
        (event,) = [event for event in web["event"] if event["key"].startswith(seed)]
        (article,) = telling(web, event["key"])
        assert event["told"] == "known"
        assert article["phase"] == 2
        assert article["language"] != language


def test_a_baseline_event_is_told_again_by_another_site(web: DemoWeb) -> None:
    (first,) = telling(web, "nancy-vinnytsia-ambulances-2026", phase=1)
    (second,) = telling(web, "nancy-vinnytsia-ambulances-2026", phase=2)
    assert first["site"] != second["site"]


def test_an_intent_of_the_baseline_is_signed_later_as_another_event(web: DemoWeb) -> None:
    events = {event["key"]: event for event in web["event"]}
    intent, signing = events["lyon-guangzhou-intent-2026"], events["lyon-guangzhou-convention-2026"]
    assert intent["places"] == signing["places"]
    assert (intent["kind"], signing["kind"]) == ("agreement_intent", "agreement_signed")
    assert intent["ends"] < signing["starts"]
    assert {a["phase"] for a in telling(web, intent["key"])} == {1}
    assert {a["phase"] for a in telling(web, signing["key"])} == {2}


def test_two_events_lie_ahead_and_one_of_them_develops_a_seed(web: DemoWeb) -> None:
    ahead = {event["told"]: event for event in web["event"] if event["starts"] > SECOND_POLL.date()}
    assert set(ahead) == {"developed", "announced"}
    assert ahead["developed"]["places"] == ["Yunnan", "Tuyen Quang", "Lao Cai", "Lai Chau", "Dien Bien"]
    assert ahead["developed"]["starts"].month == 11


def test_a_profile_of_a_relation_is_background_in_phase_two(web: DemoWeb) -> None:
    assert [a["slug"] for a in web["article"] if a["expect"] == "background" and a["phase"] == 2] == [
        "lyon-guangzhou-portrait-relation"
    ]


@pytest.mark.parametrize("slug", TRAPS.values(), ids=TRAPS.keys())
def test_trap_is_irrelevant_and_new_at_the_second_poll(web: DemoWeb, slug: str) -> None:
    trap = by_slug(web, slug)
    assert (trap["expect"], trap["phase"]) == ("irrelevant", 2)


def placeholders(name: str) -> set[str]:
    template = Template((DEMO_SITE / name).read_text(encoding="utf-8"))
    assert template.is_valid()
    return set(template.get_identifiers())


def test_templates_ask_for_the_agreed_values() -> None:
    assert placeholders("article.html") == ARTICLE_PLACEHOLDERS
    assert placeholders("listing.html") == LISTING_PLACEHOLDERS


def test_titles_and_names_need_no_escaping_in_markup_or_json(web: DemoWeb) -> None:
    texts = [a["title"] for a in web["article"]] + [a.get("author", "") for a in web["article"]]
    assert [t for t in [*texts, *(site["name"] for site in web["site"])] if re.search(r'[<>&"\\$]', t)] == []


def filled_article(web: DemoWeb, article: Article) -> str:
    names = {site["key"]: site["name"] for site in web["site"]}
    template = Template((DEMO_SITE / "article.html").read_text(encoding="utf-8"))
    return template.substitute(
        language=article["language"],
        title=article["title"],
        author=article.get("author", names[article["site"]]),
        published_iso=article["published"].isoformat(),
        published_text=article["published"].strftime("%d.%m.%Y"),
        site_name=names[article["site"]],
        body="".join(f"<p>{paragraph}</p>" for paragraph in article["paragraphs"]),
        canonical=f"http://{article['site']}.example/{article['slug']}",
        related='<li><a href="/x">Ailleurs</a></li>',
    )


def test_every_filled_page_tells_title_and_time_in_three_places(web: DemoWeb) -> None:
    for article in web["article"]:
        page = html.document_fromstring(filled_article(web, article))
        (linked,) = page.xpath("//script[@type='application/ld+json']/text()")
        data = cast(dict[str, object], json.loads(linked))
        assert data["headline"] == page.xpath("string(//meta[@property='og:title']/@content)") == article["title"]
        assert data["datePublished"] == page.xpath("string(//time/@datetime)") == article["published"].isoformat()
        assert page.xpath("count(//div[@class='article-body']/p)") == len(article["paragraphs"])
