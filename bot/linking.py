"""A person joins two chats of theirs by a code, or takes an old one over from a lost phone.

Codes are told in one chat and typed in the other. What was typed as a code is kept nowhere and reaches nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot import codes
from bot.actions import Act
from bot.cards import Card, Key, key, text, title
from bot.channels.webchat.adapter import SCHEME as WEBCHAT
from bot.chats import Refusal
from bot.exchange import Exchange
from bot.state import Place
from storage.linking import LinkKind

_COMMAND = "link"


def show(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """What can be done with other chats."""
    rows: tuple[tuple[Key, ...], ...] = ((key(Act.LINK, "bot.chats.link", "chats"),),)
    # A page has a code of its own by which another browser opens it (webchat/door.py).
    rows += ((key(Act.RECOVERY, "bot.chats.recovery", "paper"),),) if exchange.channel != WEBCHAT else ()
    rows += ((key(Act.PEOPLE, "bot.chats.people", "people"),),)
    lines = (title("bot.chats.title", "chats"), text("bot.chats.about"), text("bot.chats.typed"))
    exchange.show(Card(lines, rows, edits=True), Place.CHATS)


def link(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """A code to type in the other chat within ten minutes."""
    given = exchange.chats.new_code(LinkKind.LINK)
    if isinstance(given, Refusal):
        _refuse(exchange, given)
        return
    lines = (title("bot.link.code", "chats", code=codes.shown(given)), text("bot.link.how"), text("bot.link.careful"))
    exchange.show(Card(lines), Place.CHATS)


def recovery(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """A code for the day on which the phone is lost, shown once."""
    given = exchange.chats.new_code(LinkKind.RECOVERY)
    if isinstance(given, Refusal):
        _refuse(exchange, given)
        return
    shown = codes.shown(given)
    lines = (title("bot.recovery.code", "paper", code=shown), text("bot.recovery.how"), text("bot.recovery.careful"))
    exchange.show(Card(lines), Place.CHATS)


def typed(exchange: Exchange, words: str) -> bool:
    """A code, as it is shown, after /link, or on the screen of codes; False for other words."""
    command, _, rest = words.strip().partition(" ")
    after_command = rest and exchange.world.commands.find(command) == _COMMAND and command.startswith("/")
    on_screen = exchange.state.place is Place.CHATS and exchange.person.attached is None
    if not (after_command or on_screen or codes.is_shown(words)):
        return False
    code = codes.typed(rest if after_command else words)
    if code is None and not after_command:
        return False
    exchange.secret = True
    _try(exchange, code or "")
    return True


def join(exchange: Exchange, args: tuple[str, ...]) -> None:
    """Confirmed. The two chats are put together when both are free; then both are told (bot/joining.py)."""
    agreed = exchange.chats.agree(int(args[0]))
    exchange.show(Card((text("bot.link.soon" if agreed else "bot.link.over", "chats"),), nav=not agreed), Place.CHATS)


def _try(exchange: Exchange, code: str) -> None:
    found = exchange.chats.try_code(code)
    if isinstance(found, Refusal):
        _refuse(exchange, found)
        return
    part = "link" if found.kind is LinkKind.LINK else "recovery"
    lines = (title(f"bot.{part}.ask", "chats"), text(f"bot.{part}.means"))
    rows = (
        (key(Act.JOIN, f"bot.{part}.yes", "ok", str(found.id)),),
        (key(Act.CHATS, "bot.link.no"),),
    )
    exchange.show(Card(lines, rows), Place.CHATS)


def _refuse(exchange: Exchange, why: Refusal) -> None:
    exchange.show(Card((text(f"bot.link.{why}", "safety"),)), Place.CHATS)
    exchange.cards[-1] = replace(exchange.cards[-1], edits=False)


ACTS: Mapping[Act, Callable[[Exchange, tuple[str, ...]], None]] = {
    Act.CHATS: show,
    Act.LINK: link,
    Act.RECOVERY: recovery,
    Act.JOIN: join,
}
