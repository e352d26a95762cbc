"""The log of requests: filters that stand in the address, so that a list can be kept as a bookmark; two files."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from desk import permits
from desk.access import May, may
from desk.console.permit_pages import ask_first, normal
from desk.console.shown import Console, language_name
from desk.console.signing import Show, door, who
from desk.export import COLUMNS, as_csv, as_xlsx, hours_to_answer
from desk.lifecycle import Outcome, Turn
from desk.permits import File, NeedsSecond
from desk.wishes import COMPLAINT, kept_from
from storage import audit, handoff, request_log
from storage.members import Member
from storage.request_log import Wanted
from storage.requests import RequestRow
from storage.unit_of_work import Unit

MOST = 200  # rows on the page; the files hold all
OPEN = "open"  # beside the states: not closed
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = (
    "step_help", "question", "talk", "language", "isolation", "interpreter", "goods", "complaint", "legal", "urgent",
)  # fmt: skip
#: Lists that are wanted again and again: name of the text, and what stands in the address.
VIEWS: Mapping[str, Mapping[str, str]] = {
    "view_late": {"late": "yes", "state": OPEN},
    "view_urgent": {"urgent": "yes", "state": OPEN},
    "view_waiting": {"state": str(Turn.OFFICE)},
}


def listing(desk: Console, show: Show) -> APIRouter:
    """The list and its files."""
    routes = APIRouter(prefix="/desk", default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.get("/log")
    async def listed(request: Request) -> Response:
        here, me = desk.to(request), who(request)
        asked = _wanted(here, me, request.query_params)

        def read(unit: Unit) -> tuple[list[RequestRow], int, Any]:
            wanted = _allowed(unit, me, asked)
            return request_log.logged(unit, wanted, MOST), request_log.count(unit, wanted), request_log.known(unit)

        rows, number, known = await desk.database.read(read)
        chosen = {name: value for name, value in request.query_params.items() if value}
        opens = may(me, May.SEE_ALL_REQUESTS)
        return show(
            request, "log.html", rows=[_row(here, row) for row in rows], number=number, most=MOST, opens=opens,
            chosen=chosen, query=urlencode(chosen), choices=_choices(here, *known),
            views=[(here.text(f"log.{name}"), urlencode(asked)) for name, asked in VIEWS.items()],
        )  # fmt: skip

    @routes.get("/log.csv")
    async def csv_file(request: Request) -> Response:
        try:
            rows = await _exported(desk, request, File.LOG_CSV)
        except NeedsSecond as why:
            return ask_first(show, request, why)
        return _file(as_csv(rows, desk.calendar().local), "text/csv; charset=utf-8", "requests.csv")

    @routes.get("/log.xlsx")
    async def xlsx_file(request: Request) -> Response:
        here = desk.to(request)
        try:
            rows = await _exported(desk, request, File.LOG_XLSX)
        except NeedsSecond as why:
            return ask_first(show, request, why)
        words = {name: here.text(f"column.{name}") for name in COLUMNS}
        made = await asyncio.to_thread(as_xlsx, rows, desk.calendar().local, words, desk.database.now())
        return _file(made, XLSX, "requests.xlsx")

    return routes


async def _exported(desk: Console, request: Request, kind: File) -> list[RequestRow]:
    """All that fits. Raises NeedsSecond.

    Who took it, and how much, is written in the log before anything leaves the house.
    """
    me = who(request)
    wanted = _wanted(desk, me, request.query_params)

    def read(unit: Unit) -> list[RequestRow]:
        rows = request_log.logged(unit, _allowed(unit, me, wanted))
        permits.leave(unit, me, kind, normal(request.url.query), len(rows), desk.exports_alone)
        audit.log_act(unit, me.id, "exported", "requests", f"{kind}:{len(rows)}")
        return rows

    return await desk.database.write(read)


def _allowed(unit: Unit, me: Member, wanted: Wanted) -> Wanted:
    """Without what is kept from this reader: a complaint that may be about them, a person who does not want them."""
    guarded = Wanted(only=handoff.guarded(unit, COMPLAINT), protected=True)
    return replace(wanted, without=kept_from(unit, me, request_log.logged(unit, guarded)))


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _wanted(desk: Console, me: Member, asked: Mapping[str, str]) -> Wanted:
    """What an address asks for; what cannot be read asks for nothing."""
    state = asked.get("state") or None
    wanted = Wanted(
        state=None if state == OPEN else state,
        is_open=True if state == OPEN else None,
        type=asked.get("type") or None,
        locale=asked.get("language") or None,
        guide=asked.get("guide") or None,
        outcome=asked.get("outcome") or None,
        tag=asked.get("tag") or None,
        urgent=_yes_or_no(asked.get("urgent")),
        late=_yes_or_no(asked.get("late")),
        protected=may(me, May.SEE_PROTECTED),
    )
    since, until = _day(desk, asked.get("since")), _day(desk, asked.get("until"))
    return replace(wanted, since=since, until=until and until + timedelta(days=1))


def _yes_or_no(value: str | None) -> bool | None:
    return {"yes": True, "no": False}.get(value or "")


def _day(desk: Console, value: str | None) -> datetime | None:
    """The beginning of a day in the country."""
    try:
        day = datetime.strptime(value or "", "%Y-%m-%d")  # noqa: DTZ007 - the zone is the country's, set below
    except ValueError:
        return None
    return day.replace(tzinfo=desk.calendar().local(desk.database.now()).tzinfo)


def _row(desk: Console, row: RequestRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "opened": desk.moment(row.created_at),
        "type": desk.text(f"type.{row.type}"),
        "state": desk.text(f"turn.{row.state}"),
        "urgent": row.urgent,
        "late": row.late,
        "language": language_name(row.locale),
        "where": desk.where(row.guide, row.step),
        "hours": hours_to_answer(row),
        "outcome": desk.text(f"outcome.{row.outcome}") if row.outcome else "",
        "tag": row.tag or "",
    }


def _choices(
    desk: Console, languages: list[str], guides: list[str], tags: list[str]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The filters: name, and what can be chosen (value, words)."""
    either = [("yes", desk.text("log.yes")), ("no", desk.text("log.no"))]
    return [
        ("state", [(OPEN, desk.text("log.open")), *((str(turn), desk.text(f"turn.{turn}")) for turn in Turn)]),
        ("type", [(name, desk.text(f"type.{name}")) for name in TYPES]),
        ("language", [(code, language_name(code)) for code in languages]),
        ("guide", [(id, desk.where(id, None)) for id in guides]),
        ("urgent", either),
        ("late", either),
        ("outcome", [(str(one), desk.text(f"outcome.{one}")) for one in Outcome]),
        ("tag", [(tag, tag) for tag in tags]),
    ]
