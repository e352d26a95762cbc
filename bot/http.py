"""What every page of ours has in common: strict headers, and no form from another site."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.telegram import webhook as telegram_webhook
from bot.channels.whatsapp import webhook as whatsapp_webhook
from bot.faults import fault
from storage.file_types import LARGEST as LARGEST_FILE

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; "
        "media-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Under "no-referrer" a browser says "Origin: null" of our own forms, and old ones say nothing else of where a form
    # comes from. Other sites learn as little under this one.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
LARGEST_FORM = 64 * 1024  # bytes; our forms carry a text of at most 4,096 characters
LONGEST_LENGTH = 19  # digits of a length; no body that we could take needs them
#: The one form that takes a file along, for who is signed in (desk/console/attaching.py).
WITH_FILE = re.compile(r"/desk/requests/\d+/attach")
LARGEST = {one.PATH: one.LARGEST_BODY for one in (telegram_webhook, whatsapp_webhook)}
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
TRUSTED_FETCH = frozenset({"same-origin", "none"})


class Guard:
    """Refuses forms of other sites and bodies that are too large; adds the headers to every answer.

    Around the application itself: Starlette's middleware by a function costs a task and two streams a request.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; see the specification of ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_lasting = scope["path"].startswith("/static/")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if not is_lasting:
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await (_refusal(Request(scope)) or self._app)(scope, receive, send_with_headers)


def _refusal(request: Request) -> Response | None:
    if request.method not in WRITING:
        return None
    # Without a length there is no body, unless it comes in pieces of which nobody knows how many follow.
    length = request.headers.get("content-length", "0")
    if (
        not (length.isascii() and length.isdecimal() and len(length) <= LONGEST_LENGTH)
        or "transfer-encoding" in request.headers
    ):
        return fault(request, 411, "length_required")
    if int(length) > _largest(request.url.path):
        return fault(request, 413, "too_large")
    if not _same_site(request):
        return fault(request, 403, "form_of_another_site")
    return None


def _largest(path: str) -> int:
    """Bytes that a body may have."""
    return LARGEST_FILE + LARGEST_FORM if WITH_FILE.fullmatch(path) else LARGEST.get(path, LARGEST_FORM)


def _same_site(request: Request) -> bool:
    """By Sec-Fetch-Site where the browser sends it, else by Origin; old browsers that send neither pass by cookie."""
    fetched = request.headers.get("sec-fetch-site")
    if fetched is not None:
        return fetched in TRUSTED_FETCH
    origin = request.headers.get("origin")
    return origin is None or _host_of(origin) == request.headers.get("host")


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # brackets that do not close
        return None
