"""One person in front of the whole conversation on a real database, driven by hand: no loops, no channel, no waiting.

What a running house does in loops is done here when a test says so, at the time that its clock says.
"""

from __future__ import annotations

from itertools import count

from bot.channels.arrivals import Inbound, Press, Words
from bot.channels.outgoing import Outgoing
from bot.conversation import Conversations
from bot.floor import may_speak
from bot.inbox import to_arrival
from bot.notice_cards import NoticeCards
from bot.pacing import PersonPace
from bot.payload import unpack
from bot.world import World
from storage import contacts, queue
from storage.outcomes import Sent
from storage.rows import Claimed, Standing
from storage.tables import Conversation
from storage.timers import ring_timers
from storage.unit_of_work import Unit
from tests.storage.build import Store
from tests.transcripts.script import plain

CHANNEL, ACCOUNT = "telegram", "bot-1"


class Chat:
    """heard: every message that was sent, the newest last."""

    def __init__(self, store: Store, world: World, chat: str = "chat-1", channel: str = CHANNEL) -> None:
        self.store = store
        self.world = world
        self.heard: list[Outgoing] = []
        self._chat = chat
        self._channel = channel
        self._numbers = count()
        self._conversations = Conversations(lambda: self.world, PersonPace(10_000, 10_000))

    def says(self, content: Words | Press | str) -> list[Outgoing]:
        """Let something arrive; what is sent then."""
        said = Words(content) if isinstance(content, str) else content
        number, now = next(self._numbers), self.store.clock()
        inbound = Inbound(self._channel, ACCOUNT, f"{self._chat}:{number}", self._chat, said, now)
        self.store.accept(to_arrival(inbound))
        return self.goes_on()

    def presses(self, label: str) -> list[Outgoing]:
        """Press the button of the newest message whose label has these words. Raises LookupError."""
        return self.says(Press(self.data(label)))

    def data(self, label: str) -> str:
        """What a button of the newest message carries. Raises LookupError."""
        found = self._buttons()
        return found.get(label) or next((data for name, data in found.items() if label in name), "") or _none(label)

    def newest(self) -> list[str]:
        """What the buttons of the newest message carry."""
        return list(self._buttons().values())

    def goes_on(self) -> list[Outgoing]:
        """Ring what is due, handle what waits, send what may go; what was sent."""
        before = len(self.heard)
        while self.store.database.write_now(ring_timers) + self.store.database.write_now(self._handle):
            pass
        while claimed := self.store.database.write_now(self._claim):
            for row in claimed:
                self._hears(row)
        return self.heard[before:]

    def agrees(self, language: str = "en", choice: str = "full") -> None:
        """Be somebody who chose a language and answered about saving."""
        self.says("/start")
        self.says(Press(next(data for data in self.newest() if data.startswith(f"l.{language}."))))
        self.says(Press(next(data for data in self.newest() if data.startswith(f"c.{choice}."))))

    @property
    def standing(self) -> Standing:
        """How it stands with the conversation."""
        (id,) = self.store.column(Conversation.id)
        return self.store.database.read_now(lambda unit: contacts.standing(unit, id))

    @property
    def shown(self) -> str:
        """The words of the newest message."""
        return words_of(self.heard[-1])

    def _handle(self, unit: Unit) -> int:
        taken = queue.take(unit)
        for row in taken:
            self._conversations.handle(unit, row)
        queue.done(unit, taken)
        return len(taken)

    def _claim(self, unit: Unit) -> list[Claimed]:
        passing = NoticeCards(lambda: self.world).passing(unit.now)
        return queue.claim(unit, 32, may_speak, (self._channel,), passing=passing)

    def _hears(self, row: Claimed) -> None:
        self.heard.append(unpack(row.payload))
        self.store.settle(row, Sent(str(row.id)))

    def _buttons(self) -> dict[str, str]:
        newest = next(out for out in reversed(self.heard) if out.rows)
        return {button.label: button.data for row in newest.rows for button in row}


def words_of(out: Outgoing) -> str:
    """The words of a message, without invisible marks."""
    return plain("\n".join(paragraph.text for paragraph in out.paragraphs))


def _none(label: str) -> str:
    raise LookupError(f"no button {label!r}")
