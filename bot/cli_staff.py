"""`izi staff`: who works at the desk, letting people in, lost phones, leaving. Each act stands in the desk's log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli_common import database, fail, settings

if TYPE_CHECKING:
    from storage.members import Member
    from storage.unit_of_work import Unit

staff_app = typer.Typer(no_args_is_help=True, help="People who work at the desk.")

Label = Annotated[str, typer.Argument(help="The name in the team, or the number, as `izi staff list` shows them.")]


@staff_app.command("list")
def list_staff() -> None:
    """List who works at the desk: id, label, roles, since, whether codes are set up."""
    from storage.members import members

    with database() as opened:
        for one in opened.read_now(members):
            since = one.created_at.date().isoformat() if one.created_at else ""
            codes = "codes" if one.has_code else "no codes yet"
            print("\t".join((str(one.id), one.label, " ".join(sorted(map(str, one.roles))), since, codes)))


@staff_app.command("invite")
def invite(
    label: Annotated[str, typer.Option(help="How this member is called at the desk.")] = "staff",
    administrator: Annotated[bool, typer.Option(help="May invite others; also a coordinator.")] = False,
    role: Annotated[list[str] | None, typer.Option(help="For instance assistant, or translator:fa_AF.")] = None,
) -> None:
    """Make a one-time link for a new member; it works for 48 hours."""
    from desk import team
    from desk.access import ROLES

    base = settings().base_url
    words = [*(role or []), *(["admin", "coordinator"] if administrator else [])] or ["assistant"]
    try:
        roles = team.read_roles(words)
    except team.BadRole as error:
        fail(f"there is no role {str(error)!r}; there are: {', '.join(ROLES)}")
    with database() as opened:
        print(base + opened.write_now(lambda unit: team.invite(unit, label, roles, None)))


@staff_app.command("login")
def login(label: Label) -> None:
    """Make a link that signs a member in; it works once, for 10 minutes, and asks for a code."""
    from desk import auth

    base = settings().base_url
    with database() as opened:
        print(base + opened.write_now(lambda unit: auth.login_link(unit, find_member(unit, label).id)))


@staff_app.command("reset")
def reset(label: Label) -> None:
    """Somebody lost their authenticator app: sign them out everywhere; their next link sets up new codes."""
    from desk import team

    with database() as opened:
        opened.write_now(lambda unit: team.reset_code(unit, find_member(unit, label), None))
    print(f"{label}: codes reset")


@staff_app.command("end")
def end_staff(label: Label) -> None:
    """End somebody's access at once: sessions and links stop working, open requests go back to all."""
    from bot.loading import build_world, read_pack
    from bot.voice import Spoken
    from desk import team
    from desk.requests import Desk
    from storage import records

    chosen = settings()
    with database() as opened:
        pack, kept = read_pack(chosen.country), opened.read_now(records.records)
        world = build_world(chosen, pack, kept, opened.keys.secrets.subkey("button"))
        voice = Spoken(world, chosen.base_url)
        try:
            opened.write_now(lambda unit: team.end(Desk(unit, voice, world.calendar), find_member(unit, label)))
        except team.LastAdministrator:
            fail("nobody else could let people in; first invite another administrator")
    print(f"{label}: access ended")


def find_member(unit: Unit, label: str) -> Member:
    """The member of this label or number; where there is none, or more than one, the command ends with 1."""
    from storage.members import members

    found = [one for one in members(unit) if label in {one.label, str(one.id)}]
    if not found:
        fail(f"nobody called {label!r} works here")
    if len(found) > 1:
        fail(f"{len(found)} people are called {label!r}; take the number: {', '.join(str(one.id) for one in found)}")
    return found[0]
