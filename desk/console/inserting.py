"""Beside the composer: approved words, steps and places put into the draft, and a step as the person sees it."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from desk.canned import NothingSuch, Seen
from desk.console.forms import LONGEST
from desk.console.refusing import gone, refused
from desk.console.shown import Console
from desk.console.signing import Show, door, who
from desk.inbox import find
from desk.requests import NotYours
from desk.thread import now_at
from i18n.locales import LOCALES
from storage import handoff, notes
from storage.keys import KeyGone
from storage.members import Member
from storage.requests import NoRequest, RequestRow
from storage.unit_of_work import Unit


def inserting(desk: Console, show: Show) -> APIRouter:
    """The pages that bring words into an answer. Nothing is sent by them."""
    routes = APIRouter(prefix="/desk/requests", default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.post("/{number:int}/insert")
    async def insert(request: Request, number: int) -> Response:
        """Append the chosen words to what is written already, and keep that as the draft."""
        me, form = who(request), await request.form()
        try:
            await desk.database.write(partial(_append, desk=desk, me=me, number=number, form=form))
        except (NoRequest, KeyGone, NothingSuch):
            return await gone(desk, show, request, number, str(form.get("text", "")))
        except NotYours:
            return await refused(desk, show, request, number, 409, "error.not_yours", str(form.get("text", "")))
        return RedirectResponse(f"/desk/requests/{number}#answer", 303)

    @routes.get("/{number:int}/step")
    async def step(request: Request, number: int) -> Response:
        """The step at which the person is, in their language and in the reader's."""
        me, reader = who(request), desk.to(request).view.language
        try:
            row, place = await desk.database.read(partial(_place, member=me, number=number))
        except NoRequest:
            return show(request, "thread.html", 404, thread=None)
        shelf, seen = desk.shelf(), list[tuple[str, Seen]]()
        for locale in dict.fromkeys((row.locale, reader)):
            found = shelf.seen(*place, shelf.known(locale))
            seen += [(locale, found)] if found else []
        return show(request, "step.html", number=number, seen=seen, rtl=_is_rtl)

    return routes


def _place(unit: Unit, member: Member, number: int) -> tuple[RequestRow, tuple[str, str]]:
    """The request, with guide and step at which the person is. Raises NoRequest."""
    row = find(unit, member, number)
    return row, now_at(row, handoff.events(unit, number)) or (row.guide or "", row.step or "")


def _append(unit: Unit, desk: Console, me: Member, number: int, form: FormData) -> None:
    row = find(unit, me, number)
    if row.assignee_id != me.id:
        raise NotYours
    chosen = str(form.get("canned") or form.get(str(form.get("from", ""))) or "")
    written = str(form.get("text", "")).rstrip()
    words = desk.shelf().words(chosen, row.locale) if chosen else ""
    text = "\n".join(part for part in (written, words) if part)
    notes.keep_draft(unit, number, row.contact_id, me.id, text[:LONGEST])


def _is_rtl(locale: str) -> bool:
    return locale in LOCALES and LOCALES[locale].rtl
