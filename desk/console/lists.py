"""The lists of requests and one request: what is read. Every opening of a request is written in the log."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from desk.console.shown import Console, language_name
from desk.console.signing import Show, door, who
from desk.inbox import Line, Tab, Thread, counts, inbox, is_late, thread
from desk.lifecycle import Outcome
from storage import audit, members
from storage.crypto import Tampered
from storage.keys import KeyGone
from storage.members import Member
from storage.requests import NoRequest, RequestRow
from storage.unit_of_work import Unit

SAID = 120  # characters of the last words in a list


def reading(desk: Console, show: Show) -> APIRouter:
    """The pages that only read."""
    routes = APIRouter(prefix="/desk", default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.get("")
    async def requests(request: Request, tab: Tab = Tab.OURS) -> Response:
        me = who(request)
        lines, numbers = await desk.database.read(lambda unit: (inbox(unit, me, tab), counts(unit, me)))
        rows = [list_row(desk, me, line) for line in lines]
        return show(request, "inbox.html", tab=tab, tabs=list(Tab), counts=numbers, rows=rows)

    @routes.get("/requests/{number:int}")
    async def one(request: Request, number: int) -> Response:
        me = who(request)
        try:
            found, colleagues = await desk.database.write(partial(_open, member=me, number=number))
        except (NoRequest, KeyGone, Tampered):
            return show(request, "thread.html", 404, thread=None)
        return show(request, "thread.html", **page(desk, me, found, colleagues))

    return routes


def list_row(desk: Console, me: Member, line: Line) -> dict[str, Any]:
    """One request as a list shows it."""
    row = line.row
    return {
        "number": row.number,
        "type": desk.text(f"type.{row.type}"),
        "turn": row.state,
        "urgent": row.urgent,
        "where": desk.where(row.guide, row.step),
        "language": language_name(row.locale),
        "locale": row.locale,
        "waits": desk.since(row.turn_at or row.created_at, desk.database.now()),
        "promised": desk.moment(row.promised_by) if row.answered_at is None else "",
        "late": line.late,
        "mine": row.assignee_id == me.id,
        "taken": row.assignee_id is not None,
        "said": line.said.text[:SAID] if line.said else "",
        "direction": line.said.direction if line.said else "",
    }


def page(desk: Console, me: Member, found: Thread, colleagues: list[Member]) -> dict[str, Any]:
    """Everything that the page of one request shows."""
    row, names = found.row, {member.id: member.label for member in colleagues}
    now = desk.database.now()
    return {
        "thread": found,
        "row": list_row(desk, me, Line(row, is_late(row, now), None)),
        "names": names,
        "holder": names.get(row.assignee_id or 0, ""),
        "is_open": row.closed_at is None,
        "draft": found.drafts[me.id].text if me.id in found.drafts else "",
        "writing": [names.get(id, "") for id in found.writing(now, me.id)],
        "others": [member for member in colleagues if member.id != me.id and member.has("assistant", "coordinator")],
        "outcomes": [(str(outcome), desk.text(f"outcome.{outcome}")) for outcome in Outcome],
        "institutions": desk.institutions(),
        "opened": desk.moment(row.created_at),
        "due": desk.moment(row.due_at),
        "earlier": [(one.number, desk.text(f"type.{one.type}"), _outcome(desk, one)) for one in found.earlier],
    }


def _outcome(desk: Console, row: RequestRow) -> str:
    return desk.text(f"outcome.{row.outcome}") if row.outcome else desk.text(f"turn.{row.state}")


def _open(unit: Unit, member: Member, number: int) -> tuple[Thread, list[Member]]:
    found = thread(unit, member, number)
    audit.log_act(unit, member.id, "opened", f"request:{number}")
    return found, members.members(unit)


def shared(desk: Console) -> Mapping[str, Any]:
    """What every template may use."""
    return {"t": desk.text, "moment": desk.moment, "language_name": language_name}
