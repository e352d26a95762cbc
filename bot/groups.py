"""A group chat: one line with a way to a private chat, and away after a week in which nobody called (newcomer.md 2.8).

Nothing else is ever said in a group. Guides, requests and data are for private chats alone.
"""

from __future__ import annotations

from datetime import timedelta

from bot.cards import Msg
from bot.channels.outgoing import Button, Outgoing, Paragraph, Style
from bot.compose import Composer
from bot.floor import may_speak
from bot.payload import pack
from bot.world import World
from flows.floor import Content as Matter
from flows.floor import Speaker
from i18n.locales import SOURCE, negotiate
from storage import contacts, queue, timers
from storage.rows import LEAVE_GROUP, OutgoingRow, OutKind, Taken
from storage.unit_of_work import Unit

UNUSED = timedelta(days=7)
PRIVATE_CHAT = "https://t.me/{bot}"


def answer(unit: Unit, taken: Taken, world: World, bot: str, language: str | None) -> None:
    """The one line, in the language of the phone that called, and a week more. bot: our user name, "" if unknown."""
    composer = Composer(world, negotiate(language, world.pickable) or SOURCE)
    line = Paragraph(Style.TEXT, composer.say(Msg("bot.group.line")))
    label = composer.say(Msg("bot.group.private"))
    rows = ((Button(label, "", PRIVATE_CHAT.format(bot=bot)),),) if bot else ()
    _say(unit, taken, Outgoing((line,), rows, composer.locale), Matter.ASKED)
    contacts.seen(unit, taken.standing)
    conversation = taken.conversation_id
    timers.set_timer(unit, _timer(conversation), unit.now + UNUSED, conversation, LEAVE_GROUP)


def leave(unit: Unit, taken: Taken) -> None:
    """Nobody called for a week."""
    _say(unit, taken, Outgoing((), leaves=True), Matter.UNASKED)


def left(unit: Unit, taken: Taken) -> None:
    """The group put us out: there is nothing left to leave."""
    timers.cancel_timer(unit, _timer(taken.conversation_id))


def _say(unit: Unit, taken: Taken, out: Outgoing, matter: Matter) -> None:
    row = OutgoingRow(
        dedupe=f"i:{taken.seq}:0",
        payload=pack(out),
        speaker=Speaker.SYSTEM,
        matter=matter,
        kind=OutKind.SEND,
        address_id=taken.address_id,
    )
    queue.say(unit, taken.standing, [row], may_speak)


def _timer(conversation_id: int) -> str:
    return f"{LEAVE_GROUP}:{conversation_id}"
