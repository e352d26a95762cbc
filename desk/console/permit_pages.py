"""Large files of the log that a second person allows: asking, deciding, and what became of it."""

from __future__ import annotations

from functools import partial
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from desk import permits
from desk.access import May, may
from desk.console.shown import Console
from desk.console.signing import Show, door, who
from desk.permits import Act, NotNow, State
from storage import members
from storage.members import Member
from storage.permits import NoPermit, PermitRow
from storage.unit_of_work import Unit

PAGE = "/desk/log/permits"
KINDS = frozenset({"csv", "xlsx"})
LONGEST = 500  # characters of a filter


def permitting(desk: Console, show: Show) -> APIRouter:
    """The list of what was asked for, and what is done with it."""
    routes = APIRouter(prefix=PAGE, default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.get("")
    async def listed(request: Request) -> Response:
        me, here = who(request), desk.to(request)
        found, names = await desk.database.read(_read)
        rows = [_row(here, me, one, names) for one in found]
        return show(request, "permits.html", rows=rows)

    @routes.post("")
    async def ask(request: Request) -> Response:
        me, form = who(request), await request.form()
        kind, query = str(form.get("kind", "")), normal(str(form.get("query", "")))
        count = str(form.get("count", ""))
        if kind not in KINDS or len(query) > LONGEST or not (count.isascii() and count.isdecimal() and len(count) < 10):
            return show(request, "thread.html", 404, thread=None)
        asked = partial(permits.ask, voice=desk.voice(), me=me, kind=kind, query=query, count=int(count))
        await desk.database.write(asked)
        return RedirectResponse(PAGE, 303)

    @routes.post("/{id:int}")
    async def decide(request: Request, id: int) -> Response:
        me, form = who(request), await request.form()
        act = Act.ALLOW if form.get("act") == Act.ALLOW else Act.DECLINE
        try:
            await desk.database.write(partial(permits.decide, me=me, id=id, act=act))
        except NoPermit:
            return show(request, "thread.html", 404, thread=None)
        except NotNow:
            return show(request, "refused.html", 409, number=None, why="error.permit", taken=None, words="")
        return RedirectResponse(PAGE, 303)

    return routes


def normal(query: str) -> str:
    """A filter in one form, whatever order it was written in; what is empty says nothing."""
    return urlencode(sorted(parse_qsl(query)))


def _read(unit: Unit) -> tuple[list[PermitRow], dict[int, str]]:
    return permits.shown(unit), {member.id: member.label for member in members.members(unit)}


def _row(desk: Console, me: Member, one: PermitRow, names: dict[int, str]) -> dict[str, object]:
    mine = one.staff_id == me.id
    return {
        "id": one.id,
        "by": names.get(one.staff_id, ""),
        "at": desk.moment(one.at),
        "count": one.count,
        "kind": one.kind.upper(),
        "query": one.query,
        "state": one.state,
        "decided_by": names.get(one.decided_by or 0, ""),
        "decides": not mine and one.state == State.ASKED and may(me, May.ALLOW_EXPORT),
        "link": f"/desk/log.{one.kind}?{one.query}" if mine and one.state == State.ALLOWED else "",
    }
