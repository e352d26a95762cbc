"""One request with all that belongs to it, as a member of staff sees it. Read only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from desk.access import May, may
from desk.flags import Flag, flags
from desk.guests import INTERPRETED, Guest, guests
from desk.inbox import Offered, find, offered_in
from desk.wishes import kept_from
from storage import attached, handoff, media, messages, notes, people, referrals, requests
from storage.handoff import PLACE, Event
from storage.media import MediaRow
from storage.members import Member
from storage.messages import Kept
from storage.notes import Written
from storage.people import Sharer
from storage.referrals import Referred
from storage.requests import RequestRow
from storage.unit_of_work import Unit

WRITING_FOR = 10.0  # seconds after the last touch of a draft somebody is said to write


#: What happened that a thread shows in another way, or not at all.
UNSHOWN = frozenset(
    {"alerted", "struck", "wrote", "answered", "noted", "file", "settled", "referred", INTERPRETED, PLACE}
)


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of a thread: words (message), a file (media), a note, a referral, or what happened (kind, who, detail).

    A file of ours stands with the message that takes it to the person. beside: what words or a file say in the team's
    language, as colleagues wrote it. earlier: what the words were before the person changed them, oldest first.
    quoted: what the person answered to.
    """

    at: datetime
    message: Kept | None = None
    media: MediaRow | None = None
    note: Written | None = None
    referral: Referred | None = None
    event: tuple[str, int | None, str] | None = None
    beside: Sequence[Written] = ()
    earlier: Sequence[Kept] = ()
    quoted: Kept | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """Everything about one request that its reader may see. sensitive: whether there are answers to be revealed.

    offered: who is asked to go on with it, where somebody is and the reader is one of the two. guests: who reads
    along, by the id of the colleague. sharing: the people of the chat in which it was asked, one or more. attached:
    what the reader has put beside their answer. flags: what it is marked with. now_at: guide and step at which the
    person is now, where that is another one than when they asked.
    """

    row: RequestRow
    context: Mapping[str, Any]
    entries: Sequence[Happened]
    drafts: Mapping[int, Written]
    sensitive: bool
    earlier: Sequence[RequestRow]
    offered: Offered | None = None
    guests: Mapping[int, Guest] = field(default_factory=dict)
    attached: Sequence[MediaRow] = ()
    sharing: Sequence[Sharer] = ()
    flags: Sequence[Flag] = ()
    now_at: tuple[str, str] | None = None

    def writing(self, now: datetime, without: int) -> list[int]:
        """Who of the others is writing at this moment."""
        return [
            id for id, draft in self.drafts.items() if id != without and (now - draft.at).total_seconds() < WRITING_FOR
        ]


def thread(unit: Unit, member: Member, number: int) -> Thread:
    """One request with its words, notes and events in their order. Raises NoRequest, KeyGone."""
    row = find(unit, member, number)
    beside = defaultdict[int | None, list[Written]](list)
    for note in notes.notes(unit, number, row.contact_id):
        beside[note.beside_id].append(note)
    said = {one.id: one for one in messages.of_request(unit, number)}
    files = media.of_request(unit, number)
    ours = {file.outbox_id: file for file in files if file.outbox_id is not None}
    changed = _changed(said)
    newest = {id: versions[-1] for id, versions in changed.items()}
    spoken = [
        Happened(
            versions[0].at, versions[-1], ours.get(versions[0].outbox_id or 0), beside=beside[id],
            earlier=versions[:-1], quoted=newest.get(versions[0].quotes_id or 0),
        )
        for id, versions in changed.items()
    ]  # fmt: skip
    sent = [
        Happened(file.at, media=file, beside=beside[file.id], quoted=newest.get(file.quotes_id or 0))
        for file in files
        if file.outbox_id is None
    ]
    noted = [Happened(note.at, note=note) for note in beside[None]]
    handed_on = [Happened(one.created_at, referral=one) for one in referrals.referrals(unit, number, row.contact_id)]
    events = handoff.events(unit, number)
    happened = [Happened(at, event=(kind, who, detail)) for kind, who, detail, at in events if kind not in UNSHOWN]
    earlier = _earlier(unit, member, row) if may(member, May.WORK_REQUESTS) else []
    return Thread(
        row,
        orjson.loads(requests.context(unit, number)),
        sorted([*happened, *spoken, *sent, *noted, *handed_on], key=lambda entry: entry.at),
        {draft.staff_id: draft for draft in notes.drafts(unit, number, row.contact_id)},
        row.assignee_id == member.id and handoff.sensitive(unit, number) is not None,
        earlier,
        offered_in(unit, row, member),
        guests(unit, number),
        attached.attached(unit, number, member.id),
        people.members(unit, row.conversation_id),
        flags(row, events),
        now_at(row, events),
    )


def now_at(row: RequestRow, events: Iterable[Event]) -> tuple[str, str] | None:
    """Guide and step at which the person is now; None: where they asked, as far as we know. events: of the request."""
    for kind, _, detail, _ in events:
        if kind == PLACE:
            guide, _, step = detail.partition(".")
            return (guide, step) if (guide, step) != (row.guide, row.step) else None
    return None


def _changed(said: Mapping[int, Kept]) -> Mapping[int, Sequence[Kept]]:
    """Each message with what it was changed into, oldest first, by the id of the first."""
    versions = defaultdict[int, list[Kept]](list)
    for one in said.values():
        first = one.version_of if one.version_of in said else one.id
        versions[first or one.id].append(one)
    return versions


def _earlier(unit: Unit, member: Member, row: RequestRow) -> list[RequestRow]:
    """The other requests of this person, without those of which the member must not even know."""
    others = [one for one in requests.of_contact(unit, row.contact_id) if one.number != row.number]
    hidden = kept_from(unit, member, others)
    protected = may(member, May.SEE_PROTECTED)
    return [one for one in others if one.number not in hidden and (protected or not one.protected)]
