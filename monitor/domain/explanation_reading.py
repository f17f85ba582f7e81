"""What an article was read as: its text, its places, the happening it tells, and whose words it uses."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.domain.decision_record import NO_HAPPENING, OWN_TEXT, UNKNOWN_LANGUAGE
from monitor.domain.explanation_phrases import article_named, happening_told, pair, percent_told, quoted, sentence
from monitor.domain.explanation_telling import Telling
from monitor.domain.explanation_words import BORROWED, BORROWED_WORDS, COPIES, OWN_WORDS, PATHS
from monitor.domain.model.articles import StageRecord
from monitor.domain.wording import trouble

MOST_NAMED = 8  # places in one sentence


def reading(telling: Telling) -> tuple[str, ...]:
    """Where the text comes from."""
    text, fallback = telling.wording.say(PATHS[telling.view.path]), telling.view.fallback
    if fallback is None:
        return sentence(text, telling.wording), _language(telling)
    why = telling.wording.say(trouble(fallback))
    return telling.wording.say("{sentence} (the page: {why}).", sentence=text, why=why), _language(telling)


def _language(telling: Telling) -> str:
    found, published_on, say = _written_in(telling), telling.view.published_on, telling.wording.say
    is_known = found not in ("", UNKNOWN_LANGUAGE)
    language = telling.wording.language_name(found) if is_known else ""
    if published_on is None:
        if is_known:
            return say("It is written in {language}, undated.", language=language)
        return say("Its language could not be told, undated.")
    day = telling.wording.day(published_on)
    if is_known:
        return say("It is written in {language}, published on {day}.", language=language, day=day)
    return say("Its language could not be told, published on {day}.", day=day)


def _written_in(telling: Telling) -> str:
    stage = telling.stage("language")
    return stage.result if stage is not None else telling.view.language or ""


def places(telling: Telling) -> tuple[str, ...]:
    """What was settled and what was left open."""
    settled = list(dict.fromkeys(one.place_id for one in telling.view.mentions if one.place_id))
    left = list(dict.fromkeys(one.surface for one in telling.view.mentions if not one.place_id))
    told = [_settled(telling, settled)]
    if left:
        words = _listed(telling, [quoted(one, telling.wording) for one in left])
        told.append(_left_open(telling, len(left), words))
    return tuple(told)


def _left_open(telling: Telling, number: int, words: str) -> str:
    return telling.wording.count(
        "What {words} means here is left open.", "What {words} mean here is left open.", number, words=words
    )


def _settled(telling: Telling, place_ids: Sequence[str]) -> str:
    if not place_ids:
        return telling.wording.say("It names no place that the program knows.")
    names = _listed(telling, [telling.wording.place(one) for one in place_ids])
    return telling.wording.say("It names {places}.", places=names)


def _listed(telling: Telling, names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    rest = [telling.wording.count("{n} more", "{n} more", more)] if more > 0 else []
    return telling.wording.join([*names[:MOST_NAMED], *rest])


def facts(telling: Telling) -> tuple[str, ...]:
    """The happening in a sentence, and the one it was read from."""
    stage = telling.stage("facts")
    if not telling.is_on_topic():
        return ()
    if stage is None or stage.result == NO_HAPPENING:
        return (telling.wording.say("No happening with a place of its own could be read from it."),)
    told = dict(pair(one) for one in stage.detail.split("; "))
    quotes = [quoted(one.text, telling.wording) for one in stage.spans if one.text]
    source = [telling.wording.say("Read from: {quote}", quote=quotes[0])] if quotes else []
    return happening_told(told, telling.wording), *source


def duplicate(telling: Telling) -> tuple[str, ...]:
    """Whose text it repeats, or comes nearest to."""
    stage = telling.stage("duplicate")
    if stage is None or not telling.is_on_topic():
        return ()
    known = article_named(stage.neighbour, telling.wording)
    if stage.result in COPIES:
        original = known or telling.wording.say("one in the archive")
        return (_alike(telling, telling.wording.say(COPIES[stage.result], article=original), stage),)
    own = telling.wording.say(_own_words(stage.result))
    if known is None:
        return (telling.wording.say("{sentence}: nothing like it is known.", sentence=own),)
    nearest = telling.wording.say("{sentence}; most like it is {article}", sentence=own, article=known)
    return (_alike(telling, nearest, stage),)


def _alike(telling: Telling, text: str, stage: StageRecord) -> str:
    if stage.score is None or stage.threshold is None:
        return sentence(text, telling.wording)
    return telling.wording.say(
        "{sentence} ({percent}% in common, a copy from {threshold}% on).",
        sentence=text,
        percent=percent_told(stage.score, telling.wording),
        threshold=percent_told(stage.threshold, telling.wording),
    )


def _own_words(result: str) -> str:
    """The message for a text that is no copy."""
    if result == OWN_TEXT:
        return OWN_WORDS
    return BORROWED.get(result.partition(", ")[2], BORROWED_WORDS)
