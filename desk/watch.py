"""What must not stay unseen: somebody opens very many protected answers. Coordinators and administrators are told."""

from __future__ import annotations

from datetime import timedelta

from desk import permits
from desk.access import May, may
from desk.voice import Notice, Voice
from notices.lifecycle import State
from storage import audit, broadcasts, members
from storage.members import Member
from storage.unit_of_work import Unit

#: More in an hour than a person's work needs (reliability.md 2.5).
MOST_REVEALS = 30
HOUR = timedelta(hours=1)
#: So long the banner stands.
SHOWN_FOR = timedelta(hours=24)
REVEALED, ALARM, MANY_REVEALS, REPORTED = "revealed", "alarm", "many_reveals", "reported"
NOTICE_WAITS, EXPORT_WAITS = "notice_waits", "export_waits"


def revealed(unit: Unit, voice: Voice, me: Member, number: int) -> None:
    """Somebody opens protected answers: logged, and more than thirty in an hour raise an alarm, once an hour."""
    audit.log_act(unit, me.id, REVEALED, f"request:{number}")
    since, thing = unit.now - HOUR, f"staff:{me.id}"
    if audit.done_since(unit, me.id, REVEALED, since) <= MOST_REVEALS or audit.is_logged(
        unit, None, ALARM, thing, since
    ):
        return
    audit.log_act(unit, None, ALARM, thing, MANY_REVEALS)
    for one in members.members(unit):
        if _looks(one) and one.id != me.id and one.conversation_id is not None:
            voice.notice(unit, one.conversation_id, Notice.MANY_REVEALS, me.label)


def warnings(unit: Unit, member: Member) -> list[str]:
    """What a member should see at the top of each page, by its name."""
    waits = [NOTICE_WAITS] if _is_asked(unit, member) else []
    waits += [EXPORT_WAITS] if _is_asked_for_a_file(unit, member) else []
    if not _looks(member):
        return waits
    since = unit.now - SHOWN_FOR
    found = {line.detail for line in audit.lines(unit, act=ALARM, since=since) if line.thing != f"staff:{member.id}"}
    if may(member, May.BAR_PEOPLE) and audit.lines(unit, act=REPORTED, since=since, limit=1):
        found.add(REPORTED)
    return [*waits, *sorted(found)]


def _is_asked(unit: Unit, member: Member) -> bool:
    """Whether a colleague's notice waits until somebody like this member agrees."""
    if not may(member, May.APPROVE_NOTICES):
        return False
    return any(row.author_id != member.id for row in broadcasts.in_state(unit, [State.WAITING]))


def _is_asked_for_a_file(unit: Unit, member: Member) -> bool:
    """Whether a colleague's large file of the log waits until somebody like this member allows it."""
    if not may(member, May.ALLOW_EXPORT):
        return False
    return any(row.state == permits.State.ASKED and row.staff_id != member.id for row in permits.shown(unit))


def _looks(member: Member) -> bool:
    return may(member, May.TAKE_AWAY) or may(member, May.SEE_AUDIT)
