"""A person who does anything at all, by chance that is handed in, and looks hard at every answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import TypeVar

from bot.actions import Act
from bot.channels.arrivals import Media, MediaKind, Press, Words
from bot.channels.outgoing import Outgoing
from bot.dialogue import DOUBLE_TAP
from bot.state import CHOOSING, Place
from bot.world import PICKABLE
from i18n.locales import LOCALES
from tests.transcripts.screen_rules import FIXED, ScreenRules
from tests.transcripts.stage import Stage, lines_of

Option = TypeVar("Option")

# What people type: answers, cries for help, languages that we have or lack, thanks, nonsense, imitations.
TYPED = (
    "yes", "Done", "no", "help", "I am in danger", "يضربني", "در خطر هستم", "u opasnosti sam", "English", "Српски",
    "دری", "farsi", "عربي", "Kiswahili", "kurdi", "تشکر", "thank you", "???", "🙂", "police", "where is the doctor",
    "گواهینامه", "[x]", "{guide}", "~", "a.b~c", "\u202e", "\u2068", "1 2 3", "", " ", "a" * 4096, "\u200b", "ﷺ",
)  # fmt: skip
NUMBERS = ("1", "2", "3", "7", "99", "0", "۱", "۳", "٢", "٤", "２", "(1)", "2.", "१", "٠", "9" * 30)
COMMANDS = (
    "/start", "/start driving-licence", "/menu", "/help", "/language", "/stop", "/delete", "/privacy", "/urgent", "/",
    "/nothing", "back", "برگشت", "رجوع", "person", "человек", "repeat", "continue", "ادامه", "قف", "بس", "стоп", "home",
)  # fmt: skip
PAUSES = (
    timedelta(seconds=1), timedelta(seconds=11), timedelta(minutes=9), timedelta(minutes=11), timedelta(hours=13),
    timedelta(hours=25), timedelta(days=21), timedelta(days=400),
)  # fmt: skip
FIXED_ACTIONS = [(act, ()) for act in FIXED]
FORGED = ("", "h.1~AAAAAAAAAAA", "a.1.1.done.3~", "~", "z.9~x", "a" * 200, "h.x~")


@dataclass(slots=True)
class Walker:
    """One person. trail: what they did, for who reads a failed test."""

    rules: ScreenRules
    stage: Stage
    chance: Random
    trail: list[str] = field(default_factory=list)
    _forgotten: int = 0

    def walks_into(self, guide: str, route: Sequence[str]) -> None:
        """Straight from the languages along a route into a guide."""
        self._finds(Act.LANGUAGE)
        self._finds(Act.CONSENT, self._any(("full", "unsaved")))
        self._finds(Act.GUIDE, guide)
        self._finds(Act.START)
        for choice in route:
            self._finds(Act.ANSWER, choice)

    def does_something(self) -> None:
        """One thing out of all that people do; going on is the most frequent."""
        moves: list[tuple[Callable[[], None], int]] = [
            (self._goes_on, 60),
            (lambda: self._presses(0), 15),
            (lambda: self._presses(self.chance.randrange(30)), 6),
            (lambda: self.says(Words(self._any(TYPED))), 5),
            (self._types_the_number_of_a_button, 5),
            (lambda: self.says(Words(self._any(NUMBERS))), 3),
            (lambda: self.says(Words(self._any(COMMANDS))), 4),
            (self._types_at_random, 2),
            (self._speaks, 3),
            (lambda: self._waits(self._any(PAUSES)), 4),
            (lambda: self.says(Press(self._any(FORGED))), 1),
            (lambda: self.says(Media(self._any([*MediaKind]), self._any(("", "look", "help me now")))), 1),
            (lambda: self.says(Words(self._any(TYPED), edited=True)), 1),
        ]
        weights = [weight for _, weight in moves]
        (move, _), *_ = self.chance.choices(moves, weights)
        move()

    def says(self, content: Words | Press | Media) -> None:
        """Let something arrive and look at what comes back."""
        talk, stage = self.stage.talk, self.stage
        self.trail.append(str(content))
        before = talk.state
        messages = talk.says(content)
        stage.messages += messages
        doubled = before.pressed_at is not None and stage.clock() - before.pressed_at < DOUBLE_TAP
        again = isinstance(content, Press) and doubled and content.data == before.pressed
        edited = isinstance(content, Words) and content.edited
        self._must(bool(messages) or again or edited, "no answer")
        self._looks_at(messages)
        self._stands_well()

    def _goes_on(self) -> None:
        """A button above the fixed row of the newest message."""
        offers = [button for button, action in self.stage.offers() if action.act not in FIXED]
        if offers:
            self._press(self._any(offers).data)
        else:
            self._presses(0)

    def _finds(self, act: Act, *args: str) -> None:
        self._press(self.stage.finds(act, *args).data)

    def _presses(self, ago: int) -> None:
        """Any button of the message that came `ago` messages before the newest."""
        messages = self.stage.messages
        buttons = [button for row in messages[max(len(messages) - 1 - ago, 0)].rows for button in row]
        if buttons:
            self._press(self._any(buttons).data)
        else:
            self.says(Words("/start"))

    def _press(self, data: str) -> None:
        """An answer to a wait that is over, and Back on a screen beside a step, leave the person where they are."""
        before, action = self._stands(), self.stage.action(data)
        at_a_step = any(offered.act is Act.ANSWER for _, offered in self.stage.offers())
        self.says(Press(data))
        stale = action.act is Act.ANSWER and action.args[:2] not in [(str(id), str(visit)) for id, visit, _ in before]
        if stale or (action.act is Act.BACK and not at_a_step):
            self._must(self._stands() == before, f"{action} moved the person")

    def _types_the_number_of_a_button(self) -> None:
        """A typed number does what the button does that stands at this place of the newest message.

        Before a language is chosen, a number may be the number of a language.
        """
        buttons = [button for button, action in self.stage.offers() if (action.act, action.args) not in FIXED_ACTIONS]
        ticks = self.stage.talk.state.place is Place.PAPERS  # there a number is a paper
        if not buttons or ticks or not self.stage.talk.person.locale:
            return
        at = self.chance.randrange(len(buttons))
        twin = self.stage.twin()
        pressed = [lines_of(message) for message in twin.says(Press(buttons[at].data))]
        self.says(Words(str(at + 1)))
        typed = [lines_of(message) for message in self.stage.messages[len(self.stage.messages) - len(pressed) :]]
        self._must(typed == pressed, f"{at + 1} is not {buttons[at].label}: {typed} instead of {pressed}")

    def _speaks(self) -> None:
        """Another language, by its own name: the same screen of the same step; where one is chosen, the one before."""
        talk, locale = self.stage.talk, self._any(PICKABLE)
        before, place, offers = self._stands(), talk.state.place, self._offered()
        self.says(Words(LOCALES[locale].name))
        self._must(talk.person.locale == locale, f"does not speak {locale}")
        self._must(self._stands() == before, "another language, another step")
        bare = all(act in FIXED for act, _ in offers)  # a line alone; what stood before it is shown again
        moves = place is Place.OCCASION  # the days it offers are counted from today
        if place not in CHOOSING and not bare and not moves:
            self._must(self._offered() == offers, f"another language, another screen: {offers} -> {self._offered()}")

    def _stands(self) -> list[tuple[int, int, str]]:
        return [(run.id, run.visit, run.step) for run in self.stage.talk.state.session.runs]

    def _offered(self) -> list[tuple[Act, tuple[str, ...]]]:
        """What the screen offers, but for languages: those are not offered any more to who speaks one of them."""
        offered = [action for _, action in self.stage.offers() if action.act is not Act.LANGUAGE]
        return [(action.act, action.args) for action in offered]

    def _waits(self, pause: timedelta) -> None:
        self.trail.append(f"+{pause}")
        self.stage.passes(pause)

    def _types_at_random(self) -> None:
        letters = "abcčшдмнایرعقصظپ0۱٢ \n.,!?{}[]~<&>🙂\u2067\u2069\u200f"
        self.says(Words("".join(self.chance.choices(letters, k=self.chance.randrange(1, 30)))))

    def _looks_at(self, messages: list[Outgoing]) -> None:
        talk = self.stage.talk
        gone, self._forgotten = talk.memory.forgotten > self._forgotten, talk.memory.forgotten
        picks = not talk.person.locale and talk.state.place in CHOOSING
        for message in messages:
            file = message.document is not None
            for wrong in self.rules.complaints(message, fixed_row=not (gone or picks or file)):
                self._must(False, wrong)

    def _stands_well(self) -> None:
        """A wait, or no guide at all."""
        run, world = self.stage.talk.state.session.run, self.stage.talk.world
        self._must(run is None or world.library[run.flow].steps[run.step].waits, f"nothing waits at {run}")

    def _must(self, truth: bool, otherwise: str) -> None:
        assert truth, "\n".join((otherwise, "after:", *self.trail[-12:]))

    def _any(self, options: Sequence[Option]) -> Option:
        return self.chance.choice(options)
