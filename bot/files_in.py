"""What can be said of a file that arrives before it is fetched: whether we can take it, and how long it lasts."""

from __future__ import annotations

from bot.channels.arrivals import Media
from storage.file_types import LARGEST, TAKEN


def unfit(media: Media) -> str | None:
    """The key of the line that says why this cannot be taken, as far as its channel tells; None where it can be."""
    if media.file is None or (media.file.type is not None and media.file.type.lower() not in TAKEN):
        return "bot.media.unsupported"
    if media.file.size is not None and media.file.size > LARGEST:
        return "bot.media.too_big"
    return None


def length(seconds: int) -> str:
    """How long something lasts, as a phone shows it: 24 seconds are 0:24."""
    return f"{seconds // 60}:{seconds % 60:02d}"
