"""Telegram as a Channel: what to do with each of its answers (channels.md, "Answers -> action")."""

from __future__ import annotations

from typing import Any

import structlog

from bot.channels.base import (
    Abilities,
    Moved,
    Outgoing,
    Refused,
    SendError,
    Sent,
    Stopped,
    Throttled,
    Uncertain,
    Unreachable,
)
from bot.channels.telegram import render
from bot.channels.telegram.api import Calls, Refusal
from bot.channels.telegram.parse import SCHEME

log = structlog.get_logger()

TOKEN_PAUSE = 60.0  # seconds between tries while the token is refused
NOT_MODIFIED = "message is not modified"
EDIT_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
BAD_ENTITIES = "can't parse entities"
NEVER_STARTED = ("chat not found", "user not found", "bot can't initiate conversation")
BLOCKED = ("blocked by the user", "user is deactivated", "bot was kicked", "not a member", "chat was deleted")


class Telegram:
    """Sends through one bot."""

    scheme = SCHEME
    abilities = Abilities(paced=True)

    def __init__(self, api: Calls) -> None:
        self._api = api

    async def send(self, opaque_id: str, out: Outgoing) -> Sent:
        """See Channel.send. An edit whose message is gone becomes a new message."""
        params = render.message(opaque_id, out)
        try:
            if out.edit is not None and (sent := await self._edit(params, out.edit)):
                return sent
            return await self._call("sendMessage", params)
        except Refusal as refusal:
            raise translate(refusal) from None

    async def acknowledge(self, press_id: str) -> None:
        """Stop the spinner of a button. Best effort: an expired press harms nobody."""
        try:
            await self._api.call("answerCallbackQuery", {"callback_query_id": press_id})
        except (Refusal, SendError):
            log.debug("press_not_acknowledged")

    async def _edit(self, params: dict[str, Any], message_id: str) -> Sent | None:
        try:
            return await self._call("editMessageText", params | {"message_id": int(message_id)})
        except Refusal as refusal:
            prose = refusal.description.lower()
            if NOT_MODIFIED in prose:
                return Sent(message_id)
            if any(part in prose for part in EDIT_GONE):
                return None
            raise
        except Uncertain:
            # An edit says an end state, so repeating it is safe: it counts as not done yet.
            raise Unreachable("edit_unanswered") from None

    async def _call(self, method: str, params: dict[str, Any]) -> Sent:
        try:
            result = await self._api.call(method, params)
        except Refusal as refusal:
            if BAD_ENTITIES not in refusal.description.lower() or "entities" not in params:
                raise
            log.error("entities_refused", method=method)
            result = await self._api.call(method, {name: value for name, value in params.items() if name != "entities"})
        return Sent(str(result["message_id"]))


def translate(refusal: Refusal) -> SendError:
    """The error that stands for an answer. Classified by code first, by text second."""
    prose = refusal.description.lower()
    parameters = refusal.parameters
    if refusal.code == 429:
        return Throttled("flood", float(parameters.get("retry_after", 5)))
    if "migrate_to_chat_id" in parameters:
        return Moved("migrated", str(parameters["migrate_to_chat_id"]))
    if refusal.code == 403 and any(part in prose for part in BLOCKED):
        return Stopped("blocked")
    if any(part in prose for part in NEVER_STARTED):
        return Refused("chat_not_found", ours=False)
    if refusal.code in {401, 404}:
        # The token was revoked or mistyped: nothing is wrong with the message, so it waits for a right one.
        return Throttled("token", TOKEN_PAUSE, whole_bot=True)
    if refusal.code == 409:
        return Unreachable("second_poller")
    return Refused(f"refused_{refusal.code}")
