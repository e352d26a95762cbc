"""What is said about a person's requests: which there are, whether one is solved; and to staff who claim in a chat."""

from __future__ import annotations

from dataclasses import replace

from bot.actions import Act
from bot.cards import Card, Line, key, text, title
from bot.exchange import Exchange
from bot.state import Place
from bot.team import Claimed, Mine
from desk.lifecycle import Turn


def mine(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """The person's requests, and how each stands."""
    rows = exchange.team.mine()
    lines = [title("bot.mine.title", "person"), *(_line(exchange, row) for row in rows)]
    if not rows:
        lines.append(text("bot.mine.none"))
    exchange.show(replace(Card(tuple(lines)), edits=True), Place.REQUEST)


def solved(exchange: Exchange, number: int, value: str) -> None:
    """Yes: the bot goes on where they were. Not yet: the same request, the same assistant."""
    if value == "no" and exchange.team.not_solved(number):
        exchange.show(Card((text("bot.handoff.reopened", "person", number=number),), nav=False))
        return
    way_on = ((key(Act.CONTINUE, "bot.welcome.continue", "next"),),)
    rows = way_on if exchange.state.session.run is not None else ()
    exchange.show(Card((text("bot.handoff.glad", "ok"),), rows))


def claim(exchange: Exchange, number: int) -> None:
    """A member of staff pressed Claim in their own chat."""
    match exchange.team.claim(number):
        case Claimed.YOURS:
            line = text("bot.handoff.now_yours", "ok", number=number)
        case Claimed.TAKEN:
            line = text("bot.handoff.somebody_else", "person", number=number)
        case Claimed.NOT_STAFF:
            line = text("bot.notice.forged", "safety")
    exchange.show(Card((line,)))


def _line(exchange: Exchange, row: Mine) -> Line:
    if row.state == Turn.OURS and not row.taken and row.promised_by is not None:
        moment = exchange.world.calendar.local(row.promised_by)
        return text("bot.mine.ours", "date", number=row.number, moment=moment)
    return text(f"bot.mine.{'ours_open' if row.state == Turn.OURS else row.state}", "person", number=row.number)
