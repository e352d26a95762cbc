"""The page with the two switches of the whole service. Below them: how each channel is doing."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from desk.console.channel_strip import strip
from desk.console.shown import Console
from desk.console.signing import Show, door, who
from desk.switches import SWITCHES, switch
from storage.channel_health import flows

PAGE = "/desk/service"


def service(desk: Console, show: Show) -> APIRouter:
    """The page of the switches."""
    routes = APIRouter(prefix=PAGE, default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.get("")
    async def switches(request: Request) -> Response:
        flowing = await desk.database.read(flows)
        return show(request, "service.html", stands=request.state.stands, channels=strip(desk.to(request), flowing))

    @routes.post("")
    async def press(request: Request) -> Response:
        me, form = who(request), await request.form()
        name, to = str(form.get("switch", "")), str(form.get("to", ""))
        if name in SWITCHES and to in {"on", "off"}:
            await desk.database.write(partial(switch, name=name, on=to == "on", by=me.id))
        return RedirectResponse(PAGE, 303)

    return routes
