"""Names of months and time zones in feeds' dates."""

from __future__ import annotations

from monitor.domain.text import fold

# Without what all twelve end with.
_GREEK = "ιανουαρι φεβρουαρι μαρτι απριλι μαι ιουνι ιουλι αυγουστ σεπτεμβρι οκτωβρι νοεμβρι δεκεμβρι"
_FINNISH = "tammi helmi maalis huhti touko kesa heina elo syys loka marras joulu"
# Month names by language, January first; the genitive where dates use it. Any prefix of three letters and more counts.
_MONTHS = (
    "january february march april may june july august september october november december",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "januar februar maerz april mai juni juli august september oktober november dezember",
    "jaenner feber marz april mai juni juli august september oktober november dezember",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia",
    "styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien",
    "ledna unora brezna dubna kvetna cervna cervence srpna zari rijna listopadu prosince",
    "leden unor brezen duben kveten cerven cervenec srpen zari rijen listopad prosinec",
    "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "januar februar marts april maj juni juli august september oktober november december",
    "januar februar mars april mai juni juli august september oktober november desember",
    " ".join(f"{one}kuuta" for one in _FINNISH.split()),
    "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca",
    "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra",
    "januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra",
    " ".join(f"{one}ου" for one in _GREEK.split()),
    "γεναρη φλεβαρη μαρτη απριλη μαη ιουνη ιουλη αυγουστου σεπτεμβρη οκτωβρη νοεμβρη δεκεμβρη",
    "януари февруари март април май юни юли август септември октомври ноември декември",
    "јануара фебруара марта априла маја јуна јула августа септембра октобра новембра децембра",
    "januari februari maret april mei juni juli agustus september oktober november desember",
    "ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
)
_SHORTEST_MONTH = 3
_OTHER_ABBREVIATIONS = {"mrt": 3, "mrz": 3}


def _month_table() -> dict[str, int]:
    """Month numbers by full name and by prefix; where languages disagree, full names and earlier lines win."""
    numbered = [(name, number) for line in _MONTHS for number, name in enumerate(fold(line).split(), start=1)]
    table: dict[str, int] = {}
    for name, number in numbered:
        table.setdefault(name, number)
    for name, number in numbered:
        for end in range(_SHORTEST_MONTH, len(name)):
            table.setdefault(name[:end], number)
    return table | _OTHER_ABBREVIATIONS


MONTH_NUMBERS = _month_table()


ZONES = {
    **dict.fromkeys(("z", "gmt", "ut", "utc", "wet"), 0),
    **dict.fromkeys(("cet", "mez", "bst", "west", "met"), 60),
    **dict.fromkeys(("cest", "mesz", "eet", "sast"), 120),
    **dict.fromkeys(("eest", "msk"), 180),
    **dict.fromkeys(("hkt", "sgt"), 480),
    **dict.fromkeys(("kst", "jst"), 540),
    **dict.fromkeys(("est", "cdt"), -300),
    **dict.fromkeys(("cst", "mdt"), -360),
    **dict.fromkeys(("mst", "pdt"), -420),
    "edt": -240,
    "pst": -480,
    "ict": 420,
    "aest": 600,
    "aedt": 660,
    "мск": 180,
}
# Where a name means another zone in the writer's country: China's standard time, not that of Chicago.
ZONES_OF_LANGUAGE = {"zh": {"cst": 480}}
YEAR_FIRST_LANGUAGES = frozenset(("zh", "ja", "ko"))  # 26/08/22
