"""Outgoing -> the parameters of a Telegram call. Plain text with entities: nothing can be escaped wrongly."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.channels.outgoing import Button, Outgoing, Paragraph, Style

ENTITY = {Style.TITLE: "bold", Style.CARD: "blockquote"}
NO_PREVIEW = {"is_disabled": True}


def message(chat: str, out: Outgoing) -> dict[str, Any]:
    """Parameters that sendMessage and editMessageText share."""
    text, entities = _text(out.paragraphs)
    params: dict[str, Any] = {"chat_id": int(chat), "text": text, "link_preview_options": NO_PREVIEW}
    if entities:
        params["entities"] = entities
    if out.rows:
        params["reply_markup"] = {"inline_keyboard": [[_button(button) for button in row] for row in out.rows]}
    return params


def caption(chat: str, out: Outgoing) -> dict[str, Any]:
    """Parameters of sendDocument beside the file; the same message without its buttons."""
    params = message(chat, replace(out, rows=()))
    said = {"caption": params["text"], "caption_entities": params.get("entities", [])} if params["text"] else {}
    return {"chat_id": params["chat_id"], **said}


def place(chat: str, place: tuple[float, float]) -> dict[str, Any]:
    """Parameters of sendLocation."""
    latitude, longitude = place
    return {"chat_id": int(chat), "latitude": latitude, "longitude": longitude}


def _button(button: Button) -> dict[str, str]:
    return (
        {"text": button.label, "url": button.url}
        if button.url
        else {"text": button.label, "callback_data": button.data}
    )


def _text(paragraphs: tuple[Paragraph, ...]) -> tuple[str, list[dict[str, Any]]]:
    """The joined text and its entities; offsets and lengths in UTF-16 units, as Telegram counts."""
    offset = 0
    entities = []
    for paragraph in paragraphs:
        length = len(paragraph.text.encode("utf-16-le")) // 2
        if kind := ENTITY.get(paragraph.style):
            entities.append({"type": kind, "offset": offset, "length": length})
        offset += length + 1
    return "\n".join(paragraph.text for paragraph in paragraphs), entities
