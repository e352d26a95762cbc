"""Telling the day from which a term counts: by a button or typed, kept or not, shown where it matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.channels.arrivals import Press, Words
from bot.channels.outgoing import Outgoing
from bot.testing import FakeClock, Talk
from tests.bot.test_checklist import world
from tests.transcripts.script import plain

GUIDE = "driving-licence"
# FakeClock's day is Monday 23 November 2026.
TO_THE_EXAM = (
    "Start", "No", "Refugee status", "Yes", "Done", "Yes", "No, a normal one", "Yes", "6 months or more", "Done",
    "Done", "A or B", "No",
)  # fmt: skip
LAST_DAY = "Last day to hand in the certificate: Sunday 23 May 2027."


def talk_at_the_exam(*, saves: bool = True) -> Talk:
    talk = Talk(world(), FakeClock())
    talk.opens(GUIDE, "en")
    if saves:
        talk.person = replace(talk.person, consent="full")
    for label in TO_THE_EXAM:
        talk.presses(label)
        talk.clock.forward(timedelta(minutes=1))  # type: ignore[attr-defined]
    assert "Get the medical certificate" in words_of(talk.shown)
    return talk


def words_of(out: Outgoing | None) -> str:
    assert out is not None
    return plain("\n".join(paragraph.text for paragraph in out.paragraphs))


def test_today_is_one_tap_and_the_last_day_stands_on_the_step_and_where_it_is_needed() -> None:
    talk = talk_at_the_exam()
    talk.presses("Tell the date")
    assert "On which day was the exam?" in words_of(talk.shown)
    talk.presses("Today")
    assert words_of(talk.shown).startswith("✔️ Noted: Monday 23 November 2026.")
    assert words_of(talk.shown).count(LAST_DAY) == 1
    assert "check first" in next(line for line in words_of(talk.shown).splitlines() if LAST_DAY in line)
    assert talk.button("Change the date")
    talk.presses("Home")
    assert LAST_DAY.removesuffix(".") in words_of(talk.shown)
    talk.presses("Driving licence")
    assert LAST_DAY in words_of(talk.shown)
    for label in ("Continue", "Done", "Done", "Done"):
        talk.presses(label)
    assert "Hand in everything" in words_of(talk.shown)
    assert LAST_DAY in words_of(talk.shown)


@pytest.mark.parametrize("typed", ["22.11.2026", "2026-11-22", "22 November", "۲۲/۱۱/۲۰۲۶", "1405/9/1"])
def test_another_day_is_typed_in_any_form_and_replaces_the_first(typed: str) -> None:
    talk = talk_at_the_exam()
    talk.presses("Tell the date")
    talk.presses("Yesterday")
    talk.presses("Change the date")
    talk.presses("Another day")
    talk.says(Words(typed))
    assert talk.memory.told == [("medical-exam", date(2026, 11, 22))]
    assert "Saturday 22 May 2027" in words_of(talk.shown)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31.2.2026", "I cannot read this day."),
        ("12", "I cannot read this day."),
        ("1.1.1999", "I cannot read this day."),
        ("24.11.2026", "Tuesday 24 November 2026 has not come yet."),
    ],
)
def test_a_day_that_cannot_be_is_refused_clearly_and_may_be_typed_again(typed: str, said: str) -> None:
    talk = talk_at_the_exam()
    talk.presses("Tell the date")
    talk.presses("Another day")
    talk.says(Words(typed))
    assert said in words_of(talk.shown)
    assert "On which day was the exam?" in words_of(talk.shown)
    assert talk.memory.told == []
    talk.says(Words("20.11.2026"))
    assert talk.memory.told == [("medical-exam", date(2026, 11, 20))]
    assert "Get the medical certificate" in words_of(talk.shown)


def test_words_that_are_no_day_are_understood_as_everywhere() -> None:
    talk = talk_at_the_exam()
    talk.presses("Tell the date")
    talk.says(Words("back"))
    assert "Get the medical certificate" in words_of(talk.shown)


def test_without_saving_the_last_day_is_said_once_and_nothing_is_kept() -> None:
    talk = talk_at_the_exam(saves=False)
    talk.presses("Tell the date")
    talk.presses("Today")
    assert LAST_DAY in words_of(talk.shown)
    assert "We do not remember the day" in words_of(talk.shown)
    assert talk.memory.told == []
    talk.presses("Home")
    assert LAST_DAY not in words_of(talk.shown)


def test_today_pressed_on_another_day_changes_nothing() -> None:
    talk = talk_at_the_exam()
    talk.presses("Tell the date")
    old = talk.button("Today")
    talk.presses("Back")
    talk.clock.forward(timedelta(days=1))  # type: ignore[attr-defined]
    talk.says(Press(old.data))
    assert "This button is old." in words_of(talk.shown)
    assert talk.memory.told == []


def test_a_term_that_is_over_is_said_to_be_over_and_leaves_the_home_screen() -> None:
    talk = talk_at_the_exam()
    talk.presses("Tell the date")
    talk.says(Words("1.3.2026"))
    assert "Last day to hand in the certificate: Tuesday 1 September 2026. That day is over." in words_of(talk.shown)
    talk.presses("Home")
    assert "certificate:" not in words_of(talk.shown)


def test_a_day_that_two_guides_count_from_is_asked_once_and_stands_once_at_home() -> None:
    talk = talk_at_the_exam()
    talk.presses("Tell the date")
    talk.presses("Today")
    talk.presses("Home")
    assert words_of(talk.shown).count("23 May 2027") == 1
    talk.presses("Medical certificates")
    assert "23 May 2027" in words_of(talk.shown)


def test_the_question_stands_again_in_another_language() -> None:
    talk = talk_at_the_exam()
    talk.presses("Tell the date")
    talk.says(Words("Srpski"))
    talk.says(Words("21. novembra 2026."))
    assert talk.memory.told == [("medical-exam", date(2026, 11, 21))]


def test_the_end_of_a_guide_asks_too_and_stands_there_again_with_the_day() -> None:
    talk = Talk(world(), FakeClock())
    talk.opens(GUIDE, "en")
    talk.person = replace(talk.person, consent="full")
    for label in (*TO_THE_EXAM[:8], "Under 6 months", "I will wait", "Tell the date", "Today"):
        talk.presses(label)
        talk.clock.forward(timedelta(minutes=1))  # type: ignore[attr-defined]
    assert "All right, you wait." in words_of(talk.shown)
    assert words_of(talk.shown).count("6 months after your decision: Sunday 23 May 2027.") == 1
