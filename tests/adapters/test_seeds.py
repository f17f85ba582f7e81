from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor import resources
from monitor.adapters.seeds import read_seed, read_seeds, record_sha, write_seed
from monitor.domain import dedupe, editions
from monitor.domain.model.articles import Fingerprint, Label
from monitor.domain.model.events import DateRange, EventKind, EventStatus, Happening, Person, Precision
from monitor.domain.model.seeds import PartnershipData, SeedRecord
from monitor.domain.text import clean_line
from monitor.errors import ConfigurationError
from tests import shipped

TEXT = (
    "Choirs from Ghent and Kanazawa rehearsed a cantata about two rivers, and will sing it in both towns this autumn."
)

CONCERT = Happening(
    kinds=(EventKind.EXCHANGE, EventKind.ANNIVERSARY),
    participants=frozenset({"ghent", "kanazawa"}),
    host_id="ghent",
    when=DateRange(date(2025, 5, 3), date(2025, 5, 4)),
    status=EventStatus.HAPPENED,
    ordinal=3,
    series_key="exchange:ghent+kanazawa",
)
RECORD = SeedRecord(
    key="ghent-kanazawa-2025",
    title='Two "rivers", one song: 金沢 – Gent\\Ghent',
    label=Label.EVENT,
    language="en",
    fingerprint=dedupe.fingerprint(TEXT),
    url="https://choir.example/a?b=1&c=2",
    published_on=date(2025, 5, 5),
    summary="A long-standing exchange of choirs, told in our own words. " * 6 + "The end.",
    happening=CONCERT,
    expected=(
        replace(
            CONCERT,
            when=DateRange(date(2026, 1, 1), date(2026, 12, 31), Precision.YEAR),
            status=EventStatus.ANNOUNCED,
            ordinal=4,
            date_inferred=True,
        ),
        Happening((EventKind.TALKS,), frozenset({"ghent"}), None, None, EventStatus.PROPOSED),
    ),
    people=(Person("An Peeters", "conductor"), Person("山田花子")),
    numbers=("60", "2.5"),
    organisations=tuple(f"The choir of quarter number {number}, with a long name" for number in range(4)),
    partnerships=(
        PartnershipData(
            "ghent+kanazawa", frozenset({"ghent", "kanazawa"}), "sister", date(1971, 10, 4), date(2031, 1, 1)
        ),
    ),
)

VALID = f"""
key = "k"
title = "A title"
label = "event"
language = "en"

[event]
kinds = ["talks"]
participants = ["ghent", "kanazawa"]

[fingerprint]
scheme = "{dedupe.SCHEME}"
text_sha = "{"0" * 64}"
shingles = 3
digest = ""
"""


def written(text: str, folder: Path) -> Path:
    path = folder / "record.toml"
    path.write_text(text, encoding="utf-8")
    return path


# ---------------------------------------------------------------- there and back


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = write_seed(RECORD, tmp_path / "made" / "here")
    assert path == tmp_path / "made" / "here" / "ghent-kanazawa-2025.toml"
    assert read_seed(path) == RECORD


def test_the_file_holds_short_lines_and_no_word_of_a_digest_is_lost(tmp_path: Path) -> None:
    long = replace(RECORD, fingerprint=dedupe.fingerprint(" ".join(f"word{number}" for number in range(300))))
    path = write_seed(long, tmp_path)
    assert max(len(line) for line in path.read_text(encoding="utf-8").splitlines()) <= 120
    assert read_seed(path).fingerprint == long.fingerprint
    assert len(long.fingerprint.bands) == dedupe.BANDS


def test_a_background_record_goes_without_event(tmp_path: Path) -> None:
    profile = replace(RECORD, label=Label.BACKGROUND, happening=None, expected=(), people=(), summary="", url=None)
    assert read_seed(write_seed(profile, tmp_path)) == profile


LINES = st.text(min_size=1, max_size=60).map(clean_line).filter(bool)


@settings(max_examples=60)
@given(title=LINES, name=LINES, number=LINES, words=st.lists(LINES, max_size=30))
def test_any_text_survives_the_file(
    title: str, name: str, number: str, words: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    record = replace(
        RECORD,
        title=title,
        people=(Person(name, name),),
        numbers=(number,),
        organisations=(title, number),
        summary=" ".join(" ".join(words).split()),
    )
    assert read_seed(write_seed(record, tmp_path_factory.mktemp("seeds"))) == record


def test_writing_again_replaces_the_file_that_holds_the_key(tmp_path: Path) -> None:
    first = write_seed(RECORD, tmp_path)
    renamed = first.rename(tmp_path / "000-another-name.toml")
    assert write_seed(replace(RECORD, title="Mended"), tmp_path) == renamed
    assert [record.title for record in read_seeds(tmp_path)] == ["Mended"]
    assert os.listdir(tmp_path) == [renamed.name]  # noqa: PTH208 - hidden leftovers count


def test_records_come_in_the_order_of_their_files(tmp_path: Path) -> None:
    for key in ("b", "a", "c"):
        write_seed(replace(RECORD, key=key), tmp_path)
    assert [record.key for record in read_seeds(tmp_path)] == ["a", "b", "c"]
    assert read_seeds(tmp_path / "nothing-here") == ()


def test_the_sha_changes_with_the_facts_and_not_with_the_layout(tmp_path: Path) -> None:
    path = write_seed(RECORD, tmp_path)
    path.write_text("# a comment\n\n" + path.read_text(encoding="utf-8").replace(" = ", "   =  "), encoding="utf-8")
    assert record_sha(read_seed(path)) == record_sha(RECORD)
    assert record_sha(replace(RECORD, numbers=("61",))) != record_sha(RECORD)
    assert record_sha(replace(RECORD, fingerprint=dedupe.fingerprint("another"))) != record_sha(RECORD)


def test_of_a_relation_the_year_alone_may_be_given(tmp_path: Path) -> None:
    text = VALID + '\n[[partnership]]\nkey = "p"\nparticipants = ["ghent", "kanazawa"]\nsince = 1971\n'
    (partnership,) = read_seed(written(text, tmp_path)).partnerships
    assert partnership == PartnershipData("p", frozenset({"ghent", "kanazawa"}), "partner", date(1971, 1, 1))


def test_a_digest_of_another_scheme_is_kept_without_bands(tmp_path: Path) -> None:
    older = Fingerprint("other-1", "0" * 64, 20, (1, 2, 3), (7, 8))
    found = read_seed(write_seed(replace(RECORD, fingerprint=older), tmp_path)).fingerprint
    assert found == replace(older, bands=())


# ---------------------------------------------------------------- broken records


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('key = "k"', "", "key: Field required"),
        ('key = "k"', 'key = "../k"', "key: must be 1 to 80 small letters"),
        ('title = "A title"', "title = 3", "title: Input should be a valid string"),
        ('title = "A title"', 'title = " "', "title: must not be empty"),
        ('label = "event"', 'label = "uncertain"', "label: Input should be 'event' or 'background'"),
        ('label = "event"', 'label = "background"', 'label = "background" goes without [event]'),
        ('language = "en"', 'language = "English"', "language: String should match pattern"),
        ('language = "en"', 'language = "en"\nurl = "choir.example"', "url: must be an http:// or https:// address"),
        ('language = "en"', 'language = "en"\npublished = "May"', "published: Input should be a valid date"),
        (
            'language = "en"',
            'language = "en"\nlangauge = "en"',
            "langauge: unknown key; allowed here: event, expected, ",
        ),
        ("[event]", "[events]", "events: unknown key; allowed here: event, "),
        (
            'kinds = ["talks"]',
            'kinds = ["talk"]',
            "event.kinds[1]: Input should be 'agreement_intent', 'agreement_signed'",
        ),
        ('kinds = ["talks"]', "kinds = []", "event.kinds: List should have at least 1 item"),
        ('kinds = ["talks"]', 'kind = "talks"', "event.kinds: Field required"),
        (
            'kinds = ["talks"]',
            'kinds = ["talks"]\nday = 3',
            "event.day: unknown key; allowed here: date_inferred, ends_on",
        ),
        ('["ghent", "kanazawa"]', '["ghent", 4]', "event.participants[2]: Input should be a valid string"),
        (
            'kinds = ["talks"]',
            'kinds = ["talks"]\nordinal = 0',
            "event.ordinal: Input should be greater than or equal to 1",
        ),
        ('kinds = ["talks"]', 'kinds = ["talks"]\nends_on = 2025-01-01', "event: ends_on needs starts_on"),
        (
            'kinds = ["talks"]',
            'kinds = ["talks"]\nstarts_on = 2025-01-02\nends_on = 2025-01-01',
            "event: ends_on must not lie before starts_on",
        ),
        ('kinds = ["talks"]', 'kinds = ["talks"]\nstatus = "done"', "event.status: Input should be 'threatened', "),
        (
            'kinds = ["talks"]',
            'kinds = ["talks"]\nprecision = "hour"',
            "event.precision: Input should be 'day', 'month' or",
        ),
        ('text_sha = "0', 'text_sha = "x', "fingerprint: text_sha must be 64 hexadecimal figures"),
        ('digest = ""', 'digest = "?"', "fingerprint: digest must be base64 of 32-bit values"),
        ('digest = ""', 'digest = "AAAA"', "fingerprint: digest must be base64 of 32-bit values"),
        ('digest = ""', 'digest = "AAAAAA=="', "fingerprint: digest holds 1 values, the scheme has 192"),
        ('digest = ""', 'digest = ""\n[[people]]\nnaem = "x"', "people[1].name: Field required"),
        (
            'digest = ""',
            'digest = ""\n[[people]]\nname = "x"\nrank = 1',
            "people[1].rank: unknown key; allowed here: name, role",
        ),
        (
            'digest = ""',
            'digest = ""\n[[partnership]]\nkey = "p"\nparticipants = ["a", "b"]\ngrade = "twin"',
            "partnership[1].grade: Input should be 'sister', 'friendship' or 'partner'",
        ),
        (
            'digest = ""',
            'digest = ""\n[[partnership]]\nkey = "p"\nparticipants = ["a", "b"]\nsince = true',
            "partnership[1].since: Input should be a valid date",
        ),
        ("[event]", "[event", "is not TOML: "),
    ],
)
def test_a_broken_record_is_refused_in_one_line_with_file_key_and_what_is_allowed(
    before: str, after: str, says: str, tmp_path: Path
) -> None:
    assert before in VALID
    path = written(VALID.replace(before, after, 1), tmp_path)
    with pytest.raises(ConfigurationError) as caught:
        read_seed(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert says in message
    assert "\n" not in message


def test_the_record_that_the_broken_ones_are_made_of_is_whole(tmp_path: Path) -> None:
    assert read_seed(written(VALID, tmp_path)).key == "k"


def test_an_event_record_needs_its_event(tmp_path: Path) -> None:
    head, _, tail = VALID.partition("[event]")
    path = written(head + tail[tail.index("[fingerprint]") :], tmp_path)
    with pytest.raises(ConfigurationError, match=r'the file: label = "event" needs a table \[event\]'):
        read_seed(path)


def test_a_missing_file_and_one_that_is_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.toml: cannot be read: No such file"):
        read_seed(tmp_path / "none.toml")
    path = tmp_path / "latin.toml"
    path.write_bytes(b'title = "caf\xe9"')
    with pytest.raises(ConfigurationError, match=r"latin\.toml: is not UTF-8 text"):
        read_seed(path)


def test_two_files_with_one_key_are_refused(tmp_path: Path) -> None:
    path = write_seed(RECORD, tmp_path)
    (tmp_path / "zz.toml").write_bytes(path.read_bytes())
    with pytest.raises(
        ConfigurationError, match=r"zz\.toml: key: 'ghent-kanazawa-2025' is taken by ghent-kanazawa-2025"
    ):
        read_seeds(tmp_path)


def test_a_key_that_is_no_file_name_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"seed key '\.\./x': must be small letters"):
        write_seed(replace(RECORD, key="../x"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="file: the seed record cannot be written: "):
        write_seed(RECORD, tmp_path / "file")


# ---------------------------------------------------------------- the shipped ones


def test_the_shipped_records_are_read() -> None:
    records = read_seeds(resources.seeds())
    assert [record.key for record in records] == ["000", "001", "002", "003", "004"]
    assert [record.label for record in records].count(Label.BACKGROUND) == 1
    for record in records:
        assert record.fingerprint.scheme == dedupe.SCHEME
        assert len(record.fingerprint.bands) == dedupe.BANDS
        assert record.summary
        assert record.people or record.label is Label.BACKGROUND
        assert record.partnerships


def test_every_place_of_the_shipped_records_is_in_the_gazetteer() -> None:
    gazetteer = shipped.gazetteer()
    for record in read_seeds(resources.seeds()):
        happenings = [*([record.happening] if record.happening else []), *record.expected]
        named = {one for happening in happenings for one in happening.participants | {happening.host_id}} - {None}
        named |= {one for partnership in record.partnerships for one in partnership.participants}
        assert [one for one in sorted(named) if gazetteer.place(one) is None] == [], record.key


def test_the_series_of_the_shipped_conference_is_the_one_that_articles_are_found_to_tell() -> None:
    gazetteer = shipped.gazetteer()
    (record,) = [one for one in read_seeds(resources.seeds()) if one.key == "004"]
    for happening in (record.happening, *record.expected):
        assert happening is not None
        places = [place for one in happening.participants if (place := gazetteer.place(one)) is not None]
        assert happening.series_key == editions.series_key("conference", places, gazetteer.place)


def test_what_the_shipped_records_expect_has_a_window() -> None:
    expected = {record.key: record.expected for record in read_seeds(resources.seeds()) if record.expected}
    assert sorted(expected) == ["002", "004"]
    (sixth,) = expected["004"]
    assert (sixth.ordinal, sixth.host_id) == (6, "yunnan")
    assert sixth.when == DateRange(date(2026, 1, 1), date(2026, 12, 31), Precision.YEAR)
    (visit,) = expected["002"]
    assert visit.participants == {"hanoi", "shaanxi", "guangzhou"}
    assert visit.when is not None
