"""Record, then acknowledge: what a channel brought is committed before the channel hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_never

import orjson

from bot.channels.arrivals import (
    Attachment,
    Changed,
    Content,
    Group,
    Inbound,
    InTopic,
    Media,
    MediaKind,
    Press,
    Reach,
    TopicAct,
    Unreadable,
    Words,
)
from storage import queue
from storage.db import Database
from storage.deliveries import Told, note_told
from storage.messages import NOT_KNOWN
from storage.quoting import Origin
from storage.rows import BLOCKED_KIND, Arrival, Taken
from storage.unit_of_work import Unit

WORDS, PRESS, MEDIA, REACHABLE, UNREADABLE = "words", "press", "media", "reachable", "unreadable"
GROUP, TOPIC, CHANGED = "group", "topic", "changed"


async def accept(database: Database, inbounds: Sequence[Inbound]) -> int:
    """Store arrivals in one transaction; how many were new. Returning means they are on disk.

    Raises storage.db.Unavailable: then nothing may be acknowledged.
    """
    arrivals = [to_arrival(inbound) for inbound in inbounds]
    return await database.write(lambda unit: queue.accept(unit, arrivals))


async def accept_with_news(database: Database, inbounds: Sequence[Inbound], news: Sequence[Told]) -> None:
    """Store arrivals, and what a channel told of our own messages, in one transaction. Raises as accept does."""
    arrivals = [to_arrival(inbound) for inbound in inbounds]

    def store(unit: Unit) -> None:
        queue.accept(unit, arrivals)
        note_told(unit, news)

    await database.write(store)


def to_arrival(inbound: Inbound) -> Arrival:
    """The row of an arrival; its body is JSON."""
    kind, body = _pack(inbound.content)
    return Arrival(
        channel=inbound.channel,
        account=inbound.account,
        external_id=inbound.external_id,
        opaque_id=inbound.opaque_id,
        kind=kind,
        body=orjson.dumps(body | {"language": inbound.language} | _names(inbound.origin)),
        received_at=inbound.received_at,
        provider_id=inbound.message_id,
    )


def read(taken: Taken) -> tuple[Content, str | None]:
    """What a stored row says, and the phone's language."""
    return read_body(taken.kind, taken.body)


def origin(taken: Taken) -> Origin:
    """How the channel names what a stored row says."""
    return Origin(*orjson.loads(taken.body).get("origin", ()))


def _names(origin: Origin) -> dict[str, Any]:
    return {"origin": [origin.id, origin.answers]} if origin != NOT_KNOWN else {}


def read_body(kind: str, raw: bytes) -> tuple[Content, str | None]:
    """What the body of a row says, and the phone's language. kind: of the row."""
    body = orjson.loads(raw) if raw else {}
    return _unpack(kind, body), body.get("language")


def _pack(content: Content) -> tuple[str, dict[str, Any]]:
    match content:
        case Words():
            return WORDS, {"text": content.text, "edited": content.edited, "forwarded": content.forwarded}
        case Press():
            return PRESS, {"data": content.data}
        case Media():
            return MEDIA, _pack_media(content)
        case Reach():
            return REACHABLE if content.open else BLOCKED_KIND, {}
        case Group():
            return GROUP, {"bot": content.bot}
        case InTopic():
            return TOPIC, {"thread": content.thread, "act": content.act, "text": content.text}
        case Changed():
            return CHANGED, {"moved_to": content.moved_to}
        case Unreadable():
            return UNREADABLE, {}
        case _:
            assert_never(content)


def _unpack(kind: str, body: dict[str, Any]) -> Content:
    match kind:
        case "words":
            return Words(body["text"], body["edited"], body.get("forwarded", False))
        case "press":
            return Press(body["data"])
        case "media":
            return _unpack_media(body)
        case "group":
            return Group(body["bot"])
        case "topic":
            return InTopic(body["thread"], TopicAct(body["act"]), body["text"])
        case "changed":
            return Changed(body["moved_to"])
        case "reachable":
            return Reach(open=True)
        case str(blocked) if blocked == BLOCKED_KIND:
            return Reach(open=False)
        case _:
            return Unreadable()


def _pack_media(media: Media) -> dict[str, Any]:
    file = None if media.file is None else [media.file.ref, media.file.size, media.file.type]
    said = {"kind": media.kind, "text": media.text, "edited": media.edited}
    return said | {"seconds": media.seconds, "file": file, "place": media.place}


def _unpack_media(body: dict[str, Any]) -> Media:
    return Media(
        MediaKind(body["kind"]),
        body["text"],
        body["seconds"],
        Attachment(*body["file"]) if body["file"] else None,
        tuple(body["place"]) if body["place"] else None,
        body["edited"],
    )
