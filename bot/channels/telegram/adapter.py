"""Telegram as a Channel: what to do with each of its answers (channels.md, "Answers -> action")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

from bot.channels.base import (
    Abilities,
    Moved,
    Refused,
    SendError,
    Sent,
    Stopped,
    Throttled,
    TooBig,
    Uncertain,
    Unreachable,
)
from bot.channels.outgoing import Document, Outgoing
from bot.channels.telegram import render
from bot.channels.telegram.api import Calls, Refusal
from bot.channels.telegram.parse import SCHEME
from bot.logs import log

TOKEN_PAUSE = 60.0  # seconds between tries while the token is refused
NOT_MODIFIED = "message is not modified"
EDIT_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
BAD_ENTITIES = "can't parse entities"
NEVER_STARTED = ("chat not found", "user not found", "bot can't initiate conversation")
TOO_BIG = "file is too big"
NO_PICTURE = ("photo_invalid_dimensions", "image_process_failed", "photo_ext_invalid")
#: Method and parameter by which a file is sent, by its MIME type (Bot API).
AS_FILE = ("sendDocument", "document")
AS_WHAT: Mapping[str, tuple[str, str]] = {
    "image/jpeg": ("sendPhoto", "photo"),
    "image/png": ("sendPhoto", "photo"),
    "audio/ogg": ("sendVoice", "voice"),
    "audio/mpeg": ("sendVoice", "voice"),
}
CLEARED_AT_ONCE = 100  # Bot API, deleteMessages
BLOCKED = ("blocked by the user", "user is deactivated", "bot was kicked", "not a member", "chat was deleted")


class Files(Protocol):
    """What the adapter needs for files; files.Files is ours."""

    async def upload(self, method: str, params: Mapping[str, Any], document: Document, name: str = "document") -> Any:
        """See files.Files.upload."""
        ...

    async def download(self, path: str, limit: int) -> bytes:
        """See files.Files.download."""
        ...


class Telegram:
    """Sends through one bot."""

    scheme = SCHEME
    abilities = Abilities(paced=True)

    def __init__(self, api: Calls, files: Files) -> None:
        self._api = api
        self._files = files

    async def send(self, opaque_id: str, out: Outgoing) -> Sent:
        """See Channel.send. An edit whose message is gone becomes a new message."""
        try:
            if out.leaves:
                await self._api.call("leaveChat", {"chat_id": int(opaque_id)})
                return Sent()
            if out.document is not None:
                return await self._send_file(opaque_id, out, out.document)
            if out.place is not None:
                return _sent(await self._api.call("sendLocation", render.place(opaque_id, out.place)))
            params = render.message(opaque_id, out)
            if out.edit is not None and (sent := await self._edit(params, out.edit)):
                return sent
            return await self._call("sendMessage", params)
        except Refusal as refusal:
            raise translate(refusal) from None

    async def clear(self, opaque_id: str, message_ids: Sequence[str]) -> None:
        """See Channel.clear. Telegram passes over what is gone, but one message that is too old stops a batch."""
        ids = [int(id) for id in message_ids]
        try:
            for start in range(0, len(ids), CLEARED_AT_ONCE):
                await self._delete(int(opaque_id), ids[start : start + CLEARED_AT_ONCE])
        except Refusal as refusal:
            raise translate(refusal) from None
        except Uncertain:
            raise Unreachable("clear_unanswered") from None

    async def _send_file(self, opaque_id: str, out: Outgoing, document: Document) -> Sent:
        """As what it is; a picture that Telegram will not show as one (too long, too large) goes as a file."""
        params = render.caption(opaque_id, out)
        method, name = AS_WHAT.get(document.type, AS_FILE)
        try:
            return _sent(await self._files.upload(method, params, document, name))
        except Refusal as refusal:
            if name != "photo" or not any(part in refusal.description.lower() for part in NO_PICTURE):
                raise
        return _sent(await self._files.upload(AS_FILE[0], params, document, AS_FILE[1]))

    async def _delete(self, chat: int, ids: Sequence[int]) -> None:
        try:
            await self._api.call("deleteMessages", {"chat_id": chat, "message_ids": ids})
        except Refusal as refusal:
            if refusal.code != 400 or any(part in refusal.description.lower() for part in NEVER_STARTED):
                raise
            if len(ids) > 1:
                for id in ids:
                    await self._delete(chat, [id])

    async def fetch(self, ref: str, limit: int) -> bytes:
        """See Channel.fetch. The link to a file holds the token, so it is used here and stored nowhere."""
        try:
            found = await self._api.call("getFile", {"file_id": ref})
        except Refusal as refusal:
            if TOO_BIG in refusal.description.lower():
                raise TooBig("too_big") from None
            raise translate(refusal) from None
        except Uncertain:
            raise Unreachable("file_unanswered") from None
        return await self._files.download(str(found["file_path"]), limit)

    async def acknowledge(self, press_id: str) -> None:
        """Stop the spinner of a button. Best effort: an expired press harms nobody."""
        with suppress(Refusal, SendError):
            await self._api.call("answerCallbackQuery", {"callback_query_id": press_id})

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
        return _sent(result)


def _sent(result: Mapping[str, Any]) -> Sent:
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
