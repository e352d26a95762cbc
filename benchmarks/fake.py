"""A Telegram server that does as little as it can, over real HTTP: long polls, messages, edits, answers to presses.

It runs in the process that measures, so its processor time is nobody's; `bot/sandbox` checks what it is sent, this one
does not. It reads JSON and urlencoded forms, which is what the measured systems send.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qsl

import orjson

TOKEN = "1:test"
BATCH = 100
BOT = {"id": 1, "is_bot": True, "first_name": "Bot", "username": "bench_bot"}
DATE = 1_790_000_000
#: What a bot asks beside its work; all else is answered with True.
OTHERS: dict[str, object] = {
    "getWebhookInfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
    "getMyCommands": [],
    "getMyDescription": {"description": ""},
    "getMyShortDescription": {"short_description": ""},
    "getChatMenuButton": {"type": "commands"},
}
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)

Json = dict[str, Any]


@dataclass(slots=True)
class Message:
    """The newest message of a chat, as the person sees it."""

    id: int
    text: str
    entities: list[Json]
    rows: list[list[Json]]

    def button(self, label: str) -> str:
        """The data of the first button whose label ends like this."""
        return str(next(b["callback_data"] for row in self.rows for b in row if b["text"].endswith(label)))


@dataclass(frozen=True, slots=True)
class TooMany:
    """Instead of a result: 429. seconds: to wait."""

    seconds: int


@dataclass(slots=True)
class FakeTelegram:
    """One bot's server. heard: called when a message of the bot has arrived. delay: seconds that each call but
    getUpdates takes before it counts as arrived and is answered."""

    heard: Callable[[int, Message], None]
    delay: float = 0.0
    calls: int = 0
    presses: int = 0
    polled: asyncio.Event = field(default_factory=asyncio.Event)
    _last_id: int = 1
    _updates: list[tuple[int, bytes]] = field(default_factory=list)
    _poll: Callable[[], None] | None = None

    async def listen(self) -> tuple[asyncio.Server, str]:
        """Open a port; the server to close, and its address."""
        server = await asyncio.get_running_loop().create_server(lambda: _Connection(self), "127.0.0.1", 0, backlog=1000)
        return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    def says(self, chat: int, text: str) -> None:
        """A person writes."""
        entities = [{"type": "bot_command", "offset": 0, "length": len(text)}] if text.startswith("/") else []
        self._push("message", self._message(chat, text, sender=_person(chat)) | {"entities": entities})

    def presses_on(self, chat: int, shown: Message, label: str) -> None:
        """A person presses a button of a message."""
        carrier = self._message(chat, shown.text, id=shown.id) | _shape(shown)
        press = {"id": str(self._next()), "from": _person(chat), "message": carrier, "chat_instance": str(chat)}
        self._push("callback_query", press | {"data": shown.button(label)})

    def answer(self, method: str, params: Json, reply: Callable[[object], None]) -> None:
        """Do a call; reply is called with its result, at once or later."""
        if method == "getUpdates":
            self._hand_out(int(params.get("offset", 0)), float(params.get("timeout", 0)), reply)
        elif self.delay:
            asyncio.get_running_loop().call_later(self.delay, lambda: reply(self._do(method, params)))
        else:
            reply(self._do(method, params))

    def _do(self, method: str, params: Json) -> object:
        if method == "getMe":
            return BOT
        if method == "answerCallbackQuery":
            self.calls += 1
            self.presses += 1
        if method not in {"sendMessage", "editMessageText"}:
            return OTHERS.get(method, True)
        self.calls += 1
        chat = int(params["chat_id"])
        shown = Message(
            int(params.get("message_id", 0)) or self._next(),
            params["text"],
            _json(params.get("entities", [])),
            _json(params.get("reply_markup", {})).get("inline_keyboard", []),
        )
        self.heard(chat, shown)
        return self._message(chat, shown.text, id=shown.id) | _shape(shown)

    def _message(self, chat: int, text: str, *, id: int = 0, sender: Json = BOT) -> Json:
        place = {"id": chat, "type": "private", "first_name": "Person"}
        return {"message_id": id or self._next(), "from": sender, "chat": place, "date": DATE, "text": text}

    def _next(self) -> int:
        self._last_id += 1
        return self._last_id

    def _push(self, kind: str, what: Json) -> None:
        id = self._next()
        self._updates.append((id, orjson.dumps({"update_id": id, kind: what})))
        if self._poll is not None:
            # Not at once: what arrives in the same moment goes out together.
            asyncio.get_running_loop().call_soon(self._wake)

    def _wake(self) -> None:
        if self._poll is not None:
            self._poll()

    def _hand_out(self, offset: int, timeout: float, reply: Callable[[object], None]) -> None:
        self.polled.set()
        self._updates = [kept for kept in self._updates if kept[0] >= offset]
        loop = asyncio.get_running_loop()

        def give() -> None:
            self._poll = None
            timer.cancel()
            reply([orjson.Fragment(raw) for _, raw in self._updates[:BATCH]])

        timer = loop.call_later(timeout, give)
        if self._updates:
            give()
        else:
            self._poll = give


class _Connection(asyncio.Protocol):
    """One kept-alive connection; requests come one after the other."""

    def __init__(self, fake: FakeTelegram) -> None:
        self._fake = fake
        self._got = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are of no class of asyncio's.
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        self._got += data
        while (end := self._got.find(b"\r\n\r\n")) >= 0:
            head = self._got[:end]
            length = _LENGTH.search(head)
            size = end + 4 + (int(length[1]) if length else 0)
            if len(self._got) < size:
                return
            body, self._got = self._got[end + 4 : size], self._got[size:]
            method = head.split(b" ", 2)[1].rpartition(b"/")[2].decode()
            self._fake.answer(method, _params(body), self._reply)

    def _reply(self, result: object) -> None:
        status, body = b"200 OK", {"ok": True, "result": result}
        if isinstance(result, TooMany):
            status = b"429 Too Many Requests"
            text = f"Too Many Requests: retry after {result.seconds}"
            wait = {"retry_after": result.seconds}
            body = {"ok": False, "error_code": 429, "description": text, "parameters": wait}
        self._write(status, orjson.dumps(body))

    def _write(self, status: bytes, body: bytes) -> None:
        head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
        assert self._transport is not None
        if not self._transport.is_closing():
            self._transport.write(head + body)


def _params(body: bytes) -> Json:
    if body[:1] == b"{":
        read: Json = orjson.loads(body)
        return read
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def _json(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str) else value


def _person(chat: int) -> Json:
    return {"id": chat, "is_bot": False, "first_name": "Person", "language_code": "en"}


def _shape(shown: Message) -> Json:
    return {"entities": shown.entities, "reply_markup": {"inline_keyboard": shown.rows}}
