"""Where transcripts are played: one person, the real dialogue, the standing reloaded between turns.

What a turn brings is given back as the lines of a transcript, so playing and recording are the same act.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import assert_never

from bot import actions, state
from bot.actions import Action
from bot.channels.arrivals import Attachment, Media, MediaKind, Press, Words
from bot.channels.outgoing import Button, Outgoing
from bot.exchange import Asked
from bot.loading import build_world, read_pack
from bot.settings import Settings
from bot.testing import ADDRESS, FakeClock, Talk
from bot.world import World
from content.load import Pack
from content.parts import Change
from flows.answers import sensitive
from flows.engine import advance
from flows.events import AnswersDropped
from flows.model import FlowId, Profile, StepId
from storage.news import Told
from tests.transcripts.routes import Routes
from tests.transcripts.script import Act, Turn, block, plain

COUNTRY = "serbia"
KEEP_SENSITIVE = timedelta(hours=24)  # ruling 14; a test holds it to the real conversation's
BUTTON_KEY = b"for transcripts only, 32 bytes.."
CHANNEL = "telegram"
HOME = "home"
SILENT = "bot: says nothing"
NOW = "2026-11-23 10:00"  # a Monday; the time is the country's
_BUTTON = re.compile(r'\[(?P<label>.+)\](?: under "(?P<words>.+)")?')
_TIME = re.compile(r"\+(?P<number>\d+) (?P<unit>minute|hour|day|week)s?")
_NOTICE = re.compile(r"(?P<date>\d{4}-\d{2}-\d{2}), (?P<title>[^:]+): (?P<words>.+)")
_CHANGE = re.compile(r"(?P<date>\d{4}-\d{2}-\d{2}): (?P<text>.+)")


class Impossible(LookupError):
    """What a transcript wants to happen cannot: there is no such button, time or change."""


def world_with(pack: Pack) -> World:
    """A pack as a world; the names of bot and organisation are marked as a test's."""
    return build_world(Settings(organisation="Test organisation", bot_name="Test bot"), pack, {}, BUTTON_KEY)


@cache
def shipped_world() -> World:
    """The shipped content as a world, built once."""
    return world_with(read_pack(COUNTRY))


class TimedTalk(Talk):
    """A talk that drops sensitive answers a day after the last one, as the timer of the real conversation does."""

    _drops_at: datetime | None = None

    def says(self, content: Words | Press | Media) -> list[Outgoing]:
        """See Talk.says."""
        if self._drops_at is not None and self.clock() >= self._drops_at:
            library, before = self.world.library, self.state
            dropped = advance(library, before.session, AnswersDropped(), Profile(), self.clock()).session
            self._raw, self._drops_at = state.dump(replace(before, session=dropped)), None
        known = sensitive(self.world.library, self.state.session.runs)
        messages = super().says(content)
        if sensitive(self.world.library, self.state.session.runs) - known:
            self._drops_at = self.clock() + KEEP_SENSITIVE
        return messages


class Stage:
    """A talk that is led by the turns of a transcript.

    Its header says what the person brings: language, phone (its language), now, guide; and where they are already when
    the transcript begins. at: home, or a step of the guide, reached in the language on the shortest way. None: nowhere.
    """

    def __init__(self, world: World, header: Mapping[str, str]) -> None:
        here = datetime.fromisoformat(header.get("now", NOW)).replace(tzinfo=world.calendar.zone)
        self.clock = FakeClock(here.astimezone(UTC))
        self.talk = TimedTalk(world, self.clock, channel=CHANNEL, phone=header.get("phone"))
        self.messages: list[Outgoing] = []
        self._guide = header.get("guide", "")
        if "at" in header:
            self._arrives(header["language"], header["at"])

    def plays(self, turn: Turn) -> Turn:
        """Let the turn happen; the turn with what follows from it. Raises Impossible."""
        before = self._seen_by_staff()
        messages = self._happens(turn)
        self.messages += messages
        answer = tuple(line for message in messages for line in lines_of(message))
        if not messages and turn.act not in {Act.TIME, Act.CHANGES, Act.NOTICE}:
            answer = (SILENT,)
        seen = [line for old, new in zip(before, self._seen_by_staff(), strict=True) for line in new[len(old) :]]
        return replace(turn, answer=answer + (block("staff sees", seen) if seen else ()))

    def twin(self) -> Talk:
        """The same person at the same place, who may do something else."""
        talk = copy(self.talk)
        talk.memory, talk.team, talk.subscriptions = copy(talk.memory), copy(talk.team), copy(talk.subscriptions)
        for scratch in (talk.memory, talk.team, talk.subscriptions):
            for field in fields(scratch):
                value = getattr(scratch, field.name)
                setattr(scratch, field.name, copy(value) if isinstance(value, list | dict) else value)
        return talk

    def offers(self) -> list[tuple[Button, Action]]:
        """The buttons of the newest message and what they do."""
        rows = self.messages[-1].rows if self.messages else ()
        return [(button, self.action(button.data)) for row in rows for button in row]

    def finds(self, act: actions.Act, *args: str) -> Button:
        """The button of the newest message that does this, whatever it says. Raises Impossible."""
        for button, action in self.offers():
            if action.act is act and action.args[len(action.args) - len(args) :] == args:
                return button
        raise Impossible(f"no button does {act.name} {args}")

    def action(self, data: str) -> Action:
        """What a button does. Raises Impossible for one that is not ours."""
        found = actions.read(data, self.talk.world.button_key, ADDRESS)
        if found is None:
            raise Impossible(f"a button is not signed for this person: {data}")
        return found

    def passes(self, by: timedelta) -> None:
        """Let time pass."""
        self.clock.forward(by)

    def presses(self, act: actions.Act, *args: str) -> None:
        """Press the button of the newest message that does this. Raises Impossible."""
        self.messages += self.talk.says(Press(self.finds(act, *args).data))

    def _arrives(self, language: str, at: str) -> None:
        self.messages += self.talk.says(Words("/start"))
        self.presses(actions.Act.LANGUAGE, language)
        self.presses(actions.Act.CONSENT, "full")
        if at != HOME:
            world = self.talk.world
            routes = Routes(world.library, FlowId(self._guide), Profile(country=world.pack.country, consent=True))
            self.presses(actions.Act.GUIDE, self._guide)
            self.presses(actions.Act.START)
            for choice in routes.shortest()[StepId(at)]:
                self.presses(actions.Act.ANSWER, choice)

    def _happens(self, turn: Turn) -> list[Outgoing]:
        match turn.act:
            case Act.PERSON:
                button = _BUTTON.fullmatch(turn.words)
                return self.talk.says(self._press(button) if button else Words(turn.words))
            case Act.EDITS:
                return self.talk.says(Words(turn.words, edited=True))
            case Act.SENDS:
                kind, _, caption = turn.words.partition(", ")
                return self.talk.says(_media(kind, caption))
            case Act.TIME:
                self.passes(_duration(turn.words))
                return []
            case Act.NOTICE:
                self._sends(turn.words)
                return []
            case Act.CHANGES:
                self.talk.world = self.talk.memory.world = self._changed(turn.words)
                return []
            case _:
                assert_never(turn.act)

    def _sends(self, words: str) -> None:
        """A notice in the language of the transcript, which the person has got just now."""
        found = _NOTICE.fullmatch(words)
        if found is None:
            raise Impossible(f"a notice is written as 2026-12-31, Title: words, not {words!r}")
        told = self.talk.subscriptions.told
        texts = {self.talk.person.locale: (found["title"], found["words"])}
        until, number = date.fromisoformat(found["date"]), len(told) + 1
        self.talk.subscriptions.told = [Told(number, "news", until, None, "[]", self.clock(), (), texts), *told]
        self.talk.subscriptions.newest = number

    def _press(self, found: re.Match[str]) -> Press:
        label, words = found["label"], found["words"]
        messages = self.messages[-1:] if words is None else [
            message for message in self.messages if words in plain("\n".join(text_lines(message)))
        ]  # fmt: skip
        buttons = [button for message in messages[-1:] for row in message.rows for button in row]
        data = [button.data for button in buttons if plain(button.label) == label]
        if not data:
            labels = ", ".join(plain(button.label) for button in buttons) or "no buttons"
            raise Impossible(f"no button says {label!r}; there are {labels}")
        return Press(data[0])

    def _changed(self, words: str) -> World:
        found, pack = _CHANGE.fullmatch(words), self.talk.world.pack
        if found is None or self._guide not in pack.guides:
            raise Impossible(f"a change is written as 2026-12-31: words, with a guide in the header, not {words!r}")
        guide = pack.guides[self._guide]
        changes = (*guide.changes, Change.model_validate(found.groupdict()))
        guides = {**pack.guides, guide.id: guide.model_copy(update={"changes": changes})}
        return world_with(replace(pack, guides=guides))

    def _seen_by_staff(self) -> tuple[list[str], ...]:
        memory = self.talk.memory
        return (
            [line for number, asked in enumerate(memory.requests, 1) for line in _request(number, asked)],
            [f'request {number}: "{words}"' for number, words in memory.joined],
            [f"feedback on {guide}: {value}" for guide, value in memory.ratings],
            ["a person was deleted"] * memory.forgotten,
        )


def text_lines(message: Outgoing) -> list[str]:
    """The lines of a message's text."""
    return [line for paragraph in message.paragraphs for line in paragraph.text.splitlines()]


def lines_of(message: Outgoing) -> tuple[str, ...]:
    """A message as the lines of a transcript."""
    rows = [" ".join(f"[{button.label}]" for button in row) for row in message.rows]
    said = block("bot", text_lines(message)) + (block("buttons", rows) if rows else ())
    return tuple(plain(line) for line in said)


def _request(number: int, asked: Asked) -> list[str]:
    """What staff read of a request: sensitive answers only as hidden."""
    place = f"guide {asked.guide}, step {asked.step}" if asked.step else f"guide {asked.guide}"
    answers = [f"{name} {value}" for name, value in asked.answers.items()]
    answers += [f"{name} hidden" for name in asked.sensitive]
    return [
        f"request {number}: {asked.type}, {place if asked.guide else 'no guide'}, language {asked.locale}",
        *([f"about notice {asked.notice}"] if asked.notice is not None else []),
        *([f"about event {asked.event}"] if asked.event is not None else []),
        *([f"answers: {', '.join(answers)}"] if answers else []),
    ]


def _media(kind: str, caption: str) -> Media:
    """Something sent: a voice note lasts 24 seconds, a place is the middle of Belgrade."""
    if kind not in [*MediaKind]:
        raise Impossible(f"what is sent is one of {', '.join(MediaKind)}, not {kind!r}")
    seconds = 24 if kind == MediaKind.VOICE else None
    place = (44.8, 20.46) if kind == MediaKind.PLACE else None
    return Media(MediaKind(kind), caption, seconds=seconds, file=Attachment("test"), place=place)


def _duration(words: str) -> timedelta:
    found = _TIME.fullmatch(words)
    if found is None:
        raise Impossible(f"time moves as +10 minutes or +3 days, not {words!r}")
    return timedelta(**{f"{found['unit']}s": int(found["number"])})
