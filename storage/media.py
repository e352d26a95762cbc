"""Files and places of a request, and voice notes that answer a survey.

A row says what there is; a file lies, sealed, in a folder.

    wanted --+-- fetched -----------------> kept
             +-- too big, of no known type -> refused     (the person is told)
             +-- gone, or too many tries ---> lost        (the person is told)
    draft  ----- sent with an answer -------> kept        (attached by one of us, storage/attached.py)

A place has no file: its row is `kept` at once. The row is there before the file and the file is named after it, so
one rule is enough to forget by: a file without a row is deleted (storage/media_folder.py). Nothing is taken out of a
file that a person sent: what a camera wrote into a photo is kept with it, for staff who need the original, and goes
with it after 30 days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, func, insert, or_, select, update

from storage import bell, handoff
from storage.crypto import unseal
from storage.declared import Moment
from storage.keys import KeyGone, contact_key
from storage.messages import NOT_KNOWN
from storage.quoting import Origin, answered
from storage.rows import Standing
from storage.tables import WANTED, Address, Media
from storage.unit_of_work import AnyRow, Unit

#: How many things one person may send in 24 hours.
A_DAY = 20
#: How often a file is asked for before it is given up.
TRIES = 8


class MediaState(StrEnum):
    """The life of what was sent; the drawing above holds the moves."""

    WANTED = "wanted"
    KEPT = "kept"
    REFUSED = "refused"
    LOST = "lost"
    DRAFT = "draft"


#: How the name of a file ends that is saved.
_ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf", "audio/ogg": "ogg",
    "audio/mpeg": "mp3", "audio/mp4": "m4a", "video/mp4": "mp4",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewMedia:
    """What arrived. ref: by what the channel gives the file out, or, of a place (is_place), the place itself.

    origin: how the channel names the message that it came with.
    """

    kind: str
    ref: str
    is_place: bool = False
    seconds: int | None = None
    size: int | None = None
    origin: Origin = NOT_KNOWN


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that is to be fetched. channel: whose it is; ref: by what it is given out there.

    request: what it came with; None: it answers a survey.
    """

    id: int
    conversation_id: int
    contact_id: int
    kind: str
    channel: str
    ref: str
    tries: int
    request: int | None = None


@dataclass(frozen=True, slots=True)
class MediaRow:
    """What was sent with a request, without its content. type: MIME, by its first bytes; size in bytes.

    quotes_id: of the message that the person answered to with it. outbox_id: of ours, the message that takes it to the
    person.
    """

    id: int
    contact_id: int
    kind: str
    state: MediaState
    type: str | None
    size: int | None
    seconds: int | None
    at: datetime
    quotes_id: int | None = None
    outbox_id: int | None = None

    @property
    def name(self) -> str:
        """As it is saved: what it is, and nothing of what it was called."""
        return f"{self.kind}.{_ENDINGS.get(self.type or '', 'txt')}"


_KEEP = insert(Media)
_A_DAY = (
    select(func.count())
    .select_from(Media)
    .where(
        Media.staff_id.is_(None),
        Media.contact_id == bindparam("contact"),
        Media.created_at > bindparam("since", type_=Moment()),
    )
)
_WANTED = (
    select(
        Media.id,
        Media.conversation_id,
        Media.contact_id,
        Media.kind,
        Address.channel,
        Media.sealed,
        Media.tries,
        Media.request_id,
    )
    .join(Address, Address.id == Media.address_id)
    .where(
        Media.state == WANTED,
        or_(Media.not_before.is_(None), Media.not_before <= bindparam("now", type_=Moment())),
        Address.channel.in_(bindparam("channels", expanding=True)),
    )
    .order_by(Media.created_at)
    .limit(bindparam("limit"))
)
_ours = (Media.id == bindparam("row"), Media.state == WANTED)
_SETTLE = (
    update(Media)
    .where(*_ours)
    .values(
        state=bindparam("to_state"),
        type=bindparam("to_type"),
        size=bindparam("to_size"),
        reason=bindparam("to_reason"),
        sealed=None,
    )
    .returning(Media.request_id)
)
_LATER = update(Media).where(*_ours).values(tries=Media.tries + 1, not_before=bindparam("to_not_before"))
COLUMNS = (
    Media.id, Media.contact_id, Media.kind, Media.state, Media.type, Media.size, Media.seconds, Media.created_at,
    Media.quotes_id, Media.outbox_id,
)  # fmt: skip
_OF_REQUEST = (
    select(*COLUMNS)
    .where(Media.request_id == bindparam("request"), Media.state != MediaState.DRAFT)
    .order_by(Media.created_at, Media.id)
)  # fmt: skip
_PLACE = select(Media.contact_id, Media.sealed).where(Media.id == bindparam("row"), Media.state != WANTED)


def add_media(unit: Unit, standing: Standing, new: NewMedia, request: int | None) -> int | None:
    """Write down what was sent with a request (None: in a survey); its id, never 0.

    None, and nothing written, where it is too much for one day. Rings the media bell: a file is fetched after the
    commit.
    """
    since = unit.now - timedelta(days=1)
    if unit.connection.execute(_A_DAY, {"contact": standing.contact_id, "since": since}).scalar_one() >= A_DAY:
        return None
    id = unit.ids()
    key = unit.keys.get(contact_key(standing.contact_id))
    row = {
        "id": id,
        "conversation_id": standing.conversation_id,
        "contact_id": standing.contact_id,
        "address_id": standing.address_id,
        "request_id": request,
        "quotes_id": answered(unit, standing, new.origin),
        "kind": new.kind,
        "state": MediaState.KEPT if new.is_place else MediaState.WANTED,
        "sealed": unit.secrets.seal(key, new.ref.encode(), ref_seal(id)),
        "size": new.size,
        "seconds": new.seconds,
        "tries": 0,
        "created_at": unit.now,
    }
    unit.connection.execute(_KEEP, row)
    unit.ring(bell.MEDIA)
    return id


def wanted(unit: Unit, channels: Sequence[str], limit: int) -> list[Wanted]:
    """Files to be fetched now from these channels, the oldest first; not of somebody who is just being forgotten."""
    where = {"now": unit.now, "channels": list(channels), "limit": limit}
    rows = unit.connection.execute(_WANTED, where).all()
    return [found for row in rows if (found := _wanted(unit, row)) is not None]


def settle_media(
    unit: Unit, id: int, state: MediaState, reason: str | None = None, type: str | None = None, size: int | None = None
) -> bool:
    """It is here (kept), or will not come, and open pages learn it; False where it was settled before, or is gone."""
    values = {"row": id, "to_state": state, "to_type": type, "to_size": size, "to_reason": reason}
    settled = unit.connection.execute(_SETTLE, values).one_or_none()
    if settled is not None and settled.request_id is not None:
        handoff.note_event(unit, settled.request_id, "file", None, state)
    return settled is not None


def try_later(unit: Unit, id: int, not_before: datetime) -> None:
    """It could not be fetched; counts a try."""
    unit.connection.execute(_LATER, {"row": id, "to_not_before": not_before})


def of_request(unit: Unit, number: int) -> list[MediaRow]:
    """What was sent with a request, oldest first."""
    found = unit.connection.execute(_OF_REQUEST, {"request": number}).all()
    return [media_row(row) for row in found]


def media_row(row: AnyRow | Sequence[Any]) -> MediaRow:
    """What stands in a row of COLUMNS."""
    return MediaRow(row[0], row[1], row[2], MediaState(row[3]), *row[4:])


def place(unit: Unit, id: int) -> str | None:
    """A place that was sent, as it was written down; None where it is something else."""
    row = unit.connection.execute(_PLACE, {"row": id}).one_or_none()
    if row is None or row.sealed is None:
        return None
    return unseal(unit.keys.get(contact_key(row.contact_id)), row.sealed, ref_seal(id)).decode()


def _wanted(unit: Unit, row: AnyRow) -> Wanted | None:
    try:
        key = unit.keys.get(contact_key(row.contact_id))
    except KeyGone:
        return None
    ref = unseal(key, row.sealed, ref_seal(row.id)).decode()
    return Wanted(row.id, row.conversation_id, row.contact_id, row.kind, row.channel, ref, row.tries, row.request_id)


def ref_seal(id: int) -> str:
    """What the reference in a row is sealed for."""
    return f"media.sealed:{id}"
