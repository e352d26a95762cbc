"""Telegram's way over HTTP: where parameters may stand in a request, and the envelope of an answer."""

from __future__ import annotations

import orjson
from aiohttp import web

from bot.sandbox.refusals import Refused, bad_request
from bot.sandbox.spec import Json, Upload


async def parameters(request: web.Request) -> dict[str, Json]:
    """What came in query, form, multipart or JSON body; attach:// names are replaced by their files (Upload).

    Refused where the body cannot be read.
    """
    given: dict[str, Json] = dict(request.query)
    if request.content_type == "application/json":
        return given | _json_body(await request.read())
    uploads: dict[str, Upload] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            with value.file as file:
                uploads[name] = Upload(value.filename, file.read())
        else:
            given[name] = value
    for name, value in given.items():
        if isinstance(value, str) and value.startswith("attach://"):
            given[name] = uploads.pop(value.removeprefix("attach://"), value)
    return given | uploads


def _json_body(body: bytes) -> dict[str, Json]:
    try:
        read = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        read = None
    if not isinstance(read, dict):
        raise bad_request("can't parse JSON object")
    return read


def success(result: Json) -> bytes:
    """The body of an answer to a call that was done."""
    return orjson.dumps({"ok": True, "result": result})


def refusal(refused: Refused) -> web.Response:
    """The answer to a call that was not done."""
    body: dict[str, Json] = {"ok": False, "error_code": refused.status, "description": refused.description}
    if refused.parameters is not None:
        body["parameters"] = refused.parameters
    return web.Response(status=refused.status, body=orjson.dumps(body), content_type="application/json")


def hang_up(request: web.Request) -> web.Response:
    """Close the connection; the response that aiohttp wants goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
