"""Invented events, material and digests for the tests of composing, rendering and delivering."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache

from monitor import resources
from monitor.adapters.wording import BabelWording, load_wording
from monitor.domain.model.articles import Label
from monitor.domain.model.digests import (
    ChannelKind,
    Coverage,
    DigestMaterial,
    ReportLink,
    ReviewItem,
    SourceTrouble,
    SubscriptionData,
    SubscriptionForDigest,
    ToldEvent,
    Watch,
)
from monitor.domain.model.events import (
    ChangeKind,
    DateRange,
    EventChange,
    EventKind,
    EventOrigin,
    EventStatus,
    KnownEvent,
    Precision,
)
from monitor.domain.model.places import Place, PlaceKind
from monitor.domain.outcomes import Outcome

NOW = datetime(2026, 10, 5, 5, 0, 7, tzinfo=UTC)  # Monday, 7:00 in Paris
LAST = datetime(2026, 9, 28, 5, 0, 3, tzinfo=UTC)


def _place(place_id: str, kind: PlaceKind, country: str, name: str, **more: str) -> Place:
    zh = more.pop("zh", name)
    fr = more.pop("fr", name)
    return Place(place_id, kind, country, {"en": (name,), "fr": (fr,), "zh": (zh,)}, **more)  # type: ignore[arg-type]


PLACES = {
    place.id: place
    for place in (
        _place("nancy", PlaceKind.CITY, "FR", "Nancy", parent_id="grand-est", zh="南锡"),
        _place("grand-est", PlaceKind.REGION, "FR", "Grand Est", parent_id="country-fr", zh="大东部"),
        _place("chru-nancy", PlaceKind.HOSPITAL, "FR", "CHRU de Nancy", seat_id="nancy"),
        _place("metz", PlaceKind.CITY, "FR", "Metz", parent_id="grand-est"),
        _place("kunming", PlaceKind.CITY, "CN", "Kunming", parent_id="yunnan", zh="昆明"),
        _place("yunnan", PlaceKind.PROVINCE, "CN", "Yunnan", zh="云南"),
        _place("lai-chau", PlaceKind.PROVINCE, "VN", "Lai Chau", zh="莱州"),
        _place("lao-cai", PlaceKind.PROVINCE, "VN", "Lao Cai", zh="老街"),
        _place("dien-bien", PlaceKind.PROVINCE, "VN", "Dien Bien", zh="奠边"),
        _place("tuyen-quang", PlaceKind.PROVINCE, "VN", "Tuyen Quang", zh="宣光"),
        _place("ha-giang", PlaceKind.PROVINCE, "VN", "Ha Giang", successor_id="tuyen-quang"),
        _place("paris", PlaceKind.CITY, "FR", "Paris", zh="巴黎"),
        _place("country-fr", PlaceKind.COUNTRY, "FR", "France"),
    )
}


def place(place_id: str) -> Place | None:
    return PLACES.get(place_id)


def place_name(place_id: str, language: str) -> str:
    found = PLACES.get(place_id)
    return place_id if found is None else found.names.get(language, found.names["en"])[0]


@cache  # a catalogue is read and compiled anew at each load
def words(language: str = "en") -> BabelWording:
    return load_wording(resources.locale(), language, place_name)


def on(day: str, last: str | None = None, precision: Precision = Precision.DAY) -> DateRange:
    return DateRange(date.fromisoformat(day), date.fromisoformat(last or day), precision)


def event(
    event_id: str = "e1",
    *participants: str,
    kinds: Sequence[EventKind] = (EventKind.AGREEMENT_SIGNED,),
    when: DateRange | None = on("2026-10-02"),  # noqa: B008 - frozen value
    status: EventStatus = EventStatus.HAPPENED,
    host: str | None = None,
    ordinal: int | None = None,
    origin: EventOrigin = EventOrigin.NEWS,
    title: str = "Une charte pour dix ans",
    inferred: bool = False,
    languages: Sequence[str] = ("fr",),
    seen: datetime | None = datetime(2026, 10, 3, 8, tzinfo=UTC),
    part_of: str | None = None,
) -> KnownEvent:
    return KnownEvent(
        id=event_id,
        kinds=tuple(kinds),
        participants=frozenset(participants or ("nancy", "kunming")),
        host_id=host,
        when=when,
        status=status,
        ordinal=ordinal,
        series_key=None,
        origin=origin,
        title=title,
        languages=frozenset(languages),
        date_inferred=inferred,
        first_seen_at=seen,
        part_of=part_of,
    )


def change(
    kind: ChangeKind, before: str = "", after: str = "", *, seq: int = 11, announce: bool = True, of: str = "e1"
) -> EventChange:
    return EventChange(seq, of, kind, NOW - timedelta(days=1), announce, 1, before, after)


OPENED = change(ChangeKind.OPENED, after="happened")


def report(
    title: str = "Une charte pour dix ans",
    language: str = "fr",
    source: str = "Le Courrier de la Place",
    url: str = "https://courrier.example/charte",
    published_on: date | None = date(2026, 10, 3),
) -> ReportLink:
    return ReportLink(1, title, url, source, language, published_on)


def told(
    one: KnownEvent,
    *changes: EventChange,
    reports: Sequence[ReportLink] | None = None,
    before: bool = False,
    scope: str = "international",
    perhaps: str | None = None,
) -> ToldEvent:
    return ToldEvent(
        one, changes or (OPENED,), tuple(reports) if reports is not None else (report(),), scope, before, perhaps
    )


FULL_COVERAGE = Coverage(
    sources=45,
    checked=45,
    failing=(),
    articles=318,
    by_label=((Label.EVENT, 5), (Label.BACKGROUND, 10), (Label.UNCERTAIN, 2), (Label.IRRELEVANT, 301)),
    waiting=0,
)
PATCHY_COVERAGE = Coverage(
    sources=45,
    checked=42,
    failing=(
        SourceTrouble("Messager du Lac", Outcome.SERVER_ERROR, datetime(2026, 10, 1, 22, 30, tzinfo=UTC)),
        SourceTrouble("山城晚报", Outcome.DNS, None),
        SourceTrouble("Báo Sông Hồng", Outcome.NOT_A_FEED, datetime(2026, 9, 30, 6, tzinfo=UTC)),
    ),
    articles=318,
    by_label=((Label.EVENT, 5), (Label.BACKGROUND, 10), (Label.UNCERTAIN, 2), (Label.IRRELEVANT, 301)),
    waiting=4,
)


def subscription(
    *watches: Watch,
    last: datetime | None = LAST,
    sign_of_life: bool = True,
    zone: str = "Europe/Paris",
    created: datetime = datetime(2026, 9, 1, tzinfo=UTC),
) -> SubscriptionForDigest:
    data = SubscriptionData(
        key="hotel-de-ville",
        channel=ChannelKind.EMAIL,
        recipients=("relations@ville.example",),
        schedule="0 7 * * 1",
        time_zone=zone,
        language="en",
        watches=watches,
        sign_of_life=sign_of_life,
    )
    return SubscriptionForDigest(3, data, 10, last, NOW - timedelta(seconds=7), created)


def material(
    *events: ToldEvent,
    expected: Sequence[KnownEvent] = (),
    review: Sequence[ReviewItem] = (),
    coverage: Coverage = FULL_COVERAGE,
    subscribed: SubscriptionForDigest | None = None,
) -> DigestMaterial:
    return DigestMaterial(subscribed or subscription(), 40, tuple(events), tuple(expected), tuple(review), coverage)


def review_item(title: str = "友城之间的新篇章", language: str = "zh", score: float = 0.46) -> ReviewItem:
    return ReviewItem(9, title, "https://wanbao.example/9", "山城晚报", language, score)


NANCY = Watch("nancy", places=frozenset({"nancy"}))


def rich_material(watch: Watch = NANCY) -> DigestMaterial:
    """One of everything."""
    signing = event(
        "e1",
        kinds=(EventKind.AGREEMENT_INTENT, EventKind.AGREEMENT_SIGNED, EventKind.HEALTH_COOPERATION),
        host="nancy",
    )
    conference = event(
        "e2",
        "yunnan",
        "lai-chau",
        "lao-cai",
        "dien-bien",
        "nancy",
        kinds=(EventKind.CONFERENCE, EventKind.DELEGATION_VISIT),
        when=on("2026-10-01", "2026-10-03"),
        ordinal=6,
        host="lai-chau",
    )
    talks = event("e3", kinds=(EventKind.TALKS,), when=on("2026-10-04"), inferred=True, title="两市市长视频会谈")
    visit = event("e4", kinds=(EventKind.DELEGATION_VISIT,), when=on("2026-09-29"), host="kunming", part_of="e1")
    old = event("e5", kinds=(EventKind.EXCHANGE,), when=on("2025-05-01", "2025-05-31", Precision.MONTH))
    plan = event(
        "e6",
        kinds=(EventKind.EXCHANGE,),
        when=on("2026-10-17"),
        status=EventStatus.ANNOUNCED,
        seen=datetime(2026, 10, 1, tzinfo=UTC),
    )
    return material(
        told(
            signing,
            reports=(
                report("南锡与昆明签署十年合作章程", "zh", "山城晚报", "https://wanbao.example/1?a=1&b=2"),
                report(),
            ),
        ),
        told(conference, change(ChangeKind.OPENED, seq=12, of="e2")),
        told(talks, change(ChangeKind.OPENED, seq=13, of="e3"), perhaps="e1", reports=(report(talks.title, "zh"),)),
        told(
            visit,
            change(ChangeKind.STATUS, "announced", "happened", seq=14, of="e4"),
            change(ChangeKind.DATE, "2026-09-01/2026-09-30", "2026-09-29", seq=15, of="e4"),
            change(ChangeKind.LANGUAGE, after="vi", seq=16, of="e4"),
            before=True,
        ),
        told(old, change(ChangeKind.OPENED, seq=17, of="e5")),
        told(event("e7"), change(ChangeKind.REPORT, after="courrier", seq=18, of="e7"), before=True),
        expected=(plan,),
        review=(review_item(),),
        coverage=PATCHY_COVERAGE,
        subscribed=subscription(watch),
    )
