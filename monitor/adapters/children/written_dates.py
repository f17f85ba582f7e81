"""The day of publication as a page shows it to its readers: beside the title, or under a label that says what it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml.html import HtmlElement

from monitor.adapters.children.markup import HIDDEN, following, text_of
from monitor.adapters.children.page_dates import DATE
from monitor.domain.text import clean_line

MAX_DATE_LINE_CHARS = 120  # of the text that holds a date beside a title; longer ones tell of something
# That stand in one line with such a date: a place, an author, a time. Captions and leads end with a day as well.
MAX_CHARS_BEFORE = 30
MAX_CHARS_BEHIND = 60
MAX_ELEMENTS_BELOW = 60  # after the title
MAX_CHARS_BELOW = 700  # a lead, a byline, a caption; further down stands the article, and what others are about
MAX_ELEMENTS = 20_000  # of a page that is looked through for labels
MAX_HEADINGS = 50  # that are compared with the title
MAX_SUBTITLES = 1  # headings that may follow; one with a link is that of another article
MAX_TEXT_CHARS = 1_000  # of one text that is looked at; what is longer is prose
MAX_LABEL_CHARS = 40
FEWEST_COMMON_CHARS = 15  # of a heading that is the title with more, or less, around it
_FIGURES = re.compile(r"\d\s?[-/.年년]|\d{4}|年")  # in every date
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NO_PLACE = HIDDEN | {"title", "option", "a", "meta", "link"}

# What a date of publication is called in the languages of our sources; a colon and a sort of verb may follow.
_PUBLISHED = re.compile(
    r"(?:\(?re\)?)?\b(?:published|posted|date of publication|publication date|date published|post date"
    r"|ver[öo]ffentlicht|ver[öo]ffentlichungsdatum|erstellt am|online seit"
    r"|publi[ée]e?|mis en ligne|date de publication|publicad[oa]|fecha de publicaci[óo]n|data de publica[çc][ãa]o"
    r"|pubblicat[oa]|data di pubblicazione|gepubliceerd|geplaatst|publicerad|publisert|udgivet|julkaistu"
    r"|opublikowan[oey]|data publikacji|publikov[áa]no|опубликован[ао]?|размещено|дата публикации"
    r"|опубліковано|yay[ıi]nlanma|yay[ıi]n tarihi|ng[àa]y đăng|đăng (?:ng[àa]y|l[úu]c))\b"
    r"|发布(?:时间|日期|于)|發[布佈](?:時間|日期|於)|发表(?:时间|日期|于)|發表(?:時間|日期)|刊登日期|录入时间|成文日期"
    r"|(?:掲載|公開|投稿|配信|発表)(?:日時?|:|：)|등록일|작성일|게시일|입력|승인|تاريخ النشر|نشر في",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?:date|datum|data|fecha|дата|tarih|日期|时间|時間|日付|날짜|ng[àa]y|التاريخ)\s*[:：]?", re.IGNORECASE
)
_CHANGED = re.compile(
    r"updated?\b|modified|revised|edited|accessed|aktualisiert|ge[äa]ndert|\bstand\b|mis(?:e)? [àa] jour|modifi[ée]"
    r"|actualizad|atualizad|aggiornat|bijgewerkt|uppdaterad|oppdatert|zaktualizowan"
    r"|обновлен|оновлено|g[üu]ncelle|c[ậa]p nh[ậa]t"
    r"|更新|修改|修正|改訂|수정|تحديث",
    re.IGNORECASE,
)
# What else has a day, beside the title of what tells of it.
_OF_SOMETHING_ELSE = re.compile(
    r"erscheinungs(?:datum|termin)|release date|\bisbn\b|\b(?:born|geboren|deadline|einsendeschluss|anmeldeschluss"
    r"|termine?|beginn|wann|when|quand|cu[áa]ndo|quando|starts?|ends?|until|bis|jusqu|hasta|fino al)\b"
    r"|开始时间|截止|締切|開催|일시|마감",
    re.IGNORECASE,
)
_RIGHTS = re.compile(r"©|\(c\)|copyright", re.IGNORECASE)


def date_beside_title(tree: HtmlElement, title: str) -> str | None:
    """The first date, as written, in the lines below the title up to the next heading or the article itself; none that
    is said to be of a change.
    """
    heading = _element_of(tree, title)
    if heading is None:
        return None
    chars, before = 0, ""
    for line in _lines_below(heading):
        chars += len(line)
        if chars > MAX_CHARS_BELOW:
            return None
        if len(line) <= MAX_DATE_LINE_CHARS and (found := _date_in(line, before)):
            return found
        before = line[-MAX_CHARS_BEFORE:]
    return None


def labelled_dates(tree: HtmlElement) -> tuple[str | None, str | None]:
    """The first date, as written, that a label before it calls the date of publication, and the first that is called a
    date and no more.
    """
    bare: str | None = None
    before = ""
    for text in _texts(islice(tree.iter(), MAX_ELEMENTS)):
        line = clean_line(text) if _FIGURES.search(text) else ""
        match = DATE.search(line) if 0 < len(line) <= MAX_DATE_LINE_CHARS else None
        if match is not None:
            label = line[: match.start()].strip() or clean_line(before)
            if _CHANGED.search(label) is None and _PUBLISHED.search(label[-MAX_LABEL_CHARS:]):
                return match[0], bare
            bare = bare or (match[0] if _BARE.fullmatch(label) else None)
        before = text
    return None, bare


def _date_in(line: str, before: str) -> str | None:
    match = DATE.search(line)
    if match is None or match.start() > MAX_CHARS_BEFORE or len(line) - match.end() > MAX_CHARS_BEHIND:
        return None
    label = f"{before} {line[: match.start()]}"
    is_another = _CHANGED.search(label) or _OF_SOMETHING_ELSE.search(label) or _RIGHTS.search(line)
    return None if is_another else match[0]


def _element_of(tree: HtmlElement, title: str) -> HtmlElement | None:
    """The heading that is the title; on old pages whatever element holds it alone; else the first heading."""
    wanted = title.casefold()
    for heading in islice(tree.iter("h1", "h2", "h3"), MAX_HEADINGS):
        said = clean_line(text_of(heading)).casefold()
        short, long = sorted((said, wanted), key=len)
        if said == wanted or (len(short) >= FEWEST_COMMON_CHARS and short in long):
            return heading
    for element in tree.iter():
        if not element.text or len(element.text) > MAX_TEXT_CHARS or element.tag in _NO_PLACE:
            continue
        if clean_line(element.text).casefold() == wanted:
            return element
    return next(tree.iter("h1"), None)


def _lines_below(heading: HtmlElement) -> Iterator[str]:
    if heading.tail and (tail := clean_line(heading.tail)):
        yield tail
    subtitles = 0
    for element in islice(following(heading), MAX_ELEMENTS_BELOW):
        if element.tag in _HEADINGS:
            subtitles += 1
            if subtitles > MAX_SUBTITLES or next(element.iter("a"), None) is not None:
                return
        yield from (line for text in _texts((element,)) if (line := clean_line(text)))


def _texts(elements: Iterable[HtmlElement]) -> Iterator[str]:
    """The texts of elements and those behind them, each by itself, none that is long."""
    for element in elements:
        shown = isinstance(element.tag, str) and element.tag not in HIDDEN
        for text in (element.text if shown else None, element.tail):
            if text and not text.isspace():
                yield text[:MAX_TEXT_CHARS]
