"""HTML to trees and to plain text, with bounds."""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement, HTMLParser

MAX_FRAGMENT_CHARS = 1_048_576  # of one title, summary or content; text is limited to as much anyway
_UNPARSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
HIDDEN = frozenset(("script", "style", "noscript", "template", "head", "iframe", "object", "svg", "math", "textarea"))
BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer"),
        *("form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section"),
        *("table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    )
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
_REFERENCE = re.compile(r"&#(\d{1,4000}|[xX][0-9a-fA-F]{1,4000})(?:;|(?![0-9a-fA-F]))")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def parse_html(text: str) -> HtmlElement | None:
    """The tree of a page; None when there is nothing in it. Never fetches, never reads a file."""
    return _parsed(text, HTMLParser)


def _parsed(text: str, parser: type[etree.HTMLParser]) -> etree._Element | None:
    text = _DECLARATION.sub("", _UNPARSABLE.sub("", text))
    try:
        return etree.fromstring(
            text.encode("utf-8"),
            parser(
                encoding="utf-8",
                remove_comments=True,
                remove_pis=True,
                no_network=True,
                collect_ids=False,
                recover=True,
            ),
        )
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def possible_references(text: str) -> str:
    """References to impossible characters become the replacement character: parsers that recover stumble over them."""
    return _REFERENCE.sub(_possible, text) if "&#" in text else text


def _possible(reference: re.Match[str]) -> str:
    figures = reference[1]
    value = int(figures[1:], 16) if figures[0] in "xX" else int(figures)
    return "\ufffd" if 0xD800 <= value <= 0xDFFF or value > sys.maxunicode else reference[0]


def plain_text(markup: str) -> str:
    """The text of an HTML fragment, a line break at every block."""
    markup = markup[:MAX_FRAGMENT_CHARS]
    if not _TAG.search(markup):
        return html.unescape(markup)
    tree = _parsed(f"<div>{markup}</div>", etree.HTMLParser)
    return "" if tree is None else _taken_text(tree)


def _taken_text(tree: etree._Element) -> str:
    """As `text_of`, at a third of the cost, of a tree that nobody needs any more."""
    for element in list(tree.iter(*HIDDEN)):
        element.clear(keep_tail=True)
    for element in tree.iter(*BLOCKS):
        element.text = f"\n{element.text or ''}"
        if element.tag != "br":
            element.tail = f"\n{element.tail or ''}"
    return str(etree.tostring(tree, method="text", encoding="unicode", with_tail=False)).strip()


def following(element: HtmlElement) -> Iterator[HtmlElement]:
    """The elements after one, in document order, without those inside it; lazily, unlike XPath."""
    place: HtmlElement | None = element
    while place is not None:
        for sibling in place.itersiblings():
            yield from (one for one in sibling.iter() if isinstance(one.tag, str))
        place = place.getparent()


def text_of(element: HtmlElement) -> str:
    """The visible text below an element, a line break at every block."""
    return "".join(_pieces(element)).strip()


def _pieces(root: HtmlElement) -> Iterator[str]:
    """Iterative: a document may be as deep as the parser lets it."""
    hidden: HtmlElement | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = element.tag
        if not isinstance(name, str):
            continue
        if event == "start":
            if hidden is None and name in HIDDEN:
                hidden = element
            elif hidden is None:
                if name in BLOCKS:
                    yield "\n"
                yield element.text or ""
            continue
        if hidden is element:
            hidden = None
        elif hidden is None and name in BLOCKS and name != "br":
            yield "\n"
        if hidden is None and element is not root:
            yield element.tail or ""
