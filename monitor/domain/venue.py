"""Where a happening takes place: a locality behind a preposition of place, in the sentence that says what happens."""

from __future__ import annotations

import re
from collections.abc import Mapping

from monitor.domain.lexicon import primary
from monitor.domain.model.places import Place, PlaceKind
from monitor.domain.statements import Account, Named, Statement

HOST_ENOUGH = 0.85

_TOWN = (
    "city|province|ville|région|capitale|ciudad|città|cidade|Stadt|thành phố|tỉnh|miasta|mieście|město|městě|meste|"
    "град|граду|городе|місті|orașul|kota|πόλη"
)
_TOWN_OF = rf"(?:(?:the |la |il |el |der |die )?(?:{_TOWN}) (?:of |de |du |d['’]|di )?)?"
_BEFORE = {
    "fr": r"\b(?:à|au|en|dans)\s+(?:la |le |les |l['’])?",
    "en": r"\b(?:in|at|visit(?:ed|s|ing)?|visit to|arrived in|trip to|tour of|host city)\s+",
    "de": r"\b(?:in|nach)\s+",
    "es": r"\b(?:en|a|visit[aóo]\w*)\s+",
    "it": r"\b(?:a|ad|in)\s+",
    "pt": r"\b(?:em|no|na|a)\s+",
    "nl": r"\b(?:in|naar|te)\s+",
    "vi": r"\b(?:tại|ở|đến|tới|thăm|thăm và làm việc tại)\s+",
    "pl": r"\b(?:w|we|do)\s+",
    "ru": r"\b(?:в|во)\s+",
    "uk": r"\b(?:в|у|до)\s+",
    "ar": r"(?:في|الى|إلى)\s+",
    "sv": r"\b(?:i|till)\s+",
    "no": r"\b(?:i|til)\s+",
    "da": r"\b(?:i|til)\s+",
    "cs": r"\b(?:v|ve|do)\s+",
    "sk": r"\b(?:v|vo|do)\s+",
    "ro": r"\b(?:în|in|la)\s+",
    "hr": r"\b(?:u)\s+",
    "sr": r"\b(?:u|у)\s+",
    "bg": r"\b(?:в|във|до)\s+(?:гр\.\s?)?",
    "el": r"(?<!\w)(?:στην|στη|στο|στον|στα|στις)\s+",
    "id": r"\b(?:di|ke)\s+",
    "he": r"(?:(?<!\w)ב|ב)",
    "fa": r"(?:در|به)\s+",
    "zh": r"(?:在|于|於|赴|访问|訪問|抵达|抵達|到访)",
    "ja": r"(?:訪問先の)",
}
_BEHIND = {
    "zh": re.compile(r"(?:市|省)?(?:顺利|隆重)?(?:举行|召开|举办|舉行|召開|舉辦|签署|簽署)"),
    "ja": re.compile(r"(?:市|県|省)?(?:で|にて|において)"),
    "ko": re.compile(r"(?:시|도|성|군)?(?:에서|을 방문|를 방문|에 도착)"),
    "tr": re.compile(r"['’]?(?:da|de|ta|te)\b"),
    "fi": re.compile(r"(?<=ssa)|(?<=ssä)"),
    "hu": re.compile(r"(?<=ban)|(?<=ben)"),
}
_BEFORE_PATTERNS = {
    language: re.compile(lead + _TOWN_OF + r"(?:l['’])?$", re.IGNORECASE) for language, lead in _BEFORE.items()
}
_LEAD_REACH = 44


def host_of(account: Account, weighed: Mapping[int, float]) -> Place | None:
    """The place where it happens; `weighed` says how much each statement of the head counts."""
    language = primary(account.language)
    best: tuple[float, Place] | None = None
    for one in account.head:
        weight = min(weighed[one.number], 1.0) + (0.3 if one.has("kinds.") else 0.0)
        for named in one.named:
            if named.place.kind in (PlaceKind.COUNTRY, PlaceKind.OTHER) or not _is_located(named, one, language):
                continue
            if weight >= HOST_ENOUGH and (best is None or weight > best[0]):
                best = (weight, named.place)
    return best[1] if best else None


def _is_located(named: Named, statement: Statement, language: str) -> bool:
    start, end = named.start - statement.start, named.end - statement.start
    before = _BEFORE_PATTERNS.get(language)
    if before is not None and before.search(statement.text[max(0, start - _LEAD_REACH) : start]):
        return True
    behind = _BEHIND.get(language)
    return behind is not None and behind.match(statement.text, end) is not None


def is_only_venue(place: Place, account: Account) -> bool:
    """Whether the head names a place only as the one where others do something: always behind a preposition of place,
    never in a title.
    """
    language = primary(account.language)
    named = [(one, statement) for statement in account.head for one in statement.named if one.place.id == place.id]
    return all(not statement.is_title and _is_located(one, statement, language) for one, statement in named)
