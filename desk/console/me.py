"""A member's own page: what newcomers may know, what is needed to match, being there or not, and other browsers."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from desk import staff_chat
from desk.access import May, may
from desk.console.shown import Console
from desk.console.signing import Show, door, who
from desk.staff_chat import PAUSES, Duty
from desk.voice import Notice, Voice
from desk.wishes import coordinates
from i18n.cldr import words_in
from i18n.locales import LOCALES
from storage import audit, duty, members, staff
from storage.members import Member
from storage.unit_of_work import Unit

ME = "/desk/me"
LONGEST_ALIAS, LONGEST_INTRODUCTION, LARGEST_CAP = 30, 200, 50
GENDERS = ("woman", "man")
BREAK = timedelta(minutes=30)  # after something heavy (assistant.md 3.3)


class Unfit(Exception):
    """The form does not fit. The message is a key of the desk's texts."""


def own(desk: Console, show: Show) -> APIRouter:
    """The pages of who is signed in."""
    routes = APIRouter(prefix=ME, default_response_class=HTMLResponse, route_class=door(desk, show))

    async def page(request: Request, status: int = 200, **more: object) -> Response:
        me, view = who(request), desk.to(request)
        helped, thanked = await desk.database.read(partial(duty.own_figures, staff_id=me.id))
        there = staff_chat.duty_of(me, desk.database.now())
        values = {
            "duty": there, "pauses": PAUSES, "pause_until": view.moment(me.paused_until),
            "break_until": view.moment(me.break_until), "helped": helped, "thanked": thanked, "genders": GENDERS,
            "languages": sorted(LOCALES.values(), key=lambda one: one.name), "countries": _countries(view),
            "pledged": view.moment(me.pledged_at), "cap": LARGEST_CAP,
        }  # fmt: skip
        return show(request, "me.html", status, **values, **more)

    @routes.get("")
    async def mine(request: Request, told: str = "") -> Response:
        return await page(request, told=told if told in {"talk", "kept", "sessions"} else "")

    @routes.post("/profile")
    async def keep(request: Request) -> Response:
        me, form = who(request), await request.form()
        try:
            values = _profile(form)
        except Unfit as error:
            return await page(request, 422, fault=str(error))

        def write(unit: Unit) -> None:
            members.change(unit, me.id, **values)
            audit.log_act(unit, me.id, "profile", f"staff:{me.id}")

        await desk.database.write(write)
        return RedirectResponse(f"{ME}?told=kept", 303)

    @routes.post("/duty")
    async def set_duty(request: Request) -> Response:
        me, to = who(request), str((await request.form()).get("to", ""))
        voice = desk.voice()

        def write(unit: Unit) -> None:
            if to == "break":
                members.change(unit, me.id, on_duty=False, paused_until=None, break_until=unit.now + BREAK)
                _tell(unit, voice, me, Notice.BREAK, coordinators=False)
            elif to in map(str, PAUSES):
                staff_chat.set_duty(unit, me, Duty.PAUSED, int(to))
            else:
                staff_chat.set_duty(unit, me, Duty(to))
                if to == Duty.ON:
                    staff_chat.announce(unit, voice, me)
            audit.log_act(unit, me.id, "duty", f"staff:{me.id}", to)

        if to not in {"break", "on", "off", *map(str, PAUSES)}:
            return await page(request, 422, fault="error.duty")
        await desk.database.write(write)
        return RedirectResponse(ME, 303)

    @routes.post("/talk")
    async def talk(request: Request) -> Response:
        """Somebody would like to talk about what they heard: coordinators are told, nobody asks why."""
        me, voice = who(request), desk.voice()

        def write(unit: Unit) -> None:
            _tell(unit, voice, me, Notice.TALK, coordinators=True)
            audit.log_act(unit, me.id, "asked_to_talk", f"staff:{me.id}")

        await desk.database.write(write)
        return RedirectResponse(f"{ME}?told=talk", 303)

    @routes.post("/sessions")
    async def end_others(request: Request) -> Response:
        me, token = who(request), request.cookies[desk.cookie]

        def write(unit: Unit) -> None:
            staff.end_sessions(unit, me.id, but=token)
            audit.log_act(unit, me.id, "sessions_ended", f"staff:{me.id}")

        await desk.database.write(write)
        return RedirectResponse(f"{ME}?told=sessions", 303)

    return routes


def _tell(unit: Unit, voice: Voice, me: Member, notice: Notice, *, coordinators: bool) -> None:
    """Coordinators are told whether they are on duty or not; colleagues only while they are."""
    for one in members.members(unit):
        called = coordinates(one) if coordinators else one.on_duty and may(one, May.WORK_REQUESTS)
        if called and one.id != me.id and one.conversation_id is not None:
            voice.notice(unit, one.conversation_id, notice, me.label)


def _profile(form: FormData) -> dict[str, object]:
    """Columns of the member. Raises Unfit."""
    alias, introduction = (" ".join(str(form.get(name, "")).split()) for name in ("alias", "introduction"))
    gender, origin, cap = (str(form.get(name, "")) for name in ("gender", "origin", "cap"))
    languages = [str(code) for code in form.getlist("languages")]
    if len(alias) > LONGEST_ALIAS or len(introduction) > LONGEST_INTRODUCTION:
        raise Unfit("error.profile_long")
    known = gender in {"", *GENDERS} and (origin == "" or origin in words_in("en").countries)
    if not known or not set(languages) <= set(LOCALES):
        raise Unfit("error.profile")
    if not (cap.isascii() and cap.isdecimal() and len(cap) < 3 and 1 <= int(cap) <= LARGEST_CAP):
        raise Unfit("error.cap")
    return {
        "alias": alias, "introduction": introduction, "gender": gender, "origin": origin, "cap": int(cap),
        "languages": " ".join(languages),
    }  # fmt: skip


def _countries(desk: Console) -> list[tuple[str, str]]:
    """Codes and names in the reader's language, by name."""
    return sorted(words_in(desk.view.language).countries.items(), key=lambda one: one[1])
