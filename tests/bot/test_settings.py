"""Settings are read once, and bad ones stop the start with a clear word."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.settings import SECRET_FILE, Settings


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    first = Settings(data_dir=folder).prepare()
    assert Settings(data_dir=folder).prepare() == first
    assert len(first) >= 32
    assert stat.S_IMODE((folder / SECRET_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == [SECRET_FILE]


def test_a_given_secret_is_used_and_never_written_down(tmp_path: Path) -> None:
    secret = "s" * 40
    assert Settings(data_dir=tmp_path, secret_key=secret).prepare() == secret.encode()
    assert not (tmp_path / SECRET_FILE).exists()


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"telegram_mode": "webhook"}, "webhook"),
        ({"secret_key": "short"}, "SECRET_KEY"),
        ({"host": "0.0.0.0"}, "PUBLIC_URL"),
        ({"host": "0.0.0.0", "public_url": "http://chat.example.org"}, "https"),
        ({"port": 70000}, "65535"),
        ({"country": "../etc"}, "pattern"),
        ({"person_soft": 0}, "greater than 0"),
    ],
)
def test_what_cannot_work_is_refused_with_its_reason(values: dict[str, Any], word: str) -> None:
    with pytest.raises(ValidationError, match=word):
        Settings(**values)


def test_cookies_are_secure_wherever_people_come_by_https() -> None:
    assert not Settings().secure_cookies
    assert Settings(public_url="https://chat.example.org/").secure_cookies
    assert Settings(host="0.0.0.0", public_url="https://chat.example.org/").base_url == "https://chat.example.org"


def test_tokens_and_secrets_do_not_show_when_settings_are_printed() -> None:
    shown = repr(Settings(telegram_token="123:hidden", secret_key="k" * 40))
    assert "hidden" not in shown
    assert "kkkk" not in shown
