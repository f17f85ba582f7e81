"""Who stands behind a text: news agencies, how they are credited, and houses that publish under several names.

Closed classes of general knowledge, so they stand here and not in the lexicon's data. A house that is missing makes two
of its titles look independent; an agency that is missing, two prints of its text that were cut too differently to be
near copies. Both only matter where an end of a relation waits to be confirmed, and in what is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from monitor.domain.urls import host_of


@dataclass(frozen=True, slots=True)
class Agency:
    """A news agency: how a credit names it (capitals count in `marks`, not in `names`), and its own sites."""

    key: str
    names: tuple[str, ...]
    marks: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


AGENCIES = (
    Agency("afp", ("Agence France-Presse", "法新社", "AFP通信", "أ ف ب", "فرانس برس"), ("AFP", "АФП"), ("afp.com",)),
    Agency(
        "ap", ("Associated Press", "美联社", "美聯社", "AP通信", "أسوشيتد برس"), ("AP", "АП"), ("apnews.com", "ap.org")
    ),
    Agency("reuters", ("Reuters", "路透社", "路透", "ロイター", "로이터", "Рейтер", "رويترز"), (), ("reuters.com",)),
    Agency(
        "xinhua",
        (
            "Xinhua",
            "Chine nouvelle",
            "新华社",
            "新華社",
            "新华网",
            "新華網",
            "新华通讯社",
            "Tân Hoa Xã",
            "Синьхуа",
            "신화통신",
            "شينخوا",
        ),
        (),
        ("news.cn", "xinhuanet.com", "xinhua.org"),
    ),
    Agency(
        "cns",
        ("China News Service", "中新社", "中新网", "中新網", "中国新闻社", "中国新闻网", "中國新聞社"),
        ("CNS", "ECNS"),
        ("chinanews.com", "chinanews.com.cn", "ecns.cn"),
    ),
    Agency(
        "vna",
        (
            "Vietnam News Agency",
            "Thông tấn xã Việt Nam",
            "Agence vietnamienne d'information",
            "越通社",
            "VietnamPlus",
            "Vietnam+",
        ),
        ("TTXVN", "VNA", "AVI", "VNP"),
        (
            "vnanet.vn",
            "vietnamplus.vn",
            "vietnam.vnanet.vn",
            "vietnamnews.vn",
            "lecourrier.vn",
            "baotintuc.vn",
            "bnews.vn",
        ),
    ),
    Agency("kyodo", ("Kyodo", "共同通信", "共同社", "【共同】"), (), ("kyodonews.net", "kyodonews.jp", "kyodo.co.jp")),
    Agency("jiji", ("Jiji Press", "時事通信", "时事社", "時事ドットコム"), (), ("jiji.com",)),
    Agency("yonhap", ("Yonhap", "연합뉴스", "韩联社", "韓聯社", "聯合ニュース"), (), ("yna.co.kr", "yonhapnews.co.kr")),
    Agency("newsis", ("뉴시스", "Newsis"), (), ("newsis.com",)),
    Agency("cna-taiwan", ("中央社", "Central News Agency"), (), ("cna.com.tw", "focustaiwan.tw")),
    Agency("dpa", ("Deutsche Presse-Agentur", "德新社"), ("dpa", "DPA"), ("dpa.com", "dpa-international.com")),
    Agency("epd", ("Evangelischer Pressedienst",), ("epd",), ("epd.de",)),
    Agency("apa", ("Austria Presse Agentur",), ("APA",), ("apa.at",)),
    Agency("keystone-ats", ("Keystone-SDA", "Keystone-ATS"), ("ATS", "SDA"), ("keystone-sda.ch",)),
    Agency("belga", ("Belga",), (), ("belga.be", "belganewsagency.eu")),
    Agency("anp", ("Algemeen Nederlands Persbureau",), ("ANP",), ("anp.nl",)),
    Agency("ansa", ("ANSA.it", "Agenzia ANSA"), ("ANSA",), ("ansa.it",)),
    Agency("efe", ("Agencia EFE",), ("EFE",), ("efe.com",)),
    Agency("europa-press", ("Europa Press",), (), ("europapress.es",)),
    Agency("lusa", ("Agência Lusa",), ("Lusa", "LUSA"), ("lusa.pt",)),
    Agency("agencia-brasil", ("Agência Brasil",), (), ("agenciabrasil.ebc.com.br",)),
    Agency("pap", ("Polska Agencja Prasowa",), ("PAP",), ("pap.pl",)),
    Agency("ctk", ("Česká tisková kancelář",), ("ČTK", "CTK"), ("ctk.cz", "ceskenoviny.cz")),
    Agency("mti", ("Magyar Távirati Iroda",), ("MTI",), ("mti.hu",)),
    Agency("tass", ("TASS", "ТАСС", "塔斯社", "ИТАР-ТАСС"), (), ("tass.ru", "tass.com")),
    Agency("ria", ("RIA Novosti", "РИА Новости", "俄新社"), (), ("ria.ru",)),
    Agency("interfax", ("Interfax", "Интерфакс"), (), ("interfax.ru", "interfax.com")),
    Agency("ukrinform", ("Ukrinform", "Укрінформ", "Укринформ"), (), ("ukrinform.ua", "ukrinform.net", "ukrinform.fr")),
    Agency("interfax-ukraine", ("Interfax-Ukraine", "Інтерфакс-Україна"), (), ("interfax.com.ua",)),
    Agency("anadolu", ("Anadolu Agency", "Anadolu Ajansı", "الأناضول"), ("AA",), ("aa.com.tr",)),
    Agency("iha", ("İhlas Haber Ajansı",), ("İHA", "IHA"), ("iha.com.tr",)),
    Agency("wam", ("Emirates News Agency",), ("WAM", "وام"), ("wam.ae",)),
    Agency("map", ("Maghreb Arabe Presse", "Agence marocaine de presse"), ("MAP",), ("mapnews.ma", "map.ma")),
    Agency("aps", ("Algérie Presse Service",), ("APS",), ("aps.dz",)),
    Agency("pti", ("Press Trust of India",), ("PTI",), ("ptinews.com",)),
    Agency("ani", ("Asian News International",), ("ANI",), ("aninews.in",)),
    Agency("antara", ("Antara News", "Kantor Berita Antara"), ("ANTARA",), ("antaranews.com",)),
    Agency("bernama", ("Bernama",), (), ("bernama.com",)),
)

_HOUSES: Mapping[str, tuple[str, ...]] = {
    "ebra": (
        "estrepublicain.fr",
        "vosgesmatin.fr",
        "republicain-lorrain.fr",
        "dna.fr",
        "lalsace.fr",
        "ledauphine.com",
        "leprogres.fr",
        "bienpublic.com",
        "lejsl.com",
    ),
    "ouest-france": ("ouest-france.fr", "lemainelibre.fr", "presseocean.fr", "lecourrierdelouest.fr"),
    "depeche": (
        "ladepeche.fr",
        "midilibre.fr",
        "lindependant.fr",
        "centrepresseaveyron.fr",
        "larepubliquedespyrenees.fr",
    ),
    "centre-france": (
        "lamontagne.fr",
        "larep.fr",
        "lepopulaire.fr",
        "leberry.fr",
        "lyonne.fr",
        "lechorepublicain.fr",
        "lejdc.fr",
        "leveil.fr",
    ),
    "rossel": ("lavoixdunord.fr", "courrier-picard.fr", "lunion.fr", "lardennais.fr", "lest-eclair.fr", "lesoir.be"),
    "france-televisions": ("francetvinfo.fr", "franceinfo.fr"),
    "madsack": (
        "haz.de",
        "lvz.de",
        "rnd.de",
        "kn-online.de",
        "ln-online.de",
        "maz-online.de",
        "ostsee-zeitung.de",
        "dnn.de",
    ),
    "funke": (
        "waz.de",
        "nrz.de",
        "wp.de",
        "morgenpost.de",
        "abendblatt.de",
        "thueringer-allgemeine.de",
        "otz.de",
        "tlz.de",
    ),
    "suedwest": ("swp.de", "stuttgarter-zeitung.de", "stuttgarter-nachrichten.de"),
    "people-daily": ("people.com.cn", "people.cn", "globaltimes.cn", "huanqiu.com", "peopleapp.com"),
    "china-media-group": ("cctv.com", "cctv.cn", "cgtn.com", "cri.cn", "cnr.cn"),
    "yunnan-daily": ("yndaily.com", "yunnan.cn", "yunnangateway.com"),
    "nhan-dan": ("nhandan.vn", "nhandan.org.vn"),
    "gannett": (
        "usatoday.com",
        "azcentral.com",
        "freep.com",
        "indystar.com",
        "tennessean.com",
        "desmoinesregister.com",
    ),
    "reach": (
        "mirror.co.uk",
        "express.co.uk",
        "manchestereveningnews.co.uk",
        "liverpoolecho.co.uk",
        "birminghammail.co.uk",
    ),
    "vocento": ("abc.es", "elcorreo.com", "diariovasco.com", "ideal.es", "diariosur.es", "laverdad.es", "larioja.com"),
    "prensa-iberica": (
        "elperiodico.com",
        "lne.es",
        "farodevigo.es",
        "levante-emv.com",
        "laprovincia.es",
        "informacion.es",
    ),
    "gedi": ("repubblica.it", "lastampa.it", "ilsecoloxix.it"),
    "rcs": ("corriere.it", "gazzetta.it"),
}

# Under these endings the name that a publisher registers is one label longer.
_LONG_ENDINGS = frozenset({"co", "com", "org", "net", "gov", "gob", "gouv", "edu", "ac", "go", "or", "ne", "lg", "web"})


def domain_of(url: str) -> str | None:
    """The name that the publisher of an address registered: "news.city.example" is "city.example". None: no host."""
    host = host_of(url)
    if host is None:
        return None
    labels = host.split(".")
    is_long = len(labels) > 2 and labels[-2] in _LONG_ENDINGS and len(labels[-1]) == 2
    return ".".join(labels[-3 if is_long else -2 :])


def agency_at(domain: str) -> str | None:
    """The agency whose own site this is."""
    return _domains()[0].get(domain)


def house_of(domain: str) -> str:
    """The house that publishes at this domain; the domain itself where it is not known to have others."""
    return _domains()[1].get(domain, domain)


@cache
def _domains() -> tuple[Mapping[str, str], Mapping[str, str]]:
    agencies = {domain: one.key for one in AGENCIES for domain in one.domains}
    houses = {domain: house for house, domains in _HOUSES.items() for domain in domains}
    return agencies, houses
