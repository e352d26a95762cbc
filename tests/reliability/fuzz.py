"""S2: mutated bodies on every open endpoint of a house that works. Nothing may be answered 5xx, no loop may end.

    python -m tests.reliability.fuzz --bodies 100000

The requests go into the ASGI application in this process, so that the time goes into the product and not into sockets.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

from fastapi import FastAPI

from bot.app import open_house
from bot.channels.telegram import webhook
from bot.channels.whatsapp import webhook as whatsapp_webhook
from bot.clocks import now
from bot.sandbox.telegram import TelegramServer
from bot.web import create_app
from tests.acceptance.houses import settings_for
from tests.reliability.mutations import FORM, JSON, bodies

SECRET = "a-secret-of-no-real-bot_0123"
NUMBER = "1000"  # of our WhatsApp account
TOGETHER = 16  # requests under way at once
WITHIN = 60.0  # seconds until a request counts as hung
ALLOWED = 499  # the highest status that is no fault of ours
ID = "0123456789abcdef"
PERSON = {"id": 5, "is_bot": False, "first_name": "Placeholder", "language_code": "fa"}
CHAT = {"id": 5, "type": "private", "first_name": "Placeholder"}
GROUP = {"id": -5, "type": "group", "title": "Placeholder"}
BOT = {"id": 1, "is_bot": True, "first_name": "Bot", "username": "sandbox_bot"}
MESSAGE = {"message_id": 1, "date": 0, "chat": CHAT, "from": PERSON}
PHOTO = [{"file_id": "a", "file_unique_id": "b", "width": 90, "height": 90, "file_size": 1000}]
UPDATES: tuple[dict[str, Any], ...] = (
    {"update_id": 1, "message": MESSAGE | {"text": "/start"}},
    {"update_id": 2, "message": MESSAGE | {"text": "help me"}},
    {"update_id": 3, "edited_message": MESSAGE | {"text": "English", "edit_date": 1}},
    {"update_id": 4, "message": MESSAGE | {"photo": PHOTO, "caption": "my card"}},
    {"update_id": 5, "message": MESSAGE | {"voice": {"file_id": "a", "duration": 24, "mime_type": "audio/ogg"}}},
    {"update_id": 6, "message": MESSAGE | {"location": {"latitude": 44.8, "longitude": 20.5}}},
    {"update_id": 7, "message": MESSAGE | {"contact": {"phone_number": "+000", "first_name": "Placeholder"}}},
    {"update_id": 8, "callback_query": {"id": "1", "from": PERSON, "data": "g", "message": MESSAGE}},
    {
        "update_id": 9,
        "my_chat_member": {
            "chat": GROUP, "from": PERSON, "date": 0,
            "old_chat_member": {"user": BOT, "status": "left"}, "new_chat_member": {"user": BOT, "status": "member"},
        },
    },
    {
        "update_id": 10,
        "message": MESSAGE | {
            "chat": GROUP, "text": "@sandbox_bot hello",
            "entities": [{"type": "mention", "offset": 0, "length": 12}], "reply_to_message": MESSAGE | {"from": BOT},
        },
    },
)  # fmt: skip

TOLD = {"from": "000", "id": "wamid.1", "timestamp": "0"}
VALUES: tuple[dict[str, Any], ...] = (
    {"messages": [TOLD | {"type": "text", "text": {"body": "help me"}}], "contacts": [{"wa_id": "000"}]},
    {"messages": [TOLD | {"type": "interactive", "interactive": {"button_reply": {"id": "g.0.A", "title": "1"}}}]},
    {"messages": [TOLD | {"type": "image", "image": {"id": "1", "mime_type": "image/jpeg", "caption": "my card"}}]},
    {"messages": [TOLD | {"type": "system", "system": {"type": "user_changed_number", "wa_id": "001"}}]},
    {"statuses": [{"id": "wamid.2", "status": "failed", "timestamp": "0", "errors": [{"code": 131047}]}]},
)
METADATA = {"display_phone_number": "000", "phone_number_id": NUMBER}
CHANGES: tuple[dict[str, Any], ...] = tuple(
    {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": {"metadata": METADATA} | value}]}],
    }
    for value in VALUES
)

Endpoints: TypeAlias = Mapping[str, tuple[str, Sequence[dict[str, Any]]]]
#: The open endpoints that take a body: (kind of body, valid ones), by who writes to them.
WEBHOOKS: Endpoints = {webhook.PATH: (JSON, UPDATES), whatsapp_webhook.PATH: (JSON, CHANGES)}
TALK: Endpoints = {
    "/chat": (FORM, ({"nonce": ID, "words": "hello", "press": ""}, {"nonce": ID, "press": "g.0.AAAAAAAAAAA"})),
    "/chat/clear": (FORM, ({"nonce": ID},)),
}
FORMS: Endpoints = {
    "/chat/look": (FORM, ({"big": "yes"}, {"shared": "no"})),
    "/chat/code": (FORM, ({},)),
    "/chat/resume": (FORM, ({"code": "ABCD-EFGH-JKMN-PQRS", "alone": "yes"},)),
    "/desk/login/{token}": (FORM, ({},)),
}
API: Endpoints = {
    "/api/chat/start": (JSON, ({},)),
    "/api/chat/words": (JSON, ({"id": ID, "words": "hello"},)),
    "/api/chat/press": (JSON, ({"id": ID, "press": "g.0.AAAAAAAAAAA"},)),
    "/api/chat/clear": (JSON, ({"id": ID},)),
    "/api/chat/code": (JSON, ({},)),
    "/api/chat/resume": (JSON, ({"code": "ABCD-EFGH-JKMN-PQRS", "alone": True},)),
}
ENDPOINTS: Endpoints = {**WEBHOOKS, **TALK, **FORMS, **API}


@dataclass(slots=True)
class Report:
    """What came of it. faults: what must not be; seconds: of the slowest request of each endpoint."""

    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    slowest: dict[str, float] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """One line an endpoint, then the faults."""
        told = [
            f"{path}: {dict(sorted(statuses.items()))}, slowest {self.slowest[path]:.3f} s"
            for path, statuses in self.statuses.items()
        ]
        return [*told, *self.faults]


async def fuzz(folder: Path, counts: Mapping[str, int], seed: int, seconds: float = float("inf")) -> Report:
    """So many bodies on each of these endpoints, fewer where they would take longer than `seconds` on one."""
    report = Report()
    # What a task raises that nobody waits for is a fault too, though no answer shows it.
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: report.faults.append(f"{context['message']}: {context.get('exception')!r}")
    )
    async with TelegramServer(strict=False) as telegram:
        settings = settings_for(
            folder,
            telegram,
            telegram_mode="webhook",
            telegram_webhook_secret=SECRET,
            public_url="https://bot.example",
            whatsapp_token=SECRET,
            whatsapp_phone_number_id=NUMBER,
            whatsapp_app_secret=SECRET,
            whatsapp_verify_token=SECRET,
            whatsapp_api_url="http://127.0.0.1:9",  # nobody is there
        )
        async with open_house(settings, now) as house:
            house.start()
            app = create_app(house)
            for path, count in counts.items():
                await _bombard(app, path, count, Random(f"{seed} {path}"), report, seconds)
            report.faults += [f"POST {path} is open and not tried" for path in open_paths(app) - {*ENDPOINTS}]
            report.faults += [f"the loop {name} has ended" for name in house.failed]
            await house.stop()
    return report


def open_paths(app: FastAPI) -> set[str]:
    """Endpoints that take a body from anybody; those of the desk ask first who is there."""
    taking = {getattr(route, "path", "") for route in _routes(app) if "POST" in (getattr(route, "methods", None) or ())}
    return {path for path in taking if not path.startswith("/desk") or path.startswith("/desk/login")}


def _routes(among: Any) -> Iterator[Any]:
    """The routes of an application; FastAPI keeps those of an included router in it."""
    for route in among.routes:
        inner = getattr(route, "original_router", None)
        if inner is None:
            yield route
        else:
            yield from _routes(inner)


async def _bombard(app: FastAPI, path: str, count: int, chance: Random, report: Report, seconds: float) -> None:
    kind, seeds = ENDPOINTS[path]
    draw = bodies(seeds, kind, chance)
    statuses = report.statuses[path] = Counter()
    report.slowest[path] = 0.0
    left, until = iter(range(count)), time.monotonic() + seconds

    async def client() -> None:
        for _ in left:
            content_type, body = draw()
            began = time.perf_counter()
            status, why = await _ask(app, path.replace("{token}", f"t{chance.getrandbits(64):x}"), content_type, body)
            report.slowest[path] = max(report.slowest[path], time.perf_counter() - began)
            statuses[status] += 1
            if status > ALLOWED and len(report.faults) < 20:
                report.faults.append(f"{path}: {status} {why} for {content_type} {body[:300]!r}")
            if time.monotonic() > until:
                return

    await asyncio.gather(*(client() for _ in range(TOGETHER)))


async def _ask(app: Callable[..., Any], path: str, content_type: str, body: bytes) -> tuple[int, str]:
    """The status, or 599 with the reason where the application raised or hung."""
    headers = [
        (b"host", b"bot.example"),
        (b"content-length", str(len(body)).encode()),
        (b"content-type", content_type.encode("latin-1")),
        (b"x-telegram-bot-api-secret-token", SECRET.encode()),
        (whatsapp_webhook.SIGNATURE_HEADER, whatsapp_webhook.signature(body, SECRET.encode())),
        (b"cookie", b"__Host-izi-chat=placeholder"),
    ]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "https",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers,
        "client": ("192.0.2.1", 1), "server": ("bot.example", 443),
    }  # fmt: skip
    statuses: list[int] = []
    sent = asyncio.Event()
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if waiting:
            return waiting.pop()
        await sent.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])
        elif not message.get("more_body"):
            sent.set()

    try:
        await asyncio.wait_for(app(scope, receive, send), WITHIN)
    except Exception as error:  # whatever it is: a server would answer 500
        return 599, type(error).__name__
    return statuses[0], ""


def main() -> None:
    """Read the command line; the exit status says whether all was well."""
    parser = argparse.ArgumentParser(description="Mutated bodies on every open endpoint.")
    parser.add_argument("--bodies", type=int, default=100_000, help="on each endpoint")
    parser.add_argument("--seconds", type=float, default=600, help="at most, on each endpoint")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    logging.disable(logging.ERROR)
    with TemporaryDirectory(prefix="izi-fuzz-") as folder:
        report = asyncio.run(
            fuzz(Path(folder), dict.fromkeys(ENDPOINTS, arguments.bodies), arguments.seed, seconds=arguments.seconds)
        )
    print("\n".join(report.lines()))
    sys.exit(bool(report.faults))


if __name__ == "__main__":
    main()
