"""Presses that no button of ours made, that come late, twice, or at once: nothing changes, one line says why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.house import House
from bot.sandbox.chats import BotMessage
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from tests.acceptance.houses import eventually, stored
from tests.acceptance.walks import TO_THE_FIRST_STEP, TO_THE_SECOND_STEP, arrive, plain, tap


def data_of(message: BotMessage, ending: str) -> str:
    """The data behind a button."""
    return next(data for label, data in message.pressable if label.endswith(ending))


@pytest.mark.parametrize(
    "forge",
    [
        lambda data: data[:-1] + ("A" if data[-1] != "A" else "B"),
        lambda data: data.replace("done", "next"),
        lambda data: data.rpartition("~")[0],
        lambda data: "~",
        lambda data: "👍" * 16,
    ],
    ids=["other signature", "other choice", "no signature", "nothing", "emoji"],
)
async def test_a_forged_press_changes_nothing(
    house: House, telegram: TelegramServer, forge: Callable[[str], str]
) -> None:
    person = telegram.person(1, language_code="en")
    step = await arrive(person, TO_THE_FIRST_STEP)
    query = await person.presses_raw(forge(data_of(step, "Done")), step)
    (answer,) = await person.hears()
    assert answer.text.splitlines()[0] == "⚠️ This button does not work here."
    assert "step 1 of 8" in plain(answer.text)
    await eventually(lambda: query in telegram.answered)
    assert "step 1" not in plain((await tap(person, "Done")).text)


async def test_the_button_of_another_person_changes_nothing(house: House, telegram: TelegramServer) -> None:
    owner, stranger = telegram.person(1, language_code="en"), telegram.person(2, language_code="en")
    mine = await arrive(owner, TO_THE_FIRST_STEP)
    theirs = await arrive(stranger, TO_THE_FIRST_STEP)
    await stranger.presses_raw(data_of(mine, "Done"), theirs)
    (answer,) = await stranger.hears()
    assert "This button does not work here." in answer.text
    assert "step 1 of 8" in plain(answer.text)


async def test_a_double_tap_is_answered_once_and_both_spinners_stop(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = telegram.person(1, language_code="en")
    step = await arrive(person, TO_THE_FIRST_STEP)
    taps = [await person.presses("✅ Done", step), await person.presses("✅ Done", step)]
    (question,) = await person.hears()
    await eventually(lambda: set(taps) <= telegram.answered.keys())
    await eventually(lambda: stored(house, "SELECT count(*) FROM inbox WHERE state != 'done'") == [(0,)])
    clock.forward(timedelta(minutes=1))
    assert "valid today" in question.text
    await person.says("yes")
    (after,) = await person.hears()
    assert "temporary" in after.text


async def test_of_two_answers_to_one_question_the_first_counts(house: House, telegram: TelegramServer) -> None:
    person = telegram.person(1, language_code="en")
    question = await arrive(person, [*TO_THE_FIRST_STEP, "Done"])
    await person.presses("Yes", question)
    await person.presses("No", question)
    next_question, still = await person.hears(2)
    assert "temporary" in next_question.text
    assert still.text.splitlines()[0] == "⚠️ This button is old. You are here now."
    assert "temporary" in still.text


async def test_an_old_answer_changes_nothing_and_an_old_home_button_works(
    house: House, telegram: TelegramServer
) -> None:
    person = telegram.person(1, language_code="en")
    await arrive(person, TO_THE_SECOND_STEP)
    first_step = next(message for message in person.messages if "step 1 of 8" in plain(message.text))
    await person.presses("✅ Done", first_step)
    (still,) = await person.hears()
    assert "This button is old" in still.text
    assert "step 2 of 8" in plain(still.text)
    await person.presses("🏠 Home", first_step)
    (home,) = await person.hears()
    assert "How can I help?" in home.text
    assert home.id != first_step.id


async def test_an_old_back_button_does_not_move_the_person(house: House, telegram: TelegramServer) -> None:
    person = telegram.person(1, language_code="en")
    await arrive(person, TO_THE_SECOND_STEP)
    first_step = next(message for message in person.messages if "step 1 of 8" in plain(message.text))
    await person.presses("⬅️ Back", first_step)
    (still,) = await person.hears()
    assert "This button is old" in still.text
    assert "step 2 of 8" in plain(still.text)


async def test_a_press_and_words_that_crossed_are_both_answered_in_their_order(
    house: House, telegram: TelegramServer
) -> None:
    person = telegram.person(1, language_code="en")
    step = await arrive(person, TO_THE_FIRST_STEP)
    await person.says("back")
    await person.presses("✅ Done", step)
    earlier, still = await person.hears(2)
    assert "in your hands" in earlier.text
    assert "This button is old" in still.text
    assert "in your hands" in still.text
    assert telegram.violations == []
