"""What staff do with a request: each form is one unit of work under the conversation's lock, and answers at once."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.datastructures import FormData

from desk.access import May, may, works
from desk.console.forms import ACTS, ASIDE, LONGEST, Unfit
from desk.console.refusing import gone, refused
from desk.console.shown import Console
from desk.console.signing import Show, door, who
from desk.guests import guest_in
from desk.inbox import find, just_closed
from desk.lifecycle import Refused
from desk.requests import Desk, NotYours
from desk.watch import revealed
from storage import handoff, notes, requests, sent_forms
from storage.keys import KeyGone
from storage.members import Member
from storage.requests import NoRequest, RequestRow
from storage.unit_of_work import Unit

ONCE = 48  # characters of a form's token, at most
OF_COORDINATORS = frozenset({"bar", "lift"})
#: What somebody may do with a request that is a colleague's; whether they were asked to is looked at there.
OF_ANOTHER = frozenset({"take-over", "decline"})


def acting(desk: Console, show: Show) -> APIRouter:
    """The pages that change something."""
    routes = APIRouter(prefix="/desk/requests", default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.post("/{number:int}/draft")
    async def keep_draft(request: Request, number: int) -> Response:
        """What is being written, every few seconds; colleagues see that somebody writes."""
        me, form = who(request), await request.form()
        text = str(form.get("text", ""))[:LONGEST]

        def keep(unit: Unit) -> None:
            row = find(unit, me, number)
            notes.keep_draft(unit, number, row.contact_id, me.id, text)

        try:
            await desk.database.write(keep)
        except (NoRequest, KeyGone):
            return JSONResponse({}, 404)
        return JSONResponse({})

    @routes.post("/{number:int}/reveal")
    async def reveal(request: Request, number: int) -> Response:
        """Answers on fear and status, for who has the request. Written in the log."""
        me, voice = who(request), desk.voice()

        def read(unit: Unit) -> bytes | None:
            row = find(unit, me, number)
            if row.assignee_id != me.id:
                raise NotYours
            revealed(unit, voice, me, number)
            return handoff.sensitive(unit, number)

        try:
            found = await desk.database.write(read)
        except (NoRequest, KeyGone):
            return await gone(desk, show, request, number)
        except NotYours:
            return await refused(desk, show, request, number, 403, "error.not_yours")
        return show(request, "revealed.html", number=number, answers=orjson.loads(found) if found else None)

    @routes.post("/{number:int}/note")
    async def note(request: Request, number: int) -> Response:
        """A note, also of who reads along."""
        return await _answered(desk, show, request, number, "note")

    @routes.post("/{number:int}/interpret")
    async def interpret(request: Request, number: int) -> Response:
        """What an original says in the team's language, also of who reads along."""
        return await _answered(desk, show, request, number, "interpret")

    @routes.post("/{number:int}/{act}")
    async def do(request: Request, number: int, act: str) -> Response:
        if act not in ACTS:
            return show(request, "thread.html", 404, thread=None)
        return await _answered(desk, show, request, number, act)

    return routes


async def _answered(desk: Console, show: Show, request: Request, number: int, act: str) -> Response:
    """The page after an act, or why it was not done."""
    me, form = who(request), await request.form()
    words = str(form.get("text", ""))
    try:
        await desk.database.write(lambda unit: _do(desk, unit, me, number, act, form))
    except (NoRequest, KeyGone):
        return await gone(desk, show, request, number, words)
    except NotYours:
        status, why = 409, "error.not_yours"
    except Refused:
        status, why = 409, "error.refused"
    except Unfit as error:
        status, why = 422, str(error)
    else:
        return RedirectResponse("/desk" if _loses_sight(me, act) else f"/desk/requests/{number}", 303)
    return await refused(desk, show, request, number, status, why, words)


def _loses_sight(me: Member, act: str) -> bool:
    """Whether somebody does not see the request any more after this act."""
    return act == "decline" or (act == "flag" and not may(me, May.SEE_PROTECTED))


def _do(console: Console, unit: Unit, me: Member, number: int, act: str, form: FormData) -> None:
    def look() -> RequestRow:
        return (just_closed(unit, me, number) if act == "undo" else None) or _workable(unit, me, number, act)

    # A human's act takes its place in the conversation's order (rulings 4).
    requests.hold(unit, look)
    # Whose answer got lost on the way sends the form again; that is the same press.
    if act == "refer" and form.get("institution") not in console.institutions():
        raise Unfit("error.institution")
    if (once := str(form.get("once", ""))) and not sent_forms.is_first(unit, f"{me.id}:{once[:ONCE]}"):
        return
    (ASIDE.get(act) or ACTS[act])(Desk(unit, console.voice(), console.calendar(), me.id), number, form)


def _workable(unit: Unit, me: Member, number: int, act: str) -> RequestRow:
    row = find(unit, me, number)
    if act in OF_COORDINATORS and not may(me, May.BAR_PEOPLE):
        raise NotYours
    if act in OF_ANOTHER or works(me, row) or (act in ASIDE and guest_in(unit, me, number) is not None):
        return row
    raise NotYours
