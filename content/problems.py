"""What is wrong in a content file, and where: the one way in which this room complains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault for an author to fix. line counts from 1."""

    file: str
    line: int
    text: str
    severity: Severity = "error"

    def __str__(self) -> str:
        """Print the form that editors can jump to."""
        return f"{self.file}:{self.line}: {self.severity}: {self.text}"


class ContentError(Exception):
    """Content that cannot be used; `problems` says file, line and reason of each fault."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems in the order of their files and lines."""
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
