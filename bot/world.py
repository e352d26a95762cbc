"""Everything a conversation looks things up in: one immutable snapshot, swapped when a record changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.channels.outgoing import Template
from bot.wording import Wording
from content.commands import Commands
from content.load import Pack
from content.parts import Deadline
from content.schema import Fact, Guide, Shown
from content.search import Index
from content.talk import SmallTalk
from content.urgent import UrgentWords
from desk.promise import Calendar
from flows.model import Library
from i18n.catalog import Catalog
from i18n.locales import SOURCE

# What the picker offers, in this order; a phone's own language moves to the front.
PICKABLE = ("en", "sr_Latn", "sr_Cyrl", "fa", "fa_AF", "ar", "fr")


@dataclass(frozen=True, slots=True)
class World:
    """Content with today's records laid over it, and the settings that are shown to people.

    urgent: cries for help in all languages; cries: in each, to answer in the language of somebody unknown.
    bot_name, organisation: "" where the operator has not set them. confirmed: emergency numbers and consent text
    were both signed off; where not, a banner says "trial". address: of our pages, without a slash at its end.
    steps: (guide, step) -> what is shown. wordings: by language. terms: by guide, those whose day a step asks for.
    lengths: by guide that works, how many steps its longest way has.
    telegram_name: the bot's there, without @; "" while it is not known.
    """

    pack: Pack
    library: Library
    catalog: Catalog
    commands: Commands
    urgent: UrgentWords
    cries: Mapping[str, UrgentWords]
    calendar: Calendar
    button_key: bytes
    bot_name: str
    organisation: str
    confirmed: bool
    address: str
    steps: Mapping[tuple[str, str], Shown]
    search: Index
    small_talk: SmallTalk
    terms: Mapping[str, Sequence[Deadline]]
    lengths: Mapping[str, int]
    pickable: tuple[str, ...] = PICKABLE
    telegram_name: str = ""
    wordings: Mapping[str, Wording] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Anew for each snapshot, also one that is made by replacing the catalogue of another.
        codes = {SOURCE, *self.catalog.pickable}
        object.__setattr__(self, "wordings", {code: Wording(code, self.pack.icons) for code in codes})

    def guide(self, guide_id: str) -> Guide | None:
        """The guide, or None where there is none (any more) or it is broken."""
        return self.pack.guides.get(guide_id) if guide_id in self.library else None

    @property
    def guides(self) -> Mapping[str, Guide]:
        """The guides that work, in their order."""
        return {id: guide for id, guide in self.pack.guides.items() if id in self.library}

    def facts(self, guide: Guide, ids: tuple[str, ...]) -> list[tuple[str, Fact]]:
        """The named facts of a guide with their ids."""
        return [(id, guide.facts[id]) for id in ids]

    def changes_since(self, guide: Guide, seen: datetime | None) -> list[int]:
        """Positions of the guide's changes that are dated after the person's last sign of life, newest first."""
        if seen is None:
            return []
        after = self.calendar.local(seen).date()
        return [n for n, change in reversed(list(enumerate(guide.changes))) if change.date > after]

    def answer_waiting(self, locale: str) -> Template | None:
        """The approved text that says in this language that an answer waits; None where Meta approved none."""
        given = self.pack.templates.answer_waiting.get(locale)
        return Template(given.name, given.code) if given is not None and given.state == "approved" else None

    def news(self, locale: str) -> Template | None:
        """The approved text that says in this language that there is news; None where Meta approved none."""
        given = self.pack.templates.news.get(locale)
        return Template(given.name, given.code) if given is not None and given.state == "approved" else None

    def today(self, now: datetime) -> date:
        """The day it is in the country."""
        return self.calendar.local(now).date()
