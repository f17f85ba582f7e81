from __future__ import annotations

import pytest

from monitor.domain.headline import headline
from monitor.domain.model.events import EventKind, EventStatus, KnownEvent, Precision
from tests.domain.digest_samples import event, on, place, words

EN = words()
HUB = ("yunnan", "lai-chau", "lao-cai", "dien-bien", "tuyen-quang")
IN_2026 = on("2026-01-01", "2026-12-31", Precision.YEAR)


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (event(host="nancy", when=on("2017-08-22")), "Signing: Nancy–Kunming, 22 August 2017"),
        (event(host="kunming", when=on("2017-08-22")), "Signing: Kunming–Nancy, 22 August 2017"),
        (
            event("e1", *HUB, kinds=(EventKind.CONFERENCE,), ordinal=5, host="lai-chau", when=on("2025-10-30")),
            "Conference (5th): Yunnan with Dien Bien, Lai Chau and 2 more, Lai Chau, 30 October 2025",
        ),
        (
            event("e1", *HUB[:4], kinds=(EventKind.CONFERENCE,), ordinal=6, when=IN_2026, status=EventStatus.ANNOUNCED),
            "Announced: conference (6th), Yunnan with Dien Bien, Lai Chau and 1 more, 2026",
        ),
        (
            event("e1", "nancy", "metz", "yunnan", "lai-chau", kinds=(EventKind.CONFERENCE,), host="metz"),
            "Conference: Metz with Lai Chau, Nancy and 1 more, 2 October 2026",
        ),
        (
            event("e1", "nancy", "metz", "yunnan", "lai-chau", kinds=(EventKind.CONFERENCE,), host="paris"),
            "Conference: Lai Chau, Metz, Nancy and 1 more, Paris, 2 October 2026",
        ),
        (event(kinds=(EventKind.TALKS,), host="paris"), "Talks: Kunming–Nancy, Paris, 2 October 2026"),
        (
            event("e1", "chru-nancy", "nancy", "kunming", kinds=(EventKind.HEALTH_COOPERATION,), host="nancy"),
            "Health cooperation: Nancy–CHRU de Nancy–Kunming, 2 October 2026",
        ),
        (event(status=EventStatus.CANCELLED), "Cancelled: signing, Kunming–Nancy, 2 October 2026"),
        (event(status=EventStatus.POSTPONED, when=None), "Postponed: signing, Kunming–Nancy, date open"),
        (event(when=None), "Signing: Kunming–Nancy, date not stated"),
        (event(when=on("2026-10-03"), inferred=True), "Signing: Kunming–Nancy, reported 3 October 2026"),
        (event(when=on("2026-10-03", "2026-10-05"), inferred=True), "Signing: Kunming–Nancy, 3–5 October 2026"),
        (event("e1", "nancy", kinds=(EventKind.STATEMENT,)), "Statement: Nancy, 2 October 2026"),
        (event(kinds=(EventKind.AID,), ordinal=6), "Aid: Kunming–Nancy, 2 October 2026"),
        (event(kinds=(EventKind.AGREEMENT_INTENT,)), "Declaration of intent: Kunming–Nancy, 2 October 2026"),
        (
            event(kinds=(EventKind.AGREEMENT_INTENT,), status=EventStatus.APPROVED),
            "Approved: partnership agreement, Kunming–Nancy, 2 October 2026",
        ),
        (
            event(kinds=(EventKind.DELEGATION_VISIT, EventKind.AGREEMENT_SIGNED, EventKind.AGREEMENT_INTENT)),
            "Visit: Kunming–Nancy, 2 October 2026",
        ),
        (
            event(kinds=(EventKind.AGREEMENT_INTENT, EventKind.AGREEMENT_SIGNED)),
            "Signing: Kunming–Nancy, 2 October 2026",
        ),
        (
            event(kinds=(EventKind.AGREEMENT_ENDED,), status=EventStatus.THREATENED),
            "Threatened: end of agreement, Kunming–Nancy, 2 October 2026",
        ),
    ],
)  # fmt: skip
def test_the_facts_make_the_line(one: KnownEvent, line: str) -> None:
    assert headline(one, EN, place) == line


def test_an_event_without_places_falls_back_to_its_host_then_to_its_title() -> None:
    nowhere = KnownEvent("e", (EventKind.CONFERENCE,), frozenset(), None, None, EventStatus.HAPPENED, None, None,
                         event().origin, "Forum\r\nBcc: x\u2028 " + "y" * 300)  # fmt: skip
    line = headline(nowhere, EN, place)
    assert line.startswith("Conference: “Forum Bcc: x ")
    assert len(line) < 200
    assert "\n" not in line
    hosted = KnownEvent("e", (EventKind.CONFERENCE,), frozenset(), "paris", None, EventStatus.HAPPENED, None, None,
                        event().origin, "Forum")  # fmt: skip
    assert headline(hosted, EN) == "Conference: Paris, date not stated"


def test_without_countries_the_host_stands_for_the_hub() -> None:
    one = event("e1", *HUB, kinds=(EventKind.CONFERENCE,), host="lai-chau")
    assert headline(one, EN) == "Conference: Lai Chau with Dien Bien, Lao Cai and 2 more, 2 October 2026"


@pytest.mark.parametrize(
    ("language", "line"),
    [
        (
            "fr",
            "Conférence (5e)\u00a0: Yunnan avec Dien Bien, Lai Chau et 2 autres, Lai Chau, du 1er au 3 octobre 2025",
        ),
        ("zh", "第5届会议：云南与奠边、宣光和另外2地，莱州，2025年10月1日至3日"),
        (
            "vi",
            "Hội nghị lần thứ 5: Yunnan với Dien Bien, Lai Chau và 2 nơi khác, Lai Chau, ngày 1–3 tháng 10 năm 2025",
        ),
    ],
)
def test_the_line_is_in_the_readers_language(language: str, line: str) -> None:
    one = event(
        "e1", *HUB, kinds=(EventKind.CONFERENCE,), ordinal=5, host="lai-chau", when=on("2025-10-01", "2025-10-03")
    )
    assert headline(one, words(language), place) == line


@pytest.mark.parametrize("kind", EventKind)
@pytest.mark.parametrize("status", EventStatus)
def test_every_kind_in_every_status_has_words_in_every_language(kind: EventKind, status: EventStatus) -> None:
    lines = {
        language: headline(event(kinds=(kind,), status=status), words(language), place)
        for language in ("en", "fr", "zh", "vi")
    }
    assert len(set(lines.values())) == 4
    assert all("_" not in line and "{" not in line for line in lines.values())
