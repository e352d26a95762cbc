"""Writes the transcripts: `python -m tests.transcripts.record`.

Those of the guides' endings are walked anew on the shortest route. In those of dialogues/ a person's lines are written
by hand and stay; what the bot answers is written anew, so a change of a text shows as a change of the file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.actions import Act as Button
from bot.world import World
from flows.check import endings
from flows.model import FlowId, Profile, StepId
from tests.transcripts.routes import Route, Routes
from tests.transcripts.script import Act, Script, Turn, Unreadable, plain, read, write
from tests.transcripts.stage import NOW, Impossible, Stage, shipped_world

FOLDER = Path(__file__).parent
DIALOGUES = FOLDER / "dialogues"
LANGUAGES = ("en", "fa_AF", "ar")
FULL = "full"  # beside the shortest walk to a guide's rated ending, one that opens everything on the longest route


@dataclass(slots=True)
class Recorder:
    """Leads a person by what buttons do and writes down what they say."""

    stage: Stage
    turns: list[Turn] = field(default_factory=list)

    def says(self, words: str) -> None:
        """Let the person say something."""
        self.turns.append(self.stage.plays(Turn(Act.PERSON, words)))

    def presses(self, act: Button, *args: str) -> None:
        """Press the button of the newest message that does this. Raises Impossible."""
        self.says(f"[{plain(self.stage.finds(act, *args).label)}]")

    def opens_what_stands_beside(self) -> None:
        """Look at the card and at More, where the step has them."""
        for act in (Button.CARD, Button.MORE):
            if any(action.act is act for _, action in self.stage.offers()):
                self.presses(act)
                self.presses(Button.CONTINUE)


def ending_scripts(world: World) -> dict[str, Script]:
    """File name -> transcript, for every ending of every guide in every language of LANGUAGES."""
    return {
        f"{'.'.join(part for part in (guide, ending, more, locale) if part)}.txt": _walked(
            world, {"guide": guide, "ending": ending, "language": locale, "now": NOW}, route, full=bool(more)
        )
        for locale in LANGUAGES
        for guide, ending, more, route in _routes(world, locale)
    }


def _routes(world: World, locale: str) -> Iterator[tuple[FlowId, StepId, str, Route]]:
    profile = Profile(country=world.pack.country, language=locale, consent=True)
    for guide, flow in world.library.items():
        routes = Routes(world.library, guide, profile)
        shortest = routes.shortest()
        for ending in endings(flow):
            yield guide, ending, "", shortest[ending]
            if _is_rated(world, guide, ending):
                yield guide, ending, FULL, routes.longest(ending)


def _is_rated(world: World, guide: FlowId, ending: StepId) -> bool:
    return bool(getattr(world.pack.guides[guide].shown()[ending], "feedback", False))


def _walked(world: World, header: dict[str, str], route: Route, *, full: bool) -> Script:
    recorder = Recorder(Stage(world, header))
    recorder.says("/start")
    recorder.presses(Button.LANGUAGE, header["language"])
    recorder.presses(Button.CONSENT, "full")
    recorder.presses(Button.GUIDE, header["guide"])
    if full and world.pack.guides[header["guide"]].papers:
        recorder.presses(Button.PAPERS)
        recorder.presses(Button.BACK)
    recorder.presses(Button.START)
    for choice in route:
        if full:
            recorder.opens_what_stands_beside()
        recorder.presses(Button.ANSWER, choice)
    if _is_rated(world, FlowId(header["guide"]), StepId(header["ending"])):
        recorder.presses(Button.FEEDBACK, "good")
    return Script(header, tuple(recorder.turns))


def replayed(world: World, script: Script) -> Script:
    """The same turns with what the bot answers today. Raises Impossible, with the line of the file."""
    stage = Stage(world, script.header)
    turns = []
    for turn in script.turns:
        try:
            turns.append(stage.plays(turn))
        except Impossible as error:
            raise Impossible(f"line {turn.line}: {error}") from error
    return replace(script, turns=tuple(turns))


def main() -> int:
    """Write every transcript anew and drop those of endings that are gone; 1 where a dialogue cannot be played."""
    world = shipped_world()
    scripts = ending_scripts(world)
    for path in FOLDER.glob("*.txt"):
        if path.name not in scripts:
            path.unlink()
    for name, script in scripts.items():
        (FOLDER / name).write_text(write(script), "utf-8")
    failed = 0
    for path in sorted(DIALOGUES.glob("*.txt")):
        try:
            path.write_text(write(replayed(world, read(path.read_text("utf-8")))), "utf-8")
        except (Impossible, Unreadable) as error:
            print(f"{path.name}, {error}")
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
