"""A card as one channel holds it: where it has more text or buttons than that, a part and a way to the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil

from bot.actions import Act, Action
from bot.cards import NAV, WHOLE, Card, Key, Msg, Part, key
from bot.channels.outgoing import Outgoing, Paragraph
from bot.channels.traits import traits_of
from bot.compose import compose
from bot.world import World
from flows.limits import utf16


def compose_for(
    channel: str, world: World, locale: str, card: Card, screen: int, address_id: int, part: Part = WHOLE
) -> Outgoing:
    """The card in one language, or as much of it as the channel holds in a message with buttons.

    A single line that is too long for one is followed by all buttons, as numbers.
    """
    out = compose(world, locale, card, screen, address_id)
    shown = _shown(channel, world, out, card, part)
    return out if shown is card else compose(world, locale, shown, screen, address_id)


def parts(channel: str, world: World, locale: str, card: Card) -> Iterator[Outgoing]:
    """The card in all its parts, as somebody gets them who presses on until nothing new comes."""
    whole = compose(world, locale, card, 0, 0)
    todo, seen = [WHOLE], set[Part]()
    while todo:
        seen.add(part := todo.pop())
        shown = _shown(channel, world, whole, card, part)
        yield compose(world, locale, shown, 0, 0)
        actions = [key.action for row in shown.rows for key in row if key.action.act is Act.PAGE]
        todo += [onward for action in actions if (onward := part_of(action.args)) not in seen]


def part_of(args: Sequence[str]) -> Part:
    """What a button leads to that shows another part."""
    page, *left = map(int, args)
    return Part(page, *left)


def _shown(channel: str, world: World, out: Outgoing, card: Card, part: Part) -> Card:
    """As much of the card as the channel holds; out: the whole of it in one language."""
    traits, count = traits_of(channel), len(card.lines)
    begin, end = 0, count
    if part.left or _length(out, out.paragraphs) > traits.prompt:
        # Measured with the way on, whose label may be in another language, which is said.
        led = compose(world, out.locale, replace(card, rows=(*card.rows, (_read_on(count),))), 0, 0)
        begin, end = _lines(led, count, part.left, traits.prompt)
    left = count - end
    if left or begin:
        card = replace(card, lines=card.lines[begin:end])
    last = (_read_on(left),) if left else ()
    if traits.buttons is None:
        return replace(card, rows=(*card.rows, last)) if last else card
    return paged(card, part, traits.buttons, last)


def paged(card: Card, part: Part, most: int, last: tuple[Key, ...] = ()) -> Card:
    """The card with at most `most` buttons, Back, Home and Person among them; after the last page the first comes.

    last: stands below the others on every page, so that typed numbers of the others stay right.
    """
    keys = [key for row in card.rows for key in row]
    room = most - (len(NAV) if card.nav else 0) - len(last)
    if len(keys) <= room:
        return replace(card, rows=(*card.rows, last)) if last else card
    each = room - 1
    pages = ceil(len(keys) / each)
    first = part.page % pages * each
    onward = key(Act.PAGE, "bot.whatsapp.more", "more", str((part.page + 1) % pages), str(part.left))
    return replace(card, rows=tuple((shown,) for shown in (*keys[first : first + each], onward, *last)))


def _read_on(left: int) -> Key:
    """The way to the next lines. They are counted from the end: what stands above a screen by chance shifts nothing."""
    return Key(Action(Act.PAGE, ("0", str(left))), Msg("bot.nav.read_on"), "more")


def _lines(out: Outgoing, count: int, left: int, most: int) -> tuple[int, int]:
    """From which line to before which one is shown, of `count`; all of them where one alone is too long."""
    room = most - _length(out, out.paragraphs[count:])  # which language some of it is in
    lengths = [_units(one) for one in out.paragraphs[:count]]
    if max(lengths, default=0) > room:
        return 0, count
    begin = max(count - left, 0) if left else 0
    ends = [end for end in range(begin + 1, count + 1) if sum(lengths[begin:end]) <= room]
    return begin, ends[-1]


def _length(out: Outgoing, paragraphs: Sequence[Paragraph]) -> int:
    """UTF-16 units that these paragraphs take at most, with the addresses of buttons that may stand among them."""
    addresses = sum(utf16(f"{button.label}: {button.url}\n") for row in out.rows for button in row if button.url)
    return addresses + sum(map(_units, paragraphs))


def _units(one: Paragraph) -> int:
    """UTF-16 units at most: a channel sets marks of its own at both ends of a line."""
    return utf16(one.text) + 1 + 2 * (one.text.count("\n") + 1)
