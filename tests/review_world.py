"""An archive with an invented world around it: texts go in as the ingest stage brings them, people correct them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from monitor.adapters.storage.database import Database
from monitor.domain import decide
from monitor.domain.model.articles import Applied, ArticleData, IngestIntent, Origin, SourceContext, TextPath
from monitor.domain.model.places import Place, PlaceHit
from monitor.pipeline.ingest import article_for_decision, decide_and_apply
from monitor.pipeline.learning import Learning
from monitor.pipeline.review import Reviewing
from tests.domain import invented

NOW = datetime(2026, 5, 14, 9, 0, tzinfo=UTC)
ANN, BO = "ann", "bo"

VISIT = (
    "Kunming delegation visits Nancy",
    (
        "The mayor of Nancy received a delegation of the city of Kunming on 12 May 2026. Both sister cities spoke of "
        "student exchange, of tramways and of a garden that is to be laid out beside the river in the coming years."
    ),
)
RETOLD = (
    "Guests from Yunnan in the town hall",
    (
        "A delegation from Kunming was received by the mayor of Nancy on 12 May 2026. The sister cities want to "
        "exchange more students. The guests saw the tramway, the old market and gardens, and went to the university."
    ),
)
FAIR = (
    "Nancy and Kanazawa sign a charter",
    (
        "The sister cities Nancy and Kanazawa signed a friendship agreement on 3 May 2026 in the town hall. The mayors "
        "of Nancy and Kanazawa put their names under a charter on crafts, glass and lacquer and schools in both cities."
    ),
)


# Places of two countries and a dealing, no word of a relation: the rules cannot tell.
def borderline(topic: str) -> tuple[str, str]:
    """A text that the rules are uncertain of; two of them are no copies of each other."""
    filler = " ".join(f"{topic}{number} and" for number in range(60))
    return (
        f"Engineers and {topic}",
        f"Engineers from Wuhan visit Lyon. They saw Lyon and spoke of Wuhan: {filler}.\n\nThere is no twinning.",
    )


UNRELATED = (
    "Bakers open later on Sunday",
    "The bakers of the old quarter will open an hour later on Sundays from now on, since so few people come early.",
)


class InventedGazetteer:
    """The places of the domain tests."""

    def find(self, text: str, language: str | None) -> tuple[PlaceHit, ...]:
        return invented.hits(text)

    def place(self, place_id: str) -> Place | None:
        return invented.lookup(place_id)

    def beside(self, place_id: str) -> tuple[str, ...]:
        return ()

    def by_name(self, name: str) -> tuple[Place, ...]:
        return tuple(one for one in invented.PLACES.values() if any(name in names for names in one.names.values()))


class English:
    """Every text is English."""

    def identify(self, text: str, declared: str | None = None) -> str | None:
        return declared or "en"


@dataclass
class World:
    """What stands around one archive."""

    database: Database
    knowledge: decide.Knowledge = field(default_factory=lambda: decide.Knowledge(invented.lexicon(), invented.lookup))
    gazetteer: InventedGazetteer = field(default_factory=InventedGazetteer)
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.learning = Learning(self.database.units)

    @property
    def reviewing(self) -> Reviewing:
        return Reviewing(self.database.units, self.gazetteer, English(), self.knowledge)

    def later(self, **more: float) -> datetime:
        self.now += timedelta(**(more or {"minutes": 1}))
        return self.now

    def tell(
        self,
        told: tuple[str, str],
        url: str = "https://nancy.example/1",
        source: str = "nancy",
        published_on: date = date(2026, 5, 13),
        baseline: bool = False,
        official_of: str | None = None,
    ) -> tuple[IngestIntent, Applied]:
        """Ingest a text; what was decided of it."""
        title, text = told
        article = ArticleData(title, text, TextPath.PAGE, published_on=published_on, language="en")
        given = article_for_decision(
            article,
            url,
            SourceContext(source, "en", trust=2 if official_of else 1, place_id=official_of),
            self.gazetteer,
            seen_at=self.now,
            baseline=baseline,
            origin=Origin.FEED,
        )
        understanding = decide.understand(given, self.learning.added_to(self.knowledge))
        with self.database.units() as unit:
            done = decide_and_apply(unit, understanding, article, None, self.later(), self.knowledge)
            unit.commit()
        return done
