"""News searches that answer as a feed, made of the names of two places and of words for what may happen between them.

Google News (https://news.google.com/rss/search, undocumented, in editions of a language and a country) is asked once a
language. GDELT's DOC 2.0 interface searches English translations of the news of 65 languages, so that one question is
enough (https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/). Both want alternatives in brackets with OR; what
stands side by side must all be there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from monitor.domain.model.places import Place
from monitor.domain.text import CJK_RUN, fold

WordsOf = Callable[[str], Sequence[str]]  # language -> words to search for, the most telling first

MAX_NAMES = 4  # of one place in one question ...
MAX_GDELT_NAMES = 2  # ... and in a short one
MOST_WORDS = 6  # for what may happen: measured, tests/shared/test_search_recall.py
GOOGLE_WORDS = 32  # Google's search ignores what goes beyond, by what its users report
GOOGLE_URL_CHARS = 2_000
GDELT_QUERY_CHARS = 250  # longer questions are refused, by what its users report
SHORTEST_GDELT_NAME = 4  # "The specified phrase is too short": acronyms are left out where there is another name
INFLECTED = frozenset({"bg", "cs", "el", "fi", "hr", "hu", "pl", "ro", "ru", "sk", "sr", "tr", "uk"})  # names too

# Languages in which a country's authorities and press write, as far as we have words to search for.
COUNTRY_LANGUAGES = {
    "AE": "ar", "AR": "es", "AT": "de", "AU": "en", "BE": "nl fr", "BG": "bg", "BR": "pt", "BY": "ru", "CA": "en fr",
    "CH": "de fr it", "CL": "es", "CN": "zh", "CO": "es", "CU": "es", "CY": "el", "CZ": "cs", "DE": "de", "DK": "da",
    "DZ": "ar fr", "EC": "es", "EG": "ar", "ES": "es", "FI": "fi", "FR": "fr", "GB": "en", "GR": "el", "HK": "zh en",
    "HR": "hr", "HU": "hu", "ID": "id", "IE": "en", "IL": "he", "IN": "en", "IQ": "ar", "IR": "fa", "IT": "it",
    "JO": "ar", "JP": "ja", "KR": "ko", "KZ": "ru", "LA": "en", "LB": "ar fr", "LU": "fr de", "MA": "ar fr",
    "MD": "ro", "MO": "zh pt", "MX": "es", "MY": "en", "MZ": "pt", "NL": "nl", "NO": "no", "NZ": "en", "PE": "es",
    "PH": "en", "PL": "pl", "PS": "ar", "PT": "pt", "RO": "ro", "RS": "sr", "RU": "ru", "SA": "ar", "SE": "sv",
    "SG": "en zh", "SK": "sk", "SN": "fr", "TH": "en", "TN": "ar fr", "TR": "tr", "TW": "zh", "UA": "uk", "US": "en",
    "UY": "es", "VE": "es", "VN": "vi", "ZA": "en",
}  # fmt: skip

# Editions of Google News: (language, country) -> hl, ceid's language. The first of a language serves everybody else.
_EDITIONS = {
    ("ar", "EG"): ("ar", "ar"), ("ar", "AE"): ("ar", "ar"), ("ar", "SA"): ("ar", "ar"), ("ar", "LB"): ("ar", "ar"),
    ("bg", "BG"): ("bg", "bg"), ("cs", "CZ"): ("cs", "cs"), ("de", "DE"): ("de", "de"), ("de", "AT"): ("de", "de"),
    ("de", "CH"): ("de", "de"), ("el", "GR"): ("el", "el"), ("en", "US"): ("en-US", "en"),
    ("en", "GB"): ("en-GB", "en"),
    ("en", "CA"): ("en-CA", "en"), ("en", "AU"): ("en-AU", "en"), ("en", "IE"): ("en-IE", "en"),
    ("en", "IN"): ("en-IN", "en"), ("en", "NZ"): ("en-NZ", "en"), ("en", "SG"): ("en-SG", "en"),
    ("en", "MY"): ("en-MY", "en"), ("en", "PH"): ("en-PH", "en"), ("en", "ZA"): ("en-ZA", "en"),
    ("es", "ES"): ("es", "es"), ("es", "MX"): ("es-419", "es-419"), ("es", "AR"): ("es-419", "es-419"),
    ("es", "CL"): ("es-419", "es-419"), ("es", "CO"): ("es-419", "es-419"), ("es", "PE"): ("es-419", "es-419"),
    ("es", "VE"): ("es-419", "es-419"), ("es", "CU"): ("es-419", "es-419"), ("fr", "FR"): ("fr", "fr"),
    ("fr", "BE"): ("fr", "fr"), ("fr", "CA"): ("fr-CA", "fr"), ("fr", "CH"): ("fr", "fr"), ("fr", "MA"): ("fr", "fr"),
    ("fr", "SN"): ("fr", "fr"), ("he", "IL"): ("he", "he"), ("hu", "HU"): ("hu", "hu"), ("id", "ID"): ("id", "id"),
    ("it", "IT"): ("it", "it"), ("ja", "JP"): ("ja", "ja"), ("ko", "KR"): ("ko", "ko"), ("nl", "NL"): ("nl", "nl"),
    ("nl", "BE"): ("nl", "nl"), ("no", "NO"): ("no", "no"), ("pl", "PL"): ("pl", "pl"),
    ("pt", "PT"): ("pt-PT", "pt-150"), ("pt", "BR"): ("pt-BR", "pt-419"), ("ro", "RO"): ("ro", "ro"),
    ("ru", "RU"): ("ru", "ru"), ("ru", "UA"): ("ru", "ru"),
    ("sk", "SK"): ("sk", "sk"), ("sr", "RS"): ("sr", "sr"), ("sv", "SE"): ("sv", "sv"), ("tr", "TR"): ("tr", "tr"),
    ("uk", "UA"): ("uk", "uk"), ("vi", "VN"): ("vi", "vi"), ("zh", "CN"): ("zh-CN", "zh-Hans"),
    ("zh", "TW"): ("zh-TW", "zh-Hant"), ("zh", "HK"): ("zh-HK", "zh-Hant"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SearchFeed:
    """A search as a feed: `query` is what a person would type."""

    service: str  # google-news, gdelt
    language: str
    country: str | None  # of the edition; None: everywhere
    query: str
    url: str


def search_feeds(home: Place, partner: Place, words: WordsOf) -> tuple[SearchFeed, ...]:
    """One Google News feed a language of either country and English, and one of GDELT."""
    asked = [_google(language, home, partner, words(language)) for language in languages_of(home, partner)]
    return (*(one for one in asked if one is not None), _gdelt(home, partner, words("en")))


def languages_of(home: Place, partner: Place) -> tuple[str, ...]:
    """Those of our country, then the partner's, then English; each once."""
    spoken = [COUNTRY_LANGUAGES.get(one.country, "") for one in (home, partner)]
    return tuple(dict.fromkeys([*" ".join(spoken).split(), "en"]))


# ---------------------------------------------------------------- Google News


def _google(language: str, home: Place, partner: Place, words: Sequence[str]) -> SearchFeed | None:
    edition = _edition(language, (home.country, partner.country))
    if edition is None:
        return None
    country, hl, ceid = edition
    names = [_names(one, language, country) for one in (home, partner)]
    is_quoted = _is_phrase if language in INFLECTED else _always
    for count in range(min(MOST_WORDS, len(words)), -1, -1):  # as many words as fit
        query = _query(names, words[:count], is_quoted)
        url = f"https://news.google.com/rss/search?q={quote_plus(query)}&hl={hl}&gl={country}&ceid={country}:{ceid}"
        if len(url) <= GOOGLE_URL_CHARS and _count(query) <= GOOGLE_WORDS:
            return SearchFeed("google-news", language, country, query, url)
    return None


def _edition(language: str, countries: Iterable[str]) -> tuple[str, str, str] | None:
    """Country, hl and ceid's language: of one of the two countries, else the first of that language."""
    of_language = [country for spoken, country in _EDITIONS if spoken == language]
    chosen = next((one for one in countries if one in of_language), next(iter(of_language), None))
    return None if chosen is None else (chosen, *_EDITIONS[language, chosen])


def _count(query: str) -> int:
    """Words as a search engine may count them: in scripts without blanks every two characters are one."""
    plain = query.replace('"', " ").replace("(", " ").replace(")", " ")
    unspaced = sum((len(run) + 1) // 2 for run in CJK_RUN.findall(plain))
    return unspaced + sum(1 for word in CJK_RUN.sub(" ", plain).split() if word != "OR")


# ---------------------------------------------------------------- GDELT


def _gdelt(home: Place, partner: Place, words: Sequence[str]) -> SearchFeed:
    """English names, as the translations have them; as many words as fit the short question."""
    query = _gdelt_query([_gdelt_names(one) for one in (home, partner)], words)
    url = (
        f"https://api.gdeltproject.org/api/v2/doc/doc?query={quote(query, safe='')}"
        "&mode=artlist&maxrecords=75&sort=datedesc&timespan=1month&format=rss"
    )
    return SearchFeed("gdelt", "en", None, query, url)


def _gdelt_query(names: Sequence[Sequence[str]], words: Sequence[str]) -> str:
    for count in range(min(MOST_WORDS, len(words)), 0, -1):
        query = _query(names, words[:count], is_quoted=_is_phrase)
        if len(query) <= GDELT_QUERY_CHARS:
            return query
    return _query([one[:1] for one in names], (), is_quoted=_is_phrase)


def _gdelt_names(place: Place) -> list[str]:
    names = _names(place, "en", "US")
    return [one for one in names if len(one) >= SHORTEST_GDELT_NAME][:MAX_GDELT_NAMES] or names[:1]


# ---------------------------------------------------------------- names and groups


def _names(place: Place, language: str, country: str) -> list[str]:
    """What the place is called in a language, the edition's own script first; English where nothing else is known.
    Names in brackets tell namesakes apart and are written nowhere.
    """
    own = place.names.get(language) or place.names.get("en") or next(iter(place.names.values()), ())
    plain = [name for name in own if "(" not in name] or [own[0].partition(" (")[0]]
    return list(_shortest(_of_script(plain, country) if language == "zh" else plain))[:MAX_NAMES]


def _of_script(names: Sequence[str], country: str) -> list[str]:
    """Chinese names come in pairs, simplified and traditional; both are asked, the edition's own first."""
    return list(names) if country == "CN" else list(reversed(names))


def _shortest(names: Sequence[str]) -> Iterator[str]:
    """Without those that hold another one whole ("province de Lào Cai"): a quoted phrase finds them too."""
    folded = [fold(name) for name in names]
    for number, name in enumerate(names):
        held = (other for at, other in enumerate(folded) if at != number and (other != folded[number] or at < number))
        if not any(_holds(folded[number], other) for other in held):
            yield name


def _holds(whole: str, part: str) -> bool:
    if CJK_RUN.search(part):
        return part in whole
    return f" {part} " in f" {whole} "


def _query(names: Sequence[Sequence[str]], words: Sequence[str], is_quoted: Callable[[str], bool]) -> str:
    """Both places, and one of the words."""
    groups = [_group(one, is_quoted) for one in names]
    return " ".join([*groups, _group(words, _is_phrase)] if words else groups)


def _group(phrases: Sequence[str], is_quoted: Callable[[str], bool]) -> str:
    quoted = [f'"{phrase}"' if is_quoted(phrase) else phrase for phrase in phrases]
    return quoted[0] if len(quoted) == 1 else f"({' OR '.join(quoted)})"


def _is_phrase(phrase: str) -> bool:
    """Of several words, or in a script where an engine may cut words elsewhere; one plain word is left to the engine's
    own sense of word forms.
    """
    return not phrase.isalpha() or CJK_RUN.search(phrase) is not None


def _always(phrase: str) -> bool:
    del phrase
    return True
