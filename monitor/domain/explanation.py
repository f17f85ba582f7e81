"""The decision about an article in plain sentences, for the person who must trust it; see `decision_record`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from monitor.domain import relevance
from monitor.domain.decision_record import NO_HAPPENING, OPENS, OWN_TEXT, UNKNOWN_LANGUAGE
from monitor.domain.explanation_phrases import (
    against,
    article_named,
    either,
    happening_told,
    likeness,
    likeness_told,
    number_told,
    pair,
    quoted,
)
from monitor.domain.explanation_words import DIFFERENCES, EVENT, NOT_TOLD, TOPIC, WHERE, ReasonWords
from monitor.domain.model.articles import Label, Reason, Span, StageRecord, TextPath
from monitor.domain.model.views import ArticleView
from monitor.domain.wording import Wording, trouble

MOST_QUOTES = 4  # of one reason
MOST_NAMED = 8  # places in one sentence
TOLD_REASONS = 2  # in the first sentence
MOST_LACKING = 3
NEAR_MISS_FROM = 0.25  # a topic score from which it is worth saying what is lacking

Headline = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One stage, told."""

    about: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an article was kept or dropped, or would be."""

    verdict: str  # the whole in one sentence
    near_miss: str | None  # what it lacks, where it came close to being kept
    paragraphs: tuple[Paragraph, ...]


def explain(view: ArticleView, wording: Wording, headline: Headline, *, is_stored: bool = True) -> Explanation:
    """Tell the record of `view`, whose spans quote no more than its rights allow; `headline` names an event by its id;
    not `is_stored`: the article was only tried.
    """
    teller = _Teller(view, wording, headline, is_stored)
    told = (
        Paragraph("What was read", teller.reading()),
        Paragraph("Places", teller.places()),
        Paragraph("About a relation between places?", teller.topic()),
        Paragraph("Event or background?", teller.happening()),
        Paragraph("What it tells", teller.facts()),
        Paragraph("Is the text known?", teller.duplicate()),
        Paragraph("Is the event known?", teller.events()),
        Paragraph("Decision", teller.decision()),
    )
    return Explanation(teller.verdict(), teller.near_miss(), tuple(one for one in told if one.sentences))


_KEPT = {
    Label.EVENT: ("Kept", "Would be kept"),
    Label.BACKGROUND: ("Kept as background, not told in digests", "Would be kept as background, not told in digests"),
    Label.UNCERTAIN: ("Left to a person to judge", "Would be left to a person to judge"),
    Label.IRRELEVANT: ("Dropped", "Would be dropped"),
}
_WHAT = {
    Label.EVENT: "it tells an event of a relation between places",
    Label.BACKGROUND: "it is about a relation between places, but tells no event of it",
    Label.UNCERTAIN: "it may be about a relation between places",
    Label.IRRELEVANT: "it is not about a relation between places",
}
_PATHS = {
    TextPath.PAGE: "The text was taken from the page itself",
    TextPath.FEED_CONTENT: "The text is the one that the feed carries",
    TextPath.FEED_SUMMARY: "Only the summary in the feed could be used",
    TextPath.TITLE_ONLY: "Only the title in the feed could be used",
    TextPath.GIVEN: "The text was given to the program",
}
_COPIES = {
    "same-text": "The text is word for word that of",
    "near-copy": "The text is nearly that of",
    "contained": "Most of the shorter text stands in the longer one:",
}
_ALL: Mapping[str, ReasonWords] = {**TOPIC, **EVENT}


@dataclass(frozen=True, slots=True)
class _Teller:
    """One explanation under way."""

    view: ArticleView
    wording: Wording
    headline: Headline
    is_stored: bool

    # -------------------------------------------------------- the whole

    def verdict(self) -> str:
        """Kept or dropped, and the heaviest reasons."""
        label = self.view.label
        head = _KEPT[label][0 if self.is_stored else 1]
        by_person = self._last("label").startswith("verdict ")
        if by_person:
            return f"{head} because a person said so."
        if self._is_copy():
            return f"{head}: {self._copied()}, and it is taken as that one was."
        because = self._because(label)
        return f"{head} because {_WHAT[label]}{': ' + because if because else ''}."

    def _copied(self) -> str:
        stage = self._stage("duplicate")
        original = article_named(stage.neighbour) if stage is not None else None
        seed = "known beforehand, " if self.view.known_seed else ""
        return f"its text is a copy of one {seed}{original or 'in the archive'}"

    def _because(self, label: Label) -> str:
        of_event = label in (Label.EVENT, Label.BACKGROUND)
        topic = self._heaviest(TOPIC, 1 if label is not Label.IRRELEVANT else -1)
        event = self._heaviest(EVENT, 1 if label is Label.EVENT else -1) if of_event else []
        chosen = topic[: TOLD_REASONS - bool(event)] + event[:1]
        if not chosen and label is Label.IRRELEVANT:
            return f"it has neither {' nor '.join(self._lacking(TOPIC)[:TOLD_REASONS])}"
        return " and ".join(self._clause(one, _ALL) for one in chosen)

    def _heaviest(self, words: Mapping[str, ReasonWords], sign: int) -> list[Reason]:
        found = [one for one in self.view.assessment.reasons if one.code in words and one.weight * sign > 0]
        return sorted(found, key=lambda one: -abs(one.weight))

    def near_miss(self) -> str | None:
        """By how much the article missed being told, and what would have let it through."""
        if self.view.label is Label.EVENT or self._is_copy() or self._last("label").startswith("verdict "):
            return None
        topic, event = self._stage("relevance"), self._stage("happening")
        if topic is None or topic.score is None:
            return None
        if NEAR_MISS_FROM <= topic.score < relevance.ON_TOPIC:
            return self._missed(topic.score, relevance.ON_TOPIC, TOPIC)
        if event is not None and event.score is not None and NEAR_MISS_FROM <= event.score < relevance.EVENT:
            return self._missed(event.score, relevance.EVENT, EVENT)
        return None

    def _missed(self, score: float, threshold: float, words: Mapping[str, ReasonWords]) -> str:
        needed = math.log(threshold / (1 - threshold)) - math.log(score / (1 - score))
        enough = self._lacking(words, needed)[:MOST_LACKING]
        lacks = enough or self._lacking(words)[:MOST_LACKING]
        against = [self._clause(one, words) for one in self._heaviest(words, -1) if -one.weight >= needed]
        text = f"Near miss: score {number_told(score)} is under {number_told(threshold)}."
        if lacks:
            which = "any one of them" if len(lacks) > 1 else "that"
            text += f" It lacks {either(lacks)}" + (f"; {which} would have been enough." if enough else ".")
        return text + (f" Against it counts that {' and that '.join(against)}." if against else "")

    def _lacking(self, words: Mapping[str, ReasonWords], needed: float = 0.0) -> list[str]:
        """What is not there and would have weighed that much, the heaviest first."""
        there = {one.code for one in self.view.assessment.reasons}
        absent = [one for code, one in words.items() if one.lacking and code not in there and one.weight >= needed]
        return [one.lacking for one in sorted(absent, key=lambda one: -one.weight)]

    # -------------------------------------------------------- stage by stage

    def reading(self) -> tuple[str, ...]:
        """Where the text comes from."""
        view = self.view
        why = f" (the page: {self.wording.say(trouble(view.fallback))})" if view.fallback else ""
        return (f"{_PATHS[view.path]}{why}.", self._language())

    def _language(self) -> str:
        found = self._result("language")
        when = f", published on {self.wording.day(self.view.published_on)}" if self.view.published_on else ", undated"
        if found in ("", UNKNOWN_LANGUAGE):
            return f"Its language could not be told{when}."
        return f"It is written in {self.wording.language_name(found)}{when}."

    def places(self) -> tuple[str, ...]:
        """What was settled and what was left open."""
        settled = list(dict.fromkeys(one.place_id for one in self.view.mentions if one.place_id))
        left = list(dict.fromkeys(one.surface for one in self.view.mentions if not one.place_id))
        told = [f"It names {self._names(settled)}." if settled else "It names no place that the program knows."]
        if left:
            shown = self.wording.join([f"“{one}”" for one in left[:MOST_NAMED]])
            told.append(f"What {shown} {'means' if len(left) == 1 else 'mean'} here is left open.")
        return tuple(told)

    def _names(self, place_ids: Sequence[str]) -> str:
        named = [self.wording.place(one) for one in place_ids[:MOST_NAMED]]
        more = len(place_ids) - len(named)
        return self.wording.join([*named, f"{more} more"] if more else named)

    def topic(self) -> tuple[str, ...]:
        """The topic score with what speaks for it and against it."""
        stage = self._stage("relevance")
        if stage is None or stage.score is None:
            return ()
        threshold = stage.threshold if stage.threshold is not None else relevance.ON_TOPIC
        where = against(stage.score, threshold)
        if relevance.PERHAPS_ON_TOPIC <= stage.score < threshold:
            where += f"; from {number_told(relevance.PERHAPS_ON_TOPIC)} on a person is asked"
        argument = tuple(self._argument(TOPIC))
        legend = " In brackets what each reason weighs." if argument else ""
        return (f"Score {number_told(stage.score)}: {where}.{legend}", *argument)

    def happening(self) -> tuple[str, ...]:
        """The event score with what speaks for it and against it."""
        stage = self._stage("happening")
        if stage is None or stage.score is None or stage.threshold is None:
            return ()
        return (f"Score {number_told(stage.score)}: {against(stage.score, stage.threshold)}.", *self._argument(EVENT))

    def _argument(self, words: Mapping[str, ReasonWords]) -> Iterable[str]:
        own = [one for one in self.view.assessment.reasons if one.code in words or self._is_unknown(one, words)]
        speaking = [one for one in own if one.weight > 0], [one for one in own if one.weight < 0]
        for head, reasons in zip(("For it", "Against it"), speaking, strict=True):
            for one in sorted(reasons, key=lambda one: -abs(one.weight)):
                yield f"{head} ({one.weight:+.1f}): {self._clause(one, words)}{self._evidence(one.spans)}."

    def _is_unknown(self, reason: Reason, words: Mapping[str, ReasonWords]) -> bool:
        return words is TOPIC and reason.code not in EVENT and reason.code not in NOT_TOLD

    def _clause(self, reason: Reason, words: Mapping[str, ReasonWords]) -> str:
        known = words.get(reason.code)
        if known is None:
            return f"{reason.code.replace('-', ' ')} {reason.detail}".strip()
        told = known.clause.format(where=WHERE.get(reason.detail, ""), detail=reason.detail)
        return " ".join(told.split())

    def _evidence(self, spans: Sequence[Span]) -> str:
        quotes = list(dict.fromkeys(quoted(one.text) for one in spans if one.text))[:MOST_QUOTES]
        return f": {', '.join(quotes)}" if quotes else ""

    def facts(self) -> tuple[str, ...]:
        """The happening in a sentence, and the one it was read from."""
        stage = self._stage("facts")
        if stage is None or stage.result == NO_HAPPENING:
            return ("No happening with a place of its own could be read from it.",) if self._is_on_topic() else ()
        if not self._is_on_topic():
            return ()
        told = dict(pair(one) for one in stage.detail.split("; "))
        quotes = [one.text for one in stage.spans if one.text]
        source = (f"Read from: {quoted(quotes[0])}",) if quotes else ()
        return (happening_told(told, self.wording), *source)

    def duplicate(self) -> tuple[str, ...]:
        """Whose text it repeats, or comes nearest to."""
        stage = self._stage("duplicate")
        if stage is None or not self._is_on_topic():
            return ()
        known = article_named(stage.neighbour)
        if stage.result in _COPIES:
            return (f"{_COPIES[stage.result]} {known}{self._alike(stage)}.",)
        own = "The text is its own" if stage.result == OWN_TEXT else f"It uses {stage.result}"
        if known is None:
            return (f"{own}: nothing like it is known.",)
        return (f"{own}; most like it is {known}{self._alike(stage)}.",)

    def _alike(self, stage: StageRecord) -> str:
        if stage.score is None or stage.threshold is None:
            return ""
        return f" ({stage.score:.0%} in common, a copy from {stage.threshold:.0%} on)"

    def events(self) -> tuple[str, ...]:
        """What it was linked to, and why."""
        return (
            tuple(chain.from_iterable(self._event(one) for one in self.view.record if one.stage == "event"))
            or self._no_event()
        )

    def _no_event(self) -> tuple[str, ...]:
        if self.view.label is not Label.EVENT:
            return ()
        return ("No event was linked: what it tells names too little to be told apart.",)

    def _event(self, stage: StageRecord) -> Iterable[str]:
        compared = re.search(r"\((\d+) compared\)$", stage.detail)
        number = int(compared[1]) if compared else 0
        named = f"“{self.headline(stage.neighbour)}”" if stage.neighbour else ""
        if stage.result.startswith("no longer tells"):
            yield f"Since it was edited it no longer tells {named}; it was taken from that event."
        elif stage.result == OPENS:
            yield from self._opened(stage, named, number)
        elif stage.result.startswith("fits "):
            yield f"It fits the known event {named}{likeness(stage)}, but is not linked, being no report of an event."
        elif "a copy of a report" in stage.detail:
            yield f"With its original it belongs to {named}."
        else:
            verb = "announces" if stage.result.startswith("announces") else "tells"
            yield f"It {verb} the known event {named}{likeness(stage)}: {likeness_told(stage.detail)}."

    def _opened(self, stage: StageRecord, named: str, number: int) -> Iterable[str]:
        opens = "It opens a new event" if self.is_stored else "It would open a new event"
        if "; nearest " in stage.detail:
            why = next((text for key, text in DIFFERENCES.items() if key in stage.detail), "is another one")
            yield f"{opens}. The nearest of {number} known ones, {named}, {why}."
        elif stage.neighbour:
            yield f"{opens}, perhaps the same as {named}{likeness(stage)}: a person is asked."
        elif number:
            yield f"{opens}: none of {number} known ones shares its places and date."
        else:
            yield f"{opens}: none is known there at that time."

    def decision(self) -> tuple[str, ...]:
        """Who had the last word, where it was not the assessment."""
        why = self._last("label")
        verdict = re.fullmatch(r"verdict (\d+)(?: by (.+?))?(?: taken back by (.+))?", why)
        if verdict is not None and verdict[3]:
            return (f"{verdict[3]} took verdict {verdict[1]} back.",)
        if verdict is not None:
            return (f"{verdict[2] or 'A person'} decided so (verdict {verdict[1]}); the program obeys.",)
        if why == "tells a known event":
            return ("The assessment alone left it open; it is kept because it clearly tells a known event.",)
        return ()

    # -------------------------------------------------------- the record

    def _stage(self, name: str) -> StageRecord | None:
        return next((one for one in self.view.record if one.stage == name), None)

    def _result(self, name: str) -> str:
        stage = self._stage(name)
        return stage.result if stage is not None else self.view.language or ""

    def _last(self, name: str) -> str:
        return next((one.detail for one in reversed(self.view.record) if one.stage == name), "")

    def _is_copy(self) -> bool:
        return self._last("label").startswith("copy of")

    def _is_on_topic(self) -> bool:
        return self.view.label is not Label.IRRELEVANT
