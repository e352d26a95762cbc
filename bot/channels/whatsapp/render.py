"""Outgoing -> one message of the Cloud API. One card is one message: two within six seconds break the pair rate.

Up to three buttons are reply buttons, up to ten a list. No label is ever cut: what does not fit as a title stands below
it, and what fits nowhere is said as numbered text, whose numbers can be typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from bot.actions import Act
from bot.channels.outgoing import Button, Document, Outgoing, Paragraph, Style, Template
from flows.limits import WHATSAPP, utf16

Json = dict[str, Any]
#: A text of ours by its key, in the language of the message.
Say = Callable[[str], str]

CHOOSE, TYPE_NUMBER = "bot.whatsapp.choose", "bot.whatsapp.type_number"
REPLIES = WHATSAPP.buttons
REPLY_LABEL = WHATSAPP.button_label or 0
ROWS = WHATSAPP.list_rows or 0
ROW_LABEL, ROW_ABOUT = WHATSAPP.row_label or 0, WHATSAPP.row_about or 0
PROMPT = WHATSAPP.prompt
#: Cloud API, "Supported media types"; everything else goes as a document.
SOUNDS, PICTURES = frozenset({"audio/ogg", "audio/mpeg"}), frozenset({"image/jpeg", "image/png"})
LARGEST_PICTURE = 5 * 1024 * 1024  # bytes
NO_TITLE = "•"  # above a label that is too long for a title and has no icon
NAV = (Act.BACK, Act.HOME, Act.PERSON)


def message(out: Outgoing, say: Say) -> Json:
    """The part of a message that says something: its type, and what belongs to that."""
    buttons = [button for row in out.rows for button in row]
    presses = [button for button in buttons if not button.url]
    text = _text(out.paragraphs)
    if len(buttons) == 1 and not presses and _fits_link(text, buttons[0]):
        return _link(text, buttons[0])
    text = "\n".join([text, *(f"{button.label}: {button.url}" for button in buttons if button.url)])
    if presses and utf16(text) <= PROMPT:
        if (replies := _replies(presses)) is not None:
            return _interactive("button", text, {"buttons": replies})
        if (rows := _rows(presses)) is not None:
            return _interactive("list", text, {"button": say(CHOOSE), "sections": [{"rows": rows}]})
    return words(_numbered(text, out.rows, say) if presses else text)


def words(text: str) -> Json:
    """Plain words; links in them are not looked up."""
    return {"type": "text", "text": {"body": text, "preview_url": False}}


def file(out: Outgoing, media_id: str, given: Document) -> Json:
    """A file that was uploaded, as what it is, with the paragraphs under it; sound has no line under it."""
    text = _text(out.paragraphs)
    said = {"caption": text} if text else {}
    if given.type in SOUNDS and not text:
        return {"type": "audio", "audio": {"id": media_id}}
    if given.type in PICTURES and len(given.content) <= LARGEST_PICTURE:
        return {"type": "image", "image": {"id": media_id} | said}
    return {"type": "document", "document": {"id": media_id, "filename": given.name} | said}


def place(place: tuple[float, float]) -> Json:
    """A place on the map."""
    latitude, longitude = place
    return {"type": "location", "location": {"latitude": latitude, "longitude": longitude}}


def template(given: Template) -> Json:
    """An approved text without anything filled in: nothing of a case can stand on a locked screen."""
    return {"type": "template", "template": {"name": given.name, "language": {"code": given.language}}}


def recipient(opaque_id: str) -> Json:
    """A number is digits; anything else is an id that WhatsApp made of a person without a visible number."""
    name = "to" if opaque_id.isdecimal() else "recipient"
    return {"messaging_product": "whatsapp", "recipient_type": "individual", name: opaque_id}


def _interactive(kind: str, text: str, action: Json) -> Json:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": text}, "action": action}}


def _fits_link(text: str, button: Button) -> bool:
    return utf16(text) <= PROMPT and _label(button.label, REPLY_LABEL) is not None


def _link(text: str, button: Button) -> Json:
    parameters = {"display_text": _label(button.label, REPLY_LABEL), "url": button.url}
    return _interactive("cta_url", text, {"name": "cta_url", "parameters": parameters})


def _replies(buttons: Sequence[Button]) -> list[Json] | None:
    """Reply buttons, None where they are too many, too long or would look alike."""
    titles = [_label(button.label, REPLY_LABEL) for button in buttons]
    if len(buttons) > REPLIES or None in titles or len(set(titles)) < len(titles):
        return None
    return [
        {"type": "reply", "reply": {"id": button.data, "title": title}}
        for button, title in zip(buttons, titles, strict=True)
    ]


def _rows(buttons: Sequence[Button]) -> list[Json] | None:
    """Rows of a list, None where they are too many or one is too long also for the line below its title."""
    rows = [_row(button) for button in buttons]
    return None if len(rows) > ROWS or None in rows else [row for row in rows if row is not None]


def _row(button: Button) -> Json | None:
    title = _label(button.label, ROW_LABEL)
    if title is not None:
        return {"id": button.data, "title": title}
    icon, words = _apart(button.label)
    return {"id": button.data, "title": icon or NO_TITLE, "description": words} if utf16(words) <= ROW_ABOUT else None


def _label(label: str, most: int) -> str | None:
    """The label, without its icon where only that makes it fit; None where it does not fit."""
    for candidate in (label, _apart(label)[1]):
        if utf16(candidate) <= most:
            return candidate
    return None


def _apart(label: str) -> tuple[str, str]:
    """Icon and words. An icon has no letter and no digit and stands before a space."""
    first, *rest = re.split("[ \u00a0]", label, maxsplit=1)
    return (first, rest[0]) if rest and not any(sign.isalnum() for sign in first) else ("", label)


def _numbered(text: str, rows: Sequence[Sequence[Button]], say: Say) -> str:
    """Choices as text, with the numbers that the dialogue understands; Back, Home and Person are typed as words."""
    nav = rows[-1] if rows and tuple(button.data.partition(".")[0] for button in rows[-1]) == NAV else ()
    choices = [button for row in (rows[:-1] if nav else rows) for button in row if not button.url]
    lines = [f"{number}. {button.label}" for number, button in enumerate(choices, 1)]
    lines = [say(TYPE_NUMBER), *lines] if lines else []
    return "\n".join([text, *lines, *([" · ".join(button.label for button in nav)] if nav else [])])


def _text(paragraphs: Sequence[Paragraph]) -> str:
    return "\n".join(_styled(paragraph) for paragraph in paragraphs)


def _styled(paragraph: Paragraph) -> str:
    """WhatsApp's own marks; only round what has none of them, so that nothing is read as a mark by mistake."""
    text = paragraph.text
    match paragraph.style:
        case Style.TITLE if text.strip() and "*" not in text and "\n" not in text:
            return f"*{text.strip()}*"
        case Style.CARD:
            return "\n".join(f"> {line}" for line in text.splitlines())
        case _:
            return text
