"""The writing rules in one text: each has a bad example that is told and good ones that are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import wording
from content.wording import FOR_NEWCOMERS, FOR_STAFF, IN_ENGLISH, faults, phone_fault

LONG = " ".join(["word"] * 21) + "."
LONGISH = " ".join(["word"] * 16) + "."

BAD = [
    (LONG, "a sentence of 21 words"),
    (f"Short. {LONG} Short.", "a sentence of 21 words"),
    ("Is it? Or not?", "more than one question"),
    ("نعم؟ لا؟", "more than one question"),
    ("Come on 03/04.", "03/04"),
    ("Come on 3.4.2027.", "3.4.2027"),
    ("Come on 2027-03-15.", "2027-03-15"),
    ("It costs €25.", '"25 €"'),
    ("It costs 25€.", '"25 €"'),
    ("It costs 25 EUR.", '"25 €"'),
    ("It costs RSD 300.", '"25 €"'),
    ("Bring your card and/or passport.", "and/or"),
    ("Bring your card/passport.", "no slash"),
    ("Bring a card / a passport.", "no slash"),
    ("Click here.", "click here"),
    ("You shall pay.", "shall"),
    ("Come back in two weeks.", "a time without a date"),
    ("Come back next month.", "a time without a date"),
    ("It opens at 5 pm.", "24 hours"),
    ("You don't need nothing.", "double negative"),
    ("Unless you have it, pay.", "begins with an exception"),
    ("Call 011 3085 328.", "a phone number is written"),
    ("Read mup.rs and apr.gov.rs.", "more than one link"),
    ("Pay now.Then wait.", "no web address"),
    ("Read https://.", "no web address"),
    ("Read http://mup.", "no web address"),
    ("Go 🙂", "emoji"),
    ("Go ➡️", "emoji"),
    ("Pay 25 \u200f€", "invisible character U+200F"),
    ("Pay \u206825\u2069 €", "invisible character U+2068"),
    ("Soft\u00adhyphen", "invisible character U+00AD"),
    ("Tab\there", "control character U+0009"),
    ("\u0661\u0662 days", "digits are 0-9"),
    ("۱۲ روز", "digits are 0-9"),
]
GOOD = [
    " ".join(["word"] * 15) + ". " + " ".join(["word"] * 15) + ".",
    "Is it valid?",
    "Come on 15 March 2027 at 17:00.",
    "It costs 25 € and 2,000 to 5,500 dinars.",
    "The photo is 50 × 50 mm, 85 % is enough.",
    "Call +381 11 3085 328 or 0800 222 003 or 192.",
    "Write /help or /start.",
    "Make the slip at plati.euprava.gov.rs and pay.",
    "Read https://help.unhcr.org/serbia/living-in-serbia.",
    "You have 10 minutes. After 6 months it ends.",
    "مرا می‌زند",
    "Ask the interpreter (sudski tumač).",
    "{count} steps of {guide}",
]


@pytest.mark.parametrize(("text", "reason"), BAD)
def test_text_against_a_rule_is_told(text: str, reason: str) -> None:
    assert any(reason in told for _, told in faults(text, IN_ENGLISH)), list(faults(text, IN_ENGLISH))


@pytest.mark.parametrize("text", GOOD)
def test_good_text_is_left_alone(text: str) -> None:
    assert list(faults(text, IN_ENGLISH)) == []


def test_a_sentence_over_the_target_is_a_warning_only() -> None:
    assert [severity for severity, _ in faults(LONGISH, IN_ENGLISH)] == ["warning"]


def test_rules_about_english_words_do_not_touch_translations() -> None:
    assert list(faults("Shall und/oder nicht", FOR_NEWCOMERS)) == [
        ("error", "no slash between alternatives: write them out")
    ]


def test_staff_read_long_sentences_but_no_invisible_characters_either() -> None:
    assert list(faults(LONG, FOR_STAFF)) == []
    assert list(faults("a\u202eb", FOR_STAFF))


@pytest.mark.parametrize("number", ["192", "116 111", "0800 222 003", "+381 60 0991 634", "+37167072121", "80009009"])
def test_phone_number_that_people_can_dial_is_taken(number: str) -> None:
    assert list(phone_fault(number)) == []


@pytest.mark.parametrize(
    "number", ["", "011 3085 328", "+0 123 4567", "+381-60-0991-634", "12345678", "call me", "+38"]
)
def test_phone_number_that_cannot_be_dialled_everywhere_is_refused(number: str) -> None:
    assert list(phone_fault(number))


def test_a_label_counts_as_the_channels_count_it() -> None:
    assert list(wording.label_fault("a" * 20, 20)) == []
    assert list(wording.label_fault("𐐀" * 11, 20))


@given(st.text())
def test_any_text_is_judged_without_an_exception(text: str) -> None:
    assert all(severity in ("error", "warning") for severity, _ in faults(text, IN_ENGLISH))
