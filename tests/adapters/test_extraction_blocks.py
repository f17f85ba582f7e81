"""What the text of a page is taken by: its blocks, who kept them, lists, walls and bylines; on invented pages."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.children.alignment import kept_shares
from monitor.adapters.children.authors import bylines, names_in
from monitor.adapters.children.block_features import features
from monitor.adapters.children.block_weights import FEW, MANY
from monitor.adapters.children.blocks import Block, blocks_of, tokens
from monitor.adapters.children.consensus import (
    GENEROUS,
    MAX_BLOCKS,
    QUICK,
    READABILITY,
    STRICT,
    agreement,
    best_text,
    votes_of,
)
from monitor.adapters.children.markup import parse_html
from monitor.adapters.children.teasers import is_list
from monitor.adapters.children.walls import declared_free, declared_words, is_partial, says_wall

LONG = "The council of Harrowby approved the renewal of its twinning with Sato-machi for another five years on Tuesday."
NEXT = "Pupils of both towns will spend a summer month with host families, the mayor said after the vote in the hall."


def blocks(markup: str) -> list[Block]:
    tree = parse_html(f"<html><body>{markup}</body></html>")
    assert tree is not None
    return blocks_of(tree)


# ---------------------------------------------------------------- blocks


def test_blocks_end_at_block_elements_and_line_breaks() -> None:
    found = blocks("<p>One <b>and</b> <i>more</i></p>two<br>three<div>four<p>five</p>six</div>")
    assert [block.text for block in found] == ["One and more", "two", "three", "four", "five", "six"]
    assert [block.is_after_break for block in found] == [False, True, False, False, False, False]


def test_what_is_not_shown_as_text_has_no_blocks() -> None:
    found = blocks("<script>var a</script><style>p{}</style><noscript>no</noscript><p>yes</p><template>x</template>")
    assert [block.text for block in found] == ["yes"]


def test_a_block_knows_its_links_and_its_place() -> None:
    (linked, half, bare) = blocks(
        '<nav><a href="/">Home</a></nav><article class="story"><p><a href="/x">four</a> five</p></article>'
        '<div id="comments"><p style="display: none">hidden</p></div>'
    )
    assert (linked.link_share, half.link_share, bare.link_share) == (1.0, 0.5, 0.0)
    assert "nav" in linked.place.tags
    assert half.place.is_below_content
    assert half.place.article == 1
    assert bare.place.is_below_comments
    assert bare.place.is_not_shown


def test_han_characters_are_tokens_of_their_own() -> None:
    assert tokens("Kunming 友城 Nancy") == ["kunming", "友", "城", "nancy"]


@given(st.lists(st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="<>&"), max_size=40)))
def test_no_text_is_lost_between_blocks(texts: list[str]) -> None:
    found = blocks("".join(f"<p>{text}</p>" for text in texts))
    assert [block.text for block in found] == [" ".join(text.split()) for text in texts if text.split()]


# ---------------------------------------------------------------- alignment


def test_a_block_counts_where_it_stands_in_turn_and_not_where_it_is_repeated() -> None:
    page = [tokens(one) for one in (LONG, "Sport", LONG, NEXT, "Sport")]
    assert kept_shares(page, tokens(f"{LONG}\n{NEXT}")) == [0.0, 0.0, 1.0, 1.0, 0.0]


def test_short_blocks_count_between_their_neighbours() -> None:
    page = [tokens(one) for one in ("The vote", LONG, "The vote", NEXT)]
    assert kept_shares(page, tokens(f"{LONG}\nThe vote\n{NEXT}")) == [0.0, 1.0, 1.0, 1.0]


def test_a_block_of_which_a_part_was_dropped_counts_in_part() -> None:
    (share,) = kept_shares([tokens(LONG)], tokens(LONG)[:12])
    assert 0.4 < share < 0.9


WORDS = st.lists(st.sampled_from(["mayor", "town", "hall", "vote", "school", "tram", "bridge"]), max_size=12)


@given(st.lists(WORDS, max_size=12), WORDS)
def test_shares_are_shares_whatever_is_laid_beside(page: list[list[str]], text: list[str]) -> None:
    shares = kept_shares(page, text)
    assert len(shares) == len(page)
    assert all(0 <= share <= 1 for share in shares)


@given(st.lists(st.integers(0, 10**6), min_size=6, max_size=60, unique=True), st.data())
def test_every_block_of_distinct_words_is_found_again(numbers: list[int], data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(numbers)), max_size=6)) | {0, len(numbers)})
    words = [f"w{number}" for number in numbers]
    page = [words[low:high] for low, high in pairwise(cuts)]
    kept = [share for share, block in zip(kept_shares(page, words), page, strict=True) if len(block) >= 4]
    assert kept == [1.0] * len(kept)


# ---------------------------------------------------------------- consensus

ARTICLE = (
    '<header><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav></header>'
    "<main><article><h1>Twinning renewed</h1>"
    + "".join(f"<p>{LONG} {NEXT} Part {number}.</p>" for number in range(4))
    + '</article></main><aside><h2>Most read</h2><ul><li><a href="/1">Ring road closed</a></li>'
    '<li><a href="/2">New pool opens in May</a></li></ul></aside><footer><p>© Harrowby Post. Contact us.</p></footer>'
)


def test_the_weights_name_the_values_that_are_computed() -> None:
    found = blocks(ARTICLE)
    few = {name: [1.0] * len(found) for name in (QUICK, READABILITY)}
    many = few | {name: [1.0] * len(found) for name in (STRICT, GENEROUS)}
    assert set(features(found, few)[0]) | {"bias"} == set(FEW)
    assert set(features(found, many)[0]) | {"bias"} == set(MANY)


def test_values_are_small_numbers() -> None:
    found = blocks(ARTICLE * 3)
    for row in features(found, {QUICK: [0.5] * len(found), READABILITY: [0.0] * len(found)}):
        assert all(-4 <= value <= 4 for value in row.values()), row


def test_a_page_without_blocks_has_no_values() -> None:
    assert features([], {QUICK: [], READABILITY: []}) == []


def test_the_article_is_kept_and_what_stands_around_it_is_not() -> None:
    tree = parse_html(f"<html><body>{ARTICLE}</body></html>")
    prose = best_text(tree, "https://post.example/1")
    assert [line for line in prose.text.split("\n") if line.startswith("The council")] == [
        f"{LONG} {NEXT} Part {number}." for number in range(4)
    ]
    assert not any(noise in prose.text for noise in ("Most read", "Ring road", "Contact us", "Sport"))
    assert len(prose.kept) == len(prose.blocks)


def test_a_page_of_too_many_blocks_is_left_to_the_cheapest_extractor() -> None:
    many = "".join(f"<p>{LONG} {NEXT} Part {number}.</p>" for number in range(MAX_BLOCKS + 1))
    prose = best_text(parse_html(f"<html><body><article>{many}</article></body></html>"), "https://post.example/1")
    assert f"Part {MAX_BLOCKS}." in prose.text
    assert not any(prose.kept)


def test_agreement_is_one_where_both_keep_the_same_and_none_where_nothing_is_shared() -> None:
    found = blocks(f"<p>{LONG}</p><p>{NEXT}</p>")
    same = votes_of(found, {QUICK: LONG, READABILITY: LONG})
    apart = votes_of(found, {QUICK: LONG, READABILITY: NEXT})
    assert (agreement(found, same), agreement(found, apart)) == (1.0, 0.0)
    assert agreement(found, votes_of(found, {QUICK: "", READABILITY: ""})) == 0.0


# ---------------------------------------------------------------- lists of articles


def test_titles_with_teasers_are_a_list() -> None:
    cards = "".join(f'<h3><a href="/{n}">Council agrees on plan number {n}</a></h3><p>{LONG}</p>' for n in range(8))
    found = blocks(cards)
    assert is_list(found, [block.link_share == 0 for block in found])


def test_titles_with_dates_alone_are_a_list() -> None:
    rows = "".join(f'<li><a href="/{n}">Council agrees on plan number {n}</a> 2026-08-0{n}</li>' for n in range(1, 9))
    found = blocks(f"<ul>{rows}</ul>")
    assert is_list(found, [True] * len(found))


def test_one_teaser_of_many_is_no_article() -> None:
    cards = "".join(f'<h2><a href="/{n}">Council agrees on plan number {n}</a></h2><p>{LONG}</p>' for n in range(8))
    found = blocks(cards)
    assert is_list(found, [number == 1 for number in range(len(found))])


def test_an_article_with_links_to_others_between_its_paragraphs_is_no_list() -> None:
    parts = "".join(
        f'<p>{LONG} {NEXT} {LONG} {NEXT}</p><a href="/{n}">Read also: the pool opens {n}</a>' for n in range(8)
    )
    lead = f"<h1>Twinning renewed for five more years</h1><p>{(LONG + ' ') * 8}</p>"
    found = blocks(lead + parts)
    assert not is_list(found, [block.link_share == 0 for block in found])


def test_an_article_over_a_list_of_others_is_no_list() -> None:
    cards = "".join(f'<h2><a href="/{n}">Council agrees on plan number {n}</a></h2>' for n in range(8))
    found = blocks(f"<h1>Twinning renewed</h1><p>{LONG}</p><p>{NEXT}</p>{cards}")
    assert not is_list(found, [block.place.tag == "p" for block in found])


def test_nothing_kept_is_no_list() -> None:
    found = blocks("".join(f'<h2><a href="/{n}">Council agrees on plan number {n}</a></h2>' for n in range(8)))
    assert not is_list(found, [False] * len(found))


# ---------------------------------------------------------------- walls


@pytest.mark.parametrize(
    "line",
    [
        "Subscribe now to continue reading this article",
        "Already a subscriber? Sign in",
        "Cet article est réservé à nos abonnés",
        "Nur für Abonnenten",
        "Regístrate para seguir leyendo",
        "Conteúdo exclusivo para assinantes",
        "Contenuto riservato agli abbonati",
        "Материал доступен только подписчикам",
        "この記事は会員限定です",
        "続きを読むには登録が必要です",
        "登录后阅读全文",
        "剩余内容需付费",
        "유료회원 전용 기사입니다",
        "Đăng nhập để đọc tiếp bài viết",
        "Artykuł dostępny tylko dla prenumeratorów",
    ],
)
def test_walls_are_told_in_many_languages(line: str) -> None:
    assert says_wall(line)


@pytest.mark.parametrize(
    "line",
    [
        "The theatre lost a tenth of its subscribers last year.",
        "Les abonnés du théâtre ont reçu la délégation jeudi.",
        "Die Abonnenten der Zeitung wählten ihr Stadtoriginal.",
        "两市签署了合作协议",
        "会員は三百人に増えた",
        LONG,
    ],
)
def test_lines_about_subscribers_are_no_walls(line: str) -> None:
    assert not says_wall(line)


@pytest.mark.parametrize(
    ("text", "free", "words", "wall", "partial"),
    [
        (LONG, False, None, False, True),
        (LONG, None, None, True, True),
        (LONG, None, None, False, False),
        (LONG, True, None, False, False),
        (LONG * 20, False, None, False, False),
        (LONG * 20 + " and then …", False, None, False, True),
        (LONG * 20, False, 2_000, False, True),
        (LONG * 20, None, 2_000, False, False),
        ("市长与代表团签署协议。" * 50, False, None, False, False),
        ("市长与代表团签署协议。" * 10, False, None, False, True),
    ],
)
def test_a_start_is_partial_where_the_page_says_that_there_is_more(
    text: str, free: bool | None, words: int | None, wall: bool, partial: bool
) -> None:
    assert is_partial(text, free, words, wall) is partial


def test_claims_are_read_in_both_spellings_and_odd_ones_are_none() -> None:
    free = [declared_free({"isAccessibleForFree": value}, {}) for value in (True, False, "False", "true", "perhaps", 3)]
    assert free == [True, False, False, True, None, None]
    assert declared_free({}, {"article:content_tier": "locked"}) is False
    words = [declared_words({"wordCount": value}) for value in (40, "300", "many", True, -2, None, "9" * 50)]
    assert words == [40, 300, None, None, None, None, None]


# ---------------------------------------------------------------- bylines


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ann Low and Jo Ek | 3 May 2026", ["Ann Low", "Jo Ek"]),
        ("Von Eva Kern-Roth", ["Eva Kern-Roth"]),
        ("Par Jean d'Arc, Lise de la Tour", ["Jean d'Arc", "Lise de la Tour"]),
        ("Автор: Анна Белова", ["Анна Белова"]),
        ("作者：王小明", ["王小明"]),
        ("김서연 기자", ["김서연"]),
        ("Share this article", []),
        ("By our news team", []),
        ("3 May 2026", []),
        ("", []),
    ],
)
def test_bylines_give_names_or_nothing(line: str, names: list[str]) -> None:
    assert names_in(line) == names


def test_the_byline_after_the_heading_is_read_with_others_of_its_make() -> None:
    tree = parse_html(
        "<html><body><span class='author'>Not Me</span><h1>Twinning renewed</h1><a class='byline'>Ann Low</a>"
        "<a class='byline'>Jo Ek</a><p>Text</p><span class='related-author'>Some One</span></body></html>"
    )
    assert bylines(tree) == ["Ann Low", "Jo Ek"]
