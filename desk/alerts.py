"""Who of the team is written to about a request, and that the others learn when somebody has it.

Never with words of the person. Off duty means no alert at all; for an urgent request coordinators are told even then,
because somebody must know that nobody is there.
"""

from __future__ import annotations

from dataclasses import dataclass

from desk.routing import Assistant, Unmet, rank
from desk.voice import Alarm, Alert, Voice
from desk.wishes import is_barred, wish_of
from i18n.locales import LOCALES
from storage import handoff
from storage.members import Member, members
from storage.requests import RequestRow
from storage.unit_of_work import Unit

ALERTED, STRUCK = "alerted", "struck"
#: Who takes requests. Others see lists and numbers.
TAKERS = ("assistant", "coordinator", "protection")


@dataclass(frozen=True, slots=True)
class Called:
    """Who is there for a request. on_duty: somebody who could take it. alerted: somebody was written to about it.

    languages: what those who are there speak, where none of them speaks the person's. unmet: wishes that none meets.
    """

    on_duty: bool = False
    alerted: bool = False
    languages: tuple[str, ...] = ()
    unmet: frozenset[Unmet] = frozenset()


def tell(unit: Unit, voice: Voice, row: RequestRow, alarm: Alarm, *, without: int | None = None) -> int:
    """Write to everybody who could take it now; how many. Only those who speak the language, where there are such."""
    staff = _takers(unit, without)
    wish = wish_of(unit, row)
    found = rank(wish, assistants(unit, list(staff.values())), unit.now, urgent=row.urgent)
    chosen = [staff[id] for id in found.best]
    if not row.urgent:
        chosen = [member for member in chosen if wish.locale in member.languages] or chosen
    if row.urgent or alarm is Alarm.LATE:
        chosen += [
            member
            for member in staff.values()
            if member.has("coordinator") and member not in chosen and not is_barred(wish, member)
        ]
    for unmet in sorted(found.unmet):
        handoff.note_event(unit, row.number, "unmet", None, unmet)
    can_claim = row.assignee_id is None
    return sum(_write(unit, voice, row, alarm, member, can_claim=can_claim) for member in chosen)


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


def tell_coordinators(unit: Unit, voice: Voice, row: RequestRow, alarm: Alarm) -> None:
    """Something went wrong that a coordinator must know."""
    for member in members(unit):
        if member.has("coordinator") and member.on_duty:
            _write(unit, voice, row, alarm, member, can_claim=row.assignee_id is None)


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
    return {member.id: member for member in members(unit) if member.id != without and member.has(*TAKERS)}


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
            member.has("protection", "coordinator"),
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
