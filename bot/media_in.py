"""What is said to a voice note, a photo, a file, a place: each has an answer of its own, and a request takes it in.

Outside of a request nothing of it is fetched or stored (ruling 36): nobody would look at it.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot import requests, whereabouts
from bot.cards import Line, quiet, text
from bot.channels.arrivals import Media, MediaKind
from bot.exchange import Exchange
from bot.files_in import length, unfit

#: What a request takes in.
TAKES = frozenset({MediaKind.VOICE, MediaKind.PHOTO, MediaKind.FILE, MediaKind.VIDEO, MediaKind.PLACE})

#: What is said where there is no request to join.
_ASIDE: Mapping[MediaKind, tuple[str, str | None]] = {
    MediaKind.VOICE: ("bot.media.voice_aside", "voice"),
    MediaKind.PHOTO: ("bot.media.photo_aside", None),
    MediaKind.FILE: ("bot.media.file_aside", "paper"),
    MediaKind.VIDEO: ("bot.media.file_aside", None),
    MediaKind.PLACE: ("bot.media.place_aside", "place"),
    MediaKind.CONTACT: ("bot.media.contact", "privacy"),
    MediaKind.STICKER: ("bot.media.sticker", "smile"),
    MediaKind.OTHER: ("bot.media.other", None),
}
_COVER = frozenset({MediaKind.PHOTO, MediaKind.FILE, MediaKind.VIDEO})


def answer(exchange: Exchange, media: Media) -> None:
    """Take it into the request that is being written or has just ended, or say what becomes of it; the screen again."""
    if exchange.person.attached is not None:
        _to_human(exchange, media, exchange.person.attached)
        return
    number = requests.joining(exchange)
    if number is None and media.kind in TAKES:
        number = exchange.team.reopenable()
    if number is None or media.kind not in TAKES:
        if number is not None and media.text:
            requests.keep(exchange, media.text)
        whereabouts.repeat(exchange)
        exchange.lead(*_aside(media))
        return
    if media.text:
        requests.keep(exchange, media.text)
    refused = _refused(exchange, media, number)
    requests.confirm(exchange, *([text(refused, "safety")] if refused else _taken(media, number)))


def _to_human(exchange: Exchange, media: Media, number: int) -> None:
    """To the human who is in this chat; only what cannot be taken is answered."""
    if media.text:
        exchange.team.tell(number, media.text)
        exchange.joined = True
    refused = None if media.kind not in TAKES else _refused(exchange, media, number)
    if refused or media.kind not in TAKES:
        requests.confirm(exchange, *([text(refused, "safety")] if refused else _aside(media)))


def _refused(exchange: Exchange, media: Media, number: int) -> str | None:
    """Why it is not taken: as far as can be said before it is fetched. It is written down otherwise."""
    if media.kind is MediaKind.PLACE:
        known = media.place is not None
        return None if known and exchange.memory.add_media(number, media) else "bot.media.place_aside"
    if refused := unfit(media):
        return refused
    return None if exchange.memory.add_media(number, media) else "bot.media.enough"


def _taken(media: Media, number: int) -> list[Line]:
    stored = quiet("bot.media.stored", "privacy")
    if media.kind is MediaKind.PLACE:
        return [text("bot.media.place", "place", number=number), stored]
    if media.kind is MediaKind.VOICE and media.seconds is not None:
        return [text("bot.media.voice", "voice", length=length(media.seconds), number=number), stored]
    lines = [text("bot.media.file", "ok", number=number)]
    return [*lines, text("bot.media.cover"), stored] if media.kind in _COVER else [*lines, stored]


def _aside(media: Media) -> list[Line]:
    key, icon = _ASIDE[media.kind]
    if media.kind is MediaKind.VOICE:
        if media.seconds is None:
            return [text("bot.media.file_aside", icon)]
        return [text(key, icon, length=length(media.seconds))]
    return [text(key, icon), text("bot.media.cover")] if media.kind in _COVER else [text(key, icon)]
