"""Short messages that want a human line and no menu: thanks, hello, ok, a lone question mark, an emoji, an insult."""

from __future__ import annotations

from typing import Literal

from content.search_tables import Topics
from i18n.fold import fold

Kind = Literal["hello", "thanks", "fine", "puzzled", "wordless"]
_POLITE: tuple[Literal["thanks", "hello", "fine"], ...] = ("thanks", "hello", "fine")  # "ok, thanks" is thanks
_QUESTION_MARKS = frozenset("?؟;？")


class SmallTalk:
    """The look-up, built once."""

    def __init__(self, topics: Topics) -> None:
        """Take the words of content/topics.yaml."""
        self._said = {kind: frozenset(map(fold, words)) for kind, words in topics.talk.items()}
        self._polite_words = {word for kind in _POLITE for said in self._said[kind] for word in said.split()}

    def kind(self, message: str) -> Kind | None:
        """What a whole message is, when it is nothing but small talk."""
        folded = fold(message)
        if not folded:
            return "puzzled" if any(sign in _QUESTION_MARKS for sign in message) else "wordless"
        if not self._polite_words.issuperset(folded.split()):
            return None
        spoken = f" {folded} "
        return next((kind for kind in _POLITE if any(f" {said} " in spoken for said in self._said[kind])), None)

    def insults(self, message: str) -> bool:
        """Whether an insult stands in the message."""
        folded = fold(message)
        return folded in self._said["insult"] or not self._said["insult"].isdisjoint(folded.split())
