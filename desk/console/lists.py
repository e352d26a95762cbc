"""The lists of requests and one request: what is read. Every opening of a request is written in the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from desk.access import May, may
from desk.console.reach import reach
from desk.console.shown import Console, isolated, language_name, language_tag, spoken
from desk.console.signing import Show, door, who
from desk.inbox import Line, Tab, Thread, counts, inbox, is_late, thread
from desk.lifecycle import Outcome
from storage import audit, members
from storage.crypto import Tampered
from storage.keys import KeyGone
from storage.members import Member
from storage.requests import NoRequest, RequestRow
from storage.unit_of_work import Unit
from storage.window import Window, window

#: Reasons of the outbox that have words for staff (desk.why).
WHYS = frozenset({"needs_template", "changed_who", "undeliverable", "template", "account"})
SAID = 120  # characters of the last words in a list
#: A page that stays open fetches itself: within this time that is one opening.
SAME_OPENING = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Opened:
    """A request as it is opened, and the list beside it."""

    thread: Thread
    colleagues: Sequence[Member]
    beside: Sequence[Line]
    counts: Mapping[Tab, int]
    window: Window


def reading(desk: Console, show: Show) -> APIRouter:
    """The pages that only read."""
    routes = APIRouter(prefix="/desk", default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.get("")
    async def requests(request: Request, tab: Tab = Tab.OURS) -> Response:
        me, here = who(request), desk.to(request)
        lines, numbers = await desk.database.read(lambda unit: (inbox(unit, me, tab), counts(unit, me)))
        rows = [list_row(here, me, line) for line in lines]
        return show(request, "inbox.html", tab=tab, tabs=list(Tab), counts=numbers, rows=rows)

    @routes.get("/requests/{number:int}")
    async def one(request: Request, number: int) -> Response:
        me = who(request)
        try:
            found = await desk.database.write(partial(_open, member=me, number=number))
        except (NoRequest, KeyGone, Tampered):
            return show(request, "thread.html", 404, thread=None)
        return show(request, "thread.html", **page(desk.to(request), me, found))

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
        "tag": language_tag(row.locale),
        "waits": desk.since(row.turn_at or row.created_at, desk.database.now()),
        "promised": desk.moment(row.promised_by) if row.answered_at is None else "",
        "late": line.late,
        "mine": row.assignee_id == me.id,
        "taken": row.assignee_id is not None,
        "said": line.said.text[:SAID] if line.said else "",
        "direction": line.said.direction if line.said else "",
    }


def page(desk: Console, me: Member, opened: Opened) -> dict[str, Any]:
    """Everything that the page of one request shows."""
    found, row = opened.thread, opened.thread.row
    names = {member.id: member.label for member in opened.colleagues}
    now = desk.database.now()
    others = [one for one in opened.colleagues if one.id != me.id and one.has("assistant", "coordinator")]
    return {
        "thread": found,
        "row": list_row(desk, me, Line(row, is_late(row, now), None)),
        "names": names,
        "holder": names.get(row.assignee_id or 0, ""),
        "is_open": row.closed_at is None,
        "draft": found.drafts[me.id].text if me.id in found.drafts else "",
        "drafts": [(names.get(id, ""), draft.text) for id, draft in found.drafts.items() if id != me.id],
        "writing": [names.get(id, "") for id in found.writing(now, me.id)],
        "others": others,
        "outcomes": [(str(outcome), desk.text(f"outcome.{outcome}")) for outcome in Outcome],
        "institutions": desk.institutions(),
        "opened": desk.moment(row.created_at),
        "due": desk.moment(row.due_at),
        "seen": row.guide is not None and row.step is not None,
        "earlier": [(one.number, desk.text(f"type.{one.type}"), _outcome(desk, one)) for one in found.earlier],
        **_beside(desk, me, opened),
        **_shelf(desk, me, row),
        "reach": reach(desk, opened.window, row.locale, found),
    }


def _beside(desk: Console, me: Member, opened: Opened) -> dict[str, Any]:
    """The list that stands beside a request where there is room."""
    rows = [list_row(desk, me, line) for line in opened.beside]
    return {"rows": rows, "tab": Tab.OURS, "tabs": list(Tab), "counts": opened.counts}


def _shelf(desk: Console, me: Member, row: RequestRow) -> dict[str, Any]:
    """What can be inserted, for who has the request."""
    if row.assignee_id != me.id or row.closed_at is not None:
        return {}
    shelf, reader = desk.shelf(), desk.view.language
    return {
        "shelf_replies": shelf.replies(row.locale, reader),
        "shelf_steps": shelf.steps(reader),
        "shelf_places": shelf.places(),
    }


def _outcome(desk: Console, row: RequestRow) -> str:
    return desk.text(f"outcome.{row.outcome}") if row.outcome else desk.text(f"turn.{row.state}")


def _open(unit: Unit, member: Member, number: int) -> Opened:
    found = thread(unit, member, number)
    thing = f"request:{number}"
    if not audit.is_logged(unit, member.id, "opened", thing, unit.now - SAME_OPENING):
        audit.log_act(unit, member.id, "opened", thing)
    beside = inbox(unit, member, Tab.OURS) if may(member, May.WORK_REQUESTS) else []
    now = window(unit, found.row.conversation_id)
    return Opened(found, members.members(unit), beside, counts(unit, member), now)


def shared(desk: Console) -> Mapping[str, Any]:
    """What every template may use."""
    said = {
        "t": desk.text,
        "whys": WHYS,
        "tn": desk.counted,
        "moment": desk.moment,
        "language_name": language_name,
        "tag": language_tag,
    }
    return {**said, "spoken": spoken, "isolated": isolated, "clock": desk.clock, "view": desk.view}
