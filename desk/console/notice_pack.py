"""A notice for groups, walls and translators: the text of each language to copy, a leaflet to print, PO out and in."""

from __future__ import annotations

from functools import partial
from io import BytesIO

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import UploadFile

from desk import notices as acts
from desk.console.notice_page import NOTICES
from desk.console.notices import at_desk, composer
from desk.console.shown import Console
from desk.console.signing import Show, door, who
from desk.notice_desk import NoticeDesk, find
from i18n.locales import LOCALES
from notices.drafts import source_of
from notices.lifecycle import Refused
from notices.po import NotThisNotice, read_po, written_po
from storage import notices as stored
from storage.broadcasts import NoBroadcast
from storage.members import Member
from storage.notices import NoNotice, NoticeRow, TextRow
from storage.unit_of_work import Unit

LARGEST_PO = 32 * 1024  # bytes; a notice in one language has at most 3,600 characters


def notice_pack(desk: Console, show: Show) -> APIRouter:
    """The pages beside the sending."""
    routes = APIRouter(prefix=NOTICES, default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.get("/{id:int}/pack")
    async def pack(request: Request, id: int) -> Response:
        found = await _written(desk, request, id)
        if found is None:
            return show(request, "notice_gone.html", 404)
        notice, texts = found
        voice = desk.notices()
        packed = [(text.locale, voice.to_copy(notice, text)) for text in texts.values()]
        return show(request, "notice_pack.html", packed=packed, rtl=is_rtl, **_here(id))

    @routes.get("/{id:int}/leaflet/{locale}")
    async def leaflet(request: Request, id: int, locale: str) -> Response:
        """A page to print, in one language, with the code that leads into the chat."""
        found = await _written(desk, request, id)
        if found is None or locale not in found[1]:
            return show(request, "notice_gone.html", 404)
        notice, text = found[0], found[1][locale]
        sheet = desk.notices().leaflet(notice, text)
        return show(request, "notice_leaflet.html", locale=locale, sheet=sheet, rtl=is_rtl, **_here(id))

    @routes.get("/{id:int}/qr/{locale}")
    async def code(request: Request, id: int, locale: str) -> Response:
        found = await _written(desk, request, id)
        if found is None or locale not in found[1]:
            return show(request, "notice_gone.html", 404)
        return drawn(desk.notices().address(found[0], locale))

    @routes.get("/{id:int}/po/{locale}")
    async def out(request: Request, id: int, locale: str) -> Response:
        """The file of one language for its translator; the English column is whatever the notice was written in."""
        found = await _written(desk, request, id)
        if found is None or locale not in LOCALES or not found[1]:
            return show(request, "notice_gone.html", 404)
        texts = found[1]
        source = texts[source_of(texts)]
        made = written_po(id, locale, source, texts.get(locale))
        headers = {"Content-Disposition": f'attachment; filename="notice-{id}.{locale}.po"'}
        return Response(made, media_type="text/x-gettext-translation; charset=utf-8", headers=headers)

    @routes.post("/{id:int}/po")
    async def back(request: Request, id: int) -> Response:
        me = who(request)
        async with request.form() as form:
            file = form.get("file")
            raw = await file.read(LARGEST_PO + 1) if isinstance(file, UploadFile) else b""
        try:
            locale = await desk.database.write(partial(_take, desk=desk, me=me, number=id, raw=raw))
        except (NoBroadcast, NoNotice):
            return show(request, "notice_gone.html", 404)
        except NotThisNotice as why:
            return await composer(desk, show, request, id, 422, fault=f"notices_po.{why}")
        except Refused:
            return await composer(desk, show, request, id, 409, fault="notices_fault.refused")
        return RedirectResponse(f"{NOTICES}/{id}?lang={locale}#texts", 303)

    return routes


async def _written(desk: Console, request: Request, number: int) -> tuple[NoticeRow, dict[str, TextRow]] | None:
    """The notice of a broadcast that they see, with its texts."""

    def read(unit: Unit) -> tuple[NoticeRow, dict[str, TextRow]]:
        row = find(unit, who(request), number)
        return stored.notice(unit, row.notice_id), stored.texts(unit, row.notice_id)

    try:
        return await desk.database.read(read)
    except (NoBroadcast, NoNotice):
        return None


def _take(unit: Unit, desk: Console, me: Member, number: int, raw: bytes) -> str:
    """Take a translator's file over; its language. Raises NotThisNotice, Refused, NoBroadcast."""
    if not 0 < len(raw) <= LARGEST_PO:
        raise NotThisNotice("no_file")
    at: NoticeDesk = at_desk(desk, unit, me)
    texts = stored.texts(unit, find(unit, me, number).notice_id)
    if not texts:
        raise NotThisNotice("other_source")
    locale, title, body = read_po(number, raw, texts[source_of(texts)])
    acts.write_text(at, number, locale, title, body)
    return locale


def _here(number: int) -> dict[str, str]:
    """Where the pack of a notice stands: its page, what that is called, and the beginning of the files' names."""
    return {"at": f"{NOTICES}/{number}", "back": "notices.one", "file": f"notice-{number}"}


def drawn(address: str) -> Response:
    """A code that leads there. Black on white also where the page is dark: cameras read nothing else well."""
    # Deferred: 0.13 s to import, and most processes never draw one.
    import segno

    picture = BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="svg", scale=4, border=4, dark="#000", light="#fff")
    return Response(picture.getvalue(), media_type="image/svg+xml")


def is_rtl(locale: str) -> bool:
    """Whether words of this language run from right to left."""
    return locale in LOCALES and LOCALES[locale].rtl
