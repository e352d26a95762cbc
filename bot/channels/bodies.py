"""What comes to a webhook: a whole body that is not too large, and the JSON in it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request

READ_WITHIN = 10.0  # seconds in which a body must have come


class Slow(Exception):
    """The body did not come in time, or not whole."""


async def read_body(request: Request, largest: int) -> bytes | None:
    """The whole body, None where it has more than `largest` bytes. Raises Slow."""
    read = bytearray()
    try:
        async with asyncio.timeout(READ_WITHIN):
            async for piece in request.stream():
                read += piece
                if len(read) > largest:
                    return None
    except (TimeoutError, ClientDisconnect):
        raise Slow from None
    return bytes(read)


def read_json(raw: bytes) -> Any:
    """The value, None where it is no JSON or nested too deeply (orjson: 1024 levels)."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        pass
    try:
        # orjson refuses lone surrogates, which one person's message could use to block everybody's updates.
        return json.loads(raw.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
