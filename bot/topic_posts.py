"""What is posted in the topic of a request: that somebody wrote, or their words; files and events, as one line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import assert_never

from bot.cards import Card, Msg, Value
from bot.channels.outgoing import Outgoing, Paragraph, Style
from bot.channels.telegram.topics import MIRRORED
from bot.compose import Composer, compose
from bot.files_in import length
from bot.staff_group import ROOM
from bot.topic_cards import Showing, to_desk
from bot.world import World
from flows.limits import utf16
from i18n.text import say_moment, say_time
from storage.topics import Entry, Kind

CUT = "…"
LONGEST_POST = 4000  # UTF-16 units; a message holds 4,096, and a name may come before it
PERSONS = frozenset({Kind.PERSON, Kind.FILE})


@dataclass(frozen=True, slots=True)
class Posting:
    """What is known for the posts of one topic. number: of its request.

    texts: words of messages by id; empty where words are not shown. labels: who of us, by id; "" where nobody was.
    """

    world: World
    showing: Showing
    number: int
    texts: Mapping[int, str]
    labels: Mapping[int | None, str]
    now: datetime

    def first(self, entries: Sequence[Entry]) -> tuple[Sequence[Entry], Outgoing]:
        """As much of the beginning as goes into one post, all of one side: which entries these are, and the post.

        entries: what is not there yet, oldest first, at least one. A single one that is too long ends early: the desk
        has all of it.
        """
        together = list(takewhile(lambda one: _side(one) == _side(entries[0]), entries))
        lines = [self._line(entry) for entry in together]
        while len(lines) > 1 and utf16("\n".join(lines)) > LONGEST_POST:
            lines.pop()
        together = together[: len(lines)]
        words = self._whole(together[0], _cut("\n".join(lines)))
        # Who writes, without words, or a file: there is more of it at the desk.
        more = together[0].kind in PERSONS and any(entry.id not in self.texts for entry in together)
        card = Card((), to_desk(self.world, self.number) if more else (), nav=False)
        rows = compose(self.world, self.showing.language, card, 0, ROOM).rows
        return together, Outgoing((Paragraph(Style.TEXT, words),), rows, self.showing.language)

    def _line(self, entry: Entry) -> str:
        match entry.kind:
            case Kind.PERSON if entry.id in self.texts:
                return self.texts[entry.id]
            case Kind.PERSON:
                return self._say("wrote", time=self._time(entry))
            case Kind.STAFF if entry.id in self.texts:
                return self.texts[entry.id]
            case Kind.STAFF:
                return self._say("answered", name=self.labels[entry.staff_id], time=self._time(entry))
            case Kind.FILE:
                kind = self._composer.say(Msg(f"desk.media.{entry.code}"))
                kind += "" if entry.seconds is None else f", {length(entry.seconds)}"
                return self._say("file", kind=kind, time=self._time(entry))
            case Kind.EVENT:
                what, by = Msg(f"desk.event.{entry.code}"), self.labels[entry.staff_id]
                if not by:
                    return self._say("happened", what=what, time=self._time(entry))
                return self._say("did", name=by, what=what, time=self._time(entry))
            case _:
                assert_never(entry.kind)

    def _whole(self, first: Entry, words: str) -> str:
        if first.kind in PERSONS:
            return f"{MIRRORED} {words}"  # only an answer to a post that begins so goes to the person
        if first.id in self.texts:
            return self._say("sent", name=self.labels[first.staff_id], text=words)
        return words

    def _time(self, entry: Entry) -> str:
        """The time of day; with its date where it is not of today."""
        local, today = self.world.calendar.local(entry.at), self.world.today(self.now)
        return (say_time if local.date() == today else say_moment)(local, self.showing.language)

    def _say(self, line: str, **params: Value) -> str:
        return self._composer.say(Msg(f"desk.room.{line}", params))

    @property
    def _composer(self) -> Composer:
        return Composer(self.world, self.showing.language)


def _side(entry: Entry) -> tuple[Kind, int | None]:
    """What stands together: the person's, of each of us what they wrote, and what happened."""
    if entry.kind in PERSONS:
        return Kind.PERSON, None
    return entry.kind, entry.staff_id if entry.kind is Kind.STAFF else None


def _cut(words: str) -> str:
    while utf16(words) > LONGEST_POST:
        words = words[: -max((utf16(words) - LONGEST_POST) // 2, 2)] + CUT
    return words
