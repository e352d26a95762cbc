"""Settings: what is wrong is said clearly, and the secret is made once and readable by us alone."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.house import periods_of
from bot.settings import SECRET_FILE, Settings
from storage.retention import Periods


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but what a test sets."""
    import os

    for name in list(os.environ):
        if name.startswith("IZI_"):
            monkeypatch.delenv(name)


def faults(**values: Any) -> list[tuple[str, str]]:
    """Where and why settings are refused."""
    with pytest.raises(ValidationError) as refused:
        Settings(**values)
    return [("_".join(str(part) for part in fault["loc"]), fault["msg"]) for fault in refused.value.errors()]


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("port", "http", "valid integer"),
        ("port", "70000", "less than or equal to 65535"),
        ("country", "../etc", "should match pattern"),
        ("database_url", "mysql://host/name", "should match pattern"),
        ("keys_url", "keys.db", "should match pattern"),
        ("redis_url", "localhost:6379", "should match pattern"),
        ("telegram_mode", "carrier pigeon", "'polling' or 'webhook'"),
        ("staff_language", "fa", "should match pattern"),
        ("telegram_rate", "0", "greater than or equal to 1"),
        ("telegram_rate", "inf", "finite number"),
        ("conversation_rate", "-1", "greater than 0"),
        ("conversation_burst", "0", "greater than 0"),
        ("person_soft", "0", "greater than 0"),
        ("role", "boss", "'all', 'web' or 'worker'"),
        ("metrics_token", "short", "at least 16 characters"),
        ("keep_unsaved_hours", "25", "less than or equal to 24"),
        ("keep_progress_days", "366", "less than or equal to 365"),
        ("keep_chat_days", "0", "greater than or equal to 1"),
        ("keep_chat_days", "31", "less than or equal to 30"),
        ("keep_closed_requests_days", "inf", "valid integer"),
        ("keep_outgoing_days", "99999", "less than or equal to 30"),
        ("keep_receipts_days", "-1", "greater than or equal to 30"),
        ("person_hard", "none", "valid integer"),
    ],
)
def test_a_bad_value_is_named_with_what_is_wrong(name: str, value: str, why: str) -> None:
    ((where, said),) = faults(**{name: value})
    assert where in (name, "")
    assert why in said


WEBHOOK = {
    "telegram_mode": "webhook",
    "telegram_token": "1:test",
    "public_url": "https://bot.example",
    "telegram_webhook_secret": "a-secret-of-no-real-bot_0123",
}


@pytest.mark.parametrize(
    ("without", "why"),
    [
        ({"telegram_webhook_secret": None}, "IZI_TELEGRAM_WEBHOOK_SECRET"),
        ({"telegram_webhook_secret": ""}, "IZI_TELEGRAM_WEBHOOK_SECRET"),
        ({"telegram_webhook_secret": "short"}, "16 to 256"),
        ({"telegram_webhook_secret": "šifra-of-no-real-bot-0123"}, "A-Z a-z 0-9"),
        ({"telegram_webhook_secret": "x" * 257}, "16 to 256"),
        ({"public_url": None}, "IZI_PUBLIC_URL"),
        ({"public_url": "http://bot.example"}, "IZI_PUBLIC_URL"),
        ({"telegram_token": None}, "IZI_TELEGRAM_TOKEN"),
    ],
)
def test_webhook_mode_refuses_to_start_without_what_protects_it(without: dict[str, Any], why: str) -> None:
    ((_, said),) = faults(**(WEBHOOK | without))
    assert why in said
    assert "a-secret" not in said


def test_webhook_mode_starts_with_token_secret_and_https_address() -> None:
    assert Settings(**WEBHOOK).telegram_mode == "webhook"  # type: ignore[arg-type]


def test_a_short_secret_is_refused_and_never_repeated() -> None:
    ((_, said),) = faults(secret_key="too short to be one")
    assert "at least 32 characters" in said
    with pytest.raises(ValidationError) as refused:
        Settings(secret_key="too short to be one")
    assert "too short to be one" not in str(refused.value)


@pytest.mark.parametrize("public_url", [None, "http://chat.example", "chat.example"])
def test_off_loopback_people_need_an_https_address(public_url: str | None) -> None:
    assert "https address" in faults(host="0.0.0.0", public_url=public_url)[0][1]


def test_with_an_https_address_any_host_will_do_and_cookies_are_secure() -> None:
    settings = Settings(host="0.0.0.0", public_url="https://chat.example/")
    assert settings.base_url == "https://chat.example"
    assert settings.secure_cookies


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_on_loopback_no_address_is_needed(host: str) -> None:
    settings = Settings(host=host)
    assert settings.base_url == ("http://[::1]:8080" if ":" in host else f"http://{host}:8080")
    assert not settings.secure_cookies


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TELEGRAM_TOKEN", "SECRET_KEY", "DATABASE_URL", "PUBLIC_URL", "PORT"):
        monkeypatch.setenv(f"IZI_{name}", "")
    settings = Settings()
    assert settings.telegram_token is None
    assert settings.secret_key is None
    assert settings.port == 8080


def test_variables_without_our_prefix_are_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1")
    monkeypatch.setenv("IZI_SOMETHING_NEW", "1")
    assert Settings().port == 8080


def test_the_secret_is_made_once_and_is_readable_by_us_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "var")
    secret = settings.prepare()
    file = settings.data_dir / SECRET_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.data_dir.stat().st_mode) == 0o700
    assert len(secret) == 64
    assert settings.prepare() == secret
    assert [path.name for path in settings.data_dir.iterdir()] == [SECRET_FILE]


def test_of_many_that_start_at_once_all_have_the_same_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as starters:
        made = list(starters.map(lambda _: Settings(data_dir=tmp_path).prepare(), range(32)))
    assert len(set(made)) == 1
    assert [path.name for path in tmp_path.iterdir()] == [SECRET_FILE]


def test_a_secret_of_the_environment_is_used_and_not_written_down(tmp_path: Path) -> None:
    assert Settings(data_dir=tmp_path, secret_key="x" * 32).prepare() == b"x" * 32
    assert not list(tmp_path.iterdir())


def test_neither_token_nor_secret_is_shown_when_settings_are_printed() -> None:
    settings = Settings(telegram_token="1:PLACEHOLDER", secret_key="y" * 32)
    assert "PLACEHOLDER" not in repr(settings)
    assert "yyy" not in repr(settings)


@pytest.mark.parametrize("role", ["web", "worker"])
@pytest.mark.parametrize("missing", ["database_url", "keys_url", "redis_url", "secret_key"])
def test_a_process_that_does_a_part_shares_everything_with_the_others(role: str, missing: str) -> None:
    shared: dict[str, Any] = {
        "database_url": "postgresql://host/izi",
        "keys_url": "postgresql://keys/izi",
        "redis_url": "redis://host",
        "secret_key": "z" * 32,
    }
    assert Settings(role=role, **shared).role == role
    del shared[missing]
    assert f"IZI_{missing.upper()}" in faults(role=role, **shared)[0][1]


def test_a_period_that_is_made_shorter_is_what_is_kept() -> None:
    shorter = Settings(keep_chat_days=7, keep_unsaved_hours=2, keep_progress_days=100)
    periods = periods_of(shorter)
    assert (periods.chat_text, periods.unsaved) == (timedelta(days=7), timedelta(hours=2))
    assert periods.progress == timedelta(days=100)
    assert periods_of(Settings()) == Periods()
