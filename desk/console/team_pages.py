"""The team: who works here, inviting, roles, lost phones, leaving. For administrators."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from desk import auth, team
from desk.access import ROLES, SCOPED
from desk.console.shown import Console
from desk.console.signing import Show, door, who
from desk.requests import Desk
from desk.team import BadRole, LastAdministrator
from storage import members
from storage.members import Member, NoMember
from storage.unit_of_work import Unit

TEAM = "/desk/staff"
LONGEST_LABEL = 60


def managing(desk: Console, show: Show) -> APIRouter:
    """The pages of the team."""
    routes = APIRouter(prefix=TEAM, default_response_class=HTMLResponse, route_class=door(desk, show))

    async def page(request: Request, status: int = 200, **more: object) -> Response:
        rows = [_row(desk.to(request), one) for one in await desk.database.read(members.members)]
        scoped = sorted(SCOPED)
        return show(request, "staff.html", status, rows=rows, roles=list(ROLES), scoped=scoped, **more)

    async def change(request: Request, id: int, act: Callable[[Unit, Member], object]) -> Response:
        """Do something with a member that still works here, and show the team again."""
        try:
            await desk.database.write(lambda unit: act(unit, _colleague(unit, id)))
        except NoMember:
            return show(request, "thread.html", 404, thread=None)
        except LastAdministrator:
            return await page(request, 409, fault="last_admin")
        except BadRole:
            return await page(request, 422, fault="role")
        return RedirectResponse(TEAM, 303)

    @routes.get("")
    async def everybody(request: Request) -> Response:
        return await page(request)

    @routes.post("/invite")
    async def invite(request: Request) -> Response:
        me, form = who(request), await request.form()
        label = str(form.get("label", "")).strip()
        if not 0 < len(label) <= LONGEST_LABEL:
            return await page(request, 422, fault="label")
        try:
            roles = _roles(form)
        except BadRole:
            return await page(request, 422, fault="role")
        path = await desk.database.write(lambda unit: team.invite(unit, label, roles, me.id))
        return show(request, "link.html", link=desk.address + path, label=label, kind="invited")

    @routes.post("/{id:int}/roles")
    async def change_roles(request: Request, id: int) -> Response:
        me, form = who(request), await request.form()
        voice, calendar = desk.voice(), desk.calendar()

        def give(unit: Unit, one: Member) -> None:
            team.change_roles(Desk(unit, voice, calendar, me.id), one, _roles(form))

        return await change(request, id, give)

    @routes.post("/{id:int}/reset")
    async def reset(request: Request, id: int) -> Response:
        me = who(request)
        return await change(request, id, lambda unit, one: team.reset_code(unit, one, me.id))

    @routes.post("/{id:int}/sessions")
    async def sign_out_everywhere(request: Request, id: int) -> Response:
        me = who(request)
        return await change(request, id, lambda unit, one: team.end_sessions(unit, one, me.id))

    @routes.post("/{id:int}/end")
    async def end(request: Request, id: int) -> Response:
        me = who(request)
        voice, calendar = desk.voice(), desk.calendar()
        return await change(request, id, lambda unit, one: team.end(Desk(unit, voice, calendar, me.id), one))

    @routes.post("/{id:int}/link")
    async def link(request: Request, id: int) -> Response:
        me = who(request)

        def make(unit: Unit) -> tuple[str, str]:
            one = _colleague(unit, id)
            return auth.login_link(unit, one.id, me.id), one.label

        try:
            path, label = await desk.database.write(make)
        except NoMember:
            return show(request, "thread.html", 404, thread=None)
        return show(request, "link.html", link=desk.address + path, label=label, kind="login")

    return routes


def _colleague(unit: Unit, id: int) -> Member:
    found = next((one for one in members.members(unit) if one.id == id), None)
    if found is None:
        raise NoMember(id)
    return found


def _roles(form: FormData) -> list[members.Role]:
    """The ticked roles; a place beside one narrows it. At least one."""
    names = [str(name) for name in form.getlist("roles")]
    if not names:
        raise BadRole("")
    scopes = {name: str(form.get(f"scope_{name}", "")).strip() for name in names}
    return team.read_roles([f"{name}:{scope}" if scope else name for name, scope in scopes.items()])


def _row(desk: Console, one: Member) -> dict[str, object]:
    return {
        "id": one.id,
        "label": one.label,
        "roles": sorted(map(str, one.roles)),
        "has": {role.name: role.scope for role in one.roles},
        "since": desk.moment(one.created_at),
        "has_code": one.has_code,
        "pledged": desk.moment(one.pledged_at),
        "on_duty": one.on_duty,
        "has_chat": one.conversation_id is not None,
    }
