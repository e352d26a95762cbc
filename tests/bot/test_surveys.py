"""A survey in a talk: one question a message, skip, stop, go on later; what is kept where."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import state
from bot.actions import Act, Action, sign
from bot.channels.arrivals import Attachment, Media, MediaKind, Press, Words
from bot.joining import one_session
from bot.state import State
from bot.testing import ADDRESS, FakeClock, Talk
from flows.limits import utf16
from notices.surveys import Question, Run, Spoken
from notices.surveys import Words as Asked
from storage.file_types import LARGEST
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


MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)
VOICE = Media(MediaKind.VOICE, seconds=24, file=Attachment("f", 1_000, "audio/ogg"))


def talk_about(
    *,
    anonymous: bool = True,
    invites: bool = False,
    saves: bool = True,
    language: str = "en",
    channel: str = "telegram",
) -> Talk:
    """Somebody who pressed the button below a notice about survey 4."""
    talk = Talk(world(), FakeClock(), channel=channel)
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
    assert tap(talk, "Begin") == "📄 Question 1 of 3\nWhen?"
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


def test_home_leads_back_to_questions_that_were_left_as_long_as_they_are_open() -> None:
    talk = talk_about()
    tap(talk, "Begin", "Morning", "Home")
    assert "Question 2 of 3" in tap(talk, "Go on with questions")
    tap(talk, "Home")
    del talk.surveys.surveys[4]
    press(talk, Act.HOME)
    with pytest.raises(LookupError):
        talk.button("Go on with questions")
    assert talk.state.run is None


def test_a_voice_note_answers_a_question_for_own_words_once_the_person_knows_who_hears_it() -> None:
    talk = talk_about(anonymous=False)
    assert "Our team can listen to it." in tap(talk, "Begin", "Morning")
    talk.says(VOICE)
    said = words_of(talk.shown)
    assert "Your voice note is your answer." in said
    assert "Deleted after 30 days." in said
    assert "Question 3 of 3" in said
    tap(talk, "Yes")
    assert talk.surveys.finished == [(4, (0, Spoken(1), 0), False)]
    assert (talk.surveys.heard, talk.memory.media) == ([VOICE], [])


def test_an_anonymous_question_takes_no_voice_and_stays_open() -> None:
    talk = talk_about()
    assert "voice" not in tap(talk, "Begin", "Skip")
    talk.says(VOICE)
    assert "A voice can tell who you are." in words_of(talk.shown)
    assert "Question 2 of 3" in words_of(talk.shown)
    assert (talk.state.run, talk.surveys.heard) == (Run(4, (None,)), [])


@pytest.mark.parametrize("channel", ["webchat", "terminal"])
def test_where_no_voice_note_can_be_sent_none_is_asked_for(channel: str) -> None:
    assert "voice" not in tap(talk_about(anonymous=False, channel=channel), "Begin", "Skip")


@pytest.mark.parametrize(
    ("voice", "said"),
    [
        (replace(VOICE, file=Attachment("f", LARGEST + 1, "audio/ogg")), "too big"),
        (replace(VOICE, file=Attachment("f", 5, "audio/x-unknown")), "We cannot open this kind of file."),
    ],
)
def test_a_voice_note_that_cannot_be_taken_is_no_answer(voice: Media, said: str) -> None:
    talk = talk_about(anonymous=False)
    tap(talk, "Begin", "Skip")
    talk.says(voice)
    assert said in words_of(talk.shown)
    assert talk.state.run == Run(4, (None,))


def test_words_to_a_question_that_was_closed_meanwhile_go_nowhere() -> None:
    talk = talk_about()
    tap(talk, "Begin", "Skip")
    del talk.surveys.surveys[4]
    talk.says(Words("More tea"))
    assert "These questions are closed" in words_of(talk.shown)
    assert (talk.memory.misses, talk.state.run) == ([], None)


def test_a_voice_note_at_a_question_with_choices_changes_nothing() -> None:
    talk = talk_about(anonymous=False)
    tap(talk, "Begin")
    talk.says(VOICE)
    assert "Question 1 of 3" in words_of(talk.shown)
    assert talk.surveys.heard == []


def test_what_is_stopped_or_replaced_by_other_questions_is_thrown_away_with_its_voice_notes() -> None:
    talk = talk_about(anonymous=False)
    tap(talk, "Begin", "Skip")
    talk.says(VOICE)
    tap(talk, "Stop questions")
    talk.surveys.surveys[5] = replace(talk.surveys.surveys[4], id=5)
    press(talk, Act.SURVEY_BEGIN, "4")
    tap(talk, "Skip")
    talk.says(VOICE)
    press(talk, Act.SURVEY_BEGIN, "5")
    assert talk.surveys.thrown_away == [1, 2]
    assert talk.state.run == Run(5)


def test_an_old_button_of_other_questions_that_are_closed_does_no_harm_to_those_under_way() -> None:
    talk = talk_about()
    tap(talk, "Begin", "Morning")
    press(talk, Act.SURVEY, "9")
    assert talk.state.run == Run(4, (0,))


def test_my_data_tells_of_questions_that_were_left_and_removes_them() -> None:
    talk = talk_about(anonymous=False)
    tap(talk, "Begin", "Skip")
    talk.says(VOICE)
    assert "You began our questions: 2 answers so far." in press(talk, Act.KNOWN)
    assert "Your answers are removed." in tap(talk, "Remove my answers")
    assert (talk.state.run, talk.surveys.thrown_away) == (None, [1])
    with pytest.raises(LookupError):
        talk.button("Remove my answers")


def test_back_opens_the_question_before_again() -> None:
    talk = talk_about(anonymous=False)
    tap(talk, "Begin", "Morning")
    talk.says(VOICE)
    assert "Question 2 of 3" in tap(talk, "Back")
    assert (talk.state.run, talk.surveys.thrown_away) == (Run(4, (0,)), [1])
    assert "Question 1 of 3" in tap(talk, "Back")
    assert "Help us." in tap(talk, "Back")
    tap(talk, "Begin", "Evening")
    assert talk.state.run == Run(4, (1,))


def test_when_two_chats_become_one_questions_go_on_and_none_are_asked_twice() -> None:
    run = Run(4, (0, Spoken(7)))
    one, other = State(seen_at=MORNING, surveyed=(1, 2)), State(run=run, surveyed=(2, 3))
    joined = one_session(state.dump(one), state.dump(other))
    assert joined is not None
    assert (state.load(joined).run, state.load(joined).surveyed) == (run, (1, 2, 3))


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
    assert f"1. {choice}\n2. Evening" in tap(talk, "Begin")
    assert utf16(talk.button("🌞").label) <= 20
