from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from monitor.adapters.storage.codec import decode, encode
from monitor.domain.model.articles import Reason, StageRecord
from monitor.domain.model.digests import Digest, RenderedPart, SubscriptionData
from monitor.domain.model.seeds import SeedRecord
from tests.storage.samples import seed


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Inner:
    span: tuple[int, int]
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Outer:
    name: str
    at: datetime
    colour: Colour
    inner: tuple[Inner, ...] = ()
    tags: frozenset[str] = frozenset()
    score: float | None = None


@given(
    st.builds(
        Outer,
        name=st.text(),
        at=st.datetimes(timezones=st.just(UTC)),
        colour=st.sampled_from(Colour),
        inner=st.lists(st.builds(Inner, st.tuples(st.integers(), st.integers()), st.none() | st.dates())).map(tuple),
        tags=st.frozensets(st.text()),
        score=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    )
)
def test_what_is_written_is_read(value: Outer) -> None:
    assert decode(Outer, json.loads(json.dumps(encode(value)))) == value


@pytest.mark.parametrize("kind", [Digest, RenderedPart, SubscriptionData, StageRecord, Reason, SeedRecord])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_values_of_the_domain_are_read_as_written(kind: type[object], data: st.DataObject) -> None:
    value = data.draw(st.from_type(kind))
    document = json.dumps(encode(value))
    assume("NaN" not in document)  # is not equal to itself
    assert decode(kind, json.loads(document)) == value


def test_sets_are_written_in_order() -> None:
    assert encode(frozenset("cab")) == ["a", "b", "c"]
    assert encode({"x": Colour.RED}) == {"x": "red"}
    assert encode(seed()) == encode(seed())


def test_older_documents_take_defaults_and_newer_ones_lose_what_is_unknown() -> None:
    document = {"name": "n", "at": "2026-03-02T09:00:00+00:00", "colour": "blue", "added_later": 1}
    assert decode(Outer, document) == Outer("n", datetime(2026, 3, 2, 9, tzinfo=UTC), Colour.BLUE)
    with pytest.raises(ValueError, match="Outer without colour, name"):
        decode(Outer, {"at": "2026-03-02T09:00:00+00:00"})


def test_what_has_no_form_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        encode(object())
    with pytest.raises(TypeError, match="bytes"):
        decode(bytes, "x")
