"""The ASGI application: the chat page, the desk, health, and what can be measured."""

from __future__ import annotations

import hmac
from functools import partial

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles

from bot import inbox, links
from bot.as_seen import as_seen
from bot.channels.telegram import webhook
from bot.channels.telegram.troubles import DEAF
from bot.channels.webchat import api, downloads, page
from bot.channels.webchat.door import Door
from bot.channels.whatsapp import webhook as whatsapp_webhook
from bot.channels.whatsapp.parse import Batch
from bot.faults import add_faults
from bot.guide_pages import routes as guide_pages
from bot.house import House
from bot.http import Guard
from bot.metrics import exposition
from bot.notice_voice import NoticesAsSeen, channels_of
from bot.settings import Settings, night_of
from bot.voice import Spoken
from bot.world import World
from desk.canned import Shelf
from desk.console import app as console
from storage.db import Unavailable
from storage.figures import figures
from storage.media_folder import Folder

LOOPBACK = frozenset({"127.0.0.1", "::1"})
FORWARDED = frozenset({"forwarded", "x-forwarded-for", "x-forwarded-proto"})


def create_app(house: House) -> FastAPI:
    """The application over a house that is open. It starts nothing."""
    app = FastAPI(title="IZI", docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    app.add_middleware(Guard)
    add_faults(app)
    # A request asks the routes in their order: those of the channels come first, those of the desk last.
    for webhook_routes in filter(None, (_webhook(house), _whatsapp_webhook(house))):
        _take_over(app, webhook_routes)
    if house.settings.receives:
        _add_pages(app, house)

    @app.get("/healthz", include_in_schema=False, response_class=PlainTextResponse)
    async def health() -> str:
        """Whether the process answers."""
        return "ok"

    @app.get("/readyz", include_in_schema=False, response_class=PlainTextResponse)
    async def ready() -> Response:
        """Whether it can do its work: the database answers and every loop runs."""
        try:
            await house.database.read(figures)
        except Unavailable:
            return PlainTextResponse("database", 503)
        missing = [*house.failed, *sorted(house.troubles & DEAF)]
        if missing:
            return PlainTextResponse(" ".join(missing), 503)
        return PlainTextResponse(" ".join(["ready", *sorted(house.troubles)]))

    @app.get("/metrics", include_in_schema=False, response_class=PlainTextResponse)
    async def metrics(request: Request) -> Response:
        """Counts for Prometheus; on this machine, or with IZI_METRICS_TOKEN as bearer. No names, no texts."""
        if not _may_measure(request, house.settings):
            return PlainTextResponse("from this machine, or with the token", 403)
        counts = await house.database.read(figures)
        text = exposition(counts, house.meter, house.troubles)
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4")

    return app


def _add_pages(app: FastAPI, house: House) -> None:
    """What people and staff open; a process that only works has none of it."""
    chat = Door(house.settings, house.database, house.worlds, house.clock, house.live)
    guides = guide_pages.Library(house.settings, house.worlds, house.clock)
    app.router.routes.extend(api.router(chat).routes)
    for routes in (page.router(chat), downloads.router(chat), guide_pages.router(guides)):
        _take_over(app, routes)
    for name, folder in (("guides", guide_pages.HERE), ("chat", page.HERE), ("desk", console.HERE)):
        app.mount(f"/static/{name}", StaticFiles(directory=folder / "static"))
    _take_over(app, console.router(_console(house)))

    @app.get("/", include_in_schema=False)
    async def front() -> Response:
        return RedirectResponse("/chat", 307)


def _take_over(app: FastAPI, routes: APIRouter) -> None:
    """The routes as they are, not told of in the API's description. Not include_router: FastAPI asks an included
    router twice for each request, and each of its routes every time: half of a webhook's work (docs/performance.md)."""
    for route in routes.routes:
        assert isinstance(route, APIRoute)
        route.include_in_schema = False
        app.router.routes.append(route)


def _may_measure(request: Request, settings: Settings) -> bool:
    """What a proxy on this machine passes on comes from elsewhere."""
    if settings.metrics_token is not None:
        bearer = f"Bearer {settings.metrics_token.get_secret_value()}".encode()
        if hmac.compare_digest(request.headers.get("authorization", "").encode(), bearer):
            return True
    is_near = request.client is not None and request.client.host in LOOPBACK
    return is_near and not any(name in request.headers for name in FORWARDED)


def _webhook(house: House) -> APIRouter | None:
    settings = house.settings
    if house.receiver is None or settings.telegram_mode != "webhook" or settings.telegram_webhook_secret is None:
        return None
    return webhook.router(house.receiver, settings.telegram_webhook_secret.get_secret_value())


def _whatsapp_webhook(house: House) -> APIRouter | None:
    """None where WhatsApp is off, or another process receives: then the address does not exist."""
    settings = house.settings
    secret, token = settings.whatsapp_app_secret, settings.whatsapp_verify_token
    if house.whatsapp is None or not settings.receives or secret is None or token is None:
        return None

    async def accept(batch: Batch) -> None:
        await inbox.accept_with_news(house.database, batch.arrivals, batch.news)

    return whatsapp_webhook.router(
        settings.whatsapp_phone_number_id, secret.get_secret_value(), token.get_secret_value(), accept, house.clock
    )


def _console(house: House) -> console.Console:
    return console.Console(
        database=house.database,
        texts=lambda: house.worlds().catalog,
        calendar=lambda: house.worlds().calendar,
        secure=house.settings.secure_cookies,
        address=house.settings.base_url,
        is_trial=lambda: not house.worlds().confirmed,
        alarms=lambda: sorted(house.troubles),
        folder=Folder(house.settings.media_folder),
        voice=lambda: Spoken(house.worlds(), house.settings.base_url),
        institutions=lambda: {id: row.name for id, row in house.worlds().pack.contacts.items()},
        organisation=lambda: house.worlds().organisation,
        shelf=lambda: _shelf(house.worlds()),
        notices=lambda: NoticesAsSeen(house.worlds(), channels_of(house.settings)),
        alone=house.settings.notice_alone,
        night=night_of(house.settings),
        exports_alone=house.settings.exports_alone,
        chat_address=lambda token: links.to_staff_chat(house.worlds().telegram_name, token),
    )


def _shelf(world: World) -> Shelf:
    """What staff can insert into an answer today."""
    return Shelf(world.catalog, world.pack, partial(as_seen, world))
