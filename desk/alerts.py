"""Who of the team is written to about a request, and that the others learn when somebody has it.

Never with words of the person, and only those who could open the request. Off duty means no alert at all; of an urgent
or late request coordinators are told even then, because somebody must know that nobody is there. Where nobody who is
there speaks the language, the others are left in peace until the person has agreed to another one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from desk.access import May, may, sees
from desk.routing import Assistant, Ranking, Unmet, Wish, rank, speaks
from desk.voice import Alarm, Alert, Voice
from desk.wishes import coordinates, is_barred, wish_of
from i18n.locales import LOCALES
from storage import handoff
from storage.members import Member, members
from storage.requests import RequestRow
from storage.unit_of_work import Unit

ALERTED, STRUCK = "alerted", "struck"


@dataclass(frozen=True, slots=True)
class Called:
    """Who is there for a request. on_duty: somebody who could take it. alerted: somebody was written to about it.

    languages: what those who are there speak, where none of them speaks the person's. unmet: wishes that none meets.
    """

    on_duty: bool = False
    alerted: bool = False
    languages: tuple[str, ...] = ()
    unmet: frozenset[Unmet] = frozenset()


def tell(
    unit: Unit,
    voice: Voice,
    row: RequestRow,
    alarm: Alarm,
    *,
    without: int | None = None,
    told: Collection[int] = (),
) -> None:
    """Write to everybody who could take it now. without: who shall not have it. told: who knows it already."""
    staff = _takers(unit, without)
    wish = wish_of(unit, row)
    found = rank(wish, assistants(unit, list(staff.values())), unit.now, urgent=row.urgent)
    overseers = _coordinators(unit, row)
    chosen, is_unspoken = _who_speak(wish, found, staff), False
    if row.urgent:
        chosen = [staff[id] for id in found.best]
    elif not chosen:
        is_unspoken = wish.waits or Unmet.LANGUAGE in found.unmet
        # Where no coordinator could be told, everybody is: better than that nobody knows.
        chosen = [] if overseers else [staff[id] for id in found.best]
    if row.urgent or alarm is Alarm.LATE:
        chosen += [member for member in overseers if member not in chosen]
    elif is_unspoken:
        tell_coordinators(unit, voice, row, Alarm.UNSPOKEN)
    for unmet in sorted(found.unmet):
        handoff.note_event(unit, row.number, "unmet", None, unmet)
    for member in chosen:
        if member.id not in told:
            _write(unit, voice, row, alarm, member, can_claim=row.assignee_id is None)


def called(unit: Unit, row: RequestRow) -> Called:
    """How it stands with a request that waits: what can be said truly to who asked."""
    staff = _takers(unit)
    wish = wish_of(unit, row)
    found = rank(wish, assistants(unit, list(staff.values())), unit.now, urgent=row.urgent)
    spoken: tuple[str, ...] = ()
    if Unmet.LANGUAGE in found.unmet:
        near = LOCALES[wish.locale].fallback if wish.locale in LOCALES else ()
        codes = dict.fromkeys(code for id in found.best for code in sorted(staff[id].languages))
        spoken = tuple(sorted(codes, key=lambda code: (code not in near, code == "en")))
    alerted = any(kind == ALERTED for kind, _, _, _ in handoff.events(unit, row.number))
    return Called(bool(found.best), alerted, spoken, found.unmet)


def tell_assignee(unit: Unit, voice: Voice, row: RequestRow, alarm: Alarm, staff_id: int | None) -> None:
    """Write to the one who has it; a pause does not keep their own people from them."""
    member = next((one for one in members(unit) if one.id == staff_id), None)
    if member is not None and (member.on_duty or row.urgent):
        _write(unit, voice, row, alarm, member, can_claim=alarm is Alarm.OFFERED)


def tell_coordinators(
    unit: Unit, voice: Voice, row: RequestRow, alarm: Alarm, *, without: int | None = None
) -> frozenset[int]:
    """Something went wrong that a coordinator must know; the ids of those who were there to be told."""
    there = [member for member in _coordinators(unit, row) if member.on_duty and member.id != without]
    for member in there:
        _write(unit, voice, row, alarm, member, can_claim=row.assignee_id is None)
    return frozenset(member.id for member in there)


def withdraw(unit: Unit, voice: Voice, number: int, by: str) -> None:
    """Strike out the alerts of the others: somebody has it."""
    chats = {member.id: member.conversation_id for member in members(unit)}
    struck = {detail for kind, _, detail, _ in handoff.events(unit, number) if kind == STRUCK}
    for kind, staff_id, detail, _ in handoff.events(unit, number):
        chat = chats.get(staff_id) if staff_id is not None else None
        if kind == ALERTED and detail not in struck and chat is not None:
            voice.strike(unit, chat, int(detail), number, by)
            handoff.note_event(unit, number, STRUCK, staff_id, detail)


def _takers(unit: Unit, without: int | None = None) -> dict[int, Member]:
    working = [member for member in members(unit) if may(member, May.WORK_REQUESTS)]
    return {member.id: member for member in working if member.id != without}


def _who_speak(wish: Wish, found: Ranking, staff: Mapping[int, Member]) -> list[Member]:
    """Of those who could take it, who speaks the language; else who speaks another form of it."""
    near = [staff[id] for id in found.best if speaks(staff[id].languages, wish.locale)]
    return [member for member in near if wish.locale in member.languages] or near


def _coordinators(unit: Unit, row: RequestRow) -> list[Member]:
    """Those who look after this request, whether they are on duty or not."""
    wish = wish_of(unit, row)
    return [one for one in members(unit) if coordinates(one) and sees(one, row) and not is_barred(wish, one)]


def assistants(unit: Unit, staff: list[Member]) -> list[Assistant]:
    """Members as the ranking sees them, with what waits for each."""
    loads = handoff.loads(unit)
    return [
        Assistant(
            member.id,
            member.languages,
            member.gender,
            member.origin,
            loads.get(member.id, 0),
            member.cap,
            member.on_duty,
            member.paused_until,
            may(member, May.SEE_PROTECTED),
            coordinates(member),
        )
        for member in staff
    ]


def _write(unit: Unit, voice: Voice, row: RequestRow, alarm: Alarm, member: Member, *, can_claim: bool) -> bool:
    if member.conversation_id is None:
        return False
    alert = Alert(alarm, row.number, row.type, row.locale, row.promised_by, can_claim)
    outbox_id = voice.alert(unit, member.conversation_id, alert)
    if outbox_id is not None and can_claim:
        handoff.note_event(unit, row.number, ALERTED, member.id, str(outbox_id))
    return outbox_id is not None
