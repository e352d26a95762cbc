"""People and assistants who write to each other without waiting, and what became of their words.

Each writer numbers their words. What was lost, done twice, mixed up or sent twice can be read off the person's chat and
off the thread that the assistant reads.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from random import Random

import httpx

from bot.sandbox.people import Person
from tests.acceptance.walks import plain
from tests.reliability.people import PATIENCE

LOOK_AGAIN = 0.25  # seconds until a form is sent again

Pause = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Seat:
    """An assistant's browser. share: of the desk's answers that get lost on the way; repeated: forms sent again."""

    member: int
    http: httpx.AsyncClient
    chance: Random
    share: float
    repeated: int = 0

    async def press(self, number: int, act: str, once: str, **fields: str) -> None:
        """Send a form of a request until it is answered, as the page does. Raises TimeoutError where it never is."""
        async with asyncio.timeout(PATIENCE):
            while not await self._answered(f"/desk/requests/{number}/{act}", {"once": once} | fields):
                self.repeated += 1
                await asyncio.sleep(LOOK_AGAIN)

    async def _answered(self, path: str, form: dict[str, str]) -> bool:
        try:
            answer = await self.http.post(path, data=form)
        except httpx.TransportError:
            return False
        if answer.is_server_error or self.chance.random() < self.share:
            return False
        assert answer.status_code == httpx.codes.SEE_OTHER, f"{path}: {answer.status_code}"
        return True


@dataclass(slots=True)
class Talk:
    """One person and the assistant who has their request. heard: all texts of the chat since then, copies as well."""

    person: Person
    number: int
    seat: Seat
    asked: Sequence[str]
    answered: Sequence[str]
    heard: list[str]

    @classmethod
    def of(cls, person: Person, number: int, seat: Seat, words: int) -> Talk:
        """A talk in which both sides will write so many words."""
        asked, answered = ([f"{side}{person.id}-{at}" for at in range(1, words + 1)] for side in "ps")
        return cls(person, number, seat, asked, answered, [])

    async def person_writes(self, pause: Pause) -> None:
        """All words of the person; `pause` comes before each."""
        for word in self.asked:
            await pause()
            await self.person.says(word)

    async def assistant_writes(self, pause: Pause) -> None:
        """All words of the assistant, each when the desk has answered to the one before."""
        for word in self.answered:
            await pause()
            await self.seat.press(self.number, "answer", word, text=word)

    async def listen(self) -> None:
        """Take in what stands in the chat by now."""
        while True:
            try:
                self.heard += [plain(message.text) for message in await self.person.hears(timeout=0.01)]
            except TimeoutError:
                return


@dataclass(slots=True)
class Findings:
    """What went wrong, in counts of words; all but doubled_to_people must be 0.

    doubled_to_staff: words of either side that stand in a thread again, or that nobody wrote. doubled_to_people: copies
    in chats beyond the first; unlisted_doubles: those that the product does not know of. out_of_order: words of either
    side that came first after a later one. bot_spoke: messages in chats that no assistant wrote.
    """

    lost_to_staff: int = 0
    doubled_to_staff: int = 0
    lost_to_people: int = 0
    doubled_to_people: int = 0
    unlisted_doubles: int = 0
    out_of_order: int = 0
    bot_spoke: int = 0

    def compare(self, talk: Talk, thread: Sequence[tuple[str, str]], doubted: Sequence[int]) -> None:
        """Add one talk. thread: (direction, text) as the desk shows it. doubted: see Account, of the person's chat."""
        self._look_into_thread(talk, thread)
        copies, written = Counter(talk.heard), set(talk.answered)
        self.bot_spoke += sum(count for text, count in copies.items() if text not in written)
        self.lost_to_people += len(written - copies.keys())
        self.out_of_order += _late([text for text in talk.heard if text in written], talk.answered)
        # The assistant has the last word of all that was said in this chat, if the bot is silent.
        for word, doubts in zip(talk.answered, doubted[-len(talk.answered) :], strict=True):
            more = max(0, copies[word] - 1)
            self.doubled_to_people += more
            self.unlisted_doubles += max(0, more - doubts)

    def _look_into_thread(self, talk: Talk, thread: Sequence[tuple[str, str]]) -> None:
        for direction, written in (("in", talk.asked), ("out", talk.answered)):
            shown = [text for side, text in thread if side == direction]
            missing = len(set(written) - set(shown))
            self.lost_to_staff += missing
            self.doubled_to_staff += len(shown) + missing - len(written)
            self.out_of_order += _late(shown, written)


def _late(shown: Sequence[str], written: Sequence[str]) -> int:
    """How many words appear first after one that was written later."""
    places = {word: place for place, word in enumerate(written)}
    newest = late = 0
    for word in dict.fromkeys(shown):
        place = places.get(word, newest)
        late += place < newest
        newest = max(newest, place)
    return late
