"""Why an article was dropped, in one word: so that people can browse what was judged irrelevant."""

from __future__ import annotations

from monitor.domain.learning import YOUR_VERDICTS, score_of_rules
from monitor.domain.model.articles import Assessment, Label
from monitor.domain.relevance import PERHAPS_ON_TOPIC

REJECTED = "rejected"  # by a person; the rules would have kept it
COPY = "copy"  # of a text that was dropped
TOO_LITTLE = "too-little"  # something speaks for it, nothing against, and it is not enough
NOTHING_FOUND = "nothing-found"
EARLIER_RULES = "earlier-rules"  # by rules that kept no reason; the migration says so, nothing else


def drop_reason(label: Label, assessment: Assessment, *, is_copy: bool) -> str | None:
    """One of the above, `YOUR_VERDICTS` where they made the difference, or the code of the reason that weighs most
    against it; None: it was not dropped.
    """
    if label is not Label.IRRELEVANT:
        return None
    if is_copy:
        return COPY
    if assessment.label is not Label.IRRELEVANT:
        return REJECTED
    if score_of_rules(assessment) >= PERHAPS_ON_TOPIC:
        return YOUR_VERDICTS
    against = min(assessment.reasons, key=lambda one: one.weight, default=None)
    if against is None:
        return NOTHING_FOUND
    return against.code if against.weight < 0 else TOO_LITTLE
