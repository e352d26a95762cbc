"""What each form of a request says, and the act that it asks for. A form that lacks something raises Unfit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from starlette.datastructures import FormData

from desk import attaching, barring, flags, goods, guests, offers, reaching, referring, turns
from desk import requests as acts
from desk.flags import Flag
from desk.goods import Decision
from desk.guests import Guest, NotAGuest
from desk.lifecycle import DECIDED, Outcome
from desk.offers import NotForThem
from desk.referring import Share, Stage
from desk.requests import Desk, NotYours
from storage import attached, notes, requests
from storage.unit_of_work import Unit

LONGEST = 3500  # characters of an answer; one Telegram message holds 4,096 (channels.md)
LONGEST_ID = 19  # digits
MOST_DAYS = 365
REASON = 300  # characters of the reason of a decision: one plain line
TAG = re.compile(r"[\w .-]{0,40}")  # the name of a project or donor, never of a person


class Unfit(Exception):
    """The form lacks something. The message is a key of the desk's texts."""


def _claim(desk: Desk, number: int, _form: FormData) -> None:
    if not acts.claim(desk, number):
        raise NotYours


def _answer(desk: Desk, number: int, form: FormData) -> None:
    text = str(form.get("text", "")).strip()
    if str(form.get("file", "")) or str(form.get("place", "")).strip():
        raise Unfit("error.not_attached")  # chosen, and it would stay behind
    if not (text or attached.attached(desk.unit, number, desk.me)):
        raise Unfit("error.empty")
    attaching.answer(desk, number, _words(form) if text else "")


def _close(desk: Desk, number: int, form: FormData) -> None:
    try:
        outcome = Outcome(str(form.get("outcome", "")))
    except ValueError:
        raise Unfit("error.outcome") from None
    if outcome in DECIDED:
        raise Unfit("error.outcome")
    acts.close(desk, number, outcome)


def _decide(desk: Desk, number: int, form: FormData) -> None:
    reason = " ".join(str(form.get("reason", "")).split())
    try:
        decision = Decision(str(form.get("decision", "")))
    except ValueError:
        raise Unfit("error.decision") from None
    if not 0 < len(reason) <= REASON:
        raise Unfit("error.decision")
    goods.decide(desk, number, decision, reason)


def _report(desk: Desk, number: int, form: FormData) -> None:
    barring.report(desk, number, _words(form))


def _offer(desk: Desk, number: int, form: FormData) -> None:
    try:
        offers.offer(desk, number, _id(form, "to", "error.colleague"), _words(form))
    except NotForThem:
        raise Unfit("error.colleague") from None


def _refer(desk: Desk, number: int, form: FormData) -> None:
    if form.get("agreed") != "yes":
        raise Unfit("error.agreed")
    shares = {Share(str(one)) for one in form.getlist("shares") if one in set(Share)}
    referring.refer(desk, number, str(form.get("institution", "")), _words(form), _date(desk.unit, form), shares)


def _institution(desk: Desk, number: int, form: FormData) -> None:
    """What an institution answered. Words are needed where it is over; days only for an appointment."""
    try:
        stage = Stage(str(form.get("stage", "")))
    except ValueError:
        raise Unfit("error.stage") from None
    words = _words(form) if stage is Stage.OUTCOME else str(form.get("text", "")).strip()[:LONGEST]
    due_at = _date(desk.unit, form) if stage is Stage.APPOINTMENT else None
    if stage is Stage.APPOINTMENT and due_at is None:
        raise Unfit("error.date")
    referring.answered(desk, number, _id(form, "referral", "error.stage"), stage, words, due_at)


def _put_off(desk: Desk, number: int, form: FormData) -> None:
    due = _date(desk.unit, form)
    if due is None:
        raise Unfit("error.date")
    acts.put_off(desk, number, due)


def _tag(desk: Desk, number: int, form: FormData) -> None:
    tag = str(form.get("tag", "")).strip()
    if not TAG.fullmatch(tag):
        raise Unfit("error.tag")
    acts.set_tag(desk, number, tag)


def _knock(desk: Desk, number: int, form: FormData) -> None:
    """What was being written stays a draft."""
    reaching.knock(desk, number)
    text = str(form.get("text", ""))[:LONGEST]
    notes.keep_draft(desk.unit, number, requests.request(desk.unit, number).contact_id, desk.me, text)


def _take_over(desk: Desk, number: int, _form: FormData) -> None:
    if not offers.take_over(desk, number):
        raise NotYours


def _invite(desk: Desk, number: int, form: FormData) -> None:
    guest, id = _guest(form)
    if guest is Guest.PARTNER and form.get("agreed") != "yes":
        raise Unfit("error.agreed")
    try:
        guests.invite(desk, number, id, guest)
    except NotAGuest:
        raise Unfit("error.colleague") from None


def _dismiss(desk: Desk, number: int, form: FormData) -> None:
    guests.dismiss(desk, number, _guest(form)[1])


def _interpret(desk: Desk, number: int, form: FormData) -> None:
    guests.interpret(desk, number, _id(form, "original", "error.original"), _words(form))


def _flag(desk: Desk, number: int, form: FormData) -> None:
    flags.flag(desk, number, _mark(form))


def _unflag(desk: Desk, number: int, form: FormData) -> None:
    flags.unflag(desk, number, _mark(form))


#: What also who reads along may do.
ASIDE: Mapping[str, Callable[[Desk, int, FormData], None]] = {
    "note": lambda desk, number, form: acts.note(desk, number, _words(form)),
    "interpret": _interpret,
}
#: Every other form of a request. Who may press which: `_workable`, and the acts themselves.
ACTS: Mapping[str, Callable[[Desk, int, FormData], None]] = {
    "claim": _claim,
    "answer": _answer,
    "close": _close,
    "decide": _decide,
    "report": _report,
    "bar": lambda desk, number, _form: barring.bar(desk, number),
    "lift": lambda desk, number, _form: barring.lift(desk, number),
    "undo": lambda desk, number, _form: turns.undo_close(desk, number),
    "give-back": lambda desk, number, _form: acts.give_back(desk, number),
    "offer": _offer,
    "take-over": _take_over,
    "decline": lambda desk, number, _form: offers.decline(desk, number),
    "flag": _flag,
    "unflag": _unflag,
    "invite": _invite,
    "dismiss": _dismiss,
    "withdraw": lambda desk, number, _form: offers.withdraw_offer(desk, number),
    "refer": _refer,
    "institution": _institution,
    "put-off": _put_off,
    "tag": _tag,
    "knock": _knock,
    "trust": lambda desk, number, _form: reaching.trust(desk, number),
    "mark": lambda desk, number, _form: acts.mark_ours(desk, number),
}


def _words(form: FormData) -> str:
    text = str(form.get("text", "")).strip()
    if not text:
        raise Unfit("error.empty")
    if len(text) > LONGEST:
        raise Unfit("error.long")
    return text


def _date(unit: Unit, form: FormData) -> datetime | None:
    days = str(form.get("days", ""))
    if not days:
        return None
    if not (days.isascii() and days.isdecimal() and 0 < int(days) <= MOST_DAYS):
        raise Unfit("error.date")
    return unit.now + timedelta(days=int(days))


def _mark(form: FormData) -> Flag:
    try:
        return Flag(str(form.get("flag", "")))
    except ValueError:
        raise Unfit("error.flag") from None


def _guest(form: FormData) -> tuple[Guest, int]:
    """As what, and who: "interpreter:12"."""
    role, _, id = str(form.get("guest", "")).partition(":")
    if role not in set(Guest) or not _is_id(id):
        raise Unfit("error.colleague")
    return Guest(role), int(id)


def _id(form: FormData, name: str, why: str) -> int:
    """The id in a field. why: what is lacking where there is none."""
    if not _is_id(id := str(form.get(name, ""))):
        raise Unfit(why)
    return int(id)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID
