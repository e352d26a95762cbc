"""The phone of the sandbox page switched to WhatsApp: what the person wrote and got, as that page shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.whatsapp import WhatsAppServer
from bot.sandbox.whatsapp_people import BusinessMessage, WhatsAppPerson

#: What the paper clip offers: type of the message -> what the page calls it, its content and MIME type.
FILES = {
    "voice": ("audio", b"OggS" + bytes(64), "audio/ogg"),
    "photo": ("image", b"\xff\xd8\xff\xe0" + bytes(64), "image/jpeg"),
    "file": ("document", b"%PDF-1.4\n" + bytes(64), "application/pdf"),
    "sticker": ("sticker", b"RIFF" + bytes(64), "image/webp"),
}
PLACE = {"latitude": 44.81, "longitude": 20.46}
CONTACT = [{"name": {"formatted_name": "Placeholder"}, "phones": [{"phone": "000"}]}]


@dataclass(slots=True)
class WhatsAppPhone:
    """One person's chat. WhatsApp keeps only what the business sent, so what they wrote is kept here."""

    server: WhatsAppServer
    person: WhatsAppPerson
    talk: list[dict[str, Any]] = field(default_factory=list)
    shown: int = 0

    @property
    def changes(self) -> int:
        """Grows with every message of either side."""
        self._take_in()
        return len(self.talk)

    def messages(self) -> list[dict[str, Any]]:
        """The chat, oldest first."""
        self._take_in()
        return self.talk

    async def says(self, text: str) -> None:
        """Write words."""
        self._note(text)
        await self.person.says(text)

    async def presses(self, data: str, message: int) -> None:
        """Press a button of a message (its place in the chat). Raises LookupError."""
        sent = self.person.messages[self.talk[message]["number"]]
        label = next((said for said, id in sent.buttons if id == data), None)
        if label is None:
            raise LookupError(data)
        self._note(label)
        await self.person.presses_id(data, label, sent)

    async def sends(self, kind: str) -> None:
        """Send something that is not text. Raises LookupError."""
        self._note("", kind)
        if kind == "place":
            await self.person.sends("location", PLACE)
        elif kind == "contact":
            await self.person.sends("contacts", CONTACT)
        else:
            type, content, mime = FILES[kind]
            await self.person.sends(type, {"id": self.server.keep_file(content), "mime_type": mime})

    def _note(self, text: str, attachment: str = "") -> None:
        self._take_in()
        attachment = {"place": "location", "file": "document"}.get(attachment, attachment)
        self.talk.append({"id": len(self.talk), "own": True, "text": text, "attachment": attachment})

    def _take_in(self) -> None:
        for number in range(self.shown, len(self.person.messages)):
            self.talk.append(_described(len(self.talk), number, self.person.messages[number]))
        self.shown = len(self.person.messages)


def _described(id: int, number: int, message: BusinessMessage) -> dict[str, Any]:
    kind = str(message.sent.get("type", "text"))
    return {
        "id": id,
        "number": number,
        "own": False,
        "text": message.text if kind in {"text", "interactive", "document", "template"} else "",
        "attachment": {"image": "photo", "audio": "voice"}.get(kind, kind if kind in {"document", "location"} else ""),
        "rows": [[{"text": label, "callback_data": id}] for label, id in message.buttons],
    }
