"""A decision record that is being told in one language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from monitor.domain.model.articles import Label, StageRecord
from monitor.domain.model.views import ArticleView
from monitor.domain.wording import Wording

Headline = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Telling:
    """The article with its record, and the words for it."""

    view: ArticleView
    wording: Wording
    headline: Headline  # names an event by its id
    is_stored: bool  # else the article was only tried

    def stage(self, name: str) -> StageRecord | None:
        """The first record of a stage."""
        return next((one for one in self.view.record if one.stage == name), None)

    def last(self, name: str) -> str:
        """The detail of the last record of a stage; "" without one."""
        return next((one.detail for one in reversed(self.view.record) if one.stage == name), "")

    def is_copy(self) -> bool:
        """Whether it was taken as the text that it copies was."""
        return self.last("label").startswith("copy of")

    def is_on_topic(self) -> bool:
        """Whether it may be about a relation."""
        return self.view.label is not Label.IRRELEVANT
