"""What docs/review.md points to is there: a reviewer follows it by hand."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SHORT = {"walk": "tests/acceptance/test_telegram.py", "web": "tests/acceptance/test_web.py"}
NAMED = re.compile(r"(walk|web|tests/[\w/-]+\.py)::(test_\w+)")
FILES = re.compile(r"(?<!::)\b(tests/[\w/-]+\.(?:txt|py))\b(?!::)")


def review() -> str:
    return (ROOT / "docs" / "review.md").read_text(encoding="utf-8")


def test_every_test_that_the_review_names_exists() -> None:
    missing = [
        f"{where}::{name}"
        for where, name in NAMED.findall(review())
        if not re.search(rf"^(async )?def {name}\(", _text(SHORT.get(where, where)), re.MULTILINE)
    ]
    assert missing == []


def test_every_file_that_the_review_names_exists() -> None:
    assert [path for path in FILES.findall(review()) if not (ROOT / path).exists()] == []


def test_every_point_of_the_checklist_stands_there_once() -> None:
    points = re.findall(r"^\| (R\d+) \|", review(), re.MULTILINE)
    assert points == [f"R{number}" for number in range(1, 47)]


def _text(path: str) -> str:
    file = ROOT / path
    return file.read_text(encoding="utf-8") if file.exists() else ""
