"""The example of docs/write-a-guide.md passes the check, and the sample errors on that page are those of the check."""

from __future__ import annotations

import re
from pathlib import Path

from content.check import check_all
from content.problems import Problem
from tests.content.build import ROOT, TODAY, copy_of_shipped

PAGE = (ROOT / "docs" / "write-a-guide.md").read_text("utf-8")
GUIDE = "guides/serbia/library-card.yaml"
SAMPLE = re.compile(rf"^content/{re.escape(GUIDE)}:(\d+): error: (.*)$", re.MULTILINE)

#: What an author does wrong. A guide whose steps lead nowhere is left out of the writing rules, so that is apart.
NOWHERE = [("- {to: ask-first}", "- {to: ask-frist}")]
OTHERS = [
    ("sensitive: true", "sensitive: false"),
    ("costs 500 dinars", "costs €5"),
    ("Молим Вас, желим чланску карту.", "Molim Vas, želim člansku kartu."),
    ("label: Asylum application", "label: Application for asylum in Serbia"),
]


def example() -> tuple[str, str]:
    """The guide and the line of its source, as they stand on the page."""
    found = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return found[0], found[1]


def errors(folder: Path, mistakes: list[tuple[str, str]]) -> list[Problem]:
    """What `izi check` says of the shipped content with the example in it, warnings and translations left out."""
    guide, source = example()
    for right, wrong in mistakes:
        assert guide.count(right) == 1, right
        guide = guide.replace(right, wrong)
    root = copy_of_shipped(folder)
    (root / GUIDE).write_text(guide, "utf-8")
    with (root / "sources/serbia.yaml").open("a", encoding="utf-8") as sources:
        sources.write(source)
    return [p for p in check_all(root, folder / "locale", "serbia", TODAY) if p.severity == "error"]


def test_the_example_passes_the_check(tmp_path: Path) -> None:
    guide, source = example()
    assert guide.startswith("guide: library-card")
    assert source.startswith("EXAMPLE-RULES:")
    assert [str(problem) for problem in errors(tmp_path, [])] == []


def test_the_sample_errors_are_those_that_mistakes_in_the_example_give(tmp_path: Path) -> None:
    found = [*errors(tmp_path / "nowhere", NOWHERE), *errors(tmp_path / "others", OTHERS)]
    shown = [(int(line), text) for line, text in SAMPLE.findall(PAGE)]
    assert shown
    assert sorted(shown) == sorted((problem.line, problem.text) for problem in found)
