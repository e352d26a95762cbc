"""Nobody is stranded by an edited guide: a released step that vanished needs a line in `moved:`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from content.load import load_guide
from content.problems import ContentError, Problem
from content.released import compare, write_released
from content.schema import Guide
from tests.content.build import country, line_of

RENAMED = (("to: fetch}", "to: get}"), ("  - id: fetch", "  - id: get"))
MOVED = ("moved: {}", "moved: {fetch: get}")


def guide(tmp_path: Path, *edits: tuple[str, str]) -> Guide:
    return load_guide(country(tmp_path, *edits) / "guides/serbia/small.yaml")


def problems(tmp_path: Path, *edits: tuple[str, str]) -> list[Problem]:
    return list(compare(guide(tmp_path, *edits)))


def test_a_guide_that_was_never_released_may_change_freely(tmp_path: Path) -> None:
    assert problems(tmp_path, *RENAMED) == []


def test_release_writes_the_steps_and_the_hash_beside_the_guide(tmp_path: Path) -> None:
    path = write_released(guide(tmp_path))
    assert path.name == "small.released.json"
    released = json.loads(path.read_text("utf-8"))
    assert released["steps"] == ["fetch", "finished", "fork", "helper", "status"]
    assert len(released["hash"]) == 16
    assert path.read_bytes() == write_released(guide(tmp_path)).read_bytes()


def test_a_released_step_that_vanished_is_an_error_with_its_line(tmp_path: Path) -> None:
    write_released(guide(tmp_path))
    found = problems(tmp_path, *RENAMED)
    assert [(problem.line, "'fetch' is gone" in problem.text) for problem in found] == [
        (line_of(found[0].file, "moved:"), True)
    ]
    with pytest.raises(ContentError):
        write_released(guide(tmp_path, *RENAMED))


def test_a_step_that_moved_is_fine_and_stays_known_after_the_next_release(tmp_path: Path) -> None:
    write_released(guide(tmp_path))
    assert problems(tmp_path, *RENAMED, MOVED) == []
    write_released(guide(tmp_path, *RENAMED, MOVED))
    assert ["'fetch' is gone" in problem.text for problem in problems(tmp_path, *RENAMED)] == [True]


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"steps": 1, "hash": ""}', "\x00"])
def test_a_damaged_release_is_told_with_its_file(tmp_path: Path, damage: str) -> None:
    path = write_released(guide(tmp_path))
    path.write_text(damage, "utf-8")
    assert [(problem.file, problem.line) for problem in problems(tmp_path)] == [(str(path), 1)]
