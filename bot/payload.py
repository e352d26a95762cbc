"""An Outgoing as bytes: what lies, encrypted, in the outbox."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import orjson

from bot.channels.outgoing import Button, Document, Outgoing, Paragraph, Stored, Style, Template


def pack(out: Outgoing) -> bytes:
    """JSON of everything but `edit` and `mark`, which are known only when the row is claimed."""
    return orjson.dumps(
        {
            "p": [[paragraph.style, paragraph.text] for paragraph in out.paragraphs],
            "r": [[_pack_button(button) for button in row] for row in out.rows],
            "l": out.locale,
        }
        | ({} if out.document is None else {"d": _pack_document(out.document)})
        | ({"x": True} if out.leaves else {})
        | ({} if out.template is None else {"t": [out.template.name, out.template.language]})
        | ({} if out.stored is None else {"f": [out.stored.id, out.stored.name, out.stored.type]})
        | ({} if out.place is None else {"g": out.place})
    )


def unpack(raw: bytes, edit: str | None = None, mark: str = "") -> Outgoing:
    """What pack wrote. edit: the platform's id of the message that is to be replaced. mark: see Outgoing."""
    found = orjson.loads(raw)
    return Outgoing(
        tuple(Paragraph(Style(style), text) for style, text in found["p"]),
        tuple(tuple(Button(*button) for button in row) for row in found["r"]),
        found["l"],
        edit,
        _unpack_document(found["d"]) if "d" in found else None,
        "x" in found,
        Template(*found["t"]) if "t" in found else None,
        mark,
        Stored(*found["f"]) if "f" in found else None,
        tuple(found["g"]) if "g" in found else None,
    )


def _pack_button(button: Button) -> list[str]:
    return [button.label, button.data, button.url] if button.url else [button.label, button.data]


def pack_ids(message_ids: Sequence[str]) -> bytes:
    """Of a row that clears a chat: the channel's ids of what is to be deleted."""
    return orjson.dumps(message_ids)


def unpack_ids(raw: bytes) -> list[str]:
    """What pack_ids wrote."""
    found: list[str] = orjson.loads(raw)
    return found


def _pack_document(document: Document) -> list[str]:
    return [document.name, document.type, base64.b64encode(document.content).decode()]


def _unpack_document(found: list[str]) -> Document:
    name, type, content = found
    return Document(name, type, base64.b64decode(content))
