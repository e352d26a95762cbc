"""Every page of the desk x every role x own, another's, free, protected, closed, offered and unwanted requests, against
a table written here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import update

from bot.house import House
from bot.web import create_app
from desk.access import ROLES, RULES
from desk.console.forms import ACTS
from desk.wishes import add_wish
from storage import contacts, handoff, media, members, referrals, requests, staff
from storage.media import MediaState, NewMedia
from storage.media_folder import Folder
from storage.tables import Request
from storage.unit_of_work import Unit
from tests.acceptance.colleagues import COOKIE, invitation, let_in
from tests.acceptance.desk_browsers import sit_down
from tests.acceptance.houses import browser, stored
from tests.acceptance.pages import Visitor
from tests.acceptance.walks import TO_THE_FIRST_STEP

EVERYBODY = frozenset(ROLES)
WORKING = frozenset({"assistant", "coordinator", "protection"})
SEEING = WORKING | {"interpreter", "partner"}
ADMIN = frozenset({"admin"})
NOTICES = frozenset({"coordinator"})
#: Who is let through to a page. Whether they see the request in question, and may do it, is asked below.
LET_THROUGH: Mapping[str, frozenset[str]] = {
    "POST /desk/logout": EVERYBODY,
    "GET /desk/code": EVERYBODY,
    "POST /desk/code": EVERYBODY,
    "GET /desk/pledge": EVERYBODY,
    "POST /desk/pledge": EVERYBODY,
    "GET /desk/confirm": EVERYBODY,
    "POST /desk/confirm": EVERYBODY,
    "GET /desk": EVERYBODY,
    "GET /desk/live": EVERYBODY,
    "GET /desk/view": EVERYBODY,
    "POST /desk/view": EVERYBODY,
    "GET /desk/me": EVERYBODY,
    "POST /desk/me/profile": EVERYBODY,
    "POST /desk/me/duty": EVERYBODY,
    "POST /desk/me/talk": EVERYBODY,
    "POST /desk/me/chat": EVERYBODY,
    "POST /desk/me/sessions": EVERYBODY,
    "GET /desk/requests/{number:int}": SEEING,
    "GET /desk/requests/{number:int}/step": SEEING,
    "GET /desk/requests/{number:int}/media/{id:int}": SEEING,
    "GET /desk/requests/{number:int}/slip/{id:int}": WORKING,
    "POST /desk/requests/{number:int}/draft": WORKING,
    "POST /desk/requests/{number:int}/insert": WORKING,
    "POST /desk/requests/{number:int}/attach": WORKING,
    "POST /desk/requests/{number:int}/detach": WORKING,
    "POST /desk/requests/{number:int}/reveal": WORKING,
    "POST /desk/requests/{number:int}/note": SEEING,
    "POST /desk/requests/{number:int}/interpret": SEEING,
    "POST /desk/requests/{number:int}/{act}": WORKING,
    "GET /desk/find": SEEING,
    "POST /desk/find": SEEING,
    "GET /desk/log": frozenset({"coordinator", "viewer", "admin"}),
    "GET /desk/log/permits": frozenset({"coordinator", "admin"}),
    "POST /desk/log/permits": frozenset({"coordinator"}),
    "POST /desk/log/permits/{id:int}": frozenset({"coordinator", "admin"}),
    "GET /desk/log.csv": frozenset({"coordinator"}),
    "GET /desk/log.xlsx": frozenset({"coordinator"}),
    "GET /desk/staff": ADMIN,
    "POST /desk/staff/invite": ADMIN,
    "POST /desk/staff/{id:int}/roles": ADMIN,
    "POST /desk/staff/{id:int}/link": ADMIN,
    "POST /desk/staff/{id:int}/chat": ADMIN,
    "POST /desk/staff/{id:int}/reset": ADMIN,
    "POST /desk/staff/{id:int}/sessions": ADMIN,
    "POST /desk/staff/{id:int}/end": ADMIN,
    "GET /desk/audit": frozenset({"admin", "auditor"}),
    "GET /desk/surveys": NOTICES,
    "POST /desk/surveys": NOTICES,
    "GET /desk/surveys/{id:int}": NOTICES,
    "GET /desk/surveys/{id:int}/counts.csv": NOTICES,
    "GET /desk/surveys/{id:int}/voice/{voice:int}": NOTICES,
    "POST /desk/surveys/{id:int}/notice": NOTICES,
    "POST /desk/surveys/{id:int}/{act}": NOTICES,
    "GET /desk/events": NOTICES,
    "POST /desk/events": NOTICES,
    "GET /desk/events/{id:int}": NOTICES,
    "GET /desk/events/{id:int}/list.{kind}": NOTICES,
    "GET /desk/events/{id:int}/pack": NOTICES,
    "GET /desk/events/{id:int}/leaflet/{locale}": NOTICES,
    "GET /desk/events/{id:int}/qr/{locale}": NOTICES,
    "POST /desk/events/{id:int}/notice": NOTICES,
    "POST /desk/events/{id:int}/{act}": NOTICES,
    "GET /desk/notices": NOTICES,
    "POST /desk/notices": NOTICES,
    "GET /desk/notices/{id:int}": NOTICES,
    "GET /desk/notices/{id:int}/count": NOTICES,
    "POST /desk/notices/{id:int}/preview": NOTICES,
    "GET /desk/notices/{id:int}/live": NOTICES,
    "GET /desk/notices/{id:int}/report.csv": NOTICES,
    "GET /desk/notices/{id:int}/pack": NOTICES,
    "GET /desk/notices/{id:int}/leaflet/{locale}": NOTICES,
    "GET /desk/notices/{id:int}/qr/{locale}": NOTICES,
    "GET /desk/notices/{id:int}/po/{locale}": NOTICES,
    "POST /desk/notices/{id:int}/po": NOTICES,
    "POST /desk/notices/{id:int}/approve": NOTICES,
    "POST /desk/notices/{id:int}/send": NOTICES,
    "POST /desk/notices/{id:int}/{act}": NOTICES,
    "GET /desk/service": frozenset({"coordinator", "admin"}),
    "POST /desk/service": frozenset({"coordinator", "admin"}),
    "ANY /desk/{path:path}": EVERYBODY,
}
#: Before any session: the pages of a one-time link.
PUBLIC = frozenset({"GET /desk/login/{token}", "POST /desk/login/{token}"})
#: How a request can stand to somebody: theirs; another's; nobody's; nobody's and protected; closed by them; another's
#: and offered to them; another's, who asked them to read along; nobody's, of a person who wants nobody from their
#: country.
WHOSE = ("own", "other", "free", "protected", "closed", "offered", "guest", "unwanted")
#: Which requests a role sees. Who was asked in once sees what they were asked for, whatever else their role sees.
VISIBLE: Mapping[str, frozenset[str]] = {
    "assistant": frozenset({"own", "free", "offered"}),
    "protection": frozenset({"own", "free", "offered", "protected"}),
    "coordinator": frozenset({"own", "other", "free", "offered", "guest", "protected", "closed"}),
    "interpreter": frozenset({"offered", "guest"}),
    "partner": frozenset({"offered", "guest"}),
}
#: What may be done with a request that one has closed and sees no more: its page has the button that opens it again.
OF_CLOSED = {"GET /desk/requests/{number:int}", "undo"}
_OWN, _FREE = frozenset({"own"}), frozenset({"free", "protected"})
_SEEN = frozenset(WHOSE) - {"unwanted"}
#: On which of the requests that somebody sees an act is done; on the others it is refused.
DONE: Mapping[str, frozenset[str]] = {
    "claim": _FREE, "answer": _OWN, "note": _SEEN, "close": _OWN, "undo": frozenset({"closed"}), "give-back": _OWN,
    "offer": _OWN, "take-over": frozenset({"other", "offered", "guest"}), "decline": frozenset({"offered"}),
    "withdraw": frozenset(), "refer": _OWN, "institution": _OWN, "put-off": _OWN,
    "mark": _OWN, "tag": _SEEN,
    "flag": _SEEN - {"closed"}, "unflag": _SEEN - {"closed"},
    "invite": _OWN | {"free"},
    "dismiss": _SEEN - {"closed"}, "interpret": _SEEN,
    "knock": frozenset(), "decide": frozenset(), 
    "report": _SEEN, "bar": _SEEN, "lift": frozenset(), "trust": _OWN | {"closed"},
    "reveal": _OWN | {"closed"}, "insert": _OWN | {"closed"}, "attach": _OWN, "detach": _OWN | {"closed"},
    "draft": _SEEN, "step": _SEEN, "{id:int}": _SEEN,
    "{number:int}": _SEEN,
}  # fmt: skip
FORM = {
    "text": "x",
    "outcome": "informed",
    "institution": "crpc",
    "agreed": "yes",
    "days": "2",
    "attached": "1",
    "decision": "granted",
    "reason": "x",
    "flag": "urgent",
}
#: Who is only asked to take a request over reads it, and does nothing else with it.
OF_WORK = frozenset({"note", "interpret", "tag", "flag", "unflag", "report", "bar"})
#: Of who has the request and of coordinators.
OF_HOSTS = frozenset({"invite", "dismiss"})
OF_COORDINATORS = frozenset({"bar", "lift"})
LAST = "POST /desk/logout"


def routes_of(among: Any) -> Iterator[Any]:
    """The routes of an application; FastAPI keeps those of an included router in it."""
    for route in among.routes:
        inner = getattr(route, "original_router", None)
        if inner is None:
            yield route
        else:
            yield from routes_of(inner)


def desk_pages(app: FastAPI) -> list[str]:
    """Every page under /desk, as the tables write it."""
    found = set()
    for route in routes_of(app):
        methods, path = getattr(route, "methods", None) or set(), getattr(route, "path", "")
        if path.startswith("/desk"):
            found |= {f"ANY {path}"} if len(methods) > 1 else {f"{method} {path}" for method in methods}
    return sorted(found - PUBLIC)


def address(page: str, number: int = 1, act: str = "note", file: int = 1, slip: int = 1) -> tuple[str, str]:
    """Method and address of a page, with something in place of each variable."""
    method, path = page.split(" ")
    path = path.replace("{number:int}", str(number)).replace("{act}", act)
    path = path.replace("media/{id:int}", f"media/{file}").replace("slip/{id:int}", f"slip/{slip}")
    return method.replace("ANY", "GET"), re.sub(r"\{[^}]*\}", "1", path)


async def ask(
    http: httpx.AsyncClient, method: str, path: str, colleague: int = 1, file: int = 1, slip: int = 1
) -> httpx.Response:
    """The answer without its body: one page never ends. colleague: who is asked to go on, or to read along."""
    chosen = {
        "stage": "accepted",
        "referral": str(slip),
        "to": str(colleague),
        "guest": f"interpreter:{colleague}",
        "original": str(file),
    }
    chosen |= {"place": "44.8, 20.4"} if path.endswith("/attach") else {}
    form = FORM | chosen if method == "POST" else None
    request = http.build_request(method, path, data=form)
    answer = await http.send(request, stream=True, follow_redirects=False)
    await answer.aclose()
    return answer


@pytest.fixture
async def pages(quiet_house: House) -> list[str]:
    return desk_pages(create_app(quiet_house))


@pytest.fixture
async def number(site: str, quiet_house: House) -> int:
    """Of a request that waits."""
    async with browser(site) as http:
        visitor = Visitor(http)
        await visitor.opens()
        for label in (*TO_THE_FIRST_STEP, "I am stuck"):
            await visitor.taps(label)
    ((found,),) = stored(quiet_house, "SELECT id FROM request")
    return int(found)


def test_every_page_has_a_rule_and_a_row_in_this_table_and_no_row_is_left_over(pages: list[str]) -> None:
    assert pages == sorted(LET_THROUGH)
    assert pages == sorted(RULES)


async def test_without_a_session_every_page_is_401(site: str, pages: list[str]) -> None:
    async with browser(site) as http:
        for page in pages:
            assert (await ask(http, *address(page))).status_code == 401, page


async def test_a_link_alone_leads_nowhere_but_to_the_code(site: str, quiet_house: House, pages: list[str]) -> None:
    link = await invitation(quiet_house)
    half = await quiet_house.database.write(lambda unit: staff.redeem(unit, link.rpartition("/")[2]))
    assert half is not None
    async with browser(site) as http:
        http.cookies.set(COOKIE, half)
        for page in pages:
            if page not in {"GET /desk/code", "POST /desk/code", LAST}:
                assert (await ask(http, *address(page))).headers["location"] == "/desk/code", page


async def test_a_code_alone_leads_nowhere_but_to_the_code_of_conduct(
    site: str, quiet_house: House, pages: list[str]
) -> None:
    async with browser(site) as http:
        await let_in(quiet_house, http, "new", "admin", "coordinator", pledged=False)
        for page in pages:
            if not re.search("/(code|pledge|confirm|logout)$", page):
                assert (await ask(http, *address(page))).headers["location"] == "/desk/pledge", page


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_is_let_through_to_the_pages_of_the_table_and_to_no_others(
    role: str, site: str, quiet_house: House, pages: list[str]
) -> None:
    wrong = []
    async with browser(site) as http:
        await let_in(quiet_house, http, role, role)
        for page in sorted(pages, key=lambda page: page == LAST):
            if "{number" not in page:
                status = (await ask(http, *address(page))).status_code
                wrong += [(page, status)] if (status in {401, 403}) is (role in LET_THROUGH[page]) else []
    assert wrong == []


@pytest.fixture
async def file(quiet_house: House, number: int) -> int:
    """Of a picture that lies with the request."""

    def send(unit: Unit) -> tuple[int, int]:
        row = requests.request(unit, number)
        standing = contacts.standing(unit, row.conversation_id)
        media.add_media(unit, standing, NewMedia("photo", "ref"), number)
        (sent,) = media.of_request(unit, number)
        media.settle_media(unit, sent.id, MediaState.KEPT, type="image/jpeg", size=1)
        return sent.id, row.contact_id

    id, contact = await quiet_house.database.write(send)
    Folder(quiet_house.settings.media_folder).write(quiet_house.database.keys, contact, id, b"x")
    return id


@pytest.fixture
async def slip(quiet_house: House, number: int) -> int:
    """Of a referral of the request."""

    def refer(unit: Unit) -> int:
        contact = requests.request(unit, number).contact_id
        return referrals.refer(unit, number, contact, 1, institution="crpc", words="x", agreed_locale="en", due_at=None)

    return await quiet_house.database.write(refer)


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_sees_and_does_with_a_request_what_the_table_says(
    role: str, site: str, quiet_house: House, pages: list[str], number: int, file: int, slip: int
) -> None:
    wrong = []
    async with browser(site) as http:
        me = await let_in(quiet_house, http, role, role)
        colleague = await quiet_house.database.write(partial(gather, me=me.id))
        for page in (page for page in pages if "{number" in page):
            for act in ACTS if "{act}" in page else ("",):
                # Who is not let through is turned away before anybody looks at the request.
                for whose in WHOSE if role in LET_THROUGH[page] else WHOSE[:1]:
                    await quiet_house.database.write(
                        partial(arrange, number=number, whose=whose, me=me.id, role=role, other=colleague)
                    )
                    before = stored(quiet_house, "SELECT * FROM request")
                    status = (
                        await ask(http, *address(page, number, act, file, slip), colleague, file, slip)
                    ).status_code
                    changed = stored(quiet_house, "SELECT * FROM request") != before
                    if not fits(page, act, role, whose, status, changed=changed):
                        wrong.append((page, act, whose, status, changed))
    assert wrong == []


def fits(page: str, act: str, role: str, whose: str, status: int, *, changed: bool) -> bool:
    """Whether this is what must become of it."""
    if role not in LET_THROUGH[page]:
        return status == 403 and not changed
    what = act or page.rpartition("/")[2]
    if whose == "closed" and role in WORKING and (page in OF_CLOSED or what in OF_CLOSED):
        return status in {200, 303}
    if whose not in VISIBLE.get(role, ()):
        return status == 404 and not changed
    done = whose in DONE[what]
    if "other" not in VISIBLE[role]:
        done &= not (whose == "offered" and what in OF_WORK) and not (whose != "own" and what in OF_HOSTS)
    # Who has it already, and who may not see it, cannot be asked in.
    refused = {403, 409} | ({422} if what in OF_HOSTS else set())
    done = done and (what not in OF_COORDINATORS or role == "coordinator")
    return status in {200, 303} if done else status in refused and not changed


def gather(unit: Unit, me: int) -> int:
    """Make me come from the country that the person of the unwanted request names; the id of a colleague."""
    members.change(unit, me, origin="SY")
    return sit_down(unit, "colleague", "assistant", "interpreter")[0]


def arrange(unit: Unit, number: int, whose: str, me: int, role: str, other: int) -> None:
    """Make the request stand to somebody as it is named in WHOSE; our turn, where it is not closed."""
    holder = {"own": me, "closed": me, "other": other, "offered": other, "guest": other}.get(whose, "NULL")
    closed = whose == "closed"
    unit.connection.exec_driver_sql(
        f"UPDATE request SET assignee_id = {holder}, state = '{'done' if closed else 'ours'}', outcome = NULL, "
        f"protected = {int(whose == 'protected')}, urgent = 0, wish_sealed = NULL WHERE id = {number}"
    )
    contacts.set_barred(unit, requests.request(unit, number).conversation_id, barred=False)
    closed_at = unit.now if closed else None
    unit.connection.execute(update(Request).where(Request.id == number).values(closed_at=closed_at))
    handoff.note_event(unit, number, "offered" if whose == "offered" else "withdrawn", other, str(me))
    guest = role if role == "partner" else "interpreter"
    handoff.note_event(unit, number, guest if whose == "guest" else "guest_left", other, str(me))
    handoff.note_event(unit, number, "guest_left", me, str(other))
    if whose == "unwanted":
        add_wish(unit, requests.request(unit, number), {"not_origin": "SY"})
