"""The sentences in which a decision is explained: one for each reason that relevance can give.

`{where}` is the part of the article, `{quotes}` the words it is seen in, `{detail}` what the reason adds. A sentence
without quotes must read well too: the rights of a source may keep them back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

WHERE: Mapping[str, str] = {
    "title": "in the title",
    "lead": "at the beginning",
    "body": "further down",
    "title and lead": "in title and beginning together",
}


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """A reason as a clause that can begin a sentence or follow "because"."""

    clause: str
    lacking: str = ""  # what to say where the reason would have helped and is not there; "": nothing
    weight: float = 0.0  # what it would have added, in log-odds; of `lacking` only


# Of the topic: is it about a relation between places?
TOPIC: Mapping[str, ReasonWords] = {
    "strong-cue": ReasonWords(
        "it speaks of a partnership of places {where}", "words that only a partnership of places uses", 2.5
    ),
    "weak-cue": ReasonWords("it uses words of friendship or cooperation that other news uses too"),
    "twinning-word": ReasonWords("it names twinning itself {where}"),
    "negative-cue": ReasonWords("words that look like a partnership mean something else here"),
    "places-of-two-countries": ReasonWords(
        "places of two countries are named together {where}", "places of two countries in one sentence", 1.1
    ),
    "locality-deals-abroad": ReasonWords("the authority of a place deals with another country"),
    "office-abroad": ReasonWords("somebody who holds an office of one partner is told of beside the other"),
    "place-and-other-country": ReasonWords("a place and another country are named together {where}"),
    "no-relation-cue": ReasonWords("no word of a partnership is found"),
    "named-in-passing": ReasonWords("the places are named only once, in passing"),
    "authority-acts": ReasonWords(
        "an authority acts in the same sentence", "an authority of a place that acts in that sentence", 1.1
    ),
    "no-authority-with-them": ReasonWords("no authority of a city or province is named with the places"),
    "authority-named": ReasonWords("an authority of a place is named near the beginning"),
    "cooperation": ReasonWords("the same sentence speaks of cooperation", "a word of cooperation beside them", 0.7),
    "cooperation-named": ReasonWords("cooperation is named near the beginning"),
    "happening-between-them": ReasonWords(
        "something takes place between them", "something that takes place between them", 0.7
    ),
    "partners-in-happening": ReasonWords("the partners act together in one happening"),
    "domestic": ReasonWords("the places it names lie in one country"),
    "domestic-cue": ReasonWords("it speaks of a partnership within one country"),
    "state-only": ReasonWords("states deal with each other here, and no city or province"),
    "source-about-relations": ReasonWords("its source is itself about such relations"),
    "your-verdicts": ReasonWords("verdicts of people on articles like this one count: {detail}"),
}

# Of the event: does something happen, or is something described?
EVENT: Mapping[str, ReasonWords] = {
    "happening": ReasonWords("it tells of something that takes place {where}", "something that takes place", 1.4),
    "nothing-happens": ReasonWords("nothing takes place at its beginning"),
    "dated": ReasonWords("it gives a day or month for it", "a day for it", 1.3),
    "long-ago": ReasonWords("the day that it gives lies long ago"),
    "announced": ReasonWords("it announces something to come"),
    "named-partners": ReasonWords("both partners are named {where}", "both partners, named together", 0.4),
    "no-place": ReasonWords("it names no place in particular"),
    "no-partner": ReasonWords("it names one side only"),
    "authority-in-happening": ReasonWords(
        "an authority takes part in it", "an authority of a place that takes part", 0.9
    ),
    "standing-description": ReasonWords("it describes what stands, as pages about a partnership do"),
    "general-title": ReasonWords("its title speaks of twinning in general"),
    "chronicle": ReasonWords("it goes through the years ({detail}) like a chronicle"),
    "list-of-partners": ReasonWords("it lists partners of several countries"),
}

NOT_TOLD = frozenset({"event-score"})  # the score stands in the record

DIFFERENCES: Mapping[str, str] = {
    "another edition of the series": "is another edition of the series",
    "another date": "took place at another time",
    "another step of the relation": "is another step of the relation",
    "too little in common": "has too little in common with it",
}
