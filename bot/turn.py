"""One inbox row being answered: loads where the person stands, lets the dialogue answer, and writes down the new
standing and what is to be sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot import actions, dialogue, handed_on, inbox, screens, staff_group, state
from bot.cards import WHOLE, Card, text
from bot.channels.arrivals import InTopic, Media, Press, Words
from bot.channels.traits import traits_of
from bot.chats import StoredChats
from bot.exchange import Exchange, Person
from bot.floor import may_speak
from bot.gatherings import StoredGatherings
from bot.memory import PERSON, StoredMemory
from bot.paging import compose_for
from bot.payload import pack, pack_ids
from bot.state import Place, State
from bot.subscriptions import StoredSubscriptions
from bot.surveys import StoredSurveys
from bot.team import StoredTeam
from bot.voice import Spoken
from bot.world import World
from desk import in_chat, turns
from desk.requests import Desk
from flows.answers import sensitive
from flows.floor import Content as Matter
from flows.floor import Speaker
from i18n.locales import negotiate
from storage import (
    contacts,
    events,
    messages,
    own,
    people,
    queue,
    sessions,
    subscribed,
    surveys,
    timers,
    window,
)
from storage.messages import NOT_KNOWN
from storage.quoting import Origin
from storage.rows import ConsentChoice, OutgoingRow, OutKind, Standing, Taken
from storage.unit_of_work import Unit

DROP_SENSITIVE = "drop_sensitive"
KEEP_SENSITIVE = timedelta(hours=24)  # ruling 14

Said = Words | Press | Media


class Turn:
    """One row being answered."""

    def __init__(self, unit: Unit, taken: Taken, world: World) -> None:
        self._unit = unit
        self._taken = taken
        self._world = world
        self._standing = taken.standing
        self._traits = traits_of(taken.address_channel)
        self._version = taken.session_version
        before = state.load(taken.session) if taken.session is not None else State()
        # A message that was sent to another address of the person cannot be edited from here.
        elsewhere = before.at not in {0, taken.address_id}
        self._state = replace(before, at=taken.address_id, anchor=None if elsewhere else before.anchor)

    def answer(self, content: Said, language: str | None, *, slow_down: bool) -> None:
        """Let the dialogue answer, then write everything down."""
        exchange = self._exchange(language, inbox.origin(self._taken))
        dialogue.respond(exchange, self._understood(content))
        if exchange.becomes is not None:
            exchange = self._switched(exchange, exchange.becomes, language)
        if slow_down:
            exchange.cards.append(screens.slow_down(self._world))
        if exchange.forgotten:
            self._say_goodbye(exchange)
            return
        self._standing = contacts.seen(self._unit, self._standing)
        self._save_person(exchange.person)
        self._say(exchange, Matter.ASKED if isinstance(content, Press) or exchange.owed else Matter.ANSWER)
        self._drop_sensitive_later(exchange)
        self._tell_place(exchange)
        self._keep_messages(content, exchange)

    def in_topic(self, content: InTopic) -> None:
        """What a member of staff did in the staff group; their own talk with the bot is not touched."""
        staff_group.act(self._desk(), self._taken, self._world, content)

    def apologise(self) -> None:
        """One line that something went wrong on our side, in the phone's language before one was chosen."""
        language = inbox.read(self._taken)[1]
        exchange = self._exchange(language)
        exchange.speaks_for_now = negotiate(language, self._world.pickable)
        exchange.cards.append(Card((text("bot.notice.poison", "safety"),)))
        # Also while a human is in the chat: the words did not reach them, and nobody but the person can say them again.
        self._say(exchange, Matter.ASKED)

    def _exchange(self, language: str | None, origin: Origin = NOT_KNOWN) -> Exchange:
        channel = self._taken.address_channel
        desk = self._desk()
        memory = StoredMemory(self._unit, self._standing, self._state, self._world, channel, desk, origin=origin)
        team = StoredTeam(desk, self._standing, origin)
        person = _person(self._standing, language)
        wanted = StoredSubscriptions(self._unit, self._standing, self._state, self._world)
        gatherings = StoredGatherings(self._unit, self._standing)
        asked = StoredSurveys(self._unit, self._standing)
        ports = memory, team, wanted, StoredChats(self._unit, self._standing), gatherings, asked
        exchange = Exchange(self._world, person, self._state, *ports, self._unit.now, channel)
        if self._traits.changes:
            exchange.doubted = window.is_doubted(self._unit, self._taken.address_id)
        return exchange

    def _switched(self, left: Exchange, contact_id: int, language: str | None) -> Exchange:
        """Somebody else of this chat writes from now on: where the one stands is put away, where the other stands is
        shown. Buttons of the one are not the other's."""
        unit, before = self._unit, self._standing
        self._save_person(left.person)
        seen = replace(left.state, seen_at=unit.now)
        sessions.save(unit, before, state.dump(seen), self._version)
        after = people.activate(unit, before.conversation_id, contact_id)
        assert after is not None, "looked up a moment ago, under the lock"
        self._standing = in_chat.switched(unit, before, after)
        raw, self._version = sessions.load(unit, self._standing)
        there = state.load(raw) if raw is not None else State()
        screen = max(left.state.screen, there.screen)
        self._state = replace(there, at=self._taken.address_id, anchor=None, screen=screen, since=screen)
        exchange = self._exchange(language)
        handed_on.greet(exchange)
        return exchange

    def _desk(self) -> Desk:
        return Desk(self._unit, Spoken(self._world, self._world.address), self._world.calendar)

    def _understood(self, content: Said) -> dialogue.Pressed | Words | Media:
        if isinstance(content, Press):
            action = actions.read(content.data, self._world.button_key, self._taken.address_id)
            return dialogue.Pressed(content.data, action)
        return content

    def _save_person(self, person: Person) -> None:
        unit, before = self._unit, self._standing
        if person.locale != before.locale:
            self._standing = contacts.set_locale(unit, self._standing, person.locale)
        if person.consent_version and (person.consent, person.consent_version) != (
            before.consent_choice,
            before.consent_version,
        ):
            choice = ConsentChoice(person.consent)
            self._standing = contacts.give_consent(unit, self._standing, version=person.consent_version, choice=choice)
            if choice is not ConsentChoice.FULL:
                own.drop(unit, self._standing.contact_id)
                subscribed.drop(unit, self._standing.conversation_id, self._standing.contact_id)
                events.leave(unit, [self._standing.contact_id])
                surveys.drop(unit, self._standing.contact_id)
                person = replace(person, municipality="")
        if person.municipality != (before.municipality or ""):
            self._standing = contacts.set_municipality(unit, self._standing, person.municipality or None)
        if person.stopped != before.stopped:
            self._standing = (contacts.stop if person.stopped else contacts.start)(unit, self._standing)

    def _say(self, exchange: Exchange, matter: Matter) -> None:
        """Write down the messages to be sent, and the state that they leave behind."""
        before = exchange.state
        screen, anchored, anchor = before.screen, before.anchored, before.anchor
        rows = self._clearing(exchange)
        for card in exchange.cards:
            screen += 1
            replaces = before.anchor if card.edits and self._traits.edits else None
            anchored = screen if replaces is None else anchored
            rows.append(self._row(exchange, card, screen, len(rows), matter, replaces))
        made = queue.say_later(self._unit, self._standing, rows, may_speak)
        for row, outbox_id in zip(rows, made, strict=True):
            anchor = anchor if row.kind is OutKind.EDIT else outbox_id
        after = replace(before, screen=screen, anchored=anchored, anchor=anchor, seen_at=self._unit.now)
        sessions.save(self._unit, self._standing, state.dump(after), self._version)

    def _say_goodbye(self, exchange: Exchange) -> None:
        """The person is forgotten; the receipt goes to a fresh conversation that knows nothing but the address."""
        goodbye = exchange.memory.goodbye if isinstance(exchange.memory, StoredMemory) else None
        if goodbye is not None:
            receipt = self._row(exchange, exchange.cards[-1], 0, 0, Matter.ASKED, None)
            rows = [*self._clearing(exchange), replace(receipt, address_id=None)]
            queue.say(self._unit, goodbye, rows, may_speak)

    def _clearing(self, exchange: Exchange) -> list[OutgoingRow]:
        """The row that deletes what was said until now, before the ones that say something new."""
        ids = exchange.memory.cleared if isinstance(exchange.memory, StoredMemory) else ()
        if not ids:
            return []
        dedupe = f"i:{self._taken.seq}:clear"
        return [OutgoingRow(dedupe, pack_ids(ids), Speaker.SYSTEM, Matter.ASKED, kind=OutKind.CLEAR)]

    def _row(
        self, exchange: Exchange, card: Card, screen: int, ordinal: int, matter: Matter, replaces: int | None
    ) -> OutgoingRow:
        part = exchange.part if card is exchange.cards[-1] else WHOLE
        out = compose_for(exchange.channel, self._world, exchange.locale, card, screen, self._taken.address_id, part)
        safety = exchange.state.place is Place.URGENT
        return OutgoingRow(
            dedupe=f"i:{self._taken.seq}:{ordinal}",
            payload=pack(out),
            speaker=Speaker.SYSTEM if safety else Speaker.GUIDE,
            matter=Matter.SAFETY if safety else matter,
            kind=OutKind.EDIT if replaces is not None else OutKind.SEND,
            replaces=replaces,
            address_id=self._taken.address_id,
        )

    def _drop_sensitive_later(self, exchange: Exchange) -> None:
        """A sensitive answer was given in this turn: a timer drops it."""
        library, before, after = self._world.library, self._state.session.runs, exchange.state.session.runs
        if [run.answers for run in after] == [run.answers for run in before]:
            return
        answers = sensitive(library, after)
        if answers and answers - sensitive(library, before):
            key = f"{DROP_SENSITIVE}:{self._standing.contact_id}"
            due = self._unit.now + KEEP_SENSITIVE
            timers.set_timer(self._unit, key, due, self._standing.conversation_id, DROP_SENSITIVE)

    def _tell_place(self, exchange: Exchange) -> None:
        """Who is in the chat sees at which step the person is now."""
        number, now, before = self._standing.attached_request_id, exchange.state.session.run, self._state.session.run
        if number is not None and now is not None and (before is None or now.step != before.step):
            turns.person_moved(self._desk(), self._standing, number, now.flow, now.step)

    def _keep_messages(self, content: Said, exchange: Exchange) -> None:
        """After OK, what was said is kept for 30 days; before it and without saving, nothing is.

        Words that joined a request were kept with it already. What the bot showed is not kept: the way through a
        guide would tell staff the answers that nobody may read.
        """
        if self._standing.consent_choice is not ConsentChoice.FULL:
            return
        if isinstance(content, Press) or not content.text or exchange.joined or exchange.secret:
            return
        messages.keep(self._unit, self._standing, [messages.Said("in", PERSON, content.text)])


def _person(standing: Standing, language: str | None) -> Person:
    return Person(
        locale=standing.locale,
        phone_language=language,
        consent=standing.consent_choice,
        consent_version=standing.consent_version,
        stopped=standing.stopped,
        municipality=standing.municipality or "",
        attached=standing.attached_request_id,
        barred=standing.barred,
    )
