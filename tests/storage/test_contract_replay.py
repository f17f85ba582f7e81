"""Deciding the archive anew on both databases: no difference under the same rules, people's word kept, nothing told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from monitor.adapters.storage.database import Database
from monitor.adapters.storage.shadow import SqlShadow, open_shadow
from monitor.domain.decide import Knowledge
from monitor.domain.model.articles import ArticleData, CaptureData, Label, TextPath
from monitor.domain.model.events import ChangeKind, DateRange, EventKind, EventStatus
from monitor.domain.model.places import Place, PlaceHit
from monitor.domain.model.replay import Difference
from monitor.domain.model.review import EventFacts, FactsEdit
from monitor.errors import Refused, StorageError
from monitor.pipeline import replay as stage
from monitor.pipeline import review
from monitor.pipeline.ingest import article_for_decision, decide_and_apply
from tests.domain import invented
from tests.pipeline.fakes import FakeCaptures, FakeExtractor, FakeLanguages
from tests.review_world import ANN, FAIR, RETOLD, UNRELATED, VISIT, InventedGazetteer, World, borderline

OTHER_URL, THIRD_URL, FOURTH_URL = "https://lyon.example/2", "https://wire.example/3", "https://post.example/4"

# The same visit, told of the province instead of its capital: one event only for who knows that they belong together.
PROVINCE = (
    "Yunnan delegation visits Nancy",
    (
        "The mayor of Nancy received a delegation of the province of Yunnan on 12 May 2026. Both sides of the sister "
        "relation signed a memorandum on botany, on fountains, and on a fair of mountain tea in the covered market."
    ),
)


@dataclass
class Replays:
    """A world with a place for shadows beside it."""

    world: World
    folder: Path
    captures: FakeCaptures = field(default_factory=FakeCaptures)
    extractor: FakeExtractor = field(default_factory=FakeExtractor)
    gazetteer: InventedGazetteer = field(default_factory=InventedGazetteer)

    @contextmanager
    def shadow(self, since_days: float | None = None, rules: str = "1") -> Iterator[SqlShadow]:
        since = self.world.now - timedelta(days=since_days) if since_days is not None else None
        with open_shadow(self.world.database, self.folder, since, rules) as shadow:
            yield shadow

    def under(self, knowledge: Knowledge | None = None) -> stage.Replaying:
        known = knowledge or self.world.knowledge
        return stage.Replaying(self.captures, self.extractor, FakeLanguages(), self.gazetteer, known)

    def difference(self, knowledge: Knowledge | None = None, rules: str = "1") -> Difference:
        with self.shadow(rules=rules) as shadow:
            return stage.replay(shadow, self.under(knowledge))

    def adopt(self, knowledge: Knowledge | None = None, rules: str = "1") -> Difference:
        with self.shadow(rules=rules) as shadow:
            difference = stage.replay(shadow, self.under(knowledge))
            shadow.adopt(difference, self.world.later())
        return difference


@pytest.fixture
def replays(database: Database, tmp_path: Path) -> Replays:
    return Replays(World(database), tmp_path / "replay")


def snapshot(world: World) -> object:
    """All that a replay could change, but the moments of writing."""
    archive = world.database.archive
    events = archive.events(limit=1_000, include_merged=True)
    articles = [archive.article(row.id) for row in archive.articles(limit=1_000)]
    return (
        {one.id: (one, archive.event(one.id).merged_into, archive.event(one.id).changes) for one in events},
        {one.id: (one.label, one.event_ids, one.copy_of_id, one.text, one.record) for one in articles},
    )


def a_busy_month(world: World) -> dict[str, int]:
    """Events opened, joined and copied, an edit, an uncertain article and one on something else."""
    ids = {
        "visit": world.tell(VISIT)[1].article_id,
        "retold": world.tell(RETOLD, OTHER_URL, "lyon")[1].article_id,
        "copy": world.tell((VISIT[0], f"{VISIT[1]} So much for today."), THIRD_URL, "wire")[1].article_id,
        "fair": world.tell(FAIR, FOURTH_URL, "post", date(2026, 5, 4))[1].article_id,
        "bakers": world.tell(UNRELATED, "https://nancy.example/bakers")[1].article_id,
        "open": world.tell(borderline("tunnels"), "https://nancy.example/tunnels")[1].article_id,
    }
    edited = (FAIR[0], FAIR[1].replace("3 May", "2 May") + " A correction: it was on a Saturday.")
    world.tell(edited, FOURTH_URL, "post", date(2026, 5, 4))
    return ids


def events_of(world: World, article_id: int) -> tuple[str, ...]:
    return world.database.archive.article(article_id).event_ids


# ---------------------------------------------------------------- unchanged rules


def test_under_the_same_rules_nothing_differs_and_adopting_changes_nothing(replays: Replays) -> None:
    a_busy_month(replays.world)
    before = snapshot(replays.world)
    difference = replays.difference()
    assert (difference.is_empty, difference.articles, difference.reread) == (True, 6, 0)
    assert difference.kept == 4
    assert snapshot(replays.world) == before
    assert replays.adopt().is_empty
    assert snapshot(replays.world) == before


def confirmed_and_added(world: World, ids: dict[str, int]) -> None:
    review.confirm(ids["open"], ANN, world.later(), world.reviewing)
    review.confirm(ids["bakers"], ANN, world.later(), world.reviewing)  # tells no happening
    facts = EventFacts(
        "A dinner", (EventKind.TALKS,), frozenset({"nancy", "kanazawa"}), "nancy", None, EventStatus.HAPPENED
    )
    review.add_event(facts, ANN, world.later(), world.reviewing)
    review.add_text(review.Pasted("A letter", "The mayor of Lyon wrote to Wuhan."), ANN, world.later(), world.reviewing)


def rejected(world: World, ids: dict[str, int]) -> None:
    review.reject(ids["visit"], ANN, world.later(), world.reviewing)


def merged_and_edited(world: World, ids: dict[str, int]) -> None:
    [visit], [fair] = events_of(world, ids["visit"]), events_of(world, ids["fair"])
    review.merge(visit, fair, ANN, world.later(), world.reviewing)
    day = date(2026, 5, 11)
    edit = FactsEdit(title="The visit", when=DateRange(day, day), status=EventStatus.POSTPONED)
    review.edit_event(fair, edit, ANN, world.later(), world.reviewing)


def split(world: World, ids: dict[str, int]) -> None:
    [visit] = events_of(world, ids["retold"])
    review.split(visit, [ids["retold"]], ANN, world.later(), world.reviewing)


def moved(world: World, ids: dict[str, int]) -> None:
    [visit], [fair] = events_of(world, ids["retold"]), events_of(world, ids["fair"])
    review.move(ids["retold"], visit, fair, ANN, world.later(), world.reviewing)


def kept_apart_and_taken_back(world: World, ids: dict[str, int]) -> None:
    [visit], [fair] = events_of(world, ids["visit"]), events_of(world, ids["fair"])
    said = review.merge(visit, fair, ANN, world.later(), world.reviewing)
    review.undo(said.verdict.id, ANN, world.later(), world.reviewing)
    review.keep_apart(visit, fair, ANN, world.later(), world.reviewing)


VERDICTS: list[Callable[[World, dict[str, int]], None]] = [
    confirmed_and_added,
    rejected,
    merged_and_edited,
    split,
    moved,
    kept_apart_and_taken_back,
]
COUNTS = ("articles", "events", "reread", "kept")


@pytest.mark.parametrize("say", VERDICTS, ids=lambda one: one.__name__)
def test_what_people_said_survives_a_replay(replays: Replays, say: Callable[[World, dict[str, int]], None]) -> None:
    ids = a_busy_month(replays.world)
    say(replays.world, ids)
    before = snapshot(replays.world)[0]  # type: ignore[index]
    difference = replays.adopt()
    assert difference == replace(Difference(), **{name: getattr(difference, name) for name in COUNTS})
    assert snapshot(replays.world)[0] == before  # type: ignore[index]


# ---------------------------------------------------------------- other rules


def without_parents(place_id: str) -> Place | None:
    found = invented.lookup(place_id)
    return replace(found, parent_id=None) if found is not None else None


def test_events_that_other_rules_join_are_merged_under_the_older_id_in_silence(replays: Replays) -> None:
    world, knowing = replays.world, replays.world.knowledge
    world.knowledge = replace(knowing, place=without_parents)
    [kept] = world.tell(VISIT)[1].event_ids
    [gone] = world.tell(PROVINCE, OTHER_URL, "lyon")[1].event_ids
    assert kept != gone
    difference = replays.adopt(knowing, "2")
    assert (difference.merged, difference.opened, difference.closed) == (((gone, kept),), (), ())
    view = world.database.archive.event(gone)
    assert view.merged_into == kept
    assert len(world.database.archive.event(kept).reports) == 2
    lines = world.database.archive.event(kept).changes
    assert [(one.kind, one.announce) for one in lines][-1] == (ChangeKind.MERGED, False)
    assert replays.difference(knowing, "2").is_empty


def test_an_event_that_other_rules_part_keeps_its_id_and_gives_a_new_one_away(replays: Replays) -> None:
    world, knowing = replays.world, replays.world.knowledge
    [visit] = world.tell(VISIT)[1].event_ids
    told = world.tell(PROVINCE, OTHER_URL, "lyon")[1]
    assert told.event_ids == (visit,)
    difference = replays.adopt(replace(knowing, place=without_parents), "2")
    [(event_id, [part])] = difference.split
    assert event_id == visit
    assert events_of(world, told.article_id) == (part,)
    assert not any(one.announce for one in world.database.archive.event(part).changes)
    assert replays.difference(replace(knowing, place=without_parents), "2").is_empty


class Elsewhere(InventedGazetteer):
    """Knows no place at all."""

    def find(self, text: str, language: str | None) -> tuple[PlaceHit, ...]:
        return ()


def test_what_the_rules_no_longer_see_is_dropped_and_comes_back_under_its_id(replays: Replays) -> None:
    world = replays.world
    [visit] = world.tell(("A guest", VISIT[1].replace("sister cities", "cities")))[1].event_ids
    replays.gazetteer = Elsewhere()
    dropped = replays.adopt(rules="2")
    assert ([one.after for one in dropped.dropped], dropped.closed) == ([Label.IRRELEVANT], (visit,))
    assert world.database.archive.events() == ()
    replays.gazetteer = InventedGazetteer()
    back = replays.adopt(rules="3")
    assert [one.after for one in back.newly_kept] == [Label.EVENT]
    assert [one.id for one in world.database.archive.events()] == [visit]


def test_only_what_came_since_is_decided_anew(replays: Replays) -> None:
    world = replays.world
    world.tell(VISIT)
    world.later(days=20)
    world.tell(RETOLD, OTHER_URL, "lyon")
    with replays.shadow(since_days=10) as shadow:
        difference = stage.replay(shadow, replays.under())
    assert (difference.articles, difference.events, difference.is_empty) == (1, 1, True)


# ---------------------------------------------------------------- captures


def captured(replays: Replays, told: tuple[str, str], body: bytes) -> int:
    """Ingest a text that was extracted from a captured page."""
    world = replays.world
    article = ArticleData(*told, TextPath.PAGE, published_on=date(2026, 5, 13), language="en")
    sha = replays.captures.put(body)
    url = "https://nancy.example/page"
    given = article_for_decision(
        article, url, invented.article("", "", None).source, world.gazetteer, seen_at=world.now
    )
    understanding = stage.decide.understand(given, world.knowledge)
    with world.database.units() as unit:
        capture_id = unit.add_capture(CaptureData(sha, url, url, "text/html", len(body), world.now))
        _, applied = decide_and_apply(unit, understanding, article, capture_id, world.later(), world.knowledge)
        unit.commit()
    return applied.article_id


def test_pages_that_are_held_are_read_again_and_the_text_is_found_as_it_now_reads(replays: Replays) -> None:
    article_id = captured(replays, ("Menu", "Home. News. Contact. Search."), b"<p>page</p>")
    replays.extractor.articles[b"<p>page</p>"] = ArticleData(*VISIT, TextPath.PAGE, language="en")
    difference = replays.difference()
    assert (difference.reread, len(difference.newly_kept)) == (1, 1)
    archive = replays.world.database.archive
    assert archive.article(article_id).title == "Menu"
    replays.adopt()
    shown = archive.article(article_id)
    assert (shown.title, shown.label) == (VISIT[0], Label.EVENT)
    assert archive.search("tramways").total == 1
    assert archive.search("contact").total == 0


def test_a_page_that_is_gone_is_decided_by_its_stored_text(replays: Replays) -> None:
    captured(replays, VISIT, b"<p>page</p>")
    replays.captures.stored.clear()
    assert replays.difference().is_empty


# ---------------------------------------------------------------- killed, refused, failed


class _Killed(Exception):
    pass


class Dying(InventedGazetteer):
    """Ends the program at a text."""

    def __init__(self, at: int) -> None:
        self.left = at

    def find(self, text: str, language: str | None) -> tuple[PlaceHit, ...]:
        self.left -= 1
        if self.left < 0:
            raise _Killed
        return super().find(text, language)


def test_a_killed_replay_goes_on_where_it_was_kept(replays: Replays) -> None:
    a_busy_month(replays.world)
    before = snapshot(replays.world)
    replays.gazetteer = Dying(at=5)
    with replays.shadow() as shadow, pytest.raises(_Killed):
        stage.replay(shadow, replays.under(), kept_every=2)
    assert snapshot(replays.world) == before
    replays.gazetteer = Dying(at=3)
    seen: list[tuple[int, int]] = []
    with replays.shadow() as shadow:
        difference = stage.replay(shadow, replays.under(), lambda *both: seen.append(both), kept_every=2)
    assert difference.is_empty
    assert (seen[0], seen[-1]) == ((4, 7), (7, 7))


def test_a_finished_replay_is_not_run_again_unless_archive_or_rules_changed(replays: Replays) -> None:
    a_busy_month(replays.world)
    replays.difference()
    replays.gazetteer = Dying(at=0)
    assert replays.difference().is_empty
    with pytest.raises(_Killed):
        replays.difference(rules="2")
    replays.gazetteer = InventedGazetteer()
    replays.difference()
    replays.world.tell(RETOLD, "https://late.example/9", "late")
    replays.gazetteer = Dying(at=0)
    with pytest.raises(_Killed):
        replays.difference()


def test_an_archive_that_has_changed_meanwhile_is_not_overwritten(replays: Replays) -> None:
    a_busy_month(replays.world)
    with replays.shadow() as shadow:
        difference = stage.replay(shadow, replays.under())
        replays.world.tell(RETOLD, "https://late.example/9", "late")
        before = snapshot(replays.world)
        with pytest.raises(Refused, match="replay again"):
            shadow.adopt(difference, replays.world.later())
    assert snapshot(replays.world) == before


def test_an_adoption_that_fails_half_way_leaves_the_archive_as_it_was(replays: Replays) -> None:
    world = replays.world
    [visit] = world.tell(VISIT)[1].event_ids
    before = snapshot(world)
    replays.gazetteer = Elsewhere()
    with replays.shadow() as shadow:
        difference = stage.replay(shadow, replays.under())
        impossible = replace(difference, closed=(), merged=((visit, "ev_nowhere"),))
        with pytest.raises(StorageError):
            shadow.adopt(impossible, world.later())
    assert snapshot(world) == before


# ---------------------------------------------------------------- revisions


def test_the_revisions_of_an_article_are_kept_with_what_each_changed(database: Database) -> None:
    world = World(database)
    article_id = world.tell(FAIR, OTHER_URL)[1].article_id
    world.tell((FAIR[0], FAIR[1].replace("3 May", "2 May")), OTHER_URL)
    first, second = database.archive.revisions(article_id)
    assert (first.number, second.number, first.label, second.label) == (1, 2, Label.EVENT, Label.EVENT)
    assert [one.kind for one in first.changes] == [ChangeKind.OPENED]
    assert (ChangeKind.DATE, "2026-05-03", "2026-05-02") in [
        (one.kind, one.before, one.after) for one in second.changes
    ]
    assert {one.stage for one in second.record} >= {"fetch", "extract", "language", "places", "relevance", "event"}


def test_an_event_that_an_edit_took_back_and_another_tells_again_is_the_same(database: Database) -> None:
    world = World(database)
    _, applied = world.tell(VISIT)
    [visit] = applied.event_ids
    assert world.tell(UNRELATED)[0].released_event_ids == (visit,)
    assert database.archive.event(visit).event.is_closed
    assert world.tell((VISIT[0], VISIT[1] + " They left on Monday."))[1].event_ids == (visit,)
    assert not database.archive.event(visit).event.is_closed
    kinds = [one.kind for one in database.archive.event(visit).changes]
    assert kinds == [ChangeKind.OPENED, ChangeKind.WITHDRAWN, ChangeKind.REPORT]
