from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from telegram import constants

from flows import limits
from flows.limits import TELEGRAM, WHATSAPP, label_limit, utf16


def test_telegrams_limits_are_those_that_an_independent_client_knows() -> None:
    message, button = constants.MessageLimit, constants.InlineKeyboardButtonLimit
    keyboard, command = constants.InlineKeyboardMarkupLimit, constants.BotCommandLimit
    about = constants.BotDescriptionLimit
    assert {
        "text": message.MAX_TEXT_LENGTH,
        "prompt": message.MAX_TEXT_LENGTH,
        "caption": message.CAPTION_LENGTH,
        "entities": message.MESSAGE_ENTITIES,
        "start_payload": message.DEEP_LINK_LENGTH,
        "button_data": button.MAX_CALLBACK_DATA,
        "copied": button.MAX_COPY_TEXT,
        "buttons": keyboard.TOTAL_BUTTON_NUMBER,
        "buttons_per_row": keyboard.BUTTONS_PER_ROW,
        "press_answer": constants.CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH,
        "commands": command.MAX_COMMAND_NUMBER,
        "command_name": command.MAX_COMMAND,
        "command_about": command.MAX_DESCRIPTION,
        "bot_name": constants.BotNameLimit.MAX_NAME_LENGTH,
        "bot_about": about.MAX_SHORT_DESCRIPTION_LENGTH,
        "bot_description": about.MAX_DESCRIPTION_LENGTH,
    }.items() <= {name: getattr(TELEGRAM, name) for name in TELEGRAM.__slots__}.items()


def test_our_labels_fit_the_narrowest_button_and_row_there_is() -> None:
    channel = (WHATSAPP.buttons, WHATSAPP.button_label, WHATSAPP.row_label, WHATSAPP.row_about)
    assert channel == (limits.FEW_CHOICES, limits.LABEL_OF_FEW, limits.LABEL, limits.LABEL_ABOUT)


def test_a_step_with_its_buttons_fits_every_channel() -> None:
    assert limits.STEP_TARGET < limits.STEP
    assert min(TELEGRAM.prompt, WHATSAPP.prompt, TELEGRAM.caption, WHATSAPP.caption) >= limits.STEP


def test_back_home_and_person_fit_into_a_list_beside_the_choices() -> None:
    assert WHATSAPP.list_rows == limits.CHOICES + 3


def test_a_deep_link_takes_the_longest_guide_step_and_language() -> None:
    link = "-".join(["g" * limits.FLOW_ID, "s" * limits.STEP_ID, "sr-Cyrl"])
    assert TELEGRAM.start_payload is not None
    assert len(link) <= TELEGRAM.start_payload


def test_labels_are_shorter_where_all_choices_are_reply_buttons() -> None:
    assert [label_limit(choices) for choices in (1, 3, 4, 7)] == [20, 20, 24, 24]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_lengths_are_counted_as_telegram_counts_them(text: str) -> None:
    assert utf16(text) == len(text.encode("utf-16-le")) // 2


def test_an_emoji_counts_two() -> None:
    assert (utf16("🙋 a"), utf16("دری")) == (4, 3)
