"""What one of us attaches to an answer: a photo, a PDF, a voice note, a place. Nothing is sent before the answer is.

Each goes out as a message of its own behind the words, so that each has a delivery of its own, and a line under a
picture is never too long for a channel.
"""

from __future__ import annotations

import re

from desk import requests as acts
from desk.lifecycle import Refused, Turn
from desk.requests import Desk
from storage import attached, contacts, media, requests
from storage.media import MediaRow

#: How many things one answer takes along.
MOST = 5
_PLACE = re.compile(r"\s*(?:geo:)?\s*(-?\d{1,2}(?:\.\d{1,8})?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d{1,8})?)\s*")


class TooMany(Exception):
    """So much is attached already."""


def read_place(text: str) -> tuple[float, float] | None:
    """Latitude and longitude as somebody copied them from a map ("44.8125, 20.4612"); None for anything else."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def attach_file(desk: Desk, number: int, type: str) -> tuple[int, int]:
    """Write down a file that will follow: its id, and whose key seals it. Raises NotYours, Refused, TooMany."""
    row = _open(desk, number)
    standing = contacts.standing_for(desk.unit, row.contact_id)
    return attached.attach(desk.unit, row, standing, desk.me, _kind(type), type), row.contact_id


def attach_place(desk: Desk, number: int, place: tuple[float, float]) -> None:
    """Attach a place on the map. Raises as attach_file."""
    row = _open(desk, number)
    standing = contacts.standing_for(desk.unit, row.contact_id)
    attached.attach_place(desk.unit, row, standing, desk.me, "{:.5f},{:.5f}".format(*place))


def answer(desk: Desk, number: int, text: str) -> None:
    """Send the words, then what is attached. Raises NotYours, Refused (closed, or there is nothing to send)."""
    acts.mine(desk, number)
    sent = attached.attached(desk.unit, number, desk.me)
    if not (text or sent):
        raise Refused("nothing to send")
    if text:
        acts.answer(desk, number, text)
    for one in sent:
        row = requests.request(desk.unit, number)
        outbox_id = _send(desk, row.contact_id, one)
        attached.note_sent(desk.unit, one.id, outbox_id)
        acts.record_answer(desk, row, one.name, outbox_id)


def _send(desk: Desk, contact_id: int, one: MediaRow) -> int | None:
    standing = contacts.standing_for(desk.unit, contact_id)
    place = media.place(desk.unit, one.id) if one.kind == attached.PLACE else None
    if place is None:
        return desk.voice.file(desk.unit, standing, one)
    latitude, _, longitude = place.partition(",")
    return desk.voice.place(desk.unit, standing, float(latitude), float(longitude))


def _open(desk: Desk, number: int) -> requests.RequestRow:
    row = acts.mine(desk, number)
    if row.state == Turn.DONE:
        raise Refused("it is closed")
    if len(attached.attached(desk.unit, number, desk.me)) >= MOST:
        raise TooMany
    return row


def _kind(type: str) -> str:
    """As what the thread shows it."""
    return {"image": "photo", "audio": "voice"}.get(type.partition("/")[0], "file")
