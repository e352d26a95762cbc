"""Two switches of the whole service: no notices for now, and less is possible now. Records, so every version stays.

Below them: how each channel is doing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from desk.console.channel_strip import strip
from desk.console.shown import Console
from desk.console.signing import Show, door, who
from storage import audit
from storage.channel_health import flows
from storage.records import records, set_record
from storage.unit_of_work import Unit

PAGE = "/desk/service"
YES = "yes"  # as records say it
#: What each switch is called on the page, and its record. paused: notices and reminders stand still, answers go on.
#: reduced: people and staff are told that less is possible.
SWITCHES: Mapping[str, str] = {"paused": "service.paused", "reduced": "service.reduced"}


def service(desk: Console, show: Show) -> APIRouter:
    """The page of the switches."""
    routes = APIRouter(prefix=PAGE, default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.get("")
    async def switches(request: Request) -> Response:
        now = desk.shelf().pack.service
        # What was pressed this second counts, before everybody has read it.
        kept, flowing = await desk.database.read(lambda unit: (records(unit), flows(unit)))
        stands = {
            name: kept.get(record, YES if getattr(now, name) else "no") == YES for name, record in SWITCHES.items()
        }
        return show(request, "service.html", stands=stands, channels=strip(desk.to(request), flowing))

    @routes.post("")
    async def switch(request: Request) -> Response:
        me, form = who(request), await request.form()
        name, to = str(form.get("switch", "")), str(form.get("to", ""))
        if name in SWITCHES and to in {"on", "off"}:
            await desk.database.write(partial(_switch, name=name, on=to == "on", by=me.id))
        return RedirectResponse(PAGE, 303)

    return routes


def _switch(unit: Unit, name: str, on: bool, by: int) -> None:
    set_record(unit, SWITCHES[name], YES if on else "no", f"staff:{by}")
    audit.log_act(unit, by, f"service_{name}", "", "on" if on else "off")
