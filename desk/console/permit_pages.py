"""Large files that a second person allows: asking, deciding, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from desk import permits
from desk.access import May, may
from desk.console.shown import Console
from desk.console.signing import Show, door, who
from desk.permits import NEEDED, Act, File, NeedsSecond, NotNow, State
from storage import members
from storage.members import Member
from storage.permits import NoPermit, PermitRow
from storage.unit_of_work import Unit

PAGE = "/desk/log/permits"
LONGEST = 500  # characters of a filter
LONGEST_NUMBER = 9  # digits
#: Where each file is taken. {} = its filter, or the number of what it is about.
ADDRESSES: Mapping[File, str] = {
    File.LOG_CSV: "/desk/log.csv?{}",
    File.LOG_XLSX: "/desk/log.xlsx?{}",
    File.EVENT_CSV: "/desk/events/{}/list.csv",
    File.EVENT_XLSX: "/desk/events/{}/list.xlsx",
    File.NOTICE_CSV: "/desk/notices/{}/report.csv",
}
OF_LOG = frozenset({File.LOG_CSV, File.LOG_XLSX})


def permitting(desk: Console, show: Show) -> APIRouter:
    """The list of what was asked for, and what is done with it."""
    routes = APIRouter(prefix=PAGE, default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.get("")
    async def listed(request: Request) -> Response:
        me, here = who(request), desk.to(request)
        found, names = await desk.database.read(_read)
        everybodys = may(me, May.ALLOW_EXPORT)
        rows = [_row(here, me, one, names) for one in found if everybodys or one.staff_id == me.id]
        return show(request, "permits.html", rows=rows)

    @routes.post("")
    async def ask(request: Request) -> Response:
        me, form = who(request), await request.form()
        kind, query = str(form.get("kind", "")), str(form.get("query", ""))
        count = str(form.get("count", ""))
        if kind not in set(File) or not _names(File(kind), query) or not _is_number(count):
            return show(request, "thread.html", 404, thread=None)
        file = File(kind)
        if not may(me, NEEDED[file]):
            return show(request, "forbidden.html", 403)
        query = normal(query) if file in OF_LOG else query
        asked = partial(permits.ask, voice=desk.voice(), me=me, kind=file, query=query, count=int(count))
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


def ask_first(show: Show, request: Request, why: NeedsSecond) -> Response:
    """The page on which a second person is asked for, in place of the file."""
    asking = {"kind": why.kind, "query": why.query, "count": why.count}
    return show(request, "permits.html", 409, rows=[], asking=asking)


def _names(kind: File, query: str) -> bool:
    """Whether this can say which file it is."""
    return len(query) <= LONGEST if kind in OF_LOG else _is_number(query)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER


def _read(unit: Unit) -> tuple[list[PermitRow], dict[int, str]]:
    return permits.shown(unit), {member.id: member.label for member in members.members(unit)}


def _row(desk: Console, me: Member, one: PermitRow, names: dict[int, str]) -> dict[str, object]:
    mine = one.staff_id == me.id
    return {
        "id": one.id,
        "by": names.get(one.staff_id, ""),
        "at": desk.moment(one.at),
        "count": one.count,
        "kind": one.kind.rpartition("_")[2].upper(),
        "of": _of(desk, one),
        "query": one.query if one.kind in OF_LOG else "",
        "state": one.state,
        "decided_by": names.get(one.decided_by or 0, ""),
        "decides": not mine and one.state == State.ASKED and may(me, May.ALLOW_EXPORT),
        "link": ADDRESSES[File(one.kind)].format(one.query) if mine and one.state == State.ALLOWED else "",
    }


def _of(desk: Console, one: PermitRow) -> str:
    """Which file it is, in words."""
    if one.kind in OF_LOG:
        return desk.text("permit.of_log")
    return desk.text(f"permit.of_{one.kind.partition('_')[0]}", number=one.query)
