"""Words around a name that tell what it names: prepositions of place, nouns of cities and provinces, forms of address.

All folded (`text.fold`). Lists are of closed classes or of a few nouns; relation cues stay in the lexicon.
"""

from __future__ import annotations

from collections.abc import Mapping


def _words(blank_separated: str) -> frozenset[str]:
    return frozenset(blank_separated.split())


# Prepositions that stand directly before a place name.
LOCATIVE: Mapping[str, frozenset[str]] = {
    "fr": _words("a en vers pres entre jusqu'a chez depuis visite visiter visiteront"),
    "en": _words("in at to from near between outside visit visits visiting visited with"),
    "de": _words("in nach aus bei von mit zwischen besucht besuchte besuchten"),
    "es": _words("en a desde hacia hasta entre con visita visito visitar visitara"),
    "it": _words("a ad da in con tra fra verso visita visitato visitera"),
    "pt": _words("em a para desde entre com no na visita visitou visitar"),
    "nl": _words("in naar uit te bij met tussen bezoekt bezocht bezochten"),
    "vi": _words("tai o den tu toi giua voi tham"),
    "pl": _words("w we do z ze pod z miedzy odwiedzil odwiedzila odwiedzili odwiedza"),
    "ru": _words("в во из с со до под между около посетил посетила посетили"),
    "uk": _words("в у до з із зі під між відвідав відвідала відвідали"),
    "ar": _words("في الى من بين مع"),
    "tr": frozenset(),
    "sv": _words("i till fran med mellan"),
    "no": _words("i til fra med mellom"),
    "da": _words("i til fra med mellem"),
    "cs": _words("v ve do z ze mezi"),
    "sk": _words("v vo do z zo medzi"),
    "ro": _words("in din la intre cu spre"),
    "hr": _words("u iz do s sa izmedu"),
    "sr": _words("у из до са између u iz do s sa izmedu"),
    "bg": _words("в във от до с със между"),
    "el": _words("στο στη στην στον στα στισ στουσ απο με"),
    "fi": frozenset(),
    "hu": frozenset(),
    "he": _words("בין עם אל"),
    "fa": _words("در به از با میان بین"),
    "id": _words("di ke dari dengan antara"),
}
# Languages in which a city noun stands before a name without a word of belonging: "Stadt Karlsruhe", "город Пекин".
NOUN_BEFORE_NAME: frozenset[str] = frozenset(
    {
        *("de", "vi", "ru", "uk", "pl", "nl", "ar", "fa", "sv", "no", "da", "cs", "sk", "ro", "hr", "sr", "bg", "id"),
        *("el", "he", ""),
    }
)
# Words of belonging: they stand before places, persons and things alike.
OF: frozenset[str] = _words(
    "de d du des of di del della dello do da dos das van von der den vom zu la le l el the al et"
)

CITY_NOUNS: frozenset[str] = _words(
    "ville villes cite commune communes mairie maire maires municipalite hotel agglomeration capitale metropole "
    "jumelage city cities town towns municipality mayor mayors mayoress council capital village port stadt "
    "gemeinde burgermeister oberburgermeister burgermeisterin oberburgermeisterin hauptstadt partnerstadt ciudad "
    "ciudades alcalde alcaldesa ayuntamiento municipio villa pueblo citta comune comuni sindaco sindaca "
    "municipalita paese cittadina cidade cidades prefeito prefeita prefeitura camara concelho vila stad gemeente "
    "burgemeester burgemeesters dorp zusterstad miasto miasta miastem miescie miast gmina gminy prezydent "
    "burmistrz prezydenta burmistrza город города городе городом городов мэр мэра мэром мэрия глава главы главой "
    "столица столицы очільник очільника очільником місто міста місті містом міст мер мера мером голова столиця "
    "громада громади pho xa quan phuong belediyesi belediye belediyesinin sehri sehir kenti kent baskani ilcesi "
    "مدينه مدينتي بلديه بلديتا عمده جماعه مدينة بلدية عمدة جماعة رئيس مجلس شهر شهرداری stad staden kommun "
    "partnerstad partnergemeente stedenband partnerstadten partnergemeinde schwesterstadt marktgemeinde stadte "
    "vanort vanorten vanorterna kommunen venskabsby vennskapsby byen borgmester ordforer "
    "mesto mesta meste mestem mestom mestu mest obec obce obci obcou mestys starosta starostka starosty primator "
    "primatora primatorka "
    "oras orasul orasului orase orasele municipiul municipiului comuna comunei localitatea localitatii primaria "
    "primarul primar grad grada gradu gradom opcina opcine opstina opstine gradonacelnik gradonacelnika градоначелник "
    "општина општине община общината общини града градове кмет кмета кметът кметство град kota walikota kabupaten "
    "δημοσ δημου δημο δημων δημουσ δημαρχοσ δημαρχου δημαρχο δημαρχοι δημαρχουσ δημαρχων πολη πολησ πολεισ κοινοτητα "
    "העיר בעיר לעיר מהעיר עיריית עירית ועיריית מועצת "
    "شهرهاي شهردار کلانشهر كلانشهر فرماندار "
    "bupati κοινοτητασ градоначелника градоначелникот градоначелници gradonacelnici "
    "opcini opcinom opcinu opstini opstinom opstinu граду градом градова општини општину кметове "
    "gemellata gemellate gemellato comunale municipale communale municipal jumelee jumelees jumelle jumelles hermana "
    "hermanada hermanadas hermano geminada irma gemea partenaire sister twin partner побратима побратимом побратиме "
    "побратимів побратимена побратимени побратимената vennskapsbyen vennskapsbyene venskabsbyen venskabsbyerne "
    "vanorterna partnerskiego partnerskim partnerskie partnerskich partnerskeho partnerskych partnerskom zusterstad "
    "zustersteden schwesterstadte pobratima pobratim prijatelja prijatelj bratskog infratit infratite αδελφοποιημενη "
    "αδελφοποιημενησ αδελφοποιημενο התאומה תאומה гр г смт tp "
    "gminie gminą громаду громади громадою громадам муніципалітету муніципалітет муниципалитет муниципалитета "
)
PROVINCE_NOUNS: frozenset[str] = _words(
    "province provinces region regions departement conseil prefecture comte etat oblast gouvernorat land canton "
    "provincial state states county governor department governorate provinz bundesland landkreis kreis gouverneur "
    "ministerprasident provincia provincias estado region gobernador gobernacion comunidad departamento regione "
    "stato governatore provincias estados governador provincie gewest deelstaat wojewodztwo wojewodztwa "
    "wojewodztwie powiat obwod marszalek область области провинция провинции провинцией край края республика "
    "республики губернатор губернатора штат область області провінція провінції провінцією губернатор tinh bang "
    "chau huyen tinhuy ili ilinin valisi valiligi eyaleti محافظه محافظة ولايه ولاية اقليم جهه جهة مقاطعه مقاطعة "
    "lan provinsen zupanija zupanije zupaniji zupan judetul judetului kraj kraje kraji hejtman megye provinsi "
    "gubernur περιφερεια περιφερειασ νομοσ νομου מחוז במחוז استان استاندار областта окръг maakunta laani fylke amt"
)

# Of these the offices of persons: a name right behind one is rather the holder's ("Bürgermeister Berg").
OFFICES: frozenset[str] = _words(
    "maire maires mayor mayors mayoress burgermeister oberburgermeister burgermeisterin oberburgermeisterin alcalde "
    "alcaldesa sindaco sindaca prefeito prefeita burgemeester burgemeesters prezydent burmistrz prezydenta burmistrza "
    "мэр мэра мэром глава главы главой очільник очільника очільником мер мера мером голова baskani عمده عمدة رئيس "
    "borgmester ordforer starosta starostka starosty primator primatora primatorka primarul primar gradonacelnik "
    "gradonacelnika gradonacelnici градоначелник градоначелника градоначелници кмет кмета кметът кметове walikota "
    "bupati "
    "δημαρχοσ δημαρχου δημαρχο δημαρχοι δημαρχουσ δημαρχων شهردار council port villa"
)

# Nouns that follow a name and say that it is one of a place; "council" or "port" follow too much else.
NOUNS_BEHIND: frozenset[str] = _words(
    "city town village province prefecture county region district oblast municipality shi belediyesi belediye "
    "sehri ili ilcesi valiligi область край провинция varos varosa varossal varosanak polgarmestere kozseg telepules "
    "kommun kommune kaupunki kaupungin kaupungissa kunta kunnan kaupunginjohtaja pormestari ylipormestari "
    "belediyesiyle kommunes kommuns megye megyei"
)

# Well-known places that are also given names.
FIRST_NAMES: frozenset[str] = _words(
    "milan florence sofia adelaide lourdes charlotte austin dallas jackson madison sydney chelsea brooklyn orlando "
    "carolina virginia georgia jordan chad israel siena valencia santiago cristina roma asia india david "
    "maurice martin"
)

# Forms of address: what follows is a person.
HONORIFICS: frozenset[str] = _words(
    "camarade comrade tong mr mrs ms miss dr prof sir lord lady madame monsieur mme mm m mlle herr frau "
    "senor senora sr sra don dona signor signora sig dott dottssa ong ba anh chi pan pani panowie г-н "
    "г-жа господин госпожа пан пані meneer mevrouw dhr mw bay senador senator ambassador ambassadeur "
    "consul president presidente "
)

# Capitalised words that stand beside names of places without making them persons.
NEUTRAL: frozenset[str] = (
    CITY_NOUNS
    | PROVINCE_NOUNS
    | _words(
        "university universite universitat universidad universita universidade universiteit uniwersytet университет "
        "hospital hopital chu chru klinikum ospedale international sister friendship partnership association "
        "committee comite delegation students pupils airport station greater grand metropolis metropole nord sud est "
        "ouest north south east west northern southern eastern western new nouvelle upper lower central old le la les "
        "the los las japan china france ukraine germany italy dai hoc benh vien so truong ubnd dong bac tay nam the "
        "district area film festival marathon forum conference expo fair week day days"
    )
)

# Names of regions and towns that are first of all common nouns.
GENERIC: frozenset[str] = _words(
    "university universite universidad centre center centro central nord norte sud sur est "
    "ouest north south east west union asia pacifico marina old town capital este para دوله ولايه جماعه دولة ولاية "
    "جماعة السفيرة 지난 위해 mitte kota pueblo republica cabildo la reunion van mai hope vereniging jawa bratska dabei "
    "presidente grad "
    "なります ます です "
) | frozenset(
    f"{letters}{word}" for letters in ("", "و", "ب", "ل", "ال", "وال", "بال", "لل") for word in ("مدينه", "مدينة")
)

# Where a language is at home; a name that two countries share rather means the one there.
HOME_COUNTRIES: Mapping[str, frozenset[str]] = {
    "fr": frozenset({"FR", "BE", "CH", "CA"}),
    "en": frozenset({"GB", "US", "CA", "AU", "IE", "NZ"}),
    "de": frozenset({"DE", "AT", "CH"}),
    "es": frozenset({"ES", "MX", "AR", "CO", "CL", "PE"}),
    "it": frozenset({"IT", "CH"}),
    "pt": frozenset({"PT", "BR", "MZ", "AO"}),
    "nl": frozenset({"NL", "BE"}),
    "vi": frozenset({"VN"}),
    "zh": frozenset({"CN", "TW", "HK", "MO"}),
    "ja": frozenset({"JP"}),
    "ko": frozenset({"KR"}),
    "ru": frozenset({"RU", "BY", "KZ"}),
    "uk": frozenset({"UA"}),
    "pl": frozenset({"PL"}),
    "tr": frozenset({"TR", "CY"}),
    "ar": frozenset({"MA", "DZ", "TN", "EG", "SA", "JO", "PS", "LB"}),
    "fa": frozenset({"IR"}),
    "sv": frozenset({"SE", "FI"}),
    "no": frozenset({"NO"}),
    "da": frozenset({"DK"}),
    "fi": frozenset({"FI"}),
    "cs": frozenset({"CZ"}),
    "sk": frozenset({"SK"}),
    "hu": frozenset({"HU", "RO", "SK"}),
    "ro": frozenset({"RO", "MD"}),
    "bg": frozenset({"BG"}),
    "hr": frozenset({"HR", "BA"}),
    "sr": frozenset({"RS", "BA", "ME"}),
    "el": frozenset({"GR", "CY"}),
    "he": frozenset({"IL"}),
    "id": frozenset({"ID"}),
}
# Suffixes of unspaced scripts, part of the surface of a hit; not 州, which ends as many names of cities (广州).
CITY_SUFFIXES = ("市", "시", "町", "镇", "鎮", "村")
PROVINCE_SUFFIXES = ("省", "縣", "县", "県", "府", "도", "성", "자치주", "郡")
