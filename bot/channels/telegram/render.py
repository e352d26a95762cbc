"""Outgoing -> the parameters of a Telegram call. Plain text with entities: nothing can be escaped wrongly."""

from __future__ import annotations

from typing import Any

from bot.channels.base import Outgoing, Paragraph, Style

ENTITY = {Style.TITLE: "bold", Style.CARD: "blockquote"}
NO_PREVIEW = {"is_disabled": True}


def message(chat: str, out: Outgoing) -> dict[str, Any]:
    """Parameters that sendMessage and editMessageText share."""
    text, entities = _text(out.paragraphs)
    params: dict[str, Any] = {"chat_id": int(chat), "text": text, "link_preview_options": NO_PREVIEW}
    if entities:
        params["entities"] = entities
    if out.rows:
        params["reply_markup"] = {
            "inline_keyboard": [[{"text": b.label, "callback_data": b.data} for b in row] for row in out.rows]
        }
    return params


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
