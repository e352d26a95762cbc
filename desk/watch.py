"""What must not stay unseen: somebody opens very many protected answers. Coordinators and administrators are told."""

from __future__ import annotations

from datetime import timedelta

from desk.access import May, may
from desk.voice import Notice, Voice
from storage import audit, members
from storage.members import Member
from storage.unit_of_work import Unit

#: More in an hour than a person's work needs (reliability.md 2.5).
MOST_REVEALS = 30
HOUR = timedelta(hours=1)
#: So long the banner stands.
SHOWN_FOR = timedelta(hours=24)
REVEALED, ALARM, MANY_REVEALS = "revealed", "alarm", "many_reveals"


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
    if not _looks(member):
        return []
    found = audit.lines(unit, act=ALARM, since=unit.now - SHOWN_FOR)
    return sorted({line.detail for line in found if line.thing != f"staff:{member.id}"})


def _looks(member: Member) -> bool:
    return may(member, May.TAKE_AWAY) or may(member, May.SEE_AUDIT)
