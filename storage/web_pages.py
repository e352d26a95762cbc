"""Browsers of a web chat: resume codes, further browsers, a cleared page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import aliased

from storage.addresses import move_address, read_address
from storage.arrivals import Place, address_place
from storage.declared import Id
from storage.dialects import insert_or_update
from storage.rows import OutboxState
from storage.tables import NONE, Address, Outbox
from storage.unit_of_work import Unit
from storage.web_tables import WebBrowser, WebPage

_address = bindparam("of_address", type_=Id)
_SET_CODE = insert_or_update(WebPage, ["address_id"], ["code"])
_CLEAR = insert_or_update(WebPage, ["address_id"], ["cleared_to", "cleared_at"])
_OF_CODE = select(WebPage.address_id).where(WebPage.code == bindparam("of_code"))
_OF_BROWSER = select(WebBrowser.address_id).where(WebBrowser.lookup == bindparam("of_browser"))
_JOIN = insert(WebBrowser)
_PART = delete(WebBrowser).where(WebBrowser.address_id == _address)
_NEWEST_OF_ADDRESS = select(func.coalesce(func.max(Outbox.id), 0)).where(
    Outbox.conversation_id == select(Address.conversation_id).where(Address.id == _address).scalar_subquery(),
    Outbox.address_id == _address,
)
_BLANK = (
    update(Outbox)
    .where(
        Outbox.conversation_id == select(Address.conversation_id).where(Address.id == _address).scalar_subquery(),
        Outbox.address_id == _address,
        Outbox.state == OutboxState.SENT,
    )
    .values(sealed=None)
)
_last = aliased(Outbox)
_of_chat = Outbox.conversation_id == Address.conversation_id
#: The newest row of an address's conversation, joined to it.
LAST = (_last, _last.id == select(func.max(Outbox.id)).where(_of_chat).correlate(Address).scalar_subquery())
#: What a version is made of. A reply is shown from when it is written; how its sending ended changes nothing. All else
#: may begin to be shown when it is sent, or be taken away.
MARKS = (
    func.coalesce(_last.id, 0),
    _last.created_at,
    select(func.max(Outbox.settled_at)).where(_of_chat, Outbox.cls > NONE).correlate(Address).scalar_subquery(),
)
_VERSIONS = (
    select(Address.lookup, *MARKS).outerjoin(*LAST).where(Address.lookup.in_(bindparam("lookups", expanding=True)))
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


def home_of(unit: Unit, channel: str, account: str, opaque_id: str) -> str:
    """The opaque id under which the chat of this browser is known: its own, unless it came by a resume code."""
    address_id = unit.connection.execute(_OF_BROWSER, {"of_browser": _browser(unit, channel, account, opaque_id)})
    return opaque_id if (found := address_id.scalar()) is None else read_address(unit, found)[1]


def make_code(unit: Unit, address_id: int, code: str) -> None:
    """From now on this code leads to the chat, and no other. Kept as a hash."""
    unit.connection.execute(_SET_CODE[unit.dialect], {"address_id": address_id, "code": _hash(unit, code)})


def resume(unit: Unit, code: str, place: Place, opaque_id: str, *, alone: bool) -> bool:
    """Lead a new browser to the chat of the code; False where the code leads nowhere.

    place, opaque_id: of the new browser, which has no chat yet. alone: every other browser loses the chat.
    """
    address_id = unit.connection.execute(_OF_CODE, {"of_code": _hash(unit, code)}).scalar()
    if address_id is None:
        return False
    if alone:
        unit.connection.execute(_PART, {"of_address": address_id})
        move_address(unit, address_id, opaque_id)
        return True
    channel, account, _ = place
    row = {"lookup": _browser(unit, channel, account, opaque_id), "address_id": address_id, "created_at": unit.now}
    unit.connection.execute(_JOIN, row)
    return True


def clear_page(unit: Unit, address_id: int) -> int:
    """What the page has shown so far is gone from it, and what the bot said is no longer kept.

    Returns the number of the newest row that is gone, 0 where there was none.
    """
    newest: int = unit.connection.execute(_NEWEST_OF_ADDRESS, {"of_address": address_id}).scalar_one()
    row = {"address_id": address_id, "cleared_to": newest, "cleared_at": unit.now}
    unit.connection.execute(_CLEAR[unit.dialect], row)
    unit.connection.execute(_BLANK, {"of_address": address_id})
    return newest


def versions(unit: Unit, lookups: Collection[bytes]) -> dict[bytes, int]:
    """The version of the page of each address that is still there; for pages that wait for news."""
    rows = unit.connection.execute(_VERSIONS, {"lookups": list(lookups)})
    return {lookup: version_of(newest, written, settled) for lookup, newest, written, settled in rows}


def version_of(newest: int, written: datetime | None, settled: datetime | None) -> int:
    """A number that grows when what a page shows changes; 0 = nothing was ever said. From MARKS.

    The number of a row and a time: both only grow, so their sum changes with each. A browser counts that far exactly.
    """
    times = [(at - _EPOCH) // _TICK for at in (written, settled) if at is not None]
    return newest + max(times, default=0)


def _browser(unit: Unit, channel: str, account: str, opaque_id: str) -> bytes:
    return address_place(unit, channel, account, opaque_id)[2]


def _hash(unit: Unit, code: str) -> bytes:
    return unit.secrets.lookup("resume", code)
