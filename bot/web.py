"""The ASGI application: the chat page, the desk, health, and what can be measured."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles

from bot.app import House
from bot.channels.webchat import page
from bot.channels.webchat.page import Page
from bot.http import guard
from bot.metrics import exposition
from desk.console import app as console
from storage.db import Unavailable
from storage.figures import figures

LOOPBACK = frozenset({"127.0.0.1", "::1"})


def create_app(house: House) -> FastAPI:
    """The application over a house that is open. It starts nothing."""
    app = FastAPI(title="IZI", docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    app.middleware("http")(guard)
    chat = Page(house.settings, house.database, house.worlds, house.clock)
    app.include_router(page.router(chat), include_in_schema=False)
    app.include_router(console.router(_console(house)), include_in_schema=False)
    app.mount("/static/chat", StaticFiles(directory=page.HERE / "static"))
    app.mount("/static/desk", StaticFiles(directory=console.HERE / "static"))
    app.add_exception_handler(Unavailable, _database_away)

    @app.get("/", include_in_schema=False)
    async def front() -> Response:
        return RedirectResponse("/chat", 307)

    @app.get("/healthz", response_class=PlainTextResponse)
    async def health() -> str:
        """Whether the process answers."""
        return "ok"

    @app.get("/readyz", response_class=PlainTextResponse, responses={503: {"description": "not ready"}})
    async def ready() -> Response:
        """Whether it can do its work: the database answers and every loop runs."""
        try:
            await house.database.read(figures)
        except Unavailable:
            return PlainTextResponse("database", 503)
        missing = [*house.failed, *_deaf(house)]
        return PlainTextResponse(" ".join(missing), 503) if missing else PlainTextResponse("ready")

    @app.get("/metrics", response_class=PlainTextResponse, responses={403: {"description": "not from this machine"}})
    async def metrics(request: Request) -> Response:
        """Counts for Prometheus; on loopback only. No names, no texts."""
        if request.client is None or request.client.host not in LOOPBACK:
            return PlainTextResponse("from this machine only", 403)
        counts = await house.database.read(figures)
        return PlainTextResponse(exposition(counts), media_type="text/plain; version=0.0.4")

    return app


async def _database_away(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("the database cannot be reached; please try again", 503, {"Retry-After": "5"})


def _deaf(house: House) -> list[str]:
    return ["telegram_unreachable"] if house.poller is not None and not house.poller.healthy else []


def _console(house: House) -> console.Console:
    return console.Console(
        database=house.database,
        texts=lambda: house.worlds().catalog,
        calendar=lambda: house.worlds().calendar,
        secure=house.settings.secure_cookies,
        is_trial=lambda: not house.worlds().confirmed,
    )
