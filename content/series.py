"""A series: short pieces that come one a day to who asked for them. Its file, and how all of a country are read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from content.compiled import Compiled
from content.fields import GuideId, Id, Located, Name, StepId, Strict, Text
from content.problems import ContentError, Problem
from content.reading import read_file

#: The part of a message key that is the series itself; no part may be called so.
WHOLE = "series"


class Part(Strict):
    """What comes on one day. local: in the local script; says: how it sounds; means: what it is."""

    id: StepId
    local: Text
    says: Text | None = None
    means: Text


class Series(Located):
    """One series. Where somebody stands in it is a number: new parts go to the end."""

    series: GuideId
    country: Id
    icon: Name
    title: Text
    about: Text
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]

    @property
    def id(self) -> str:
        """The series' id, which is its file's name and its translators' domain too."""
        return self.series


def read_series(
    root: Path, country: str, taken: Collection[str], icons: Collection[str], compiled: Compiled | None
) -> tuple[Mapping[str, Series], tuple[Problem, ...]]:
    """The series of a country by id, and what is wrong with those that are left out. taken: ids of other domains."""
    found: dict[str, Series] = {}
    problems: list[Problem] = []
    for path in sorted(root.glob(f"series/{country}/*.yaml")):
        try:
            series = read_file(path, Series, compiled)
        except ContentError as error:
            problems += error.problems
            continue
        faults = list(_faults(series, path, taken, icons))
        problems += faults
        found |= {} if faults else {series.id: series}
    return found, tuple(problems)


def _faults(series: Series, path: Path, taken: Collection[str], icons: Collection[str]) -> Iterator[Problem]:
    def problem(text: str, *where: str | int) -> Problem:
        return Problem(series.origin.file, series.origin.line(*where), text)

    if (series.id, series.country) != (path.stem, path.parent.name):
        yield problem("series and country must be the names of the file and its folder", "series")
    if series.id in taken:
        yield problem(f"the id {series.id!r} is taken by a guide or by texts", "series")
    if series.icon not in icons:
        yield problem(f"there is no icon {series.icon!r}", "icon")
    seen = {WHOLE}
    for index, part in enumerate(series.parts):
        if part.id in seen:
            yield problem(f"the id {part.id!r} stands twice, or is reserved", "parts", index)
        seen.add(part.id)
