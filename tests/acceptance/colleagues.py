"""People of the team in browsers: signed in already, or walking through the door as they would."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import httpx
from pyotp import TOTP

from bot.house import House
from desk import auth, team
from storage import codes, members, staff
from storage.members import Member, Role
from storage.unit_of_work import Unit
from tests.acceptance.houses import browser

COOKIE = "izi-desk"
SECRET = bytes(range(20))  # of everybody who is signed in without walking through the door
PROOF = re.compile(r'name="proof" value="([0-9a-f]+)"')
SHOWN_SECRET = re.compile(r'<code class="secret" dir="ltr">([A-Z2-7 ]+)</code>')


@asynccontextmanager
async def sign_in(
    house: House, site: str, label: str, *roles: str, pledged: bool = True
) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of a colleague who has just shown a code and, mostly, accepted the code of conduct."""
    async with browser(site) as http:
        await let_in(house, http, label, *roles, pledged=pledged)
        yield http


async def let_in(house: House, http: httpx.AsyncClient, label: str, *roles: str, pledged: bool = True) -> Member:
    """Make a colleague (an assistant where no role is named), and this browser theirs."""

    def join(unit: Unit) -> tuple[Member, str]:
        token = staff.invite(unit, unit.now + auth.INVITATION, label=label, roles=roles or ("assistant",))
        half = staff.redeem(unit, token)
        assert half is not None
        found = staff.staff_session(unit, half)
        assert found is not None
        codes.keep_secret(unit, found.id, SECRET)
        codes.use_step(unit, found.id, 0)
        if pledged:
            members.accept_pledge(unit, found.id)
        return members.member(unit, found.id), auth.sign_in(unit, found.id, half)

    member, session = await house.database.write(join)
    # With its host, as a browser keeps it: else what the server takes away would stay.
    http.cookies.set(COOKIE, session, domain=http.base_url.host)
    return member


async def invitation(house: House, label: str = "test", *roles: str) -> str:
    """The path of a fresh invitation."""
    given = [Role.read(role) for role in roles or ("coordinator",)]
    return await house.database.write(lambda unit: team.invite(unit, label, given, None))


def code_of(secret: str, now: datetime) -> str:
    """What the app of somebody with this secret shows."""
    return TOTP(secret).at(now)


async def press(http: httpx.AsyncClient, link: str) -> httpx.Response:
    """Open a link and press its button."""
    found = PROOF.search((await http.get(link)).text)
    return await http.post(link, data={"proof": found[1] if found else ""})


async def walk_in(http: httpx.AsyncClient, link: str, now: datetime) -> str:
    """Open an invitation, set up the codes and show one; the secret, as the page showed it."""
    page = await press(http, link)
    found = SHOWN_SECRET.search(page.text)
    assert found is not None, page.url
    secret = found[1].replace(" ", "")
    await http.post("/desk/code", data={"code": code_of(secret, now)})
    return secret
