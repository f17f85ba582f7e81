"""A handful of real and invented places for the tests of places and facts, found without a gazetteer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache

from monitor.domain.lexicon import Lexicon
from monitor.domain.model.articles import ArticleForDecision, SourceContext
from monitor.domain.model.places import Place, PlaceHit, PlaceKind
from tests import shipped

CITY, PROVINCE, COUNTRY = PlaceKind.CITY, PlaceKind.PROVINCE, PlaceKind.COUNTRY


def place(place_id: str, kind: PlaceKind, country: str, *names: str, **rest: object) -> Place:
    return Place(place_id, kind, country, {"any": names}, **rest)  # type: ignore[arg-type]


PLACES = {
    one.id: one
    for one in (
        place("country-fr", COUNTRY, "FR", "France", "法国"),
        place("country-cn", COUNTRY, "CN", "China", "Chine", "中国", "Trung Quốc"),
        place("country-vn", COUNTRY, "VN", "Vietnam", "Việt Nam", "越南"),
        place("country-us", COUNTRY, "US", "United States"),
        place("country-ca", COUNTRY, "CA", "Canada"),
        place("country-jp", COUNTRY, "JP", "Japan", "日本"),
        place("country-mx", COUNTRY, "MX", "Mexico"),
        place("lorraine", PlaceKind.REGION, "FR", "Lorraine", needs_context=True, valid_until=date(2015, 12, 31),
              successor_id="grand-est"),
        place("grand-est", PlaceKind.REGION, "FR", "Grand Est"),
        place("nancy", CITY, "FR", "Nancy", "南锡", "ナンシー", parent_id="lorraine", needs_context=True,
              population=105_000),
        place("lyon", CITY, "FR", "Lyon", "里昂", needs_context=True, population=520_000),
        place("university-of-lorraine", PlaceKind.UNIVERSITY, "FR", "University of Lorraine", "Université de Lorraine",
              seat_id="nancy"),
        place("yunnan", PROVINCE, "CN", "Yunnan", "云南", "云南省", "Vân Nam"),
        place("kunming", CITY, "CN", "Kunming", "昆明", "Côn Minh", parent_id="yunnan", population=3_855_000),
        place("wuhan", CITY, "CN", "Wuhan", "武汉", population=8_400_000),
        place("wuhan-university", PlaceKind.UNIVERSITY, "CN", "Wuhan University", "武汉大学", seat_id="wuhan"),
        place("laizhou", CITY, "CN", "Laizhou", "莱州", population=880_000),
        place("hanoi", CITY, "VN", "Hanoi", "Hanoï", "Hà Nội", "河内", population=8_053_000),
        place("lao-cai", PROVINCE, "VN", "Lao Cai", "Lào Cai", "老街", "老街省"),
        place("lao-cai-city", CITY, "VN", "Lao Cai", "Lào Cai", "老街", parent_id="lao-cai", population=67_000),
        place("lai-chau", PROVINCE, "VN", "Lai Chau", "Lai Châu", "莱州"),
        place("ha-giang", PROVINCE, "VN", "Ha Giang", "Hà Giang", valid_until=date(2025, 6, 30),
              successor_id="tuyen-quang"),
        place("tuyen-quang", PROVINCE, "VN", "Tuyen Quang", "Tuyên Quang"),
        place("kochi", CITY, "JP", "Kochi", "河内", population=332_000),
        place("kanazawa", CITY, "JP", "Kanazawa", "金沢", population=466_000),
        place("victoria-ca", CITY, "CA", "Victoria", needs_context=True, population=92_000),
        place("victoria-sc", CITY, "SC", "Victoria", needs_context=True, population=22_000),
        place("valencia", CITY, "ES", "Valencia", population=792_000),
        place("gn3625549", CITY, "VE", "Valencia", population=1_619_000),
        place("mexico-city", CITY, "MX", "Mexico", population=12_294_000),
        place("most-cz", CITY, "CZ", "Most", needs_context=True, population=63_000),
        place("march-gb", CITY, "GB", "March", needs_context=True, population=21_000),
        place("penne", CITY, "IT", "Penne", needs_context=True, population=12_000),
        place("karlsruhe", CITY, "DE", "Karlsruhe", population=300_000),
        place("centre", PlaceKind.REGION, "FR", "Centre"),
        place("berry", CITY, "FR", "Berry", needs_context=True, population=0),
    )
}  # fmt: skip
UNSPACED = re.compile("[\u3040-\u9fff]")


def lookup(place_id: str) -> Place | None:
    return PLACES.get(place_id)


def hits(text: str, places: Sequence[Place] = tuple(PLACES.values())) -> tuple[PlaceHit, ...]:
    """Names in `text`, leftmost-longest, most populous candidate first: what the port promises, by plain search."""
    by_name: dict[str, list[Place]] = {}
    for one in places:
        for names in one.names.values():
            for name in names:
                by_name.setdefault(name, []).append(one)
    parts = [
        re.escape(name) if UNSPACED.search(name) else rf"(?<!\w){re.escape(name)}(?!\w)"
        for name in sorted(by_name, key=len, reverse=True)
    ]
    return tuple(
        PlaceHit(
            match.start(),
            match.end(),
            match[0],
            tuple(sorted(by_name[match[0]], key=lambda one: -one.population)),
        )
        for match in re.finditer("|".join(parts), text)
    )


@cache
def lexicon() -> Lexicon:
    return shipped.lexicon()


def article(
    title: str, text: str, language: str | None, published_on: date | None = None, source: str = "invented.example"
) -> ArticleForDecision:
    return ArticleForDecision(
        url=f"https://{source}/a",
        url_key=f"{source}/a",
        title=title,
        text=text,
        language=language,
        published_on=published_on,
        source=SourceContext(source),
        hits=hits(f"{title}\n\n{text}"),
    )
