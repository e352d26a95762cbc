"""Words that work in every screen and language: a whole message, however it is typed, to a command."""

from __future__ import annotations

import re
from collections.abc import Iterator

from content.tables import CommandId, CommandWords
from i18n.fold import fold

_SLASH = re.compile(r"\s*/([^\s@]*)")


class Commands:
    """The look-up, built once."""

    def __init__(self, words: CommandWords) -> None:
        """Take the words of content/commands.yaml; where two commands claim one, the first has it."""
        self._commands: dict[str, CommandId] = {}
        for key, command, _ in _keys(words):
            self._commands.setdefault(key, command)

    def find(self, message: str) -> CommandId | None:
        """Return the command that a whole message stands for.

        A slash command counts by its first word: Telegram adds the bot's name in groups ("/help@izi_bot") and the
        payload of a deep link behind it ("/start driving-licence").
        """
        return self._commands.get(_key(message))


def doubled(words: CommandWords) -> dict[str, tuple[CommandId, CommandId]]:
    """Find the words that two commands claim: word -> the one that has it, the one that does not."""
    first: dict[str, CommandId] = {}
    found: dict[str, tuple[CommandId, CommandId]] = {}
    for key, command, word in _keys(words):
        if first.setdefault(key, command) != command:
            found[word] = (first[key], command)
    return found


def _keys(words: CommandWords) -> Iterator[tuple[str, CommandId, str]]:
    found = ((_key(word), command, word) for command, spellings in words.root.items() for word in spellings)
    return (row for row in found if row[0])


def _key(message: str) -> str:
    """Fold a message; the slash, which folding drops, is kept: /help is not the cry "help"."""
    slash = _SLASH.match(message)
    return "/" + fold(slash[1]) if slash else fold(message)
