"""How a request that cannot be served is answered: JSON with a short code under /api/, one plain line elsewhere.

What was sent is never said back: it may be somebody's words, or nothing that can be written as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from storage.db import Unavailable

API = "/api/"
RETRY_AFTER = "5"  # seconds
LONGEST_NAME = 40  # signs of a field's name that is said back; ours are shorter


class Fault(BaseModel):
    """Why nothing was done: a short code. fields: names of what is missing or cannot be read."""

    error: str
    fields: list[str] = []


def fault(request: Request, status: int, error: str, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to what is refused. error: a short code, words joined by "_"."""
    if request.url.path.startswith(API):
        return JSONResponse(Fault(error=error).model_dump(), status, headers)
    return PlainTextResponse(error.replace("_", " "), status, headers)


def add_faults(app: FastAPI) -> None:
    """Answer in this way to what FastAPI refuses by itself, and while the database is away."""

    @app.exception_handler(Unavailable)
    async def away(request: Request, _error: Exception) -> Response:
        return fault(request, 503, "database_away_please_try_again", {"Retry-After": RETRY_AFTER})

    @app.exception_handler(ClientDisconnect)
    async def gone(request: Request, _error: Exception) -> Response:
        """Nobody is there to read it: the page was closed while it was sending. No fault of ours, so none is logged."""
        return fault(request, 400, "cut_off")

    @app.exception_handler(RequestValidationError)
    async def unreadable(_request: Request, error: RequestValidationError) -> Response:
        named = {str(place) for found in error.errors() for place in found["loc"][1:2]}
        fields = sorted(name for name in named if name.isidentifier() and name.isascii() and len(name) <= LONGEST_NAME)
        return JSONResponse(Fault(error="not_understood", fields=fields).model_dump(), 422)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        code = str(error.detail).lower().replace(" ", "_")
        return fault(request, error.status_code, code, error.headers)
