"""The sentences in which a decision is explained: one for each reason that relevance can give.

`{where}` is the part of the article, `{detail}` what the reason adds. A sentence without quotes must read well too: the
rights of a source may keep them back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.domain.model.articles import Label, TextPath
from monitor.domain.same_words import ANOTHER_DAY, ANOTHER_EDITION, ANOTHER_PARTNER
from monitor.domain.wording import message

WHERE: Mapping[str, str] = {
    "title": message("in the title"),
    "lead": message("at the beginning"),
    "body": message("further down"),
    "title and lead": message("in title and beginning together"),
}


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """A reason as a clause that can begin a sentence or follow "because". Both are messages."""

    clause: str
    lacking: str = ""  # what to say where the reason would have helped and is not there; "": nothing
    weight: float = 0.0  # what it would have added, in log-odds; of `lacking` only


# Of the topic: is it about a relation between places?
TOPIC: Mapping[str, ReasonWords] = {
    "strong-cue": ReasonWords(
        message("it speaks of a partnership of places {where}"),
        message("words that only a partnership of places uses"),
        2.5,
    ),
    "weak-cue": ReasonWords(message("it uses words of friendship or cooperation that other news uses too")),
    "twinning-word": ReasonWords(message("it names twinning itself {where}")),
    "negative-cue": ReasonWords(message("words that look like a partnership mean something else here")),
    "places-of-two-countries": ReasonWords(
        message("places of two countries are named together {where}"),
        message("places of two countries in one sentence"),
        1.1,
    ),
    "joined-places": ReasonWords(message("one word joins two places with what they do together {where}")),
    "locality-deals-abroad": ReasonWords(message("the authority of a place deals with another country")),
    "office-abroad": ReasonWords(message("somebody who holds an office of one partner is told of beside the other")),
    "place-and-other-country": ReasonWords(message("a place and another country are named together {where}")),
    "no-relation-cue": ReasonWords(message("no word of a partnership is found")),
    "named-in-passing": ReasonWords(message("the places are named only once, in passing")),
    "authority-acts": ReasonWords(
        message("an authority acts in the same sentence"),
        message("an authority of a place that acts in that sentence"),
        1.1,
    ),
    "no-authority-with-them": ReasonWords(message("no authority of a city or province is named with the places")),
    "authority-named": ReasonWords(message("an authority of a place is named near the beginning")),
    "cooperation": ReasonWords(
        message("the same sentence speaks of cooperation"), message("a word of cooperation beside them"), 0.7
    ),
    "cooperation-named": ReasonWords(message("cooperation is named near the beginning")),
    "happening-between-them": ReasonWords(
        message("something takes place between them"), message("something that takes place between them"), 0.7
    ),
    "partners-in-happening": ReasonWords(message("the partners act together in one happening")),
    "domestic": ReasonWords(message("the places it names lie in one country")),
    "domestic-cue": ReasonWords(message("it speaks of a partnership within one country")),
    "state-only": ReasonWords(message("states deal with each other here, and no city or province")),
    "source-about-relations": ReasonWords(message("its source is itself about such relations")),
    "your-verdicts": ReasonWords(message("verdicts of people on articles like this one count: {detail}")),
}

# Of the event: does something happen, or is something described?
EVENT: Mapping[str, ReasonWords] = {
    "happening": ReasonWords(
        message("it tells of something that takes place {where}"), message("something that takes place"), 1.4
    ),
    "nothing-happens": ReasonWords(message("nothing takes place at its beginning")),
    "dated": ReasonWords(message("it gives a day or month for it"), message("a day for it"), 1.3),
    "long-ago": ReasonWords(message("the day that it gives lies long ago")),
    "announced": ReasonWords(message("it announces something to come")),
    "named-partners": ReasonWords(
        message("both partners are named {where}"), message("both partners, named together"), 0.4
    ),
    "no-place": ReasonWords(message("it names no place in particular")),
    "no-partner": ReasonWords(message("it names one side only")),
    "authority-in-happening": ReasonWords(
        message("an authority takes part in it"), message("an authority of a place that takes part"), 0.9
    ),
    "standing-description": ReasonWords(message("it describes what stands, as pages about a partnership do")),
    "general-title": ReasonWords(message("its title speaks of twinning in general")),
    "chronicle": ReasonWords(message("it goes through the years ({detail}) like a chronicle")),
    "list-of-partners": ReasonWords(message("it lists partners of several countries")),
}

NOT_TOLD = frozenset({"event-score"})  # the score stands in the record

DIFFERENCES: Mapping[str, str] = {
    "another edition of the series": message("is another edition of the series"),
    "another date": message("took place at another time"),
    "another step of the relation": message("is another step of the relation"),
    "too little in common": message("has too little in common with it"),
}
ANOTHER_ONE = message("is another one")

KEPT: Mapping[Label, tuple[str, str]] = {  # at the start of a sentence: of what is stored, of what was only tried
    Label.EVENT: (message("kept"), message("would be kept")),
    Label.BACKGROUND: (
        message("kept as background, not told in digests"),
        message("would be kept as background, not told in digests"),
    ),
    Label.UNCERTAIN: (message("left to a person to judge"), message("would be left to a person to judge")),
    Label.IRRELEVANT: (message("dropped"), message("would be dropped")),
}
WHAT: Mapping[Label, str] = {
    Label.EVENT: message("it tells an event of a relation between places"),
    Label.BACKGROUND: message("it is about a relation between places, but tells no event of it"),
    Label.UNCERTAIN: message("it may be about a relation between places"),
    Label.IRRELEVANT: message("it is not about a relation between places"),
}
PATHS: Mapping[TextPath, str] = {
    TextPath.PAGE: message("The text was taken from the page itself"),
    TextPath.FEED_CONTENT: message("The text is the one that the feed carries"),
    TextPath.FEED_SUMMARY: message("Only the summary in the feed could be used"),
    TextPath.TITLE_ONLY: message("Only the title in the feed could be used"),
    TextPath.GIVEN: message("The text was given to the program"),
}
COPIES: Mapping[str, str] = {
    "same-text": message("The text is word for word that of {article}"),
    "near-copy": message("The text is nearly that of {article}"),
    "contained": message("Most of the shorter text stands in the longer one: {article}"),
}
OWN_WORDS = message("The text is its own")
BORROWED: Mapping[str, str] = {  # by what keeps the same words from being a copy
    ANOTHER_DAY: message("It uses the words of another text, but names another day"),
    ANOTHER_EDITION: message("It uses the words of another text, but names another edition"),
    ANOTHER_PARTNER: message("It uses the words of another text, but names another partner"),
}
BORROWED_WORDS = message("It uses the words of another text")
