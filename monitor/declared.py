"""What the configuration declares, in the domain's words: sources, subscriptions, watches, partnerships, series."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from monitor import resources
from monitor.domain.model.digests import SubscriptionData, Watch
from monitor.domain.model.partnerships import (
    AgreementData,
    Declared,
    PartnershipData,
    SeriesData,
    SeriesMember,
    Stated,
)
from monitor.domain.model.sources import FeedData, FeedKind, SourceData
from monitor.domain.newsletters import mailbox_address
from monitor.domain.partnerships import partnership_key
from monitor.domain.source_coverage import OFFICIAL, PRESS
from monitor.domain.source_keys import slug
from monitor.errors import ConfigurationError
from monitor.ports import (
    Gazetteer,
)
from monitor.settings import (
    Configuration,
    MailboxSettings,
    PartnershipSettings,
    PlaceOutlets,
    SeriesSettings,
    Settings,
    SourceSettings,
    SubscriptionSettings,
    WatchSettings,
    load_outlets,
    load_sources,
)


@dataclass(frozen=True, slots=True)
class Declarations:
    """The declared, with every name of a place looked up.

    Everything raises `ConfigurationError` where a name means no place that the gazetteer knows.
    """

    configuration: Configuration
    gazetteer: Gazetteer

    @property
    def settings(self) -> Settings:
        """The configuration's own file."""
        return self.configuration.settings

    def place_id(self, name: str, where: str) -> str:
        """The gazetteer's id of a name or id; raises `ConfigurationError` naming `where`."""
        if self.gazetteer.place(name) is not None:
            return name
        found = self.gazetteer.by_name(name)
        if not found:
            raise ConfigurationError(f"{where}: the gazetteer knows no place called {name!r}")
        return found[0].id

    # ------------------------------------------------------------ what is read

    def sources(self) -> tuple[SourceData, ...]:
        """The sources that are followed, the mailbox among them."""
        sources = [self._source(one) for one in self.configuration.sources.source]
        if self.settings.mailbox.host:
            sources.append(mailbox_source(self.settings.mailbox, {one.key for one in sources}))
        return tuple(sources)

    def _source(self, declared: SourceSettings) -> SourceData:
        place_id = self.place_id(declared.place, f"source {declared.key!r}") if declared.place else None
        return source_data(declared, place_id)

    def stock(self) -> tuple[SourceData, ...]:
        """The shipped sources and outlets, declared or not: what sources for a partnership are proposed from."""
        shipped = load_sources(resources.config() / "sources.toml").source
        sources = [self._source(one) for one in shipped if one.place]
        listed = load_outlets(resources.config() / "outlets.toml").outlets
        return (*sources, *(one for outlets in listed for one in self._outlets(outlets)))

    def _outlets(self, declared: PlaceOutlets) -> Iterator[SourceData]:
        place = self.gazetteer.place(declared.place)
        if place is None:
            raise ConfigurationError(f"outlets.toml: the gazetteer has no place with the id {declared.place!r}")
        for trust, sites in ((OFFICIAL, declared.official), (PRESS, declared.press)):
            for one in sites:
                yield SourceData(
                    key=slug((urlsplit(one.url).hostname or "").removeprefix("www.")),
                    name=one.name,
                    feeds=(FeedData(one.url, one.kind),),
                    home_page=one.url,
                    language=one.language,
                    country=place.country,
                    trust=trust,
                    place_id=place.id,
                )

    # ------------------------------------------------------------ what is told to whom

    def subscriptions(self) -> tuple[SubscriptionData, ...]:
        """Who is sent digests of what."""
        return tuple(self._subscription(one) for one in self.settings.subscription)

    def _subscription(self, declared: SubscriptionSettings) -> SubscriptionData:
        watches = {one.key: one for one in self.settings.watch}
        return SubscriptionData(
            key=declared.key,
            channel=declared.channel,
            recipients=declared.recipients or ("stdout",),
            schedule=declared.schedule,
            time_zone=declared.time_zone,
            language=declared.language,
            watches=tuple(self._watch(watches[key]) for key in declared.watches),
            sign_of_life=declared.sign_of_life,
            paused=declared.paused,
        )

    def _watch(self, declared: WatchSettings) -> Watch:
        return Watch(
            key=declared.key,
            places=frozenset(self.place_id(name, f"watch {declared.key!r}") for name in declared.places),
            countries=frozenset(declared.countries),
            kinds=frozenset(kind.value for kind in declared.kinds),
            languages=frozenset(declared.languages),
            words=declared.words,
            domestic=declared.domestic,
            context=declared.context,
        )

    @property
    def homes(self) -> tuple[str, ...]:
        """The ids of our own places: those of the settings, else the first of each watch."""
        if self.settings.home:
            return tuple(self.place_id(name, "home") for name in self.settings.home)
        first = [one.places[0] for one in self.settings.watch if one.places]
        return tuple(dict.fromkeys(self.place_id(name, "watch") for name in first))

    @property
    def watches(self) -> tuple[Watch, ...]:
        """What the subscriptions in force ask for together; none: everything."""
        chosen = [one.watches for one in self.settings.subscription if not one.paused]
        wanted = {key for keys in chosen for key in keys}
        if not chosen or not all(chosen):
            return ()
        return tuple(self._watch(one) for one in self.settings.watch if one.key in wanted)

    @property
    def context_places(self) -> frozenset[str]:
        """The places of the watches that ask for what happens there beside any relation."""
        asked = [self._watch(one) for one in self.settings.watch if one.context]
        return frozenset[str]().union(*(one.places for one in asked))

    # ------------------------------------------------------------ relations

    def relations(self) -> Declared:
        """The partnerships, agreements and series of the settings."""
        told = [self._partnership(one) for one in self.settings.partnership]
        return Declared(
            tuple(one for one, _ in told),
            tuple(paper for _, papers in told for paper in papers),
            tuple(self._series(one) for one in self.settings.series),
        )

    def _partnership(self, declared: PartnershipSettings) -> tuple[PartnershipData, tuple[AgreementData, ...]]:
        places = frozenset(self.place_id(name, "partnership") for name in declared.places)
        if len(places) < 2:
            raise ConfigurationError(f"partnership: {', '.join(declared.places)} are one place")
        key = partnership_key(places)
        papers = tuple(
            AgreementData(
                partnership_key=key,
                key=one.signed_on.isoformat() if one.signed_on is not None else f"agreement-{number}",
                title=one.title,
                grade=one.grade,
                signed_on=one.signed_on,
                term_months=12 * one.term_years if one.term_years is not None else None,
                ends_on=one.ends_on,
                origin=Stated.CONFIG,
            )
            for number, one in enumerate(declared.agreement, start=1)
        )
        since, until = declared.since, declared.until
        return PartnershipData(key, places, declared.grade or "", since, until, origin=Stated.CONFIG), papers

    def _series(self, declared: SeriesSettings) -> SeriesData:
        members = sorted({self.place_id(name, f"series {declared.key!r}") for name in declared.places})
        return SeriesData(
            key=declared.key,
            names=declared.names,
            cadence_months=declared.cadence_months,
            members=tuple(SeriesMember(one) for one in members),
            origin=Stated.CONFIG,
        )


def source_data(declared: SourceSettings, place_id: str | None = None) -> SourceData:
    """A declared source as the domain knows it; `place_id` is what its `place` means."""
    return SourceData(
        key=declared.key,
        name=declared.name,
        feeds=tuple(
            FeedData(
                url=one.url,
                kind=one.kind,
                link_selector=one.link_selector,
                link_pattern=one.link_pattern,
                interval_min=one.interval_min,
                max_pages=one.max_pages,
                next_selector=one.next_selector,
            )
            for one in declared.feeds
        ),
        home_page=declared.home_page,
        language=declared.language,
        country=declared.country,
        trust=declared.trust,
        rights=declared.rights,
        about_relations=declared.about_relations,
        paused=declared.paused,
        quote_chars=declared.quote_chars,
        tdm_licensed=declared.tdm_licensed,
        place_id=place_id,
    )


def mailbox_source(declared: MailboxSettings, taken: Collection[str]) -> SourceData:
    """The source that the mailbox is; raises `ConfigurationError` where its key is taken."""
    if declared.key in taken:
        raise ConfigurationError(f"mailbox.key: a source has the key {declared.key!r} already")
    address = mailbox_address(declared.host, declared.folder)
    feed = FeedData(address, FeedKind.MAILBOX, interval_min=declared.interval_min)
    return SourceData(key=declared.key, name=declared.name, feeds=(feed,))
