"""The text index: the folded words of every article, in FTS5 or in a tsvector, asked with words folded alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from sqlalchemy import Connection, text

from monitor.domain.text import CJK_RUN, fold, fold_with_offsets, tokens

# PostgreSQL keeps no positions past 16,383, and a vector of at most 1 MiB.
MAX_WORDS = 16_000
MAX_WORD_CHARS = 40
MAX_INDEX_BYTES = 500_000
# Of a query: past these it is an attack or a pasted page.
MAX_QUERY_CHARS = 400
MAX_QUERY_TERMS = 24
MIN_PREFIX_CHARS = 3  # design section 5; of a script without blanks one is enough
COUNTED_UP_TO = 1_000  # more hits are told as "at least"

SNIPPET_CHARS = 240
HIT_START, HIT_END = "\u2068", "\u2069"

_FTS5_DELETE = text("DELETE FROM search_text WHERE rowid = :id")
_FTS5_INSERT = text("INSERT INTO search_text (rowid, words) VALUES (:id, :words)")
_TSVECTOR_PUT = text(
    "INSERT INTO search_text (article_id, words) VALUES (:id, CAST(:words AS tsvector)) "
    "ON CONFLICT (article_id) DO UPDATE SET words = excluded.words"
)

_PARTS = re.compile(r'"([^"]*)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand one after the other; `is_prefix`: the last one may go on."""

    words: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Hits:
    """Article ids, newest first."""

    ids: tuple[int, ...]
    total: int
    total_is_bound: bool


# ---------------------------------------------------------------- writing


def put(connection: Connection, article_id: int, title: str, body: str, *, is_new: bool) -> None:
    """Index an article; `is_new`: it was not indexed before."""
    words = indexed_words(title, body)
    given = {"id": article_id}
    if connection.dialect.name == "sqlite":
        if not is_new:
            connection.execute(_FTS5_DELETE, given)
        connection.execute(_FTS5_INSERT, given | {"words": " ".join(words)})
        return
    vector = " ".join(f"'{word}':{position}" for position, word in enumerate(words, start=1))
    connection.execute(_TSVECTOR_PUT, given | {"words": vector})


def indexed_words(title: str, body: str) -> list[str]:
    """The folded words of an article as far as they are indexed, in order."""
    words = [word[:MAX_WORD_CHARS] for word in tokens(f"{title}\n{body}")[:MAX_WORDS]]
    sizes = accumulate(len(word.encode()) + 1 for word in words)
    return [word for word, size in zip(words, sizes, strict=True) if size <= MAX_INDEX_BYTES]


# ---------------------------------------------------------------- asking


def parse(query: str) -> tuple[Term, ...]:
    """What a person typed: words, `word*`, "a phrase"; all of them must be there. Nothing in it is an operator."""
    terms = []
    for phrase, word in _PARTS.findall(query[:MAX_QUERY_CHARS]):
        words = tuple(one[:MAX_WORD_CHARS] for one in tokens(phrase or word))
        if words:
            terms.append(Term(words, _is_prefix(words[-1], starred=word.endswith("*"))))
    return tuple(terms[:MAX_QUERY_TERMS])


def _is_prefix(last: str, *, starred: bool) -> bool:
    if len(last) == 1 and CJK_RUN.match(last):
        return True  # the index holds pairs of these characters
    return starred and len(last) >= MIN_PREFIX_CHARS


def find(connection: Connection, terms: Sequence[Term], limit: int) -> Hits:
    """The newest articles that hold all terms."""
    ids = newest(connection, terms, limit)
    if len(ids) < limit:
        return Hits(ids, len(ids), total_is_bound=False)
    total = len(newest(connection, terms, COUNTED_UP_TO + 1))
    return Hits(ids, min(total, COUNTED_UP_TO), total_is_bound=total > COUNTED_UP_TO)


def newest(connection: Connection, terms: Sequence[Term], limit: int, below: int | None = None) -> tuple[int, ...]:
    """The ids of the newest articles that hold all terms, newest first; `below`: of those with smaller ids."""
    if not terms:
        return ()
    given: dict[str, str | int] = {"limit": limit}
    if connection.dialect.name == "sqlite":
        column, where = "rowid", "search_text MATCH :query"
        given["query"] = _fts5(terms)
    else:
        column, where = "article_id", "words @@ CAST(:query AS tsquery)"
        given["query"] = _tsquery(terms)
    if below is not None:
        where += f" AND {column} < :below"
        given["below"] = below
    found = text(f"SELECT {column} FROM search_text WHERE {where} ORDER BY 1 DESC LIMIT :limit")  # noqa: S608 - no value
    return tuple(connection.scalars(found, given).all())


def _fts5(terms: Iterable[Term]) -> str:
    """Words are letters and digits only, so that quoting them is enough."""
    return " AND ".join(f'"{" ".join(term.words)}"{" *" if term.is_prefix else ""}' for term in terms)


def _tsquery(terms: Iterable[Term]) -> str:
    def phrase(term: Term) -> str:
        quoted = [f"'{word}'" for word in term.words]
        return "(" + " <-> ".join(quoted) + (":*" if term.is_prefix else "") + ")"

    return " & ".join(phrase(term) for term in terms)


# ---------------------------------------------------------------- showing


def snippet(body: str, terms: Sequence[Term]) -> str:
    """The first paragraph with a hit, cut around it, hits between isolates; its beginning where only the title has
    one.
    """
    pattern = _hit_pattern(terms)
    for paragraph in body.split("\n"):
        if pattern.search(fold(paragraph)):
            return _cut(paragraph, pattern)
    return body.partition("\n")[0][:SNIPPET_CHARS]


def holds(title: str, terms: Sequence[Term]) -> bool:
    """Whether a line holds every one of the terms."""
    folded = fold(title)
    return all(_hit_pattern([term]).search(folded) for term in terms)


def marked(line: str, terms: Sequence[Term]) -> str:
    """A whole line with its hits between isolates."""
    pattern, folded = _hit_pattern(terms), fold_with_offsets(line)
    pieces, done = [], 0
    for first, last in (folded.original(*found.span()) for found in pattern.finditer(folded.text)):
        if first >= done:
            pieces += [line[done:first], HIT_START, line[first:last], HIT_END]
            done = last
    return "".join([*pieces, line[done:]])


def _hit_pattern(terms: Iterable[Term]) -> re.Pattern[str]:
    return _compiled(tuple(terms))


@lru_cache(maxsize=64)  # asked for every paragraph of every hit
def _compiled(terms: tuple[Term, ...]) -> re.Pattern[str]:
    choices = []
    for term in terms:
        for number, word in enumerate(term.words, start=1):
            if CJK_RUN.match(word):
                choices.append(re.escape(word))
            else:
                is_open = term.is_prefix and number == len(term.words)
                choices.append(rf"(?<![^\W_]){re.escape(word)}" + ("" if is_open else r"(?![^\W_])"))
    return re.compile("(?:" + "|".join(choices) + ")+")


def _cut(paragraph: str, pattern: re.Pattern[str]) -> str:
    folded = fold_with_offsets(paragraph)
    hits = [folded.original(*found.span()) for found in pattern.finditer(folded.text)]
    if not hits:
        return paragraph[:SNIPPET_CHARS]
    start = max(0, min(hits[0][0] - SNIPPET_CHARS // 3, len(paragraph) - SNIPPET_CHARS))
    end = start + SNIPPET_CHARS
    pieces, done = [], start
    for first, last in hits:
        if first >= done and last <= end:
            pieces += [paragraph[done:first], HIT_START, paragraph[first:last], HIT_END]
            done = last
    pieces.append(paragraph[done:end])
    return ("…" if start else "") + "".join(pieces) + ("…" if end < len(paragraph) else "")
