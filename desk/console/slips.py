"""The slip that goes with a person to an institution: printed, in the language of its offices, with nothing more than
what the person agreed to. Every opening is written in the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from desk.console.shown import Console, language_name
from desk.console.signing import Show, door, who
from desk.inbox import find
from desk.referring import Share, Stage
from storage import audit, referrals, requests
from storage.crypto import Tampered
from storage.keys import KeyGone
from storage.members import Member
from storage.referrals import Referred
from storage.requests import NoRequest, RequestRow
from storage.unit_of_work import Unit

PRINTED = "slip"
#: In which languages, and scripts, the offices of a country read; the first one is shown first.
OFFICES: Mapping[str, tuple[str, ...]] = {"serbia": ("sr_Cyrl", "sr_Latn"), "latvia": ("lv",)}
ALSO = ("en",)


@dataclass(frozen=True, slots=True)
class Slip:
    """One referral of a request. context: what is known of the person's way (bot/memory.py)."""

    row: RequestRow
    referral: Referred
    context: Mapping[str, Any]


def slips(desk: Console, show: Show) -> APIRouter:
    """The page of a slip."""
    routes = APIRouter(prefix="/desk/requests", default_response_class=HTMLResponse, route_class=door(desk, show))

    @routes.get("/{number:int}/slip/{id:int}")
    async def one(request: Request, number: int, id: int, language: str = "") -> Response:
        """language: of those that the offices read."""
        try:
            slip = await desk.database.write(partial(_open, member=who(request), number=number, id=id))
        except (NoRequest, KeyGone, Tampered):
            return show(request, "thread.html", 404, thread=None)
        offered = (*OFFICES[desk.calendar().country], *ALSO)
        chosen = language if language in offered else offered[0]
        return show(request, "slip.html", number=number, languages=offered, **_page(desk, slip, chosen))

    return routes


def _page(desk: Console, slip: Slip, language: str) -> Mapping[str, Any]:
    """What stands on it, in its own language. The page around it is in the reader's."""
    paper = replace(desk, view=replace(desk.view, language=language))
    return {
        "slip": slip.referral,
        "said": paper.text,
        "paper": paper.view.locale,
        "institution": desk.institutions().get(slip.referral.institution, slip.referral.institution),
        "organisation": desk.organisation(),
        "given_on": paper.day(slip.referral.created_at),
        # In how many days was said, no hour: what the office said of it stands in its words.
        "appointment": paper.day(slip.referral.due_at) if slip.referral.state == Stage.APPOINTMENT else "",
        "agreed_on": paper.day(slip.referral.agreed_at),
        "agreed_in": language_name(slip.referral.agreed_locale),
        "facts": _facts(paper, slip),
    }


def _facts(paper: Console, slip: Slip) -> list[tuple[str, str]]:
    """What the person let us say beside the words, as far as it is known: the code of each and what it is."""
    known = {
        Share.LANGUAGE: language_name(slip.row.locale),
        Share.MUNICIPALITY: slip.context.get("municipality") or "",
        Share.SUBJECT: paper.where(slip.row.guide, slip.row.step),
        Share.PAPERS: slip.context.get("papers") or "",
    }
    return [(share, known[share]) for share in Share if share in slip.referral.shares and known[share]]


def _open(unit: Unit, member: Member, number: int, id: int) -> Slip:
    row = find(unit, member, number)
    for referral in referrals.referrals(unit, number, row.contact_id):
        if referral.id == id:
            audit.log_act(unit, member.id, PRINTED, f"request:{number}", str(id))
            return Slip(row, referral, orjson.loads(requests.context(unit, number)))
    raise NoRequest(number)
