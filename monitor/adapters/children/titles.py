"""The title of a link: its heading, its text, what it is called, or the heading of the card it stands on."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from monitor.adapters.children.markup import plain_text, text_of
from monitor.adapters.children.page_dates import is_date_alone, without_date
from monitor.domain.text import clean_line, fold, is_cjk

# Of the 210 headlines of the fundus and wcxb pages beside the checkout 95 % have four words and 20 letters, or eight
# Han characters. Where a site's own are shorter, its feed needs a selector or a pattern.
FEWEST_WORDS = 4
FEWEST_LETTERS = 20
FEWEST_CJK = 8
FEWEST_HANGUL_WORDS = 3  # a syllable a letter: half of what Latin letters need
FEWEST_HANGUL = 10
MAX_TITLE_WORDS = 60
MAX_MORE_CHARS = 60  # "Continue reading" and the start of a title
MAX_CARD_LEVELS = 4  # up from a link to the card that it stands on
MAX_TITLE_CHARS = 200  # longer ones are teasers, or whole cards without structure

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_TITLE_NAME = re.compile(
    r"(?<![a-z])(?:title|titre|titulo|titel|titolo|headline|heading|tieu-?de|biaoti)(?![a-z])", re.IGNORECASE
)
_CUT = re.compile(r"\s*(?:\.{2,}|…+|⋯+)\s*$")
# What links say that lead to an article without telling its title; folded.
_MORE = re.compile(
    r"(?:read|learn|see|find out|view|show|continue)\s?(?:more|full|reading|details?|article|post)?"
    r"(?:\s(?:about|on|article|story|here)\b.*|\s[\"“”].*)?|more(?: info\w*| details?)?|details?"
    r"|full (?:story|article|text)"
    r"|(?:lire|voir|en savoir|decouvrir|consulter)"
    r"\s?(?:la suite|plus|l'article|l'actualite|le detail|davantage|tout)?(?:\s(?:de|sur)\b.*)?|la suite|suite"
    r"|(?:weiter\s?lesen|mehr(?: lesen| erfahren| dazu| infos?)?|weiter|zum artikel|lesen sie mehr)"
    r"(?:\s(?:uber|zu)\b.*)?"
    r"|(?:leer|ver|saber|seguir|ler|saiba|continue)\s?(?:mas|mais|noticia|a ler|leyendo|lendo)?(?:\s(?:de|sobre)\b.*)?"
    r"|(?:leggi|continua|scopri|vai)(?: tutto| di piu| a leggere| la notizia| all'articolo)?"
    r"|(?:doc|xem|chi) ?(?:tiep|them|tiet|chi tiet|toan van)?|xem chi tiet"
    r"|читать(?: далее| дальше| полностью)?|подробнее|далее|czytaj (?:dalej|wiecej)|wiecej|lees (?:meer|verder)"
    r"|(?:查看|阅读|閱讀|了解|點擊|点击)?(?:更多|全文|详情|詳情|详细|詳細|查看)"
    r"|続きを(?:読む|見る)|もっと(?:読む|見る)|詳しく(?:は(?:こちら)?|見る)?|記事を読む|더 ?보기|자세히(?: 보기)?"
)
_MARKS = " \t.:…⋯>»›→+[]()（）【】«‹<|-–—"


def is_title(text: str) -> bool:
    """Whether a text is as long as headlines are."""
    if is_cjk(text):
        return sum(char.isalpha() for char in text) >= FEWEST_CJK
    words = text.split()
    letters = sum(char.isalpha() for char in text)
    if sum("\uac00" <= char <= "\ud7a3" for char in text) * 2 > letters:
        return letters >= FEWEST_HANGUL and FEWEST_HANGUL_WORDS <= len(words) <= MAX_TITLE_WORDS
    return FEWEST_WORDS <= len(words) <= MAX_TITLE_WORDS and letters >= FEWEST_LETTERS


def says_more(text: str) -> bool:
    """Whether a link's text only says that there is more to read."""
    said = fold(text).strip(_MARKS)
    if not said or len(said) > MAX_MORE_CHARS:
        return not said
    return any(_MORE.fullmatch(one) is not None for one in (said, text.strip(_MARKS)))  # folding takes marks of kana


def title_of(element: HtmlElement) -> str:
    """The best title that a link has of its own; "" where it has none: "read more" is none."""
    text = _text(element)
    named = [_attribute(element, name) for name in ("title", "aria-label")]
    for full in named:
        if text and _completes(full, text):
            return without_date(full)
    if text and not says_more(text):
        return text
    images = [_attribute(image, "alt") for image in element.iter("img")]
    return next((without_date(one) for one in (*named, *images) if one and not says_more(one)), "")


def has_text(element: HtmlElement) -> bool:
    """Whether a link says more than that there is more; attributes may hold anything, teasers too."""
    return not says_more(_text(element))


def title_on_card(element: HtmlElement) -> str:
    """The heading of the card that a link without a title of its own stands on; "" where there is none or several."""
    holder = element.getparent()
    for _ in range(MAX_CARD_LEVELS):
        if holder is None or holder.tag in {"body", "main", "ul", "ol", "table", "tbody"}:
            break
        headings = {clean_line(text_of(one)) for one in holder.iter(*_HEADINGS)} - {""}
        if headings:
            return headings.pop() if len(headings) == 1 else ""
        holder = holder.getparent()
    return ""


def in_heading(element: HtmlElement) -> bool:
    """Whether a link is a heading or holds one."""
    if next(element.iter(*_HEADINGS), None) is not None:
        return True
    parent = element.getparent()
    for _ in range(3):
        if parent is None:
            return False
        if parent.tag in _HEADINGS:
            return True
        parent = parent.getparent()
    return False


def _attribute(element: HtmlElement, name: str) -> str:
    return clean_line(plain_text(element.get(name) or "")[:2_000])


def _text(element: HtmlElement) -> str:
    """Heading, part that is named so, or text without the dates in it; of several lines the first that is a title."""
    for heading in element.iter(*_HEADINGS):
        if text := clean_line(text_of(heading)):
            return text
    for part in element.iterdescendants():
        named = isinstance(part.tag, str) and _TITLE_NAME.search(part.get("class") or "")
        if named and (text := clean_line(text_of(part))):
            return text
    lines = [clean_line(line) for line in _without_dates(element).split("\n")]
    whole = clean_line(" ".join(lines))
    if len(whole) > MAX_TITLE_CHARS or sum(1 for line in lines if is_title(line)) > 1:
        return without_date(next((line for line in lines if is_title(line)), whole))
    return without_date(whole)


def _without_dates(element: HtmlElement) -> str:
    text = text_of(element)
    for part in element.iterdescendants():
        if isinstance(part.tag, str) and is_date_alone(part):
            text = text.replace(text_of(part), "\n", 1)
    return text if text.strip() else text_of(element)


def _completes(full: str, text: str) -> bool:
    """Whether `full` is what a cut text stands for."""
    start = _CUT.sub("", text)
    return bool(start) and len(full) > len(start) and full.startswith(start) and (start != text or not is_title(text))
