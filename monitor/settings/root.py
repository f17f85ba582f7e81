"""Everything that can be set, and the files it came from."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from platformdirs import user_data_path
from pydantic import (
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from monitor.domain.model.digests import ChannelKind
from monitor.settings.channels import MailboxSettings, SlackWebhook, SmtpSettings, Webhook
from monitor.settings.machine import (
    DatabaseSettings,
    EmbeddingsSettings,
    FetchSettings,
    HeartbeatSettings,
    LogSettings,
    MetricsSettings,
    PollSettings,
    SandboxSettings,
)
from monitor.settings.relations import PartnershipSettings, SeriesSettings, SubscriptionSettings, WatchSettings
from monitor.settings.sources import SourcesFile
from monitor.settings.values import APPLICATION, unique
from monitor.settings.web import WebSettings

ENVIRONMENT_PREFIX = "MONITOR_"


class Settings(BaseSettings):
    """Everything an operator can set."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix=ENVIRONMENT_PREFIX,
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
    )

    data_directory: Path | None = None  # None: the platform's
    sources_file: Path | None = None  # relative to this file; None: the shipped default sources
    seeds_directory: Path | None = None  # own seed records, beside the shipped ones
    home: tuple[str, ...] = ()  # names or gazetteer ids: which places of a partnership are ours
    database: DatabaseSettings = DatabaseSettings()
    fetch: FetchSettings = FetchSettings()
    sandbox: SandboxSettings = SandboxSettings()
    poll: PollSettings = PollSettings()
    smtp: SmtpSettings = SmtpSettings()
    slack: tuple[SlackWebhook, ...] = ()
    webhook: tuple[Webhook, ...] = ()
    mailbox: MailboxSettings = MailboxSettings()
    embeddings: EmbeddingsSettings = EmbeddingsSettings()
    log: LogSettings = LogSettings()
    metrics: MetricsSettings = MetricsSettings()
    heartbeat: HeartbeatSettings = HeartbeatSettings()
    web: WebSettings = WebSettings()
    watch: tuple[WatchSettings, ...] = ()
    partnership: tuple[PartnershipSettings, ...] = ()
    series: tuple[SeriesSettings, ...] = ()
    subscription: tuple[SubscriptionSettings, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        unique("watch key", [one.key for one in self.watch])
        unique("subscription key", [one.key for one in self.subscription])
        unique("series key", [one.key for one in self.series])
        watches = {one.key for one in self.watch}
        unique("slack name", [one.name for one in self.slack])
        unique("webhook name", [one.name for one in self.webhook])
        named = {
            ChannelKind.SLACK: {one.name for one in self.slack},
            ChannelKind.WEBHOOK: {one.name for one in self.webhook},
        }
        for one in self.subscription:
            for key in one.watches:
                if key not in watches:
                    raise ValueError(f"subscription {one.key!r}: no [[watch]] has the key {key!r}")
            if one.channel in named and not set(one.recipients) <= named[one.channel]:
                raise ValueError(
                    f"subscription {one.key!r}: recipients must be names of [[{one.channel.value}]] webhooks"
                )
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over what was read from the file."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings


class Configuration:
    """The settings, with the files they came from resolved: what the composition root is given."""

    def __init__(self, settings: Settings, sources: SourcesFile, path: Path | None) -> None:
        self.settings = settings
        self.sources = sources
        self.path = path  # None: no file, defaults only

    @property
    def data_directory(self) -> Path:
        """Where database, captures and lock live."""
        return self.settings.data_directory or user_data_path(APPLICATION)

    @property
    def database_url(self) -> str:
        """The database, as SQLAlchemy writes it."""
        url = self.settings.database.url
        if not url:
            return f"sqlite:///{self.data_directory / 'monitor.db'}"
        return url.replace("postgresql://", "postgresql+psycopg://", 1)
