"""Who acts on notices, what they may see, and everything that the page of one shows: its texts, whom it reaches, what
stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.access import May, may
from desk.notice_voice import NoticeVoice
from desk.promise import Calendar
from notices.audience import Audience, Count, count
from notices.counting import Decided, tally
from notices.drafts import Choice, Draft, Found, Said, hindrances, needs_second
from notices.later import Asked, decide
from notices.lifecycle import Category, Kind
from storage import audiences, audit, broadcasts, copies, notices
from storage import events as stored_events
from storage.broadcasts import NoBroadcast
from storage.events import EventRow
from storage.members import Member
from storage.notice_rows import BroadcastRow
from storage.notices import NoticeRow, TextRow
from storage.unit_of_work import Unit

CHANGED = "notice_changed"  # in the log of access
EVENTS = 50  # the newest, to choose from


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
    events: Sequence[EventRow]
    may_agree: bool


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


def opened(desk: NoticeDesk, number: int) -> Opened:
    """What its page shows. Raises NoBroadcast."""
    unit, row = desk.unit, find(desk.unit, desk.me, number)
    notice, texts = notices.notice(unit, row.notice_id), notices.texts(unit, row.notice_id)
    audience = Audience.load(row.audience)
    counted = (
        _count_first(desk, audience, texts, row.lacking)
        if row.of_id is None
        else _count_later(desk, row, notice, texts)
    )
    draft = _draft(desk, notice, texts, row.lacking, counted)
    second = needs_second(draft.category, audience, counted.reached, desk.alone)
    today = desk.calendar.local(unit.now).date()
    events = stored_events.events(unit, EVENTS)
    return Opened(
        row, notice, texts, audience, counted, draft, hindrances(draft, today), second, events, may_agree(desk, row)
    )


def may_agree(desk: NoticeDesk, row: BroadcastRow) -> bool:
    """Whether they are a second person: neither its author nor somebody who changed it."""
    if desk.me.id == row.author_id or not may(desk.me, May.APPROVE_NOTICES):
        return False
    return not audit.is_logged(desk.unit, desk.me.id, CHANGED, broadcasts.thing(row.id), row.created_at)


def tried(desk: NoticeDesk, number: int, audience: Audience) -> tuple[Count, Audience]:
    """Whom another audience would reach. Raises OutOfReach, NoBroadcast."""
    row, asked = find(desk.unit, desk.me, number), within(desk.me, audience)
    return _count_first(desk, asked, notices.texts(desk.unit, row.notice_id), row.lacking), asked


def started(unit: Unit, number: int) -> list[datetime]:
    """When other notices to many began to go, the newest first."""
    return [row.started_at for row in broadcasts.newest(unit) if row.started_at is not None and row.id != number]


def _count_first(
    desk: NoticeDesk, audience: Audience, texts: Mapping[str, TextRow], lacking: Mapping[str, str]
) -> Count:
    guide_of = desk.voice.guide_of if audience.guides else None
    people = audiences.everybody(desk.unit, teasers=desk.voice.teasers, guide_of=guide_of)
    return count(people, audience, desk.unit.now, texts, _left_out(lacking))


def _count_later(desk: NoticeDesk, row: BroadcastRow, notice: NoticeRow, texts: Mapping[str, TextRow]) -> Count:
    """By the rule by which it will be sent: those of the earlier broadcast whom this one is about."""
    audience = Audience.load(row.audience)
    versions = notices.versions(notice, texts)
    asked = Asked(Kind(row.kind), audience, versions, frozenset(_left_out(row.lacking)))
    return tally(_decided(desk, row.of_id or 0, asked), texts)


def _decided(desk: NoticeDesk, earlier: int, asked: Asked) -> Iterator[Decided]:
    after = -1
    while page := audiences.people(desk.unit, after, audiences.PAGE, teasers=desk.voice.teasers, of=earlier):
        kept = copies.of_people(desk.unit, earlier, [one.contact_id for one in page])
        for one in page:
            yield one, decide(one, kept.get(one.contact_id), asked, desk.unit.now, desk.voice.edits(one.channel))
        after = page[-1].contact_id


def _left_out(lacking: Mapping[str, str]) -> list[str]:
    return [locale for locale, choice in lacking.items() if choice == Choice.LEAVE_OUT]


def within(me: Member, audience: Audience) -> Audience:
    """The audience as this member may ask for it. Raises OutOfReach."""
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
