"""What the server is told by its environment, by `.env` or by files, read once and checked as a whole."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from bot.errors import UserError

PREFIX = "PILOTGATE_"


def _separated(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _key(value: object) -> object:
    # Keys pasted into one line of an environment file keep their line breaks as `\n`.
    return value.replace("\\n", "\n") if isinstance(value, str) else value


def _address(value: object) -> object:
    if isinstance(value, str) and value and not value.startswith(("http://", "https://")):
        raise ValueError(f"write an address that begins with https://, not {value[:40]!r}")
    return value.rstrip("/") if isinstance(value, str) else value


Secrets = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_separated)]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_separated)]
Address = Annotated[str, BeforeValidator(_address)]


class Server(BaseSettings):
    """The settings of `serve`, `worker` and what looks after them. A description says where to find the value."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    app_id: int = Field(0, ge=0, description="the App ID on the app's page in GitHub, under About")
    private_key: Annotated[SecretStr, BeforeValidator(_key)] = Field(
        SecretStr(""), description="the .pem file from the app's page, under Private keys"
    )
    webhook_secret: Secrets = Field((), description="the secret on the app's page, under Webhook")
    client_id: str = Field("", description="the Client ID on the app's page, under About")
    client_secret: SecretStr = Field(SecretStr(""), description="from the app's page, under Client secrets")
    github_url: Address = Field("https://github.com", description="where people see GitHub")
    github_api_url: Address = Field("https://api.github.com", description="where programs reach GitHub")
    database_url: str = Field("", description="postgresql://…; without it, SQLite in PILOTGATE_DATA_DIR")
    data_dir: Path = Field(Path("data"), description="the folder for the SQLite file and locks")
    public_url: Address = Field("", description="where people and GitHub reach this server")
    host: str = Field("127.0.0.1", description="the address to listen on")
    port: int = Field(8080, ge=0, le=65535, description="the port to listen on")
    workers: int = Field(4, ge=1, le=64, description="how many jobs run at a time")
    secret_key: SecretStr = Field(SecretStr(""), description="any long random text; signs sessions")
    prometheus_url: Address = Field("", description="the Prometheus server that rules may ask")
    prometheus_accounts: Names = Field((), description="accounts whose queries may run there")
    allowed_accounts: Names = Field((), description="accounts that may use this server; empty: all that install it")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="how much to log")
    log_format: Literal["console", "json"] | None = Field(None, description="console, or json; by the terminal")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - a folder of secrets is not read
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over files that it names, and these over `.env`."""
        return init_settings, env_settings, _Files(settings_cls), dotenv_settings

    @property
    def database(self) -> str:
        """The address of the database, in SQLAlchemy's form."""
        if not self.database_url:
            return f"sqlite:///{(self.data_dir / 'pilotgate.db').absolute()}"
        scheme, colon, rest = self.database_url.partition(":")
        return f"postgresql+psycopg:{rest}" if scheme in ("postgres", "postgresql") else scheme + colon + rest


class _Files(PydanticBaseSettingsSource):
    """`PILOTGATE_PRIVATE_KEY_FILE=/run/secrets/key` is the same as its content in `PILOTGATE_PRIVATE_KEY`."""

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        super().__init__(settings_cls)
        self._dotenv = dotenv_values(".env")

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002 - the base's
        name = f"{PREFIX}{field_name.upper()}_FILE"
        file = os.environ.get(name) or self._dotenv.get(name)
        if not file:
            return None, field_name, False
        try:
            return Path(file).read_text(encoding="utf-8").strip(), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            said = getattr(error, "strerror", None) or "it is not text"
            raise UserError(f"{PREFIX}{field_name.upper()}_FILE: {file} can't be read: {said.lower()}") from error

    def __call__(self) -> dict[str, Any]:
        found = {name: self.get_field_value(field, name)[0] for name, field in Server.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


APP = ("app_id", "private_key", "webhook_secret")
"""What it takes to act as the app."""


def read(needed: tuple[str, ...] = ()) -> Server:
    """The settings, with at least the `needed` ones; UserError names all that are missing or wrong at once."""
    try:
        settings = Server()
        wrong: Mapping[str, str] = {}
    except ValidationError as error:
        settings = None
        wrong = {str(one["loc"][0]): one["msg"].removeprefix("Value error, ") for one in error.errors()}
    given = _given() if settings is None else {}
    lacking = [
        name
        for name in needed
        if name not in wrong and not (_stated(settings, name) if settings is not None else name in given)
    ]
    said = [f"{PREFIX}{name.upper()}: {message}" for name, message in wrong.items()]
    said += [f"{PREFIX}{name.upper()} is missing: {Server.model_fields[name].description}" for name in lacking]
    if said:
        raise UserError("; ".join(said))
    assert settings is not None  # or something would have been said
    return settings


def _given() -> set[str]:
    names = {name.upper().removesuffix("_FILE") for name in os.environ}
    return {field for field in Server.model_fields if f"{PREFIX}{field.upper()}" in names}


def _stated(settings: Server, name: str) -> bool:
    value = getattr(settings, name)
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)
