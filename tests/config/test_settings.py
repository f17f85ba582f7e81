from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from monitor import resources, settings
from monitor.errors import ConfigurationError
from monitor.settings.complaints import model_in


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("MONITOR_"):
            monkeypatch.delenv(name)


def written(folder: Path, text: str) -> Path:
    path = folder / "monitor.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        settings.load(written(folder, text))
    line = str(caught.value)
    assert "\n" not in line
    return line


def test_without_a_file_the_defaults_and_the_shipped_sources_serve() -> None:
    chosen = settings.load(None)
    assert chosen.settings.fetch.workers == 16
    assert len(chosen.sources.source) == 56
    assert chosen.database_url.startswith("sqlite:///")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[fetch]\ntotl_s = 3\n", ["fetch.totl_s", "unknown key", "total_s"]),
        ("fetsch = 3\n", ["fetsch", "unknown key", "fetch"]),
        ("[fetch]\nworkers = 0\n", ["fetch.workers", "greater than or equal to 1"]),
        ("[fetch]\nworkers = 'many'\n", ["fetch.workers", "integer"]),
        ("[smtp]\nsecurity = 'ssl'\n", ["smtp.security", "'starttls', 'tls' or 'none'"]),
        ("[smtp]\nhost = 'mail.example'\n", ["smtp", "sender is needed"]),
        ("[database]\nurl = 'mysql://x'\n", ["database.url", "sqlite:///PATH"]),
        ("[fetch]\nallowed_addresses = ['10.0.0.1']\n", ["fetch", "address:port"]),
        ("[metrics]\nlisten = 'nine'\n", ["metrics", "address:port"]),
        ("[metrics]\nlisten = '0.0.0.0:9464'\n", ["metrics", "allow_remote"]),
        ("[heartbeat]\nurl = 'ftp://x.example/'\n", ["heartbeat", "http://"]),
        (
            "[[subscription]]\nkey='a'\nchannel='console'\nschedule='0 25 * * *'\n",
            ["subscription[1].schedule", "hour"],
        ),
        (
            "[[subscription]]\nkey='a'\nchannel='console'\ntime_zone='Paris'\n",
            ["subscription[1].time_zone", "Europe/Paris"],
        ),
        ("[[subscription]]\nkey='a'\nchannel='pigeon'\n", ["subscription[1].channel", "'email'"]),
        ("[[subscription]]\nkey='a'\nchannel='email'\n", ["subscription[1]", "at least one"]),
        ("[[subscription]]\nkey='a'\nchannel='email'\nrecipients=['nobody']\n", ["'nobody' is not an email address"]),
        ("[[subscription]]\nkey='a'\nchannel='console'\nwatches=['x']\n", ["no [[watch]] has the key 'x'"]),
        ("[[subscription]]\nkey='a'\nchannel='slack'\nrecipients=['x']\n", ["names of [[slack]] webhooks"]),
        ("[[subscription]]\nkey='a'\nchannel='webhook'\nrecipients=['x']\n", ["names of [[webhook]] webhooks"]),
        ("[[webhook]]\nname='a'\n[[webhook]]\nname='a'\n", ["webhook name 'a' is there twice"]),
        ("[[watch]]\nkey='a'\n[[watch]]\nkey='a'\n", ["watch key 'a' is there twice"]),
        ("[[watch]]\nkey='a'\nkinds=['party']\n", ["watch[1].kinds[1]", "'talks'"]),
        ("[mailbox]\nhost = 'imap.example'\n", ["mailbox", "username is needed"]),
        (
            "[mailbox]\nhost = 'imap.example'\nusername = 'a'\nsecurity = 'none'\n",
            ["mailbox", "in clear", "on this machine"],
        ),
        ("[mailbox]\nallowed_senders = ['city.example']\n", ["mailbox", "'city.example' is not an email address"]),
        ('[mailbox]\nfolder = "a\\nb"\n', ["mailbox", "control characters"]),
        ("[web]\ntrusted_proxies = ['everybody']\n", ["web.trusted_proxies[1]", "10.0.0.0/24"]),
        ("[web]\nproxy_user_header = 'X-Remote-User'\n", ["web", "trusted_proxies"]),
        ("[web]\nproxy_role = 'king'\n", ["web.proxy_role", "'reviewer'"]),
        ("[web.oidc]\nissuer = 'http://id.example'\n", ["web.oidc", "https://"]),
        ("[web.oidc]\nissuer = 'https://id.example'\n", ["web.oidc", "client_id is needed"]),
        ("[web.oidc]\nissuer = 'https://id.example'\nclient_id = 'm'\n", ["web.oidc", "nobody could come in"]),
        (
            "[web.oidc]\nissuer = 'https://id.example'\nclient_id = 'm'\ndefault_role = 'reader'\n",
            ["web", "base_url is needed"],
        ),
        ("[web.oidc]\nroles = {a = 'king'}\n", ["web.oidc.roles.a", "'reviewer'"]),
        ("[fetch\n", ["is not TOML"]),
    ],
)
def test_a_mistake_gets_one_line_with_file_key_and_what_is_allowed(tmp_path: Path, text: str, said: list[str]) -> None:
    line = refusal(tmp_path, text)
    assert line.startswith(str(tmp_path / "monitor.toml"))
    for part in said:
        assert part in line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[source]]\nkey='a'\nname='A'\nfeeds=[{url='ftp://x'}]\n", ["source[1].feeds[1].url", "http://"]),
        ("[[source]]\nkey='a'\nname='A'\nfeeds=[]\n", ["source[1].feeds", "at least 1"]),
        ("[[source]]\nkey='A!'\nname='A'\nfeeds=[{url='http://x'}]\n", ["source[1].key"]),
        (
            "[[source]]\nkey='a'\nname='A'\nfeeds=[{url='http://x', kind='mailbox'}]\n",
            ["source[1].feeds[1]", "[mailbox]"],
        ),
        (
            "[[source]]\nkey='a'\nname='A'\nfeeds=[{url='http://x'}]\n[[source]]\nkey='a'\nname='B'\nfeeds=[{url='http://y'}]\n",
            ["source key 'a' is there twice"],
        ),
    ],
)
def test_a_mistake_in_the_sources_names_their_file(tmp_path: Path, text: str, said: list[str]) -> None:
    (tmp_path / "sources.toml").write_text(text, encoding="utf-8")
    line = refusal(tmp_path, "sources_file = 'sources.toml'\n")
    assert line.startswith(str(tmp_path / "sources.toml"))
    for part in said:
        assert part in line


def test_missing_and_unreadable_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no such file"):
        settings.load(tmp_path / "absent.toml")
    (tmp_path / "latin.toml").write_bytes(b"# caf\xe9\n")
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        settings.load(tmp_path / "latin.toml")


def test_environment_wins_over_the_file_and_leaves_its_neighbours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_FETCH__TOTAL_S", "12")
    chosen = settings.load(written(tmp_path, "[fetch]\ntotal_s = 40\nconnect_s = 7\n"))
    assert (chosen.settings.fetch.total_s, chosen.settings.fetch.connect_s) == (12, 7)


def test_a_misspelt_variable_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_FETCH__TOTL_S", "12")
    with pytest.raises(ConfigurationError, match=r"MONITOR_FETCH__TOTL_S.*MONITOR_FETCH__TOTAL_S"):
        settings.load(None)


def test_secrets_come_from_files_and_never_show(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("hunter2\n", encoding="utf-8")
    path = written(
        tmp_path, "[smtp]\nhost='mail.example'\nsender='a@city.example'\npassword='plain'\npassword_file='password'\n"
    )
    smtp = settings.load(path).settings.smtp
    assert "plain" not in repr(smtp)
    assert settings.secret(smtp.password, smtp.password_file, tmp_path, "smtp.password") == "plain"
    from_file = smtp.model_copy(update={"password": type(smtp.password)("")})
    assert settings.secret(from_file.password, from_file.password_file, tmp_path, "smtp.password") == "hunter2"
    with pytest.raises(ConfigurationError, match=r"smtp\.password"):
        settings.secret(from_file.password, Path("absent"), tmp_path, "smtp.password")


def test_postgresql_is_spoken_to_by_psycopg(tmp_path: Path) -> None:
    chosen = settings.load(written(tmp_path, "[database]\nurl='postgresql://u@h/d'\n"))
    assert chosen.database_url == "postgresql+psycopg://u@h/d"


def test_the_file_is_found_by_variable_then_in_the_users_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert settings.default_path() is None
    own = tmp_path / "sister-city-monitor" / "monitor.toml"
    own.parent.mkdir()
    own.write_text("", encoding="utf-8")
    assert settings.default_path() == own
    monkeypatch.setenv("MONITOR_CONFIG", str(tmp_path / "other.toml"))
    assert settings.default_path() == tmp_path / "other.toml"


# ---------------------------------------------------------------- the shipped files

EXAMPLE = resources.config() / "monitor.toml"


def test_the_example_configuration_is_valid() -> None:
    chosen = settings.load(EXAMPLE)
    assert [one.key for one in chosen.settings.subscription] == ["console"]


def test_the_example_says_the_defaults() -> None:
    """What the example sets outside of its own watch and subscription is what one gets without a file."""
    chosen, plain = settings.load(EXAMPLE).settings, settings.Settings()
    for name in settings.Settings.model_fields:
        if name not in ("watch", "subscription"):
            assert getattr(chosen, name) == getattr(plain, name), name


def test_the_example_shows_every_setting() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    for name in all_keys(settings.Settings):
        assert f"{name} =" in text or f"[{name}]" in text, name


def all_keys(model: type[BaseModel]) -> set[str]:
    keys: set[str] = set()
    for name, field in model.model_fields.items():
        inner = model_in(field.annotation)
        keys |= all_keys(inner) if inner is not None else {name}
    return keys - {"url"}  # of a webhook: shown as url_file


def test_the_default_sources_are_all_there_with_language_and_country() -> None:
    stock = settings.load_sources(resources.config() / "sources.toml").source
    assert len(stock) == 56
    assert all(one.language and one.country for one in stock)
    assert (
        tomllib.loads((resources.config() / "sources.toml").read_text(encoding="utf-8"))["source"][0]["key"]
        == "ville-de-nancy"
    )
