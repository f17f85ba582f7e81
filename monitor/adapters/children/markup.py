"""HTML to trees and to plain text, with bounds."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement, HTMLParser

MAX_FRAGMENT_CHARS = 1_048_576  # of one title, summary or content; text is limited to as much anyway
_UNPARSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HIDDEN = frozenset(("script", "style", "noscript", "template", "head", "iframe", "object", "svg", "math", "textarea"))
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer"),
        *("form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section"),
        *("table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    )
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def parse_html(text: str) -> HtmlElement | None:
    """The tree of a page; None when there is nothing in it. Never fetches, never reads a file."""
    text = _DECLARATION.sub("", _UNPARSABLE.sub("", text))
    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, collect_ids=False, recover=True
    )
    try:
        tree = etree.fromstring(text.encode("utf-8"), parser)
    except etree.ParserError:
        return None
    except etree.XMLSyntaxError:
        return None
    return tree


def plain_text(markup: str) -> str:
    """The text of an HTML fragment, a line break at every block."""
    markup = markup[:MAX_FRAGMENT_CHARS]
    if not _TAG.search(markup):
        return html.unescape(markup)
    tree = parse_html(f"<div>{markup}</div>")
    return "" if tree is None else text_of(tree)


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
            if hidden is None and name in _HIDDEN:
                hidden = element
            elif hidden is None:
                if name in _BLOCKS:
                    yield "\n"
                yield element.text or ""
            continue
        if hidden is element:
            hidden = None
        elif hidden is None and name in _BLOCKS and name != "br":
            yield "\n"
        if hidden is None and element is not root:
            yield element.tail or ""
