"""What is about a relation between places, what only sounds like it, and what happened as against what stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain.model.articles import ArticleForDecision, Assessment, Label, SourceContext
from monitor.domain.model.events import DateRange, EventKind, EventStatus, Facts, Happening, Precision
from monitor.domain.model.places import Mention, PlaceKind
from monitor.domain.relevance import RULES_VERSION, assess
from tests import shipped

LEXICON = shipped.lexicon()
TODAY = date(2024, 5, 20)

CITY, PROVINCE, COUNTRY = PlaceKind.CITY, PlaceKind.PROVINCE, PlaceKind.COUNTRY
UNIVERSITY, VILLAGE = PlaceKind.UNIVERSITY, PlaceKind.VILLAGE
Known = Mapping[str, tuple[str, PlaceKind]]


def mentions(text: str, known: Known) -> tuple[Mention, ...]:
    found = [
        Mention(match.start(), match.end(), match[0], f"{kind}-{name}", country, kind, 0.9)
        for name, (country, kind) in known.items()
        for match in re.finditer(re.escape(name), text)
    ]
    return tuple(sorted(found, key=lambda mention: mention.start))


def facts(day: date | None, precision: Precision = Precision.DAY) -> Facts:
    if day is None:
        return Facts(main=None)
    happening = Happening((EventKind.TALKS,), frozenset(), None, DateRange(day, day, precision), EventStatus.HAPPENED)
    return Facts(main=happening)


def judge(
    language: str,
    title: str,
    text: str,
    known: Known | None = None,
    day: date | None = None,
    precision: Precision = Precision.DAY,
    published_on: date | None = TODAY,
    about_relations: bool = False,
) -> Assessment:
    source = SourceContext("a-source", about_relations=about_relations)
    article = ArticleForDecision("u", "u", title, text, language, published_on, source, ())
    cues = LEXICON.find(article.full_text, language)
    return assess(article, mentions(article.full_text, known or {}), facts(day, precision), cues)


def weights(assessment: Assessment) -> dict[str, float]:
    return {reason.code: reason.weight for reason in assessment.reasons}


# ---------------------------------------------------------------- on topic

EVENTS: Mapping[str, tuple[str, str, str, Known]] = {
    "signing": (
        "fr",
        "Arvelle et Tormund signent une charte de jumelage",
        "Le maire d'Arvelle et son homologue de Tormund ont signé lundi la charte à l'hôtel de ville.",
        {"Arvelle": ("FR", CITY), "Tormund": ("NO", CITY)},
    ),
    "talks without any relation word": (
        "en",
        "Quang Lam seeks closer ties with Hexi",
        (
            "The deputy secretary of the Quang Lam municipal Party Committee held talks with the mayor of Hexi on "
            "Monday. Quang Lam and Hexi agreed to strengthen cooperation in training."
        ),
        {"Quang Lam": ("VN", CITY), "Hexi": ("CN", CITY)},
    ),
    "universities": (
        "en",
        "Rectors of Velm and Osaki sign agreement",
        "The rectors of Velm University and Osaki University signed an agreement on joint research on Tuesday.",
        {"Velm University": ("AT", UNIVERSITY), "Osaki University": ("JP", UNIVERSITY)},
    ),
    "end": (
        "de",
        "Kressbach beendet Städtepartnerschaft mit Wolschin",
        "Der Gemeinderat von Kressbach hat am Dienstag beschlossen, die Partnerschaft mit Wolschin ruhen zu lassen.",
        {"Kressbach": ("DE", CITY), "Wolschin": ("RU", CITY)},
    ),
    "provinces": (
        "zh",
        "河南州代表团访问安江省",
        "5月18日,河南州州长率代表团访问安江省,与省委书记会谈,就经贸合作交换意见。河南州与安江省将加强交流。",
        {"河南州": ("CN", PROVINCE), "安江省": ("VN", PROVINCE)},
    ),
    "aid": (
        "uk",
        "Місто-побратим передало Лісовичам карету швидкої допомоги",
        "Делегація Брауна на чолі з мером передала Лісовичам автомобіль швидкої допомоги 15 травня.",
        {"Брауна": ("DE", CITY), "Лісовичам": ("UA", CITY)},
    ),
}


@pytest.mark.parametrize("name", EVENTS)
def test_a_dated_dealing_between_places_of_two_countries_is_an_event(name: str) -> None:
    language, title, text, known = EVENTS[name]
    assessment = judge(language, title, text, known, day=TODAY)
    assert assessment.label is Label.EVENT
    assert assessment.rule_version == RULES_VERSION


BACKGROUND: Mapping[str, tuple[str, str, str, Known]] = {
    "guide": (
        "fr",
        "Guide du jumelage : qu'est-ce qu'un jumelage ?",
        "Un comité de jumelage se crée en mairie. La signature du serment de jumelage suit une délibération.",
        {},
    ),
    "list": (
        "en",
        "Sister cities of Arden",
        "Arden has sister cities in Kobo, Brenn and Palmas. Each is located on a river.",
        {"Arden": ("US", CITY), "Kobo": ("JP", CITY), "Brenn": ("DE", CITY), "Palmas": ("ES", CITY)},
    ),
    "chronicle": (
        "it",
        "Storia del gemellaggio con Tormund",
        "Nel 1985 i primi contatti tra Arvello e Tormund, nel 1991 il patto di gemellaggio, nel 2011 i vent'anni.",
        {"Arvello": ("IT", CITY), "Tormund": ("NO", CITY)},
    ),
    "encyclopedia": (
        "de",
        "Städtepartnerschaft",
        "Eine Städtepartnerschaft ist eine Partnerschaft zwischen Städten mit dem Ziel des Austauschs.",
        {},
    ),
}


@pytest.mark.parametrize("name", BACKGROUND)
def test_what_stands_is_background(name: str) -> None:
    language, title, text, known = BACKGROUND[name]
    assert judge(language, title, text, known).label is Label.BACKGROUND


# ---------------------------------------------------------------- traps: each in the language of its kind

TRAPS: Mapping[str, tuple[str, str, str, Known]] = {
    "digital twin of a city": (
        "fr",
        "Un jumeau numérique pour Arvelle",
        "La ville jumelle numérique d'Arvelle aide la mairie et l'hôpital à prévoir les crues ; Tormund observe.",
        {"Arvelle": ("FR", CITY), "Tormund": ("NO", CITY)},
    ),
    "fellow soldiers, Ukrainian": (
        "uk",
        "Бойові побратими попрощалися з командиром",
        "Побратими провели в останню путь загиблого командира з Лісовичів.",
        {"Лісовичів": ("UA", CITY)},
    ),
    "fellow soldiers, Russian": (
        "ru",
        "Боевые побратимы встретились спустя годы",
        "Боевые побратимы из одного батальона собрались в Вольске.",
        {"Вольске": ("RU", CITY)},
    ),
    "football supporters": (
        "it",
        "Il gemellaggio tra ultras resiste",
        "Il gemellaggio tra ultras di Arvello e Brenn dura da trent'anni; striscioni in curva anche domenica.",
        {"Arvello": ("IT", CITY), "Brenn": ("DE", CITY)},
    ),
    "company and village": (
        "ko",
        "한빛식품-달마을 1사1촌 자매결연",
        "한빛식품은 3일 달마을과 1사1촌 자매결연을 맺고 일손 돕기에 나섰다.",
        {"달마을": ("KR", VILLAGE)},
    ),
    "border towns by law": (
        "pt",
        "Governo reconhece novas cidades gêmeas na faixa de fronteira",
        "O ministério reconheceu duas cidades gêmeas na linha de fronteira, que poderão ter lojas francas.",
        {},
    ),
    "programme of the European Union": (
        "en",
        "New Twinning project for tax administration",
        "The EU Twinning project pairs two ministries; the Delegation of the European Union published the call.",
        {},
    ),
    "conjoined twins": (
        "ar",
        "نجاح عملية فصل التوأم السيامي في الرياض",
        "نجح الفريق الطبي في فصل التوأم السيامي بعد عملية استمرت عشر ساعات في الرياض.",
        {"الرياض": ("SA", CITY)},
    ),
    "economic circle of two cities": (
        "zh",
        "双城经济圈建设提速",
        "成渝地区双城经济圈今年新增合作项目三十个,两市市政府签署合作协议。",
        {},
    ),
    "politician called like a city": (
        "en",
        "Speaker's visit angers Beijing",
        "House Speaker Nancy Brown defended her visit; a Foreign Ministry spokesman protested on Tuesday.",
        {"Beijing": ("CN", CITY)},
    ),
    "a band": (
        "en",
        "Sister Cities announce new album",
        "The indie rock band Sister Cities will play Austin in May; the album is their third.",
        {"Austin": ("US", CITY)},
    ),
    "cooperation inside one country": (
        "vi",
        "Hà Lâm và Bắc Điền tăng cường hợp tác",
        "Sáng 17-5, lãnh đạo thành phố Hà Lâm làm việc với tỉnh Bắc Điền về phát triển kinh tế giữa hai địa phương.",
        {"Hà Lâm": ("VN", CITY), "Bắc Điền": ("VN", PROVINCE)},
    ),
    "two city halls of one country": (
        "es",
        "Los alcaldes de Arvela y Brenda firman un protocolo",
        "El alcalde de Arvela visitó el Ayuntamiento de Brenda y firmó un protocolo de colaboración en servicios.",
        {"Arvela": ("ES", CITY), "Brenda": ("ES", CITY)},
    ),
    "party congress": (
        "fr",
        "Nouveau secrétaire du comité provincial",
        "Le congrès a élu le secrétaire du Comité du Parti de la province de Lam Son pour 2025-2030.",
        {"Lam Son": ("VN", PROVINCE)},
    ),
    "states, not places": (
        "de",
        "Minister unterzeichnet Abkommen in Paris",
        "Der Außenminister traf am Montag die Botschafterin; die Bundesregierung und Frankreich vereinbarten Hilfen.",
        {"Paris": ("FR", CITY), "Frankreich": ("FR", COUNTRY)},
    ),
    "tourism": (
        "en",
        "Things to do in Kobo",
        "Kobo is located on the coast; its attractions include twin waterfalls. How to get there from Brenn: by train.",
        {"Kobo": ("JP", CITY), "Brenn": ("JP", CITY)},
    ),
    "two far places in passing": (
        "en",
        "Bakery prize for young chef",
        "The chef trained in Arden and Brenn before she opened her shop.",
        {"Arden": ("GB", CITY), "Brenn": ("DE", CITY)},
    ),
}


@pytest.mark.parametrize("name", TRAPS)
def test_what_only_sounds_like_a_relation_is_irrelevant(name: str) -> None:
    language, title, text, known = TRAPS[name]
    assessment = judge(language, title, text, known, day=TODAY)
    assert assessment.label is Label.IRRELEVANT
    assert assessment.scope == "none"


# ---------------------------------------------------------------- reasons, each once

PAIR: Known = {"Arvelle": ("FR", CITY), "Tormund": ("NO", CITY)}

REASONS: Mapping[str, tuple[str, str, str, Known]] = {
    "strong-cue": ("en", "Our sister city", "", {}),
    "weak-cue": ("en", "A memorandum of understanding", "", {}),
    "twinning-word": ("fr", "Le jumelage d'Arvelle", "", PAIR),
    "negative-cue": ("en", "A digital twin", "", {}),
    "places-of-two-countries": ("en", "Arvelle and Tormund", "", PAIR),
    "named-in-passing": ("en", "", "From Arvelle to Tormund.", PAIR),
    "no-authority-with-them": ("en", "Arvelle and Tormund agree", "", PAIR),
    "authority-acts": ("en", "The mayor of Arvelle in Tormund", "", PAIR),
    "authority-named": ("en", "The mayor", "", {}),
    "cooperation": ("en", "Arvelle and Tormund cooperate", "", PAIR),
    "cooperation-named": ("en", "Our sister city", "We cooperate.", {}),
    "happening-between-them": ("en", "Delegation from Arvelle in Tormund", "", PAIR),
    "place-and-other-country": (
        "en",
        "Arvelle looks to Norway",
        "",
        {"Arvelle": ("FR", CITY), "Norway": ("NO", COUNTRY)},
    ),
    "locality-deals-abroad": (
        "en",
        "The mayor of Arvelle leads a delegation to Norway",
        "",
        {"Arvelle": ("FR", CITY), "Norway": ("NO", COUNTRY)},
    ),
    "domestic": ("en", "Arvelle and Brisse", "", {"Arvelle": ("FR", CITY), "Brisse": ("FR", CITY)}),
    "domestic-cue": ("en", "A sister school", "", {}),
    "state-only": ("en", "The ambassador", "", {}),
    "event-score": ("en", "Our sister cities", "", {}),
}


@pytest.mark.parametrize("code", REASONS)
def test_each_reason_of_relevance_is_given_with_its_evidence(code: str) -> None:
    language, title, text, known = REASONS[code]
    assessment = judge(language, title, text, known)
    reason = next(reason for reason in assessment.reasons if reason.code == code)
    assert reason.spans or code == "event-score"


def test_places_without_any_relation_cue_must_show_more() -> None:
    assert weights(judge("en", "Arvelle and Tormund", "", PAIR))["no-relation-cue"] < 0
    assert "no-relation-cue" not in weights(judge("en", "Sister cities Arvelle and Tormund", "", PAIR))


def test_places_of_two_countries_count_less_in_different_sentences() -> None:
    apart = judge("en", "Arvelle receives guests", "They came from Tormund.", PAIR)
    together = judge("en", "Arvelle receives guests from Tormund", "", PAIR)
    code = "places-of-two-countries"
    assert 0 < weights(apart)[code] < weights(together)[code]


@pytest.mark.parametrize(("kind", "counts"), [(EventKind.DELEGATION_VISIT, True), (EventKind.STATEMENT, False)])
def test_partners_that_the_facts_saw_act_together_count_beside_an_authority(kind: EventKind, counts: bool) -> None:
    article = ArticleForDecision("u", "u", "The mayor travels", "", "en", TODAY, SourceContext("s"), ())
    happening = Happening(
        (kind,), frozenset({"a", "b"}), None, None, EventStatus.HAPPENED, countries=frozenset({"FR", "NO"})
    )
    assessment = assess(article, (), Facts(happening), LEXICON.find(article.full_text, "en"))
    assert ("partners-in-happening" in weights(assessment)) is counts


def test_an_adjective_names_the_foreign_partner_whose_town_is_unknown() -> None:
    assessment = judge("pl", "Burmistrz podpisał umowę o współpracy ze szwedzkim miastem", "")
    reason = next(reason for reason in assessment.reasons if reason.code == "locality-deals-abroad")
    assert [span.text for span in reason.spans] == ["szwedzkim"]


JOINED: Mapping[str, tuple[str, str]] = {
    "en": ("Fifth cooperation conference of Arvelle and Tormund opens", "The two sides reviewed a year of projects."),
    "fr": ("La 5e conférence de coopération entre Arvelle et Tormund", "Le bilan de l'année a été dressé."),
    "de": ("5. Kooperationskonferenz von Arvelle und Tormund eröffnet", "Die Beteiligten zogen Bilanz."),
    "zh": ("Arvelle与Tormund第5次合作会议召开", "会议回顾了去年的项目。"),
    "hu": ("Ötödik együttműködési konferencia: Arvelle és Tormund", "A felek áttekintették az év terveit."),
    "el": ("Πέμπτη διάσκεψη συνεργασίας Arvelle και Tormund", "Έγινε ο απολογισμός της χρονιάς."),
}


@pytest.mark.parametrize("language", JOINED)
def test_what_two_joined_places_do_together_counts_without_any_relation_word(language: str) -> None:
    title, text = JOINED[language]
    assessment = judge(language, title, text, PAIR, day=TODAY)
    reason = next(reason for reason in assessment.reasons if reason.code == "joined-places")
    assert [span.text for span in reason.spans[:2]] == ["Arvelle", "Tormund"]
    assert assessment.label is Label.EVENT


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Conference in Arvelle, flights from Tormund cancelled", ""),  # not joined
        ("Arvelle and Tormund flooded", ""),  # nothing done together
        ("Conference of Arvelle and Tormund on gas", "The foreign minister and the ambassador spoke."),  # states
    ],
)
def test_joined_names_alone_or_of_states_are_no_dealing_of_places(title: str, text: str) -> None:
    assert "joined-places" not in weights(judge("en", title, text, PAIR))


def test_a_minister_of_another_state_at_the_town_hall_says_less_than_its_mayor() -> None:
    known: Known = {"Arvelle": ("FR", CITY), "Norway": ("NO", COUNTRY)}
    code = "locality-deals-abroad"
    minister = judge("en", "Mayor of Arvelle receives visit of the minister of Norway", "", known)
    mayor = judge("en", "Mayor of Arvelle receives visit of a mayor from Norway", "", known)
    assert 0 < weights(minister)[code] < weights(mayor)[code]


def test_the_prior_of_a_source_is_told_as_such() -> None:
    assessment = judge("en", "Weather", "", about_relations=True)
    assert "a-source" in next(reason.detail for reason in assessment.reasons if reason.code == "source-about-relations")
    assert assessment.score > judge("en", "Weather", "").score


def test_false_friends_weigh_less_where_relation_cues_outnumber_them() -> None:
    text = "Our sister city wrote. Another sister city came. No digital twin was shown."
    assert -1.0 < weights(judge("en", "", text))["negative-cue"] < 0
    assert weights(judge("en", "", "No digital twin was shown."))["negative-cue"] < -1.0


EVENT_TITLE = "Sister cities Arvelle and Tormund"
EVENT_REASONS: Mapping[str, tuple[str, str, Known, date | None]] = {
    "happening": ("Arvelle and its sister city Tormund sign agreement", "", PAIR, None),
    "nothing-happens": (EVENT_TITLE, "", PAIR, None),
    "dated": (EVENT_TITLE, "", PAIR, TODAY),
    "long-ago": (EVENT_TITLE, "", PAIR, date(2019, 1, 1)),
    "announced": (EVENT_TITLE, "They will sign in June.", PAIR, None),
    "named-partners": (EVENT_TITLE, "", PAIR, None),
    "no-place": ("Our sister city", "", {}, None),
    "no-partner": ("Our sister city", "Arvelle thanks.", {"Arvelle": ("FR", CITY)}, None),
    "authority-in-happening": ("Mayor signs sister city agreement", "", PAIR, None),
    "standing-description": ("What is a sister city", "", {}, None),
    "general-title": ("Sister cities", "", {}, None),
    "chronicle": ("Our sister city", "In 1985, in 1991, in 2011.", {}, None),
    "list-of-partners": (
        "Our sister cities",
        "Arvelle, Tormund, Brenn.",
        {**PAIR, "Brenn": ("DE", CITY)},
        None,
    ),
}


@pytest.mark.parametrize("code", EVENT_REASONS)
def test_each_reason_for_or_against_an_event_is_given(code: str) -> None:
    title, text, known, day = EVENT_REASONS[code]
    assert code in weights(judge("en", title, text, known, day))


def test_partners_of_one_country_count_where_a_relation_is_named() -> None:
    known = {"Arvelle": ("FR", CITY), "Brisse": ("FR", CITY)}
    assessment = judge("fr", "Arvelle et Brisse signent leur charte de jumelage", "", known, TODAY)
    assert assessment.label is Label.EVENT
    assert assessment.scope == "domestic"
    assert "of one country" in next(one.detail for one in assessment.reasons if one.code == "named-partners")


def test_a_month_says_less_than_a_day_and_a_year_nothing() -> None:
    by_day = weights(judge("en", EVENT_TITLE, "", PAIR, TODAY))["dated"]
    by_month = weights(judge("en", EVENT_TITLE, "", PAIR, TODAY, Precision.MONTH))["dated"]
    assert by_day > by_month > 0
    assert "dated" not in weights(judge("en", EVENT_TITLE, "", PAIR, TODAY, Precision.YEAR))


def test_without_a_day_of_publication_only_the_last_century_is_long_ago() -> None:
    assert "long-ago" in weights(judge("en", EVENT_TITLE, "", PAIR, date(1973, 10, 12), published_on=None))
    assert "dated" in weights(judge("en", EVENT_TITLE, "", PAIR, date(2010, 2, 9), published_on=None))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "They came on Monday."),
        ("en", "They came today."),
        ("en", "They came on 16 May."),
        ("en", "They came on May 16, 2024."),
        ("fr", "Ils sont venus le 16/5."),
        ("de", "Sie kamen am 16.05.2024."),
        ("zh", "他们5月16日来访。"),
        ("ko", "그들은 16일 방문했다."),
        ("en", "The link dates from 12 October 1973; they came on Monday."),
    ],
)
def test_a_day_told_in_the_lead_is_evidence_where_the_facts_have_no_date(language: str, text: str) -> None:
    assert weights(judge(language, EVENT_TITLE, text, PAIR))["dated"] > 0


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "They came last week."),
        ("pt", "Na semana passada foi assinado."),
        ("zh", "近日,双方举行座谈。"),
        ("sv", "De kom i förra veckan."),
    ],
)
def test_news_of_late_is_dated_less_firmly_than_by_a_day(language: str, text: str) -> None:
    late = weights(judge(language, EVENT_TITLE, text, PAIR))["dated"]
    assert 0 < late < weights(judge("en", EVENT_TITLE, "They came today.", PAIR))["dated"]


def test_a_general_title_weighs_less_above_a_dated_happening_between_two_places() -> None:
    news = judge("en", "Sister cities", "Arvelle and Tormund signed an agreement last week.", PAIR)
    guide = judge("en", "Sister cities", "Arvelle and Tormund sign agreements.", PAIR)
    assert weights(guide)["general-title"] < weights(news)["general-title"] < 0


def test_what_recurs_in_the_name_of_a_meeting_describes_nothing_that_stands() -> None:
    meeting = judge("nl", "Vijfde jaarlijkse conferentie van Arvelle en Tormund", "", PAIR)
    assert "standing-description" not in weights(meeting)
    assert "standing-description" in weights(judge("nl", "Zusterstad Tormund komt jaarlijks naar Arvelle", "", PAIR))


@pytest.mark.parametrize(
    "text", ["They come in May.", "They came to room 16.", "It took 16 days.", "Founded on 12 October 1973.", "May I?"]
)
def test_no_day_is_told_by_a_bare_month_number_or_an_old_date(text: str) -> None:
    assert "dated" not in weights(judge("en", EVENT_TITLE, text, PAIR))


def test_a_day_near_outweighs_the_old_date_that_the_facts_found() -> None:
    assert "dated" in weights(judge("en", EVENT_TITLE, "They signed today.", PAIR, date(1988, 12, 9)))
    assert "long-ago" in weights(judge("en", EVENT_TITLE, "They signed.", PAIR, date(1988, 12, 9)))


def test_without_places_names_speak_for_a_particular_story_where_capitals_tell_them() -> None:
    general, particular = "les délégations arrivent", "accueil de Josette Marnay par les Amis de Brenn"
    assert weights(judge("fr", "Jumelage avec une ville", general))["no-place"] < 0
    assert "no-place" not in weights(judge("fr", "Jumelage avec une ville", particular))


def test_a_title_that_names_somebody_is_not_general() -> None:
    assert "general-title" in weights(judge("fr", "Les villes jumelles", ""))
    assert "general-title" not in weights(judge("fr", "Ville jumelle de Quelquepart", ""))
    assert "general-title" in weights(judge("ja", "姉妹都市について", ""))
    assert "general-title" not in weights(judge("ja", "丸山町と桜谷町、姉妹都市として三十年の歩みを語る", ""))


def test_a_date_taken_from_the_publication_is_no_evidence() -> None:
    article = ArticleForDecision("u", "u", EVENT_TITLE, "", "en", TODAY, SourceContext("s"), ())
    inferred = Happening(
        (EventKind.TALKS,), frozenset(), None, DateRange(TODAY, TODAY), EventStatus.HAPPENED, date_inferred=True
    )
    cues = LEXICON.find(article.full_text, "en")
    assert "dated" not in weights(assess(article, mentions(article.full_text, PAIR), Facts(inferred), cues))


# ---------------------------------------------------------------- scope


@pytest.mark.parametrize(
    ("known", "scope"),
    [
        (PAIR, "international"),
        ({"Arvelle": ("FR", CITY), "Tormund": ("FR", CITY)}, "domestic"),
        ({"Arvelle": ("HK", CITY), "Tormund": ("CN", CITY)}, "domestic"),
        ({"Arvelle": ("FR", UNIVERSITY), "Tormund": ("NO", UNIVERSITY)}, "university"),
        ({"Arvelle": ("FR", VILLAGE), "Tormund": ("NO", CITY)}, "village"),
        (
            {**PAIR, "Brenn": ("DE", CITY), "Kobo": ("JP", CITY)},
            "multilateral",
        ),
        ({}, "international"),
    ],
)
def test_scope_follows_the_places(known: Known, scope: str) -> None:
    assert judge("en", "Sister cities Arvelle, Tormund, Brenn and Kobo", "", known).scope == scope


# ---------------------------------------------------------------- properties

_VOCABULARY = (
    "sister", "city", "mayor", "signed", "Arvelle", "Tormund", "digital", "twin", ".", "\n", "2019", "delegation",
    "jumelage", "友好城市", "ambassador", "will", "16/5", "Monday", "Polish", "guide", "hospital", "ultras",
)  # fmt: skip
_WORDS = st.lists(st.sampled_from(_VOCABULARY), max_size=40)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(title=_WORDS, text=_WORDS, dated=st.booleans(), language=st.sampled_from(["en", "fr", "zh", "xx"]))
def test_scores_stay_within_bounds_and_spans_inside_the_text(
    title: Iterable[str], text: Iterable[str], dated: bool, language: str
) -> None:
    head, body = " ".join(title).replace("\n", " "), " ".join(text)
    assessment = judge(language, head, body, PAIR, TODAY if dated else None)
    full = f"{head}\n\n{body}"
    assert 0.0 <= assessment.score <= 1.0
    assert all(full[span.start : span.end] == span.text for reason in assessment.reasons for span in reason.spans)
    codes = [reason.code for reason in assessment.reasons]
    assert len(codes) == len(set(codes))
    assert (assessment.scope == "none") == (assessment.label is Label.IRRELEVANT)
