"""Adjectives of countries ("the Polish town", "польской гмины"), which name a foreign partner where its own name is
unknown to the gazetteer. A closed class, so it stands here and not in the lexicon's data.

Languages whose adjective is the country's name (Chinese, Japanese, Korean, Vietnamese) need no list.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ahocorasick_rs import AhoCorasick

from monitor.domain.lexicon import primary
from monitor.domain.place_words import HOME_COUNTRIES
from monitor.domain.text import Folded, fold

LONGEST_ENDING = 5  # "польск" + "ими"; longer words are others

_COUNTRIES = (
    "FR DE IT ES PT GB US CN JP KR VN RU UA PL CZ SK HU RO BG GR TR NL BE AT CH SE NO DK FI EE LV LT HR RS BY GE AM KZ "
    "IL PS MA TN IN ID TH MX BR CU MN MD"
)

# Stems in the order of `_COUNTRIES`; "/" parts alternatives, "-" stands for none that is safe.
_STEMS: Mapping[str, str] = {
    "en": (
        "french german italian spanish portuguese british american chinese japanese korean vietnamese russian "
        "ukrainian polish czech slovak hungarian romanian bulgarian greek turkish dutch belgian austrian swiss "
        "swedish norwegian danish finnish estonian latvian lithuanian croatian serbian belarusian georgian "
        "armenian kazakh israeli palestinian moroccan tunisian indian indonesian thai mexican brazilian cuban "
        "mongolian moldovan"
    ),
    "fr": (
        "français allemand italien espagnol portugais britanni américain chinois japonais coréen vietnamien russe "
        "ukrainien polonais tchèque slovaque hongrois roumain bulgare grec turc/turque néerlandais belge "
        "autrichien suisse suédois norvégien danois finlandais estonien letton lituanien croate serbe biélorusse "
        "géorgien arménien kazakh israélien palestinien marocain tunisien indien indonésien thaïlandais mexicain "
        "brésilien cubain mongol moldave"
    ),
    "de": (
        "französisch deutsch italienisch spanisch portugiesisch britisch amerikanisch chinesisch japanisch "
        "koreanisch vietnamesisch russisch ukrainisch polnisch tschechisch slowakisch ungarisch rumänisch "
        "bulgarisch griechisch türkisch niederländisch belgisch österreichisch schweizer schwedisch norwegisch "
        "dänisch finnisch estnisch lettisch litauisch kroatisch serbisch belarussisch georgisch armenisch "
        "kasachisch israelisch palästinensisch marokkanisch tunesisch indisch indonesisch thailändisch "
        "mexikanisch brasilianisch kubanisch mongolisch moldauisch"
    ),
    "es": (
        "frances alemán/aleman italian español portugues británic estadounidense chino japones corean vietnamit "
        "ruso/rusa ucranian polac checo/checa eslovac húngar ruman búlgar grieg turco/turca neerlandes/holandes "
        "belga austríac suizo/suiza sueco/sueca norueg danés/danesa finlandes estoni leton lituan croata serbi "
        "bielorrus georgian armeni kazaj israelí palestin marroquí tunecin - indonesi tailandes mexican brasileñ "
        "cuban mongol moldav"
    ),
    "it": (
        "frances tedesc italian spagnol portoghes britannic american/statunitens cines giappones corean vietnamit "
        "russo/russa/russi ucrain polacc ceco/ceca/cechi slovacc ungheres rumen bulgar greco/greca/greci "
        "turco/turca/turchi olandes belga/belgi austriac svizzer svedes norveges danes finlandes eston letton "
        "lituan croat serbo/serba/serbi bieloruss georgian armen kazak israelian palestines marocchin tunisin "
        "indian indonesian thailandes messican brasilian cuban mongol moldav"
    ),
    "pt": (
        "frances alemã/alema italian espanhol portugues britânic americano/americana/norte-american chines "
        "japones corean vietnamit russo/russa ucranian polac/polones tchec/checo/checa eslovac húngar romen "
        "búlgar grego/grega turco/turca holandes/neerlandes belga austríac suíço/suíça sueco/sueca norueg "
        "dinamarques finlandes estonian letão lituan croat sérvi bielorruss georgian armêni/arméni cazaque "
        "israelens palestin marroquin tunisian indian indonési tailandes mexican brasileir cuban mongol moldav"
    ),
    "nl": (
        "frans duits italiaans spaans portuge brits amerikaans chinees/chinese japans koreaans "
        "vietnames/vietnamees russisch oekraïens pools tsjechisch slowaaks hongaars roemeens bulgaars grieks "
        "turks nederlands belgisch oostenrijks zwitsers zweeds noors deens finse ests lets litouws kroatisch "
        "servisch wit-russisch georgisch armeens kazachs israëlisch palestijns marokkaans tunesisch indiaas "
        "indonesisch thais mexicaans braziliaans cubaans mongools moldavisch"
    ),
    "pl": (
        "francusk niemieck włosk hiszpańsk portugalsk brytyjsk amerykańsk chińsk japońsk koreańsk wietnamsk "
        "rosyjsk ukraińsk polsk czesk słowack węgiersk rumuńsk bułgarsk greck tureck holendersk/niderlandzk "
        "belgijsk austriack szwajcarsk szwedzk norwesk duńsk fińsk estońsk łotewsk litewsk chorwack serbsk "
        "białorusk gruzińsk ormiańsk kazachsk izraelsk palestyńsk marokańsk tunezyjsk indyjsk indonezyjsk "
        "tajlandzk meksykańsk brazylijsk kubańsk mongolsk mołdawsk"
    ),
    "ru": (
        "французск немецк/германск итальянск испанск португальск британск американск китайск японск корейск "
        "вьетнамск российск украинск польск чешск словацк венгерск румынск болгарск греческ турецк "
        "нидерландск/голландск бельгийск австрийск швейцарск шведск норвежск датск финск/финлянд эстонск латвийск "
        "литовск хорватск сербск белорусск грузинск армянск казахстанск израильск палестинск марокканск тунисск "
        "индийск индонезийск таиландск мексиканск бразильск кубинск монгольск молдавск"
    ),
    "uk": (
        "французьк німецьк італійськ іспанськ португальськ британськ американськ китайськ японськ корейськ "
        "в'єтнамськ російськ українськ польськ чеськ словацьк угорськ румунськ болгарськ грецьк турецьк "
        "нідерландськ бельгійськ австрійськ швейцарськ шведськ норвезьк данськ фінськ естонськ латвійськ литовськ "
        "хорватськ сербськ білоруськ грузинськ вірменськ казахстанськ ізраїльськ палестинськ марокканськ туніськ "
        "індійськ індонезійськ таїландськ мексиканськ бразильськ кубинськ монгольськ молдовськ"
    ),
    "cs": (
        "francouzsk německ italsk španělsk portugalsk britsk americk čínsk japonsk korejsk vietnamsk rusk "
        "ukrajinsk polsk česk slovensk maďarsk rumunsk bulharsk řeck tureck nizozemsk/holandsk belgick rakousk "
        "švýcarsk švédsk norsk dánsk finsk estonsk lotyšsk litevsk chorvatsk srbsk bělorusk gruzínsk arménsk "
        "kazašsk izraelsk palestinsk marock tunisk indick indonésk thajsk mexick brazilsk kubánsk mongolsk "
        "moldavsk"
    ),
    "sk": (
        "francúzsk nemeck taliansk španielsk portugalsk britsk americk čínsk japonsk kórejsk vietnamsk rusk "
        "ukrajinsk poľsk česk slovensk maďarsk rumunsk bulharsk gréck tureck holandsk belgick rakúsk švajčiarsk "
        "švédsk nórsk dánsk fínsk estónsk lotyšsk litovsk chorvátsk srbsk bielorusk gruzínsk arménsk kazašsk "
        "izraelsk palestínsk marock tunisk indick indonézsk thajsk mexick brazílsk kubánsk mongolsk moldavsk"
    ),
    "hu": (
        "francia német olasz spanyol portugál brit amerikai kínai japán koreai vietnami orosz ukrán lengyel cseh "
        "szlovák magyar román bolgár görög török holland belga osztrák svájci svéd norvég - finn észt - litván "
        "horvát szerb belarusz grúz örmény kazah izraeli palesztin marokkói tunéziai indiai indonéz thaiföldi "
        "mexikói brazil kubai mongol moldovai"
    ),
    "ro": (
        "francez german italian spaniol portughez britanic american chinez japonez coreean vietnamez "
        "rusesc/ruseasc ucrainean polonez ceh slovac maghiar român bulgar grec turc olandez belgian austriac "
        "elvețian suedez norvegian danez finlandez eston leton lituanian croat sârb belarus georgian armean kazah "
        "israelian palestinian marocan tunisian indian indonezian thailandez mexican brazilian cubanez mongol "
        "moldoven"
    ),
    "sv": (
        "fransk tysk italiensk spansk portugisisk brittisk amerikansk kinesisk japansk koreansk vietnamesisk rysk "
        "ukrainsk polsk tjeckisk slovakisk ungersk rumänsk bulgarisk grekisk turkisk nederländsk belgisk "
        "österrikisk schweizisk svensk norsk dansk finsk/finländsk estnisk/estländsk lettisk litauisk kroatisk "
        "serbisk vitrysk georgisk armenisk kazakisk israelisk palestinsk marockansk tunisisk indisk indonesisk "
        "thailändsk mexikansk brasiliansk kubansk mongolisk moldavisk"
    ),
}

# Where the languages are spoken that the gazetteer's own table leaves out.
_SPOKEN_IN: Mapping[str, frozenset[str]] = {
    "cs": frozenset({"CZ"}),
    "sk": frozenset({"SK"}),
    "hu": frozenset({"HU"}),
    "ro": frozenset({"RO", "MD"}),
}


def home(language: str | None) -> frozenset[str]:
    """The countries whose news a text of that language tells first."""
    tag = primary(language)
    return HOME_COUNTRIES.get(tag) or _SPOKEN_IN.get(tag, frozenset())


def origins(folded: Folded, language: str | None) -> tuple[tuple[int, int, str], ...]:
    """Where a country's adjective stands in the original text, and the country: (start, end, ISO 3166-1 alpha-2)."""
    tag = primary(language)
    if tag not in _STEMS:
        return ()
    automaton, countries = _finder(tag)
    text = folded.text
    longest = 1 if tag == "en" else LONGEST_ENDING
    found: list[tuple[int, int, str]] = []
    for index, start, end in automaton.find_matches_as_indexes(text):
        stop = end
        while stop < len(text) and stop - end <= longest and text[stop].isalpha():
            stop += 1
        if stop - end <= longest and not (start > 0 and text[start - 1].isalpha()):
            found.append((*folded.original(start, stop), countries[index]))
    return tuple(found)


@cache
def _finder(language: str) -> tuple[AhoCorasick, list[str]]:
    stems = [
        (fold(stem), country)
        for country, stems in zip(_COUNTRIES.split(), _STEMS[language].split(), strict=True)
        for stem in stems.split("/")
        if stem != "-"
    ]
    return AhoCorasick([stem for stem, _ in stems]), [country for _, country in stems]
