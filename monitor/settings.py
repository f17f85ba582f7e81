"""The settings: TOML read once, environment over it, secrets from environment or files; frozen afterwards.

Order of precedence: environment (`MONITOR_SMTP__HOST=...`), the TOML file, the defaults here. A secret `x` may be given
as `x` (environment preferred) or as `x_file`, the path of a file that holds it and nothing else.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from platformdirs import user_config_path, user_data_path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from monitor import resources
from monitor.domain import schedule_cron
from monitor.domain.model.digests import ChannelKind
from monitor.domain.model.events import EventKind
from monitor.domain.model.sources import DEFAULT_QUOTE_CHARS, FeedKind, Rights
from monitor.errors import ConfigurationError

APPLICATION = "sister-city-monitor"
ENVIRONMENT_PREFIX = "MONITOR_"
_OTHER_VARIABLES = frozenset({"MONITOR_BY", "MONITOR_CONFIG", "MONITOR_TEST_POSTGRESQL"})


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an http:// or https:// address with a host")
    return value


def _database_address(value: str) -> str:
    if value and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError(
            "must be sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME, or empty for the data directory"
        )
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{value!r} is not a time zone of the IANA database, such as Europe/Paris") from None
    return value


def _cron(value: str) -> str:
    schedule_cron.parse(value)
    return value


def _address(value: str) -> str:
    name, _, host = value.rpartition("@")
    if not name or not host or any(char.isspace() for char in value):
        raise ValueError(f"{value!r} is not an email address")
    return value


WebAddress = Annotated[str, AfterValidator(_web_address)]
Cron = Annotated[str, AfterValidator(_cron)]
Zone = Annotated[str, AfterValidator(_zone)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DatabaseSettings(_Table):
    """Where the archive lives."""

    url: Annotated[str, AfterValidator(_database_address)] = ""  # empty: SQLite in the data directory


class FetchSettings(_Table):
    """How the web is read: limits and manners (design section 8)."""

    contact: str = ""  # address or page told in the User-Agent, so that site owners can reach us
    workers: int = Field(16, ge=1, le=64)
    connect_s: float = Field(5.0, gt=0, le=60)
    idle_s: float = Field(10.0, gt=0, le=120)
    total_s: float = Field(30.0, gt=0, le=300)
    max_body_bytes: int = Field(10 * 1024 * 1024, ge=1024, le=100 * 1024 * 1024)
    max_redirects: int = Field(5, ge=0, le=10)
    host_gap_s: float = Field(1.0, ge=0, le=60)
    obey_robots: bool = True
    obey_tdm: bool = True  # reservations of text and data mining (W3C TDMRep)
    allowed_addresses: tuple[str, ...] = ()  # exact "address:port" in private networks that may be read

    @model_validator(mode="after")
    def _check_addresses(self) -> Self:
        for text in self.allowed_addresses:
            host, _, port = text.rpartition(":")
            if not host or not port.isdigit():
                raise ValueError(f"allowed_addresses: {text!r} is not address:port")
        return self


class SandboxSettings(_Table):
    """The child processes that read hostile input."""

    children: int = Field(2, ge=1, le=16)
    memory_mb: int = Field(1024, ge=256, le=8192)
    cpu_s: int = Field(20, ge=1, le=300)
    wall_s: float = Field(25.0, gt=0, le=300)
    recycle_after: int = Field(200, ge=1)


class PollSettings(_Table):
    """How often feeds are asked."""

    interval_min: int = Field(60, ge=5, le=7 * 24 * 60)
    keep_history_days: int = Field(90, ge=7)


class SmtpSettings(_Table):
    """The mail server."""

    host: str = ""  # empty: no email
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password: SecretStr = SecretStr("")
    password_file: Path | None = None
    sender: str = ""
    timeout_s: float = Field(30.0, gt=0, le=600)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.host and not self.sender:
            raise ValueError("sender is needed when host is set")
        if self.sender:
            _address(self.sender)
        return self


class SlackWebhook(_Table):
    """An incoming webhook; its address is a secret."""

    name: Key
    url: SecretStr = SecretStr("")
    url_file: Path | None = None


class Webhook(_Table):
    """An address that takes a digest as JSON; it may hold a secret, and is guarded like every other address."""

    name: Key
    url: SecretStr = SecretStr("")
    url_file: Path | None = None
    secret: SecretStr = SecretStr("")  # signs what is sent (HMAC-SHA256); "": unsigned
    secret_file: Path | None = None


class MetricsSettings(_Table):
    """Numbers for Prometheus."""

    listen: str = ""  # address:port; empty: none are served
    allow_remote: bool = False  # there is no password: other machines may ask only where this is said

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.listen:
            return self
        host, _, port = self.listen.rpartition(":")
        if not host or not port.isdigit() or int(port) > 65535:
            raise ValueError(f"listen: {self.listen!r} is not address:port")
        if not self.allow_remote and host.strip("[]") not in ("127.0.0.1", "::1", "localhost"):
            raise ValueError(f"listen: {host} can be reached from other machines; allow_remote = true says that it may")
        return self


RoleName = Literal["reader", "reviewer", "admin"]


class OidcSettings(_Table):
    """An identity provider that people sign in at (OpenID Connect)."""

    issuer: str = ""  # as its discovery document writes it; empty: none
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    client_secret_file: Path | None = None
    scopes: str = "openid profile email"
    groups_claim: str = "groups"  # of the ID token
    roles: Mapping[str, RoleName] = Field(default_factory=dict)  # by group
    default_role: RoleName | None = None  # of those in none of these groups; None: they may not come in
    button: str = "Single sign-on"

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.issuer:
            return self
        if urlsplit(self.issuer).scheme != "https" and not _is_loopback(urlsplit(self.issuer).hostname or ""):
            raise ValueError("issuer: must be an https:// address")
        if not self.client_id:
            raise ValueError("client_id is needed when issuer is set")
        if not self.roles and self.default_role is None:
            raise ValueError("roles or default_role is needed when issuer is set: nobody could come in")
        if "openid" not in self.scopes.split():
            raise ValueError("scopes: 'openid' must be among them")
        return self


def _network(value: str) -> str:
    try:
        ip_network(value)
    except ValueError:
        raise ValueError(f"{value!r} is neither an address nor a network such as 10.0.0.0/24") from None
    return value


class WebSettings(_Table):
    """The archive's pages."""

    listen: str = "127.0.0.1:8470"  # address:port; empty: no pages
    base_url: str = ""  # how people reach it: links in mails and feeds start so
    language: Language = "en"  # where neither visitor nor browser says
    time_zone: Zone = "UTC"
    session_hours: int = Field(168, ge=1, le=365 * 24)  # after which one signs in again
    trusted_proxies: tuple[Annotated[str, AfterValidator(_network)], ...] = ()  # whose X-Forwarded-For is believed
    proxy_user_header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{0,100}$")] = ""  # in which they name who signed in
    proxy_role: RoleName = "reader"  # of whom they name, where no account of that name says otherwise
    oidc: OidcSettings = OidcSettings()

    @model_validator(mode="after")
    def _check_access(self) -> Self:
        if self.proxy_user_header and not self.trusted_proxies:
            raise ValueError("proxy_user_header: trusted_proxies must say from whom it is believed")
        if self.oidc.issuer and not self.base_url:
            raise ValueError("oidc: base_url is needed: the identity provider sends people back to it")
        return self

    @model_validator(mode="after")
    def _check(self) -> Self:
        host, _, port = self.listen.rpartition(":")
        if self.listen and (not host or not port.isdigit() or int(port) > 65535):
            raise ValueError(f"listen: {self.listen!r} is not address:port")
        if self.base_url:
            _web_address(self.base_url)
        return self


class HeartbeatSettings(_Table):
    """A dead man's switch: an address that is asked while the clockwork runs, and that alarms when nobody asks."""

    url: str = ""  # empty: none
    every_min: int = Field(15, ge=1, le=24 * 60)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.url:
            _web_address(self.url)
        return self


class MailboxSettings(_Table):
    """The IMAP mailbox that newsletters arrive in: a source of its own."""

    host: str = ""  # empty: none
    port: int = Field(993, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "tls"
    username: str = ""
    password: SecretStr = SecretStr("")
    password_file: Path | None = None
    folder: str = Field("INBOX", min_length=1, max_length=200)
    allowed_senders: tuple[str, ...] = ()  # addresses, or "@domain" with all below it; none: everybody
    max_mails: int = Field(200, ge=1, le=2000)  # of one poll; the rest waits for the next
    max_mail_bytes: int = Field(5 * 1024 * 1024, ge=16 * 1024, le=50 * 1024 * 1024)  # of a longer one the beginning
    timeout_s: float = Field(120.0, gt=0, le=300)  # of one poll, all together; under the lease of a poll
    mark_seen: bool = False  # else the mailbox is left as it was found
    interval_min: int | None = Field(None, ge=5, le=7 * 24 * 60)
    key: Key = "mailbox"  # of the source
    name: str = "Newsletters"

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.host and not self.username:
            raise ValueError("username is needed when host is set")
        if self.host and self.security == "none" and not _is_loopback(self.host):
            raise ValueError('security = "none" would send the password in clear; it is for a server on this machine')
        if re.search(r"[\x00-\x1f\x7f]", self.folder + self.username):
            raise ValueError("folder and username must not contain control characters")
        for sender in self.allowed_senders:
            _address(sender if not sender.startswith("@") else f"any{sender}")
        return self


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class EmbeddingsSettings(_Table):
    """Word vectors that support linking; needs the extra `embeddings`."""

    folder: Path | None = None  # of a model2vec model on this machine; None: none is used


class LogSettings(_Table):
    """What the service tells."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class WatchSettings(_Table):
    """A user's interest; an empty list asks for nothing special."""

    key: Key
    places: tuple[str, ...] = ()  # names or gazetteer ids
    countries: tuple[Country, ...] = ()
    kinds: tuple[EventKind, ...] = ()
    languages: tuple[Language, ...] = ()
    words: tuple[str, ...] = ()
    domestic: bool = False
    context: bool = False


Grade = Literal["sister", "friendship", "partner"]


def _first_day(value: Any) -> Any:
    """Of a relation often only the year is known: it counts from the first of January."""
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 9999:
        return date(value, 1, 1)
    return value


def _last_day(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 9999:
        return date(value, 12, 31)
    return value


FirstDay = Annotated[date, BeforeValidator(_first_day)]
LastDay = Annotated[date, BeforeValidator(_last_day)]


class AgreementSettings(_Table):
    """The document of a partnership."""

    title: str = ""
    grade: Grade | None = None
    signed_on: FirstDay | None = None
    term_years: int | None = Field(None, ge=1, le=100)
    ends_on: LastDay | None = None


class PartnershipSettings(_Table):
    """A lasting relation between places."""

    places: tuple[str, ...] = Field(min_length=2)  # names or gazetteer ids
    grade: Grade | None = None
    since: FirstDay | None = None
    until: LastDay | None = None
    agreement: tuple[AgreementSettings, ...] = ()


class SeriesSettings(_Table):
    """A recurring event."""

    key: str = Field(min_length=1, max_length=300)  # as `monitor partnership series` shows it
    names: tuple[str, ...] = ()
    cadence_months: int | None = Field(None, ge=1, le=240)
    places: tuple[str, ...] = ()  # names or gazetteer ids


class SubscriptionSettings(_Table):
    """Who receives which digest."""

    key: Key
    channel: ChannelKind
    recipients: tuple[str, ...] = ()  # email addresses, or names of webhooks; none for the console
    schedule: Cron = "0 7 * * 1"
    time_zone: Zone = "UTC"
    language: Literal["en", "fr", "zh", "vi"] = "en"
    watches: tuple[Key, ...] = ()  # none: everything
    sign_of_life: bool = True
    paused: bool = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.channel is ChannelKind.EMAIL:
            for recipient in self.recipients:
                _address(recipient)
        if self.channel is not ChannelKind.CONSOLE and not self.recipients:
            raise ValueError("recipients: at least one is needed")
        return self


class FeedSettings(_Table):
    """One pollable address."""

    url: WebAddress
    kind: FeedKind = FeedKind.AUTO
    link_selector: str | None = None
    link_pattern: str | None = None
    interval_min: int | None = Field(None, ge=5, le=7 * 24 * 60)
    max_pages: int = Field(1, ge=1, le=50)  # of a paginated archive; kind page
    next_selector: str | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.kind is FeedKind.MAILBOX:
            raise ValueError("kind: a mailbox is no address of a source; it is set up in [mailbox] of the settings")
        return self


class SourceSettings(_Table):
    """A publisher."""

    key: Key
    name: str
    home_page: WebAddress | None = None
    language: Language | None = None
    country: Country | None = None
    trust: int = Field(1, ge=0, le=2)
    rights: Rights = Rights.QUOTE
    about_relations: bool = False
    paused: bool = False
    quote_chars: int = Field(DEFAULT_QUOTE_CHARS, ge=0, le=5000)  # shown of a text under `rights = "quote"`
    tdm_licensed: bool = False  # the publisher allowed what its TDM reservation keeps from others
    place: str | None = None  # name or gazetteer id of the place it speaks for or reports on
    feeds: tuple[FeedSettings, ...] = Field(min_length=1)


class SourcesFile(_Table):
    """The declared stock of sources."""

    source: tuple[SourceSettings, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        _unique("source key", [one.key for one in self.source])
        _unique("feed url", [feed.url for one in self.source for feed in one.feeds])
        return self


class OutletSettings(_Table):
    """A site that could be followed."""

    name: str
    url: WebAddress
    language: Language
    kind: FeedKind = FeedKind.AUTO


class PlaceOutlets(_Table):
    """Who speaks for a place and who reports on it."""

    place: str  # gazetteer id
    official: tuple[OutletSettings, ...] = ()
    press: tuple[OutletSettings, ...] = ()


class OutletsFile(_Table):
    """What sources for a partnership are proposed from."""

    outlets: tuple[PlaceOutlets, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        _unique("place", [one.place for one in self.outlets])
        _unique("url", [site.url for one in self.outlets for site in (*one.official, *one.press)])
        return self


def _unique(what: str, values: list[str]) -> None:
    doubled = {value for value in values if values.count(value) > 1}
    if doubled:
        raise ValueError(f"{what} {min(doubled)!r} is there twice")


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
        _unique("watch key", [one.key for one in self.watch])
        _unique("subscription key", [one.key for one in self.subscription])
        _unique("series key", [one.key for one in self.series])
        watches = {one.key for one in self.watch}
        _unique("slack name", [one.name for one in self.slack])
        _unique("webhook name", [one.name for one in self.webhook])
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


def default_path() -> Path | None:
    """The file named by MONITOR_CONFIG, else the one in the user's configuration directory, else none."""
    named = os.environ.get("MONITOR_CONFIG")
    if named:
        return Path(named)
    own = user_config_path(APPLICATION) / "monitor.toml"
    return own if own.is_file() else None


def load(path: Path | None) -> Configuration:
    """Read and check everything; raises `ConfigurationError` with one line that names file, key and what is allowed."""
    _check_environment(os.environ)
    values = read_toml(path) if path is not None else {}
    where = path or Path("environment")
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise ConfigurationError(explain(error, where, Settings)) from error
    base = path.parent if path is not None else Path.cwd()
    sources_path = base / settings.sources_file if settings.sources_file else resources.config() / "sources.toml"
    return Configuration(settings, load_sources(sources_path), path)


def load_sources(path: Path) -> SourcesFile:
    """Read a file of [[source]] tables."""
    try:
        return SourcesFile.model_validate(read_toml(path))
    except ValidationError as error:
        raise ConfigurationError(explain(error, path, SourcesFile)) from error


def load_outlets(path: Path) -> OutletsFile:
    """Read a file of [[outlets]] tables."""
    try:
        return OutletsFile.model_validate(read_toml(path))
    except ValidationError as error:
        raise ConfigurationError(explain(error, path, OutletsFile)) from error


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"{path}: no such file") from None
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: is not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: is not TOML: {error}") from error


def secret(value: SecretStr, file: Path | None, base: Path | None, key: str) -> str:
    """A secret from its value or its file; "" where neither is given."""
    if value.get_secret_value() or file is None:
        return value.get_secret_value()
    path = (base / file) if base is not None else file
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{key}: the secret file {path} cannot be read") from error


def explain(error: ValidationError, path: Path, model: type[BaseModel]) -> str:
    """The first problem in one line: file, key, what is wrong, what is allowed."""
    problem = error.errors(include_url=False, include_context=True, include_input=False)[0]
    location = [part for part in problem["loc"] if part != "__root__"]
    key = _dotted(location) or "the file"
    if problem["type"] == "extra_forbidden":
        allowed = ", ".join(sorted(_fields_at(model, location[:-1])))
        return f"{path}: {key}: unknown key; allowed here: {allowed}"
    message = problem["msg"].removeprefix("Value error, ")
    return f"{path}: {key}: {message}"


def _dotted(location: list[int | str]) -> str:
    """`subscription[2].schedule`, counting from 1 as people do."""
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _fields_at(model: type[BaseModel], location: list[int | str]) -> list[str]:
    """The names allowed in the table at `location`."""
    current = model
    for part in location:
        if isinstance(part, int):
            continue
        field = current.model_fields.get(part)
        inner = _model_in(field.annotation) if field is not None else None
        if inner is None:
            return []
        current = inner
    return list(current.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _model_in(argument)
        if found is not None:
            return found
    return None


def _check_environment(environment: Mapping[str, str]) -> None:
    """A misspelt variable is an error, not a silence."""
    for name in environment:
        if not name.startswith(ENVIRONMENT_PREFIX) or name in _OTHER_VARIABLES:
            continue
        path: list[int | str] = list(name.removeprefix(ENVIRONMENT_PREFIX).lower().split("__"))
        allowed = _fields_at(Settings, path[:-1])
        if path[-1] not in allowed:
            known = ", ".join(
                f"{ENVIRONMENT_PREFIX}{'__'.join([*map(str, path[:-1]), one]).upper()}" for one in sorted(allowed)
            )
            raise ConfigurationError(f"environment: {name}: unknown setting; allowed here: {known or 'nothing'}")
