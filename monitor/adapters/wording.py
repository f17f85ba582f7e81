"""The words of a language: a PO catalogue read at start, dates, lists and plurals by babel.

No compiled catalogue is kept: what a translator edits is what runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal

from monitor.domain.model.events import DateRange, Precision
from monitor.domain.wording import message
from monitor.errors import ConfigurationError

SOURCE_LANGUAGE = "en"  # the messages in the code are English: they need no catalogue

# Whose habits a bare language follows: digests write "22 August 2017", not "August 22, 2017".
_REGIONS = {"en": "en_GB"}

# Patterns of CLDR, translated like any message; in a range, first and last day stand left and right of the bar. babel's
# own interval formats know short month names only.
DAY = message("d MMMM y")
DAYS_OF_A_MONTH = message("d|–d MMMM y")
DAYS_OF_A_YEAR = message("d MMMM| – d MMMM y")
DAYS = message("d MMMM y| – d MMMM y")
MONTH = message("MMMM y")
MONTHS_OF_A_YEAR = message("MMMM| – MMMM y")
MONTHS = message("MMMM y| – MMMM y")
YEAR = message("y")
YEARS = message("y|–y")

# By the ordinal forms of CLDR; a language uses those that it has.
ORDINALS = {
    "one": message("{number}st"),
    "two": message("{number}nd"),
    "few": message("{number}rd"),
    "other": message("{number}th"),
}


def load_wording(folder: Path, language: str, place_name: Callable[[str, str], str]) -> BabelWording:
    """Read the catalogue of `language` in `folder`; `place_name` gives the name of a place id in a language.

    Raises `ConfigurationError` for a language without catalogue, and for a catalogue that cannot be read.
    """
    available = languages(folder)
    if language not in available:
        raise ConfigurationError(f"language: {language!r} has no translation; there are {', '.join(available)}")
    translations = NullTranslations() if language == SOURCE_LANGUAGE else _read(catalogues(folder, language))
    return BabelWording(language, translations, place_name)


def catalogues(folder: Path, language: str) -> tuple[Path, ...]:
    """The files that hold a language's words: those of the digests, then those of the pages, a file an area."""
    return (folder / f"{language}.po", *sorted((folder / "web" / language).glob("*.po")))


def languages(folder: Path) -> tuple[str, ...]:
    """The languages that can be asked for, by code."""
    return tuple(sorted({SOURCE_LANGUAGE, *(path.stem for path in folder.glob("*.po"))}))


def _read(paths: Sequence[Path]) -> GNUTranslations:
    first, *others = (_catalogue(path, paths[0].stem) for path in paths)
    for other in others:
        for one in other:
            if one.id and one.id not in first:
                first[one.id] = one
    compiled = BytesIO()
    write_mo(compiled, first)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _catalogue(path: Path, language: str) -> Catalog:
    try:
        with path.open("rb") as file:
            return read_po(file, locale=language, abort_invalid=True)
    except (OSError, PoFileError, ValueError, UnknownLocaleError) as error:
        raise ConfigurationError(f"{path}: cannot be read as a PO catalogue: {error}") from error


class BabelWording:
    """`Wording` by a catalogue and babel's CLDR data. Immutable."""

    def __init__(self, language: str, translations: NullTranslations, place_name: Callable[[str, str], str]) -> None:
        self._language = language
        self._locale = Locale.parse(_REGIONS.get(language, language))
        self._translations = translations
        self._place_name = place_name

    @property
    def language(self) -> str:
        """BCP 47 primary subtag."""
        return self._language

    def say(self, message: str, /, **values: object) -> str:
        """The message in this language, its fields filled in."""
        return self._translations.gettext(message).format(**values)

    def count(self, singular: str, plural: str, n: int, /, **values: object) -> str:
        """The form for `n`."""
        text = self._translations.ngettext(singular, plural, n)
        return text.format(n=format_decimal(n, locale=self._locale), **values)

    def day(self, day: date) -> str:
        """A calendar day in full."""
        return self._dated(day, self._translations.gettext(DAY))

    def period(self, when: DateRange) -> str:
        """Days, months or years, as exactly as is known."""
        first, last = when.starts_on, when.ends_on
        same_year = first.year == last.year
        same_month = same_year and first.month == last.month
        if when.precision is Precision.YEAR:
            pattern = YEAR if same_year else YEARS
        elif when.precision is Precision.MONTH:
            pattern = MONTH if same_month else MONTHS_OF_A_YEAR if same_year else MONTHS
        elif first == last:
            pattern = DAY
        else:
            pattern = DAYS_OF_A_MONTH if same_month else DAYS_OF_A_YEAR if same_year else DAYS
        left, bar, right = self._translations.gettext(pattern).partition("|")
        return self._dated(first, left) + (self._dated(last, right) if bar else "")

    def ordinal(self, number: int) -> str:
        """The number of an edition."""
        return self.say(ORDINALS.get(self._locale.ordinal_form(number), ORDINALS["other"]), number=number)

    def place(self, place_id: str) -> str:
        """The name of a place as this language knows it."""
        return self._place_name(place_id, self._language)

    def language_name(self, code: str) -> str:
        """The name of a language in the middle of a sentence."""
        names = self._locale.languages
        name = str(names.get(code.replace("-", "_")) or names.get(code.partition("-")[0]) or code)
        return name[:1].lower() + name[1:] if self._language == "vi" else name  # CLDR: "Tiếng Trung"

    def number(self, value: float, digits: int = 0) -> str:
        """With exactly so many digits after the point."""
        return format_decimal(value, "#,##0" + ("." + "0" * digits if digits else ""), locale=self._locale)

    def join(self, names: Sequence[str]) -> str:
        """A list as prose."""
        return format_list(list(names), locale=self._locale) if names else ""

    def either(self, names: Sequence[str]) -> str:
        """A choice as prose."""
        return format_list(list(names), style="or", locale=self._locale) if names else ""

    def _dated(self, day: date, pattern: str) -> str:
        if self._locale.language == "fr" and day.day == 1:
            pattern = re.sub(r"\bd\b", "'1er'", pattern, count=1)  # CLDR has no word for the first of a month
        return format_date(day, pattern, locale=self._locale)
