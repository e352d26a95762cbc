"""Surveys at the desk: the list, one with its counts, its texts, and who may be invited to talk about it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from desk import surveys as acts
from desk.console.files import log_opening, sent
from desk.console.lists import MEDIA_SIGNS
from desk.console.notice_page import NOTICES
from desk.console.notices import at_desk
from desk.console.shown import Console
from desk.console.signing import Show, door, who
from desk.export import Cell, csv_of
from i18n.locales import LOCALES
from notices.drafts import stand_in
from notices.surveys import INSIDE, MOST_QUESTIONS, OUTSIDE, Move, Question, Refused, State, Words, load
from storage import surveys as stored
from storage.crypto import Tampered
from storage.keys import KeyGone
from storage.media import MediaRow
from storage.members import Member
from storage.surveys import NoSurvey, SurveyRow
from storage.unit_of_work import Unit

SURVEYS = "/desk/surveys"
LONGEST = 600  # characters of one field
NOT_SHOWN = "not shown"  # in a file, in place of a count
#: Refusals whose text says more than "this cannot be done".
FAULTS = frozenset({"shape", "choices", "long"})


def surveys(desk: Console, show: Show) -> APIRouter:
    """The pages under /desk/surveys."""
    routes = APIRouter(prefix=SURVEYS, default_response_class=HTMLResponse, route_class=door(desk, show))

    async def everything(request: Request, status: int = 200, **more: object) -> Response:
        here = desk.to(request)
        found = await desk.database.read(partial(stored.newest, limit=acts.LISTED))
        rows = [_about(here, survey) for survey in found]
        form: dict[str, object] = {"given": {}, "source": None, "languages": _languages(here)}
        return show(request, "surveys.html", status, rows=rows, **{**form, **more})

    @routes.get("")
    async def listed(request: Request) -> Response:
        return await everything(request)

    @routes.post("")
    async def plan(request: Request) -> Response:
        me, form = who(request), await request.form()
        made = SurveyRow(
            0,
            State.DRAFT,
            anonymous=form.get("kind") != "linked",
            for_staff=form.get("for_staff") == "yes",
            invites=form.get("invites") == "yes",
        )
        try:
            locale, words = _words(form)
            id = await desk.database.write(lambda unit: acts.plan(unit, me, made, locale, words))
        except Refused as why:
            return await everything(request, 422, fault=_fault(why), given=_typed(form))
        return RedirectResponse(f"{SURVEYS}/{id}", 303)

    @routes.get("/{id:int}")
    async def one(request: Request, id: int, lang: str = "") -> Response:
        return await _page(desk, show, request, id, lang)

    @routes.get("/{id:int}/counts.csv")
    async def file(request: Request, id: int) -> Response:
        me, here = who(request), desk.to(request)

        def read(unit: Unit) -> list[list[Cell]]:
            survey = stored.read(unit, id)
            return _lines(*acts.exported(unit, me, survey, _nearest(here, survey)))

        try:
            lines = await desk.database.write(read)
        except NoSurvey:
            return show(request, "notice_gone.html", 404)
        named = {"Content-Disposition": f'attachment; filename="survey-{id}.csv"'}
        made = csv_of(["question", "answer", "people"], lines)
        return Response(made, headers=named, media_type="text/csv; charset=utf-8")

    @routes.get("/{id:int}/voice/{voice:int}")
    async def play(request: Request, id: int, voice: int) -> Response:
        try:
            row = await desk.database.write(partial(_listen, me=who(request), id=id, voice=voice))
            content = await asyncio.to_thread(desk.folder.read, desk.database.keys, row.contact_id, row.id)
        except (NoSurvey, KeyGone, Tampered, FileNotFoundError):
            return show(request, "notice_gone.html", 404)
        type = row.type or "application/octet-stream"
        return sent(request, content, type, f"survey-{id}-{voice}.{type.rpartition('/')[2]}")

    @routes.post("/{id:int}/notice")
    async def tell(request: Request, id: int) -> Response:
        me, form = who(request), await request.form()
        to_chosen = form.get("to") == "chosen"
        try:
            number = await desk.database.write(lambda unit: acts.tell(at_desk(desk, unit, me), id, to_chosen=to_chosen))
        except NoSurvey:
            return show(request, "notice_gone.html", 404)
        return RedirectResponse(f"{NOTICES}/{number}", 303)

    @routes.post("/{id:int}/{act}")
    async def do(request: Request, id: int, act: str) -> Response:
        me, form = who(request), await request.form()
        if act not in _ACTS:
            return show(request, "notice_gone.html", 404)
        try:
            await desk.database.write(lambda unit: _ACTS[act](unit, me, id, form))
        except NoSurvey:
            return show(request, "notice_gone.html", 404)
        except Refused as why:
            fault, typed = _fault(why), {"given": _typed(form), "is_refused": True} if act == "text" else {}
            status = 409 if fault == "refused" else 422
            return await _page(desk, show, request, id, str(form.get("locale", "")), status, fault=fault, **typed)
        at = {"text": f"?lang={form.get('locale')}#texts", "choose": "#shortlist"}.get(act, "")
        return RedirectResponse(f"{SURVEYS}/{id}{at}", 303)

    return routes


async def _page(
    desk: Console, show: Show, request: Request, id: int, lang: str, status: int = 200, **more: object
) -> Response:
    here, me = desk.to(request), who(request)

    def read(unit: Unit) -> tuple[SurveyRow, int, list[acts.Asked], list[acts.Quota]]:
        survey = stored.read(unit, id)
        return survey, *acts.results(unit, survey, _nearest(here, survey), INSIDE), acts.quotas(unit, me, id)

    try:
        survey, people, asked, quotas = await desk.database.read(read)
    except NoSurvey:
        return show(request, "notice_gone.html", 404)
    chosen = lang if lang in LOCALES else _nearest(here, survey)
    words = load(*survey.texts[chosen]) if chosen in survey.texts else None
    shown = {
        "about": _about(here, survey), "asked": asked, "quotas": quotas, "least": INSIDE, "outside": OUTSIDE,
        "people": people if people == 0 or people >= INSIDE else None, "languages": _languages(here),
        "chosen": chosen, "written": survey.texts, "may_listen": acts.may_listen(me), "media_signs": MEDIA_SIGNS,
        "words": words, "given": _fields(words) if words is not None else {},
        "source": None if chosen in survey.texts else load(*survey.texts[_nearest(here, survey)]),
        "towns": {town.id: town.latin for town in here.shelf().pack.places.municipalities},
    }  # fmt: skip
    return show(request, "survey.html", status, **{**shown, **more})


def _listen(unit: Unit, me: Member, id: int, voice: int) -> MediaRow:
    found = acts.listen(unit, me, id, voice)
    if found is None:
        raise FileNotFoundError(voice)
    log_opening(unit, me, f"survey:{id}", found)
    return found


def _text(unit: Unit, _me: Member, id: int, form: FormData) -> None:
    acts.translate(unit, id, *_words(form))


def _choose(unit: Unit, me: Member, id: int, form: FormData) -> None:
    locale, place = str(form.get("locale", "")), str(form.get("place", ""))
    acts.choose(unit, me, id, locale, place, chosen=form.get("chosen") == "yes")


_ACTS: Mapping[str, Callable[[Unit, Member, int, FormData], object]] = {
    "text": _text,
    "choose": _choose,
    "open": lambda unit, me, id, _form: acts.move(unit, me, id, Move.OPENED),
    "close": lambda unit, me, id, _form: acts.move(unit, me, id, Move.CLOSED),
    "team": lambda unit, me, id, _form: acts.ask_team(unit, me, id),
}


def _words(form: FormData) -> tuple[str, Words]:
    """The language and the texts of a form. Raises Refused."""
    locale = str(form.get("locale", ""))
    fields = {name: str(value).replace("\r\n", "\n").strip() for name, value in form.items()}
    if locale not in LOCALES or any(len(value) > LONGEST for value in fields.values()):
        raise Refused("long")
    questions = [
        Question(" ".join(asked.split()), tuple(_lines_of(fields.get(f"choices_{n}", ""))))
        for n in range(MOST_QUESTIONS)
        if (asked := fields.get(f"question_{n}", ""))
    ]
    return locale, Words(" ".join(fields.get("title", "").split()), fields.get("intro", ""), tuple(questions))


def _fields(words: Words) -> dict[str, str]:
    """The texts as the fields of the form; the other way round than _words."""
    fields = {"title": words.title, "intro": words.intro}
    for n, one in enumerate(words.questions):
        fields |= {f"question_{n}": one.text, f"choices_{n}": "\n".join(one.choices)}
    return fields


def _typed(form: FormData) -> dict[str, str]:
    """The fields as somebody typed them, to be handed back."""
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _about(desk: Console, survey: SurveyRow) -> dict[str, Any]:
    title = survey.texts[_nearest(desk, survey)][0]
    return {
        "id": survey.id, "title": title, "state": survey.state, "anonymous": survey.anonymous,
        "for_staff": survey.for_staff, "invites": survey.invites,
    }  # fmt: skip


def _lines(people: int, asked: list[acts.Asked]) -> list[list[Cell]]:
    """Counts alone; where too few answered at all, not even how many."""
    few = f"<{OUTSIDE}"
    lines: list[list[Cell]] = [["", "", people if people >= OUTSIDE else few]]
    for one in asked:
        for choice, count in zip(one.question.choices, one.counts, strict=True):
            lines.append([one.question.text, choice, NOT_SHOWN if count is None else count])
    return lines


def _nearest(desk: Console, survey: SurveyRow) -> str:
    """The language in which somebody reads it; a survey has at least one."""
    return stand_in(desk.view.language, survey.texts) or next(iter(survey.texts))


def _fault(why: Refused) -> str:
    return str(why) if str(why) in FAULTS else "refused"


def _languages(desk: Console) -> list[str]:
    return list(desk.shelf().catalog.pickable)
