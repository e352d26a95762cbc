"""What an author may not write in a guide: each fault is refused with the file and the line of the fault."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from content.fields import months_after
from content.load import load_guide
from content.problems import ContentError
from tests.content.build import country, line_of, pack

# What is changed, into what, where the fault must be told (the first line with this text), and its reason.
FAULTS = [
    ("guide: small", "guide: Small", "guide: Small", "a-z, 0-9 and -"),
    ("guide: small", "guide: other", "guide: other", "names of the file and its folder"),
    ("country: serbia", "country: latvia", "guide: small", "names of the file and its folder"),
    ("title: A small guide", "title: ' A small guide'", "title:", "no space at its ends"),
    ("owner: \"\"", "owner: 5", "owner: 5", "put it in quotes"),
    ("order: 1", "order: '1'", "order:", "valid integer"),
    ("checked_on: 2026-11-21", "checked_on: yesterday", "checked_on:", "2026-12-31"),
    ("checked_on: 2026-11-21", "checked_on: 2026-11-21\nreview_by: 2026-01-01", "review_by:", "before the day"),
    ("order: 1\n", "order: 1\ncolour: red\n", "colour: red", "unknown key"),
    ("  en: [small]", "  english: [small]", "english:", "a language is written"),
    ("    strength: check", "    strength: sure", "strength: sure", "'official', 'check', 'weak'"),
    ("    sources: [LAW]\n", "", "  fee:\n", "has text, sources and source_date"),
    ("    strength: unknown", "    strength: unknown\n    text: Long.", "  duration:", "has no text"),
    ("    topic: how long it takes\n", "", "  duration:", "has a topic"),
    ("    strength: check", "    strength: weak", "  fee:", "has a topic"),
    ("sources: [LAW]", "sources: [law]", "sources: [law]", "A-Z, 0-9"),
    ("source_date: \"2024\"", "source_date: May", "source_date: May", "a source date is"),
    ("    local: лична карта\n    fact: fee", "    fact: cost", "fact: cost", "no fact 'cost'"),
    ("months: 6, ", "months: 6, days: 3, ", "{id: soon", "either months or days"),
    ("remind_months: [5]", "remind_months: [7]", "{id: soon", "between the anchor and the deadline"),
    ("remind_months: [5]", "remind_days: [5]", "{id: soon", "unit of their deadline"),
    ("months: 6, ", "months: 0, ", "{id: soon", "greater than or equal to 1"),
    ("  facts: [fee]\nfacts", "  facts: [cost]\nfacts", "  facts: [cost]", "no fact 'cost'"),
    ("facts: [fee, duration]", "facts: [fee, cost]", "facts: [fee, cost]", "no fact 'cost'"),
    ("facts: [fee, duration]", "more_facts: [cost]", "more_facts:", "no fact 'cost'"),
    ("clerk_card: clerk", "clerk_card: police", "clerk_card: police", "no clerk card 'police'"),
    ("    ask: Which papers do you have?\n", "", "  - id: status", "a step has one of"),
    ("    do: Fetch the paper.", "    do: Fetch it.\n    say: Fetched.", "    say: Fetched.", "unknown key"),
    ("    answer: status\n", "", "  - id: status", "need an `answer` name"),
    ("value: refugee, ", "", "  - id: status", "needs a choice with a value"),
    ("value: refugee", "value: undocumented", "  - id: status", "status may be only"),
    ("{id: done, label", "{id: ready, label", "  - id: fetch", "choice with the id done"),
    ("{id: done, label", "{id: title, label", "  - id: fetch", "choice with the id done"),
    ("{id: unsaid,", "{id: text,", "{id: text,", "reserved"),
    ("{id: unsaid,", "{id: refugee,", "I prefer not to say", "stands twice"),
    ("{id: unsaid,", "{id: prefer-not-to-say,", "prefer-not-to-say", "1 to 12 characters"),
    ("  - id: helper", "  - id: intro", "  - id: intro", "reserved"),
    ("  - id: helper", "  - id: fact-helper", "  - id: fact-helper", "reserved"),
    ("  - id: helper", "  - id: the-helper-of-all-helpers", "the-helper", "1 to 20 characters"),
    ("  - id: helper", "  - id: fetch\n    end: Twice.\n  - id: helper", "  - id: fetch\n    end", "stands twice"),
    ("text: The paper costs 25 €.", "text: 'It costs {fee}.'", "It costs {fee}", "no braces"),
    ("person: step_help", "person: somebody", "person: somebody", "'step_help'"),
    ("{status: [refugee]}", "{status: []}", "{when:", "at least 1 item"),
    ("changes: []", "changes:\n  - {date: 2026-12-01, text: New., steps: [gone]}", "{date:", "no step 'gone'"),
    (
        "changes: []",
        "changes:\n  - {date: 2026-12-02, text: New.}\n  - {date: 2026-12-01, text: Old.}",
        "text: Old.",
        "the newest last",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "marker", "reason"), FAULTS, ids=[f"{row[3]}|{row[1][:20]}" for row in FAULTS])
def test_fault_in_a_guide_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, marker: str, reason: str
) -> None:
    path = country(tmp_path, (old, new)) / "guides/serbia/small.yaml"
    with pytest.raises(ContentError) as error:
        load_guide(path)
    found = [problem for problem in error.value.problems if reason in problem.text]
    assert found, error.value
    assert {problem.file for problem in found} == {str(path)}
    text = path.read_text("utf-8")
    assert found[0].line == text[: text.index(marker)].count("\n") + 1, found


def test_the_review_is_due_three_months_after_the_check_unless_said_otherwise(tmp_path: Path) -> None:
    assert pack(tmp_path).guides["small"].review_by == date(2027, 2, 21)
    later = ("checked_on: 2026-11-21", "checked_on: 2026-11-21\nreview_by: 2028-01-01")
    assert pack(tmp_path, later).guides["small"].review_by == date(2028, 1, 1)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
    ],
)
def test_months_later_is_never_a_day_that_does_not_exist(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later


def test_a_weak_fact_keeps_its_text_for_staff_and_shows_its_topic(tmp_path: Path) -> None:
    weak = ("    strength: check", "    topic: what it costs\n    strength: weak")
    fact = pack(tmp_path, weak).guides["small"].facts["fee"]
    assert (fact.shown, fact.text, fact.topic) == (False, "The paper costs 25 €.", "what it costs")


def test_a_guide_made_in_code_has_no_lines_and_still_answers(tmp_path: Path) -> None:
    guide = pack(tmp_path).guides["small"]
    path = tmp_path / "content/guides/serbia/small.yaml"
    assert guide.origin.line("steps", 1, "warning") == line_of(path, "warning: Keep a copy.")
    assert guide.origin.line("steps", 99) == line_of(path, "steps:")
    assert type(guide).model_validate(guide.model_dump()).origin.line("steps") == 1
