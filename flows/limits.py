"""What fits: the limits of both channels and our own, as pure data.

Sources: Bot API 10.1 (June 2026), Telegram's server for what the API does not state, WhatsApp Cloud API 23.0.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel takes. None = the channel has no such thing, or sets no limit to it.

    Lengths are counted in UTF-16 units, which are never fewer than characters; in bytes where that is said.

    text, caption: one message; the words under a photo or file. raw_text: bytes of a text before entities are parsed.
    prompt: the text of a message that carries buttons. header, footer: the lines above and below it.
    buttons, buttons_per_row, button_label, button_data (bytes): the keyboard of a message.
    list_rows, row_label, row_about, row_data (bytes), list_opener, list_section: a list to pick from.
    entities: formatted stretches in a message. copied: text behind a copy button. press_answer: the passing line that
    answers a press. start_payload: what a deep link carries.
    commands, command_name, command_about, bot_name, bot_about, bot_description: how the bot presents itself.
    """

    text: int
    caption: int
    prompt: int
    buttons: int
    buttons_per_row: int
    button_data: int
    button_label: int | None = None
    raw_text: int | None = None
    header: int | None = None
    footer: int | None = None
    list_rows: int | None = None
    row_label: int | None = None
    row_about: int | None = None
    row_data: int | None = None
    list_opener: int | None = None
    list_section: int | None = None
    entities: int | None = None
    copied: int | None = None
    press_answer: int | None = None
    start_payload: int | None = None
    commands: int | None = None
    command_name: int | None = None
    command_about: int | None = None
    bot_name: int | None = None
    bot_about: int | None = None
    bot_description: int | None = None


TELEGRAM = Limits(
    text=4096,
    caption=1024,
    prompt=4096,
    buttons=100,
    buttons_per_row=8,
    button_data=64,
    raw_text=32_768,
    entities=100,
    copied=256,
    press_answer=200,
    start_payload=64,
    commands=100,
    command_name=32,
    command_about=256,
    bot_name=64,
    bot_about=120,
    bot_description=512,
)

WHATSAPP = Limits(
    text=4096,
    caption=1024,
    prompt=1024,
    buttons=3,
    buttons_per_row=1,
    button_data=256,
    button_label=20,
    header=60,
    footer=60,
    list_rows=10,
    row_label=24,
    row_about=72,
    row_data=200,
    list_opener=20,
    list_section=24,
)

# Our own rules, the same on every channel and in every language, so that a guide can be moved to any of them.
FEW_CHOICES = 3
LABEL_OF_FEW = 20  # UTF-16 units; a WhatsApp reply button
LABEL = 24  # UTF-16 units; a WhatsApp list row
LABEL_ABOUT = 72  # UTF-16 units; a longer title goes here
CHOICES = 7  # ten list rows less Back, Home and Person
STEP_TARGET = 600  # UTF-16 units of a step as it is shown
STEP = 900
WORDS = 60  # of one message
LINES = 6  # of one message

# Characters of a-z, 0-9 and "-", so that a signed button fits into Telegram's 64 bytes.
FLOW_ID = 20
STEP_ID = 20
CHOICE_ID = 12


def label_limit(choices: int) -> int:
    """Return how many UTF-16 units a button's label may have where there are so many choices."""
    return LABEL_OF_FEW if choices <= FEW_CHOICES else LABEL


def utf16(text: str) -> int:
    """Return the length in UTF-16 units: most emoji count two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
