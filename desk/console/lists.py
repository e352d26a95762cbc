"""The lists of requests and one request: what is read. Every opening of a request is written in the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from desk import guests
from desk.console.reach import reach
from desk.console.refusing import gone
from desk.console.rows import Listed, list_row, list_rows, listed
from desk.console.shown import Console, delivered, isolated, language_name, language_tag, spoken
from desk.console.signing import Show, door, who
from desk.flags import Flag
from desk.goods import GOODS, PASSED, QUESTIONS, Decision
from desk.guests import Guest
from desk.inbox import Line, Tab, counts, inbox, is_late, just_closed
from desk.lifecycle import DECIDED, Outcome
from desk.offers import colleagues
from desk.referring import STAGES, Share, Stage
from desk.thread import Thread, thread
from storage import audit, contacts, members
from storage.crypto import Tampered
from storage.keys import KeyGone
from storage.members import Member
from storage.requests import NoRequest, RequestRow
from storage.unit_of_work import Unit
from storage.window import Window, window

#: Reasons of the outbox that have words for staff (desk.why).
WHYS = frozenset({"needs_template", "changed_who", "undeliverable", "template", "account"})
#: A page that stays open fetches itself: within this time that is one opening.
SAME_OPENING = timedelta(minutes=10)
OPENED = "opened"
MEDIA_SIGNS = {"voice": "🎧", "photo": "📷", "file": "📄", "video": "🎞", "place": "📍"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A request as it is opened, and the list beside it. is_logged: that this reader opened it stands in the log.

    takers: who may be asked to go on with it; askable: who may be asked to read along, and as what.
    barred: the person may not write to us.
    """

    thread: Thread
    colleagues: Sequence[Member]
    beside: Listed
    counts: Mapping[Tab, int]
    is_logged: bool
    takers: Sequence[Member]
    window: Window
    askable: Sequence[tuple[Member, Guest]]
    barred: bool


def reading(desk: Console, show: Show) -> APIRouter:
    """The pages that only read."""
    routes = APIRouter(prefix="/desk", default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.get("")
    async def requests(request: Request, tab: Tab = Tab.OURS) -> Response:
        me, here = who(request), desk.to(request)
        found, numbers = await desk.database.read(lambda unit: (listed(unit, inbox(unit, me, tab)), counts(unit, me)))
        rows = list_rows(here, me, found)
        return show(request, "inbox.html", tab=tab, tabs=list(Tab), counts=numbers, rows=rows)

    @routes.get("/requests/{number:int}")
    async def one(request: Request, number: int) -> Response:
        me = who(request)
        try:
            found = await desk.database.read(partial(_open, member=me, number=number))
        except (NoRequest, KeyGone, Tampered):
            return await gone(desk, show, request, number)
        if isinstance(found, RequestRow):
            return show(request, "closed.html", number=found.number, urgent=found.urgent)
        if not found.is_logged:
            opened = partial(audit.log_act, staff_id=me.id, act=OPENED, thing=_thing(number))
            await desk.database.write(opened)
        return show(request, "thread.html", **page(desk.to(request), me, found))

    return routes


def page(desk: Console, me: Member, opened: Opened) -> dict[str, Any]:
    """Everything that the page of one request shows."""
    found, row = opened.thread, opened.thread.row
    names = {member.id: member.label for member in opened.colleagues}
    now = desk.database.now()
    return {
        "thread": found,
        "row": list_row(desk, me, Line(row, is_late(row, now), None), opened.beside),
        "names": names,
        "holder": names.get(row.assignee_id or 0, ""),
        "is_open": row.closed_at is None,
        "once": str(desk.database.new_id()),
        "draft": found.drafts[me.id].text if me.id in found.drafts else "",
        # Of who has it: what somebody began who lost it is theirs alone (desk/taken.py).
        "drafts": [
            (names.get(id, ""), draft.text)
            for id, draft in found.drafts.items()
            if id != me.id and id == row.assignee_id
        ],
        "writing": [names.get(id, "") for id in found.writing(now, me.id)],
        "looking": sorted(names.get(id, "") for id in desk.looking.others(row.number, me.id)),
        "others": opened.takers,
        "outcomes": [(str(outcome), desk.text(f"outcome.{outcome}")) for outcome in Outcome if outcome not in DECIDED],
        "decisions": list(Decision) if row.type == GOODS else [],
        "form": _form(desk, found),
        "institutions": desk.institutions(),
        "opened": desk.moment(row.created_at),
        "due": desk.moment(row.due_at),
        "seen": found.now_at is not None or (row.guide is not None and row.step is not None),
        "now_at": desk.where(*found.now_at) if found.now_at else "",
        "earlier": [(one.number, desk.text(f"type.{one.type}"), _outcome(desk, one)) for one in found.earlier],
        "sharer": _sharer(desk, found),
        **_guests(me, opened),
        "stages": {str(now): [then for then in Stage if then in follow] for now, follow in STAGES.items()},
        "shares": list(Share),
        "markable": [flag for flag in Flag if flag not in found.flags],
        **_beside(desk, me, opened),
        **_shelf(desk, me, row),
        "barred": opened.barred,
        "reach": reach(desk, opened.window, row.locale, found),
    }


def _sharer(desk: Console, found: Thread) -> str:
    """Which of several people in one chat asked; "" where there is one alone."""
    count = len(found.sharing)
    mine = [one for one in found.sharing if one.contact_id == found.row.contact_id]
    if count < 2 or not mine:
        return ""
    one = mine[0]
    name = isolated(one.label) if one.label else desk.text("request.sharer", number=one.number)
    return desk.text("request.shares", name=name, number=one.number, count=count)


def _form(desk: Console, found: Thread) -> list[tuple[str, str]]:
    """What the person answered on goods or money, in words."""
    said = found.context.get("goods", {})
    return [
        (
            desk.text(f"goods.{name}"),
            desk.text("goods.passed" if said[name] == PASSED else f"goods.{name}_{said[name]}"),
        )
        for name in QUESTIONS
        if name in said
    ]


def _beside(desk: Console, me: Member, opened: Opened) -> dict[str, Any]:
    """The list that stands beside a request where there is room."""
    rows = list_rows(desk, me, opened.beside)
    return {"rows": rows, "tab": Tab.OURS, "tabs": list(Tab), "counts": opened.counts}


def _guests(me: Member, opened: Opened) -> dict[str, Any]:
    """Who reads along, and who could be asked to."""
    found = opened.thread
    return {
        "hosts": guests.is_host(me, found.row),
        "guests": [(one, found.guests[one.id]) for one in opened.colleagues if one.id in found.guests],
        "askable": opened.askable,
        "reads_along": found.guests.get(me.id),
    }


def _shelf(desk: Console, me: Member, row: RequestRow) -> dict[str, Any]:
    """What can be inserted, for who has the request."""
    if row.assignee_id != me.id or row.closed_at is not None:
        return {}
    shelf, reader = desk.shelf(), desk.view.language
    return {
        "shelf_replies": shelf.replies(row.locale, reader),
        "shelf_steps": shelf.steps(reader),
        "shelf_papers": shelf.papers(reader),
        "shelf_places": shelf.places(),
    }


def _outcome(desk: Console, row: RequestRow) -> str:
    return desk.text(f"outcome.{row.outcome}") if row.outcome else desk.text(f"turn.{row.state}")


def _open(unit: Unit, member: Member, number: int) -> Opened | RequestRow:
    """The request; of one that they have closed, and that is hidden from them now, the row alone. Raises NoRequest."""
    try:
        found = thread(unit, member, number)
    except NoRequest:
        if (closed := just_closed(unit, member, number)) is None:
            raise
        return closed
    beside = inbox(unit, member, Tab.OURS)
    known = audit.is_logged(unit, member.id, OPENED, _thing(number), unit.now - SAME_OPENING)
    takers = colleagues(unit, found.row) if found.row.assignee_id == member.id else []
    askable = guests.askable(unit, found.row) if guests.is_host(member, found.row) else []
    return Opened(
        found,
        members.members(unit),
        listed(unit, beside),
        counts(unit, member),
        known,
        takers,
        window(unit, found.row.conversation_id),
        askable,
        contacts.standing(unit, found.row.conversation_id).barred,
    )


def _thing(number: int) -> str:
    """The request, as the log names it."""
    return f"request:{number}"


def shared(desk: Console) -> Mapping[str, Any]:
    """What every template may use."""
    said = {
        "t": desk.text,
        "whys": WHYS,
        "tn": desk.counted,
        "moment": desk.moment,
        "language_name": language_name,
        "tag": language_tag,
    }
    shown = {"day": desk.day, "spoken": spoken, "isolated": isolated, "clock": desk.clock, "channel": desk.channel}
    return {**said, **shown, "media_signs": MEDIA_SIGNS, "delivered": delivered, "view": desk.view}
