"""A guide in the terminal: the same dialogue, no network, nothing stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.channels.arrivals import Words
from bot.channels.outgoing import Outgoing, Style
from bot.testing import Talk
from bot.world import World

SCHEME = "terminal"


@dataclass(slots=True)
class Terminal:
    """A talk between typed lines and printed messages."""

    world: World
    clock: Callable[[], datetime]
    print: Callable[[str], None]
    talk: Talk = field(init=False)

    def __post_init__(self) -> None:
        """Begin as a stranger."""
        self.talk = Talk(self.world, self.clock, channel=SCHEME)

    def run(self, lines: Iterable[str], guide: str | None = None, language: str = "en") -> None:
        """Say every line, print every answer. The first screen is the picker, or the guide that was asked for."""
        self._show(self.talk.opens(guide, language) if guide else self.talk.says(Words("/start")))
        for line in lines:
            if line.strip():
                self._show(self.talk.says(Words(line.strip())))

    def _show(self, messages: list[Outgoing]) -> None:
        for message in messages:
            self.print(as_text(message))


def as_text(message: Outgoing) -> str:
    """A message as lines; its buttons are numbered, and the number can be typed."""
    lines = [
        f"| {paragraph.text}" if paragraph.style is Style.CARD else paragraph.text for paragraph in message.paragraphs
    ]
    fixed = message.rows[-1:] if len(message.rows[-1:] and message.rows[-1]) == 3 else ()
    content = [button for row in message.rows[: len(message.rows) - len(fixed)] for button in row]
    lines += [f"  [{number}] {button.label}" for number, button in enumerate(content, 1)]
    lines += ["  " + "  ".join(f"[{button.label}]" for button in row) for row in fixed]
    return "\n".join(lines) + "\n"
