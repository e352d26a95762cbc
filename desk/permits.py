"""A second person for large files: who asks for one does not decide on it, and it is given once.

    asked --+-- allowed ---> allowed --- taken ---> taken
            +-- declined --> declined

A day after it was asked for, nothing of it counts any more. Files never hold words of people; these would need a second
person whatever their number.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from desk.access import May, may
from desk.voice import Notice, Voice
from storage import audit, members, permits
from storage.members import Member
from storage.permits import PermitRow
from storage.unit_of_work import Unit

LASTS = timedelta(hours=24)


class File(StrEnum):
    """What is taken out, as the database and the forms name it."""

    LOG_CSV = "csv"
    LOG_XLSX = "xlsx"
    EVENT_CSV = "event_csv"
    EVENT_XLSX = "event_xlsx"
    NOTICE_CSV = "notice_csv"


#: What who asks for a file must be allowed to do: the same as for a small one.
NEEDED: Mapping[File, May] = {
    File.LOG_CSV: May.EXPORT,
    File.LOG_XLSX: May.EXPORT,
    File.EVENT_CSV: May.SEND_NOTICES,
    File.EVENT_XLSX: May.SEND_NOTICES,
    File.NOTICE_CSV: May.EXPORT,
}


class State(StrEnum):
    """Where a file that was asked for stands."""

    ASKED = "asked"
    ALLOWED = "allowed"
    DECLINED = "declined"
    TAKEN = "taken"


class Act(StrEnum):
    """What is done with it."""

    ALLOW = "allow"
    DECLINE = "decline"
    TAKE = "take"


LIFE: Mapping[tuple[State, Act], State] = {
    (State.ASKED, Act.ALLOW): State.ALLOWED,
    (State.ASKED, Act.DECLINE): State.DECLINED,
    (State.ALLOWED, Act.TAKE): State.TAKEN,
}


class NotNow(Exception):
    """It is one's own, over, or not in a state in which this can be done."""


class NeedsSecond(Exception):
    """So many rows leave the house only when somebody else agrees. query: which file it is; count: its rows."""

    def __init__(self, kind: File, query: str, count: int) -> None:
        super().__init__(kind)
        self.kind = kind
        self.query = query
        self.count = count


def ask(unit: Unit, voice: Voice, me: Member, kind: File, query: str, count: int) -> int:
    """Ask for a file, and tell those who could allow it; what stands asked for already is not asked for twice."""
    for one in shown(unit):
        if (one.staff_id, one.kind, one.query, one.state) == (me.id, kind, query, State.ASKED):
            return one.id
    id = permits.add_permit(unit, me.id, kind, query, count, State.ASKED)
    audit.log_act(unit, me.id, "export_asked", f"permit:{id}", f"{kind}:{count}")
    for other in members.members(unit):
        if other.id != me.id and may(other, May.ALLOW_EXPORT) and other.conversation_id is not None:
            voice.notice(unit, other.conversation_id, Notice.EXPORT, me.label)
    return id


def decide(unit: Unit, me: Member, id: int, act: Act) -> None:
    """Allow or decline what somebody else asked for. Raises NotNow, NoPermit."""
    found = permits.permit(unit, id)
    if found.staff_id == me.id or unit.now - found.at > LASTS:
        raise NotNow
    _move(unit, found, act, me)
    audit.log_act(unit, me.id, f"export_{LIFE[State.ASKED, act]}", f"permit:{id}", f"{found.kind}:{found.count}")


def leave(unit: Unit, me: Member, kind: File, query: str, count: int, alone: int) -> None:
    """Let a file out, or use up what was allowed for it. alone: rows for which one person is enough.

    Raises NeedsSecond. Who takes it is written down by the caller, in the same unit.
    """
    if count > alone and take(unit, me, kind, query, count) is None:
        raise NeedsSecond(kind, query, count)


def take(unit: Unit, me: Member, kind: File, query: str, count: int) -> int | None:
    """Use up what was allowed to this member for this very file; its id, or None where nothing was.

    A file with more rows than the second person read of is not the one they agreed to.
    """
    for one in shown(unit):
        asked = (one.staff_id, one.kind, one.query, one.state)
        if asked == (me.id, kind, query, State.ALLOWED) and count <= one.count:
            _move(unit, one, Act.TAKE)
            return one.id
    return None


def shown(unit: Unit) -> list[PermitRow]:
    """What was asked for within a day, newest first."""
    return permits.permits(unit, unit.now - LASTS)


def _move(unit: Unit, found: PermitRow, act: Act, by: Member | None = None) -> None:
    to = LIFE.get((State(found.state), act))
    if to is None or not permits.move_permit(unit, found.id, found.state, to, None if by is None else by.id):
        raise NotNow
