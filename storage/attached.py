"""Files and places that one of us attaches to an answer. They are a draft until it is sent (storage/media.py).

A file's row is there before the file, so that no sweep takes it for a left one; without a size it is not there yet.
"""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, or_, select, update

from storage.keys import contact_key
from storage.media import COLUMNS, MediaRow, MediaState, media_row, ref_seal
from storage.requests import RequestRow
from storage.rows import Standing
from storage.tables import Media
from storage.unit_of_work import Unit

PLACE = "place"

_KEEP = insert(Media)
_mine = (
    Media.request_id == bindparam("request"),
    Media.staff_id == bindparam("by"),
    Media.state == MediaState.DRAFT,
)
_MINE = (
    select(*COLUMNS)
    .where(*_mine, or_(Media.size.is_not(None), Media.kind == PLACE))
    .order_by(Media.created_at, Media.id)
)
_row = Media.id == bindparam("row")
_THERE = update(Media).where(_row, Media.state == MediaState.DRAFT).values(size=bindparam("to_size"))
_SENT = update(Media).where(_row).values(state=MediaState.KEPT, outbox_id=bindparam("to_outbox"))
_DROP = delete(Media).where(_row, *_mine)
_DROP_ALL = delete(Media).where(*_mine)


def attach(unit: Unit, request: RequestRow, standing: Standing, staff_id: int, kind: str, type: str | None) -> int:
    """A file that will follow; its id. type: MIME, by its first bytes."""
    return _attach(unit, request, standing, staff_id, kind, type, None)


def attach_place(unit: Unit, request: RequestRow, standing: Standing, staff_id: int, place: str) -> int:
    """A place, as its geo address; its id."""
    return _attach(unit, request, standing, staff_id, PLACE, None, place)


def note_there(unit: Unit, id: int, size: int) -> None:
    """The file lies in the folder. size: bytes."""
    unit.connection.execute(_THERE, {"row": id, "to_size": size})


def attached(unit: Unit, number: int, staff_id: int) -> list[MediaRow]:
    """What a member has attached to a request and not sent yet, oldest first."""
    found = unit.connection.execute(_MINE, {"request": number, "by": staff_id}).all()
    return [media_row(row) for row in found]


def note_sent(unit: Unit, id: int, outbox_id: int | None) -> None:
    """It goes out with this message."""
    unit.connection.execute(_SENT, {"row": id, "to_outbox": outbox_id})


def detach(unit: Unit, number: int, staff_id: int, id: int) -> bool:
    """Take back what was attached; False where there is no such thing. The file follows (media_folder.Folder.sweep)."""
    return unit.connection.execute(_DROP, {"row": id, "request": number, "by": staff_id}).rowcount == 1


def detach_all(unit: Unit, number: int, staff_id: int) -> None:
    """Take back all that a member has attached to a request."""
    unit.connection.execute(_DROP_ALL, {"request": number, "by": staff_id})


def _attach(
    unit: Unit, request: RequestRow, standing: Standing, staff_id: int, kind: str, type: str | None, place: str | None
) -> int:
    id = unit.ids()
    key = unit.keys.get(contact_key(request.contact_id))
    row = {
        "id": id,
        "conversation_id": request.conversation_id,
        "contact_id": request.contact_id,
        "address_id": standing.address_id,
        "request_id": request.number,
        "kind": kind,
        "state": MediaState.DRAFT,
        "sealed": None if place is None else unit.secrets.seal(key, place.encode(), ref_seal(id)),
        "type": type,
        "tries": 0,
        "created_at": unit.now,
        "staff_id": staff_id,
    }
    unit.connection.execute(_KEEP, row)
    return id
