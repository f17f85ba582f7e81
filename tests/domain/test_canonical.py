"""Which canonical links are believed."""

from __future__ import annotations

import pytest

from monitor.domain.canonical import article_url
from monitor.domain.urls import url_key

SITE = "https://www.post.example"


@pytest.mark.parametrize(
    ("found", "canonical"),
    [
        (f"{SITE}/2026/twinning/amp", f"{SITE}/2026/twinning"),
        (f"{SITE}/2026/twinning?amp=1", f"{SITE}/2026/twinning"),
        (f"{SITE}/print/twinning", f"{SITE}/2026/twinning"),
        ("https://amp.post.example/2026/twinning", f"{SITE}/2026/twinning"),
        ("https://m.post.example/2026/twinning", "https://post.example/2026/twinning"),
        (f"{SITE}/n.php?id=12&page=2", f"{SITE}/n.php?id=12"),
        (f"{SITE}/n.php?id=12", f"{SITE}/twinning-renewed"),
        (f"{SITE}/", f"{SITE}/twinning-renewed"),
    ],
)
def test_copies_lead_to_their_original(found: str, canonical: str) -> None:
    assert article_url(found, canonical) == canonical


@pytest.mark.parametrize(
    ("found", "canonical"),
    [
        (f"{SITE}/2026/twinning", None),
        (f"{SITE}/2026/twinning", "https://other.example/2026/twinning"),
        (f"{SITE}/2026/twinning", "https://post.example.evil.example/2026/twinning"),
        (f"{SITE}/2026/twinning", f"{SITE}/"),
        (f"{SITE}/2026/twinning", SITE),
        (f"{SITE}/n.php?id=12", f"{SITE}/n.php"),
        ("not an address", f"{SITE}/2026/twinning"),
    ],
)
def test_links_that_would_join_what_is_apart_are_not_believed(found: str, canonical: str | None) -> None:
    assert article_url(found, canonical) == found


def test_two_articles_of_a_site_whose_canonical_link_is_its_template_stay_two() -> None:
    keys = {url_key(article_url(f"{SITE}/n.php?id={number}", f"{SITE}/n.php")) for number in (1, 2)}
    assert len(keys) == 2
