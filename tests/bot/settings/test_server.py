"""The server's settings: where they come from, which wins, and that all that is missing or wrong is named at once."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.settings import server
from bot.settings.server import APP, Server

GOOD = {"PILOTGATE_APP_ID": "17", "PILOTGATE_PRIVATE_KEY": "a\\nb", "PILOTGATE_WEBHOOK_SECRET": "old, new"}


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Server.model_fields:
        for end in ("", "_FILE"):
            monkeypatch.delenv(f"PILOTGATE_{name.upper()}{end}", raising=False)


@pytest.fixture
def good(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_the_environment_is_read(good: pytest.MonkeyPatch) -> None:
    settings = server.read(APP)
    assert settings.app_id == 17
    assert settings.private_key.get_secret_value() == "a\nb"
    assert [secret.get_secret_value() for secret in settings.webhook_secret] == ["old", "new"]
    assert (settings.host, settings.port, settings.github_api_url) == ("127.0.0.1", 8080, "https://api.github.com")


def test_all_that_is_missing_is_named_at_once_with_where_to_find_it() -> None:
    with pytest.raises(UserError) as raised:
        server.read(APP)
    said = str(raised.value)
    assert "\n" not in said
    assert "PILOTGATE_APP_ID is missing: the App ID on the app's page in GitHub, under About" in said
    assert "PILOTGATE_PRIVATE_KEY is missing: the .pem file" in said
    assert "PILOTGATE_WEBHOOK_SECRET is missing: the secret on the app's page, under Webhook" in said


def test_all_that_is_wrong_is_named_beside_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILOTGATE_PORT", "http")
    monkeypatch.setenv("PILOTGATE_PUBLIC_URL", "pilotgate.example")
    monkeypatch.setenv("PILOTGATE_APP_ID", "17")
    with pytest.raises(UserError) as raised:
        server.read(APP)
    said = str(raised.value)
    assert "PILOTGATE_PORT: " in said
    assert "PILOTGATE_PUBLIC_URL: write an address that begins with https://, not 'pilotgate.example'" in said
    assert "PILOTGATE_WEBHOOK_SECRET is missing" in said
    assert "APP_ID" not in said


def test_a_secret_is_never_shown(good: pytest.MonkeyPatch) -> None:
    settings = server.read(APP)
    assert "old" not in repr(settings)
    good.setenv("PILOTGATE_APP_ID", "no number")
    with pytest.raises(UserError) as raised:
        server.read(APP)
    assert "old" not in str(raised.value)


def test_files_are_read_and_the_environment_wins_over_them_and_they_over_dotenv(
    good: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("from a file\n", encoding="utf-8")
    (tmp_path / ".env").write_text("PILOTGATE_WEBHOOK_SECRET=dotenv\nPILOTGATE_PORT=9\n", encoding="utf-8")
    good.setenv("PILOTGATE_WEBHOOK_SECRET_FILE", str(tmp_path / "secret"))
    assert [one.get_secret_value() for one in server.read(APP).webhook_secret] == ["old", "new"]
    good.delenv("PILOTGATE_WEBHOOK_SECRET")
    settings = server.read(APP)
    assert [one.get_secret_value() for one in settings.webhook_secret] == ["from a file"]
    assert settings.port == 9


def test_dotenv_may_name_files_too(good: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from a file\n", encoding="utf-8")
    (tmp_path / ".env").write_text(f"PILOTGATE_CLIENT_SECRET_FILE={tmp_path / 'secret'}\n", encoding="utf-8")
    assert server.read(APP).client_secret.get_secret_value() == "from a file"


def test_a_file_that_can_not_be_read_is_named(good: pytest.MonkeyPatch, tmp_path: Path) -> None:
    good.setenv("PILOTGATE_CLIENT_SECRET_FILE", str(tmp_path / "nothing"))
    with pytest.raises(UserError, match=r"PILOTGATE_CLIENT_SECRET_FILE: .*nothing can't be read: no such file"):
        server.read()
    (tmp_path / "nothing").write_bytes(b"\xff")
    with pytest.raises(UserError, match="it is not text"):
        server.read()


@pytest.mark.parametrize(
    ("url", "database"),
    [
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql://u:p@h:5/d?sslmode=require", "postgresql+psycopg://u:p@h:5/d?sslmode=require"),
        ("sqlite:////srv/x.db", "sqlite:////srv/x.db"),
    ],
)
def test_the_databases_address_is_that_of_its_driver(good: pytest.MonkeyPatch, url: str, database: str) -> None:
    good.setenv("PILOTGATE_DATABASE_URL", url)
    assert server.read(APP).database == database


def test_without_an_address_it_is_a_file_in_the_data_folder(good: pytest.MonkeyPatch, tmp_path: Path) -> None:
    good.setenv("PILOTGATE_DATA_DIR", str(tmp_path / "kept"))
    assert server.read(APP).database == f"sqlite:///{tmp_path / 'kept' / 'pilotgate.db'}"


@given(value=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30))
def test_no_value_is_more_than_a_user_s_error(value: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("APP_ID", "PORT", "WORKERS", "LOG_LEVEL", "GITHUB_API_URL", "WEBHOOK_SECRET", "DATA_DIR"):
            patch.setenv(f"PILOTGATE_{name}", value)
        with pytest.raises(UserError) as raised:
            server.read(APP)
    assert "\n" not in str(raised.value)
