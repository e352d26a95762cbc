"""Events at the desk: the list, one event with who comes, the tick at the door, and the list as a file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from desk import gatherings as acts
from desk.console import gathering_fields as fields
from desk.console.gathering_fields import Unreadable
from desk.console.notice_page import NOTICES
from desk.console.notices import at_desk
from desk.console.permit_pages import ask_first
from desk.console.shown import Console, language_name
from desk.console.signing import Show, door, who
from desk.export import Cell, csv_of, table_as_xlsx
from desk.notice_desk import places_of
from desk.permits import NeedsSecond
from i18n.locales import LOCALES
from i18n.text import say_moment
from notices import rsvp
from notices.audience import OutOfReach
from notices.drafts import stand_in
from notices.events import TAKES, Refused, State
from notices.rsvp import TooSmall
from storage.events import EventRow, NoEvent, SeatRow, seats
from storage.members import Member
from storage.unit_of_work import Unit

EVENTS = "/desk/events"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What a refusal is answered with.
REFUSALS: Mapping[type[Exception], tuple[int, str]] = {
    Refused: (409, "refused"),
    TooSmall: (422, "too_small"),
    OutOfReach: (403, "out_of_reach"),
}
#: The columns of the file. No contact, and no name: nobody has one here.
COLUMNS: Mapping[str, Callable[[SeatRow], Cell]] = {
    "number": lambda seat: seat.number,
    "stand": lambda seat: seat.stand,
    "companions": lambda seat: seat.companions,
    "language": lambda seat: seat.locale,
    "attended": lambda seat: seat.attended,
}
Act = Callable[[Unit, Member, int, FormData, set[str]], object]


def gatherings(desk: Console, show: Show) -> APIRouter:
    """The pages under /desk/events."""
    routes = APIRouter(prefix=EVENTS, default_response_class=HTMLResponse, route_class=door(desk, show))

    async def everything(request: Request, status: int = 200, **more: object) -> Response:
        here, me = desk.to(request), who(request)

        def read(unit: Unit) -> list[tuple[EventRow, list[SeatRow]]]:
            return [(row, seats(unit, row.id)) for row in acts.seen(unit, me)]

        rows = [_listed(here, row, listed) for row, listed in await desk.database.read(read)]
        blank = fields.written(fields.blank(desk.calendar().zone, desk.database.now()))
        form = {"given": blank, "towns": _towns(here, me), "languages": _languages(here)}
        return show(request, "gatherings.html", status, rows=rows, **{**form, **more})

    @routes.get("")
    async def listed(request: Request) -> Response:
        return await everything(request)

    @routes.post("")
    async def plan(request: Request) -> Response:
        me, form, now = who(request), await request.form(), desk.database.now()
        towns, typed = {id for id, _ in _towns(desk, me)}, fields.typed(form, "locale", "title", "body")
        try:
            event = fields.facts(form, fields.blank(desk.calendar().zone, now), towns, now)
            locale, title, body = fields.words(form)
            if not title:
                raise Unreadable("text")
            texts = {locale: (title, body)}
            id = await desk.database.write(lambda unit: acts.plan(unit, me, replace(event, texts=texts)))
        except Unreadable as why:
            return await everything(request, 422, **_fault(str(why)), given=typed)
        except OutOfReach:
            return await everything(request, 403, **_fault("out_of_reach"), given=typed)
        return RedirectResponse(f"{EVENTS}/{id}", 303)

    @routes.get("/{id:int}")
    async def one(request: Request, id: int, lang: str = "") -> Response:
        return await _page(desk, show, request, id, lang)

    @routes.get("/{id:int}/list.{kind}")
    async def file(request: Request, id: int, kind: str) -> Response:
        me, here = who(request), desk.to(request)
        if kind not in acts.FILES:
            return show(request, "notice_gone.html", 404)
        try:
            rows = await desk.database.write(partial(acts.exported, me=me, id=id, kind=kind, alone=desk.exports_alone))
        except NoEvent:
            return show(request, "notice_gone.html", 404)
        except NeedsSecond as why:
            return ask_first(show, request, why)
        cells = [[read(seat) for read in COLUMNS.values()] for seat in rows]
        if kind == "csv":
            return _file(csv_of(list(COLUMNS), cells), "text/csv; charset=utf-8", f"event-{id}.csv")
        meaning = {name: here.text(f"gathering.column_{name}") for name in COLUMNS}
        made = await asyncio.to_thread(table_as_xlsx, "list", cells, meaning, desk.database.now())
        return _file(made, XLSX, f"event-{id}.xlsx")

    @routes.post("/{id:int}/notice")
    async def tell(request: Request, id: int) -> Response:
        me, form = who(request), await request.form()
        to_list = form.get("to") == "list"
        try:
            number = await desk.database.write(lambda unit: acts.tell(at_desk(desk, unit, me), id, to_list=to_list))
        except NoEvent:
            return show(request, "notice_gone.html", 404)
        return RedirectResponse(f"{NOTICES}/{number}", 303)

    @routes.post("/{id:int}/{act}")
    async def do(request: Request, id: int, act: str) -> Response:
        me, form = who(request), await request.form()
        if act not in _ACTS:
            return show(request, "notice_gone.html", 404)
        towns, lang = {town for town, _ in _towns(desk, me)}, str(form.get("locale", ""))
        try:
            await desk.database.write(lambda unit: _ACTS[act](unit, me, id, form, towns))
        except NoEvent:
            return show(request, "notice_gone.html", 404)
        except Unreadable as why:
            return await _page(desk, show, request, id, lang, 422, **_fault(str(why)), **_typed(act, form))
        except tuple(REFUSALS) as why:
            status, fault = REFUSALS[type(why)]
            return await _page(desk, show, request, id, lang, status, **_fault(fault), **_typed(act, form))
        at = f"?lang={lang}#texts" if act == "text" else "#list" if act == "attend" else ""
        return RedirectResponse(f"{EVENTS}/{id}{at}", 303)

    return routes


async def _page(
    desk: Console, show: Show, request: Request, id: int, lang: str, status: int = 200, **more: object
) -> Response:
    here, me = desk.to(request), who(request)

    def read(unit: Unit) -> tuple[EventRow, list[SeatRow]]:
        return acts.find(unit, me, id), acts.on_list(unit, me, id)

    try:
        event, listed = await desk.database.read(read)
    except NoEvent:
        return show(request, "notice_gone.html", 404)
    chosen = lang if lang in LOCALES else next(iter(event.texts), "en")
    shown = {
        "event": event, "given": fields.written(event), "towns": _towns(here, me), "languages": _languages(here),
        "chosen": chosen, "text": event.texts.get(chosen, ("", "")), "source": _source(event, chosen),
        "about": _listed(here, event, listed),
        "takes": rsvp.state_of(event, desk.database.now()) in TAKES, "is_over": event.state == State.CANCELLED,
        "people": [_person(here, seat) for seat in listed],
    }  # fmt: skip
    return show(request, "gathering.html", status, **{**shown, **more})


def _fault(name: str) -> dict[str, str]:
    """Why a form was refused, and the field beside which that stands."""
    return {"fault": name, "at_field": fields.beside(name)}


def _typed(act: str, form: FormData) -> dict[str, object]:
    """What a refused form is handed back with, in place of what is kept."""
    match act:
        case "facts":
            return {"given": fields.typed(form)}
        case "text":
            return {"text": (str(form.get("title", "")), str(form.get("body", "")))}
        case _:
            return {}


def _facts(unit: Unit, me: Member, id: int, form: FormData, towns: set[str]) -> None:
    acts.change(unit, me, fields.facts(form, acts.find(unit, me, id), towns, unit.now))


def _text(unit: Unit, me: Member, id: int, form: FormData, _towns: set[str]) -> None:
    acts.write_text(unit, me, id, *fields.words(form))


def _attend(unit: Unit, me: Member, id: int, form: FormData, _towns: set[str]) -> None:
    acts.attend(unit, me, id, *fields.attended(form))


_ACTS: Mapping[str, Act] = {
    "facts": _facts,
    "text": _text,
    "attend": _attend,
    "publish": lambda unit, me, id, _form, _towns: acts.publish(unit, me, id),
    "cancel": lambda unit, me, id, _form, _towns: acts.cancel(unit, me, id),
}


def _listed(desk: Console, event: EventRow, listed: Sequence[SeatRow]) -> dict[str, Any]:
    """One event in a list, and the head of its page."""
    coming, waiting, came = acts.counts(listed)
    locale = stand_in(desk.view.language, event.texts)
    return {
        "id": event.id,
        "title": event.texts[locale][0] if locale is not None else "",
        "state": rsvp.state_of(event, desk.database.now()),
        "is_draft": event.state == State.DRAFT,
        "is_full": event.capacity is not None and coming >= event.capacity,
        "at": say_moment(rsvp.starts(event), desk.view.language),
        "place": event.place,
        "coming": coming,
        "waiting": waiting,
        "came": came,
        "capacity": event.capacity,
    }


def _person(desk: Console, seat: SeatRow) -> dict[str, Any]:
    return {
        "number": seat.number,
        "stand": seat.stand,
        "companions": seat.companions,
        "people": 1 + seat.companions,
        "language": language_name(seat.locale) if seat.locale else "",
        "attended": seat.attended,
    }


def _source(event: EventRow, chosen: str) -> tuple[str, str, str] | None:
    """Another text to translate from: language, title, body."""
    locale = stand_in("en", [code for code in event.texts if code != chosen])
    return None if locale is None else (locale, *event.texts[locale])


def _towns(desk: Console, me: Member) -> list[tuple[str, str]]:
    mine = places_of(me)
    towns = desk.shelf().pack.places.municipalities
    return [(town.id, town.latin) for town in towns if mine is None or town.id in mine]


def _languages(desk: Console) -> list[str]:
    return list(desk.shelf().catalog.pickable)


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
