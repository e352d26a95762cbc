"""What is checked of occasions before anybody is reminded of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.lint import lint
from content.load import load_country
from content.texts import entries
from tests.content.build import SHIPPED, TODAY, country

OCCASIONS = """\
country: serbia
checked_on: "2026-11-21"
review_by: "2027-02-21"
facts:
  sure: {strength: official, text: It holds a year., sources: [LAW], source_date: "2024"}
  unsure: {strength: unknown, topic: how long it holds}
occasions:
  - id: permit
    icon: home
    anchor: permit
    name: My permit
    asks: On which day did you get it?
    after_months: [11]
    facts: [sure, unsure]
  - id: report
    icon: home
    anchor: report
    name: My report
    asks: On which day was it?
    every_months: 3
    before_days: [3]
"""


def _with(tmp_path: Path, text: str = OCCASIONS) -> Path:
    root = country(tmp_path)
    path = root / "occasions" / "serbia.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    return root


def test_occasions_are_read_and_their_texts_go_to_translators(tmp_path: Path) -> None:
    pack = load_country(_with(tmp_path), "serbia")
    assert pack.broken == ()
    assert [entry.key for entry in entries(pack)["occasions"]] == [
        "occasions.fact-sure.text", "occasions.fact-unsure.topic", "occasions.permit.name", "occasions.permit.asks",
        "occasions.report.name", "occasions.report.asks",
    ]  # fmt: skip
    assert not [found for found in lint(pack, [], TODAY) if "occasions" in found.file]


def test_a_country_without_the_file_has_none(tmp_path: Path) -> None:
    pack = load_country(country(tmp_path), "serbia")
    assert pack.occasions is None
    assert "occasions" not in entries(pack)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("after_months: [11]", "after_months: []", "an occasion has one rule"),
        ("after_months: [11]", "after_months: [11]\n    before_days: [3]", "an occasion has one rule"),
        ("every_months: 3", "every_months: 3\n    after_months: [1]", "what repeats has no after_months"),
        ("every_months: 3", "every_months: 0", "greater than or equal to 1"),
        ("id: report", "id: permit", "the id 'permit' stands twice"),
        ("icon: home", "icon: sun", "there is no icon 'sun'"),
        ("facts: [sure, unsure]", "facts: [other]", "there is no fact 'other'"),
        ("sources: [LAW]", "sources: [RUMOUR]", "there is no source 'RUMOUR'"),
        ("country: serbia", "country: latvia", "country must be the name of the file"),
    ],
)
def test_a_faulty_file_is_left_out_whole_and_all_else_works(tmp_path: Path, old: str, new: str, said: str) -> None:
    pack = load_country(_with(tmp_path, OCCASIONS.replace(old, new, 1)), "serbia")
    assert pack.occasions is None
    assert said in " ".join(problem.text for problem in pack.broken)
    assert "small" in pack.guides


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("anchor: report", "anchor: decision", "what repeats counts from a day of its own"),
        ("before_days: [3]", "before_days: [3]\n    ends: [small.nowhere]", "no guide ends with 'small.nowhere'"),
        ('source_date: "2024"', "source_date: undated", "official needs a source with a date"),
        ("2027-02-21", "2026-11-21", "the review was due on 2026-11-21"),
    ],
)
def test_what_a_program_can_check_is_told_to_the_author(tmp_path: Path, old: str, new: str, said: str) -> None:
    pack = load_country(_with(tmp_path, OCCASIONS.replace(old, new, 1)), "serbia")
    assert said in [problem.text for problem in lint(pack, [], TODAY)]


def test_the_shipped_ones_say_what_is_not_known_in_place_of_a_rule_that_nobody_read() -> None:
    table = load_country(SHIPPED, "serbia").occasions
    assert table is not None
    assert [one.id for one in table.occasions if one.repeats] == ["employment-service", "benefit"]
    for id in ("permit", "benefit"):
        one = table.find(id)
        assert one is not None
        assert "unknown" in {table.facts[fact].strength for fact in one.facts}
