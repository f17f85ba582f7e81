"""The title of a page among headings, claims and names of sites."""

from __future__ import annotations

import pytest

from monitor.adapters.children.markup import parse_html
from monitor.adapters.children.metadata import read_metadata

TITLE = "Harrowby renews its twinning with Sato-machi"


def title(body: str, window: str = "", shared: str = "", declared: str = "") -> str:
    head = f"<title>{window}</title>" if window else ""
    head += f'<meta property="og:title" content="{shared}">' if shared else ""
    if declared:
        head += f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{declared}"}}</script>'
    tree = parse_html(f"<html><head>{head}</head><body>{body}</body></html>")
    assert tree is not None
    return read_metadata(tree, "https://post.example/1").title


@pytest.mark.parametrize(
    "kicker", ["Twin towns: ", "Twin towns - ", "Twin towns | ", "“It will go on”: ", "Culture : "]
)
def test_the_topic_before_a_headline_is_no_part_of_it(kicker: str) -> None:
    assert title(f"<h1>{kicker}{TITLE}</h1>", f"{kicker}{TITLE} | Harrowby Post", shared=TITLE) == TITLE
    assert title(f"<h1>{kicker}{TITLE}</h1>", declared=TITLE) == TITLE


@pytest.mark.parametrize(
    "heading",
    [
        f"Twin towns: {TITLE}",  # nothing claims the rest alone
        f"Mayor and council {TITLE}",  # no mark between
        f"The vote is over. After nine months of talks and doubts in the council hall: {TITLE}",
    ],
)
def test_what_belongs_to_a_headline_stays(heading: str) -> None:
    shared = heading if heading.startswith("Twin") else TITLE
    assert title(f"<h1>{heading}</h1>", shared=shared) == heading


def test_a_short_claim_is_not_taken_for_what_is_below_a_topic() -> None:
    assert (
        title("<h1>Sister cities: Harrowby goes on</h1>", shared="Harrowby goes on")
        == "Sister cities: Harrowby goes on"
    )


def test_the_name_of_a_site_in_the_first_heading_is_no_title() -> None:
    assert title("<h1>Lessons of a mayor</h1>", f"Lessons of a mayor: {TITLE}", shared=TITLE) == TITLE
    assert title(f"<h1>Lessons of a mayor</h1><h1>{TITLE}</h1>", f"{TITLE} | Lessons of a mayor", TITLE) == TITLE
    assert title(f"<h1>Anna's pages</h1><h2>Archive</h2><h2>{TITLE}</h2>", TITLE) == TITLE


def test_a_heading_beside_the_sites_name_stays_where_nothing_else_is_claimed() -> None:
    assert title(f"<h1>{TITLE}</h1>", f"{TITLE} | Harrowby Post") == TITLE
    assert title(f"<h1>{TITLE}</h1>", f"{TITLE} | Harrowby Post", shared=TITLE, declared=TITLE) == TITLE


def test_a_heading_longer_than_what_is_shared_of_it_is_the_title() -> None:
    longer = "Harrowby and Sato-machi: what five more years of twinning will bring to both"
    assert title(f"<h1>{longer}</h1>", shared="Five more years of twinning | Harrowby Post") == longer
    assert title(f"<h1>{longer}</h1>", shared="A vote in the council hall") == "A vote in the council hall"
