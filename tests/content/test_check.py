"""`izi check`: one list of everything, with what stops a build told apart from what does not."""

from __future__ import annotations

from pathlib import Path

from content.check import check_all, endings, failed
from content.load import load_guide
from content.problems import Problem
from content.released import write_released
from tests.content.build import LOCALE, TODAY, copy_of_shipped, country, line_of

GUIDE = "guides/serbia/driving-licence.yaml"


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_sound_country_passes(tmp_path: Path) -> None:
    root = country(tmp_path)
    assert check_all(root, tmp_path / "locale", "serbia", TODAY) == []
    assert endings(root, "serbia") == {"small": ["helper", "finished"]}


def test_faults_of_every_kind_come_in_one_list_in_order(tmp_path: Path) -> None:
    root = copy_of_shipped(tmp_path)
    write_released(load_guide(root / GUIDE))
    spoil(root / GUIDE, "text: Do it before you hand", "text: You shall keep a copy before you hand")
    spoil(root / GUIDE, "to: finished}", "to: the-end}")
    spoil(root / GUIDE, "  - id: finished", "  - id: the-end")
    spoil(root / "urgent/serbia.yaml", '"194"', '"011 194 1941"')
    problems = check_all(root, LOCALE, "serbia", TODAY)
    errors = [problem for problem in problems if problem.severity == "error"]
    assert [(Path(p.file).name, p.line) for p in errors] == [
        ("driving-licence.yaml", line_of(root / GUIDE, "You shall keep")),
        ("driving-licence.yaml", line_of(root / GUIDE, "moved:")),
        ("serbia.yaml", line_of(root / "urgent/serbia.yaml", "011 194 1941")),
    ]
    assert problems == sorted(problems)


def test_a_broken_guide_is_an_error_and_the_rest_is_still_checked(tmp_path: Path) -> None:
    root = country(tmp_path)
    spoil(root / "guides/serbia/small.yaml", "strength: check", "strength: sure")
    spoil(root / "glossary.yaml", "local: папир", "local: papir")
    names = [Path(problem.file).name for problem in check_all(root, tmp_path / "locale", "serbia", TODAY)]
    assert names == ["glossary.yaml", "small.yaml"]


def test_files_that_cannot_be_read_are_told_first(tmp_path: Path) -> None:
    root = country(tmp_path)
    (root / "hours.yaml").write_text("opens: 9\n", "utf-8")
    problems = check_all(root, tmp_path / "locale", "serbia", TODAY)
    assert failed(problems)
    assert {Path(problem.file).name for problem in problems} == {"hours.yaml"}


def test_a_fault_in_a_po_file_is_told(tmp_path: Path) -> None:
    root = country(tmp_path)
    path = tmp_path / "locale/ar/LC_MESSAGES/small.po"
    path.parent.mkdir(parents=True)
    path.write_text("no po file", "utf-8")
    assert [problem.file for problem in check_all(root, tmp_path / "locale", "serbia", TODAY)] == [str(path)]


def test_warnings_alone_let_a_check_pass() -> None:
    warning = Problem("a.yaml", 3, "long", "warning")
    assert not failed([warning])
    assert failed([warning, Problem("a.yaml", 4, "wrong")])
    assert str(warning) == "a.yaml:3: warning: long"
