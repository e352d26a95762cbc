"""A file or a place for the person, beside the composer. It goes out with the next answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from desk import attaching as acts
from desk.attaching import TooMany, read_place
from desk.console.forms import LONGEST, Unfit
from desk.console.refusing import gone, refused
from desk.console.shown import Console
from desk.console.signing import Show, door, who
from desk.inbox import find
from desk.lifecycle import Refused
from desk.requests import Desk, NotYours
from storage import attached, notes, requests
from storage.file_cleaning import NotTaken, clean
from storage.file_types import LARGEST
from storage.keys import KeyGone
from storage.members import Member
from storage.requests import NoRequest
from storage.unit_of_work import Unit

FORM = "multipart/form-data"
_FIELDS = 8


class _InMemory(MultiPartParser):
    """Reads a form without a temporary file: what is for one person lies on no disk unsealed."""

    spool_max_size = 2 * LARGEST


@dataclass(frozen=True, slots=True)
class _Sent:
    """What came with the form; "" and b"" for what did not."""

    text: str
    place: str
    file: bytes


def attaching(desk: Console, show: Show) -> APIRouter:
    """The pages that attach something, or take it back."""
    routes = APIRouter(prefix="/desk/requests", default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.post("/{number:int}/attach")
    async def attach(request: Request, number: int) -> Response:
        """Put a file or a place beside the draft."""
        me, words = who(request), ""
        try:
            sent = await _read(request)
            words = sent.text
            await desk.database.write(partial(_keep_draft, me=me, number=number, words=words))
            await _attach(desk, me, number, sent)
        except (NoRequest, KeyGone):
            return await gone(desk, show, request, number, words)
        except NotYours:
            return await refused(desk, show, request, number, 409, "error.not_yours", words)
        except Refused:
            return await refused(desk, show, request, number, 409, "error.refused", words)
        except Unfit as error:
            return await refused(desk, show, request, number, 422, str(error), words)
        return RedirectResponse(f"/desk/requests/{number}#answer", 303)

    @routes.post("/{number:int}/detach")
    async def detach(request: Request, number: int) -> Response:
        """Take back what was attached."""
        me, form = who(request), await request.form()
        id = str(form.get("attached", ""))
        if not (id.isascii() and id.isdecimal()):
            return show(request, "thread.html", 404, thread=None)
        words = str(form.get("text", ""))

        def take_back(unit: Unit) -> None:
            _keep_draft(unit, me, number, words)
            attached.detach(unit, number, me.id, int(id))

        try:
            await desk.database.write(take_back)
        except (NoRequest, KeyGone):
            return await gone(desk, show, request, number, words)
        except NotYours:
            return await refused(desk, show, request, number, 409, "error.not_yours", words)
        return RedirectResponse(f"/desk/requests/{number}#answer", 303)

    return routes


async def _read(request: Request) -> _Sent:
    if not request.headers.get("content-type", "").startswith(FORM):
        return _sent(await request.form(), b"")
    try:
        form = await _InMemory(request.headers, request.stream(), max_files=1, max_fields=_FIELDS).parse()
    except MultiPartException:
        raise Unfit("error.file") from None
    try:
        file = form.get("file")
        return _sent(form, await file.read() if isinstance(file, UploadFile) else b"")
    finally:
        await form.close()


def _sent(form: FormData, file: bytes) -> _Sent:
    return _Sent(str(form.get("text", "")), str(form.get("place", "")).strip(), file)


def _keep_draft(unit: Unit, me: Member, number: int, words: str) -> None:
    row = find(unit, me, number)
    if row.assignee_id != me.id:
        raise NotYours
    notes.keep_draft(unit, number, row.contact_id, me.id, words[:LONGEST])


async def _attach(desk: Console, me: Member, number: int, sent: _Sent) -> None:
    try:
        if sent.file:
            await _attach_file(desk, me, number, sent.file)
        elif sent.place:
            await _attach_place(desk, me, number, sent.place)
        else:
            raise Unfit("error.file")
    except TooMany:
        raise Unfit("error.file_many") from None


async def _attach_file(desk: Console, me: Member, number: int, content: bytes) -> None:
    """Look at it, write it down, put it away, and only then show it: a crash leaves nothing that could be sent."""
    if len(content) > LARGEST:
        raise Unfit("error.file_size")
    try:
        type, cleaned = await asyncio.to_thread(clean, content)
    except NotTaken:
        raise Unfit("error.file") from None

    def write_down(unit: Unit) -> tuple[int, int]:
        return acts.attach_file(_desk(desk, unit, me, number), number, type)

    id, contact_id = await desk.database.write(write_down)
    await asyncio.to_thread(desk.folder.write, desk.database.keys, contact_id, id, cleaned)
    await desk.database.write(partial(attached.note_there, id=id, size=len(cleaned)))


async def _attach_place(desk: Console, me: Member, number: int, text: str) -> None:
    place = read_place(text)
    if place is None:
        raise Unfit("error.place")
    await desk.database.write(lambda unit: acts.attach_place(_desk(desk, unit, me, number), number, place))


def _desk(console: Console, unit: Unit, me: Member, number: int) -> Desk:
    requests.hold(unit, partial(find, unit, me, number))
    return Desk(unit, console.voice(), console.calendar(), me.id)
