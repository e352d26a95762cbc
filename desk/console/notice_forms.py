"""The forms of a notice that is being written: each is one unit of work, and leads back to its page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from desk import notices as acts
from desk.console import notice_fields as fields
from desk.console.notice_fields import Unreadable
from desk.console.notice_page import NOTICES
from desk.console.notices import at_desk, composer
from desk.console.shown import Console
from desk.console.signing import Show, door, who
from desk.later_notices import LATER
from desk.notice_desk import NoticeDesk, Opened, find, opened
from desk.notices import Hindered, NoChat, OtherNumber, OwnNotice
from i18n.locales import LOCALES
from notices.audience import OutOfReach
from notices.buttons import load
from notices.drafts import Choice
from notices.lifecycle import Move, Refused
from storage import notices as stored
from storage.broadcasts import NoBroadcast
from storage.members import Member
from storage.notices import NoNotice
from storage.unit_of_work import Unit

#: What a refusal is answered with: status and the key of a text.
REFUSALS: Mapping[type[Exception], tuple[int, str]] = {
    Refused: (409, "notices_fault.refused"),
    Hindered: (422, "notices_fault.hindered"),
    OtherNumber: (422, "notices_fault.number"),
    OwnNotice: (403, "notices_fault.own"),
    NoChat: (422, "notices_fault.no_chat"),
    OutOfReach: (403, "notices_fault.out_of_reach"),
}
Act = Callable[[Console, NoticeDesk, int, FormData], object]
Counted = Callable[[Console, NoticeDesk, Opened, FormData], object]


def _about(console: Console, desk: NoticeDesk, number: int, form: FormData) -> None:
    notice = stored.notice(desk.unit, find(desk.unit, desk.me, number).notice_id)
    buttons, values = fields.about(form, load(notice.buttons), list(console.shelf().pack.guides))
    acts.describe(desk, number, buttons, **values)


def _text(_console: Console, desk: NoticeDesk, number: int, form: FormData) -> None:
    locale, (title, body) = _locale(form), fields.words(form)
    acts.write_text(desk, number, locale, title, body)
    notice = stored.notice(desk.unit, find(desk.unit, desk.me, number).notice_id)
    acts.name_links(desk, number, fields.labels(form, load(notice.buttons), locale))


def _choose(_console: Console, desk: NoticeDesk, number: int, form: FormData) -> None:
    choice = str(form.get("choice", ""))
    acts.choose(desk, number, _locale(form), Choice(choice) if choice in set(Choice) else None)


def _test(console: Console, desk: NoticeDesk, number: int, form: FormData) -> None:
    acts.test(desk, number, _locale(form), by_chat=bool(console.chat_address("x")))


def _submit(_console: Console, desk: NoticeDesk, found: Opened, _form: FormData) -> None:
    acts.submit(desk, found)


def _send(console: Console, desk: NoticeDesk, found: Opened, form: FormData) -> None:
    chosen = fields.when(form, desk.unit.now, desk.calendar.zone, console.night.ends)
    acts.confirm(desk, found, fields.typed(form), chosen.starts, chosen.start_at, chosen.every)


def _later(act: Callable[[NoticeDesk, int], int]) -> Act:
    return lambda _console, desk, number, _form: act(desk, number)


#: What can be done with a notice. One that makes another broadcast gives its number, and leads to its page.
ACTS: Mapping[str, Act] = {
    "about": _about,
    "audience": lambda _console, desk, number, form: acts.aim(desk, number, fields.audience_of(form)),
    "text": _text,
    "choose": _choose,
    "test": _test,
    "read": lambda _console, desk, number, form: acts.note_read(desk, number, _locale(form)),
    "back": lambda _console, desk, number, _form: acts.take_back(desk, number),
    "cancel": lambda _console, desk, number, _form: acts.steer(desk, number, Move.CANCELLED),
    "pause": lambda _console, desk, number, _form: acts.steer(desk, number, Move.PAUSED),
    "resume": lambda _console, desk, number, _form: acts.steer(desk, number, Move.RESUMED),
    "stop": lambda _console, desk, number, _form: acts.steer(desk, number, Move.STOPPED),
    "drop": lambda _console, desk, number, _form: acts.drop(desk, number),
    **{name: _later(act) for name, act in LATER.items()},
}


def notice_forms(desk: Console, show: Show) -> APIRouter:
    """The pages that change a notice."""
    routes = APIRouter(prefix=NOTICES, default_response_class=HTMLResponse, route_class=door(desk, show))

    async def do(request: Request, number: int, act: Act) -> Response:
        me, form = who(request), await request.form()
        lang = str(form.get("locale", ""))
        try:
            made = await desk.database.write(partial(_in_unit, desk=desk, me=me, number=number, act=act, form=form))
        except (NoBroadcast, NoNotice, KeyError):
            return show(request, "notice_gone.html", 404)
        except Unreadable as error:
            return await composer(desk, show, request, number, 422, lang, fault=str(error), typed=form)
        except tuple(REFUSALS) as refusal:
            status, why = REFUSALS[type(refusal)]
            return await composer(desk, show, request, number, status, lang, fault=why, typed=form)
        if isinstance(made, int):
            return RedirectResponse(f"{NOTICES}/{made}", 303)
        shown = f"?lang={lang}" if lang in LOCALES else ""
        return RedirectResponse(f"{NOTICES}/{number}{shown}#{str(form.get('part', ''))[:20] or 'main'}", 303)

    @routes.post("/{id:int}/approve")
    async def approve(request: Request, id: int) -> Response:
        return await do(request, id, lambda _console, desk, number, _form: acts.approve(desk, number))

    async def counted(request: Request, number: int, act: Counted) -> Response:
        """An act on a notice whose people are counted before it, where that keeps nobody from writing."""
        me = who(request)
        try:
            found = await desk.database.read(lambda unit: opened(at_desk(desk, unit, me), number))
        except (NoBroadcast, NoNotice):
            return show(request, "notice_gone.html", 404)
        return await do(request, number, lambda console, at, _number, form: act(console, at, found, form))

    @routes.post("/{id:int}/send")
    async def send(request: Request, id: int) -> Response:
        return await counted(request, id, _send)

    @routes.post("/{id:int}/{act}")
    async def change(request: Request, id: int, act: str) -> Response:
        if act == "submit":
            return await counted(request, id, _submit)
        if act not in ACTS:
            return show(request, "notice_gone.html", 404)
        return await do(request, id, ACTS[act])

    return routes


def _in_unit(unit: Unit, desk: Console, me: Member, number: int, act: Act, form: FormData) -> Any:
    return act(desk, at_desk(desk, unit, me), number, form)


def _locale(form: FormData) -> str:
    """Raises Unreadable for a language that we do not know."""
    locale = str(form.get("locale", ""))
    if locale not in LOCALES:
        raise Unreadable("notices_fault.language")
    return locale
