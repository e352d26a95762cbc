"""The municipalities, as people read and type them."""

from __future__ import annotations

from bot.world import World
from content.alike import Likeness
from content.tables import Municipality
from i18n.fold import fold
from i18n.serbian import CYRILLIC, LATIN


def towns(world: World) -> dict[str, Municipality]:
    """All of the country by id, in the order of their names."""
    return {town.id: town for town in world.pack.places.municipalities}


def name(world: World, id: str, locale: str = LATIN) -> str:
    """What it is called: Cyrillic for who reads Serbian so, else in Latin letters; "" where it is gone."""
    town = towns(world).get(id)
    if town is None:
        return ""
    return town.cyrillic if locale == CYRILLIC else town.latin


def meant(world: World, words: str) -> str | None:
    """The id of the one municipality that was typed, in any script and with a slip; None where it is none, or two."""
    known = {_key(text): town.id for town in towns(world).values() for text in (town.latin, town.cyrillic, *town.also)}
    found = {known[word] for word in Likeness(known).meant_by(_key(words))}
    return found.pop() if len(found) == 1 else None


def _key(text: str) -> str:
    """Two words of a name are often typed as one."""
    return fold(text).replace(" ", "")
