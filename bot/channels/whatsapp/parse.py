"""One body of the webhook -> single arrivals and news of our messages. Names, numbers of contacts and file names stay.

A body holds entries x changes x (messages + statuses), mixed. Each is read by itself: one that cannot be read is kept
for staff and spoils nothing beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from bot.channels.arrivals import (
    Attachment,
    Changed,
    Content,
    Inbound,
    Media,
    MediaKind,
    Press,
    Unreadable,
    Words,
    clean,
)
from bot.channels.whatsapp import codes
from storage.deliveries import Delivery, Told
from storage.quoting import Origin

SCHEME = "whatsapp"
NOBODY = "?"  # what names nobody is kept under this address for staff
LONGEST_TEXT = 4096  # characters
LONGEST_ID = 512  # characters; a wamid has about 60
LONGEST_TYPE = 100  # characters
MILLISECONDS = 100_000_000_000  # a time above this is no number of seconds (it would be the year 5138)
LONGEST_ROW = 18  # digits of an outbox id
MEDIA: Mapping[str, MediaKind] = {
    "audio": MediaKind.VOICE,
    "image": MediaKind.PHOTO,
    "document": MediaKind.FILE,
    "video": MediaKind.VIDEO,
    "location": MediaKind.PLACE,
    "contacts": MediaKind.CONTACT,
    "sticker": MediaKind.STICKER,
    "reaction": MediaKind.STICKER,
}
FETCHED = frozenset({MediaKind.VOICE, MediaKind.PHOTO, MediaKind.FILE, MediaKind.VIDEO})
NEW_NUMBER = frozenset({"user_changed_number", "customer_changed_number"})
NEW_DEVICE = frozenset({"user_identity_changed", "customer_identity_changed"})
STATUSES: Mapping[str, Delivery] = {
    "sent": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.READ,
    "played": Delivery.READ,
    "failed": Delivery.FAILED,
}
_WRONG = (KeyError, TypeError, AttributeError, ValueError, OverflowError, OSError)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one body holds."""

    arrivals: tuple[Inbound, ...]
    news: tuple[Told, ...]


def parse(body: object, account: str, now: datetime, digest: str) -> Batch:
    """Everything in a body that is for our number. account: our phone_number_id. Raises nothing.

    digest: of the body's bytes; what nobody can read is recognised by it when it comes again.

    What another number of the same business got, and changes that are no messages, are passed over.
    """
    read: list[Inbound | Told | None] = []
    for value in _values(body):
        if not isinstance(value, dict):
            read.append(None)
        elif _is_ours(value, account):
            read += (_message(item, value, account, now) for item in _list(value, "messages"))
            read += (told for item in _list(value, "statuses") if (told := _status(item, account)) is not False)
    arrivals = tuple(
        _unread(account, now, f"x:{digest}:{position}") if item is None else item
        for position, item in enumerate(read)
        if not isinstance(item, Told)
    )
    return Batch(arrivals, tuple(item for item in read if isinstance(item, Told)))


def _values(body: object) -> Iterator[object]:
    """The values of all changes about messages; what has no such form is given as it is, so that it is kept."""
    if not isinstance(body, dict) or not isinstance(body.get("entry"), list):
        yield [body]
        return
    for entry in body["entry"]:
        changes = entry.get("changes") if isinstance(entry, dict) else None
        if not isinstance(changes, list):
            yield [entry]
            continue
        for change in changes:
            if not isinstance(change, dict):
                yield [change]
            elif change.get("field", "messages") == "messages":
                value = change.get("value")
                yield value if isinstance(value, dict) else [change]


def _is_ours(value: Mapping[str, Any], account: str) -> bool:
    metadata = value.get("metadata")
    return isinstance(metadata, dict) and metadata.get("phone_number_id") == account


def _list(value: Mapping[str, Any], name: str) -> list[Any]:
    found = value.get(name, [])
    return found if isinstance(found, list) else [found]


def _message(given: object, value: Mapping[str, Any], account: str, now: datetime) -> Inbound | None:
    """None: nobody can read it."""
    try:
        item = _object(given)
        wamid = _id(item["id"])
        return Inbound(
            channel=SCHEME,
            account=account,
            external_id=f"m:{wamid}",
            opaque_id=_who(item, value),
            content=_content(item),
            received_at=_sent_at(item, now),
            message_id=wamid,
            origin=Origin(wamid, _answered(item)),
        )
    except _WRONG:
        return None


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("no object")
    return value


def _who(item: Mapping[str, Any], value: Mapping[str, Any]) -> str:
    """The number, where it is visible; else the id that WhatsApp made of the person for this business.

    A message about the person, not of them, may carry no contacts, and may name them in the message alone.
    """
    contacts = [contact for contact in _list(value, "contacts") if isinstance(contact, dict)]
    contact = contacts[0] if len(contacts) == 1 else {}
    for found in (item.get("from"), contact.get("wa_id"), item.get("from_user_id"), contact.get("user_id")):
        if isinstance(found, str) and found.strip():
            return _id(found)
    raise ValueError("nobody")


def _id(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID:
        raise ValueError("no id")
    return clean(value)


def _sent_at(item: Mapping[str, Any], now: datetime) -> datetime:
    """When it was written; never later than now. Some bodies give seconds and some milliseconds."""
    number = int(item.get("timestamp") or now.timestamp())
    seconds = number / 1000 if number > MILLISECONDS else number
    return min(datetime.fromtimestamp(seconds, UTC), now)


def _content(item: Mapping[str, Any]) -> Content:
    kind = item["type"]
    match kind:
        case "text":
            return Words(clean(item["text"]["body"])[:LONGEST_TEXT], forwarded=_is_forwarded(item))
        case "button":
            return Words(clean(str(item["button"]["text"]))[:LONGEST_TEXT])
        case "interactive":
            return _pressed(item["interactive"])
        case "system":
            return _system(item["system"])
        case "request_welcome":
            return Words("/start")
        case _:
            return _media(MEDIA.get(kind, MediaKind.OTHER), _part(item.get(kind)))


def _pressed(part: Mapping[str, Any]) -> Content:
    kind = part["type"]
    if kind not in {"button_reply", "list_reply"}:
        return Media(MediaKind.OTHER)
    return Press(_id(part[kind]["id"]))


def _system(part: Mapping[str, Any]) -> Content:
    """Of an unknown system message nothing is known but that the person did not write it."""
    kind, moved_to = part.get("type"), part.get("wa_id") or part.get("new_wa_id")
    if kind in NEW_NUMBER:
        return Changed(_id(moved_to)) if moved_to else Changed()
    return Changed() if kind in NEW_DEVICE else Unreadable()


def _media(kind: MediaKind, part: Mapping[str, Any]) -> Media:
    caption = part.get("caption", "")
    return Media(
        kind,
        clean(caption)[:LONGEST_TEXT] if isinstance(caption, str) else "",
        file=_file(part) if kind in FETCHED else None,
        place=_place(part) if kind is MediaKind.PLACE else None,
    )


def _part(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _file(part: Mapping[str, Any]) -> Attachment | None:
    ref, type = part.get("id"), part.get("mime_type")
    if not isinstance(ref, str) or not 0 < len(ref) <= LONGEST_ID:
        return None
    # A voice note comes as "audio/ogg; codecs=opus".
    claimed = clean(type).partition(";")[0].strip()[:LONGEST_TYPE] if isinstance(type, str) else None
    return Attachment(clean(ref), None, claimed)


def _place(part: Mapping[str, Any]) -> tuple[float, float] | None:
    latitude, longitude = part.get("latitude"), part.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    there = -90 <= latitude <= 90 and -180 <= longitude <= 180
    return (float(latitude), float(longitude)) if there else None


def _answered(item: Mapping[str, Any]) -> str:
    """The id of the message that words or a file answer to; "" where they answer to none."""
    context = item.get("context")
    answered = context.get("id") if isinstance(context, dict) else None
    return clean(answered) if isinstance(answered, str) and len(answered) <= LONGEST_ID else ""


def _is_forwarded(item: Mapping[str, Any]) -> bool:
    context = item.get("context")
    return isinstance(context, dict) and bool(context.get("forwarded") or context.get("frequently_forwarded"))


def _status(given: object, account: str) -> Told | Literal[False] | None:
    """False: it is about nothing of ours, or says nothing that we note. None: nobody can read it."""
    try:
        item = _object(given)
        status, opaque = item["status"], str(item.get("biz_opaque_callback_data", ""))
        if not (opaque.isascii() and opaque.isdecimal()) or len(opaque) > LONGEST_ROW or status not in STATUSES:
            return False
        errors = _list(item, "errors") if status == "failed" else []
        code = int(errors[0]["code"]) if errors else 0
    except (*_WRONG, IndexError):
        return None
    reason, gone = (codes.reason(code), code in codes.GONE) if status == "failed" else ("", False)
    return Told(SCHEME, account, int(opaque), STATUSES[status], reason, gone)


def _unread(account: str, now: datetime, id: str) -> Inbound:
    return Inbound(SCHEME, account, id, NOBODY, Unreadable(), now)
