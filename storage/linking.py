"""Codes that join two chats of one person: asked for in one, typed in the other, confirmed there.

    asked ──typed elsewhere──▶ offered ──confirmed there──▶ agreed ──joining.py, both locks──▶ gone

A link's code lives for ten minutes. A recovery code lives until it is used or replaced; its chat is then taken over.
Codes are kept as look-ups, and who guesses is stopped after a few tries.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import bindparam, delete, exists, func, insert, or_, select, update

from storage import bell
from storage.declared import Id, Moment
from storage.desk_tables import Staff
from storage.link_tables import Link, LinkTry
from storage.rows import Standing
from storage.tables import Address, Conversation
from storage.unit_of_work import Unit

LIVES = timedelta(minutes=10)
#: In so long a time a chat may ask for so many codes, or type so many wrong ones, and all chats together so many.
PER = timedelta(hours=1)
MOST_ASKED, MOST_WRONG, MOST_WRONG_OF_ALL = 5, 5, 1000


class LinkKind(StrEnum):
    """What a code does."""

    LINK = "link"  # two chats become one
    RECOVERY = "recovery"  # the chat of a lost phone goes on here, and there no more


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A code that was typed. Of the chat that gave it, and (other_) of the one in which it was typed."""

    id: int
    kind: LinkKind
    conversation_id: int
    contact_id: int
    address_id: int
    other_conversation_id: int | None
    other_contact_id: int | None
    other_address_id: int | None


_conversation = bindparam("conversation", type_=Id)
_row = Link.id == bindparam("row")
_MAKE = insert(Link)
_REPLACE = delete(Link).where(Link.conversation_id == _conversation, Link.kind == bindparam("of_kind"))
_COLUMNS = (
    Link.id, Link.kind, Link.conversation_id, Link.contact_id, Link.address_id,
    Link.other_conversation_id, Link.other_contact_id, Link.other_address_id,
)  # fmt: skip
_lives = or_(Link.expires_at.is_(None), Link.expires_at > bindparam("now", type_=Moment()))
_FIND = select(*_COLUMNS).where(Link.code == bindparam("of_code"), Link.agreed_at.is_(None), _lives)
_OFFER = (
    update(Link)
    .where(_row)
    .values(
        other_conversation_id=bindparam("to_conversation"),
        other_contact_id=bindparam("to_contact"),
        other_address_id=bindparam("to_address"),
    )
)
_AGREE = (
    update(Link)
    .where(_row, Link.other_conversation_id == _conversation, Link.agreed_at.is_(None), _lives)
    .values(agreed_at=bindparam("now", type_=Moment()))
)
_AGREED = select(*_COLUMNS).where(Link.agreed_at.is_not(None)).order_by(Link.agreed_at, Link.id)
_DROP = delete(Link).where(_row)
_TRIED = (
    select(func.count())
    .select_from(LinkTry)
    .where(LinkTry.subject == bindparam("of_subject"), LinkTry.at > bindparam("since", type_=Moment()))
)
_COUNT = insert(LinkTry)
_CLOSED = select(
    exists().where(Staff.conversation_id == _conversation),
    exists().where(Address.conversation_id == _conversation, Address.changed_at.is_not(None)),
    exists().where(Conversation.id == _conversation, Conversation.barred_at.is_not(None)),
    select(Conversation.urgent).where(Conversation.id == _conversation).scalar_subquery(),
)


def make_code(unit: Unit, standing: Standing, kind: LinkKind, code: str) -> bool:
    """From now on this code of its kind leads to the chat, and no other; False: too many were asked for."""
    if not _may(unit, f"ask:{standing.conversation_id}", MOST_ASKED):
        return False
    _count(unit, f"ask:{standing.conversation_id}")
    unit.connection.execute(_REPLACE, {"conversation": standing.conversation_id, "of_kind": kind})
    row = {
        "id": unit.ids(),
        "code": _look_up(unit, code),
        "kind": kind,
        "conversation_id": standing.conversation_id,
        "contact_id": standing.contact_id,
        "address_id": standing.address_id,
        "expires_at": unit.now + LIVES if kind is LinkKind.LINK else None,
    }
    unit.connection.execute(_MAKE, row)
    return True


def may_try(unit: Unit, conversation_id: int) -> bool:
    """Whether this chat may type a code now; False where it typed too many wrong ones, or all chats together did."""
    return _may(unit, f"wrong:{conversation_id}", MOST_WRONG) and _may(unit, "wrong", MOST_WRONG_OF_ALL)


def find(unit: Unit, standing: Standing, code: str) -> LinkRow | None:
    """The link behind a code; None for a wrong one, which is counted."""
    where = {"of_code": _look_up(unit, code), "now": unit.now}
    found = unit.connection.execute(_FIND, where).one_or_none()
    if found is None:
        for subject in (f"wrong:{standing.conversation_id}", "wrong"):
            _count(unit, subject)
        return None
    return LinkRow(found[0], LinkKind(found[1]), *found[2:])


def is_closed(unit: Unit, conversation_id: int, kind: LinkKind) -> bool:
    """Whether the chat may not be joined with another now.

    That of a member of staff never, nor one that a coordinator has barred: it would begin anew. That of which we do
    not know who is there, not before staff made sure. And
    nobody takes a chat over in which an urgent case is open: a person must look first.
    """
    works_here, doubted, barred, urgent = unit.connection.execute(_CLOSED, {"conversation": conversation_id}).one()
    return bool(works_here or doubted or barred or (urgent and kind is LinkKind.RECOVERY))


def offer(unit: Unit, link: LinkRow, standing: Standing) -> None:
    """The code was typed in this chat: only here, and by this person, can it be confirmed."""
    where = {"to_contact": standing.contact_id, "to_address": standing.address_id}
    where |= {"row": link.id, "to_conversation": standing.conversation_id}
    unit.connection.execute(_OFFER, where)


def agree(unit: Unit, link_id: int, standing: Standing) -> bool:
    """Confirmed in this chat; False where the code is over, or was not typed here. Rings the link bell."""
    where = {"row": link_id, "conversation": standing.conversation_id, "now": unit.now}
    agreed = unit.connection.execute(_AGREE, where).rowcount == 1
    if agreed:
        unit.ring(bell.LINK)
    return agreed


def agreed(unit: Unit) -> list[LinkRow]:
    """What was confirmed and is to be done, in that order."""
    return [LinkRow(row[0], LinkKind(row[1]), *row[2:]) for row in unit.connection.execute(_AGREED)]


def drop(unit: Unit, link_id: int) -> bool:
    """It is done, or cannot be done any more; False where somebody else saw to it."""
    return unit.connection.execute(_DROP, {"row": link_id}).rowcount == 1


def _may(unit: Unit, subject: str, most: int) -> bool:
    where = {"of_subject": unit.secrets.lookup("link_try", subject), "since": unit.now - PER}
    return bool(unit.connection.execute(_TRIED, where).scalar_one() < most)


def _count(unit: Unit, subject: str) -> None:
    row = {"id": unit.ids(), "subject": unit.secrets.lookup("link_try", subject), "at": unit.now}
    unit.connection.execute(_COUNT, row)


def _look_up(unit: Unit, code: str) -> bytes:
    return unit.secrets.lookup("link", code)
