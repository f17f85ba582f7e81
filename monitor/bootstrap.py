"""The composition root: the only place that knows which adapter fills which port."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self

from monitor import __version__, resources
from monitor.adapters import logs
from monitor.adapters.captures import FileCaptureStore
from monitor.adapters.channels.console import ConsoleChannel
from monitor.adapters.channels.email import SmtpChannel
from monitor.adapters.channels.email import SmtpSettings as SmtpServer
from monitor.adapters.channels.render import ConsoleRenderer, EmailRenderer, SlackRenderer, WebhookRenderer
from monitor.adapters.channels.slack import SlackChannel
from monitor.adapters.channels.webhook import Receiver, WebhookChannel
from monitor.adapters.context_cues import load_context_cues
from monitor.adapters.dispatch.embedded import BatchHandler, EmbeddedDispatcher, Handler, StageHandler
from monitor.adapters.embeddings import StaticEmbeddings, load_embeddings
from monitor.adapters.extraction import SandboxExtractor, is_pdf
from monitor.adapters.feeds import SandboxParser
from monitor.adapters.gazetteer import load_gazetteer
from monitor.adapters.gazetteer_compiled import compiled_key
from monitor.adapters.http import HttpFetcher, HttpLimits
from monitor.adapters.http_guard import system_resolver
from monitor.adapters.language import SandboxLanguageIdentifier
from monitor.adapters.lexicon import load_lexicon
from monitor.adapters.mailbox import ImapMailbox
from monitor.adapters.mailbox import MailboxSettings as ImapServer
from monitor.adapters.metrics import Metrics
from monitor.adapters.opml import read_opml, write_opml
from monitor.adapters.passwords import Argon2Secrets
from monitor.adapters.sandbox import ProcessSandbox, SandboxLimits
from monitor.adapters.seeds import read_seeds, record_sha, write_seed
from monitor.adapters.storage.database import Database, open_database
from monitor.adapters.storage.shadow import SqlShadow, open_shadow
from monitor.adapters.systemd import ALIVE, READY, STOPPING, ServiceManager
from monitor.adapters.wording import load_wording
from monitor.declared import Declarations
from monitor.domain import dedupe, facts, linking, places, relevance
from monitor.domain.accounts import role_of_groups
from monitor.domain.decide import Knowledge
from monitor.domain.lexicon import Lexicon
from monitor.domain.linking import Semantics
from monitor.domain.model.accounts import Role
from monitor.domain.model.articles import ArticleData, ExtractFailed, TextPath
from monitor.domain.model.digests import ChannelKind
from monitor.domain.model.exports import Versions
from monitor.domain.model.seeds import SeedRecord
from monitor.domain.partnerships import seats
from monitor.domain.rawdoc import RawDocument, read_raw
from monitor.domain.source_keys import free_key, slug
from monitor.domain.wording import Wording
from monitor.errors import ConfigurationError
from monitor.pipeline import expectations, exports, ingest, partnerships, poll, publish, replay, review
from monitor.pipeline.accounts import Accounting
from monitor.pipeline.learning import Learning
from monitor.pipeline.picture import Picturing
from monitor.pipeline.seeds import Importing, import_seed, load_seeds
from monitor.pipeline.tryout import Trying
from monitor.ports import (
    CalendarWriter,
    Channel,
    DossierWriter,
    FeedWriter,
    Fetched,
    FetchFailed,
    FetchRequest,
    Gazetteer,
    IdentityProvider,
    Purpose,
    Renderer,
    Stage,
)
from monitor.settings import (
    Configuration,
    Settings,
    secret,
)

__all__ = [
    "ALIVE",
    "READY",
    "STOPPING",
    "App",
    "ServiceManager",
    "configure_logging",
    "free_key",
    "quiet_logging",
    "read_opml",
    "slug",
    "utc_now",
    "write_opml",
]

PROGRAM = "sister-city-monitor"
OIDC_CALLBACK = "/login/oidc/callback"
IDENTITY_TOTAL_S = 10.0  # somebody looks at an empty page meanwhile
MAX_IDENTITY_BYTES = 1024 * 1024


def utc_now() -> datetime:
    """The wall clock: the default of `App`, replaced in tests and in the demo."""
    return datetime.now(UTC)


class App:
    """The assembled program. Parts are built when first asked for, so that a small command stays quick."""

    def __init__(
        self,
        configuration: Configuration,
        clock: Callable[[], datetime] = utc_now,
        *,
        resolver: Callable[[str, int], Sequence[str]] = system_resolver,
        write: Callable[[str], None] = print,  # the console channel's own way out
    ) -> None:
        self.configuration = configuration
        self.settings: Settings = configuration.settings
        self.clock = clock
        self._resolver = resolver
        self._write = write

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the children and give the connections back; only what was built."""
        for name in ("metrics", "sandbox", "database"):
            part = self.__dict__.pop(name, None)
            if part is not None:
                part.close()

    # ------------------------------------------------------------ reading

    @cached_property
    def fetcher(self) -> HttpFetcher:
        """The guarded HTTP client."""
        fetch = self.settings.fetch
        limits = HttpLimits(
            connect_s=fetch.connect_s,
            idle_s=fetch.idle_s,
            total_s=fetch.total_s,
            max_wire_bytes=fetch.max_body_bytes,
            max_body_bytes=fetch.max_body_bytes,
            max_redirects=fetch.max_redirects,
            host_gap_s=fetch.host_gap_s,
            user_agent=user_agent(fetch.contact),
            allowed_addresses=frozenset(_address(text) for text in fetch.allowed_addresses),
            obey_robots=fetch.obey_robots,
            obey_tdm=fetch.obey_tdm,
        )
        return HttpFetcher(limits, clock=self.clock, resolver=self._resolver)

    @cached_property
    def sandbox(self) -> ProcessSandbox:
        """The child processes for hostile input."""
        box = self.settings.sandbox
        return ProcessSandbox(
            SandboxLimits(
                children=box.children,
                memory_bytes=box.memory_mb * 1024 * 1024,
                cpu_s=box.cpu_s,
                wall_s=box.wall_s,
                recycle_after=box.recycle_after,
            ),
            warm=("parse-feed", "extract-article"),
        )

    @cached_property
    def parser(self) -> SandboxParser:
        """Feeds and pages to entries."""
        return SandboxParser(self.sandbox)

    @cached_property
    def mailbox(self) -> ImapMailbox | None:
        """The mailbox for newsletters; None: none is configured."""
        box = self.settings.mailbox
        if not box.host:
            return None
        base = self.configuration.path.parent if self.configuration.path else None
        return ImapMailbox(
            ImapServer(
                host=box.host,
                port=box.port,
                security=box.security,
                username=box.username,
                password=secret(box.password, box.password_file, base, "mailbox.password"),
                folder=box.folder,
                allowed_senders=box.allowed_senders,
                max_mails=box.max_mails,
                max_mail_bytes=box.max_mail_bytes,
                timeout_s=box.timeout_s,
                mark_seen=box.mark_seen,
            ),
            self.sandbox,
        )

    @cached_property
    def extractor(self) -> SandboxExtractor:
        """Pages to articles."""
        return SandboxExtractor(self.sandbox, clock=self.clock)

    @cached_property
    def languages(self) -> SandboxLanguageIdentifier:
        """Texts to languages."""
        return SandboxLanguageIdentifier(self.sandbox)

    # ------------------------------------------------------------ knowing

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """Places."""
        return _gazetteer(resources.gazetteer())

    @cached_property
    def knowledge(self) -> Knowledge:
        """What deciding knows of the world."""
        vectors = self.embeddings
        semantics = Semantics(vectors.name, vectors.similarity) if vectors is not None else None
        return Knowledge(_lexicon(resources.lexicon()), self.gazetteer.place, semantics=semantics)

    @cached_property
    def embeddings(self) -> StaticEmbeddings | None:
        """Word vectors; None: the settings name none. Raises `ConfigurationError` where they cannot be loaded."""
        folder = self.settings.embeddings.folder
        if folder is None:
            return None
        base = self.configuration.path.parent if self.configuration.path else Path.cwd()
        return load_embeddings(base / folder)

    # ------------------------------------------------------------ storing

    @cached_property
    def database(self) -> Database:
        """The archive; migrated when opened."""
        if not self.settings.database.url:
            self.configuration.data_directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return open_database(
            self.configuration.database_url,
            resources.migrations(),
            self.settings.poll.interval_min,
            lambda members: seats(members, self.gazetteer.place, self.gazetteer.beside),
            resources.gazetteer_state(),
        )

    @cached_property
    def captures(self) -> FileCaptureStore:
        """Raw pages, beside the database."""
        return FileCaptureStore(self.configuration.data_directory / "captures")

    # ------------------------------------------------------------ who may use it

    @cached_property
    def accounting(self) -> Accounting:
        """What signing in needs."""
        session_for = timedelta(hours=self.settings.web.session_hours)
        return Accounting(self.database.accounts, Argon2Secrets(), session_for)

    @cached_property
    def identity_provider(self) -> IdentityProvider | None:
        """Where people sign in elsewhere; None: the settings name none."""
        chosen = self.settings.web.oidc
        if not chosen.issuer:
            return None
        from monitor.adapters.oidc import OidcProvider
        from monitor.adapters.oidc import OidcSettings as OidcClient

        base = self.configuration.path.parent if self.configuration.path else None
        client = OidcClient(
            issuer=chosen.issuer,
            client_id=chosen.client_id,
            client_secret=secret(chosen.client_secret, chosen.client_secret_file, base, "web.oidc.client_secret"),
            redirect_uri=f"{self.settings.web.base_url.rstrip('/')}{OIDC_CALLBACK}",
            scopes=chosen.scopes,
            groups_claim=chosen.groups_claim,
        )
        return OidcProvider(client, self.identity_client, self.identity_client, lambda: self.clock().timestamp())

    @cached_property
    def identity_client(self) -> HttpFetcher:
        """The guarded client for the identity provider: a person waits, and nothing is redirected."""
        fetch = self.settings.fetch
        limits = HttpLimits(
            connect_s=fetch.connect_s,
            total_s=min(fetch.total_s, IDENTITY_TOTAL_S),
            max_wire_bytes=MAX_IDENTITY_BYTES,
            max_body_bytes=MAX_IDENTITY_BYTES,
            max_redirects=0,
            host_gap_s=0.0,
            user_agent=user_agent(fetch.contact),
            allowed_addresses=frozenset(_address(text) for text in fetch.allowed_addresses),
        )
        return HttpFetcher(limits, clock=self.clock, resolver=self._resolver)

    def role_of(self, groups: Collection[str]) -> Role | None:
        """What an identity provider's groups allow; None: nothing."""
        chosen = self.settings.web.oidc
        roles = {group: Role[name.upper()] for group, name in chosen.roles.items()}
        default = Role[chosen.default_role.upper()] if chosen.default_role is not None else None
        return role_of_groups(groups, roles, default)

    # ------------------------------------------------------------ watching over it

    @cached_property
    def metrics(self) -> Metrics | None:
        """Counts and serves; None: nobody asked for it."""
        listen = self.settings.metrics.listen
        if not listen:
            return None
        metrics = Metrics(self.database.archive.vitals, self.clock)
        metrics.serve(*_address(listen))
        return metrics

    def send_heartbeat(self) -> str | None:
        """Tell the dead man's switch that we live; what went wrong, None: nothing, or there is none."""
        url = self.settings.heartbeat.url
        if not url:
            return None
        answer = self.fetcher.fetch(FetchRequest(url, Purpose.FEED))
        return f"{answer.outcome.value}: {answer.detail}" if isinstance(answer, FetchFailed) else None

    # ------------------------------------------------------------ stages

    @cached_property
    def polling(self) -> poll.Polling:
        """What `poll` needs."""
        return poll.Polling(self.fetcher, self.parser, self.database.units, mailbox=self.mailbox)

    @cached_property
    def ingesting(self) -> ingest.Ingesting:
        """What `ingest` needs."""
        return ingest.Ingesting(
            fetcher=self.fetcher,
            extractor=self.extractor,
            languages=self.languages,
            captures=self.captures,
            gazetteer=self.gazetteer,
            knowledge=self.knowledge,
            units=self.database.units,
            learning=self.learning,
            context_cues=_context_cues(resources.context_cues()) if self.declared.context_places else None,
            context_places=self.declared.context_places,
        )

    @cached_property
    def learning(self) -> Learning:
        """What people's verdicts teach."""
        return Learning(self.database.units)

    @property
    def reviewing(self) -> review.Reviewing:
        """What corrections need; understood as of now, with what verdicts teach."""
        knowledge = self.learning.added_to(self.knowledge)
        return review.Reviewing(self.database.units, self.gazetteer, self.languages, knowledge)

    @cached_property
    def replaying(self) -> replay.Replaying:
        """What deciding stored articles anew needs."""
        knowledge = self.learning.added_to(self.knowledge)
        return replay.Replaying(self.captures, self.extractor, self.languages, self.gazetteer, knowledge)

    def shadow(self, since: datetime | None) -> SqlShadow:
        """What stands beside the archive while articles first seen since then (None: all) are decided anew."""
        rules = f"{__version__} {resources.rules_state()} {self.replaying.knowledge.learnt}"
        folder = self.configuration.data_directory / "replay"
        return open_shadow(self.database, folder, since, rules)

    @property
    def trying(self) -> Trying:
        """What judging a page without storing it needs."""
        return Trying(self.extractor, self.gazetteer, self.learning.added_to(self.knowledge), self.database.units)

    @cached_property
    def publishing(self) -> publish.Publishing:
        """What `compose` and `deliver` need."""
        renderers: Mapping[ChannelKind, Renderer] = {
            ChannelKind.EMAIL: EmailRenderer(self.wording),
            ChannelKind.SLACK: SlackRenderer(self.wording),
            ChannelKind.CONSOLE: ConsoleRenderer(self.wording),
            ChannelKind.WEBHOOK: WebhookRenderer(self.wording),
        }
        return publish.Publishing(
            units=self.database.units,
            wording=self.wording,
            place=self.gazetteer.place,
            renderers=renderers,
            channels=self._channels(),
            message_domain=self.settings.smtp.sender.rpartition("@")[2] or "localhost",
            homes=lambda: self.declared.homes,
            beside=self.gazetteer.beside,
        )

    @property
    def picturing(self) -> Picturing:
        """What showing one partnership needs."""
        return Picturing(self.database.archive, self.gazetteer, self.knowledge.lexicon, self.declared.homes)

    @cached_property
    def calendars(self) -> CalendarWriter:
        """Writes calendar files."""
        from monitor.adapters.calendar_file import IcalendarWriter

        return IcalendarWriter()

    @cached_property
    def feeds(self) -> FeedWriter:
        """Writes feeds of events."""
        from monitor.adapters.atom_file import AtomWriter

        return AtomWriter()

    @cached_property
    def exporting(self) -> exports.Exporting:
        """What making files of the archive needs."""
        from monitor.adapters.package_file import ZipPacker

        return exports.Exporting(
            self.database.archive, self.gazetteer, self.feeds, self.calendars, ZipPacker(), _versions
        )

    @cached_property
    def dossiers(self) -> DossierWriter:
        """Writes dossiers for office programs."""
        from monitor.adapters.dossier_docx import DocxWriter

        return DocxWriter()

    @cached_property
    def dispatcher(self) -> EmbeddedDispatcher:
        """Runs the stages when they are due."""
        workers = self.settings.fetch.workers
        handlers: dict[Stage, Handler] = {
            Stage.POLL: BatchHandler(
                load=lambda items: poll.load_feeds(items, self.polling),
                run=lambda feed, now: poll.ask_feed(feed, now, self.polling),
                store=lambda asked: poll.store_polls(asked, self.polling),
                fault=lambda item, now, detail: poll.record_fault(item, now, detail, self.polling),
                workers=workers,
                ahead=3 * workers,  # a poll is short: half a minute at worst, and most are a blink
            ),
            Stage.INGEST: StageHandler(
                run=lambda item, now: ingest.ingest_entry(item, now, self.ingesting),
                fault=lambda item, now, detail: ingest.record_fault(item, now, detail, self.ingesting),
                workers=workers,
            ),
            Stage.COMPOSE: StageHandler(run=lambda item, now: publish.compose_digest(item, now, self.publishing)),
            Stage.DELIVER: StageHandler(run=lambda item, now: publish.deliver(item, now, self.publishing)),
        }
        return EmbeddedDispatcher(self.database.queue, handlers, self.clock)

    def wording(self, language: str) -> Wording:
        """The words of a language; loaded once."""
        if language not in self._wordings:
            self._wordings[language] = load_wording(resources.locale(), language, self._place_name)
        return self._wordings[language]

    @cached_property
    def _wordings(self) -> dict[str, Wording]:
        return {}

    def _place_name(self, place_id: str, language: str) -> str:
        place = self.gazetteer.place(place_id)
        return places.display_name(place, language) if place is not None else place_id

    def _channels(self) -> dict[ChannelKind, Channel]:
        base = self.configuration.path.parent if self.configuration.path else None
        channels: dict[ChannelKind, Channel] = {ChannelKind.CONSOLE: ConsoleChannel(self._write)}
        smtp = self.settings.smtp
        if smtp.host:
            channels[ChannelKind.EMAIL] = SmtpChannel(
                SmtpServer(
                    host=smtp.host,
                    port=smtp.port,
                    security=smtp.security,
                    username=smtp.username,
                    password=secret(smtp.password, smtp.password_file, base, "smtp.password"),
                    sender=smtp.sender,
                    timeout_s=smtp.timeout_s,
                )
            )
        if self.settings.slack:
            channels[ChannelKind.SLACK] = SlackChannel(
                {one.name: secret(one.url, one.url_file, base, f"slack {one.name}") for one in self.settings.slack}
            )
        if self.settings.webhook:
            channels[ChannelKind.WEBHOOK] = WebhookChannel(
                {
                    one.name: Receiver(
                        secret(one.url, one.url_file, base, f"webhook {one.name}"),
                        secret(one.secret, one.secret_file, base, f"webhook {one.name}: secret"),
                    )
                    for one in self.settings.webhook
                },
                self.fetcher,
            )
        return channels

    # ------------------------------------------------------------ start

    @cached_property
    def declared(self) -> Declarations:
        """What the configuration declares."""
        return Declarations(self.configuration, self.gazetteer)

    def apply_declared(self) -> None:
        """Bring the archive in line with what is declared: sources, subscriptions, seeds. Idempotent.

        A model that is missing or broken is told here: not when the first article is decided.
        """
        now = self.clock()
        self.embeddings  # noqa: B018 - loads it
        sources, subscriptions = self.declared.sources(), self.declared.subscriptions()
        with self.database.units() as unit:
            unit.sync_sources(sources, now)
            unit.sync_subscriptions(subscriptions, now)
            unit.commit()
        partnerships.declare(self.declared.relations(), now, self.database.units)
        self.load_seeds()
        self.reckon()

    def reckon(self) -> int:
        """Compute anew what is to be expected; how many expectations changed."""
        with self.database.units() as unit:
            changed = expectations.refresh(unit.relations(), self.clock(), self.gazetteer.place)
            unit.commit()
        return len(changed)

    def load_seeds(self) -> int:
        """Load the shipped and the operator's own seed records; how many were new or changed."""
        records = list(read_seeds(resources.seeds()))
        own = self.own_seeds
        if own.is_dir():
            records.extend(read_seeds(own))
        told = [(record, record_sha(record)) for record in records]
        return load_seeds(told, self.clock(), self.database.units, self.gazetteer.place)

    def add_seed(self, document: Fetched, key: str | None, url: str | None) -> tuple[SeedRecord, Path]:
        """Make a record of a dropped document, write it among the operator's own and load it."""
        importing = Importing(self.gazetteer, self.languages, self.knowledge)
        record = import_seed(self._raw_document(document), key, url, importing)
        path = write_seed(record, self.own_seeds)
        load_seeds([(record, record_sha(record))], self.clock(), self.database.units, self.gazetteer.place)
        return record, path

    def _raw_document(self, document: Fetched) -> RawDocument | ArticleData:
        """HTML and PDF are extracted as articles are; anything else is read as text."""
        is_page = document.body[:1024].lstrip().lower().startswith((b"<!doctype", b"<html"))
        if "html" not in document.content_type and not is_page and not is_pdf(document.body):
            return read_raw(document.body.decode("utf-8-sig", errors="replace"), self.clock())
        extracted = self.extractor.extract(document.body, document.final_url, document.content_type)
        if isinstance(extracted, ExtractFailed):
            raise ConfigurationError(f"{document.final_url}: {extracted.outcome.value} {extracted.detail}".rstrip())
        return extracted

    def read_document(self, document: Fetched) -> ArticleData:
        """A document that somebody brought, as an article; raises `ConfigurationError` where it cannot be read."""
        read = self._raw_document(document)
        if isinstance(read, RawDocument):
            read = ArticleData(read.title or "", read.text, TextPath.GIVEN, published_on=read.published_on)
        language = read.language or self.languages.identify(f"{read.title}\n{read.text}")
        return replace(read, language=language, canonical_url=read.canonical_url or document.final_url)

    @property
    def own_seeds(self) -> Path:
        """Where `monitor seed add` writes."""
        return self.settings.seeds_directory or self.configuration.data_directory / "seeds"


@lru_cache(maxsize=1)
def _gazetteer(folder: Path) -> Gazetteer:
    """The shipped places do not change while we run: a reload of the configuration finds them loaded."""
    return load_gazetteer(folder, resources.cache())


@lru_cache(maxsize=1)
def _versions() -> Versions:
    """Of everything that the data of this archive rest on."""
    rules = {
        "relevance": relevance.RULES_VERSION,
        "places": places.RULES_VERSION,
        "facts": facts.RULES_VERSION,
        "linking": linking.RULES_VERSION,
        "duplicates": dedupe.SCHEME,
    }
    return Versions(__version__, compiled_key(resources.gazetteer()), resources.content_sha(resources.lexicon()), rules)


@lru_cache(maxsize=1)
def _context_cues(folder: Path) -> Lexicon:
    return load_context_cues(folder)


@lru_cache(maxsize=1)
def _lexicon(folder: Path) -> Lexicon:
    return load_lexicon(folder)


def user_agent(contact: str) -> str:
    """An honest name with a way to reach the operator."""
    return f"{PROGRAM}/{__version__} (+{contact})" if contact else f"{PROGRAM}/{__version__}"


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def configure_logging(settings: Settings) -> None:
    """Logs as the settings say."""
    logs.configure(settings.log.level, settings.log.format, color=sys.stderr.isatty())


def quiet_logging() -> None:
    """For commands that talk themselves: only warnings."""
    logs.configure("warning", "text", color=False)
