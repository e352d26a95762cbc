"""Every setting, read once from the environment (prefix IZI_) into one frozen object."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRET_FILE = "secret.key"  # noqa: S105 - a file name
SECRET_BYTES = 32
DATABASE = "^(sqlite:///|postgres(ql)?(\\+psycopg)?://)"


class Settings(BaseSettings):
    """The settings of one installation. Rates are messages a second or events a minute, as named."""

    model_config = SettingsConfigDict(
        env_prefix="IZI_", env_ignore_empty=True, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    data_dir: Path = Path("./var")
    database_url: str | None = Field(default=None, pattern=DATABASE)
    keys_url: str | None = Field(default=None, pattern=DATABASE)
    redis_url: str | None = Field(default=None, pattern="^(rediss?|unix)://")
    secret_key: SecretStr | None = None
    country: str = Field(default="serbia", pattern="^[a-z-]{2,30}$")
    organisation: str = ""
    bot_name: str = ""
    public_url: str | None = None
    telegram_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_webhook_secret: SecretStr | None = None
    telegram_rate: float = Field(
        default=27, ge=1, allow_inf_nan=False, description="messages a second, all chats of the bot together"
    )
    person_soft: int = Field(default=20, gt=0, description="events a minute of one person before one notice")
    person_hard: int = Field(default=60, gt=0, description="events a minute of one person that are answered")
    conversation_rate: float = Field(default=1, gt=0, allow_inf_nan=False, description="messages a second to one chat")
    conversation_burst: int = Field(default=5, gt=0, description="messages to one chat at once")

    @model_validator(mode="after")
    def _only_what_works(self) -> Settings:
        if self.telegram_mode == "webhook":
            raise ValueError("IZI_TELEGRAM_MODE=webhook is not available yet; use polling")
        if self.secret_key is not None and len(self.secret_key.get_secret_value()) < SECRET_BYTES:
            raise ValueError(f"IZI_SECRET_KEY must have at least {SECRET_BYTES} characters")
        if not self._is_loopback and not (self.public_url or "").startswith("https://"):
            raise ValueError("off loopback, IZI_PUBLIC_URL must be the https address that people use")
        return self

    @property
    def _is_loopback(self) -> bool:
        return self.host in {"127.0.0.1", "localhost", "::1"}

    @property
    def base_url(self) -> str:
        """The address that people open, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies carry Secure and the __Host- prefix: everywhere but on plain loopback."""
        return self.base_url.startswith("https://")

    @property
    def database(self) -> str:
        """SQLAlchemy address of the database; by default SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'izi.db'}"

    @property
    def key_store(self) -> str:
        """SQLAlchemy address of the key store, which is backed up apart."""
        return self.keys_url or f"sqlite:///{self.data_dir / 'keys.db'}"

    def prepare(self) -> bytes:
        """Make the data folder (mode 0700) and return the master secret, made and kept there when absent."""
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.secret_key is not None:
            return self.secret_key.get_secret_value().encode()
        path = self.data_dir / SECRET_FILE
        if not path.exists():
            self._make_secret(path)
        return path.read_bytes().strip()

    @staticmethod
    def _make_secret(path: Path) -> None:
        """Write a new secret so that a crash or a second process never leaves half a file."""
        made, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{SECRET_FILE}.")  # readable by us alone
        with os.fdopen(made, "wb") as file:
            file.write(secrets.token_hex(SECRET_BYTES).encode())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first; its secret counts
        finally:
            os.unlink(draft)
