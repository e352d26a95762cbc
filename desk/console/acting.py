"""What staff do with a request: each form is one unit of work under the conversation's lock, and answers at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.datastructures import FormData

from desk import goods, offers, reaching, turns
from desk import requests as acts
from desk.access import works
from desk.console.refusing import gone, refused
from desk.console.shown import Console
from desk.console.signing import Show, door, who
from desk.goods import Decision
from desk.inbox import find, just_closed
from desk.lifecycle import DECIDED, Outcome, Refused
from desk.offers import NotForThem
from desk.requests import Desk, NotYours
from desk.watch import revealed
from storage import contacts, handoff, notes, requests, sent_forms
from storage.keys import KeyGone
from storage.members import Member
from storage.requests import NoRequest, RequestRow
from storage.unit_of_work import Unit

LONGEST = 3500  # characters of an answer; one Telegram message holds 4,096 (channels.md)
REASON = 300  # characters of the reason of a decision: one plain line
MOST_DAYS = 365
ONCE = 32  # characters of a form's token, at most
TAG = re.compile(r"[\w .-]{0,40}")  # the name of a project or donor, never of a person


class Unfit(Exception):
    """The form lacks something. The message is a key of the desk's texts."""


def _claim(desk: Desk, number: int, _form: FormData) -> None:
    if not acts.claim(desk, number):
        raise NotYours


def _answer(desk: Desk, number: int, form: FormData) -> None:
    acts.answer(desk, number, _words(form))


def _note(desk: Desk, number: int, form: FormData) -> None:
    acts.note(desk, number, _words(form))


def _close(desk: Desk, number: int, form: FormData) -> None:
    try:
        outcome = Outcome(str(form.get("outcome", "")))
    except ValueError:
        raise Unfit("error.outcome") from None
    if outcome in DECIDED:
        raise Unfit("error.outcome")
    acts.close(desk, number, outcome)


def _decide(desk: Desk, number: int, form: FormData) -> None:
    reason = " ".join(str(form.get("reason", "")).split())
    try:
        decision = Decision(str(form.get("decision", "")))
    except ValueError:
        raise Unfit("error.decision") from None
    if not 0 < len(reason) <= REASON:
        raise Unfit("error.decision")
    goods.decide(desk, number, decision, reason)


def _offer(desk: Desk, number: int, form: FormData) -> None:
    to = str(form.get("to", ""))
    if not to.isdecimal():
        raise Unfit("error.colleague")
    try:
        offers.offer(desk, number, int(to), _words(form))
    except NotForThem:
        raise Unfit("error.colleague") from None


def _refer(desk: Desk, number: int, form: FormData) -> None:
    if form.get("agreed") != "yes":
        raise Unfit("error.agreed")
    acts.refer(desk, number, str(form.get("institution", "")), _words(form), _date(desk.unit, form))


def _put_off(desk: Desk, number: int, form: FormData) -> None:
    due = _date(desk.unit, form)
    if due is None:
        raise Unfit("error.date")
    acts.put_off(desk, number, due)


def _tag(desk: Desk, number: int, form: FormData) -> None:
    tag = str(form.get("tag", "")).strip()
    if not TAG.fullmatch(tag):
        raise Unfit("error.tag")
    acts.set_tag(desk, number, tag)


def _knock(desk: Desk, number: int, form: FormData) -> None:
    """What was being written stays a draft."""
    reaching.knock(desk, number)
    text = str(form.get("text", ""))[:LONGEST]
    notes.keep_draft(desk.unit, number, requests.request(desk.unit, number).contact_id, desk.me, text)


def _take_over(desk: Desk, number: int, _form: FormData) -> None:
    if not offers.take_over(desk, number):
        raise NotYours


#: Every form of a request. Who may press which: `_workable`, and the acts themselves.
ACTS: Mapping[str, Callable[[Desk, int, FormData], None]] = {
    "claim": _claim,
    "answer": _answer,
    "note": _note,
    "close": _close,
    "decide": _decide,
    "undo": lambda desk, number, _form: turns.undo_close(desk, number),
    "give-back": lambda desk, number, _form: acts.give_back(desk, number),
    "offer": _offer,
    "take-over": _take_over,
    "decline": lambda desk, number, _form: offers.decline(desk, number),
    "withdraw": lambda desk, number, _form: offers.withdraw_offer(desk, number),
    "refer": _refer,
    "put-off": _put_off,
    "tag": _tag,
    "knock": _knock,
    "trust": lambda desk, number, _form: reaching.trust(desk, number),
    "mark": lambda desk, number, _form: acts.mark_ours(desk, number),
}
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

    @routes.post("/{number:int}/{act}")
    async def do(request: Request, number: int, act: str) -> Response:
        me, form = who(request), await request.form()
        if act not in ACTS:
            return show(request, "thread.html", 404, thread=None)
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
            # Who declines does not see it any more.
            return RedirectResponse("/desk" if act == "decline" else f"/desk/requests/{number}", 303)
        return await refused(desk, show, request, number, status, why, words)

    return routes


def _do(console: Console, unit: Unit, me: Member, number: int, act: str, form: FormData) -> None:
    row = (just_closed(unit, me, number) if act == "undo" else None) or _workable(unit, me, number, act)
    # A human's act takes its place in the conversation's order (rulings 4).
    contacts.hold(unit, row.conversation_id)
    # Whose answer got lost on the way sends the form again; that is the same press.
    if act == "refer" and form.get("institution") not in console.institutions():
        raise Unfit("error.institution")
    if (once := str(form.get("once", ""))) and not sent_forms.is_first(unit, f"{me.id}:{once[:ONCE]}"):
        return
    ACTS[act](Desk(unit, console.voice(), console.calendar(), me.id), number, form)


def _workable(unit: Unit, me: Member, number: int, act: str) -> RequestRow:
    row = find(unit, me, number)
    if act not in OF_ANOTHER and not works(me, row):
        raise NotYours
    return row


def _words(form: FormData) -> str:
    text = str(form.get("text", "")).strip()
    if not text:
        raise Unfit("error.empty")
    if len(text) > LONGEST:
        raise Unfit("error.long")
    return text


def _date(unit: Unit, form: FormData) -> datetime | None:
    days = str(form.get("days", ""))
    if not days:
        return None
    if not (days.isascii() and days.isdecimal() and 0 < int(days) <= MOST_DAYS):
        raise Unfit("error.date")
    return unit.now + timedelta(days=int(days))
