"""Invented news: happenings between real places that never took place, written in seven languages.

One mind wrote these texts and the rules that read them: figures on them show what breaks, not how good it is on the
press of the world. The wordings stand in one TOML file a language; names of places come from the gazetteer.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

from monitor.domain.model.places import Place
from monitor.domain.places import display_name
from monitor.ports import Gazetteer

LANGUAGES = ("en", "fr", "zh", "vi", "de", "es", "ja")
KINDS = ("signed", "visit", "conference", "anniversary", "exchange", "aid", "ended", "approved")  # what has happened
COMING = ("announced", "postponed")
HARD = "hard"  # local-government news that is no relation
FILL = "fill"  # sentences that may stand in any article
FILL_SENTENCES = (3, 7)
PROVINCE = "province_"  # prefix of the kinds as provinces have them

# Pairs that no seed and no labelled item is about, with names in all seven languages.
PAIRS = (
    ("toulouse", "chongqing"), ("nantes", "kobe"), ("rennes", "nagasaki"), ("leipzig", "bordeaux"),
    ("dresden", "marseille"), ("hamburg", "fukuoka"), ("munich", "nagoya"), ("cologne", "sapporo"),
    ("stuttgart", "xiamen"), ("zaragoza", "nanjing"), ("bilbao", "daegu"), ("seville", "kanazawa"),
    ("valencia", "incheon"), ("turin", "liverpool"), ("edinburgh", "krakow"), ("vancouver", "hai-phong"),
    ("chicago", "da-nang"), ("boston", "nanning"), ("seattle", "can-tho"), ("cincinnati", "busan"),
    ("ghent", "lublin"), ("padova", "hiroshima"), ("montreal", "dalian"), ("strasbourg", "xian"),
)  # fmt: skip
STRANGERS = ("lyon", "milan", "kyoto", "shanghai", "frankfurt", "coventry", "liege", "tunis", "guangxi", "quang-ninh")
COUNTRIES = ("country-fr", "country-cn", "country-de", "country-jp", "country-es", "country-us")

_NAMES = {
    "FR": ("Élise Garnier", "Paul Vasseur"),
    "CN": ("Chen Guowei", "Zhao Minghui"),
    "JP": ("Kenta Moriyama", "Aya Shiraishi"),
    "DE": ("Jutta Brandes", "Malte Kühnert"),
    "ES": ("Marta Solana", "Íñigo Larrea"),
    "KR": ("Park Sung-min", "Yoon Hye-jin"),
    "IT": ("Carla Benetti", "Luca Fortis"),
    "GB": ("Helen Marsh", "Owen Tate"),
    "PL": ("Anna Wilk", "Piotr Zaremba"),
    "VN": ("Trần Văn Lộc", "Phạm Thu Hà"),
    "US": ("Dana Whitlock", "Marcus Hale"),
    "CA": ("Joanne Pelletier", "Ian Fraser"),
    "BE": ("Lotte Maes", "Wim Claes"),
    "UA": ("Olena Kravets", "Bohdan Litvyn"),
}

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What happened, before anybody writes of it."""

    kind: str  # a section of the TOML files
    a: str  # place id: host, or who acts
    b: str
    on: date
    ordinal: int = 4  # edition; conferences only
    number: int = 60
    years: int = 30


@dataclass(frozen=True, slots=True)
class Text:
    """One article of it."""

    title: str
    body: str
    language: str
    published_on: date


def occurrences(count: int, random: Random, first: date = date(2026, 1, 12), days: int = 330) -> list[Occurrence]:
    """Happenings of past kinds, each pair and kind in turn, spread over `days`."""
    made = []
    for index in range(count):
        a, b = PAIRS[index % len(PAIRS)]
        kind = KINDS[(index // len(PAIRS) + index) % len(KINDS)]
        on = first + timedelta(days=random.randrange(days))
        made.append(
            Occurrence(kind, a, b, on, random.randrange(3, 12), random.randrange(17, 190), random.randrange(2, 12) * 5)
        )
    return made


def write(
    occurrence: Occurrence,
    language: str,
    gazetteer: Gazetteer,
    wording: int = 0,
    lag_days: int = 1,
    with_year: bool = True,
    filling: Random | None = None,
) -> Text:
    """An article on it, out `lag_days` after it happened; `wording` is taken in turn of those the language has.

    `filling` adds some of the sentences that say nothing of it, so that articles in one wording are not copies.
    """
    title, body = _wordings(language, occurrence.kind)[wording % len(_wordings(language, occurrence.kind))]
    places = {key: gazetteer.place(one) for key, one in (("a", occurrence.a), ("b", occurrence.b))}
    values = {
        **{key: _name(one, language) for key, one in places.items()},
        "day": told_day(occurrence.on, language, with_year),
        "nth": _nth(occurrence.ordinal, language),
        "ordinal": str(occurrence.ordinal),
        "n": str(occurrence.number),
        "years": str(occurrence.years),
        "mayor_a": _mayor(places["a"], 0),
        "mayor_b": _mayor(places["b"], 1),
    }
    if filling is not None:
        body = _filled(body, language, filling)
        values |= {"m": str(filling.randrange(4, 97)), "founded": str(filling.randrange(1956, 2016))}
    return Text(
        _mended(title.format(**values), language),
        _mended(body.format(**values), language),
        language,
        occurrence.on + timedelta(days=lag_days),
    )


def _filled(body: str, language: str, random: Random) -> str:
    between = "" if language in ("zh", "ja") else " "
    sentences = random.sample(_sections(language)[FILL]["sentences"], random.randrange(*FILL_SENTENCES))
    return between.join((body, *sentences))


def hard_local_news(count: int, random: Random, gazetteer: Gazetteer, first: date, days: int) -> list[Text]:
    """Budgets, road works, canteens, domestic twinnings, national diplomacy, fairs: municipal, and no relation."""
    cities = [one for pair in PAIRS for one in pair]
    made = []
    for index in range(count):
        language = LANGUAGES[index % len(LANGUAGES)]
        wordings = _wordings(language, HARD)
        title, body = wordings[(index // len(LANGUAGES)) % len(wordings)]
        on = first + timedelta(days=random.randrange(days))
        values = _hard_values(random, cities, language, gazetteer) | {"day": told_day(on, language)}
        made.append(
            Text(_mended(title.format(**values), language), _mended(body.format(**values), language), language, on)
        )
    return made


def _hard_values(random: Random, cities: Sequence[str], language: str, gazetteer: Gazetteer) -> dict[str, str]:
    a = random.choice(cities)
    home = gazetteer.place(a)
    mates = [one for one in (*cities, *STRANGERS) if one != a and _country(one, gazetteer) == _country(a, gazetteer)]
    b = random.choice([one for one in STRANGERS if _country(one, gazetteer) != _country(a, gazetteer)])
    country, other = random.sample(COUNTRIES, 2)
    found = {"a": home, "b": gazetteer.place(b), "c": gazetteer.place(random.choice(mates or [a]))}
    found |= {"country": gazetteer.place(country), "other": gazetteer.place(other)}
    return {key: _name(one, language) for key, one in found.items()} | {
        "n": str(random.randrange(18, 78)),
        "mayor_a": _mayor(home, 0),
    }


def swapped(occurrence: Occurrence, what: str, random: Random) -> Occurrence:
    """A look-alike: another event that differs in one respect (`pair`, `ordinal`, `date`, `status`)."""
    match what:
        case "pair":
            others = [one for one in STRANGERS if one not in (occurrence.a, occurrence.b)]
            return replace(occurrence, b=random.choice(others))
        case "ordinal":
            a_year_on = occurrence.on.replace(year=occurrence.on.year + 1, day=min(28, occurrence.on.day))
            return replace(occurrence, ordinal=occurrence.ordinal + 1, on=a_year_on)
        case "date":
            return replace(occurrence, on=occurrence.on + timedelta(days=random.randrange(35, 200)))
        case "status":
            step = {"signed": "approved", "approved": "ended", "ended": "signed"}.get(occurrence.kind, "signed")
            return replace(occurrence, kind=step, on=occurrence.on + timedelta(days=random.randrange(14, 90)))
    raise ValueError(what)


def told_day(day: date, language: str, with_year: bool = True) -> str:
    """The day as prose of the language writes it."""
    if language in ("zh", "ja"):
        return f"{day.year}年{day.month}月{day.day}日" if with_year else f"{day.month}月{day.day}日"
    if language == "vi":
        return f"{day.day}/{day.month}/{day.year}" if with_year else f"{day.day}/{day.month}"
    month = _MONTHS[language].split()[day.month - 1]
    number = f"{day.day}." if language == "de" else f"{day.day} de" if language == "es" else str(day.day)
    year = (f" de {day.year}" if language == "es" else f" {day.year}") if with_year else ""
    return f"{number} {month}{year}"


def _nth(number: int, language: str) -> str:
    if language == "en":
        ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{number}{ending}"
    return {"fr": f"{number}e", "de": f"{number}.", "es": f"{number}ª"}.get(language, str(number))


def _mended(text: str, language: str) -> str:
    """French elides before vowels and contracts."""
    if language == "fr":
        text = re.sub(r"\b([Dd])e (?=[AEIOUÉÈÎaeiouéèî])", r"\1'", text)
        return re.sub(r"\bde le ", "du ", text)
    return text


def _name(place: Place | None, language: str) -> str:
    if place is None:
        raise LookupError("an invented article names a place that the gazetteer lacks")
    return display_name(place, language)


def _country(place_id: str, gazetteer: Gazetteer) -> str:
    place = gazetteer.place(place_id)
    return place.country if place is not None else ""


def _mayor(place: Place | None, which: int) -> str:
    """The two stand for a country; a pair of one country has two."""
    return _NAMES.get(place.country if place is not None else "", ("Alex Norel", "Kim Tavani"))[which]


@cache
def _wordings(language: str, kind: str) -> tuple[tuple[str, str], ...]:
    return tuple((title, body) for title, body in _sections(language)[kind]["wordings"])


@cache
def _sections(language: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((Path(__file__).parent / f"{language}.toml").read_text(encoding="utf-8"))
