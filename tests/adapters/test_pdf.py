"""PDFs as articles: official gazettes and papers of city halls, by real children."""

from __future__ import annotations

import textwrap
import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from monitor.adapters.extraction import SandboxExtractor
from monitor.adapters.sandbox import ProcessSandbox, SandboxLimits
from monitor.domain.model.articles import ArticleData, ExtractFailed, TextPath
from monitor.domain.outcomes import Outcome
from tests.adapters.pdf_files import Text, columns, pdf, rows

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
URL = "https://city.example/gazette/12.pdf"
NOTICE = (
    "The council of Harrowby approved on Tuesday the renewal of its twinning with Sato-machi for five years and asked "
    "the mayor to invite the delegation of the partner town to the harvest festival in October."
)
SECOND = (
    "The exchange of pupils between the two secondary schools will go on every summer, and the municipal hospital will "
    "receive two nurses from the partner town for three months in spring."
)
JAPANESE = (
    "佐藤町長は十月三日、友好都市ハローベイの訪問団十五名を役場に迎え、提携二十周年を祝う式典を開いた。"
    "両市町は中学生の派遣を来年も続けることで一致し、病院どうしの研修についても覚書を交わした。"
)
CHINESE = (
    "市长周二在市政厅会见了友好城市代表团一行十二人，双方签署了今后五年的交流合作备忘录，"
    "内容包括中学生互访、医护人员进修以及两市图书馆之间的资料交换，首批学生将于明年春天出发。"
)


@pytest.fixture(scope="module")
def extractor() -> Iterator[SandboxExtractor]:
    box = ProcessSandbox(SandboxLimits(children=1, wall_s=8.0, cpu_s=6), warm=("extract-pdf",))
    yield SandboxExtractor(box, clock=lambda: NOW)
    box.close()


def read(extractor: SandboxExtractor, body: bytes, kind: str = "application/pdf") -> ArticleData:
    result = extractor.extract(body, URL, kind)
    assert isinstance(result, ArticleData), result
    return result


def refused(extractor: SandboxExtractor, body: bytes, kind: str = "application/pdf") -> ExtractFailed:
    result = extractor.extract(body, URL, kind)
    assert isinstance(result, ExtractFailed), result
    return result


def set_in(width: int, *paragraphs: str) -> list[str]:
    """Lines of a page, paragraphs parted by a gap."""
    return [line for one in paragraphs for line in (*textwrap.wrap(one, width), "")]


def in_squares(text: str, count: int) -> list[str]:
    return [text[start : start + count] for start in range(0, len(text), count)]


def test_lines_become_paragraphs_again(extractor: SandboxExtractor) -> None:
    found = read(extractor, pdf(rows(set_in(70, NOTICE, SECOND)), title="Gazette 12", created="D:20260822103000Z"))
    assert found.text.split("\n") == [NOTICE, SECOND]
    assert (found.path, found.language, found.published_on) == (TextPath.PAGE, "en", date(2026, 8, 22))
    assert "pdf" in found.notes


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/octet-stream", ""])
def test_a_pdf_is_known_by_its_first_bytes(extractor: SandboxExtractor, kind: str) -> None:
    body = b"\r\n\xef\xbb\xbf" + pdf(rows(set_in(70, NOTICE)))
    assert read(extractor, body, kind).text == NOTICE


def test_words_that_were_parted_at_a_line_end_are_whole(extractor: SandboxExtractor) -> None:
    lines = [
        "The mayors signed an agreement on co-",
        "operation of the hospitals, as the Anglo-",
        "Japanese society had proposed, and named four inter-",
        "preters for the visit of the delegation in May.",
    ]
    text = read(extractor, pdf(rows(lines))).text
    assert "on cooperation of the hospitals, as the Anglo-Japanese society" in text
    assert "four interpreters" in text


def test_two_columns_are_read_one_after_the_other_even_when_drawn_row_by_row(extractor: SandboxExtractor) -> None:
    left, right = textwrap.wrap(NOTICE, 38), textwrap.wrap(SECOND, 38)
    drawn = [text for one, other in zip(rows(left, x=50), rows(right, x=320), strict=False) for text in (one, other)]
    found = read(extractor, pdf([Text(50, 800, "Harrowby renews its twinning", 20.0), *drawn]))
    assert found.title == "Harrowby renews its twinning"
    assert found.text.replace("\n", " ").startswith(NOTICE[: sum(map(len, left[: len(right)]))])
    assert SECOND[:80] in found.text


def test_japanese_and_chinese_lines_are_joined_without_blanks(extractor: SandboxExtractor) -> None:
    found = read(extractor, pdf([Text(60, 800, "友好都市だより", 22.0), *rows(in_squares(JAPANESE, 24))]))
    assert (found.title, found.text, found.language) == ("友好都市だより", JAPANESE, "ja")
    found = read(extractor, pdf(rows(in_squares(CHINESE, 24))))
    assert (found.text, found.language) == (CHINESE, "zh")


def test_vertical_writing_is_read_from_right_to_left(extractor: SandboxExtractor) -> None:
    lines = in_squares(JAPANESE, 20)
    assert read(extractor, pdf(columns(lines))).text == JAPANESE
    backwards = sorted(columns(lines), key=lambda text: (text.x, -text.y))
    assert read(extractor, pdf(backwards)).text == JAPANESE


def test_vertical_writing_in_two_tiers(extractor: SandboxExtractor) -> None:
    upper, lower = columns(in_squares(JAPANESE, 15)), columns(in_squares(JAPANESE, 20), top=400.0)
    assert read(extractor, pdf([*lower, *upper])).text == f"{JAPANESE}\n{JAPANESE}"


def test_a_paragraph_runs_over_the_page_and_what_each_page_repeats_goes(extractor: SandboxExtractor) -> None:
    words = textwrap.wrap(f"{NOTICE} {SECOND}", 60)
    pages = [
        [
            Text(60, 810, "Harrowby Gazette, number 12", 9.0),
            *rows(words[start : start + 2]),
            Text(290, 30, f"- {page} -", 9.0),
        ]
        for page, start in enumerate(range(0, len(words), 2), 1)
    ]
    assert len(pages) >= 3
    text = read(extractor, pdf(*pages)).text
    assert f"{NOTICE} {SECOND}" in text
    assert text.count("Harrowby Gazette") <= 1
    assert "- 2 -" not in text


@pytest.mark.parametrize("weak", ["", "untitled", "Microsoft Word - gazette_12_final.doc", "gazette12.indd", "12"])
def test_a_weak_title_of_the_file_yields_to_what_stands_big_on_the_page(extractor: SandboxExtractor, weak: str) -> None:
    page = [Text(60, 800, "Harrowby and Sato-machi", 20.0), *rows(set_in(70, NOTICE))]
    found = read(extractor, pdf(page, title=weak))
    assert (found.title, found.text) == ("Harrowby and Sato-machi", NOTICE)


def test_a_title_of_the_file_that_the_page_shows_is_taken(extractor: SandboxExtractor) -> None:
    page = [
        Text(60, 800, "GAZETTE", 30.0),
        Text(60, 780, "Twinning renewed for five years", 13.0),
        *rows(set_in(70, NOTICE)),
    ]
    assert (
        read(extractor, pdf(page, title="Twinning renewed for five years")).title == "Twinning renewed for five years"
    )


@pytest.mark.parametrize("created", ["", "yesterday", "D:20991231", "D:20269999"])
def test_a_date_that_cannot_be_is_no_date(extractor: SandboxExtractor, created: str) -> None:
    assert read(extractor, pdf(rows(set_in(70, NOTICE)), created=created)).published_on is None


def test_a_scan_says_that_it_is_one(extractor: SandboxExtractor) -> None:
    result = refused(extractor, pdf([]))
    assert (result.outcome, result.detail) == (Outcome.NO_TEXT, "a scan without text")


def test_letters_that_nobody_can_tell_are_no_text(extractor: SandboxExtractor) -> None:
    assert refused(extractor, pdf(rows(set_in(70, NOTICE)), to_unicode=False)).outcome is Outcome.NO_TEXT


def test_an_encrypted_file_is_unsupported(extractor: SandboxExtractor) -> None:
    locked = b"<< /Filter /Standard /V 1 /R 2 /P -44 /O <" + b"5a" * 32 + b"> /U <" + b"a5" * 32 + b"> >>"
    body = pdf(rows(set_in(70, NOTICE))).replace(b"/Root 1 0 R", b"/ID [<00><00>] /Encrypt " + locked + b" /Root 1 0 R")
    result = refused(extractor, body)
    assert (result.outcome, result.detail) == (Outcome.UNSUPPORTED_MEDIA, "an encrypted PDF")


@pytest.mark.parametrize("body", [b"%PDF-1.7", b"%PDF-1.4\n" + b"\x00\xff" * 5_000, b"%PDF-1.7\n1 0 obj\n<<" * 2_000])
def test_damage_is_unsupported(extractor: SandboxExtractor, body: bytes) -> None:
    assert refused(extractor, body).outcome in {Outcome.UNSUPPORTED_MEDIA, Outcome.NO_TEXT}


def test_a_file_cut_at_any_place_is_read_or_refused(extractor: SandboxExtractor) -> None:
    whole = pdf(rows(set_in(70, NOTICE, SECOND)), title="Gazette 12")
    outcomes = set()
    for length in range(9, len(whole), len(whole) // 40):
        result = extractor.extract(whole[:length], URL, "application/pdf")
        outcomes.add(result.outcome if isinstance(result, ExtractFailed) else "read")
    assert outcomes <= {"read", Outcome.UNSUPPORTED_MEDIA, Outcome.NO_TEXT}


def test_pages_that_refer_to_each_other_end(extractor: SandboxExtractor) -> None:
    body = pdf(rows(set_in(70, NOTICE))).replace(b"/Kids [7 0 R]", b"/Kids [2 0 R]")
    assert refused(extractor, body).outcome in {Outcome.UNSUPPORTED_MEDIA, Outcome.NO_TEXT}


def test_a_bomb_costs_its_child_at_most(extractor: SandboxExtractor) -> None:
    """A stream of 30 kB that unfolds to 30 MB of strings."""
    body = pdf(rows(set_in(70, NOTICE)))
    bomb = zlib.compress(b"BT /F 11 Tf 60 700 Td <0001> Tj ET\n" * 900_000)
    start, end = body.rindex(b"<< /Length"), body.rindex(b"endstream")
    swollen = (
        body[:start] + f"<< /Length {len(bomb)} /Filter /FlateDecode >>\nstream\n".encode() + bomb + b"\n" + body[end:]
    )
    result = extractor.extract(swollen, URL, "application/pdf")
    if isinstance(result, ExtractFailed):
        assert result.outcome in {Outcome.CHILD_DEADLINE, Outcome.CHILD_MEMORY, Outcome.CHILD_CRASH, Outcome.NO_TEXT}
    else:
        assert len(result.text) <= 1024 * 1024
    assert read(extractor, body).text == NOTICE


def test_long_documents_are_cut(extractor: SandboxExtractor) -> None:
    pages = [rows(set_in(70, NOTICE.replace("Tuesday", f"day {number}"))) for number in range(110)]
    found = read(extractor, pdf(*pages))
    assert "day 99 " in found.text
    assert "day 100 " not in found.text
    assert "pdf-cut" in found.notes
