"""A family on one phone: who is writing now is said by the people themselves, by a button."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.actions import Act, Action
from bot.cards import Card, Key, Line, Local, Msg, key, quiet, text, title
from bot.exchange import Exchange
from bot.state import Place
from flows.limits import utf16
from i18n.text import without_bidi
from storage import contacts
from storage.people import MOST_PEOPLE, Sharer, members
from storage.rows import Standing, Taken
from storage.unit_of_work import Unit

LONGEST_LABEL = 20  # UTF-16 units: it stands on a button


def show(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """Who shares this chat, and who writes now."""
    sharers = exchange.chats.members()
    lines = [title("bot.people.title", "people"), text("bot.people.about")]
    lines += [text("bot.people.now", name=called(one)) for one in sharers if one.contact_id == exchange.chats.me]
    lines.append(text("bot.people.phone", "safety"))
    rows = [(_switch_to(one),) for one in sharers if one.contact_id != exchange.chats.me]
    rows += [(key(Act.NEW_PERSON, "bot.people.new", "person"),)] if len(sharers) < MOST_PEOPLE else []
    rows.append((key(Act.LABEL, "bot.people.label"),))
    exchange.show(Card(tuple(lines), tuple(rows), edits=True), Place.PEOPLE)


def be(exchange: Exchange, args: tuple[str, ...]) -> None:
    """Somebody says that it is them who writes from now on (turn.py does it, handed_on.py says it)."""
    if any(one.contact_id == int(args[0]) for one in exchange.chats.members()):
        exchange.becomes = int(args[0])
    else:
        show(exchange)  # forgotten since


def add(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """Somebody who has not written from this phone yet."""
    exchange.becomes = exchange.chats.add_member()
    if exchange.becomes is None:
        show(exchange)


def ask_label(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """What they would like to be called."""
    exchange.show(Card((title("bot.people.label", "people"), text("bot.people.type"))), Place.LABEL)


def typed(exchange: Exchange, words: str) -> bool:
    """The label that was asked for; False on every other screen."""
    if exchange.state.place is not Place.LABEL:
        return False
    exchange.secret = True
    label = without_bidi(" ".join(words.split()))
    if not any(sign.isprintable() and sign != " " for sign in label):
        ask_label(exchange)  # nobody could see it
        return True
    if utf16(label) > LONGEST_LABEL:
        exchange.show(Card((text("bot.people.long", "safety"), text("bot.people.type"))), Place.LABEL)
        return True
    exchange.chats.call_me(label)
    show(exchange)
    return True


def called(member: Sharer) -> str | Msg:
    """A label, or a number where somebody gave none."""
    return member.label or Msg("bot.people.number", {"number": member.number})


def for_whom(unit: Unit, standing: Standing) -> tuple[Line, ...]:
    """A line that names the person where several share the chat, so that each knows what is theirs."""
    sharers = members(unit, standing.conversation_id)
    mine = [one for one in sharers if one.contact_id == standing.contact_id]
    if len(sharers) < 2 or not mine:
        return ()
    return (quiet("bot.people.for_whom", "people", name=called(mine[0])),)


def way_to(unit: Unit, standing: Standing) -> tuple[tuple[Key, ...], ...]:
    """A row with the button by which this person says that it is them who writes now; none where they are gone."""
    sharers = members(unit, standing.conversation_id)
    return tuple((_switch_to(one),) for one in sharers if one.contact_id == standing.contact_id)


def owner(unit: Unit, taken: Taken, contact_id: int) -> Standing:
    """Whose clock it is that rang in a chat, whoever writes there now; who writes, where that person is gone from it.

    Two people may have become one since, and the keys of old clocks name the chat.
    """
    try:
        found = contacts.standing_for(unit, contact_id)
    except contacts.NoConversation:
        return taken.standing
    # Who took their chat over from elsewhere since is not told where they are not any more.
    return found if found.conversation_id == taken.conversation_id else taken.standing


def _switch_to(member: Sharer) -> Key:
    label = Local(member.label) if member.label else Msg("bot.people.number", {"number": member.number})
    return Key(Action(Act.BE, (str(member.contact_id),)), label, "people")


ACTS: Mapping[Act, Callable[[Exchange, tuple[str, ...]], None]] = {
    Act.PEOPLE: show,
    Act.BE: be,
    Act.NEW_PERSON: add,
    Act.LABEL: ask_label,
}
