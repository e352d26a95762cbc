"""`izi notice`, as an operator uses it, over a data folder with people and a coordinator in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner, Result

from bot.cli import app
from notices.lifecycle import Move
from notices.moving import move
from storage.desk_tables import Staff, StaffRole
from storage.unit_of_work import Unit
from tests.reliability.addressees import LOCALES, beside, settle_down

NOTICE = """\
category: news
valid_until: 2026-12-31
audience: {places: [subotica]}
texts:
  en: {title: Office closed, body: The office is closed on Friday.}
  ar: {title: "", body: "-"}
lacking: {sr_Latn: fallback, fa: fallback, fa_AF: leave_out, fr: fallback}
"""


def _member(unit: Unit, id: int, label: str, role: str) -> None:
    row = {"id": id, "label": label, "administrator": False, "coordinator": False, "created_at": unit.now}
    unit.connection.execute(insert(Staff), row | {"pledged_at": unit.now})
    unit.connection.execute(insert(StaffRole), {"staff_id": id, "role": role, "scope": ""})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve people in six languages, a coordinator and an assistant."""
    with beside(tmp_path) as database:
        settle_down(database, range(2 * len(LOCALES)))
        database.write_now(lambda unit: _member(unit, 1, "boss", "coordinator"))
        database.write_now(lambda unit: _member(unit, 2, "helper", "assistant"))
    return tmp_path


def izi(folder: Path, *words: str) -> Result:
    """In this process: importing everything for each command would take longest."""
    return CliRunner().invoke(app, words, env={"IZI_DATA_DIR": str(folder), "IZI_TELEGRAM_TOKEN": "1:test"})


def _send(folder: Path, text: str, *words: str, by: str = "boss") -> Result:
    (folder / "notice.yaml").write_text(text, encoding="utf-8")
    return izi(folder, "notice", "send", str(folder / "notice.yaml"), "--by", by, *words)


def test_a_file_is_sent_by_the_rules_of_the_desk(folder: Path) -> None:
    tried = _send(folder, NOTICE, "--dry-run")
    assert tried.exit_code == 0, tried.stderr
    assert "The office is closed on Friday." in tried.stdout
    assert "10 people get it" in tried.stdout
    assert "left out: lacking 2" in tried.stdout
    assert "Nothing was sent." in tried.stdout
    assert izi(folder, "notice", "list").stdout.strip() == ""
    lacking = _send(folder, NOTICE.replace("lacking: {sr_Latn: fallback, ", "lacking: {"))
    assert lacking.exit_code == 1
    assert "! sr_Latn: no text. Choose what should happen." in lacking.stdout.translate({0x2068: None, 0x2069: None})
    assert "would reach 10 people" in _send(folder, NOTICE, "--people", "9").stderr
    assert "helper may not send notices" in _send(folder, NOTICE, by="helper").stderr
    assert "notice.yaml:1: " in _send(folder, NOTICE.replace("category: news", "category: gossip")).stderr
    done = _send(folder, NOTICE, "--people", "10", "--no-wait")
    assert done.exit_code == 0, done.stderr
    assert "Notice 1 goes." in done.stdout
    safety = _send(folder, NOTICE.replace("category: news", "category: safety"), "--people", "10")
    assert "waits for a second person" in safety.stdout
    states = [line.split("\t")[1] for line in izi(folder, "notice", "list").stdout.splitlines()]
    assert states == ["waiting", "sending"]


def test_what_goes_is_paused_resumed_and_stopped(folder: Path) -> None:
    assert _send(folder, NOTICE, "--people", "10", "--no-wait").exit_code == 0
    assert izi(folder, "notice", "pause", "1").stdout.strip() == "paused"
    assert "cannot be paused" in izi(folder, "notice", "pause", "1").stderr
    assert izi(folder, "notice", "resume", "1").stdout.strip() == "sending"
    with beside(folder) as database:
        database.write_now(lambda unit: move(unit, 1, Move.STOPPED, None))
    assert izi(folder, "notice", "stop", "1").exit_code == 1
    assert "no notice 7" in izi(folder, "notice", "stop", "7").stderr
