"""Whatever a person presses, types or forgets for days, in any language: the bot answers, and the answer is sound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.actions import Act
from bot.channels.base import Media, Outgoing, Press, Words
from bot.dialogue import DOUBLE_TAP
from bot.state import Place
from bot.world import PICKABLE
from i18n.locales import LOCALES
from tests.transcripts.screen_rules import FIXED, ScreenRules
from tests.transcripts.stage import Stage, shipped_world

# What people type: answers, cries for help, languages that we have or lack, thanks, insults, nonsense.
TYPED = (
    "yes", "Done", "done", "no", "help", "I am in danger", "يضربني", "در خطر هستم", "u opasnosti sam", "English",
    "Српски", "srpski", "دری", "farsi", "عربي", "Kiswahili", "kurdi", "تشکر", "thank you", "???", "🙂", "police",
    "where is the doctor", "licence", "گواهینامه", "[x]", "{guide}", "~", "a.b~c", "\u202e", "\u2068", "1 2 3",
)  # fmt: skip
NUMBERS = ("1", "2", "3", "7", "99", "0", "۱", "۳", "٢", "٤", "２", "(1)", "2.", "१")
COMMANDS = (
    "/start", "/start driving-licence", "/menu", "/help", "/language", "/stop", "/delete", "/privacy", "/urgent",
    "/nothing", "back", "برگشت", "رجوع", "person", "человек", "repeat", "continue", "ادامه", "قف", "بس", "стоп", "home",
)  # fmt: skip
PAUSES = (
    timedelta(seconds=1), timedelta(seconds=11), timedelta(minutes=9), timedelta(minutes=11), timedelta(hours=13),
    timedelta(hours=25), timedelta(days=21), timedelta(days=400),
)  # fmt: skip
FORGED = ("", "h.1~AAAAAAAAAAA", "a.1.1.done.3~", "~", "z.9~x", "a" * 200, "h.x~")

MANY = st.integers(0, 30)
Content = Words | Press | Media
Move = Callable[["Walker"], None]


@dataclass(slots=True)
class Walker:
    """A person who does anything at all, and looks hard at every answer."""

    rules: ScreenRules
    stage: Stage
    last: str = ""
    forgotten: int = 0
    trail: list[str] = field(default_factory=list)

    def presses(self, ago: int, button: int) -> None:
        """Press some button of the message that came `ago` messages before the newest."""
        messages = self.stage.messages
        message = messages[max(len(messages) - 1 - ago, 0)]
        buttons = [found for row in message.rows for found in row]
        if not buttons:
            return self.says(Words("/start"))
        chosen = buttons[button % len(buttons)]
        runs, action = self.stage.talk.state.session.runs, self.stage.action(chosen)
        self.says(Press(chosen.data))
        current = [(str(run.id), str(run.visit)) for run in runs[-1:]]
        if action.act is Act.ANSWER and (action.args[0], action.args[1]) not in current:
            assert self.stage.talk.state.session.runs == runs, "a stale answer changed where the person stands"
        return None

    def says(self, content: Content) -> None:
        """Let something arrive; look at the answer."""
        talk, stage = self.stage.talk, self.stage
        self.trail.append(f"{content}")
        before = talk.state
        messages = talk.says(content)
        stage.messages += messages
        doubled = before.pressed_at is not None and stage.clock() - before.pressed_at < DOUBLE_TAP
        may_be_silent = (isinstance(content, Press) and doubled and content.data == before.pressed) or (
            isinstance(content, Words) and content.edited
        )
        assert messages or may_be_silent, f"no answer to {content}"
        self.looks_at(messages)
        self.stands_well()

    def speaks(self, locale: str) -> None:
        """Ask for another language by its own name: the step stays."""
        runs = self.stage.talk.state.session.runs
        self.says(Words(LOCALES[locale].name))
        assert self.stage.talk.person.locale == locale
        assert self.stage.talk.state.session.runs == runs, "another language, another step"

    def looks_at(self, messages: list[Outgoing]) -> None:
        """Every message is sound."""
        talk = self.stage.talk
        gone, self.forgotten = talk.memory.forgotten > self.forgotten, talk.memory.forgotten
        stranger_picks = not talk.person.locale and talk.state.place is Place.PICKER
        for message in messages:
            wrong = list(self.rules.complaints(message, fixed_row=not (gone or stranger_picks)))
            assert not wrong, wrong

    def stands_well(self) -> None:
        """A wait, or no guide at all."""
        talk = self.stage.talk
        run = talk.state.session.run
        assert run is None or talk.world.library[run.flow].steps[run.step].waits, f"nothing waits at {run}"


@pytest.fixture(scope="module")
def rules() -> ScreenRules:
    return ScreenRules(shipped_world())


def typed(words: str) -> Move:
    return lambda walker: walker.says(Words(words))


MOVES: st.SearchStrategy[Move] = st.one_of(
    # On, on: what stands first on a screen is tried most, so that walks get deep.
    *[st.integers(0, 6).map(lambda button: lambda walker: walker.presses(0, button))] * 4,
    MANY.map(lambda button: lambda walker: walker.presses(0, button)),
    st.tuples(MANY, MANY).map(lambda found: lambda walker: walker.presses(*found)),
    st.sampled_from((*TYPED, *NUMBERS, *COMMANDS)).map(typed),
    st.text(max_size=40).map(typed),
    st.sampled_from(PAUSES).map(lambda pause: lambda walker: walker.stage.passes(pause)),
    st.sampled_from(PICKABLE).map(lambda locale: lambda walker: walker.speaks(locale)),
    st.sampled_from(FORGED).map(lambda data: lambda walker: walker.says(Press(data))),
    st.sampled_from(("voice", "photo")).map(lambda kind: lambda walker: walker.says(Media(kind))),
    st.sampled_from(TYPED).map(lambda words: lambda walker: walker.says(Words(words, edited=True))),
)


def begins(rules: ScreenRules, locale: str) -> Walker:
    """A person who has pressed /start, with a phone in this language."""
    walker = Walker(rules, Stage(rules.world, {"phone": LOCALES[locale].tag}))
    walker.says(Words("/start"))
    return walker


@pytest.mark.parametrize("locale", PICKABLE)
def test_every_walk_from_start_is_answered_and_rests_at_a_wait(rules: ScreenRules, locale: str) -> None:
    @settings(max_examples=25, deadline=None, derandomize=True)
    @given(st.lists(MOVES, min_size=40, max_size=80))
    def walks(moves: list[Move]) -> None:
        walker = begins(rules, locale)
        for move in moves:
            move(walker)

    walks()
