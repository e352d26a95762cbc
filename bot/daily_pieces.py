"""A timer of a series rings: the next piece, and the timer of the one after it."""

from __future__ import annotations

from dataclasses import replace

from bot import daily
from bot.cards import Card
from bot.floor import may_speak
from bot.world import World
from flows.floor import Content, Speaker
from notices.daily import next_daily
from storage import series, window
from storage.rows import Speak, Standing, Taken
from storage.series import Place
from storage.timers import set_timer
from storage.unit_of_work import Unit


def take(unit: Unit, world: World, taken: Taken, whose: Standing, key: str) -> Card | None:
    """The piece that is due; None where the series is over, or nothing may be said now: then it comes another day.

    Where somebody else of the chat writes now it has no button: what is pressed now would end a series of theirs.

    Pieces never pile up: while a human or an urgent case has the floor, news are stopped for one or for all, or the
    channel does not let us write, the place in the series stays.
    """
    owner, id = series.read_key(key)
    found = world.pack.series.get(id)
    place = series.places(unit, owner).get(id, Place())
    if found is None or not place.wanted or place.position >= len(found.parts):
        return None
    # A clock that was put back since the timer rang brings no second piece on the same day.
    again = next_daily(max(unit.now, taken.received_at), world.calendar.zone)
    speaks = isinstance(may_speak(Speaker.GUIDE, Content.UNASKED, whose), Speak) and not world.pack.service.paused
    if not speaks or not window.window(unit, whose.conversation_id).is_open(unit.now):
        set_timer(unit, key, again, whose.conversation_id, series.KIND)
        return None
    after = place.position + 1
    more = after < len(found.parts)
    series.put(unit, owner, id, Place(after, wanted=more))
    if more:
        set_timer(unit, key, again, whose.conversation_id, series.KIND)
    piece = daily.card(found, place.position)
    return piece if whose.contact_id == taken.standing.contact_id else replace(piece, rows=())
