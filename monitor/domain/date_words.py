"""What dates are made of beside the names in the lexicon: connectors of ranges, words for years and months past and to
come, in the languages we read. Closed classes, so they stand here and not in the lexicon's data.
"""

from __future__ import annotations

from collections.abc import Mapping

# Between two days of one range; those in ENUMERATING also join days that are no range ("le 3 et le 10 mai").
RANGING = (
    "-", "–", "—", "−", "~", "〜", "～", "to", "through", "until", "till", "au", "à", "jusqu'au", "bis", "al", "a",
    "ao", "até", "hasta", "fino al", "t/m", "tot", "tot en met", "до", "по", "do", "đến", "đến ngày", "tới",
    "tới ngày", "إلى", "الى", "حتى", "ile", "till", "til", "i do", "/", "az", "až", "až do", "až", "hingga", "sampai",
    "έως", "μέχρι", "ως", "до", "pana la", "până la", "до", "עד", "تا",
)  # fmt: skip
ENUMERATING = (
    "and",
    "et",
    "et le",
    "und",
    "e",
    "y",
    "en",
    "и",
    "і",
    "та",
    "й",
    "i",
    "và",
    "و",
    "ve",
    "och",
    "og",
    "ja",
    "és",
    "și",
    "şi",
    "dan",
    "και",
    "&",
    ",",
)

# Between day and month, month and year.
OF = ("de", "del", "of", "di", "do", "da", "van", "من", "من شهر", "شهر", "le mois de", "th", "năm", "dell'", "d'", "d’")
BEFORE_YEAR = (
    "de",
    "del",
    "do",
    "of",
    "năm",
    "năm ",
    "anno",
    "year",
    "عام",
    "سنة",
    "من عام",
    "من سنة",
    "l'an",
    "du",
    "des Jahres",
)

# The word directly before a bare year.
YEAR_LEADS = frozenset({
    "a", "ab", "and", "anno", "année", "ano", "anul", "año", "bis", "by", "của", "dal", "das", "de", "del",
    "depuis", "desde", "dès", "début", "e", "early", "em", "en", "et", "fin", "from", "im", "in", "jaar", "jahr",
    "jahre", "l'année", "late", "nel", "năm", "od", "of", "om", "rok", "roku", "sedan", "seit", "since", "sinds",
    "to", "uit", "und", "until", "vom", "w", "we", "y", "year", "years", "à", "в", "від", "до", "з", "от", "с", "у",
    "سنة", "عام", "في", "منذ",
})  # fmt: skip
YEAR_FOLLOWS = (
    "г.", "г", "год", "года", "году", "годом", "року", "рік", "році", "роки", "r.", "roku", "yılı", "yılında",
    "senesi", "年", "년", "m.", "p.", "р.",
)  # fmt: skip

# Directly before a bare month.
MONTH_LEADS = (
    "en", "in", "im", "em", "nel", "a", "ad", "since", "depuis", "seit", "desde", "until", "by", "of", "last", "next",
    "this", "early", "late", "mid", "fin", "début", "mi", "dès", "courant", "mois de", "mois d'", "month of",
    "mes de", "mês de", "mese di", "ende", "anfang", "mitte", "w", "we", "od", "do", "в", "во", "с", "до", "у", "з",
    "від", "на", "к", "letzten", "nächsten", "kommenden", "vergangenen", "eind", "begin", "medio", "van", "vanaf",
    "sinds", "afgelopen", "vorig", "في", "شهر", "منذ", "trong", "vào", "pasado", "próximo", "scorso", "prossimo",
    "a fines de", "finales de", "początku", "końcu", "połowie", "i", "de", "di",
)  # fmt: skip

# Years told by their distance; "this" is told so that "octobre de cette année" is no guess.
RELATIVE_YEARS: Mapping[str, Mapping[str, int]] = {
    "en": {
        "this year": 0, "last year": -1, "next year": 1, "the year before last": -2,
    },
    "fr": {
        "cette année": 0, "l'an dernier": -1, "l'année dernière": -1, "l'an passé": -1, "l'année passée": -1,
        "l'an prochain": 1, "l'année prochaine": 1,
    },
    "de": {
        "dieses Jahres": 0, "in diesem Jahr": 0, "letztes Jahr": -1, "letzten Jahres": -1, "vergangenen Jahres": -1,
        "im vergangenen Jahr": -1, "im Vorjahr": -1, "nächstes Jahr": 1, "nächsten Jahres": 1,
        "kommenden Jahres": 1, "kommenden Jahr": 1,
    },
    "es": {
        "este año": 0, "de este año": 0, "del presente año": 0, "año pasado": -1, "el año pasado": -1,
        "próximo año": 1, "año próximo": 1,
    },
    "pt": {
        "este ano": 0, "deste ano": 0, "neste ano": 0, "ano passado": -1, "próximo ano": 1, "no próximo ano": 1,
    },
    "it": {
        "quest'anno": 0, "di quest'anno": 0, "l'anno scorso": -1, "dell'anno scorso": -1, "lo scorso anno": -1,
        "il prossimo anno": 1, "l'anno prossimo": 1, "prossimo anno": 1,
    },
    "nl": {
        "dit jaar": 0, "vorig jaar": -1, "volgend jaar": 1,
    },
    "ru": {
        "в этом году": 0, "этого года": 0, "текущего года": 0, "в прошлом году": -1, "прошлого года": -1,
        "в следующем году": 1, "следующего года": 1,
    },
    "uk": {
        "цього року": 0, "минулого року": -1, "торік": -1, "наступного року": 1,
    },
    "pl": {
        "w tym roku": 0, "tego roku": 0, "br.": 0, "w zeszłym roku": -1, "zeszłego roku": -1, "ubiegłego roku": -1,
        "w ubiegłym roku": -1, "w przyszłym roku": 1, "przyszłego roku": 1,
    },
    "vi": {
        "năm nay": 0, "năm ngoái": -1, "năm trước": -1, "năm sau": 1, "năm tới": 1,
    },
    "tr": {
        "bu yıl": 0, "geçen yıl": -1, "gelecek yıl": 1, "önümüzdeki yıl": 1,
    },
    "ar": {
        "هذا العام": 0, "العام الجاري": 0, "العام الماضي": -1, "العام المقبل": 1, "العام القادم": 1,
        "السنة الماضية": -1, "السنة المقبلة": 1,
    },
    "zh": {
        "今年": 0, "去年": -1, "明年": 1, "來年": 1, "本年": 0, "前年": -2, "来年": 1,
    },
    "ja": {
        "本年": 0, "昨年": -1, "前年": -2, "来年": 1, "翌年": 1, "今年": 0, "去年": -1, "明年": 1,
    },
    "ko": {
        "올해": 0, "금년": 0, "작년": -1, "지난해": -1, "내년": 1,
    },
}  # fmt: skip

# Beside a weekday or a month: the one gone by, the one to come.
BACKWARD = (
    "last", "past", "dernier", "dernière", "passé", "écoulé", "letzten", "letzter", "vergangenen", "pasado", "pasada",
    "último", "última", "passado", "passada", "scorso", "scorsa", "vorige", "afgelopen", "jongstleden", "прошлый",
    "прошлую", "прошлой", "прошлом", "прошлого", "минувший", "минувшую", "минувшего", "минулого", "минулої",
    "минулий", "zeszły", "zeszłym", "zeszłą", "ubiegły", "ubiegłym", "ubiegłą", "miniony", "minioną", "tuần trước",
    "vừa qua", "geçen", "geçtiğimiz", "scorsi", "pasados", "passados", "minulý", "minulou", "minulú", "prošli",
    "prošlu", "prošle", "proteklog", "прошле", "прошлог", "миналия", "миналата", "изминалия", "múlt", "elmúlt",
    "trecut",
    "trecută", "förra", "i fredags", "sidste", "forrige", "sist", "viime", "περασμένη", "προηγούμενη", "lalu",
    "kemarin", "האחרון", "שעבר", "האחרונה", "گذشته", "الماضي", "الماضية", "المنصرم", "上周", "上週", "先週", "지난",
    "지난주",
)  # fmt: skip
FORWARD = (
    "next", "coming", "upcoming", "prochain", "prochaine", "nächsten", "nächster", "kommenden", "próximo", "próxima",
    "que viene", "prossimo", "prossima", "volgende", "komende", "aanstaande", "следующий", "следующую", "следующей",
    "следующем", "ближайший", "наступного", "наступної", "наступний", "przyszły", "przyszłym", "najbliższy",
    "najbliższą", "tuần tới", "tới", "gelecek", "önümüzdeki", "prossimi", "prossime", "próximos", "próximas",
    "prochains", "prochaines", "příští", "příštím", "nadcházející", "budúci", "budúcu", "idući", "iduću", "iduće",
    "sljedeći", "sljedeću", "следећи", "следеће", "следећу", "sledeći", "sledeće", "следващия", "следващата", "идния",
    "идната", "jövő", "következő", "viitor", "viitoare", "nästa", "kommande", "næste", "kommende", "neste", "ensi",
    "tulevana", "επόμενη", "επόμενο", "προσεχή", "ερχόμενη", "mendatang", "depan", "הבא", "הקרוב", "הבאה", "آینده",
    "المقبل", "المقبلة", "القادم", "القادمة", "下周", "下週",
    "来週", "다음", "오는",
)  # fmt: skip
# Verbs in the future near a weekday: it is the one to come.
WILL = (
    "to host", "to welcome",
    "will", "sera", "seront", "aura", "auront", "tiendra", "wird", "werden", "será", "serán", "serão", "sarà",
    "saranno", "verrà", "zal", "zullen", "будет", "будут", "состоится", "пройдет", "пройдёт", "буде", "відбудеться",
    "będzie", "odbędzie", "sẽ", "olacak", "edilecek", "verranno", "terrà", "vai", "vão", "bude", "budou", "budú",
    "će", "ће", "ще", "θα", "majd", "fogja", "fogják", "va fi", "vor fi", "urmează", "kommer att", "ska", "skal",
    "vil", "akan", "bakal", "צפוי", "צפויה", "תתקיים", "יתקיים", "خواهد", "خواهند", "سوف", "سيتم", "将", "將", "予定",
    "예정", "となる",
)  # fmt: skip

# Numeric dates with two numbers are days only after these, but in Vietnamese, where they are the rule.
DAY_LEADS = (
    "le", "du", "au", "dès le", "el", "del", "al", "dia", "dias", "de", "em", "il", "l'", "dall'", "am", "vom", "bis",
    "den", "dem", "op", "van", "tot", "dnia", "dn.", "w dniu", "ngày", "sáng", "chiều", "tối", "trưa", "đêm", "до",
    "с", "з", "tarihinde", "od", "dne", "dana", "дана", "на", "от", "στις", "την", "pada", "tanggal", "hari", "d.",
    "den",
)  # fmt: skip
MONTH_FIRST = frozenset({"en"})  # languages in which 6/11/2024 may be the eleventh of June
