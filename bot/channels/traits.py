"""What must be known of a channel before anything is sent through it: when a message is composed and written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from bot.channels.whatsapp.parse import SCHEME as WHATSAPP
from flows import limits


@dataclass(frozen=True, slots=True)
class Traits:
    """edits: a message can be replaced by another. free_for: so long after the person's last word we may write freely,
    None = always. buttons: how many one message holds, None = enough. prompt: UTF-16 units of a text with buttons.
    changes: the channel says when somebody else may be behind an address.
    """

    edits: bool = True
    free_for: timedelta | None = None
    buttons: int | None = None
    prompt: int = limits.TELEGRAM.prompt
    changes: bool = False


FREE = Traits()
_BY_CHANNEL: Mapping[str, Traits] = MappingProxyType(
    {
        WHATSAPP: Traits(
            edits=False,
            free_for=timedelta(hours=24),  # Meta, "customer service windows"
            buttons=limits.WHATSAPP.list_rows,
            prompt=limits.WHATSAPP.prompt,
            changes=True,
        )
    }
)


def traits_of(channel: str) -> Traits:
    """The traits of a channel, by its scheme."""
    return _BY_CHANNEL.get(channel, FREE)
