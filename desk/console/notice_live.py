"""A notice that is on its way or went: figures that move, pause and stop, and what became of each copy. No names."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from math import ceil
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse
from fastapi.sse import format_sse_event

from desk import permits
from desk.console.live import LONGEST, POLL
from desk.console.notice_page import NOTICES
from desk.console.permit_pages import ask_first
from desk.console.shown import Console, language_name
from desk.console.signing import Show, door, who
from desk.export import csv_of
from desk.notice_desk import find
from desk.permits import File, NeedsSecond
from notices.drafts import stand_in
from notices.later import PASSING
from notices.lifecycle import ENDED
from storage import audit, bell, broadcasts, copies
from storage import notices as stored
from storage.broadcasts import NoBroadcast
from storage.db import Unavailable
from storage.members import Member
from storage.notice_rows import GOT, BroadcastRow, Counted, Fate, Result
from storage.notices import NoticeRow, TextRow
from storage.unit_of_work import Unit

LATELY = timedelta(minutes=1)
SHOWN = 100  # copies on a page; the file holds all
#: The figures, in the order in which a copy goes through them.
FIGURES = (
    Fate.WAITING, Fate.SENT, Fate.DELIVERED, Fate.READ, Fate.HELD, Fate.UNCERTAIN, Fate.FAILED, Fate.DEAD, Fate.SKIPPED,
)  # fmt: skip
NOT_THERE = frozenset({Fate.HELD, Fate.UNCERTAIN, Fate.FAILED, Fate.DEAD, Fate.SKIPPED})
COLUMNS = ("copy", "channel", "language", "result", "reason", "at")


@dataclass(frozen=True, slots=True)
class Going:
    """A broadcast with what became of its copies so far. lately: sent within the last minute. page: some copies."""

    row: BroadcastRow
    notice: NoticeRow
    texts: Mapping[str, TextRow]
    counted: Sequence[Counted]
    lately: int
    page: Sequence[Result]
    later: Sequence[BroadcastRow]


def notice_live(desk: Console, show: Show) -> APIRouter:
    """The stream of changes, and the file of what became of each copy. The page itself: notices.composer."""
    routes = APIRouter(prefix=NOTICES, default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.get("/{id:int}/live")
    async def changes(request: Request, id: int) -> Response:
        try:
            await desk.database.read(partial(find, member=who(request), number=id))
        except NoBroadcast:
            return show(request, "notice_gone.html", 404)
        return StreamingResponse(_changes(desk, request, id), media_type="text/event-stream")

    @routes.get("/{id:int}/report.csv")
    async def report(request: Request, id: int) -> Response:
        """Who took it, and how much, is written in the log before anything leaves the house."""
        me = who(request)
        try:
            results = await desk.database.write(partial(_exported, me=me, number=id, alone=desk.exports_alone))
        except NoBroadcast:
            return show(request, "notice_gone.html", 404)
        except NeedsSecond as why:
            return ask_first(show, request, why)
        here = desk.to(request)
        lines = [_line(here, n, one) for n, one in enumerate(results, 1)]
        head = [here.text(f"notices_report.{name}") for name in COLUMNS]
        made = csv_of(head, ([line[name] for name in COLUMNS] for line in lines))
        headers = {"Content-Disposition": f'attachment; filename="notice-{id}.csv"'}
        return Response(made, media_type="text/csv; charset=utf-8", headers=headers)

    return routes


def going(unit: Unit, member: Member, number: int, after: int) -> Going:
    """What the page shows. after: the last copy of the page before. Raises NoBroadcast."""
    row = find(unit, member, number)
    others = broadcasts.of_notice(unit, row.notice_id)
    return Going(
        row,
        stored.notice(unit, row.notice_id),
        stored.texts(unit, row.notice_id),
        copies.counts(unit, number),
        copies.sent_since(unit, number, unit.now - LATELY),
        copies.results(unit, number, after, SHOWN),
        [one for one in others if one.of_id == number],
    )


def page(desk: Console, found: Going, after: int) -> dict[str, Any]:
    """A broadcast that began, as its page shows it."""
    by_fate = _sums((one.fate, one.many) for one in found.counted)
    total = sum(by_fate.values())
    arrived, ended = [one for one in found.counted if one.fate in GOT], found.row.state in ENDED
    title = stand_in(desk.view.language, found.texts)
    return {
        "row": found.row,
        "notice": found.notice,
        "state": found.row.state,
        "is_first": found.row.kind == "first",
        "title": (found.texts[title].title or found.texts[title].body) if title else "",
        "figures": [(str(fate), by_fate.get(fate, 0)) for fate in FIGURES if by_fate.get(fate) or fate in _ALWAYS],
        "total": total,
        "settled": settled(found.counted),
        "is_counting": not found.row.complete and not ended,
        "per_minute": found.lately,
        "minutes_left": minutes_left(by_fate.get(Fate.WAITING, 0), found.lately, _began(desk, found.row)),
        "why": _whys(desk, found.counted),
        "by_locale": _sums((language_name(one.locale), one.many) for one in arrived).most_common(),
        "by_channel": _sums((desk.channel(one.channel), one.many) for one in arrived).most_common(),
        "transient": sum(one.many for one in found.counted if one.fate is Fate.DEAD and one.reason in PASSING),
        "copies": [_line(desk, 0, one) for one in found.page],
        "next": found.page[-1].id if len(found.page) == SHOWN else None,
        "after": after,
        "later": [(one.id, one.kind, one.state) for one in found.later],
        "started": desk.moment(found.row.started_at),
        "ended_at": desk.moment(found.row.ended_at),
        "is_over": ended,
    }


#: Figures that stand there also where they are 0.
_ALWAYS = frozenset({Fate.WAITING, Fate.SENT, Fate.DELIVERED, Fate.READ})


def minutes_left(waiting: int, lately: int, began: timedelta) -> int | None:
    """How long it goes on as fast as in the last minute, or since it began; None where nothing tells.

    lately: sent within the last minute. began: how long ago.
    """
    passed = min(max(began, timedelta(seconds=1)), LATELY)
    return ceil(waiting / lately * (passed / LATELY)) if waiting and lately else None


def settled(counted: Iterable[Counted]) -> int:
    """How many copies need nothing more from this sending: neither those that wait, nor those that a pause holds."""
    return sum(
        one.many
        for one in counted
        if one.fate is not Fate.WAITING and (one.fate, one.reason) != (Fate.HELD, copies.PAUSED)
    )


def _began(desk: Console, row: BroadcastRow) -> timedelta:
    return timedelta() if row.started_at is None else desk.database.now() - row.started_at


def _whys(desk: Console, counted: Iterable[Counted]) -> list[tuple[str, str, int]]:
    """Why copies are not there, the most frequent first: how far, the reason in words, how many."""
    found = _sums(((str(one.fate), one.reason), one.many) for one in counted if one.fate in NOT_THERE)
    return [(fate, why(desk, reason), many) for (fate, reason), many in found.most_common()]


def why(desk: Console, reason: str) -> str:
    """A reason in words; where it is one that only a programmer understands, that it is a fault of ours."""
    if not reason:
        return ""
    known = desk.named(f"desk.why.{reason}")
    return desk.text("notices_report.fault", code=reason) if known.startswith("desk.") else known


def _line(desk: Console, number: int, one: Result) -> dict[str, Any]:
    return {
        "copy": number,
        "channel": desk.channel(one.channel),
        "language": language_name(one.locale),
        "result": desk.text(f"notices_result.{one.fate}"),
        "fate": str(one.fate),
        "reason": why(desk, one.reason),
        "at": desk.moment(one.at),
    }


def _exported(unit: Unit, me: Member, number: int, alone: int) -> list[Result]:
    find(unit, me, number)
    found, after = list[Result](), -1
    while page := copies.results(unit, number, after):
        found += page
        after = page[-1].id
    permits.leave(unit, me, File.NOTICE_CSV, str(number), len(found), alone)
    audit.log_act(unit, me.id, "exported", broadcasts.thing(number), f"csv:{len(found)}")
    return found


def _sums(pairs: Iterable[tuple[Any, int]]) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for key, many in pairs:
        found[key] += many
    return found


async def _changes(desk: Console, request: Request, number: int) -> AsyncIterator[bytes]:
    """An event without content when the figures moved; the page fetches itself."""
    loop = asyncio.get_running_loop()
    ends, known = loop.time() + LONGEST, await desk.database.read(partial(_figures, number=number))
    yield format_sse_event(event="open", data_str="{}")
    while loop.time() < ends and not await request.is_disconnected():
        await desk.database.bell.wait(bell.NOTICES, POLL)
        try:
            now = await desk.database.read(partial(_figures, number=number))
        except Unavailable:
            continue
        if now != known:
            known = now
            yield format_sse_event(event="change", data_str="{}")
        await asyncio.sleep(POLL)  # a thousand copies a second are one change


def _figures(unit: Unit, number: int) -> tuple[str, Sequence[Counted]]:
    return broadcasts.read(unit, number).state, copies.counts(unit, number)
