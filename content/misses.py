"""What of a message that nobody understood may be kept for editors: plain words, never what could name a person."""

from __future__ import annotations

import re

from content.alike import words_of

MOST = 12  # words; a longer message tells a story, and stories are not for editors
_PERSONAL = re.compile(
    r"\S*@\S*"  # e-mail addresses and @names
    r"|(?:https?://|www\.|t\.me/)\S*"
    r"|\+?\d[\d\s().-]{4,}\d"  # telephone numbers, and dates
    r"|(?=\S*\d\S*\d\S*\d)\S+",  # numbers of papers, with letters or without
)
_LONGEST_WORD = 20


def plain_words(message: str) -> tuple[str, ...]:
    """The folded words of a message without addresses, @names, links and numbers; at most MOST.

    Names of people cannot be known by their looks. So whoever stores these words keeps only those that the search
    knows, or that several people have used (storage/misses.py).
    """
    words = words_of(_PERSONAL.sub(" ", message))
    return tuple(word for word in words if len(word) <= _LONGEST_WORD)[:MOST]
