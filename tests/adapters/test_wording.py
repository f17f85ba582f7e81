from __future__ import annotations

import string
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

import monitor
from monitor import resources
from monitor.adapters.wording import BabelWording, catalogues, languages, load_wording
from monitor.domain import explanation_words, link_words, same_words
from monitor.domain.explanation_words import ReasonWords
from monitor.domain.model.events import Precision
from monitor.errors import ConfigurationError
from tests.domain.digest_samples import on, place_name, words

KEYWORDS = {"say": None, "message": None, "count": (1, 2)}
TRANSLATED = [path.stem for path in sorted(resources.locale().glob("*.po"))]


@cache
def messages_in_code() -> set[str | tuple[str, str]]:
    """What modules that speak of wording ask for; others have `count` and `say` of their own."""
    found: set[str | tuple[str, str]] = set()
    for path in Path(monitor.__file__).parent.rglob("*.py"):
        if "wording" in path.read_text(encoding="utf-8").lower():
            found |= {one[1] for one in extract_from_file("python", path, keywords=KEYWORDS)}  # type: ignore[misc]
    for path in (Path(monitor.__file__).parent / "web" / "templates").rglob("*.html"):
        with path.open("rb") as file:
            found |= {one[2] for one in babel_extract(file, list(KEYWORDS), (), {})}
    return {told for one in found if (told := _literal(one)) is not None}


def _literal(found: str | tuple[str | None, ...] | None) -> str | tuple[str, str] | None:
    """The message of a call, with its plural; None: it is given by a variable. Further arguments are no message."""
    told = [found] if isinstance(found, str) else [one for one in found or () if one is not None]
    if not told:
        return None
    return told[0] if len(told) == 1 else (told[0], told[1])


@cache  # read only
def catalogue(language: str) -> Catalog:
    merged = Catalog(locale=language)
    for path in catalogues(resources.locale(), language):
        with path.open("rb") as file:
            for one in read_po(file, locale=language, abort_invalid=True):
                merged[one.id] = one
    return merged


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def forms(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def test_the_promised_languages_are_there() -> None:
    assert {"en", "fr", "vi", "zh"} <= set(languages(resources.locale()))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_of_the_code_is_translated_and_none_is_left_over(language: str) -> None:
    found = {message.id for message in catalogue(language) if message.id}
    assert found == messages_in_code()


def texts(value: object) -> Iterator[str]:
    """Every text in a table of messages; keys are codes."""
    match value:
        case str():
            yield value
        case ReasonWords():
            yield from (value.clause, *filter(None, [value.lacking]))
        case dict():
            yield from texts(tuple(value.values()))
        case tuple():
            for one in value:
                yield from texts(one)


@pytest.mark.parametrize("module", [explanation_words, link_words])
def test_whatever_a_decision_is_explained_with_is_a_message(module: ModuleType) -> None:
    """A reason that is added as bare text would stay English without a word."""
    tables = [value for name, value in vars(module).items() if name.isupper() and not hasattr(same_words, name)]
    told = set(texts(tuple(tables)))
    assert told
    assert told <= messages_in_code()


@pytest.mark.parametrize("language", TRANSLATED)
def test_two_files_of_a_language_never_differ_on_a_message(language: str) -> None:
    said: dict[str | tuple[str, str], set[tuple[str, ...]]] = {}
    for path in catalogues(resources.locale(), language):
        with path.open("rb") as file:
            for one in read_po(file, locale=language, abort_invalid=True):
                if one.id:
                    said.setdefault(one.id, set()).add(forms(one))
    assert {message: told for message, told in said.items() if len(told) > 1} == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_empty_fuzzy_or_obsolete(language: str) -> None:
    read = catalogue(language)
    assert [message.id for message in read if message.fuzzy] == []
    assert not read.obsolete
    for message in read:
        if message.id:
            assert all(form.strip() for form in forms(message)), message.id
            assert not message.pluralizable or len(forms(message)) == read.num_plurals, message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_fill_in_the_fields_of_their_message(language: str) -> None:
    for message in catalogue(language):
        wanted = fields(message.id if isinstance(message.id, str) else message.id[1])
        for form in forms(message) if message.id else ():
            has = fields(form)
            # "1st" may be a word, and a singular may say "one" otherwise than with a figure.
            assert wanted - {"n", "number"} <= has <= wanted, message.id


DAYS = {
    "en": ["22 August 2017", "3–5 October 2026", "30 September – 2 October 2026", "30 December 2026 – 2 January 2027"],
    "fr": [
        "22 août 2017",
        "du 3 au 5 octobre 2026",
        "du 30 septembre au 2 octobre 2026",
        "du 30 décembre 2026 au 2 janvier 2027",
    ],
    "zh": ["2017年8月22日", "2026年10月3日至5日", "2026年9月30日至10月2日", "2026年12月30日至2027年1月2日"],
    "vi": [
        "ngày 22 tháng 8 năm 2017",
        "ngày 3–5 tháng 10 năm 2026",
        "từ ngày 30 tháng 9 đến ngày 2 tháng 10 năm 2026",
        "từ ngày 30 tháng 12 năm 2026 đến ngày 2 tháng 1 năm 2027",
    ],
}
MONTHS_AND_YEARS = {
    "en": ["October 2026", "October – November 2026", "December 2026 – January 2027", "2026", "2026–2027"],
    "fr": ["octobre 2026", "octobre – novembre 2026", "décembre 2026 – janvier 2027", "2026", "2026–2027"],
    "zh": ["2026年10月", "2026年10月至11月", "2026年12月至2027年1月", "2026年", "2026年至2027年"],
    "vi": [
        "tháng 10 năm 2026",
        "từ tháng 10 đến tháng 11 năm 2026",
        "từ tháng 12 năm 2026 đến tháng 1 năm 2027",
        "năm 2026",
        "từ năm 2026 đến năm 2027",
    ],
}


@pytest.mark.parametrize("language", DAYS)
def test_days_are_written_as_readers_write_them(language: str) -> None:
    wording = words(language)
    ranges = (
        on("2017-08-22"),
        on("2026-10-03", "2026-10-05"),
        on("2026-09-30", "2026-10-02"),
        on("2026-12-30", "2027-01-02"),
    )
    assert [wording.period(one) for one in ranges] == DAYS[language]
    assert wording.day(date(2017, 8, 22)) == DAYS[language][0]


@pytest.mark.parametrize("language", MONTHS_AND_YEARS)
def test_months_and_years_pretend_no_day(language: str) -> None:
    ranges = (
        on("2026-10-01", "2026-10-31", Precision.MONTH),
        on("2026-10-01", "2026-11-30", Precision.MONTH),
        on("2026-12-01", "2027-01-31", Precision.MONTH),
        on("2026-01-01", "2026-12-31", Precision.YEAR),
        on("2026-01-01", "2027-12-31", Precision.YEAR),
    )
    assert [words(language).period(one) for one in ranges] == MONTHS_AND_YEARS[language]


def test_the_first_of_a_month_is_premier_in_french() -> None:
    assert words("fr").day(date(2017, 8, 1)) == "1er août 2017"
    assert words("fr").period(on("2026-10-01", "2026-10-31")) == "du 1er au 31 octobre 2026"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["1st", "2nd", "3rd", "11th", "21st"]),
        ("fr", ["1re", "2e", "3e", "11e", "21e"]),
        ("zh", ["第1届", "第2届", "第3届", "第11届", "第21届"]),
        ("vi", ["lần thứ nhất", "lần thứ 2", "lần thứ 3", "lần thứ 11", "lần thứ 21"]),
    ],
)
def test_editions_are_numbered(language: str, expected: list[str]) -> None:
    assert [words(language).ordinal(number) for number in (1, 2, 3, 11, 21)] == expected


def test_plurals_and_numbers_follow_the_language() -> None:
    singular, plural = "{n} new event", "{n} new events"
    assert [words("en").count(singular, plural, n) for n in (0, 1, 2, 1_200)] == [
        "0 new events", "1 new event", "2 new events", "1,200 new events",
    ]  # fmt: skip
    assert [words("fr").count(singular, plural, n) for n in (0, 1, 2)] == [
        "0 nouvel événement", "1 nouvel événement", "2 nouveaux événements",
    ]  # fmt: skip
    assert words("zh").count(singular, plural, 3) == "3个新事件"


@pytest.mark.parametrize(
    ("language", "names", "joined"),
    [
        ("en", ["zh", "vi", "xx", "zh-Hant"], "Chinese, Vietnamese, xx and Traditional Chinese"),
        ("fr", ["zh", "vi"], "chinois et vietnamien"),
        ("zh", ["fr", "vi", "en"], "法语、越南语和英语"),
        ("vi", ["zh", "fr"], "tiếng Trung và tiếng Pháp"),
        ("en", [], ""),
    ],
)
def test_languages_are_named_and_listed(language: str, names: list[str], joined: str) -> None:
    wording = words(language)
    assert wording.join([wording.language_name(one) for one in names]) == joined


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "1,234.50"), ("fr", "1\u202f234,50"), ("zh", "1,234.50"), ("vi", "1.234,50")]
)
def test_numbers_have_the_separators_of_the_language(language: str, expected: str) -> None:
    assert words(language).number(1_234.5, 2) == expected
    assert words(language).number(7) == "7"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "a, b or c"), ("fr", "a, b ou c"), ("zh", "a、b或c"), ("vi", "a, b hoặc c")],
)
def test_choices_are_listed(language: str, expected: str) -> None:
    assert words(language).either(["a", "b", "c"]) == expected
    assert words(language).either(["a"]) == "a"
    assert words(language).either([]) == ""


def test_places_are_asked_for_in_the_language() -> None:
    assert words("zh").place("nancy") == "南锡"
    assert words("zh").place("atlantis") == "atlantis"


def test_values_with_braces_are_only_text() -> None:
    assert words("fr").say("Place: {place}", place="{oops} {0}") == "Lieu\u00a0: {oops} {0}"


def test_a_language_without_catalogue_is_refused_with_those_there_are() -> None:
    with pytest.raises(ConfigurationError, match="'tlh' has no translation; there are en, fr, vi, zh"):
        load_wording(resources.locale(), "tlh", place_name)


@pytest.mark.parametrize("text", ['msgid "x\n', "msgid \xff"])
def test_a_broken_catalogue_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "fr.po").write_text(text, encoding="latin-1")
    with pytest.raises(ConfigurationError, match=r"fr\.po: cannot be read as a PO catalogue"):
        load_wording(tmp_path, "fr", place_name)


def test_an_untranslated_message_stays_english(tmp_path: Path) -> None:
    (tmp_path / "fr.po").write_text('msgid "No news"\nmsgstr ""\n', encoding="utf-8")
    wording: BabelWording = load_wording(tmp_path, "fr", place_name)
    assert wording.say("No news") == "No news"
    assert wording.count("{n} new event", "{n} new events", 2) == "2 new events"
