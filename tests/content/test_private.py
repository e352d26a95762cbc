"""The do-not-ask list of privacy B5."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.private import never_asked
from tests.content.build import line_of, linted

FORBIDDEN = [
    ("What is your full name?", "a full name"),
    ("What is your name?", "a full name"),
    ("What is your passport number?", "the number of a paper"),
    ("Which personal number do you have?", "the number of a paper"),
    ("What is your asylum case number?", "the number of a paper"),
    ("What is your phone number?", "a phone number"),
    ("What is your e-mail?", "a phone number"),
    ("What is your date of birth?", "a date of birth"),
    ("Why did you leave your country?", "the reason for flight"),
    ("Were you persecuted?", "the reason for flight"),
    ("What is your religion?", "religion"),
    ("Are you Muslim?", "religion"),
    ("What is your ethnic group?", "ethnicity"),
    ("What are your political views?", "politics"),
    ("Are you gay?", "sexual life"),
    ("Did they take your fingerprints?", "biometrics"),
    ("How did you come to Serbia?", "the route"),
    ("Did a smuggler bring you?", "the route"),
    ("What is your exact address?", "an exact location"),
    ("Where are you now?", "an exact location"),
    ("What is your wife's name?", "data of other people"),
    ("What is your brother's passport?", "data of other people"),
]
ALLOWED = [
    "Are you afraid that the country of your licence learns where you are?",
    "Which papers do you have in Serbia?",
    "Do you have the licence in your hands?",
    "Is your name written differently in your papers?",
    "In which town do you live?",
    "Which language do you speak?",
    "Does your child go to school?",
]


@pytest.mark.parametrize(("question", "what"), FORBIDDEN)
def test_question_that_nobody_may_ask_is_an_error_with_its_line(tmp_path: Path, question: str, what: str) -> None:
    found = linted(tmp_path, ("Which papers do you have?", question))
    told = [problem for problem in found if f"never ask for {what}" in problem.text]
    assert told, found
    assert told[0].line == line_of(told[0].file, question)
    assert told[0].severity == "error"


@pytest.mark.parametrize("question", ALLOWED)
def test_question_that_helps_is_allowed(question: str) -> None:
    assert list(never_asked(question)) == []


@pytest.mark.parametrize("name", ["religion", "passport-no", "phone", "home_address", "smuggler"])
def test_answer_under_a_forbidden_name_is_an_error(tmp_path: Path, name: str) -> None:
    edits = (("answer: status", f"answer: {name}"), ("{status: [refugee]}", f"{{{name}: [refugee]}}"))
    found = linted(tmp_path, *edits)
    assert [p.line for p in found if "never ask" in p.text] == [line_of(found[0].file, f"answer: {name}")]


def test_choice_that_names_what_nobody_may_ask_is_an_error(tmp_path: Path) -> None:
    found = linted(tmp_path, ("label: Refugee status", "label: I am Christian"))
    assert [p.line for p in found if "religion" in p.text] == [line_of(found[0].file, "I am Christian")]


def test_status_and_fear_must_be_sensitive(tmp_path: Path) -> None:
    found = linted(tmp_path, ("    sensitive: true\n", ""))
    assert [p.text for p in found] == ["the answer 'status' must be sensitive: true"]


def test_a_question_about_status_can_be_left_unsaid(tmp_path: Path) -> None:
    edits = (("label: I prefer not to say,", "label: Other, value: permanent,"),)
    assert [p.text for p in linted(tmp_path, *edits)] == [
        "a question about status needs a choice without a value: not said"
    ]


def test_question_among_the_bots_own_texts_is_checked_too(tmp_path: Path) -> None:
    found = linted(tmp_path, ("title: How can I help?", "title: What is your phone number?"), file="texts/bot.yaml")
    assert ["never ask for a phone number" in p.text for p in found] == [True]
