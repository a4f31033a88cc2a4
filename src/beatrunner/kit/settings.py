"""Every setting, from the environment (`BEATRUNNER_…`), then `beatrunner.toml`, then defaults.

`docs/settings.md` documents each field; a test fails when one is missing there.
"""

from __future__ import annotations

import os
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    BeforeValidator,
    Field,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    SecretStr,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

DEFAULT_DATA_DIR = Path("~/.beatrunner")


class LogFormat(StrEnum):
    CONSOLE = "console"
    JSON = "json"


class DemoDoor(StrEnum):
    """Who may start the demo runner: only this computer, everybody, or nobody."""

    LOOPBACK = "loopback"
    ALWAYS = "always"
    NEVER = "never"


class Registration(StrEnum):
    """Who may make an account: whoever comes by, whoever was invited, or nobody."""

    OPEN = "open"
    INVITED = "invited"
    CLOSED = "closed"


class MailSecurity(StrEnum):
    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


def _split_at_commas(value: object) -> object:
    """`a, b` of the environment as a list; lists of the file as they are."""
    if not isinstance(value, str):
        return value
    return tuple(word for word in map(str.strip, value.split(",")) if word)


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="BEATRUNNER_", extra="forbid", frozen=True)

    data_dir: Path = DEFAULT_DATA_DIR
    # What is secret among them is not shown with the rest.
    database_url: str | None = Field(default=None, repr=False)
    secret_key: str | None = Field(default=None, min_length=32, repr=False)
    older_secret_keys: Annotated[
        tuple[Annotated[str, Field(min_length=32)], ...],
        NoDecode,
        BeforeValidator(_split_at_commas),
    ] = Field(default=(), repr=False)
    first_secret_key: str | None = Field(default=None, min_length=32, repr=False)

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    allowed_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_at_commas)] = ()
    secure_cookies: bool = False
    trusted_proxies: Annotated[
        tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_split_at_commas)
    ] = ()

    lan: bool = False
    lan_port: int = Field(default=8443, ge=1, le=65535)
    lan_addresses: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_at_commas)] = ()

    registration: Registration = Registration.OPEN
    demo: DemoDoor = DemoDoor.LOOPBACK
    access_token_s: PositiveInt = 900
    refresh_token_s: PositiveInt = 30 * 86_400
    stolen_passwords: str | None = None
    password_hashes_at_once: PositiveInt = 2
    sign_in_attempts_per_hour: PositiveInt = 30

    requests_per_hour: PositiveInt = 1000
    imports_per_hour: PositiveInt = 100
    redis_url: str | None = None
    erasure_grace_days: NonNegativeInt = 14

    mail_host: str | None = None
    mail_port: int = Field(default=587, ge=1, le=65535)
    mail_security: MailSecurity = MailSecurity.STARTTLS
    mail_user: str | None = None
    mail_password: SecretStr | None = None
    mail_from: str | None = None
    mails_per_hour: PositiveInt = 6

    max_upload_bytes: PositiveInt = 8 * 1024**3
    max_files_per_upload: PositiveInt = 20_000
    parser_processes: PositiveInt = 2
    parser_memory_bytes: PositiveInt = 1024**3
    parser_cpu_s: PositiveInt = 30
    parser_wall_s: PositiveFloat = 60.0
    watched_folder: Path | None = None
    watched_folder_account: str | None = None

    bridge_port: int = Field(default=8010, ge=1, le=65535)
    bridge_token: str | None = Field(default=None, repr=False)

    reccobeats_address: str = "https://api.reccobeats.com/v1"
    deezer_address: str = "https://api.deezer.com"

    server_processes: PositiveInt = 1
    jobs_at_once: PositiveInt = 3

    log_format: LogFormat = LogFormat.CONSOLE
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")

    @model_validator(mode="after")
    def _mail_has_a_sender(self) -> Self:
        if self.mail_host is not None and self.mail_from is None:
            raise ValueError("mail_host needs mail_from, the address that mails come from")
        return self

    @property
    def folder(self) -> Path:
        """The data folder with `~` resolved."""
        return self.data_dir.expanduser()

    @property
    def watched(self) -> Path | None:
        """The watched folder with `~` resolved."""
        return self.watched_folder and self.watched_folder.expanduser().absolute()

    def at_home(self) -> Settings:
        """For the application that answers in the home network.

        It listens not on loopback alone, which closes every door that stands open to who sits at
        this computer; nobody makes an account from the sofa.
        """
        return self.model_copy(
            update={
                "host": "0.0.0.0",  # noqa: S104
                "port": self.lan_port,
                "secure_cookies": True,
                "registration": Registration.CLOSED,
            }
        )

    @property
    def own_address(self) -> str:
        """Where a process on this computer reaches the server."""
        everywhere = self.host in ("0.0.0.0", "::", "localhost")  # noqa: S104
        host = "127.0.0.1" if everywhere else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def public_address(self) -> str:
        """Where people reach it, for links that are sent to them."""
        if not self.allowed_hosts:
            return self.own_address
        return f"{'https' if self.secure_cookies else 'http'}://{self.allowed_hosts[0]}"

    @property
    def database(self) -> str:
        """The database's address; SQLite in the data folder unless one is set."""
        return self.database_url or f"sqlite:///{self.folder / 'beatrunner.db'}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        data_dir = Path(os.environ.get("BEATRUNNER_DATA_DIR", str(DEFAULT_DATA_DIR)))
        toml = TomlConfigSettingsSource(
            settings_cls, toml_file=data_dir.expanduser() / "beatrunner.toml"
        )
        return init_settings, env_settings, toml
