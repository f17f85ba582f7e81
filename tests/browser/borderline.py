"""Invented articles that the rules cannot decide: places of two countries and a visit, and no word of a relation before
a late "no twinning". They are what the queue of the browser tests is made of. No two are copies of each other.
"""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.demo_web import DemoArticle, DemoSite

SITE = "gazette-of-the-quays"
ENDING = "There is no twinning, and nobody asked for one."


def _article(slug: str, title: str, lead: str, story: str) -> DemoArticle:
    return DemoArticle(
        slug=slug,
        language="en",
        title=title,
        author="The Gazette",
        published=datetime(2026, 10, 4, 9, 0, tzinfo=UTC),
        phase=2,
        summary=lead,
        paragraphs=(lead, story, ENDING),
    )


ARTICLES = (
    _article(
        "trams",
        "Engineers look at trams",
        "Engineers from Wuhan visit Lyon. They saw Lyon and spoke of Wuhan: of dry summers, of batteries and of steel.",
        "It rained on the first day and on the second, so that most of the time was spent in the depot. A wheel was "
        "turned on a lathe older than any of them, and somebody asked what a kilometre of track costs when the street "
        "above it stays open. Nobody knew. On the third day the sun came out, and everybody rode to the terminus and "
        "back in the driver's cab, two at a time, the windows down and the bell ringing at every crossing.",
    ),
    _article(
        "glass",
        "Gardeners under glass",
        "Gardeners from Kanazawa visit Nancy. They saw Nancy and spoke of Kanazawa: of moss, of ferns and of coal.",
        "The oldest glass house leaks in seven places, each of which has a name. Orchids from four continents hang "
        "below the panes, a banana tree pushes against the roof, and an apprentice with a long brush keeps the algae "
        "down. Snow is the enemy at home, the guests explained, and drew ropes and poles that hold up the branches of "
        "pines through the winter. Seeds changed hands in paper bags, labelled in pencil, weighed on a kitchen scale.",
    ),
    _article(
        "ovens",
        "Bakers compare ovens",
        "Bakers from Karlsruhe visit Plymouth. They saw Plymouth and spoke of Karlsruhe: of rye, scones and dough.",
        "A scone wants a hot oven and little handling; a loaf of rye wants patience and sour leaven fed every evening. "
        "Both were proved before breakfast by eight people in white aprons who shared no language but flour. One batch "
        "burned while a photograph was taken. The queue outside bought it all the same, at half the price, and asked "
        "whether the caraway would come again on Saturday. The recipe now hangs beside the till, copied by hand twice.",
    ),
    _article(
        "birds",
        "Students count birds",
        "Students from Hanoi visit Beijing. They saw Beijing and spoke of Hanoi: of egrets, of herons and of reeds.",
        "Counting begins at five, before joggers and loudspeakers. Two hundred and eleven little egrets, nine night "
        "herons and one bittern stood in the shallows of the northern lake, according to notebooks that differ by "
        "eleven birds. The quarrel about those eleven lasted through lunch. In the afternoon a ranger showed nests in "
        "willows, unlocked a shed full of telescopes that no one had used for years, and lent three of them.",
    ),
    _article(
        "kilns",
        "Potters and cold kilns",
        "Potters from Guangzhou visit Lyon. They saw Lyon and spoke of Guangzhou: of clay, of plates and of old ovens.",
        "A kiln that has gone cold takes three days to warm, and most of those in the valley have not been lit since "
        "gas became dear. Forty plates with blue dragons were unpacked on a table, tapped with a fingernail and "
        "listened to. Two rang false. Cracks, it turned out, travel by aeroplane better than by ship. There was tea "
        "afterwards, in cups made that morning and not yet quite dry, which everyone pretended not to notice at all.",
    ),
    _article(
        "hoses",
        "Firefighters sort hoses",
        "Firefighters from Leeds visit Vinnytsia. They saw Vinnytsia and spoke of Leeds: of pumps, ladders and boots.",
        "Couplings come in two threads, which is why a hose may be sound and useless. Adapters were cut in a "
        "school workshop by boys who had been promised a ride. The ride took place with siren, without licence plate. "
        "Somewhere between market and river a ladder was raised to fetch a kite, then a cat, then the second kite; the "
        "evening ended at a long table with dumplings, a harmonica, and speeches which the interpreter shortened.",
    ),
)


def site() -> DemoSite:
    """The paper that prints them."""
    return DemoSite(SITE, "The Gazette of the Quays", "en", "GB", "atom", ARTICLES)
