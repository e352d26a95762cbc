"""The search page. What is looked for is sent as a form: it may be words of a person, and addresses are kept."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from desk.console.rows import Listed, list_rows, listed
from desk.console.shown import Console, language_name
from desk.console.signing import Show, door, who
from desk.find import MOST_MESSAGES, Found, search
from storage import audit
from storage.requests import RequestRow
from storage.unit_of_work import Unit

LONGEST = 100  # characters


def finding(desk: Console, show: Show) -> APIRouter:
    """The form and what it finds."""
    routes = APIRouter(prefix="/desk/find", default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.get("")
    async def ask(request: Request) -> Response:
        return show(request, "find.html", tab="find", words="", rows=None)

    @routes.post("")
    async def look(request: Request) -> Response:
        me, here, form = who(request), desk.to(request), await request.form()
        words = str(form.get("words", "")).strip()[:LONGEST]

        def read(unit: Unit) -> tuple[Found, Listed]:
            found = search(unit, me, words, lambda row: _facts(here, row))
            return found, listed(unit, found.lines)

        await desk.database.write(partial(audit.log_act, staff_id=me.id, act="searched", thing="requests"))
        # Decrypting thousands of messages takes its time: not in a unit that keeps others from writing.
        found, lines = await desk.database.read(read)
        rows = list_rows(here, me, lines)
        return show(request, "find.html", tab="find", words=words, rows=rows, capped=found.capped, most=MOST_MESSAGES)

    return routes


def _facts(desk: Console, row: RequestRow) -> str:
    """What is known without texts, in the words of the page."""
    turn, kind = desk.text(f"turn.{row.state}"), desk.text(f"type.{row.type}")
    urgent = desk.text("list.urgent") if row.urgent else ""
    return " ".join((kind, turn, urgent, language_name(row.locale), desk.where(row.guide, row.step), row.tag or ""))
