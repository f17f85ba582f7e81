"""The shipped lists of sources: their places are known, their addresses good and told once."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from monitor import resources, settings
from monitor.domain.model.places import PlaceKind
from monitor.domain.search_feeds import COUNTRY_LANGUAGES
from monitor.domain.urls import canonical_url, url_key
from tests import shipped

OUTLETS = settings.load_outlets(resources.config() / "outlets.toml").outlets
SOURCES = settings.load_sources(resources.config() / "sources.toml").source
SITES = [(one.place, site) for one in OUTLETS for site in (*one.official, *one.press)]
# Networks of several countries and searches speak for no place.
WITHOUT_PLACE = {"twinning-org", "cemr"}


def test_there_are_outlets_of_the_countries_that_have_partners() -> None:
    countries = {place.country for one in OUTLETS if (place := shipped.gazetteer().place(one.place))}
    assert countries >= {"FR", "CN", "VN", "JP", "KR", "DE", "IT", "ES", "GB", "PL", "UA", "US", "CA", "RU", "TR", "BR"}
    assert len(SITES) >= 300


@pytest.mark.parametrize("one", OUTLETS, ids=lambda one: one.place)
def test_the_place_of_an_outlet_is_known_by_its_id(one: settings.PlaceOutlets) -> None:
    place = shipped.gazetteer().place(one.place)
    assert place is not None
    assert one.official or one.press
    if place.kind is not PlaceKind.COUNTRY:
        assert place.country in COUNTRY_LANGUAGES


def test_an_address_is_a_canonical_home_page_told_once() -> None:
    urls = [site.url for _, site in SITES]
    assert [url for url in urls if canonical_url(url) != url or urlsplit(url).path != "/"] == []
    keys = [url_key(url) for url in urls]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []
    stock = {url_key(url) for one in SOURCES for url in (one.home_page, *(feed.url for feed in one.feeds)) if url}
    assert sorted(stock & set(keys)) == []


def test_every_default_source_that_is_no_search_says_its_place() -> None:
    assert {one.key for one in SOURCES if one.place is None and one.trust > 0} == WITHOUT_PLACE
    assert {one.key for one in SOURCES if one.place is not None and one.trust == 0} == set()


@pytest.mark.parametrize("one", [one for one in SOURCES if one.place], ids=lambda one: one.key)
def test_the_place_of_a_default_source_is_one_of_its_country(one: settings.SourceSettings) -> None:
    assert one.place is not None
    place = shipped.gazetteer().place(one.place)
    assert place is not None, "an id, so that a namesake cannot be taken for it"
    if one.key != "clair-paris":  # of Japan's localities, in Paris
        assert place.country == one.country
