"""What staff do with a notice until it goes: writing, testing, submitting, agreeing, sending. One unit of work each.

Whoever changes what people would read, or whom it is for, makes a draft of it again: nobody has agreed to that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.access import May, may
from desk.notice_voice import NoticeVoice
from desk.promise import Calendar
from notices import moving
from notices.audience import Audience, Count, count
from notices.drafts import Choice, Draft, Found, Said, hindrances, needs_second
from notices.lifecycle import ENDED, UNDER_WAY, Category, Kind, Move, Refused, State
from storage import audiences, audit, broadcasts, contacts, notices
from storage.broadcasts import NoBroadcast
from storage.members import Member
from storage.notice_rows import BroadcastRow, NewBroadcast
from storage.notices import NoticeRow, TextRow
from storage.unit_of_work import Unit

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


@dataclass(frozen=True, slots=True)
class NoticeDesk:
    """Who acts, in which unit. alone: to how many people somebody may write without a second person."""

    unit: Unit
    voice: NoticeVoice
    calendar: Calendar
    me: Member
    alone: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A broadcast that is not on its way yet, with everything that its page shows. count: of this moment."""

    row: BroadcastRow
    notice: NoticeRow
    texts: Mapping[str, TextRow]
    audience: Audience
    count: Count
    draft: Draft
    found: Sequence[Found]
    needs_second: bool


def places_of(member: Member) -> frozenset[str] | None:
    """Where they may write to people; None: everywhere."""
    scopes = {role.scope for role in member.roles if role.name == "coordinator"}
    return None if "" in scopes or not scopes else frozenset(scopes)


def sees(member: Member, row: BroadcastRow) -> bool:
    """Whether this is theirs to see: their own, and what goes to their places alone."""
    places = places_of(member)
    asked = Audience.load(row.audience).places
    return places is None or row.author_id == member.id or (bool(asked) and set(asked) <= places)


def find(unit: Unit, member: Member, number: int) -> BroadcastRow:
    """A broadcast that they see. Raises NoBroadcast."""
    row = broadcasts.read(unit, number)
    if not sees(member, row):
        raise NoBroadcast
    return row


def begin(desk: NoticeDesk, category: Category) -> int:
    """A notice without any text, and the sending of it; the number of that."""
    made = notices.create(desk.unit, desk.me.id, category)
    audience = _within(desk.me, Audience(rest_hours=0))
    return broadcasts.create(desk.unit, NewBroadcast(made, Kind.FIRST, audience.dump(), desk.me.id), State.DRAFT)


def opened(desk: NoticeDesk, number: int) -> Opened:
    """What its page shows. Raises NoBroadcast."""
    unit, row = desk.unit, find(desk.unit, desk.me, number)
    notice, texts = notices.notice(unit, row.notice_id), notices.texts(unit, row.notice_id)
    audience = Audience.load(row.audience)
    counted = count_of(desk, audience, texts, row.lacking)
    draft = _draft(desk, notice, texts, row.lacking, counted)
    second = needs_second(draft.category, audience, counted.reached, desk.alone)
    today = desk.calendar.local(unit.now).date()
    return Opened(row, notice, texts, audience, counted, draft, hindrances(draft, today), second)


def tried(desk: NoticeDesk, number: int, audience: Audience) -> tuple[Count, Audience]:
    """Whom another audience would reach. Raises OutOfReach, NoBroadcast."""
    row, asked = find(desk.unit, desk.me, number), _within(desk.me, audience)
    return count_of(desk, asked, notices.texts(desk.unit, row.notice_id), row.lacking), asked


def started(unit: Unit, number: int) -> list[datetime]:
    """When other notices to many began to go, the newest first."""
    return [row.started_at for row in broadcasts.newest(unit) if row.started_at is not None and row.id != number]


def count_of(desk: NoticeDesk, audience: Audience, texts: Mapping[str, TextRow], lacking: Mapping[str, str]) -> Count:
    """Who would get it now."""
    guide_of = desk.voice.guide_of if audience.guides else None
    people = audiences.everybody(desk.unit, teasers=desk.voice.teasers, guide_of=guide_of)
    left = [locale for locale, choice in lacking.items() if choice == Choice.LEAVE_OUT]
    return count(people, audience, desk.unit.now, texts, left)


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
    broadcasts.change(desk.unit, number, audience=_within(desk.me, audience).dump())


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


def submit(desk: NoticeDesk, number: int) -> State:
    """The author is done; how far it is then. Raises Hindered, Refused, NoBroadcast."""
    broadcasts.read(desk.unit, number, lock=True)
    found = opened(desk, number)
    if found.found:
        raise Hindered(found.found)
    act = Move.SUBMITTED if found.needs_second else Move.PASSED
    return State(moving.move(desk.unit, number, act, desk.me.id).state)


def approve(desk: NoticeDesk, number: int) -> None:
    """A second person agrees. Raises OwnNotice, Refused, NoBroadcast."""
    row = find(desk.unit, desk.me, number)
    if desk.me.id == row.author_id or not may(desk.me, May.APPROVE_NOTICES):
        raise OwnNotice
    moving.move(desk.unit, number, Move.APPROVED, desk.me.id, approver_id=desk.me.id)


def take_back(desk: NoticeDesk, number: int) -> None:
    """It is a draft again. Raises Refused, NoBroadcast."""
    row = find(desk.unit, desk.me, number)
    if row.state == State.DRAFT:
        raise Refused("it is a draft")
    _changeable(desk, number)


def confirm(desk: NoticeDesk, number: int, typed: int, starts: str, start_at: datetime | None, every: str) -> None:
    """The number of people was typed: it goes now (start_at None), or at that time.

    Raises OtherNumber, Hindered, Refused, NoBroadcast.
    """
    broadcasts.read(desk.unit, number, lock=True)
    found = opened(desk, number)
    if found.found:
        raise Hindered(found.found)
    if typed != found.count.reached:
        raise OtherNumber
    act = Move.STARTED if start_at is None else Move.SCHEDULED
    values: dict[str, object] = {"confirmed": typed, "starts": starts, "start_at": start_at, "every": every}
    moving.move(desk.unit, number, act, desk.me.id, **values)


def drop(desk: NoticeDesk, number: int) -> None:
    """It is never sent. Raises Refused, NoBroadcast."""
    _changeable(desk, number)
    moving.move(desk.unit, number, Move.PASSED, desk.me.id)
    moving.move(desk.unit, number, Move.STOPPED, desk.me.id)


def steer(desk: NoticeDesk, number: int, act: Move) -> None:
    """Pause, resume, stop, or cancel the time. Raises Refused, NoBroadcast."""
    find(desk.unit, desk.me, number)
    moving.move(desk.unit, number, act, desk.me.id)


def _changeable(desk: NoticeDesk, number: int) -> BroadcastRow:
    """The broadcast, a draft again if it was not. Raises Refused where it is on its way, and NoBroadcast."""
    row = find(desk.unit, desk.me, number)
    state = State(row.state)
    if state in UNDER_WAY | ENDED:
        raise Refused("it is on its way")
    for act in _BACK[state]:
        moving.move(desk.unit, number, act, desk.me.id, approver_id=None, confirmed=None)
    return broadcasts.read(desk.unit, number, lock=True)


def _within(me: Member, audience: Audience) -> Audience:
    places = places_of(me)
    return audience if places is None else audience.within(places)


def _draft(
    desk: NoticeDesk, notice: NoticeRow, texts: Mapping[str, TextRow], lacking: Mapping[str, str], counted: Count
) -> Draft:
    fits = {
        (locale, channel): desk.voice.preview(notice, text, channel).fit
        for locale, text in texts.items()
        for channel in desk.voice.channels
    }
    said = {locale: Said(text.version, text.is_tested, bool(text.checked_by)) for locale, text in texts.items()}
    choices = {locale: Choice(choice) for locale, choice in lacking.items()}
    return Draft(Category(notice.category), notice.valid_until, said, fits, choices, counted)
