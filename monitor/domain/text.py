"""Text hygiene and folding: what every text from outside goes through, and how texts are made comparable."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MAX_TITLE_CHARS = 1_000  # design section 8; longer titles are attacks or broken markup
MAX_TEXT_CHARS = 1_048_576  # 1 Mi characters: longer than any article, short enough for every later stage

# C0 and C1 controls but tab and newline, surrogates, noncharacters, zero-width and bidi controls, soft hyphen, BOM.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufdd0-\ufdef\ufff9-\uffff\ud800-\udfff\U0001fffe\U0001ffff]"
)
_JOINER = "\u200d"  # of emoji
_JOINING = _JOINER + "\ufe0e\ufe0f" + "".join(map(chr, range(0x1F3FB, 0x1F400)))  # variants, skin tones
_LONGEST_CLUSTER = 32  # code points looked back at: with more marks a letter is decoration
# Anything that `clean` may change, but for runs of blanks: most texts have none of it.
_UNTIDY = re.compile(f"{_UNWANTED.pattern}|[^\\S\n ]|[\x85\u2028\u2029]")
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\s*\n\s*")

_HAN_KANA_HANGUL = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0002fa1f"
CJK_RUN = re.compile(f"[{_HAN_KANA_HANGUL}]+")
_WORD_OR_CJK = re.compile(f"[{_HAN_KANA_HANGUL}]+|[^\\W_{_HAN_KANA_HANGUL}]+")

# Letters that Unicode does not decompose, written as people type them without their keyboard.
_LETTERS = str.maketrans(
    {
        "đ": "d",
        "Đ": "D",
        "ł": "l",
        "Ł": "L",
        "ø": "o",
        "Ø": "O",
        "ı": "i",
        "\u2018": "'",
        "\u2019": "'",
        "ʼ": "'",
        "`": "'",
    }
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
)


def clean(text: str, limit: int = MAX_TEXT_CHARS) -> str:
    r"""Make a text from outside storable and showable: NFC, no control, bidi or zero-width characters, one line
    break between paragraphs, single blanks, at most `limit` characters.
    """
    if not text or (len(text) <= limit and _is_clean(text)):
        return text
    text = _BREAKS.sub("\n", text[: limit * 2])
    text = _UNWANTED.sub("", text)
    text = unicodedata.normalize("NFC", text)
    text = _BLANKS.sub(" ", text)
    return _cut(_BLANK_LINES.sub("\n", text).strip(), limit).rstrip()


def _cut(text: str, limit: int) -> str:
    """The beginning of a text, not ended within a letter with its marks, or an emoji of several parts."""
    if len(text) <= limit:
        return text
    end = limit
    while end > max(0, limit - _LONGEST_CLUSTER) and (
        unicodedata.combining(text[end]) or text[end] in _JOINING or text[end - 1] == _JOINER
    ):
        end -= 1
    return text[: end if end > max(0, limit - _LONGEST_CLUSTER) else limit]


def _is_clean(text: str) -> bool:
    """Whether cleaning would change nothing: a fifth of its cost."""
    return (
        _UNTIDY.search(text) is None
        and not any(blanks in text for blanks in ("  ", "\n\n", " \n", "\n "))
        and not (text[:1].isspace() or text[-1:].isspace())
        and unicodedata.is_normalized("NFC", text)
    )


def clean_line(text: str, limit: int = MAX_TITLE_CHARS) -> str:
    """The same on one line: for titles, names and everything that may enter a header."""
    return _cut(clean(text, limit * 2).replace("\n", " "), limit).rstrip()


def fold(text: str) -> str:
    """Spell a text so that accents, case and width make no difference; may change its length.

    NFKD without marks, casefold, đ→d and the like (NFKD leaves them). Marks of scripts in which they are letters
    (Devanagari, Thai...) go too: folding is for comparing, never for showing.
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return unicodedata.normalize("NFC", _bare(decomposed).casefold())


# Marks beyond the basic plane belong to scripts of the past and to music.
_MARKS = {code: None for code in range(0x300, 0x10000) if unicodedata.combining(chr(code))}


def _bare(decomposed: str) -> str:
    if max(decomposed, default="") > "\uffff":
        return "".join(char for char in decomposed if not unicodedata.combining(char))
    return decomposed.translate(_MARKS)


_fold_char = lru_cache(maxsize=65_536)(fold)  # a text repeats its letters: six times faster in scripts beyond ASCII


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text with the way back: `offsets[i]` is where folded character i comes from; one more for the end."""

    text: str
    offsets: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The range of the original text that folded characters [start, end) come from."""
        if end <= start:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], max(self.offsets[end - 1] + 1, self.offsets[end])


def fold_with_offsets(text: str) -> Folded:
    """Fold, keeping the way back (ß, ﬁ and … change lengths).

    Each distinct character is folded once; stretches whose characters all keep their length are folded in one go.
    """
    spelling = {char: char.lower() if char.isascii() else _fold_char(char) for char in set(text)}
    table = {ord(char): piece for char, piece in spelling.items()}
    changing = [char for char, piece in spelling.items() if len(piece) != 1]
    if not changing:
        return Folded(text.translate(table), tuple(range(len(text) + 1)))
    pieces: list[str] = []
    offsets: list[int] = []
    begin = 0
    for match in re.finditer(f"[{re.escape(''.join(changing))}]", text):
        pieces += (text[begin : match.start()].translate(table), spelling[match[0]])
        offsets += range(begin, match.start())
        offsets += [match.start()] * len(spelling[match[0]])
        begin = match.end()
    pieces.append(text[begin:].translate(table))
    offsets += range(begin, len(text) + 1)
    return Folded("".join(pieces), tuple(offsets))


def tokens(text: str) -> list[str]:
    """The folded words of a text in order; a run of Han, kana or hangul gives its overlapping bigrams.

    The one spelling of the search index and of queries: design section 5.
    """
    return list(_tokens(text))


@lru_cache(maxsize=4)  # several questions are asked of one text in a row
def _tokens(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for run in _WORD_OR_CJK.findall(fold(text)):
        if CJK_RUN.match(run):
            found.extend(run[i : i + 2] for i in range(len(run) - 1) or range(1))
        else:
            found.append(run)
    return tuple(found)


_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


def is_cjk(text: str) -> bool:
    """Whether a text is written mostly without blanks between words (Han, kana; hangul counts as spaced)."""
    unspaced = len(_UNSPACED.findall(text))
    return unspaced > 0 and unspaced * 2 > sum(map(str.isalpha, text))
