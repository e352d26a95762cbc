"""For tests and authors: the dialogue without storage, a channel that remembers, a clock that is set by hand.

A Talk dumps and reloads the person's standing between turns, as the real one does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from bot import actions, dialogue, state, walking
from bot.channels.arrivals import Media, Press, Words
from bot.channels.base import Abilities, Refused, Sent, TooBig
from bot.channels.outgoing import Button, Outgoing
from bot.compose import compose
from bot.exchange import JOIN_MINUTES, Asked, Exchange, Holdings, Opened, Person
from bot.scratch_chats import ScratchChats
from bot.scratch_gatherings import ScratchGatherings, ScratchSurveys
from bot.scratch_subscriptions import ScratchSubscriptions
from bot.state import State
from bot.team import Claimed, Mine, Presence
from bot.world import World
from desk.alerts import Called
from desk.asking import Added, Asking, Subject, Wished
from desk.goods import Need
from desk.requests import NotYours
from desk.staff_chat import Duty, Linked
from storage.dossier import AskedFor, Dossier, SaidThen

ADDRESS = 1


@dataclass(slots=True)
class FakeClock:
    """A clock that moves only when it is told to. tick: by so much also with each look at it, for an order in time."""

    moment: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    tick: timedelta = timedelta()

    def __call__(self) -> datetime:
        """The time it is."""
        self.moment += self.tick
        return self.moment

    def forward(self, by: timedelta) -> None:
        """Let time pass."""
        self.moment += by


@dataclass(slots=True)
class FakeChannel:
    """A channel that remembers what it was asked to send."""

    scheme: str = "fake"
    abilities: Abilities = field(default_factory=lambda: Abilities(paced=False))
    sent: list[tuple[str, Outgoing]] = field(default_factory=list)
    cleared: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    async def send(self, opaque_id: str, out: Outgoing) -> Sent:
        """See Channel.send."""
        self.sent.append((opaque_id, out))
        return Sent(str(len(self.sent)))

    async def clear(self, opaque_id: str, message_ids: Sequence[str]) -> None:
        """See Channel.clear."""
        self.cleared.append((opaque_id, tuple(message_ids)))

    async def fetch(self, ref: str, limit: int) -> bytes:
        """See Channel.fetch."""
        content = self.files.get(ref)
        if content is None:
            raise Refused("gone", ours=False)
        if len(content) > limit:
            raise TooBig("too_big")
        return content


@dataclass(slots=True)
class ScratchMemory:
    """Requests, feedback and forgetting, in lists. opened: when each request was opened and what was promised."""

    world: World
    clock: Callable[[], datetime]
    requests: list[Asked] = field(default_factory=list)
    opened: list[tuple[datetime, datetime]] = field(default_factory=list)
    joined: list[tuple[int, str]] = field(default_factory=list)
    ratings: list[tuple[str, str]] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    misses: list[tuple[str, ...]] = field(default_factory=list)
    ticks: list[tuple[str, str]] = field(default_factory=list)
    told: list[tuple[str, date]] = field(default_factory=list)
    media: list[tuple[int, Media]] = field(default_factory=list)
    most_media: int = 20
    cleared: int = 0
    forgotten: int = 0

    def open_request(self, asked: Asked) -> Opened:
        """See Memory."""
        now = self.clock()
        for latest, (at, promised_by) in zip(self.requests[-1:], self.opened[-1:], strict=True):
            same = _about(latest) == _about(asked)
            if same and now - at <= timedelta(minutes=JOIN_MINUTES):
                return Opened(len(self.requests), promised_by, fresh=False)
        promised_by = self.world.calendar.promise(now)
        self.requests.append(asked)
        self.opened.append((now, promised_by))
        return Opened(len(self.requests), promised_by)

    def join_request(self, number: int, words: str) -> None:
        """See Memory."""
        self.joined.append((number, words))

    def add_media(self, number: int, media: Media) -> bool:
        """See Memory."""
        self.media.append((number, media))
        return len(self.media) <= self.most_media

    def dossier(self) -> Dossier:
        """See Memory. Knows nothing but the requests and what joined them."""
        requests = [
            AskedFor(n, asked.type, asked.guide, asked.step, at, until, None, {}, {}, None)
            for n, (asked, (at, until)) in enumerate(zip(self.requests, self.opened, strict=True), 1)
        ]
        said = [SaidThen("in", words, self.clock(), number) for number, words in self.joined]
        return Dossier("", None, False, self.clock(), self.clock(), [], [], requests, said, [])

    def clear(self) -> None:
        """See Memory."""
        self.cleared += 1

    def note_miss(self, topic: str, words: Sequence[str]) -> None:
        """See Memory."""
        self.misses.append((topic, *words))

    def want_language(self, code: str) -> None:
        """See Memory."""
        self.languages.append(code)

    def rate(self, guide: str, value: str) -> None:
        """See Memory."""
        self.ratings.append((guide, value))

    def ticked(self, guide: str) -> frozenset[str]:
        """See Memory."""
        return frozenset(paper for of, paper in self.ticks if of == guide)

    def tick(self, guide: str, paper: str, *, ready: bool) -> None:
        """See Memory."""
        self.ticks = [row for row in self.ticks if row != (guide, paper)] + [(guide, paper)] * ready

    def days(self) -> Mapping[str, date]:
        """See Memory."""
        return dict(self.told)

    def keep_day(self, anchor: str, day: date) -> None:
        """See Memory."""
        self.told = [row for row in self.told if row[0] != anchor] + [(anchor, day)]

    def drop_day(self, anchor: str) -> None:
        """See Memory."""
        self.told = [row for row in self.told if row[0] != anchor]

    def holdings(self) -> Holdings:
        """See Memory."""
        return Holdings(
            messages=len(self.joined),
            requests=len(self.requests),
            media=len(self.media),
            ticks=len(self.ticks),
            days=len(self.told),
        )

    def forget(self) -> str:
        """See Memory."""
        self.forgotten += 1
        return "TESTCODE"


def _about(asked: Asked) -> tuple[str | int | None, ...]:
    return (asked.type, asked.guide, asked.step, asked.notice, asked.event)


@dataclass(slots=True)
class ScratchTeam:
    """The people at the desk, in lists: nobody answers here."""

    told: list[tuple[int, str]] = field(default_factory=list)
    added: list[tuple[int, Added]] = field(default_factory=list)
    thanked: list[tuple[int, str]] = field(default_factory=list)

    def tell(self, number: int, words: str) -> None:
        """See Team."""
        self.told.append((number, words))

    def correct(self, words: str) -> int | None:
        """See Team."""
        return None

    def reopenable(self) -> int | None:
        """See Team."""
        return None

    def asking(self, number: int) -> Asking | None:
        """See Team. Whatever is asked for waits, and somebody is there."""
        wished = {added.name: added.value for to, added in self.added if to == number and isinstance(added, Wished)}
        wished = {name: value for name, value in wished.items() if value}
        type = next((added for to, added in self.added if to == number and isinstance(added, Subject)), "question")
        form = {added.question: added.choice for to, added in self.added if to == number and isinstance(added, Need)}
        return Asking(number, type, True, False, Called(on_duty=True), wished, known=False, form=form)

    def add(self, number: int, added: Added) -> bool:
        """See Team."""
        self.added.append((number, added))
        return True

    def thank(self, number: int, words: str) -> bool:
        """See Team."""
        self.thanked.append((number, words))
        return True

    def mine(self) -> Sequence[Mine]:
        """See Team."""
        return ()

    def claim(self, number: int) -> Claimed:
        """See Team."""
        return Claimed.NOT_STAFF

    def decline(self, number: int) -> bool:
        """See Team."""
        return False

    def waiting(self) -> int:
        """See Team. Never reached: nobody works here."""
        raise NotYours

    def link_chat(self, token: str) -> Linked:
        """See Team."""
        return Linked.UNKNOWN

    def presence(self) -> Presence | None:
        """See Team."""
        return None

    def set_duty(self, duty: Duty, minutes: int) -> None:
        """See Team. Never reached: nobody works here."""
        raise NotYours

    def sign_in(self) -> str:
        """See Team. Never reached: nobody works here."""
        raise NotYours


class Talk:
    """One person and the bot. shown: the newest message, edited ones included."""

    def __init__(
        self, world: World, clock: Callable[[], datetime], *, channel: str = "terminal", phone: str | None = None
    ) -> None:
        self.world = world
        self.clock = clock
        self.memory = ScratchMemory(world, clock)
        self.team = ScratchTeam()
        self.chats = ScratchChats()
        self.subscriptions = ScratchSubscriptions()
        self.gatherings = ScratchGatherings(clock, ADDRESS)
        self.surveys = ScratchSurveys()
        self.person = Person(phone_language=phone)
        self.shown: Outgoing | None = None
        self._channel = channel
        self._raw = state.dump(State())

    @property
    def state(self) -> State:
        """Where the person stands."""
        return state.load(self._raw)

    def presses(self, label: str) -> list[Outgoing]:
        """Press the button of the newest message whose label has these words. Raises LookupError."""
        return self.says(Press(self.button(label).data))

    def opens(self, guide: str, language: str) -> list[Outgoing]:
        """Be somebody who has picked a language and a guide."""
        version = self.world.pack.consent.version
        self.person = replace(self.person, locale=language, consent="unsaved", consent_version=version)
        exchange = self._exchange()
        walking.open_intro(exchange, guide)
        return self._finish(exchange)

    def button(self, label: str) -> Button:
        """A button of the newest message: by its whole label, else by a part of it. Raises LookupError."""
        buttons = [button for row in (self.shown.rows if self.shown else ()) for button in row]
        for fits in (lambda b: b.label == label, lambda b: label in b.label):
            found = [button for button in buttons if fits(button)]
            if found:
                return found[0]
        raise LookupError(f"no button {label!r} among {[button.label for button in buttons]}")

    def says(self, content: Words | Press | Media) -> list[Outgoing]:
        """Let something arrive; what the bot says to it."""
        said: dialogue.Pressed | Words | Media
        if isinstance(content, Press):
            said = dialogue.Pressed(content.data, actions.read(content.data, self.world.button_key, ADDRESS))
        else:
            said = content
        exchange = self._exchange()
        dialogue.respond(exchange, said)
        return self._finish(exchange)

    def _exchange(self) -> Exchange:
        ports = self.memory, self.team, self.subscriptions, self.chats, self.gatherings, self.surveys
        return Exchange(self.world, self.person, self.state, *ports, self.clock(), self._channel)

    def _finish(self, exchange: Exchange) -> list[Outgoing]:
        after, messages = replace(exchange.state, seen_at=self.clock()), []
        for card in exchange.cards:
            after = replace(after, screen=after.screen + 1)
            if not card.edits or after.anchor is None:
                after = replace(after, anchor=after.screen, anchored=after.screen)
            messages.append(compose(self.world, exchange.locale, card, after.screen, ADDRESS))
        self.person = Person(phone_language=self.person.phone_language) if exchange.forgotten else exchange.person
        self._raw = state.dump(State() if exchange.forgotten else after)
        self.shown = messages[-1] if messages else self.shown
        return messages
