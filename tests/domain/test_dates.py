from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from monitor.domain.dates import DateKind, FoundDate, find_dates
from monitor.domain.lexicon import Lexicon
from monitor.domain.model.events import Precision
from tests import shipped

PUBLISHED = date(2024, 6, 20)  # a Thursday


@cache
def lexicon() -> Lexicon:
    return shipped.lexicon()


def found(text: str, language: str | None, published_on: date | None = PUBLISHED) -> tuple[FoundDate, ...]:
    return find_dates(text, language, lexicon().dates(language), published_on)


def spelled(one: FoundDate) -> str:
    """As the tables below write it: a day, "a/b" for a range, "2024-06" for a month, "2024" for a year."""
    when = one.when
    if when.precision is Precision.YEAR:
        return f"{when.starts_on:%Y}"
    if when.precision is Precision.MONTH:
        return f"{when.starts_on:%Y-%m}"
    return str(when.starts_on) if when.starts_on == when.ends_on else f"{when.starts_on}/{when.ends_on}"


# (language, text, what stands there); the article was published on Thursday, 20 June 2024.
CASES = [
    # French
    ("fr", "Au matin du 12 mai, la salle était pleine", "2024-05-12"),
    ("fr", "La rencontre a eu lieu le 22 août 2017.", "2017-08-22"),
    ("fr", "Un séjour du 11 au 15 juin 2024", "2024-06-11/2024-06-15"),
    ("fr", "Un séjour du 29 mai au 1er juin 2025", "2025-05-29/2025-06-01"),
    ("fr", "Rendez-vous les 7 et 8 octobre 2010", "2010-10-07/2010-10-08"),
    ("fr", "mercredi 5 juin, à la mairie", "2024-06-05"),
    ("fr", "Reçus hier par la maire", "2024-06-19"),
    ("fr", "Ils sont arrivés lundi dernier", "2024-06-17"),
    ("fr", "La charte date de décembre 2023", "2023-12"),
    ("fr", "La prochaine fête, en 2026", "2026"),
    ("fr", "Signé le 16/05/2024", "2024-05-16"),
    ("fr", "Vu le 16/05 au marché", "2024-05-16"),
    ("fr", "en août dernier", "2023-08"),
    ("fr", "au cours de l'an dernier", "2023"),
    ("fr", "Dès le 1er septembre prochain", "2024-09-01"),
    ("fr", "le 3 octobre de l'année dernière", "2023-10-03"),
    # English
    ("en", "The guests stayed June 11-15, 2024.", "2024-06-11/2024-06-15"),
    ("en", "from May 29 to June 1, 2025", "2025-05-29/2025-06-01"),
    ("en", "The oath was taken on August 22, 2017", "2017-08-22"),
    ("en", "on 22 August 2017 in the town hall", "2017-08-22"),
    ("en", "On the 22nd of May the choir sang", "2024-05-22"),
    ("en", "Agency, Jun 03: the mayor spoke", "2024-06-03"),
    ("en", "They met on Wednesday in the hall", "2024-06-19"),
    ("en", "A first talk was held Thursday", "2024-06-20"),
    ("en", "The bus leaves next Friday", "2024-06-21"),
    ("en", "The council will vote on Monday", "2024-06-24"),
    ("en", "yesterday the chorus left", "2024-06-19"),
    ("en", "a letter of December 2019", "2019-12"),
    ("en", "in October last year", "2023-10"),
    ("en", "since last October", "2023-10"),
    ("en", "on July 26 and 27", "2024-07-26/2024-07-27"),
    ("en", "Updated 6/14/2024 by the desk", "2024-06-14"),
    ("en", "Posted 2024-05-02", "2024-05-02"),
    ("en", "twinned since 1988 with", "1988"),
    ("en", "a plan for next year", "2025"),
    ("en", "Friday, 7 June, was the day", "2024-06-07"),
    # Chinese
    ("zh", "6月11日至15日率团访问", "2024-06-11/2024-06-15"),
    ("zh", "5月26日至6月4日", "2024-05-26/2024-06-04"),
    ("zh", "2017年8月22日签约", "2017-08-22"),
    ("zh", "二〇一七年八月二十二日", "2017-08-22"),
    ("zh", "昨天上午抵达", "2024-06-19"),
    ("zh", "去年10月两市商定", "2023-10"),
    ("zh", "5月30日上午开幕", "2024-05-30"),
    ("zh", "6月11-15日", "2024-06-11/2024-06-15"),
    ("zh", "计划2026年举办", "2026"),
    ("zh", "将于明年举行", "2025"),
    ("zh", "18日下午座谈", "2024-06-18"),
    ("zh", "2023年12月", "2023-12"),
    ("zh", "2025年6月3日—5日", "2025-06-03/2025-06-05"),
    # Vietnamese
    ("vi", "từ ngày 11 đến 15/6 tại thành phố", "2024-06-11/2024-06-15"),
    ("vi", "Ngày 16/5, đoàn đã tới", "2024-05-16"),
    ("vi", "ngày 30 tháng 10 năm 2025", "2025-10-30"),
    ("vi", "trong tháng 12/2023", "2023-12"),
    ("vi", "từ ngày 29/5 đến ngày 1/6/2025", "2025-05-29/2025-06-01"),
    ("vi", "Chiều hôm qua", "2024-06-19"),
    ("vi", "dự kiến năm 2026", "2026"),
    ("vi", "trong tháng 6 năm nay", "2024-06"),
    ("vi", "từ ngày 24 đến 27-1-2024", "2024-01-24/2024-01-27"),
    ("vi", "Sáng 3/6 khai mạc", "2024-06-03"),
    ("vi", "ngày 5 tháng 6", "2024-06-05"),
    # German
    ("de", "vom 3. bis 7. März 2018", "2018-03-03/2018-03-07"),
    ("de", "am 16.05.2024 im Rathaus", "2024-05-16"),
    ("de", "am 16.5. im Rathaus", "2024-05-16"),
    ("de", "am Freitag im Rathaus", "2024-06-14"),
    ("de", "Ende Mai kam Besuch", "2024-05"),
    ("de", "11.–15.06.2024", "2024-06-11/2024-06-15"),
    ("de", "Am 9. Juni 2024", "2024-06-09"),
    ("de", "gestern Abend", "2024-06-19"),
    ("de", "im Jahr 2019", "2019"),
    # Spanish
    ("es", "del 3 al 7 de marzo de 2018", "2018-03-03/2018-03-07"),
    ("es", "el 22 de mayo visitaron", "2024-05-22"),
    ("es", "el próximo viernes", "2024-06-21"),
    ("es", "ayer en la plaza", "2024-06-19"),
    ("es", "en diciembre de 2023", "2023-12"),
    ("es", "desde el año 2001", "2001"),
    ("es", "12/06/2024", "2024-06-12"),
    # Italian
    ("it", "Il 7 e 8 giugno la festa", "2024-06-07/2024-06-08"),
    ("it", "dal 3 al 7 marzo 2018", "2018-03-03/2018-03-07"),
    ("it", "il 1° giugno 2024", "2024-06-01"),
    ("it", "nel settembre 2022", "2022-09"),
    ("it", "ieri sera in piazza", "2024-06-19"),
    ("it", "lunedì scorso", "2024-06-17"),
    # Portuguese
    ("pt", "domingo, 21 de julho de 2024", "2024-07-21"),
    ("pt", "publicada no diário de 22/05.", "2024-05-22"),
    ("pt", "na segunda-feira a câmara votou", "2024-06-17"),
    ("pt", "em abril de 2019", "2019-04"),
    ("pt", "de 3 a 7 de março de 2018", "2018-03-03/2018-03-07"),
    ("pt", "ontem", "2024-06-19"),
    # Russian
    ("ru", "с 3 по 7 марта 2018 года", "2018-03-03/2018-03-07"),
    ("ru", "27 ноября 2025 г. подписано", "2025-11-27"),
    ("ru", "ещё в апреле", "2024-04"),
    ("ru", "вчера в мэрии", "2024-06-19"),
    ("ru", "в 2023 году", "2023"),
    ("ru", "с 29 мая по 1 июня", "2024-05-29/2024-06-01"),
    ("ru", "в минувшую среду", "2024-06-19"),
    # Ukrainian
    ("uk", "9 червня у ратуші", "2024-06-09"),
    ("uk", "у серпні 2023 року", "2023-08"),
    ("uk", "з 3 до 7 березня 2023 року", "2023-03-03/2023-03-07"),
    ("uk", "вчора", "2024-06-19"),
    ("uk", "минулого року", "2023"),
    # Polish
    ("pl", "od 3 do 7 marca 2018 r.", "2018-03-03/2018-03-07"),
    ("pl", "3 marca 2022 roku", "2022-03-03"),
    ("pl", "w piątek w ratuszu", "2024-06-14"),
    ("pl", "w lutym 2022", "2022-02"),
    ("pl", "wczoraj", "2024-06-19"),
    # Japanese
    ("ja", "6月2日に会談した", "2024-06-02"),
    ("ja", "19日に市役所で", "2024-06-19"),
    ("ja", "2018/10/02 12:26", "2018-10-02"),
    ("ja", "2025年末までに", "2025"),
    ("ja", "令和6年6月5日", "2024-06-05"),
    ("ja", "来年5月に", "2025-05"),
    ("ja", "昨日、来訪した", "2024-06-19"),
    ("ja", "5月12、13日に開かれた", "2024-05-12/2024-05-13"),
    # Korean
    ("ko", "18일 시청에서", "2024-06-18"),
    ("ko", "2024년 10월 23일", "2024-10-23"),
    ("ko", "지난해 5월", "2023-05"),
    ("ko", "6월 11일부터 15일까지", "2024-06-11/2024-06-15"),
    ("ko", "15일 후보 도시를 찾았다", "2024-06-15"),
    ("ko", "어제", "2024-06-19"),
    # Arabic
    ("ar", "في 8 ديسمبر 2022", "2022-12-08"),
    ("ar", "من 3 إلى 7 مارس 2018", "2018-03-03/2018-03-07"),
    ("ar", "منذ أبريل 2009", "2009-04"),
    ("ar", "وقع الاتفاق أمس الأربعاء", "2024-06-19"),
    ("ar", "في أكتوبر المقبل", "2024-10"),
    # Dutch
    ("nl", "van 3 t/m 7 maart 2018", "2018-03-03/2018-03-07"),
    ("nl", "op 21 mei in het stadhuis", "2024-05-21"),
    ("nl", "zaterdag onthulden zij", "2024-06-15"),
    ("nl", "in 2024 gehouden", "2024"),
    ("nl", "gisteren", "2024-06-19"),
    # Turkish
    ("tr", "3-7 Mart 2018", "2018-03-03/2018-03-07"),
    ("tr", "23 Kasım 2024 günü", "2024-11-23"),
    ("tr", "dün imzalandı", "2024-06-19"),
    ("tr", "Nisan ayında", "2024-04"),
]


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_a_date_is_read(language: str, text: str, expected: str) -> None:
    assert [spelled(one) for one in found(text, language)] == [expected]


def test_there_are_cases_for_all_languages_we_promise() -> None:
    languages = {language for language, _, _ in CASES}
    assert languages == {"fr", "en", "zh", "vi", "de", "es", "it", "pt", "ru", "uk", "pl", "ja", "ko", "ar", "nl", "tr"}
    assert len(CASES) >= 120


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "le mandat 2025-2030"),
        ("fr", "la maire reçoit 2019 personnes"),
        ("fr", "le sapin de la place"),
        ("en", "you may 5 times march on"),
        ("en", "on 31/02/2024"),
        ("en", "a 30-minute ride for 12.5 per cent"),
        ("en", "route 66, room 2017a"),
        ("zh", "2023-2025年行动计划"),
        ("zh", "三天后一百人"),
        ("ja", "8日間の旅"),
        ("ko", "10일간 열린다"),
        ("vi", "hai bên bắt tay"),
        ("de", "am Ende der Straße"),
        ("it", "la nave va in mare"),
        ("", ""),
    ],
)
def test_what_is_no_date_is_left_alone(language: str, text: str) -> None:
    assert found(text, language) == ()


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "le 3 et le 10 mai", ["2024-05-03", "2024-05-10"]),
        ("tr", "bugün (3 Haziran)", ["2024-06-20", "2024-06-03"]),
        ("en", "On 1 June 2024 they came; on 4 June they left.", ["2024-06-01", "2024-06-04"]),
        ("fr", "Créée en 2001, elle fêtera le 2 juillet 2024 ses 23 ans", ["2001", "2024-07-02"]),
    ],
)
def test_several_dates_come_in_order(language: str, text: str, expected: list[str]) -> None:
    assert [spelled(one) for one in found(text, language)] == expected


def test_the_span_is_that_of_the_text_given() -> None:
    text = "Ngày 16/5, đoàn đã tới; ngày 30 tháng 10 năm 2025 sẽ trở lại."
    assert [text[one.start : one.end] for one in found(text, "vi")] == ["16/5", "30 tháng 10 năm 2025"]


def test_kinds_tell_how_a_date_was_written() -> None:
    text = "On 3 June 2024 they met, on 5 June they parted, and yesterday they wrote."
    assert [(one.kind, one.explicit_year) for one in found(text, "en")] == [
        (DateKind.ABSOLUTE, True),
        (DateKind.YEARLESS, False),
        (DateKind.RELATIVE, False),
    ]


def test_without_publication_a_full_date_fixes_the_year_of_the_others() -> None:
    text = "Le 16 mai, une délégation est arrivée. Elle est repartie le 20 mai 2019."
    assert [spelled(one) for one in found(text, "fr", None)] == ["2019-05-16", "2019-05-20"]


def test_without_any_year_yearless_dates_stay_out() -> None:
    assert found("Le 16 mai, une délégation est arrivée.", "fr", None) == ()


@pytest.mark.parametrize(("language", "text"), [("en", "yesterday"), ("fr", "mardi"), ("ja", "2日に"), ("zh", "去年")])
def test_without_publication_relative_dates_stay_out(language: str, text: str) -> None:
    assert found(text, language, None) == ()


@pytest.mark.parametrize(
    ("published", "expected"),
    [(date(2024, 1, 3), "2023-12-28"), (date(2024, 12, 20), "2024-12-28"), (date(2024, 12, 29), "2024-12-28")],
)
def test_a_yearless_day_is_the_nearest_one(published: date, expected: str) -> None:
    assert [spelled(one) for one in found("le 28 décembre", "fr", published)] == [expected]


def test_a_month_without_a_year_is_rather_past_than_to_come() -> None:
    assert [spelled(one) for one in found("ещё в апреле", "ru", date(2025, 11, 29))] == ["2025-04"]


def test_a_verb_in_the_future_turns_it_around() -> None:
    assert [spelled(one) for one in found("Das Fest wird im April gefeiert", "de", date(2025, 11, 29))] == ["2026-04"]


@pytest.mark.parametrize(
    "text",
    [
        "Kelton to host guests from its sister city Friday",
        "On Friday, the guests will see the hall",
        "The guests will come on Friday. Friday's visit is their first",
    ],
)
def test_a_weekday_told_as_to_come_is_the_next_one(text: str) -> None:
    assert {spelled(one) for one in found(text, "en", date(2023, 3, 9))} == {"2023-03-10"}


def test_a_weekday_told_as_gone_by_stays_so_beside_one_to_come() -> None:
    text = "They came last Friday. The council will vote on Friday."
    assert [spelled(one) for one in found(text, "en", date(2023, 3, 9))] == ["2023-03-03", "2023-03-10"]


def test_a_weekday_beside_a_date_tells_its_year() -> None:
    """9 September was a Friday in 2022; seen from February 2023 the next one would be nearer in September 2023."""
    assert [spelled(one) for one in found("Venerdì 9 settembre", "it", date(2023, 3, 20))] == ["2022-09-09"]


def test_a_weekday_behind_a_range_says_nothing_of_its_first_day() -> None:
    """24 October was a Friday in 2008 and a Saturday in 2009."""
    assert [spelled(one) for one in found("10月24日(周五)、25日(周六)", "zh", date(2008, 10, 26))] == [
        "2008-10-24/2008-10-25"
    ]


def test_29_february_of_a_common_year_is_no_error() -> None:
    assert [spelled(one) for one in found("le 29 février", "fr", date(2023, 3, 1))] == ["2023-02-28"]


def test_a_range_over_new_year_ends_in_the_year_told() -> None:
    assert [spelled(one) for one in found("du 28 décembre au 3 janvier 2024", "fr")] == ["2023-12-28/2024-01-03"]


@pytest.mark.parametrize(
    "text", ["5 июня 2024", "June 5, 2024", "5 juin 2024", "2024年6月5日", "ngày 5 tháng 6 năm 2024"]
)
def test_of_an_unknown_language_all_names_are_tried(text: str) -> None:
    assert [spelled(one) for one in found(text, None)] == ["2024-06-05"]


def test_years_out_of_this_world_are_no_dates() -> None:
    assert found("am 3. Mai 1899 und 3.5.2101", "de", None) == ()


@pytest.mark.parametrize("published", [date(1, 1, 1), date(9999, 12, 31)])
def test_a_publication_at_the_end_of_time_is_no_base(published: date) -> None:
    assert [spelled(one) for one in found("le 5 mai, hier, mardi, le 3 mai 2020", "fr", published)] == [
        "2020-05-05",
        "2020-05-03",
    ]
    assert found("19日", "ja", published) == ()


def test_a_text_of_digits_takes_no_unreasonable_time() -> None:
    assert found("1/" * 20_000, "vi") == ()
    assert len(found("12 mai 2024 " * 2_000, "fr")) == 2_000
