"""Pages that say no: what was refused, why, who has the request, and the words that would be lost otherwise."""

from __future__ import annotations

from functools import partial

from fastapi import Request, Response

from desk.console.shown import Console
from desk.console.signing import Show, who
from desk.taken import taken
from storage.keys import KeyGone


async def refused(
    desk: Console, show: Show, request: Request, number: int, status: int, why: str, words: str = ""
) -> Response:
    """An act that was not done. why: a key of the desk's texts; words: what was written."""
    try:
        found = await desk.database.read(partial(taken, member=who(request), number=number))
    except KeyGone:
        found = None
    return show(request, "refused.html", status, number=number, why=why, taken=found, words=words)


async def gone(desk: Console, show: Show, request: Request, number: int, words: str = "") -> Response:
    """There is no such page for them. Who could have taken the request learns who has it, and gets their words."""
    try:
        found = await desk.database.read(partial(taken, member=who(request), number=number))
    except KeyGone:
        found = None
    if found is None:
        return show(request, "thread.html", 404, thread=None)
    return show(request, "refused.html", 404, number=None, why="error.lost", taken=found, words=words or found.words)
