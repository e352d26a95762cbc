"""An Outgoing as bytes: what lies, encrypted, in the outbox."""

from __future__ import annotations

import orjson

from bot.channels.base import Button, Outgoing, Paragraph, Style


def pack(out: Outgoing) -> bytes:
    """JSON of everything but `edit`, which is known only when the row is claimed."""
    return orjson.dumps(
        {
            "p": [[paragraph.style, paragraph.text] for paragraph in out.paragraphs],
            "r": [[[button.label, button.data] for button in row] for row in out.rows],
            "l": out.locale,
        }
    )


def unpack(raw: bytes, edit: str | None = None) -> Outgoing:
    """What pack wrote. edit: the platform's id of the message that is to be replaced."""
    found = orjson.loads(raw)
    return Outgoing(
        tuple(Paragraph(Style(style), text) for style, text in found["p"]),
        tuple(tuple(Button(label, data) for label, data in row) for row in found["r"]),
        found["l"],
        edit,
    )
