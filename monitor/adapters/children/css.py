"""CSS selectors of the configuration. XPath stays out of it: it can do more than find."""

from __future__ import annotations

from functools import lru_cache

from cssselect import HTMLTranslator, SelectorError
from lxml import etree
from lxml.html import HtmlElement

from monitor.adapters.children.loop import Refused

MAX_SELECTOR_CHARS = 500


def select(tree: HtmlElement, selector: str, what: str) -> list[HtmlElement]:
    """The elements that a selector finds, in document order; raises `Refused` with bad-selector, naming `what`."""
    found = _compiled(selector, what)(tree)
    return [one for one in found if isinstance(one.tag, str)]


@lru_cache(maxsize=64)
def _compiled(selector: str, what: str) -> etree.XPath:
    if len(selector) > MAX_SELECTOR_CHARS:
        raise Refused("bad-selector", f"{what}: longer than {MAX_SELECTOR_CHARS} characters")
    try:
        return etree.XPath(HTMLTranslator().css_to_xpath(selector))
    except (SelectorError, etree.XPathError) as error:
        raise Refused("bad-selector", f"{what}: {error}"[:300]) from error
