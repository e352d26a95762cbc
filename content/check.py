"""All that `izi check` looks at: the files, the graphs, the writing rules, the releases and the translations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from content.lint import lint
from content.load import compile_flow, load_country
from content.problems import ContentError, Problem
from content.released import compare
from content.texts import english
from content.translations import read_translations
from flows.check import endings as flow_endings
from i18n import po


def check_all(root: Path, locale_dir: Path, country: str, today: date) -> list[Problem]:
    """Return everything that an author or translator should mend, in the order of files and lines.

    root: the content directory. locale_dir: where the PO files lie. today: guides whose review is due are warned of.
    """
    try:
        pack = load_country(root, country)
    except ContentError as error:
        return error.problems
    translations = read_translations(locale_dir, english(pack))
    problems = [*pack.broken, *lint(pack, translations, today)]
    problems += (problem for guide in pack.guides.values() for problem in compare(guide))
    problems += (Problem(str(found.file), found.line, found.text) for found in po.problems(locale_dir))
    return sorted(problems)


def failed(problems: Iterable[Problem]) -> bool:
    """Whether there is an error among the problems; warnings alone let a check pass."""
    return any(problem.severity == "error" for problem in problems)


def endings(root: Path, country: str) -> dict[str, list[str]]:
    """List the endings of every guide: the steps after which nothing follows. Raises ContentError as the loader."""
    guides = load_country(root, country).guides
    return {id_: [str(step) for step in flow_endings(compile_flow(guide))] for id_, guide in guides.items()}
