"""The log of what staff did: filters in the address, and whether its chain is whole. Numbers and codes, no texts."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from desk.console.shown import Console
from desk.console.signing import Show, door, who
from storage import audit, members
from storage.audit import Act
from storage.members import Member
from storage.unit_of_work import Unit

SHOWN = 200  # lines of one page
THING = re.compile(r"[a-z]{1,20}:[0-9]{1,19}")  # anything else might be words, and would stand in the log


def looking(desk: Console, show: Show) -> APIRouter:
    """The page of the log."""
    routes = APIRouter(prefix="/desk/audit", default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.get("")
    async def log(
        request: Request, act: str = "", by: str = "", thing: str = "", since: str = "", until: str = ""
    ) -> Response:
        me, local_now = who(request), desk.calendar().local(desk.database.now())
        first, last = _midnight(since, local_now), _midnight(until, local_now)
        about = thing.strip() if THING.fullmatch(thing.strip()) else ""

        def read(unit: Unit) -> tuple[list[Act], list[str], int | None, list[Member]]:
            found = audit.lines(
                unit,
                act=act or None,
                staff_id=int(by) if by.isascii() and by.isdecimal() and len(by) < 19 else None,
                thing=about or None,
                since=first,
                until=None if last is None else last + timedelta(days=1),
                limit=SHOWN,
            )
            return found, audit.acts(unit), audit.first_break(unit), members.members(unit)

        await desk.database.write(partial(audit.log_act, staff_id=me.id, act="log_read", detail=about))
        # Checking the whole chain takes its time: not in a unit that keeps others from writing.
        found, acts, broken, colleagues = await desk.database.read(read)
        names = {one.id: one.label for one in colleagues}
        asked = {"act": act, "by": by, "thing": thing, "since": since, "until": until}
        return show(request, "audit.html", lines=found, acts=acts, broken=broken, names=names, asked=asked, shown=SHOWN)

    return routes


def _midnight(day: str, local_now: datetime) -> datetime | None:
    """The beginning of a day on the country's clocks; None where no day is named."""
    try:
        return datetime.combine(date.fromisoformat(day), time(), local_now.tzinfo)
    except ValueError:
        return None
