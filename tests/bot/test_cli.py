"""The command line, as an operator uses it: real processes, real files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def izi(folder: Path, *words: str, said: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command of izi on a data folder of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IZI_")}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=ROOT,
        env=kept | {"IZI_DATA_DIR": str(folder), "PYTHONIOENCODING": "utf-8"} | env,
        input=said,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_a_guide_can_be_walked_in_the_terminal_in_any_language(tmp_path: Path) -> None:
    done = izi(tmp_path, "talk", "driving-licence", "--language", "fa_AF", said="۱\n۳\n")
    assert done.returncode == 0
    assert "لیسنس" in done.stdout
    assert "[7]" in done.stdout  # the question about papers, which the typed digits led to
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", [("talk", "nothing"), ("talk", "driving-licence", "--language", "xx")])
def test_what_there_is_not_is_said_with_what_there_is(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = izi(tmp_path, *words)
    assert done.returncode == 1
    assert "driving-licence" in done.stderr or "fa_AF" in done.stderr


def test_the_shipped_content_is_clean_and_its_endings_are_listed(tmp_path: Path) -> None:
    done = izi(tmp_path, "check")
    assert done.returncode == 0, done.stdout
    assert "0 errors" in done.stdout
    assert str(ROOT) not in done.stdout
    assert "driving-licence: fear-end" in izi(tmp_path, "check", "--endings").stdout


def test_a_record_is_kept_only_when_it_makes_sense(tmp_path: Path) -> None:
    assert izi(tmp_path, "record", "set", "hours.opens", "25:00").returncode == 1
    assert "no record" in izi(tmp_path, "record", "set", "hours.nothing", "1").stderr
    assert izi(tmp_path, "record", "set", "emergency.police.number", "192 0").returncode == 0
    assert izi(tmp_path, "record", "list").stdout == "emergency.police.number = 192 0\n"
    assert "192 0" in izi(tmp_path, "record", "export").stdout


def test_an_invitation_is_a_link_to_the_desk(tmp_path: Path) -> None:
    done = izi(tmp_path, "staff", "invite", IZI_PORT="8123")
    assert done.stdout.startswith("http://127.0.0.1:8123/desk/login/")


def test_letters_and_staff_are_listed_and_what_is_not_there_is_said(tmp_path: Path) -> None:
    assert (izi(tmp_path, "letters").stdout, izi(tmp_path, "staff", "list").stdout) == ("", "")
    assert "does not wait for a decision" in izi(tmp_path, "letters", "retry", "out-7").stderr
    assert "in-<number> or out-<number>" in izi(tmp_path, "letters", "discard", "7").stderr
    done = izi(tmp_path, "staff", "end", "7")
    assert (done.returncode, done.stderr) == (1, "nobody called '7' works here\n")


def test_a_guide_is_drawn_as_text_or_as_a_picture(tmp_path: Path) -> None:
    assert "flowchart TD" in izi(tmp_path, "preview", "driving-licence").stdout
    picture = tmp_path / "guide.svg"
    assert izi(tmp_path, "preview", "driving-licence", "--format", "svg", "--output", str(picture)).returncode == 0
    assert picture.read_text(encoding="utf-8").startswith("<svg ")
    assert "driving-licence" in izi(tmp_path, "preview", "nothing").stderr


def test_a_request_that_is_not_there_cannot_be_forgotten(tmp_path: Path) -> None:
    done = izi(tmp_path, "forget", "7")
    assert done.returncode == 1
    assert "no request 7" in done.stderr
    assert izi(tmp_path, "requests").stdout == ""


def test_bad_settings_stop_the_start_with_the_name_of_the_setting(tmp_path: Path) -> None:
    done = izi(tmp_path, "serve", IZI_PORT="no")
    assert done.returncode == 2
    assert "IZI_PORT" in done.stderr
    assert "webhook" in izi(tmp_path, "serve", IZI_TELEGRAM_MODE="webhook").stderr


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    heavy = "{'sqlalchemy', 'aiohttp', 'fastapi', 'babel', 'pydantic', 'aiogram'}"
    look = f"import sys, bot.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
