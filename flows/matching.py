"""Which choice a person meant by typed words. The words come in folded to one key, so no language is known here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flows.model import ChoiceId

MIN_PREFIX = 3


@dataclass(frozen=True, slots=True)
class Words:
    """A whole message. text: folded. number: set when the message is nothing but a number, in any digits."""

    text: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A button of the wait, in the order in which the person sees them. label: folded like the words."""

    choice: ChoiceId
    label: str


def match(words: Words, options: Sequence[Option]) -> ChoiceId | None:
    """Return the choice that the words name: its number, its label, or at least three letters that begin one label.

    A label's icon need not be typed. None when nothing fits or more than one choice does.
    """
    typed = _without_icon(words.text)
    labels = [(option.choice, _without_icon(option.label)) for option in options]
    named = {choice for choice, label in labels if typed and label == typed}
    if words.number is not None and 1 <= words.number <= len(options):
        named.add(options[words.number - 1].choice)
    if not named and len(typed) >= MIN_PREFIX:
        named = {choice for choice, label in labels if label.startswith(typed)}
    return _only(named)


def _only(choices: Iterable[ChoiceId]) -> ChoiceId | None:
    found = list(choices)
    return found[0] if len(found) == 1 else None


def _without_icon(text: str) -> str:
    """Return the text from its first letter or digit on; a text that is nothing but icons stays as it is."""
    start = next((at for at, character in enumerate(text) if character.isalnum()), 0)
    return text[start:].strip()
