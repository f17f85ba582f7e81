from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.markdown import Line, plain


def texts(document: str) -> list[str]:
    return [line.text for line in plain(document).lines]


def test_a_text_without_markup_comes_back_line_by_line() -> None:
    assert texts("One line.\n\n  Another   line. \n") == ["One line.", "Another line."]


def test_headings_carry_their_level_in_both_spellings() -> None:
    assert plain("# Harbour week\n## Friday ##\nProgramme\n=====\nSongs.").lines == (
        Line("Harbour week", 1),
        Line("Friday", 2),
        Line("Programme", 1),
        Line("Songs.", 0),
    )


def test_links_keep_their_words_and_lose_their_targets() -> None:
    assert texts('The [mayor of Lyon](https://lyon.example/a_(b) "his page") spoke.') == ["The mayor of Lyon spoke."]


def test_images_emphasis_rules_bullets_and_tags_go() -> None:
    document = (
        "![the choir](choir.png)\n---\n* **Three** _young_ choirs<br/>sing &amp; dance\n> quoted __words__\n- item"
    )
    assert texts(document) == ["Three young choirs sing & dance", "quoted words", "item"]


def test_an_address_in_angle_brackets_stays() -> None:
    assert texts("Source: <https://paper.example/7>") == ["Source: https://paper.example/7"]


def test_underscores_inside_words_stay() -> None:
    assert texts("see file_name_here and 2 * 3 * 4") == ["see file_name_here and 2 * 3 * 4"]


def test_front_matter_is_read_apart() -> None:
    document = plain('---\ntitle: "Harbour week"\nDate: 2024-05-06\nno pair here\n---\nText.')
    assert document.front_matter == {"title": "Harbour week", "date": "2024-05-06"}
    assert [line.text for line in document.lines] == ["Text."]


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert plain("---\nText one.\nText two.").front_matter == {}


@given(st.text(max_size=400))
def test_any_text_is_read_and_no_line_is_empty(document: str) -> None:
    assert all(line.text.strip() for line in plain(document).lines)
