"""Receive from WhatsApp: check the signature on the raw bytes, store, commit, and only then answer 200.

What is not answered 200 is repeated for days, in growing pauses. So a body that is signed and readable as JSON is
always taken, whatever stands in it: what nobody understands is kept for staff.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from bot.channels.bodies import Slow, read_body, read_json
from bot.channels.whatsapp.parse import Batch, parse
from bot.logs import log
from storage.db import Unavailable

PATH = "/whatsapp/webhook"
LARGEST_BODY = 3 * 1024 * 1024  # bytes; Meta's own limit
LONGEST_CHALLENGE = 512
SIGNATURE_HEADER = b"x-hub-signature-256"
REPEAT_SOON = {"Retry-After": "5"}  # seconds

#: Stores a batch in one transaction; returning means that it is on disk. Raises storage.db.Unavailable.
Accept = Callable[[Batch], Awaitable[None]]


def router(
    account: str, app_secret: str, verify_token: str, accept: Accept, clock: Callable[[], datetime]
) -> APIRouter:
    """Both routes. account: our phone_number_id. Neither secret is empty: without them there is no webhook at all."""
    if not app_secret or not verify_token:
        raise ValueError("a webhook without secrets would believe anybody")
    secret, token = app_secret.encode(), verify_token.encode()
    routes = APIRouter()

    @routes.get(PATH)
    async def verify(request: Request) -> Response:
        """Meta asks once, when the address is entered, whether we know the token."""
        query = request.query_params
        given, challenge = query.get("hub.verify_token", ""), query.get("hub.challenge", "")
        knows = hmac.compare_digest(given.encode("utf-8", "replace"), token)
        if not knows or query.get("hub.mode") != "subscribe" or len(challenge) > LONGEST_CHALLENGE:
            return Response(status_code=403)
        return PlainTextResponse(challenge, headers={"X-Content-Type-Options": "nosniff"})

    @routes.post(PATH)
    async def receive(request: Request) -> Response:
        try:
            body = await read_body(request, LARGEST_BODY)
        except Slow:
            return Response(status_code=408)
        if body is None:
            return Response(status_code=413)
        if not _is_signed(request, body, secret):
            log.warning("webhook_forged")
            return Response(status_code=403)
        value = read_json(body)
        if value is None:
            return Response(status_code=400)
        try:
            await accept(parse(value, account, clock(), hashlib.sha256(body).hexdigest()))
        except Unavailable:
            log.error("database_away_while_receiving")
            return Response(status_code=503, headers=REPEAT_SOON)
        return Response(status_code=200)

    return routes


def signature(body: bytes, secret: bytes) -> bytes:
    """What stands in the header above a body that Meta sent."""
    return b"sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest().encode()


def _is_signed(request: Request, body: bytes, secret: bytes) -> bool:
    """On bytes and in constant time; two headers are one too many."""
    given = [value for name, value in request.scope["headers"] if name == SIGNATURE_HEADER]
    return len(given) == 1 and hmac.compare_digest(given[0], signature(body, secret))
