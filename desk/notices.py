"""What staff do with a notice until it goes: writing, testing, submitting, agreeing, sending. One unit of work each.

Whoever changes what people would read, or whom it is for, makes a draft of it again: nobody has agreed to that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from desk.notice_desk import CHANGED, NoticeDesk, Opened, find, may_agree, within
from notices import moving
from notices.audience import Audience
from notices.drafts import Choice, Found
from notices.lifecycle import ENDED, UNDER_WAY, Category, Kind, Move, Refused, State
from storage import audit, broadcasts, contacts, notices
from storage.notice_rows import BroadcastRow, NewBroadcast

#: What has to be taken back before the texts or the audience change, in this order.
_BACK: Mapping[State, Sequence[Move]] = {
    State.DRAFT: (),
    State.WAITING: (Move.RETURNED,),
    State.READY: (Move.RETURNED,),
    State.SCHEDULED: (Move.CANCELLED, Move.RETURNED),
}


class Hindered(Exception):
    """Something stands in the way of sending it. found: what."""

    def __init__(self, found: Sequence[Found]) -> None:
        super().__init__(str([one.what for one in found]))
        self.found = found


class OtherNumber(Exception):
    """The number that was typed is not how many people get it now."""


class OwnNotice(Exception):
    """Nobody agrees to what they wrote themselves."""


class NoChat(Exception):
    """The member has linked no chat of their own to which a test could go."""


def begin(desk: NoticeDesk, category: Category) -> int:
    """A notice without any text, and the sending of it; the number of that."""
    made = notices.create(desk.unit, desk.me.id, category)
    audience = within(desk.me, Audience(rest_hours=0))
    return broadcasts.create(desk.unit, NewBroadcast(made, Kind.FIRST, audience.dump(), desk.me.id), State.DRAFT)


def write_text(desk: NoticeDesk, number: int, locale: str, title: str, body: str) -> None:
    """What it says in one language; "" takes the language out. Raises Refused, NoBroadcast."""
    row = _changeable(desk, number)
    notices.set_text(desk.unit, row.notice_id, locale, title, body)


def describe(desk: NoticeDesk, number: int, buttons: str, **about: object) -> None:
    """Buttons (JSON of notices.buttons), category, valid_until, tag, event_id. Raises as write_text."""
    row = _changeable(desk, number)
    notices.set_about(desk.unit, row.notice_id, **about)
    notices.set_buttons(desk.unit, row.notice_id, buttons)


def name_links(desk: NoticeDesk, number: int, buttons: str) -> None:
    """What the links are called (JSON of notices.buttons). Raises as write_text."""
    notices.set_buttons(desk.unit, _changeable(desk, number).notice_id, buttons)


def aim(desk: NoticeDesk, number: int, audience: Audience) -> None:
    """Whom it is for. Raises OutOfReach, and as write_text."""
    row = _changeable(desk, number)
    if row.kind != Kind.FIRST:
        raise Refused("those who got it are who they are")
    broadcasts.change(desk.unit, number, audience=within(desk.me, audience).dump())


def choose(desk: NoticeDesk, number: int, locale: str, choice: Choice | None) -> None:
    """What becomes of people of this language while it has no text; None: nobody has said. Raises as write_text."""
    row = _changeable(desk, number)
    others = {code: chosen for code, chosen in row.lacking.items() if code != locale}
    broadcasts.change(desk.unit, number, lacking=others | ({} if choice is None else {locale: str(choice)}))


def test(desk: NoticeDesk, number: int, locale: str, *, by_chat: bool) -> None:
    """Send it to my own chat. by_chat False: there is no chat to link, I have read it on the page.

    Raises NoChat, NoBroadcast, and KeyError for a language without a text.
    """
    row = find(desk.unit, desk.me, number)
    text = notices.texts(desk.unit, row.notice_id)[locale]
    if by_chat:
        if desk.me.conversation_id is None:
            raise NoChat
        contacts.hold(desk.unit, desk.me.conversation_id)
        standing = contacts.standing(desk.unit, desk.me.conversation_id)
        desk.voice.test(desk.unit, standing, notices.notice(desk.unit, row.notice_id), text)
    notices.mark_tested(desk.unit, row.notice_id, locale)
    audit.log_act(desk.unit, desk.me.id, "notice_tested", broadcasts.thing(number), locale)


def note_read(desk: NoticeDesk, number: int, locale: str) -> None:
    """I speak this language and have read the text. Raises NoBroadcast."""
    row = find(desk.unit, desk.me, number)
    notices.set_checked(desk.unit, row.notice_id, locale, desk.me.label)
    audit.log_act(desk.unit, desk.me.id, "notice_read", broadcasts.thing(number), locale)


def submit(desk: NoticeDesk, found: Opened) -> State:
    """The author is done; how far it is then. found: as it was counted. Raises Hindered, Refused, NoBroadcast."""
    number = _unchanged(desk, found)
    act = Move.SUBMITTED if found.needs_second else Move.PASSED
    return State(moving.move(desk.unit, number, act, desk.me.id).state)


def approve(desk: NoticeDesk, number: int) -> None:
    """A second person agrees. Raises OwnNotice, Refused, NoBroadcast."""
    row = find(desk.unit, desk.me, number)
    if not may_agree(desk, row):
        raise OwnNotice
    moving.move(desk.unit, number, Move.APPROVED, desk.me.id, approver_id=desk.me.id)


def take_back(desk: NoticeDesk, number: int) -> None:
    """It is a draft again. Raises Refused, NoBroadcast."""
    row = find(desk.unit, desk.me, number)
    if row.state == State.DRAFT:
        raise Refused("it is a draft")
    _returned(desk, number)


def confirm(desk: NoticeDesk, found: Opened, typed: int, starts: str, start_at: datetime | None, every: str) -> None:
    """The number of people was typed: it goes now (start_at None), or at that time. found: as it was counted.

    Raises OtherNumber, Hindered, Refused, NoBroadcast.
    """
    number = _unchanged(desk, found)
    if typed != found.count.reached:
        raise OtherNumber
    act = Move.STARTED if start_at is None else Move.SCHEDULED
    values: dict[str, object] = {"confirmed": typed, "starts": starts, "start_at": start_at, "every": every}
    moving.move(desk.unit, number, act, desk.me.id, **values)


def drop(desk: NoticeDesk, number: int) -> None:
    """It is never sent. Raises Refused, NoBroadcast."""
    _returned(desk, number)
    moving.move(desk.unit, number, Move.PASSED, desk.me.id)
    moving.move(desk.unit, number, Move.STOPPED, desk.me.id)


def steer(desk: NoticeDesk, number: int, act: Move) -> None:
    """Pause, resume, stop, or cancel the time. Raises Refused, NoBroadcast."""
    find(desk.unit, desk.me, number)
    moving.move(desk.unit, number, act, desk.me.id)


def _unchanged(desk: NoticeDesk, found: Opened) -> int:
    """Its number, where it is still what was counted: counting many people takes its time, and would keep others from
    writing. Raises Hindered, Refused, NoBroadcast."""
    row = broadcasts.read(desk.unit, found.row.id, lock=True)
    if row != found.row or notices.notice(desk.unit, row.notice_id) != found.notice:
        raise Refused("somebody changed it meanwhile")
    if found.found:
        raise Hindered(found.found)
    return row.id


def _changeable(desk: NoticeDesk, number: int) -> BroadcastRow:
    """As _returned, for somebody who changes what people read or whom it reaches: they agree to nothing afterwards."""
    audit.log_act(desk.unit, desk.me.id, CHANGED, broadcasts.thing(number))
    return _returned(desk, number)


def _returned(desk: NoticeDesk, number: int) -> BroadcastRow:
    """The broadcast, a draft again if it was not. Raises Refused where it is on its way, and NoBroadcast."""
    row = find(desk.unit, desk.me, number)
    state = State(row.state)
    if state in UNDER_WAY | ENDED:
        raise Refused("it is on its way")
    for act in _BACK[state]:
        moving.move(desk.unit, number, act, desk.me.id, approver_id=None, confirmed=None)
    return broadcasts.read(desk.unit, number, lock=True)
