"""Receive by webhook: check the secret on bytes, store, commit, and only then answer 200.

Telegram repeats what was not answered with 2xx, and keeps to Retry-After. 410 is never answered: after 23 hours of it
Telegram would drop the webhook. The answer has no body, for Telegram would carry out a method that stands in it.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from bot.channels.bodies import Slow, read_body, read_json
from bot.channels.telegram.api import Calls
from bot.channels.telegram.parse import ALLOWED_UPDATES
from bot.channels.telegram.receiving import Receiver
from bot.logs import log
from storage.db import Unavailable

PATH = "/telegram/webhook"
LARGEST_BODY = 256 * 1024  # bytes; Telegram builds an update in a buffer of 64 KiB
CONNECTIONS = 40  # requests that Telegram may have under way at once; its own default
SECRET_HEADER = b"x-telegram-bot-api-secret-token"
REPEAT_SOON = {"Retry-After": "5"}  # seconds


def router(receiver: Receiver, secret: str) -> APIRouter:
    """The one route. `secret` has the form that Telegram asks for (1-256 of A-Z a-z 0-9 _ -)."""
    expected = secret.encode("ascii")
    routes = APIRouter()

    @routes.post(PATH)
    async def receive(request: Request) -> Response:
        if not _knows_secret(request, expected):
            log.warning("webhook_forged")
            return Response(status_code=401)
        try:
            body = await read_body(request, LARGEST_BODY)
        except Slow:
            return Response(status_code=408)
        if body is None:
            return Response(status_code=413)
        update = read_json(body)
        if update is None:
            return Response(status_code=400)
        try:
            await receiver.accept(receiver.read([update]) if _is_update(update) else receiver.read_strange(body))
        except Unavailable:
            log.error("database_away_while_receiving")
            return Response(status_code=503, headers=REPEAT_SOON)
        return Response(status_code=200)

    return routes


async def register(api: Calls, url: str, secret: str) -> None:
    """Tell Telegram where we listen; what waits there is kept. Raises Refusal or SendError."""
    params: Mapping[str, Any] = {
        "url": url,
        "secret_token": secret,
        "allowed_updates": list(ALLOWED_UPDATES),
        "max_connections": CONNECTIONS,
    }
    await api.call("setWebhook", params)


async def unregister(api: Calls) -> None:
    """Telegram gives updates to pollers again; what waits there is kept. Raises Refusal or SendError."""
    await api.call("deleteWebhook", {})


def _knows_secret(request: Request, expected: bytes) -> bool:
    """On bytes and in constant time; two headers are one too many."""
    given = [value for name, value in request.scope["headers"] if name == SECRET_HEADER]
    return len(given) == 1 and hmac.compare_digest(given[0], expected)


def _is_update(value: object) -> bool:
    return isinstance(value, dict) and type(value.get("update_id")) is int
