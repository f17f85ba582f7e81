"""The seed documents dropped in as they are: what the import makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from monitor import resources
from monitor.adapters.language import SandboxLanguageIdentifier
from monitor.adapters.sandbox import ProcessSandbox, SandboxLimits
from monitor.adapters.seeds import read_seeds
from monitor.domain.decide import Knowledge
from monitor.domain.model.articles import Label
from monitor.domain.model.seeds import SeedRecord
from monitor.domain.rawdoc import read_raw
from monitor.pipeline.seeds import Importing, import_seed
from tests.shipped import gazetteer, lexicon

pytestmark = pytest.mark.shared

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEYS = ("000", "001", "002", "003", "004")
EVENTS = ("000", "002", "003", "004")
EVENT_DATES = {"000": date(2017, 8, 22), "002": date(2024, 5, 16), "003": date(2017, 6, 16), "004": date(2025, 10, 30)}
PUBLISHED = {"003": date(2017, 6, 23), "004": date(2025, 10, 30)}  # 002 gives a month, 000 and 001 nothing


@pytest.fixture(scope="module")
def importing() -> Iterator[Importing]:
    sandbox = ProcessSandbox(SandboxLimits(children=1))
    places = gazetteer()
    knowledge = Knowledge(lexicon(), places.place)
    yield Importing(places, SandboxLanguageIdentifier(sandbox), knowledge)
    sandbox.close()


@pytest.fixture(scope="module")
def imported(shared_data: Path, importing: Importing) -> dict[str, SeedRecord]:
    paths = sorted((shared_data / "seeds").glob("*.txt"))
    return {
        path.name[:3]: import_seed(read_raw(path.read_text(encoding="utf-8"), NOW), path.name[:3], None, importing)
        for path in paths
    }


@pytest.fixture(scope="module")
def shipped() -> dict[str, SeedRecord]:
    return {record.key: record for record in read_seeds(resources.seeds())}


def test_every_document_becomes_a_record(imported: dict[str, SeedRecord]) -> None:
    assert tuple(imported) == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_title_language_label_and_fingerprint_are_those_of_the_shipped_record(key: str, imported, shipped) -> None:
    mine, theirs = imported[key], shipped[key]
    assert mine.fingerprint == theirs.fingerprint
    assert (mine.language, mine.label) == (theirs.language, theirs.label)
    assert mine.published_on == PUBLISHED.get(key) == theirs.published_on
    if key != "001":  # has no title: both are made up
        assert mine.title == theirs.title
    assert mine.title


@pytest.mark.parametrize("key", EVENTS)
def test_kind_and_participants_of_the_event_are_found(key: str, imported, shipped) -> None:
    mine, theirs = imported[key].happening, shipped[key].happening
    assert mine is not None
    assert set(mine.kinds) & set(theirs.kinds)
    assert mine.participants >= theirs.participants
    assert (mine.evidence, mine.sentence) == ((), "")


@pytest.mark.parametrize("key", ["000", "002", "003", "004"])
def test_the_day_of_the_event_is_found(key: str, imported, shipped) -> None:
    when = imported[key].happening.when
    assert when is not None
    assert when.starts_on == EVENT_DATES[key] == shipped[key].happening.when.starts_on


def test_the_profile_names_the_relation_and_no_event(imported, shipped) -> None:
    assert imported["001"].label is Label.BACKGROUND
    assert imported["001"].happening is None
    (relation,) = imported["001"].partnerships
    assert relation.participants >= shipped["001"].partnerships[0].participants


def test_the_conference_is_the_fifth_of_its_series_and_the_sixth_is_expected(imported, shipped) -> None:
    fifth, expected = imported["004"].happening, imported["004"].expected
    assert (fifth.ordinal, fifth.series_key) == (5, shipped["004"].happening.series_key)
    assert (6, 2026) in [(one.ordinal, one.when.starts_on.year) for one in expected if one.when]


@pytest.mark.parametrize("key", EVENTS)
def test_the_people_of_the_document_are_found(key: str, imported, shipped) -> None:
    found = {person.name for person in imported[key].people}
    assert found & {person.name for person in shipped[key].people}
