"""A survey in a talk: one question a message, skip, stop, go on later; what is kept where."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.actions import Act, Action, sign
from bot.channels.base import Press, Words
from bot.testing import ADDRESS, FakeClock, Talk
from flows.limits import utf16
from notices.surveys import Question, Run
from notices.surveys import Words as Asked
from storage.surveys import SurveyRow
from tests.bot.test_checklist import words_of, world

ASKED = Asked(
    "Our class",
    "Help us.",
    (Question("When?", ("Morning", "Evening")), Question("What else?"), Question("Again?", ("Yes", "No"))),
)
FRENCH = Asked(
    "Notre cours",
    "",
    (Question("Quand ?", ("Matin", "Soir")), Question("Quoi ?"), Question("Encore ?", ("Oui", "Non"))),
)


def talk_about(*, anonymous: bool = True, invites: bool = False, saves: bool = True, language: str = "en") -> Talk:
    """Somebody who pressed the button below a notice about survey 4."""
    talk = Talk(world(), FakeClock())
    talk.opens("driving-licence", language)
    if saves:
        talk.person = replace(talk.person, consent="full")
    texts = {"en": (ASKED.title, ASKED.intro, ASKED.dump()), "fr": (FRENCH.title, "", FRENCH.dump())}
    talk.surveys.surveys[4] = SurveyRow(4, "open", anonymous, for_staff=False, invites=invites, texts=texts)
    press(talk, Act.SURVEY, "4")
    return talk


def press(talk: Talk, act: Act, *args: str) -> str:
    """Press a button of any age."""
    talk.clock.forward(timedelta(minutes=1))  # type: ignore[attr-defined]
    talk.says(Press(sign(Action(act, args), talk.world.button_key, ADDRESS)))
    return words_of(talk.shown)


def tap(talk: Talk, *labels: str) -> str:
    for label in labels:
        talk.clock.forward(timedelta(minutes=1))  # type: ignore[attr-defined]
        talk.presses(label)
    return words_of(talk.shown)


def test_before_the_first_question_it_says_how_answers_are_kept() -> None:
    assert "Anonymous: nobody can see who answered what" in words_of(talk_about().shown)
    assert "We keep your answers with your chat" in words_of(talk_about(anonymous=False).shown)


def test_one_question_a_message_by_button_by_words_and_skipped() -> None:
    talk = talk_about()
    assert tap(talk, "Begin") == "📄 Question 1 of 3\nWhen?\n1. Morning\n2. Evening"
    assert "What else?" in tap(talk, "Evening")
    talk.says(Words("More tea, 3 cups"))
    assert "Question 3 of 3" in words_of(talk.shown)
    assert talk.surveys.finished == []
    assert "Thank you for your answers." in tap(talk, "Skip")
    assert talk.surveys.finished == [(4, (1, "More tea, 3 cups", None), False)]
    assert talk.memory.joined == []


@pytest.mark.parametrize("words", ["1", "2", "licence"])
def test_words_that_mean_something_elsewhere_are_an_answer_where_words_are_asked_for(words: str) -> None:
    talk = talk_about()
    tap(talk, "Begin", "Skip")
    talk.says(Words(words))
    assert talk.state.run == Run(4, (None, words))


def test_the_language_may_change_in_the_middle_and_the_same_question_stands_there() -> None:
    talk = talk_about()
    tap(talk, "Begin")
    talk.says(Words("français"))
    assert "Quand ?" in words_of(talk.shown)
    assert "Quoi ?" in tap(talk, "Soir")


def test_who_goes_away_goes_on_where_they_were() -> None:
    talk = talk_about()
    tap(talk, "Begin", "Morning", "Home")
    assert "You can go on here." in press(talk, Act.SURVEY, "4")
    assert "Question 2 of 3" in words_of(talk.shown)
    assert talk.state.run == Run(4, (0,))


def test_who_stops_leaves_nothing_behind() -> None:
    talk = talk_about()
    assert "Nothing of your answers is kept." in tap(talk, "Begin", "Morning", "Stop questions")
    assert (talk.state.run, talk.surveys.finished) == (None, [])


def test_an_old_button_changes_no_answer() -> None:
    talk = talk_about()
    tap(talk, "Begin", "Morning")
    assert "This button is old." in press(talk, Act.SURVEY_ANSWER, "4", "0", "1")
    assert talk.state.run == Run(4, (0,))


def test_nobody_answers_twice() -> None:
    for anonymous in (True, False):
        talk = talk_about(anonymous=anonymous)
        tap(talk, "Begin", "Skip", "Skip", "Skip")
        assert "These questions are closed, or you have answered them." in press(talk, Act.SURVEY_BEGIN, "4")
        assert len(talk.surveys.finished) == 1


def test_answers_that_lead_to_a_person_need_the_ok_to_saving_and_anonymous_ones_do_not() -> None:
    talk = talk_about(anonymous=False, saves=False)
    assert "We keep these answers with your chat." in tap(talk, "Begin")
    tap(talk, "OK, keep it")
    assert "Question 1 of 3" in tap(talk, "Begin")
    assert "Question 1 of 3" in tap(talk_about(saves=False), "Begin")


@pytest.mark.parametrize(("label", "agreed"), [("Yes, invite me", True), ("No, thank you", False)])
def test_who_may_be_invited_is_asked_at_the_end_and_apart(label: str, agreed: bool) -> None:
    talk = talk_about(invites=True)
    assert "Your yes is kept apart from your answers." in tap(talk, "Begin", "Skip", "Skip", "Skip")
    tap(talk, label)
    assert talk.surveys.finished == [(4, (None, None, None), agreed)]


def test_a_cry_for_help_is_no_answer() -> None:
    talk = talk_about()
    tap(talk, "Begin", "Skip")
    talk.says(Words("sos"))
    assert "192" in words_of(talk.shown)
    assert talk.state.run == Run(4, (None,))


@pytest.mark.parametrize("labels", [("Skip", "Skip", "Skip"), ("Skip", "Skip", "Skip", "Yes, invite me")])
def test_who_takes_the_ok_to_saving_back_half_way_is_asked_again_before_anything_is_kept(
    labels: tuple[str, ...],
) -> None:
    talk = talk_about(anonymous=False, invites=len(labels) == 4)
    tap(talk, "Begin", *labels[:-1])
    talk.person = replace(talk.person, consent="unsaved")
    assert "We keep these answers with your chat." in tap(talk, labels[-1])
    assert talk.surveys.finished == []
    tap(talk, "OK, keep it", *labels[3:])
    assert talk.surveys.finished == [(4, (None, None, None), len(labels) == 4)]


def test_a_long_choice_on_a_button_is_cut_as_channels_count_and_stands_whole_above() -> None:
    talk = talk_about()
    choice = "🌞" * 15
    asked = Asked("Our class", "", (Question("When?", (choice, "Evening")),))
    texts = {"en": (asked.title, asked.intro, asked.dump())}
    talk.surveys.surveys[4] = replace(talk.surveys.surveys[4], texts=texts)
    assert f"1. {choice}" in tap(talk, "Begin")
    assert utf16(talk.button("🌞").label) <= 20
