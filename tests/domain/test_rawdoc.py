from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import dedupe
from monitor.domain.model.events import DateRange, Precision
from monitor.domain.rawdoc import RawDocument, read_raw
from monitor.domain.text import clean

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

FIRST = (
    "Le maire de Tours a accueilli lundi une délégation de Takamatsu venue pour dix jours de concerts et d'ateliers."
)
SECOND = (
    "Les deux villes, qui correspondent depuis 1988, préparent ensemble un festival de marionnettes pour le printemps."
)
THIRD = "Un retour est prévu en octobre, quand une chorale de Tours se rendra sur l'île de Shikoku."
TITLE = "Tours accueille une délégation de Takamatsu"
ARTICLE = f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


def read(text: str) -> RawDocument:
    return read_raw(text, NOW)


# ---------------------------------------------------------------- title


@pytest.mark.parametrize(
    "before",
    [
        "Relations extérieures",
        "News Center",
        "Portail.example - Trang tin của chúng tôi",
        "Accueil\nActualités\nCulture\nPortail de la ville de Tours\nPartager",
        "",
    ],
)
def test_the_title_is_found_below_a_section_a_site_name_or_a_menu(before: str) -> None:
    document = read(f"{before}\n\n{TITLE}\n\n{ARTICLE}")
    assert document.title == TITLE
    assert document.text == ARTICLE.replace("\n\n", "\n")


def test_a_document_without_title_keeps_its_first_paragraph() -> None:
    document = read(ARTICLE)
    assert document.title is None
    assert document.text.startswith(FIRST)


def test_a_section_label_alone_is_no_title() -> None:
    assert read(f"Actualités\n{ARTICLE}").title is None


def test_a_long_line_below_the_title_belongs_to_the_text() -> None:
    deck = "Dix jours de musique et de marionnettes avec les amis de Takamatsu"
    document = read(f"{TITLE}\n{deck}\n{ARTICLE}")
    assert document.title == TITLE
    assert document.text.startswith(deck)


def test_a_title_with_a_question_mark_or_longer_than_a_short_sentence_is_still_one() -> None:
    title = (
        "Marionnettes, concerts et ateliers : pourquoi la ville de Tours et celle de Takamatsu, au Japon, "
        "veulent-elles un festival commun au printemps ?"
    )
    assert read(f"Vie locale\n{title}\n{ARTICLE}").title == title


def test_a_chinese_document_is_read_by_the_same_rules() -> None:
    first = "三月四日上午，海港市代表团抵达石桥市，两市市长共同为友谊花园揭牌，并参观了新建的少年宫和图书馆。"
    second = "双方约定明年春天在海港市举办联合书画展，届时石桥市将派出二十名中学生参加为期一周的交流活动。"
    head = "首页\n新闻中心\n海港市代表团访问石桥市\n2025-03-05 10:22 作者：王小明"
    document = read(f"{head}\n{first}\n{second}\n相关新闻\n天气预报\n")
    assert document.title == "海港市代表团访问石桥市"
    assert document.text == f"{first}\n{second}"
    assert document.published_on == date(2025, 3, 5)
    assert document.author == "王小明"


def test_a_markdown_heading_wins_over_longer_lines_before_the_text() -> None:
    document = read(
        f"Une page de la ville de Tours sur la délégation\n\n# {TITLE}\n\n{ARTICLE}\n\n## Programme\n\n{THIRD}"
    )
    assert document.title == TITLE


# ---------------------------------------------------------------- date, author, source


def test_a_month_glued_before_the_title_is_taken_off_and_kept_as_a_month() -> None:
    document = read(f" date 2024-05 {TITLE}\n\n{ARTICLE}")
    assert document.title == TITLE
    assert document.published == DateRange(date(2024, 5, 1), date(2024, 5, 31), Precision.MONTH)
    assert document.published_on == date(2024, 5, 31)
    assert document.published_raw == "2024-05"


@pytest.mark.parametrize(
    "line",
    ["2024-05-07 {}", "Publié le 2024-05-07 10:30 {}", "{} 07/05/2024", "{} | 2024-05-07", "{} (07.05.2024)"],
)
def test_a_day_glued_to_the_title_is_taken_off(line: str) -> None:
    document = read(f"{line.format(TITLE)}\n\n{ARTICLE}")
    assert document.title == TITLE
    assert document.published_on == date(2024, 5, 7)


def test_years_that_belong_to_the_title_stay() -> None:
    title = "Tours et Takamatsu : le programme 2024-2027 des deux villes"
    assert read(f"{title}\n\n{ARTICLE}").title == title


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("La GazetteLa Gazette07/05/2024", "La Gazette"),
        ("2024-05-07 15:37:30", None),
        ("Par Jeanne Martin, publié le 7 mai 2024 à 10h", "Jeanne Martin"),
        ("May 7, 2024", None),
        ("Texte : Jeanne Martin\n7 mai 2024", "Jeanne Martin"),
    ],
)
@pytest.mark.parametrize("lead", ["", f"{FIRST}\n"])
def test_date_and_author_are_read_from_lines_near_the_title(line: str, author: str | None, lead: str) -> None:
    document = read(f"{TITLE}\n{lead}{line}\n{SECOND}\n{THIRD}")
    assert document.published_on == date(2024, 5, 7)
    assert document.author == author
    assert document.text == f"{lead}{SECOND}\n{THIRD}"


def test_a_date_label_without_a_date_is_dropped() -> None:
    document = read(f"{TITLE}\n{FIRST}\nPublié le\n{SECOND}")
    assert document.published is None
    assert document.published_on is None
    assert document.published_raw == ""
    assert "Publié" not in document.text


def test_a_date_after_now_is_not_believed() -> None:
    assert read(f"{TITLE}\n2026-05-07\n{ARTICLE}").published is None
    assert read(f"2026-05 {TITLE}\n{ARTICLE}").published is None


def test_a_date_inside_the_text_is_not_the_publication() -> None:
    assert read(f"{TITLE}\n{FIRST}\n{SECOND}\nLa signature date du 7 mai 2024.").published is None


@pytest.mark.parametrize(
    ("end", "author"),
    [
        (f"{THIRD}(Author: Li Na; Tom Roe))", "Li Na; Tom Roe"),
        (f"{THIRD}\nActualités et photos : Minh Anh", "Minh Anh"),
        (f"{THIRD}\nTin, ảnh: Minh Anh", "Minh Anh"),
        (f"{THIRD}（记者：王小明）", "王小明"),
    ],
)
def test_the_author_below_the_text_is_taken_off(end: str, author: str) -> None:
    document = read(f"{TITLE}\n{FIRST}\n{SECOND}\n{end}")
    assert document.author == author
    assert document.text.endswith(THIRD)


def test_other_words_in_brackets_at_the_end_stay() -> None:
    end = "Le concert aura lieu au théâtre du centre (entrée : dix euros)."
    assert read(f"{TITLE}\n{FIRST}\n{end}").text.endswith(end)


def test_the_source_line_gives_the_address() -> None:
    document = read(f"{TITLE}\n{ARTICLE}\nSource : https://gazette.example/a/12\n\nPartager")
    assert document.url == "https://gazette.example/a/12"
    assert "gazette.example" not in document.text


def test_front_matter_says_title_date_author_and_address() -> None:
    head = f'---\ntitle: "{TITLE}"\ndate: 2024-05-07\nauthor: Jeanne Martin\nurl: https://tours.example/1\n---\n'
    document = read(f"{head}\n# {TITLE}\n\n{ARTICLE}")
    assert (document.title, document.author, document.url) == (TITLE, "Jeanne Martin", "https://tours.example/1")
    assert document.published_on == date(2024, 5, 7)
    assert document.text == ARTICLE.replace("\n\n", "\n")


# ---------------------------------------------------------------- captions and tails


def test_a_caption_that_stands_twice_is_kept_once() -> None:
    caption = "Les musiciens de Takamatsu devant l'hôtel de ville de Tours."
    document = read(f"{TITLE}\n{FIRST}\n{caption}\n{caption}\n{SECOND}")
    assert document.text.count(caption) == 1


def test_of_two_nearly_equal_captions_the_longer_stays() -> None:
    shorter = "Les musiciens de Takamatsu devant la mairie de la ville de Tours."
    longer = "Les jeunes musiciens de Takamatsu devant la mairie de la ville de Tours."
    for pair in (f"{shorter}\n{longer}", f"{longer}\n{shorter}"):
        document = read(f"{TITLE}\n{FIRST}\n{pair}\n{SECOND}")
        assert longer in document.text
        assert shorter not in document.text


def test_two_long_paragraphs_that_resemble_each_other_both_stay() -> None:
    long = f"{FIRST} {SECOND} {THIRD} Chacun y est le bienvenu, petits et grands, sans réservation."
    other = f"{long} Ou presque."
    assert read(f"{TITLE}\n{long}\n{other}").text.count(THIRD) == 2


@pytest.mark.parametrize(
    "heading",
    [
        "Comment (0)",
        "Même catégorie",
        "Bình luận (3)",
        "Read also:",
        "Читайте также",
        "相关新闻",
        "Kommentare 12",
        "» Lire aussi",
    ],
)
def test_a_tail_of_headlines_is_cut_even_where_they_end_like_sentences(heading: str) -> None:
    tail = f"{heading}\nNo data\nLa crue de la rivière a dépassé hier le niveau de 1964.\nPatrimoine\n\nÉvénements"
    body = "\n".join([FIRST, SECOND, THIRD] * 2)
    assert read(f"{TITLE}\n{body}\n{tail}").text == body


def test_a_tail_without_heading_is_cut_after_the_last_sentence() -> None:
    document = read(f"{TITLE}\n{ARTICLE}\nÀ bientôt.\nPartager\nFacebook\nLes trams de demain roulent plus vite")
    assert document.text.endswith(f"{THIRD}\nÀ bientôt.")


def test_a_tail_heading_above_half_of_the_article_cuts_nothing() -> None:
    document = read(f"{TITLE}\n{FIRST}\nÀ la une\n{SECOND}\n{THIRD}")
    assert THIRD in document.text


def test_a_promotion_inside_the_text_is_dropped() -> None:
    document = read(f"{TITLE}\n{FIRST}\nLire aussi : Les trams de demain\n{SECOND}")
    assert document.text == f"{FIRST}\n{SECOND}"


def test_subheadings_inside_the_text_stay() -> None:
    document = read(f"{TITLE}\n{FIRST}\n{SECOND}\nUn retour en automne\n{THIRD}")
    assert "\nUn retour en automne\n" in document.text


# ---------------------------------------------------------------- any document


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("", None, ""),
        ("Oui", None, "Oui"),
        ("Premier jet de la note\nTrams\nÉcoles", "Premier jet de la note", "Trams\nÉcoles"),
    ],
)
def test_a_document_without_any_shape_is_all_text(text: str, title: str | None, body: str) -> None:
    document = read(text)
    assert (document.title, document.text) == (title, body)


@given(
    st.text(max_size=600)
    | st.lists(st.sampled_from([TITLE, FIRST, SECOND, "Menu", "2024-05-07", "Comment (0)"])).map("\n".join)
)
def test_reading_never_fails_and_keeps_the_original(text: str) -> None:
    document = read(text)
    assert document.original == clean(text)
    assert document.text == clean(document.text)


def test_what_is_read_is_recognised_by_the_fingerprint_of_the_original() -> None:
    whole = f"Accueil\nCulture\n{TITLE}\n7 mai 2024\n{FIRST}\n{SECOND}\n{THIRD}\nComment (0)\nNo data\nPatrimoine\n"
    document = read(whole)
    again = dedupe.fingerprint(f"{document.title}\n\n{document.text}")
    kind, _, share = dedupe.compare(dedupe.fingerprint(document.original), again)
    assert kind is not None
    assert share > 0.9
