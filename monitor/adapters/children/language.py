"""The language of a text: by its script where that settles it, else by lingua among the languages we know."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from typing import Any

from lingua import IsoCode639_1, Language, LanguageDetector, LanguageDetectorBuilder

SAMPLE_CHARS = 400  # design section 3
FEWEST_CHARS = 20  # below, the declared language is believed
FEWEST_CJK = 4  # a Han character says as much as a word
KANA_SHARE = 0.05  # of Han and kana: Japanese prose has half, its headlines at least some
# Every language of the lexicon is told from the others, or its cues would never be asked.
LATIN = (
    *("fr", "en", "vi", "de", "es", "it", "pt", "pl", "nl", "tr", "cs", "sv"),
    *("da", "nb", "fi", "hu", "ro", "hr", "sk", "id"),
)
CYRILLIC = ("ru", "uk", "bg", "sr")
_OURS = {"nb": "no"}  # where the lexicon's code is the wider one
_BY_SCRIPT = {"HANGUL": "ko", "THAI": "th", "GREEK": "el", "HEBREW": "he", "LAO": "lo", "KHMER": "km"}
_BY_SCRIPT |= {"GEORGIAN": "ka", "ARMENIAN": "hy", "MYANMAR": "my", "DEVANAGARI": "hi", "BENGALI": "bn", "TAMIL": "ta"}
_PERSIAN = frozenset("پچژگکی")  # its keyboards also write kaf and yeh otherwise than Arabic ones
_VIETNAMESE = frozenset("ơưđạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")
_SWEDISH, _DANISH = frozenset("äö"), frozenset("æø")
VIETNAMESE_SHARE = 0.05  # of letters; other Latin languages have none of these but a stray đ

# The small words of each language, and those of our subject. lingua's light mode, which saves 200 MB a child, is weak
# on titles full of foreign names; a vote of these words mends most of it.
_TELLING_WORDS = {
    "fr": "le la les des du et au aux une un dans sur avec pour par est sont qui ses cette leur entre ville"
    " jumelage maire",
    "en": "the of and to for with on by from at is are was has their its will between city mayor sister twin town",
    "de": "der die das und mit von für auf im vom den dem des ein eine zwischen ist sind zum zur stadt nach bei"
    " städtepartnerschaft oberbürgermeister",
    "es": "el los las del y con una en por para su al se que sus entre ciudad es son hermanamiento alcalde",
    "it": "il lo gli della delle dei di e con per una nel nella tra fra al alla sono che città gemellaggio sindaco",
    "pt": "o os as da do das dos e com uma em no na para pelo pela ao entre são cidade que geminação prefeito",
    "nl": "het een en van met voor op in tussen naar is zijn stad bij door over wordt aan stedenband burgemeester",
    "pl": "i w z na do o się nie jest dla oraz przez od miasto między są za po partnerskie prezydent",
    "cs": "a v s na do o se je pro z ve mezi město jsou od po za který při partnerské primátor",
    "sv": "och i av för med på den det ett en till från mellan är som stad om vid vänort",
    "tr": "ve ile bir bu için de da kardeş şehir arasında olarak olan edildi belediye",
    "da": "og i af for med på den det et en til fra mellem er som by om ved ikke blev venskabsby borgmester",
    "nb": "og i av for med på den det et en til fra mellom er som by om ved ikke ble vennskapsby ordfører",
    "fi": "ja on että kanssa sekä kaupungin kaupunki ovat oli mutta myös välillä ystävyyskaupunki pormestari",
    "hu": "a az és hogy egy nem is van volt között város városi meg mint testvérváros polgármester",
    "ro": "și în cu pentru din care sunt între orașul că ale prin fost iar sau înfrățire primarul",
    "hr": "i u na za s sa je su se od do koji koja između grad grada te kao gradonačelnik prijateljstva",
    "sk": "a v s na do o sa je pre z vo medzi mesto sú od po za ktorý pri partnerské primátor",
    "id": "dan di yang dengan untuk dari ini itu pada antara kota adalah akan oleh ke dalam juga kembar wali",
    "bg": "и в на за с от се е са че да по между град при който побратимен кмет",
    "sr": "и у на за с са је су се од до који која између град те као градоначелник",
    "uk": "і в у на за з та до що це як про між міста місто є від побратим міський голова",
    "ru": "и в на за с из до что это как о между города город от по его побратим мэр",
    "vi": "và của các với cho là được trong thành phố tỉnh giữa va cua thanh pho tinh giua",
}
WORD_WEIGHT = 0.2  # of one such word against lingua's confidence; set on the headlines of the tests
PLENTY_OF_WORDS = 8  # in 400 characters: no accident
_WORD = re.compile(r"[^\W\d_]+")


def identify_language(payload: dict[str, Any], _body: bytes) -> dict[str, Any]:
    """The language of `text`; `declared` is believed for short texts and breaks ties."""
    return {"language": language_of(payload["text"], payload.get("declared"))}


def language_of(text: str, declared: str | None = None) -> str | None:
    """BCP 47 primary subtag by the first 400 characters; None: unknown."""
    sample = text[:SAMPLE_CHARS]
    letters = [char for char in sample.casefold() if char.isalpha()]
    declared = _primary(declared)
    script, count = _main_script(letters)
    if script in {"CJK", "HIRAGANA", "KATAKANA", "HANGUL"} and count >= FEWEST_CJK:
        return _east_asian(letters)
    if len(sample.strip()) < FEWEST_CHARS and declared is not None:
        return declared
    match script:
        case "LATIN":
            return _latin(sample, letters, declared)
        case "CYRILLIC":
            return _by_lingua(sample, CYRILLIC, declared)
        case "ARABIC":
            return "fa" if _PERSIAN & set(letters) else "ar"
        case None:
            return declared
        case _:
            return _BY_SCRIPT.get(script, declared)


def _primary(declared: str | None) -> str | None:
    match = re.match(r"[A-Za-z]{2,3}(?![A-Za-z])", (declared or "").strip())
    return match[0].lower() if match else None


def _main_script(letters: list[str]) -> tuple[str | None, int]:
    scripts = Counter(_script(char) for char in letters)
    return scripts.most_common(1)[0] if scripts else (None, 0)


@cache
def _script(char: str) -> str:
    return unicodedata.name(char, "UNKNOWN").partition(" ")[0]


def _east_asian(letters: list[str]) -> str:
    scripts = Counter(_script(char) for char in letters)
    kana = scripts["HIRAGANA"] + scripts["KATAKANA"]
    if scripts["HANGUL"] > scripts["CJK"] + kana:
        return "ko"
    return "ja" if kana > (scripts["CJK"] + kana) * KANA_SHARE else "zh"


def _latin(sample: str, letters: list[str], declared: str | None) -> str | None:
    marked = sum(char in _VIETNAMESE for char in letters)
    if marked > len(letters) * VIETNAMESE_SHARE:
        return "vi"
    # English on Vietnamese people is full of their names; a page that writes none of the marks says what it is in.
    named = frozenset({"vi"}) if not marked and declared not in (None, "vi") else frozenset()
    return _by_lingua(sample, LATIN, declared, named | _of_other_letters(frozenset(letters)))


def _of_other_letters(letters: frozenset[str]) -> frozenset[str]:
    """The Nordic languages that write their sounds with other letters; a name from next door proves nothing."""
    has_swedish, has_danish = bool(letters & _SWEDISH), bool(letters & _DANISH)
    if has_swedish == has_danish:
        return frozenset()
    return frozenset({"da", "nb"}) if has_swedish else frozenset({"sv", "fi"})


def _by_lingua(
    sample: str, languages: tuple[str, ...], declared: str | None, excluded: frozenset[str] = frozenset()
) -> str | None:
    declared_here = next((one for one, ours in _OURS.items() if ours == declared), declared)
    words = Counter(_WORD.findall(sample.casefold()))
    hits = {
        language: sum(words[word] for word in _telling_words(language))
        for language in languages
        if language not in excluded
    }
    scores = {language: count * WORD_WEIGHT for language, count in hits.items()}
    if declared_here in scores:
        scores[declared_here] += WORD_WEIGHT / 2
    elif declared is not None and max(hits.values(), default=0) < PLENTY_OF_WORDS:
        return declared  # a language we cannot tell: a page that names a rare one is hardly ever wrong
    if not _is_decided(scores):
        for one in _detector(languages).compute_language_confidence_values(sample):
            language = one.language.iso_code_639_1.name.lower()
            if language in scores:
                scores[language] += one.value
    best = max(scores, key=lambda language: scores[language])
    return _OURS.get(best, best) if scores[best] > 0 else declared


def _is_decided(scores: dict[str, float]) -> bool:
    """Whether one language leads by more than lingua's confidence, at most 1, could add to another."""
    first, second, *_ = (*sorted(scores.values(), reverse=True), 0.0, 0.0)
    return first > second + 1.0


@cache
def _telling_words(language: str) -> tuple[str, ...]:
    return tuple(_TELLING_WORDS.get(language, "").split())


@cache
def _detector(languages: tuple[str, ...]) -> LanguageDetector:
    known: list[Language] = [Language.from_iso_code_639_1(getattr(IsoCode639_1, one.upper())) for one in languages]
    return LanguageDetectorBuilder.from_languages(*known).with_low_accuracy_mode().build()
