"""For tests and authors: the dialogue without storage, a channel that remembers, a clock that is set by hand.

A Talk dumps and reloads the person's standing between turns, as the real one does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot import actions, dialogue, state, walking
from bot.channels.arrivals import Media, Press, Words
from bot.channels.base import Abilities, Refused, Sent, TooBig
from bot.channels.outgoing import Button, Outgoing
from bot.compose import compose
from bot.exchange import Exchange, Person
from bot.scratch_chats import ScratchChats
from bot.scratch_gatherings import ScratchGatherings, ScratchSurveys
from bot.scratch_memory import ScratchMemory
from bot.scratch_subscriptions import ScratchSubscriptions
from bot.scratch_team import ScratchTeam
from bot.state import State
from bot.world import World

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
