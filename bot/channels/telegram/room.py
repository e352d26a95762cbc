"""The staff group at Telegram: the calls by which its topics are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels.base import Moved, Stopped
from bot.channels.telegram.adapter import translate
from bot.channels.telegram.api import Calls, Refusal
from bot.logs import log

GONE = ("message thread not found", "topic_id_invalid", "topic_deleted")
NOT_MODIFIED = ("topic_not_modified", "message is not modified")
NO_RIGHT = ("not enough rights", "not a forum", "chat_admin_required")


class TopicGone(Exception):
    """Somebody deleted the topic, or the message."""


class Room:
    """The staff group at Telegram. chat: its id, which changes when the group is upgraded."""

    def __init__(self, api: Calls, chat: int) -> None:
        self._api = api
        self.chat = chat

    async def open_topic(self, name: str) -> int:
        """Make a topic; its id. All calls raise as `_call` does."""
        made = await self._call("createForumTopic", name=name)
        return int(made["message_thread_id"])

    async def rename(self, thread: int, name: str) -> None:
        """Give a topic another name."""
        await self._call("editForumTopic", message_thread_id=thread, name=name)

    async def turn(self, thread: int, *, closed: bool) -> None:
        """Close a topic, or open it again."""
        await self._call("closeForumTopic" if closed else "reopenForumTopic", message_thread_id=thread)

    async def delete(self, thread: int) -> None:
        """Delete a topic with all that stands in it."""
        await self._call("deleteForumTopic", message_thread_id=thread)

    async def post(self, thread: int, params: Mapping[str, Any]) -> int:
        """Say something in a topic; the message's id. params: as render.message makes them."""
        sent = await self._call("sendMessage", **{**params, "message_thread_id": thread})
        return int(sent["message_id"])

    async def edit(self, message: int, params: Mapping[str, Any]) -> None:
        """Let a message of ours say something else."""
        await self._call("editMessageText", **{**params, "message_id": message})

    async def put_out(self, account: int) -> None:
        """Ban somebody: they read nothing more here, also not what was written before, and no link lets them in."""
        await self._call("banChatMember", user_id=account)

    async def _call(self, method: str, **params: Any) -> Any:
        """Raises TopicGone, Stopped (we are out, or lack the right), or another SendError. What stands already is done.

        An upgraded group is followed to its new id at once.
        """
        try:
            return await self._api.call(method, {**params, "chat_id": self.chat})
        except Refusal as refusal:
            prose = refusal.description.lower()
            if any(part in prose for part in NOT_MODIFIED):
                return None
            if any(part in prose for part in GONE) or "message to edit not found" in prose:
                raise TopicGone from None
            if any(part in prose for part in NO_RIGHT):
                raise Stopped("no_right") from None
            error = translate(refusal)
            if isinstance(error, Moved):
                # Until IZI_STAFF_GROUP says the new id, every start asks for it in this way.
                log.warning("staff_group_upgraded")
                self.chat = int(error.opaque_id)
            raise error from None
