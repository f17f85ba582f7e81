"""The text of a PDF: official gazettes, papers of city halls. By PDFium, within the limits of the child."""

from __future__ import annotations

import re
import unicodedata
from statistics import median
from typing import Any

import pypdfium2
from pypdfium2 import raw

from monitor.adapters.children.language import language_of
from monitor.adapters.children.loop import Refused
from monitor.adapters.children.pdf_lines import HYPHEN, Line, lines_of
from monitor.adapters.children.pdf_paragraphs import Paragraph, paragraphs

MAX_PAGES = 100
MAX_TEXT_CHARS = 1024 * 1024
MAX_TITLE_CHARS = 300
TITLE_LINES = 3
BIG = 1.2  # times the usual size of letters: a title
FEWEST_TEXT_CHARS = 100  # as for web pages ...
FEWEST_CJK_CHARS = 40  # ... in scripts of which a character says more
MOST_UNREADABLE = 0.2  # share of characters that mean nothing: the file does not say which letters its shapes are
_WEAK_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel)\b.*|untitled.*|(?:slide|page|document|scan|folie|blatt|sheet)\W*\d*"
    r"|.*\.(?:docx?|pdf|indd|qxd|pptx?|xlsx?|odt|rtf|jtd|ai|txt)|[\W\d_]*|無題.*|名称未設定.*|スライド.*)",
    re.IGNORECASE,
)
_CREATED = re.compile(r"D:(\d{4})(\d{2})(\d{2})")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def extract_pdf(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    """Text and facts like those of a web page; raises `Refused` with unsupported-media or no-text."""
    document = _open(body)
    try:
        pages, notes = _read(document)
        metadata = document.get_metadata_dict()
    finally:
        document.close()
    found = paragraphs(pages)
    text = "\n".join(one.text for one in found)
    _check(text, pages)
    title, is_guess = _title(metadata.get("Title", ""), found)
    return {
        "title": title,
        "text": text.removeprefix(f"{title}\n"),
        "author": None,  # in PDFs whoever's computer it was
        "published_raw": _created(metadata.get("CreationDate", "")),
        "language": language_of(text, payload.get("language")),
        "site_name": None,
        "canonical": None,
        "notes": ["pdf", "date-from-file", *(["title-guessed"] if is_guess else []), *notes],
    }


def _open(body: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        locked = raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower()
        raise Refused("unsupported-media", "an encrypted PDF" if locked else "a damaged PDF") from error


def _read(document: pypdfium2.PdfDocument) -> tuple[list[list[Line]], list[str]]:
    """The lines of the first pages; a page that cannot be read costs itself."""
    pages: list[list[Line]] = []
    left, notes = MAX_TEXT_CHARS, dict[str, None]()
    for number in range(min(len(document), MAX_PAGES)):
        try:
            page = document[number]
            pages.append(lines_of(page, left))
            page.close()
        except pypdfium2.PdfiumError:
            notes["pages-missing"] = None
            continue
        left -= sum(len(line.text) for line in pages[-1])
        if left <= 0:
            break
    if left <= 0 or len(document) > MAX_PAGES:
        notes["pdf-cut"] = None
    return pages, list(notes)


def _check(text: str, pages: list[list[Line]]) -> None:
    letters = [char for char in text if not char.isspace()]
    if not letters:
        raise Refused("no-text", "a scan without text" if pages else "a PDF without pages")
    unreadable = sum(char == "\ufffd" or unicodedata.category(char) in {"Co", "Cn", "Cc"} for char in letters)
    if unreadable > len(letters) * MOST_UNREADABLE:
        raise Refused("no-text", "a PDF that does not tell its letters")
    fewest = FEWEST_CJK_CHARS if len(_CJK.findall(text)) * 2 > len(letters) else FEWEST_TEXT_CHARS
    if len(text) < fewest:
        raise Refused("no-text", "the PDF has no text to speak of")


def _title(declared: str, found: list[Paragraph]) -> tuple[str, bool]:
    """The file's own title where the first page has it too, else what stands big there, else the file's own, else line
    one; and whether it is a mere guess.
    """
    first_page = [one for one in found if one.page == 0] or found[:1]
    declared = " ".join(declared.split())
    if _WEAK_TITLE.fullmatch(declared):
        declared = ""
    if declared and _flat(declared) in _flat("".join(one.text for one in first_page)):
        return declared[:MAX_TITLE_CHARS], False
    usual = median(line.size for one in found for line in one.lines)
    big = max(first_page, key=lambda one: one.size if len(one.lines) <= TITLE_LINES else 0.0)
    if big.size >= usual * BIG and len(big.lines) <= TITLE_LINES and len(_flat(big.text)) > 3:
        return big.text[:MAX_TITLE_CHARS], False
    line = first_page[0].lines[0].text.replace(HYPHEN, "-").strip("\u3000 ")
    return (declared or line)[:MAX_TITLE_CHARS], True


def _flat(text: str) -> str:
    return "".join(text.split()).casefold()


def _created(text: str) -> str | None:
    """When the file was made, as a day: the article is hardly older, and often not much younger."""
    match = _CREATED.match(text)
    return f"{match[1]}-{match[2]}-{match[3]}" if match else None
