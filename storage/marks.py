"""What a list tells of requests at a glance: by which channel, what waits to be read, what was sent.

Nothing is decrypted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import BindParameter, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from storage.tables import Address, Conversation, Media, Message, Request
from storage.unit_of_work import Unit

_these: BindParameter[int] = bindparam("numbers", expanding=True)
_CHANNELS = (
    select(Request.id, Address.channel)
    .join(Conversation, Conversation.id == Request.conversation_id)
    .join(Address, Address.id == Conversation.active_address_id)
    .where(Request.id.in_(_these))
)
_later = aliased(Message)
_UNANSWERED = (
    select(Message.request_id, func.count())
    .where(
        Message.request_id.in_(_these),
        Message.direction == "in",
        ~exists().where(_later.request_id == Message.request_id, _later.staff_id.is_not(None), _later.at > Message.at),
    )
    .group_by(Message.request_id)
)
_KINDS = select(Media.request_id, Media.kind).where(Media.request_id.in_(_these)).distinct().order_by(Media.kind)


@dataclass(frozen=True, slots=True)
class Marks:
    """channel: its scheme, where the person wrote from last; "" = unknown. kinds: of the files that they sent.

    unanswered: how many messages of the person no human has written after.
    """

    channel: str = ""
    unanswered: int = 0
    kinds: tuple[str, ...] = ()


def marks(unit: Unit, numbers: Collection[int]) -> Mapping[int, Marks]:
    """The marks of these requests, by number."""
    these = {"numbers": list(numbers)}
    waiting = {row[0]: row[1] for row in unit.connection.execute(_UNANSWERED, these)}
    kinds = defaultdict[int | None, list[str]](list)
    for number, kind in unit.connection.execute(_KINDS, these):
        kinds[number].append(kind)
    return {
        number: Marks(channel, waiting.get(number, 0), tuple(kinds[number]))
        for number, channel in unit.connection.execute(_CHANNELS, these)
    }
