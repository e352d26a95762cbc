"""A member of staff in their own chat: the link that makes it theirs, and /duty, /pause, /off and /desk.

The commands are no words of a language, so they are the same in all. Whoever does not work here is never told of them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from bot import links
from bot.actions import Act, Action
from bot.cards import Card, Key, Line, Msg, key, quiet, text
from bot.channels.telegram.parse import SCHEME as TELEGRAM
from bot.exchange import Exchange
from bot.team import Presence
from desk.staff_chat import PAUSE, PAUSES, Duty, Linked
from i18n.locales import SOURCE, negotiate

DUTIES = {"/duty": Duty.ON, "/pause": Duty.PAUSED, "/off": Duty.OFF}
DESK = "/desk"
SECURE = "https://"  # Telegram refuses buttons that open an address of this machine


def follow(exchange: Exchange, payload: str) -> bool:
    """Link the chat where the payload of a start is an invitation; whether there is no more to be said."""
    token = links.invitation(payload)
    # On a shared computer a web chat would be a door that stays open, so only Telegram's private chats are linked.
    if token is None or exchange.channel != TELEGRAM:
        return False
    linked = exchange.team.link_chat(token)
    if linked is Linked.UNKNOWN:
        return False
    if not exchange.person.locale:
        locale = negotiate(exchange.person.phone_language, exchange.world.pickable) or SOURCE
        exchange.person = replace(exchange.person, locale=locale)
    _say(exchange, text(f"desk.chat.linked_{linked}", "ok"))
    return True


def typed(exchange: Exchange, words: str) -> bool:
    """Do what a command of staff says; False for other words, and for everybody who does not work here."""
    if not words.startswith("/"):
        return False
    command, _, rest = words.strip().partition(" ")
    command = command.partition("@")[0].lower()
    if (command not in DUTIES and command != DESK) or exchange.team.presence() is None:
        return False
    if command == DESK:
        _sign_in(exchange)
    else:
        minutes = int(rest) if rest in map(str, PAUSES) else PAUSE
        exchange.team.set_duty(DUTIES[command], minutes)
        _say(exchange)
    return True


def press(exchange: Exchange, args: tuple[str, ...]) -> None:
    """A button of the duty card. It works for ever, but only for who works here still."""
    if exchange.team.presence() is None:
        exchange.show(Card((text("bot.notice.forged", "safety"),)))
        return
    exchange.team.set_duty(Duty(args[0]), PAUSE)
    _say(exchange)


def waiting_line(count: int) -> Line:
    """How many requests wait for somebody who has come."""
    return Line((Msg("desk.chat.waiting", count=count),), icon="person")


def open_button(label: str, address: str) -> tuple[Key, ...]:
    """The button that opens a page of the desk, where Telegram lets one."""
    # The action of a button with an address is never read.
    return (Key(Action(Act.HOME), Msg(label), "next", address),) if address.startswith(SECURE) else ()


def _say(exchange: Exchange, *lines: Line) -> None:
    presence = exchange.team.presence()
    assert presence is not None, "asked before, or linked just now"
    shown, rows = [*lines, _line(exchange, presence)], _rows(presence)
    if presence.duty is Duty.ON and (count := exchange.team.waiting()):
        shown.append(waiting_line(count))
        rows = (open_button("desk.alert.go", f"{exchange.world.address}{DESK}"), *rows)
    exchange.show(Card((*shown, quiet("desk.chat.commands")), tuple(row for row in rows if row), nav=False))


def _line(exchange: Exchange, presence: Presence) -> Line:
    match presence.duty:
        case Duty.ON | Duty.OFF:
            return text(f"desk.chat.{presence.duty}", "ok" if presence.duty is Duty.ON else "stop")
        case Duty.PAUSED:
            assert presence.until is not None
            return text("desk.chat.paused", "time", moment=exchange.world.calendar.local(presence.until))
        case _:
            assert_never(presence.duty)


def _rows(presence: Presence) -> tuple[tuple[Key, ...], ...]:
    return tuple((key(Act.DUTY, f"desk.chat.go_{duty}", None, duty),) for duty in Duty if duty is not presence.duty)


def _sign_in(exchange: Exchange) -> None:
    address = exchange.world.address + exchange.team.sign_in()
    if not address.startswith(SECURE):
        exchange.show(Card((text("desk.chat.sign_in"), quiet("desk.alert.open", None, address=address)), nav=False))
        return
    button = replace(key(Act.HOME, "desk.alert.go"), url=address)
    exchange.show(Card((text("desk.chat.sign_in"),), ((button,),), nav=False))
