"""A timer of a conversation rings: a clock of a request or an event, a reminder, a daily piece, an answer to drop."""

from __future__ import annotations

from dataclasses import replace

from bot import daily_pieces, gathering_calls, occasion_calls, people, reminders, state
from bot.cards import Card
from bot.floor import may_speak
from bot.paging import compose_for
from bot.payload import pack
from bot.state import State
from bot.voice import Spoken
from bot.world import World
from desk import clock, due, surveys, topics
from desk.requests import Desk
from flows.engine import advance
from flows.events import AnswersDropped
from flows.floor import Content, Speaker
from flows.model import Profile
from storage import event_clocks, queue, series, sessions
from storage import reminders as told
from storage.rows import OutClass, OutgoingRow, Standing, Taken
from storage.unit_of_work import Unit


def ring(unit: Unit, taken: Taken, world: World) -> None:
    """Do what the timer was set for. One of no other kind is of a sensitive answer, 24 hours after it was given."""
    desk, key = Desk(unit, Spoken(world, world.address), world.calendar), taken.body.decode()
    match taken.kind:
        case clock.KIND:
            due.ring(desk, key)
        case topics.KIND:
            topics.arrived(desk, taken.body)
        case event_clocks.KIND:
            gathering_calls.ring(unit, taken, world)
        case surveys.SURVEY_CLOCK:
            gathering_calls.ask_staff(unit, taken, world)
        case told.KIND:
            rung = told.read_key(key)
            occasion_calls.follow(unit, world, taken.conversation_id, rung)
            whose = people.owner(unit, taken, rung.contact_id)
            _say_unasked(unit, taken, whose, world, reminders.card(world, rung.guide, rung.deadline))
        case series.KIND:
            whose = people.owner(unit, taken, series.read_key(key)[0])
            _say_unasked(unit, taken, whose, world, daily_pieces.take(unit, world, taken, whose, key))
        case _:
            _drop_sensitive(unit, taken, world, int(key.rpartition(":")[2]))


def _say_unasked(unit: Unit, taken: Taken, whose: Standing, world: World, card: Card | None) -> None:
    """What a clock says. Where the person stands does not change; at night it waits as notices do.

    Where somebody else of the chat writes now, whose it is says so first: what is pressed now is the other's.
    """
    if card is None:
        return
    card = card.led_by(*people.for_whom(unit, whose))
    if whose.contact_id != taken.standing.contact_id:
        card = replace(card, rows=(*people.way_to(unit, whose), *card.rows))
    out = compose_for(taken.address_channel, world, whose.locale, card, 0, taken.address_id)
    row = OutgoingRow(
        dedupe=f"i:{taken.seq}:0",
        payload=pack(out),
        speaker=Speaker.GUIDE,
        matter=Content.UNASKED,
        cls=OutClass.NOTICE,
        address_id=taken.address_id,
    )
    queue.say(unit, whose, [row], may_speak)


def _drop_sensitive(unit: Unit, taken: Taken, world: World, contact_id: int) -> None:
    """Of whose answer it was, whoever of the chat writes now; of somebody who became one with another, of that."""
    whose = replace(taken.standing, contact_id=contact_id)
    raw, version = sessions.load(unit, whose)
    if raw is None:
        raw, version, whose = taken.session, taken.session_version, taken.standing
    before = state.load(raw) if raw is not None else State()
    session = advance(world.library, before.session, AnswersDropped(), Profile(), unit.now).session
    sessions.save(unit, whose, state.dump(replace(before, session=session)), version)
