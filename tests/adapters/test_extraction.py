"""Articles out of pages, and the language of texts, by real children."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from monitor.adapters.extraction import SandboxExtractor
from monitor.adapters.language import SandboxLanguageIdentifier
from monitor.adapters.sandbox import ProcessSandbox, SandboxLimits
from monitor.domain.model.articles import ArticleData, ExtractFailed, TextPath
from monitor.domain.outcomes import Outcome

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
URL = "https://gazette.example/2026/jumelage"
FIRST = """La maire de Brevenne, Odile Marchetti, a reçu jeudi une délégation de douze élus de Tartu,
conduite par son adjoint aux relations extérieures, pour marquer les dix ans du jumelage entre les communes."""
SECOND = """Les deux collectivités ont signé à cette occasion une nouvelle convention qui prévoit des échanges d'élèves
infirmiers entre leurs hôpitaux, ainsi qu'un stage d'été commun pour les archivistes municipaux."""
THIRD = """La convention court sur quatre ans et pourra être prolongée ; un premier groupe partira bientôt,
a précisé la maire devant le conseil municipal réuni pour l'occasion dans la salle des fêtes."""
PARAGRAPHS = tuple(text.replace("\n", " ") for text in (FIRST, SECOND, THIRD))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[ProcessSandbox]:
    box = ProcessSandbox(SandboxLimits(children=1), warm=("extract-article",))
    yield box
    box.close()


@pytest.fixture(scope="module")
def extractor(sandbox: ProcessSandbox) -> SandboxExtractor:
    return SandboxExtractor(sandbox, clock=lambda: NOW)


def page(head: str = "", body: str | None = None, heading: str = "Brevenne et Tartu prolongent leur jumelage") -> str:
    article = body if body is not None else "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    return f"""<!doctype html><html lang="fr-FR"><head><meta charset="utf-8">{head}</head><body>
      <header><nav><a href="/">Accueil</a> <a href="/sport">Sport</a> <a href="/culture">Culture</a></nav></header>
      <main><article><h1>{heading}</h1>{article}</article></main>
      <section class="comments"><h2>Commentaires</h2><p>Bravo à toutes et à tous pour cette belle fête !</p></section>
      <footer><p>Mentions légales. Tous droits réservés.</p></footer></body></html>"""


def article(extractor: SandboxExtractor, html: str | bytes, url: str = URL, kind: str = "text/html") -> ArticleData:
    data = html.encode() if isinstance(html, str) else html
    result = extractor.extract(data, url, kind)
    assert isinstance(result, ArticleData), result
    return result


def ld(**values: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(values)}</script>'


def test_the_text_is_the_articles_and_nothing_else(extractor: SandboxExtractor) -> None:
    found = article(extractor, page("<title>Brevenne et Tartu prolongent leur jumelage | La Gazette</title>"))
    for paragraph in PARAGRAPHS:
        assert paragraph in found.text.split("\n")
    assert not any(noise in found.text for noise in ("Accueil", "Commentaires", "Bravo", "Mentions légales"))
    assert (found.title, found.path, found.language) == (
        "Brevenne et Tartu prolongent leur jumelage",
        TextPath.PAGE,
        "fr",
    )


def test_json_ld_gives_date_author_and_site(extractor: SandboxExtractor) -> None:
    graph = [
        {"@type": "WebSite", "name": "La Gazette"},
        {
            "@type": ["NewsArticle", "Article"],
            "headline": "Brevenne et Tartu prolongent leur jumelage",
            "datePublished": "2026-08-22T01:00:00+02:00",
            "dateModified": "2026-08-25",
            "author": [{"@type": "Person", "name": "Jean Ferrand"}, "Ana Duarte", {"name": "https://x.example/j"}],
            "publisher": {"@type": "Organization", "name": "Éditions de la Gazette"},
        },
    ]
    found = article(extractor, page(ld(**{"@context": "https://schema.org", "@graph": graph})))
    assert (found.published_on, found.published_at) == (date(2026, 8, 22), datetime(2026, 8, 21, 23, tzinfo=UTC))
    assert (found.author, found.site_name) == ("Jean Ferrand, Ana Duarte", "Éditions de la Gazette")


def test_meta_elements_give_what_json_ld_does_not(extractor: SandboxExtractor) -> None:
    head = """<meta property="og:title" content="Brevenne et Tartu prolongent leur jumelage">
      <meta name="author" content="Lise Prat">
      <meta property="og:site_name" content="La Gazette"><meta property="article:published_time" content="2026-08-22">
      <link rel="canonical" href="/2026/jumelage-tartu?utm_source=x">
      <script type="application/ld+json">{broken</script>"""
    found = article(extractor, page(head))
    assert (found.author, found.site_name, found.published_on) == ("Lise Prat", "La Gazette", date(2026, 8, 22))
    assert found.published_at is None
    assert found.canonical_url == "https://gazette.example/2026/jumelage-tartu"


@pytest.mark.parametrize(
    ("markup", "day"),
    [
        ("<p>Publié le <time datetime='2026-08-22T10:00:00+02:00'>samedi</time></p>", date(2026, 8, 22)),
        ("<p class='date'>Publié le 22 août 2026</p>", date(2026, 8, 22)),
    ],
)
def test_dates_in_the_page_are_found(extractor: SandboxExtractor, markup: str, day: date) -> None:
    found = article(extractor, page(body=markup + "".join(f"<p>{text}</p>" for text in PARAGRAPHS)))
    assert found.published_on == day


@pytest.mark.parametrize("claimed", ["2036-01-01", "1956-01-01", "soon"])
def test_dates_that_cannot_be_are_dropped(extractor: SandboxExtractor, claimed: str) -> None:
    found = article(extractor, page(ld(**{"@type": "NewsArticle", "headline": "x", "datePublished": claimed})))
    assert (found.published_on, found.published_at) == (None, None)


@pytest.mark.parametrize(
    ("head", "heading", "title"),
    [
        ("<title>Le jumelage prolongé de quatre ans - La Gazette</title>", "", "Le jumelage prolongé de quatre ans"),
        (
            '<meta property="og:title" content="Le jumelage prolongé de quatre ans">',
            "La Gazette",
            "Le jumelage prolongé de quatre ans",
        ),
        (
            '<meta property="og:title" content="Un titre pour les réseaux sociaux seulement">',
            "Un titre pour les réseaux sociaux seulement, plus long sur la page",
            "Un titre pour les réseaux sociaux seulement, plus long sur la page",
        ),
        ("", "Le seul titre", "Le seul titre"),
    ],
)
def test_the_title_is_the_one_that_claims_agree_on(
    extractor: SandboxExtractor, head: str, heading: str, title: str
) -> None:
    assert article(extractor, page(head, heading=heading)).title == title


def test_a_body_only_in_json_ld_is_used(extractor: SandboxExtractor) -> None:
    head = ld(**{"@type": "NewsArticle", "headline": "x", "articleBody": "<p>" + "</p><p>".join(PARAGRAPHS) + "</p>"})
    found = article(extractor, page(head, body="<p>Réservé aux abonnés.</p>"))
    assert PARAGRAPHS[1] in found.text
    assert "text-from-json-ld" in found.notes


def test_a_page_in_a_chinese_charset_is_read_as_declared(extractor: SandboxExtractor) -> None:
    text = (
        "本报讯，昆明市友好城市代表团日前到访我市，双方就教育、医疗和文化领域的合作进行了深入交流，并签署了合作备忘录。"
    )
    html = (
        f"<html><head><meta charset='gb2312'><title>友城代表团来访</title></head><body><div><h1>友城代表团来访</h1>"
        f"<p>{text}</p><p>{text}双方商定明年春天互派学生。</p></div></body></html>"
    )
    found = article(extractor, html.encode("gb18030"))
    assert (found.title, found.language) == ("友城代表团来访", "zh")
    assert "签署了合作备忘录" in found.text
    assert found.notes == ()


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"%PDF-1.7 ...", "text/html"), (b"\x89PNG\r\n\x1a\n", ""), (b"PK\x03\x04", "text/html"),
     (b"binary", "image/jpeg"), (b"binary", "application/pdf"), (b"\xd0\xcf\x11\xe0", "application/msword"),
     (b"x", "application/octet-stream")],
)  # fmt: skip
def test_binary_media_are_unsupported(extractor: SandboxExtractor, body: bytes, kind: str) -> None:
    result = extractor.extract(body, URL, kind)
    assert isinstance(result, ExtractFailed)
    assert result.outcome is Outcome.UNSUPPORTED_MEDIA


def test_a_page_declared_as_a_download_is_read(extractor: SandboxExtractor) -> None:
    assert article(extractor, page(), kind="application/octet-stream").language == "fr"


@pytest.mark.parametrize(
    "body", [b"", b"   ", b"words without markup", b"<html></html>", b"<html><body><p>Login</p></body></html>"]
)
def test_pages_without_text_are_no_text(extractor: SandboxExtractor, body: bytes) -> None:
    result = extractor.extract(body, URL, "text/html")
    assert isinstance(result, ExtractFailed)
    assert result.outcome is Outcome.NO_TEXT


HOSTILE = {
    "deep": "<div>" * 100_000,
    "colspan": "<table><tr><td colspan=9007199254740991 rowspan=9007199254740991>x</td></tr></table>" * 50,
    "controls": "\x00\x01\u202e<p>\ufffe\ud7ff</p>",
    "refresh": "<meta http-equiv=refresh content='0;url=http://127.0.0.1:1/'><base href='http://127.0.0.1:1/'>",
    "doctype": '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;',
    "json": '<script type="application/ld+json">' + "[" * 50_000 + "</script>",
}


@pytest.mark.parametrize("noise", HOSTILE.values(), ids=HOSTILE)
def test_hostile_markup_around_an_article_is_survived(extractor: SandboxExtractor, noise: str) -> None:
    result = extractor.extract((page() + noise).encode(), URL, "text/html")
    assert isinstance(result, (ArticleData, ExtractFailed))
    assert PARAGRAPHS[0] in article(extractor, page()).text
    if isinstance(result, ArticleData):
        assert "root:" not in result.text


def test_a_canonical_link_that_is_no_web_address_is_dropped(extractor: SandboxExtractor) -> None:
    assert article(extractor, page('<link rel="canonical" href="javascript:alert(1)">')).canonical_url is None


def test_template_text_stays_as_it_is(extractor: SandboxExtractor) -> None:
    odd = "Le message {{7*7}} ${x} %s {0} reste tel quel dans le texte de cet article sur le jumelage des deux villes."
    assert odd in article(extractor, page(body="".join(f"<p>{text}</p>" for text in (*PARAGRAPHS, odd)))).text


# ---------------------------------------------------------------- language

SENTENCES = [
    ("fr", "Nancy et Kunming veulent devenir partenaires"),
    ("fr", "Jumelage : Toulouse accueille une délégation de Chongqing"),
    ("en", "Sister city delegation arrives in Kunming"),
    ("en", "The mayor of Lyon and the mayor of Canton meet again"),
    ("vi", "Hà Nội và Toulouse ký thỏa thuận hợp tác"),
    ("de", "Lyon und Frankfurt feiern das Jubiläum der Partnerschaft"),
    ("es", "Una delegación de Toulouse visita la ciudad de Hanói"),
    ("it", "Una delegazione della città di Milano a Shanghai"),
    ("pt", "Uma delegação do Porto visita a cidade de Macau"),
    ("ru", "Делегация Санкт-Петербурга посетила Гамбург"),
    ("uk", "Львів і Вроцлав підписали угоду про співпрацю"),
    ("pl", "Współpraca Krakowa i Lipska trwa od 50 lat"),
    ("ar", "وفد من مدينة ليون يزور بيروت"),
    ("nl", "Een delegatie uit Rotterdam bezoekt Shanghai voor overleg"),
    ("tr", "İstanbul ile Köln kardeş şehir oldu"),
    ("cs", "Praha a Berlín podepsaly dohodu o spolupráci"),
    ("sv", "Göteborg och Lyon firar sitt vänortsavtal"),
    ("da", "Borgmesteren i Aarhus besøger venskabsbyen Harbin"),
    ("no", "Ordføreren i Bergen mottok en delegasjon fra Seattle"),
    ("fi", "Tampereen pormestari vieraili ystävyyskaupungissa Chemnitzissä"),
    ("hu", "Pécs polgármestere fogadta a lyoni küldöttséget"),
    ("ro", "Primarul Clujului a primit o delegație din Suwon"),
    ("hr", "Gradonačelnik Zagreba primio je izaslanstvo grada Dresdena"),
    ("sk", "Primátor Košíc prijal delegáciu z Wuhanu"),
    ("id", "Wali kota Surabaya menerima kunjungan delegasi Kochi"),
    ("bg", "Кметът на София прие делегация от Пекин"),
    ("sr", "Градоначелник Новог Сада примио делегацију из Дортмунда"),
    ("fa", "هیئتی از شهر شیراز به وایمار رفت"),
    ("zh", "昆明与南锡签署合作协议"),
    ("ja", "京都市とパリの姉妹都市"),
    ("ko", "서울시와 파리시의 협력"),
    ("el", "Η Αθήνα και το Πεκίνο υπέγραψαν συμφωνία"),
    ("th", "เมืองพี่เมืองน้องลงนามข้อตกลง"),
    ("fa", "شهرداری تهران و پکن تفاهم‌نامه امضا کردند گزارش"),
]


@pytest.mark.parametrize(("language", "text"), SENTENCES)
def test_languages_are_told_by_headlines(sandbox: ProcessSandbox, language: str, text: str) -> None:
    assert SandboxLanguageIdentifier(sandbox).identify(text) == language


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        # names of Vietnamese people without their marks, as foreign papers print them
        (
            (
                "Joint session of Lai Chau, Tuyen Quang and Dien Bien; Nguyen Thanh Binh, Hoang Gia Minh, Tran Thi Lan "
                "for Vietnam; deputy governor of Yunnan"
            ),
            "en",
            "en",
        ),
        ("Nancy", "fr-FR", "fr"),
        ("", "vi", "vi"),
        ("2026", None, None),
        ("", None, None),
        ("昆明友城", "en", "zh"),
        ("The mayors of both cities signed the agreement", "vi", "en"),
        ("Begini pesan dalam wisuda di kota Jakarta", "id", "id"),
        ("12345 67890 12345 67890", "de_DE", "de"),
    ],
)
def test_the_declared_language_is_believed_when_the_text_says_little(
    sandbox: ProcessSandbox, text: str, declared: str | None, language: str | None
) -> None:
    assert SandboxLanguageIdentifier(sandbox).identify(text, declared) == language


def test_a_closed_sandbox_leaves_the_declared_language() -> None:
    box = ProcessSandbox(SandboxLimits(children=1))
    box.close()
    assert SandboxLanguageIdentifier(box).identify("Some text", "fr") == "fr"
    result = SandboxExtractor(box).extract(page().encode(), URL, "text/html")
    assert isinstance(result, ExtractFailed)
    assert (result.outcome, result.detail) == (Outcome.INTERNAL, "the sandbox is closed")
