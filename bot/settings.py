"""Every setting, read once from the environment (prefix IZI_) into one frozen object."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from datetime import time
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from desk.languages import STAFF_LANGUAGES
from i18n.locales import SOURCE
from notices.drafts import Night

SECRET_FILE = "secret.key"  # noqa: S105 - a file name
SECRET_BYTES = 32
METRICS_TOKEN = 16  # characters
WEBHOOK_SECRET = "[A-Za-z0-9_-]{16,256}"  # noqa: S105 - the form of one; Telegram takes no other characters
WHATSAPP_SECRET = 16  # characters of the shortest token or secret that we take
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
    exit_url: str = Field(
        default="https://www.wikipedia.org/", pattern="^https://", description="where Exit quickly leads"
    )
    telegram_token: SecretStr | None = None
    telegram_name: str = Field(
        default="", pattern="^[A-Za-z0-9_]{0,32}$", description="the bot's name without @; else Telegram is asked"
    )
    telegram_api_url: str = "https://api.telegram.org"
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_webhook_secret: SecretStr | None = None
    whatsapp_token: SecretStr | None = None
    whatsapp_phone_number_id: str = Field(default="", pattern="^[0-9]{0,32}$", description="Meta's id of our number")
    whatsapp_business_id: str = Field(
        default="", pattern="^[0-9]{0,32}$", description="Meta's id of our business account, for `izi templates --sync`"
    )
    whatsapp_app_secret: SecretStr | None = None
    whatsapp_verify_token: SecretStr | None = None
    whatsapp_api_url: str = "https://graph.facebook.com"
    whatsapp_pair_seconds: float = Field(
        default=6, gt=0, allow_inf_nan=False, description="between two messages to one person; Meta asks for 6"
    )
    staff_group: int | None = Field(default=None, lt=0, description="Telegram's id of a group with topics for the team")
    staff_group_words: bool = Field(default=False, description="the group is shown what people and staff write")
    staff_language: str = Field(
        default=SOURCE, pattern=f"^({'|'.join(STAFF_LANGUAGES)})$", description="in which the staff group is kept"
    )
    telegram_rate: float = Field(
        default=27, ge=1, allow_inf_nan=False, description="messages a second, all chats of the bot together"
    )
    quiet_from: int = Field(default=21, ge=0, le=23, description="hour from which news wait for the morning")
    quiet_until: int = Field(default=8, ge=0, le=23, description="hour at which they go; the same hour: always")
    person_soft: int = Field(default=20, gt=0, description="events a minute of one person before one notice")
    person_hard: int = Field(default=60, gt=0, description="events a minute of one person that are answered")
    conversation_rate: float = Field(default=1, gt=0, allow_inf_nan=False, description="messages a second to one chat")
    conversation_burst: int = Field(default=5, gt=0, description="messages to one chat at once")
    role: Literal["all", "web", "worker"] = Field(
        default="all", description="what this process does; see docs/run-it.md"
    )
    metrics_token: SecretStr | None = Field(default=None, description="opens /metrics to who is not on this machine")
    notice_alone: int = Field(
        default=50, ge=0, description="people whom a coordinator may write to without a second person"
    )
    # Upper bounds are what people are told (content/texts/bot.yaml, consent): a longer time would make it untrue.
    keep_unsaved_hours: int = Field(default=24, ge=1, le=24, description="without saving, after the last word")
    exports_alone: int = Field(
        default=200, ge=0, le=10_000, description="rows of the log that one person may take out without a second one"
    )
    keep_progress_days: int = Field(default=365, ge=30, le=365, description="everything, after the last sign of life")
    keep_chat_days: int = Field(default=30, ge=1, le=30, description="what a person wrote")
    keep_closed_requests_days: int = Field(default=90, ge=1, le=90, description="a request, after it is closed")
    keep_outgoing_days: int = Field(default=30, ge=1, le=30, description="what was sent, refused or given up")
    keep_media_days: int = Field(default=30, ge=1, le=30, description="photos, voice notes and files")
    keep_access_log_days: int = Field(default=365, ge=30, le=365, description="what staff did")
    keep_receipts_days: int = Field(default=365, ge=30, le=730, description="receipts of deletion")

    @model_validator(mode="after")
    def _only_what_works(self) -> Settings:
        if self.telegram_mode == "webhook":
            self._check_webhook()
        self._check_whatsapp()
        if self.secret_key is not None and len(self.secret_key.get_secret_value()) < SECRET_BYTES:
            raise ValueError(f"IZI_SECRET_KEY must have at least {SECRET_BYTES} characters")
        if not self._is_loopback and not (self.public_url or "").startswith("https://"):
            raise ValueError("off loopback, IZI_PUBLIC_URL must be the https address that people use")
        if self.metrics_token is not None and len(self.metrics_token.get_secret_value()) < METRICS_TOKEN:
            raise ValueError(f"IZI_METRICS_TOKEN must have at least {METRICS_TOKEN} characters")
        self._check_role()
        return self

    def _check_webhook(self) -> None:
        """Fail closed: without a secret, anybody could write in the name of anybody (ruling 37)."""
        if self.telegram_token is None:
            raise ValueError("IZI_TELEGRAM_MODE=webhook needs IZI_TELEGRAM_TOKEN")
        if not (self.public_url or "").startswith("https://"):
            raise ValueError("IZI_TELEGRAM_MODE=webhook needs IZI_PUBLIC_URL, the https address that Telegram calls")
        secret = self.telegram_webhook_secret
        if secret is None or not re.fullmatch(WEBHOOK_SECRET, secret.get_secret_value()):
            raise ValueError(
                "IZI_TELEGRAM_MODE=webhook needs IZI_TELEGRAM_WEBHOOK_SECRET: 16 to 256 of A-Z a-z 0-9 _ - "
                "(for instance: openssl rand -hex 32)"
            )

    def _check_whatsapp(self) -> None:
        """Fail closed: all four or none. Without the app secret anybody could write in the name of anybody."""
        secrets = (self.whatsapp_token, self.whatsapp_app_secret, self.whatsapp_verify_token)
        given = [secret is not None and len(secret.get_secret_value()) for secret in secrets]
        if not any(given) and not self.whatsapp_phone_number_id:
            return
        if not self.whatsapp_phone_number_id or not all(length >= WHATSAPP_SECRET for length in given):
            raise ValueError(
                "WhatsApp needs IZI_WHATSAPP_TOKEN, IZI_WHATSAPP_PHONE_NUMBER_ID, IZI_WHATSAPP_APP_SECRET and "
                f"IZI_WHATSAPP_VERIFY_TOKEN; the secrets have at least {WHATSAPP_SECRET} characters"
            )

    def _check_role(self) -> None:
        """Processes of one installation share all of these; with one of their own, they could not read each other."""
        if self.role == "all":
            return
        on_postgres = (self.database.startswith("postgres"), self.key_store.startswith("postgres"))
        if not all(on_postgres) or self.redis_url is None or self.secret_key is None:
            raise ValueError(
                f"IZI_ROLE={self.role} needs IZI_DATABASE_URL and IZI_KEYS_URL on PostgreSQL, IZI_REDIS_URL and "
                "IZI_SECRET_KEY, the same for every process"
            )

    @property
    def receives(self) -> bool:
        """Whether this process takes in what people write, and serves pages."""
        return self.role != "worker"

    @property
    def works(self) -> bool:
        """Whether this process handles what came in, sends answers and keeps house."""
        return self.role != "web"

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
    def media_folder(self) -> Path:
        """Where the files lie, sealed, that people sent. Processes of one installation share it."""
        return self.data_dir / "media"

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


def night_of(settings: Settings) -> Night:
    """When news wait for the morning."""
    return Night(time(settings.quiet_from), time(settings.quiet_until))
