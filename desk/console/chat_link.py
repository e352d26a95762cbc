"""A one-time link that makes a private chat with the bot a member's own: alerts and claims work there."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from desk import staff_chat
from desk.console.shown import Console
from desk.console.signing import Show, door, who
from storage import members
from storage.members import NoMember
from storage.unit_of_work import Unit


def chat_links(desk: Console, show: Show) -> APIRouter:
    """For oneself, and for a colleague by who manages the team. Each page shows its link once."""
    routes = APIRouter(prefix="/desk", default_response_class=HTMLResponse, route_class=door(desk, show))

    async def page(request: Request, staff_id: int) -> Response:
        if not desk.chat_address(""):
            return show(request, "chat_link.html", 503, address="", label="")
        by = who(request).id
        try:
            token, label = await desk.database.write(lambda unit: _invite(unit, staff_id, by))
        except NoMember:
            return show(request, "thread.html", 404, thread=None)
        return show(request, "chat_link.html", address=desk.chat_address(token), label=label)

    @routes.post("/me/chat")
    async def mine(request: Request) -> Response:
        return await page(request, who(request).id)

    @routes.post("/staff/{id:int}/chat")
    async def of_colleague(request: Request, id: int) -> Response:
        return await page(request, id)

    return routes


def _invite(unit: Unit, staff_id: int, by: int) -> tuple[str, str]:
    found = next((one for one in members.members(unit) if one.id == staff_id), None)
    if found is None:
        raise NoMember(staff_id)
    return staff_chat.invite(unit, found.id, by), found.label
