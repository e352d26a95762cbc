"""People who talk to the bot by a script whose every step can be counted.

Each of a person's acts makes the bot say exactly one screen, and every button carries the number of the screen that
shows it. So act n is answered by screen n, and where the person stands then follows from a walk along the guide: what
was lost, done twice, mixed up or sent twice can be read off the wire, without a look into the product.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

from bot.loading import read_pack
from content.texts import english

#: Seconds without an answer until a person gives up. On WhatsApp an answer of which nobody knows whether it arrived
#: waits a minute for Meta's word before it is sent again (storage/endings.py), and a kill may hit that one too.
PATIENCE = 300.0
MOST_AT_ONCE = 3  # messages that somebody types without waiting for answers

GUIDE = "driving-licence"
WAY = (
    ("fear", "no"),
    ("status", "refugee"),
    ("holding", "yes"),
    ("look", "done"),
    ("valid", "yes"),
    ("kind", "normal"),
    ("readable", "yes"),
    ("since", "over"),
    ("proof", "done"),
    ("translate", "done"),
    ("categories", "ab"),
    ("age", "no"),
    ("medical", "done"),
    ("slip", "done"),
    ("copies", "done"),
    ("submit", "done"),
    ("collect", "done"),
)
"""Steps of the guide in order, each with the choice that leads on. The person never takes the last one."""


@dataclass(frozen=True, slots=True)
class Move:
    """One act: a button (first and last part of its data, without signature and screen) or words.

    `shows`: key of the text that must stand on the screen that answers.
    """

    shows: str
    words: str
    button: tuple[str, str] | None = None


OPENING = (
    Move("bot.picker.greeting", "/start"),
    Move("bot.consent.line2", "English", ("l", "en")),
    Move("bot.home.title", "1", ("c", "full")),
    Move(f"{GUIDE}.intro.gives", "1", ("i", GUIDE)),
    Move(f"{GUIDE}.fear.title", "1", ("s", GUIDE)),
)
REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class Guide:
    """What people know of the bot: its English texts by key, and the number to type for the choice of a step."""

    texts: Mapping[str, str]
    numbers: Mapping[str, str]


def read_guide() -> Guide:
    """From the content files, so that a better wording breaks no test."""
    pack = read_pack("serbia")
    steps = pack.guides[GUIDE].shown()
    numbers = {
        step: str([choice.id for choice in getattr(steps[step], "choices", ())].index(choice) + 1)
        for step, choice in WAY
    }
    return Guide({key: source.text for key, source in english(pack).items()}, numbers)


@dataclass(slots=True)
class Walk:
    """Where a person stands, and what to do next. `typing`: types everything, as over a bad connection."""

    guide: Guide
    chance: Random
    typing: bool = False
    _at: int = 0
    _opened: int = 0

    def moves(self, room: int) -> Iterator[Move]:
        """The next act; or up to `room` of them, typed one after the other without waiting for answers."""
        if self._opened < len(OPENING):
            yield OPENING[self._opened]
            self._opened += 1
        elif self.chance.random() < 0.2:
            for _ in range(min(room, MOST_AT_ONCE)):
                move = self._step()
                yield Move(move.shows, move.words)
        else:
            yield self._step()

    def _step(self) -> Move:
        """Forward mostly, back sometimes, now and then the same step once more."""
        drawn = self.chance.random()
        if drawn < 0.1:
            return Move(self._shows(), REPEAT)
        if (drawn < 0.4 and self._at > 0) or self._at == len(WAY) - 1:
            self._at -= 1
            return Move(self._shows(), "back", ("b", "b"))
        step, choice = WAY[self._at]
        self._at += 1
        return Move(self._shows(), self.guide.numbers[step], ("a", choice))

    def _shows(self) -> str:
        return f"{GUIDE}.{WAY[self._at][0]}.title"


class Shown(Protocol):
    """A message that the bot sent."""

    @property
    def pressable(self) -> Sequence[tuple[str, str]]:
        """(label, data) of its buttons that do something."""
        ...

    @property
    def text(self) -> str:
        """What the person reads."""
        ...


class Talker(Protocol):
    """A person on any channel."""

    @property
    def id(self) -> int | str:
        """By what the channel knows them."""
        ...

    @property
    def messages(self) -> Sequence[Any]:
        """What they got, in order: as Shown."""
        ...

    async def says(self, words: str) -> object:
        """Write words."""
        ...

    async def presses_raw(self, data: str, message: Any) -> object:
        """Press a button by its data."""
        ...

    async def hears(self, *, timeout: float) -> Sequence[Shown]:
        """Wait for the next message, so many seconds. Raises TimeoutError."""
        ...


@dataclass(slots=True)
class Chat:
    """One person's talk. `acted` is called after each act.

    expected: what screen 1, 2, 3 ... must show. heard: number and text of every screen, in the order of appearance; a
    screen that came twice stands there twice.
    """

    person: Talker
    walk: Walk
    acts: int
    acted: Callable[[], None]
    expected: list[str] = field(default_factory=list)
    heard: list[tuple[int, str]] = field(default_factory=list)

    @property
    def finished(self) -> bool:
        """Whether all acts are done."""
        return len(self.expected) == self.acts

    async def talk(self) -> None:
        """All acts, the next one only after the answer; ends early where none comes or has no way on."""
        try:
            while not self.finished:
                for move in self.walk.moves(self.acts - len(self.expected)):
                    await self.do(move)
                await self.listen()
        except (TimeoutError, LookupError):
            return

    async def do(self, move: Move) -> None:
        """One act, which the next screen answers."""
        if move.button is None or self.walk.typing:
            await self.person.says(move.words)
        else:
            message, data = self._button(*move.button)
            await self.person.presses_raw(data, message)
        self.expected.append(self.walk.guide.texts[move.shows])
        self.acted()

    async def listen(self) -> None:
        """Wait for the answer to the last act. Raises TimeoutError where it does not come."""
        while max((screen for screen, _ in self.heard), default=0) < len(self.expected):
            self._hear(await self.person.hears(timeout=PATIENCE))

    async def listen_once_more(self) -> None:
        """Take in what came unasked for."""
        while True:
            try:
                self._hear(await self.person.hears(timeout=0.01))
            except TimeoutError:
                return

    def _hear(self, messages: Sequence[Shown]) -> None:
        self.heard += [(screen_of(message), message.text) for message in messages]

    def _button(self, act: str, argument: str) -> tuple[Any, str]:
        """The button on the newest screen; of two equal messages on the last."""
        for message in reversed(self.person.messages):
            for _, data in message.pressable:
                parts = _parts(data)
                if parts[-1] == str(len(self.expected)) and parts[0] == act and parts[-2] == argument:
                    return message, data
        raise LookupError(f"screen {len(self.expected)} has no button {act} {argument}")


def _parts(data: str) -> list[str]:
    return data.rpartition("~")[0].split(".")


def screen_of(message: Shown) -> int:
    """The number of the screen that a message shows."""
    _, data = message.pressable[0]
    return int(_parts(data)[-1])
