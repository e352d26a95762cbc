"""The clocks of events and surveys: a reminder, a change, a place that got free, questions to a member of staff.

Said from what is true when they ring.
"""

from __future__ import annotations

from bot import gathering_cards, people
from bot.actions import Act
from bot.cards import Card, key, text
from bot.floor import may_speak
from bot.paging import compose_for
from bot.payload import pack
from bot.surveys import StoredSurveys
from bot.world import World
from flows.floor import Content as Matter
from flows.floor import Speaker
from notices import rsvp
from notices.events import TAKES, Stand, State
from notices.rsvp import Standpoint, What
from storage import queue
from storage.events import NoEvent
from storage.rows import OutClass, OutgoingRow, Standing, Taken
from storage.unit_of_work import Unit

_REMINDERS = frozenset({What.DAY, What.SOON})


def ring(unit: Unit, taken: Taken, world: World) -> None:
    """The clock of somebody on a list rang; what is not true any more is not said."""
    id, contact_id, what = rsvp.read_key(taken.body.decode())
    whose = people.owner(unit, taken, contact_id)
    try:
        if what is What.LOOK:
            rsvp.move_up(unit, id)
            return
        point = rsvp.look(unit, id, whose.contact_id)
    except NoEvent:
        return
    if _is_true(point, what):
        # News of what somebody put themselves on a list for is the life of their own act; stop ends reminders alone.
        speaker = Speaker.GUIDE if what in _REMINDERS else Speaker.SYSTEM
        _say(unit, taken, whose, world, _card(unit, taken, whose, world, point, what), speaker)


def _card(unit: Unit, taken: Taken, whose: Standing, world: World, point: Standpoint, what: What) -> Card:
    """Where somebody else of the chat writes now, the matter waits behind a button, as in any reminder."""
    if whose.contact_id == taken.standing.contact_id:
        card = gathering_cards.told(world, whose.locale or "en", point, what)
    else:
        card = gathering_cards.hinted(point, what)
    return card.led_by(*people.for_whom(unit, whose))


def _is_true(point: Standpoint, what: What) -> bool:
    match what:
        case What.DAY | What.SOON | What.MOVED_UP:
            return point.stand is Stand.COMING and point.state in TAKES
        case What.CHANGED:
            return point.stand is not Stand.OUT and point.state in TAKES
        case What.CANCELLED:
            return point.stand is not Stand.OUT and point.state is State.CANCELLED
        case What.LOOK:
            return False


def ask_staff(unit: Unit, taken: Taken, world: World) -> None:
    """The button of a survey of the team, in the chat of one of them."""
    id = taken.body.decode().rsplit(":", 1)[1]
    if StoredSurveys(unit, taken.standing).read(int(id)) is not None:
        row = ((key(Act.SURVEY, "bot.survey.open", "papers", id),),)
        card = Card((text("bot.survey.for_team", "papers"),), row, nav=False)
        _say(unit, taken, taken.standing, world, card, Speaker.SYSTEM)


def _say(unit: Unit, taken: Taken, standing: Standing, world: World, card: Card, speaker: Speaker) -> None:
    out = compose_for(taken.address_channel, world, standing.locale or "en", card, 0, standing.address_id)
    row = OutgoingRow(f"i:{taken.seq}:0", pack(out), speaker, Matter.UNASKED, OutClass.NOTICE)
    queue.say(unit, standing, [row], may_speak)
