"""CSS selectors to XPath: the part of the language that finds links on news pages.

Type, universal, class, id and attribute selectors, `:first-child`, `:last-child`, `:nth-child(n)`, `:not(...)` of one
of these, the four combinators, and lists. XPath stays out of the configuration: it can do more than find.
"""

from __future__ import annotations

import re

MAX_SELECTOR_CHARS = 500
_NAME = r"-?[A-Za-z_\u0080-\uffff][\w\u0080-\uffff-]*"
_PART = re.compile(
    rf"(?P<type>\*|{_NAME})|\#(?P<id>{_NAME})|\.(?P<class>{_NAME})"
    rf"|\[\s*(?P<attribute>{_NAME})\s*(?:(?P<operator>[~|^$*]?=)\s*(?:\"(?P<quoted>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\]\s\"']+)))?\s*\]"
    r"|:(?P<place>first|last)-child|:nth-child\(\s*(?P<nth>\d{1,4})\s*\)"
)
_NOT = re.compile(r":not\(\s*")
_COMBINATOR = re.compile(r"\s*([>+~])\s*|\s+")
_STEPS = {
    None: "descendant::",
    ">": "child::",
    "+": "following-sibling::*[1]/self::",
    "~": "following-sibling::",
}


def to_xpath(selector: str) -> str:
    """XPath 1.0 for a list of selectors, from any context node; raises `ValueError` naming the place of an error."""
    if len(selector) > MAX_SELECTOR_CHARS:
        raise ValueError(f"longer than {MAX_SELECTOR_CHARS} characters")
    return " | ".join(_complex(one.strip()) for one in _split_list(selector))


def _split_list(selector: str) -> list[str]:
    """Split at commas outside of brackets, quotes and parentheses."""
    parts = re.findall(r"(?:[^,\[\]()\"']|\[[^\]]*\]|\([^)]*\)|\"[^\"]*\"|'[^']*')+", selector)
    if not parts or len(",".join(parts)) != len(selector):
        raise ValueError(f"not a selector: {selector!r}")
    return parts


def _complex(selector: str) -> str:
    path, position, combinator = ".", 0, None
    while position < len(selector):
        step, position = _compound(selector, position)
        path += f"/{_STEPS[combinator]}{step}"
        if position == len(selector):
            return path
        match = _COMBINATOR.match(selector, position)
        if match is None or match.end() == len(selector):
            break
        combinator, position = match[1], match.end()
    raise ValueError(f"not a selector from character {position + 1}: {selector!r}")


def _compound(selector: str, position: int) -> tuple[str, int]:
    name, conditions, start = "*", list[str](), position
    while position < len(selector):
        negated = _NOT.match(selector, position)
        if negated is not None:
            condition, position = _negation(selector, negated.end())
            conditions.append(condition)
            continue
        match = _PART.match(selector, position)
        if match is None or (match["type"] is not None and position > start):
            break
        if match["type"] is not None:
            name = match["type"].lower()
        else:
            conditions.append(_condition(match))
        position = match.end()
    if position == start:
        raise ValueError(f"not a selector from character {position + 1}: {selector!r}")
    test = "*" if name == "*" else f"*[local-name() = {_literal(name)}]"
    return test + "".join(f"[{condition}]" for condition in conditions), position


def _negation(selector: str, position: int) -> tuple[str, int]:
    match = _PART.match(selector, position)
    end = re.compile(r"\s*\)").match(selector, match.end()) if match else None
    if match is None or end is None:
        raise ValueError(f":not() takes one simple selector: {selector!r}")
    inner = f"local-name() = {_literal(match['type'].lower())}" if match["type"] else _condition(match)
    return f"not({inner})", end.end()


def _condition(match: re.Match[str]) -> str:
    if match["id"] is not None:
        return f"@id = {_literal(match['id'])}"
    if match["class"] is not None:
        return _contains_word("@class", match["class"])
    if match["place"] is not None:
        return f"not({'preceding' if match['place'] == 'first' else 'following'}-sibling::*)"
    if match["nth"] is not None:
        return f"count(preceding-sibling::*) = {int(match['nth']) - 1}"
    return _attribute(match)


def _attribute(match: re.Match[str]) -> str:
    name = f"@{match['attribute'].lower()}"
    value = next((found for found in (match["quoted"], match["single"], match["bare"]) if found is not None), "")
    literal = _literal(value)
    match match["operator"]:
        case None:
            return name
        case "=":
            return f"{name} = {literal}"
        case "~=":
            return _contains_word(name, value)
        case "|=":
            return f"({name} = {literal} or starts-with({name}, {_literal(value + '-')}))"
        case "^=":
            return f"starts-with({name}, {literal})"
        case "*=":
            return f"contains({name}, {literal})"
        case _:
            return f"substring({name}, string-length({name}) - {len(value) - 1}) = {literal}"


def _contains_word(name: str, word: str) -> str:
    return f"contains(concat(' ', normalize-space({name}), ' '), {_literal(f' {word} ')})"


def _literal(text: str) -> str:
    if '"' not in text:
        return f'"{text}"'
    if "'" not in text:
        return f"'{text}'"
    raise ValueError("a value with both kinds of quotes")
