"""The settings: TOML read once, environment over it, secrets from environment or files; frozen afterwards.

Order of precedence: environment (`MONITOR_SMTP__HOST=...`), the TOML file, the defaults here. A secret `x` may be given
as `x` (environment preferred) or as `x_file`, the path of a file that holds it and nothing else.
"""

from __future__ import annotations

from monitor.settings.channels import MailboxSettings, SlackWebhook, SmtpSettings, Webhook
from monitor.settings.complaints import explain
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
from monitor.settings.reading import default_path, load, load_outlets, load_sources, read_toml, secret
from monitor.settings.relations import (
    AgreementSettings,
    FirstDay,
    Grade,
    LastDay,
    PartnershipSettings,
    SeriesSettings,
    SubscriptionSettings,
    WatchSettings,
)
from monitor.settings.root import ENVIRONMENT_PREFIX, Configuration, Settings
from monitor.settings.sources import (
    FeedSettings,
    OutletSettings,
    OutletsFile,
    PlaceOutlets,
    SourceSettings,
    SourcesFile,
)
from monitor.settings.values import APPLICATION, Country, Cron, Key, Language, WebAddress, Zone
from monitor.settings.web import OidcSettings, RoleName, WebSettings

__all__ = [
    "APPLICATION",
    "ENVIRONMENT_PREFIX",
    "AgreementSettings",
    "Configuration",
    "Country",
    "Cron",
    "DatabaseSettings",
    "EmbeddingsSettings",
    "FeedSettings",
    "FetchSettings",
    "FirstDay",
    "Grade",
    "HeartbeatSettings",
    "Key",
    "Language",
    "LastDay",
    "LogSettings",
    "MailboxSettings",
    "MetricsSettings",
    "OidcSettings",
    "OutletSettings",
    "OutletsFile",
    "PartnershipSettings",
    "PlaceOutlets",
    "PollSettings",
    "RoleName",
    "SandboxSettings",
    "SeriesSettings",
    "Settings",
    "SlackWebhook",
    "SmtpSettings",
    "SourceSettings",
    "SourcesFile",
    "SubscriptionSettings",
    "WatchSettings",
    "WebAddress",
    "WebSettings",
    "Webhook",
    "Zone",
    "default_path",
    "explain",
    "load",
    "load_outlets",
    "load_sources",
    "read_toml",
    "secret",
]
