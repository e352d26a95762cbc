"""Notices at the desk: the list, and one that is written: whom it reaches, what it says, what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from desk import notices as acts
from desk.console import notice_live, notice_page
from desk.console.channel_strip import strip
from desk.console.notice_fields import Unreadable, audience_of, labels, words
from desk.console.notice_page import NOTICES
from desk.console.shown import Console
from desk.console.signing import Show, door, who
from desk.notice_desk import NoticeDesk, Opened, find, opened, sees, started, tried
from i18n.locales import LOCALES
from notices.audience import Audience, Count, OutOfReach
from notices.buttons import load
from notices.drafts import source_of, stand_in
from notices.lifecycle import ENDED, Category
from storage import broadcasts
from storage import notices as stored
from storage.broadcasts import NoBroadcast
from storage.channel_health import Flow, flows
from storage.members import Member
from storage.notice_rows import BroadcastRow
from storage.notices import NoNotice, TextRow
from storage.unit_of_work import Unit

LISTED = 100


def notices(desk: Console, show: Show) -> APIRouter:
    """The pages that read; what changes a notice: notice_forms."""
    routes = APIRouter(prefix=NOTICES, default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.get("")
    async def everything(request: Request) -> Response:
        here, me = desk.to(request), who(request)
        rows = await desk.database.read(partial(_listed, member=me, reader=here.view.language))
        shown = [notice_page.listed(here, row, title, withdrawn=gone) for row, title, gone in rows]
        return show(request, "notices.html", rows=shown, categories=list(Category))

    @routes.post("")
    async def begin(request: Request) -> Response:
        me, form = who(request), await request.form()
        try:
            category = Category(str(form.get("category", "")))
        except ValueError:
            return RedirectResponse(NOTICES, 303)
        number = await desk.database.write(lambda unit: acts.begin(at_desk(desk, unit, me), category))
        return RedirectResponse(f"{NOTICES}/{number}", 303)

    @routes.get("/{id:int}")
    async def one(request: Request, id: int, lang: str = "", beside: str = "", after: int = -1) -> Response:
        return await composer(desk, show, request, id, lang=lang, beside=beside, after=after)

    @routes.get("/{id:int}/count")
    async def counted(request: Request, id: int) -> Response:
        """Whom an audience that was not kept yet would reach; a part of the page."""
        me, here, asked = who(request), desk.to(request), audience_of(request.query_params)

        def read(unit: Unit) -> tuple[Count, Audience]:
            return tried(at_desk(desk, unit, me), id, asked)

        try:
            count, audience = await desk.database.read(read)
        except (NoBroadcast, NoNotice, OutOfReach):
            return HTMLResponse("", 404)
        return show(request, "_notice_count.html", **notice_page.counted(here, count, audience))

    @routes.post("/{id:int}/preview")
    async def preview(request: Request, id: int) -> Response:
        """Words that were not kept yet, as every channel would show them; a part of the page."""
        me, form = who(request), await request.form()
        locale = str(form.get("locale", ""))

        def read(unit: Unit) -> stored.NoticeRow:
            return stored.notice(unit, find(unit, me, id).notice_id)

        try:
            notice = await desk.database.read(read)
        except (NoBroadcast, NoNotice):
            return HTMLResponse("", 404)
        try:
            title, body = words(form)
        except Unreadable:
            return HTMLResponse("", 422)
        if locale not in LOCALES:
            return HTMLResponse("", 422)
        voice, text = desk.notices(), TextRow(locale, title, body, 0, None, "")
        notice = replace(notice, buttons=labels(form, load(notice.buttons), locale))
        bubbles = [voice.preview(notice, text, channel) for channel in voice.channels]
        return show(request, "_notice_bubbles.html", bubbles=bubbles, rtl=_is_rtl)

    return routes


def at_desk(desk: Console, unit: Unit, me: Member) -> NoticeDesk:
    """Who acts, in this unit."""
    return NoticeDesk(unit, desk.notices(), desk.calendar(), me, desk.alone)


async def composer(
    desk: Console, show: Show, request: Request, number: int, status: int = 200, lang: str = "", **more: Any
) -> Response:
    """The page of one notice, written or on its way; more: what was refused, and what somebody typed.

    beside: the text that it is made from. after: the last copy of the page before.
    """
    me, here, beside, after = who(request), desk.to(request), str(more.pop("beside", "")), int(more.pop("after", -1))

    def read(unit: Unit) -> tuple[Opened, Sequence[datetime], Mapping[str, Flow]] | notice_live.Going:
        row = find(unit, me, number)
        if row.started_at is not None or row.state in ENDED:
            return notice_live.going(unit, me, number, after)
        return opened(at_desk(desk, unit, me), number), started(unit, number), flows(unit)

    try:
        read_now = await desk.database.read(read)
    except (NoBroadcast, NoNotice):
        return show(request, "notice_gone.html", 404)
    if isinstance(read_now, notice_live.Going):
        return show(request, "notice_live.html", status, **notice_live.page(here, read_now, after), **more)
    found, earlier, flowing = read_now
    chosen = lang if lang in LOCALES else source_of(found.draft.texts) or "en"
    shown = notice_page.page(here, me, found, chosen, beside, earlier) | {"channels": strip(here, flowing)}
    return show(request, "notice.html", status, rtl=_is_rtl, **{**shown, **more})


def _listed(unit: Unit, member: Member, reader: str) -> list[tuple[BroadcastRow, str, bool]]:
    """The newest that they see, with a title in the reader's language or another one, and whether it was withdrawn."""
    rows = [row for row in broadcasts.newest(unit, LISTED) if sees(member, row)]
    titles = {row.notice_id: _title(stored.texts(unit, row.notice_id), reader) for row in rows}
    gone = {id for id in titles if stored.notice(unit, id).withdrawn_at is not None}
    return [(row, titles[row.notice_id], row.notice_id in gone) for row in rows]


def _title(texts: dict[str, TextRow], reader: str) -> str:
    locale = stand_in(reader, texts)
    return "" if locale is None else texts[locale].title or texts[locale].body


def _is_rtl(locale: str) -> bool:
    return locale in LOCALES and LOCALES[locale].rtl
