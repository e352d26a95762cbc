"""What is the same for everybody in one language: icons, and lines in which nothing is filled. Each is made once."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import TypeAlias

from bot.cards import Icon, Line, Msg
from bot.channels.outgoing import Paragraph
from i18n.locales import LOCALES

RIGHT_TO_LEFT = "\u200f"  # right-to-left mark

#: A line by its style, its icon and its parts.
Fixed: TypeAlias = "tuple[str | None, ...]"


class Wording:
    """Of one language and one snapshot of content. Threads may share it: what two make at once is equal.

    icons: by name, as they stand before words; lines: what was made, and the other languages that stand in it.
    """

    __slots__ = ("icons", "lines", "rtl")

    def __init__(self, locale: str, icons: Mapping[str, str]) -> None:
        self.rtl = LOCALES[locale].rtl
        self.icons: dict[str | None, str] = {None: ""}
        self.icons |= {name: _before_words(icons, name, rtl=self.rtl) for name in icons}
        self.lines: dict[Fixed, tuple[Paragraph, frozenset[str]]] = {}


def fixed(line: Line) -> Fixed | None:
    """How a line is found again; None where it says something of this person or this day."""
    parts: list[str | None] = [line.style, line.icon]
    for part in line.texts:
        if isinstance(part, Msg) and not part.params and part.count is None:
            parts.append(part.key)
        elif isinstance(part, Icon):
            parts += (None, part.name)
        else:
            return None
    return tuple(parts)


def _before_words(icons: Mapping[str, str], name: str, *, rtl: bool) -> str:
    mirrored = f"{name}_rtl"
    icon = icons[mirrored if rtl and mirrored in icons else name]
    # Unicode counts some icons as Latin letters; as the first one it would turn an Arabic line round.
    turned = RIGHT_TO_LEFT if rtl and unicodedata.bidirectional(icon[0]) == "L" else ""
    return f"{turned}{icon} "
