"""Who wrote an article: JSON-LD, meta elements, the line under the heading; a publisher where no person is named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from monitor.adapters.children.markup import following, plain_text, text_of
from monitor.domain.text import clean_line, fold, is_cjk

MAX_AUTHORS_CHARS = 300
MAX_NAME_CHARS = 60
MAX_NAME_WORDS = 5
MAX_NAMES = 8
MAX_LINE_CHARS = 120  # of an element that holds a byline and little else
MAX_STEPS = 80  # elements after the heading; farther away stand the authors of other articles
_META_NAMES = ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "byl", "sailthru.author")
_ADDRESS = re.compile(r"^(?:https?:)?//|@|^www\.", re.IGNORECASE)
_BYLINE_NAME = re.compile(
    r"(?<![a-z])(?:by-?line|authors?|author-?names?|auteurs?|autor(?:en|es|a)?|autore|writer|writtenby|verfasser)(?![a-z])",
    re.IGNORECASE,
)
_BY = re.compile(
    r"^(?:(?:written|words|story|text|reported|posted)\s)?by:?\s"
    r"|^(?:von|par|por|di|door|av|af|автор|текст|autor(?:in|a|en|es)?|auteurs?|authors?|texte?|autore|tác giả|theo|oleh"
    r"|penulis)(?:\s?[:：]\s?|\s)|^(?:記者|记者|作者|责任编辑|責任編輯|文)\s?[/／:：]\s?",
    re.IGNORECASE,
)
_REST = re.compile(
    r"\s*(?:[|•·–—(\n].*|기자|記者|记者|,?\s(?:updated|published|posted|last|am|le|el|il|on)\b.*)$", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*(?:[,;/&、，]|\s(?:and|und|et|y|e|en|og|och|i|и|và)\s)\s*", re.IGNORECASE)
_PARTICLE = re.compile(r"(?:d[aeiou]s?|del|della|di|du|la|le|van|von|der|den|ten|ter|bin|ibn|al|el|y|zu|af|av|mc)\.?")
_HANGUL_NAME = re.compile(r"[\uac00-\ud7a3]{2,4}")
_PUBLISHER_TYPES = frozenset(("Organization", "NewsMediaOrganization", "Corporation", "WebSite"))
_NO_PERSON = re.compile(
    r"written|editor|redak|rédac|redac|staff|team|agency|news|press|admin|share|follow|about|more|contact|profile|comment|subscri",
    re.IGNORECASE,
)


def author_of(
    tree: HtmlElement, meta: dict[str, str], article: dict[str, Any], publishers: Iterable[str]
) -> str | None:
    """Names separated by commas; None where nobody is named. `publishers`: names of the site, which write nothing."""
    known = {fold(name) for name in publishers if name}
    declared = list(_declared(article))
    claimed = next((meta[name] for name in _META_NAMES if name in meta and not _ADDRESS.search(meta[name])), "")
    claimed = "" if claimed.isdigit() else claimed
    people = [name for name, is_person in declared if is_person and fold(name) not in known]
    for names in (people, [] if fold(claimed) in known else [claimed], bylines(tree)):
        if any(names):
            return _joined(names)
    return _joined([name for name, _ in declared]) or claimed[:MAX_AUTHORS_CHARS] or None


def _joined(names: Iterable[str]) -> str:
    return clean_line(", ".join(dict.fromkeys(filter(None, names))), MAX_AUTHORS_CHARS)


def bylines(tree: HtmlElement) -> list[str]:
    """The persons named in the first byline after the heading, and in others of its make; [] where nothing reads so."""
    found: list[str] = []
    make = ""
    for element in _candidates(tree):
        its = f"{element.tag} {element.get('class')}"
        if not found or its == make:
            text = text_of(element)
            names = names_in(clean_line(text.partition("\n")[0])) if len(text) <= MAX_LINE_CHARS else []
            found.extend(names)
            make = its if names else make
    return found[:MAX_NAMES]


def names_in(line: str) -> list[str]:
    """The names in a byline ("By Ann Low and Jo Ek | 3 May"); [] when it holds anything that is no name."""
    rest = _REST.sub("", _BY.sub("", line.strip())).strip(" .:-–—|•·")
    names = [name.strip() for name in _BETWEEN.split(rest) if name.strip()]
    return names if names and all(_is_name(name) for name in names) else []


def _is_name(text: str) -> bool:
    if any(char.isdigit() for char in text) or len(text) > MAX_NAME_CHARS or _NO_PERSON.search(text):
        return False
    if is_cjk(text):
        return 2 <= len(text) <= 5
    if _HANGUL_NAME.fullmatch(text):
        return True
    words = text.split()
    return 2 <= len(words) <= MAX_NAME_WORDS and all(map(_is_part_of_name, words))


def _is_part_of_name(word: str) -> bool:
    """Capitalised, at once or after a particle that is written with it (d'Arc), or a particle."""
    return any(char.isupper() for char in word[:3]) or _PARTICLE.fullmatch(word.casefold()) is not None


def _candidates(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Elements called authors, marked ones first, then those that are named so, soon after the heading."""
    heading = next(tree.iter("h1"), None)
    after = [] if heading is None else list(islice(filter(_is_marked, following(heading)), MAX_STEPS))
    yield from (one for one in after if "author" in f"{one.get('rel') or ''} {one.get('itemprop') or ''}".split())
    yield from (one for one in after if _BYLINE_NAME.search(one.get("class") or ""))
    yield from islice((one for one in tree.iter("a") if one.get("rel") == "author"), 1)


def _is_marked(element: HtmlElement) -> bool:
    return any(element.get(name) for name in ("rel", "itemprop", "class"))


def _declared(article: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Names in JSON-LD, and whether each is a person's."""
    people = article.get("author") or article.get("creator")
    for one in people if isinstance(people, list) else [people]:
        name = one.get("name") if isinstance(one, dict) else one
        name = name[0] if isinstance(name, list) and name else name
        if isinstance(name, str) and name.strip() and not _ADDRESS.search(name):
            is_person = not (isinstance(one, dict) and str(one.get("@type")) in _PUBLISHER_TYPES)
            yield clean_line(plain_text(name), 100), is_person
