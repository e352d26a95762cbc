"""A person with WhatsApp: writes, presses, and reads what the business sends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Offer = Callable[[Mapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class BusinessMessage:
    """What the business sent. id: the wamid. sent: the message as it came over the wire."""

    id: str
    sent: Mapping[str, Any]

    @property
    def text(self) -> str:
        """What the person reads."""
        match self.sent.get("type", "text"):
            case "interactive":
                return str(self.sent["interactive"]["body"]["text"])
            case "document" | "image" | "audio" | "location" as kind:
                return str(self.sent[kind].get("caption", ""))
            case "template":
                return f"[{self.sent['template']['name']}]"
            case _:
                return str(self.sent["text"]["body"])

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """What can be pressed, as (label, id); a row whose label stands below its title has that label."""
        action = self.sent.get("interactive", {}).get("action", {})
        rows = [row for section in action.get("sections", []) for row in section["rows"]]
        replies = [button["reply"] for button in action.get("buttons", [])]
        return [(item.get("description", item["title"]), item["id"]) for item in rows + replies]


@dataclass(slots=True)
class WhatsAppPerson:
    """One chat, seen from the person's end.

    number: digits, "" where it is hidden; user_id: the business-scoped id, "" where WhatsApp gives none.
    messages: what they got, in order.
    """

    number: str
    user_id: str
    offer: Offer
    clock: Callable[[], datetime]
    messages: list[BusinessMessage] = field(default_factory=list)
    wrote_at: datetime | None = None
    milliseconds: bool = False  # how their messages are dated
    written: int = 0
    heard: int = 0
    came: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def id(self) -> str:
        """By what the business can write to them."""
        return self.number or self.user_id

    async def says(self, text: str, **more: Any) -> str:
        """Write words; the wamid."""
        return await self.sends("text", {"body": text}, **more)

    async def presses(self, label: str, message: BusinessMessage | None = None) -> str:
        """Press the button of the newest message (or of this one) whose label ends like this. Raises LookupError."""
        pressed = message or self.messages[-1]
        for said, id in pressed.buttons:
            if said.endswith(label):
                return await self.presses_id(id, said, pressed)
        raise LookupError(f"no button {label!r} among {[said for said, _ in pressed.buttons]}")

    async def presses_id(self, id: str, title: str, message: BusinessMessage) -> str:
        """Press with any id, as a forged client can."""
        kind = "list_reply" if message.sent.get("interactive", {}).get("type") == "list" else "button_reply"
        reply = {"type": kind, kind: {"id": id, "title": title}}
        return await self.sends("interactive", reply, context={"from": "000", "id": message.id})

    async def answers_template(self, message: BusinessMessage) -> str:
        """Press the quick reply of a template."""
        return await self.sends("button", {"payload": "yes", "text": "yes"}, context={"from": "000", "id": message.id})

    async def sends(self, kind: str, part: Any, **more: Any) -> str:
        """Send a message of any type; the wamid. more: keys beside it."""
        self.written += 1
        wamid = f"wamid.in.{self.id}.{self.written}"
        await self.offer(self.message(wamid, kind, part, **more))
        return wamid

    def message(self, wamid: str, kind: str, part: Any, **more: Any) -> dict[str, Any]:
        """The change that a message of theirs makes."""
        self.wrote_at = self.clock()
        seconds = int(self.wrote_at.timestamp())
        stamp = str(seconds * 1000 if self.milliseconds else seconds)
        who = {"from": self.number} if self.number else {}
        who |= {"from_user_id": self.user_id} if self.user_id else {}
        message = {**who, "id": wamid, "timestamp": stamp, "type": kind, kind: part, **more}
        contact: dict[str, Any] = {"profile": {"name": "Placeholder"}}
        contact |= {"wa_id": self.number} if self.number else {}
        contact |= {"user_id": self.user_id} if self.user_id else {}
        return {"contacts": [contact], "messages": [message]}

    def receive(self, message: BusinessMessage) -> None:
        """The server brings them a message."""
        self.messages.append(message)
        self.came.set()

    async def hears(self, n_more: int = 1, timeout: float = 20.0) -> list[BusinessMessage]:
        """Wait for the next `n_more` messages since the last call. Raises TimeoutError after so many seconds."""
        wanted = self.heard + n_more
        try:
            async with asyncio.timeout(timeout):
                while len(self.messages) < wanted:
                    self.came.clear()
                    await self.came.wait()
        except TimeoutError:
            came = [message.text for message in self.messages[self.heard :]]
            raise TimeoutError(f"heard {came} instead of {n_more} messages") from None
        heard, self.heard = self.messages[self.heard : wanted], wanted
        return heard
