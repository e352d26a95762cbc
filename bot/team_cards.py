"""What is said about a person's requests: which there are, whether one is solved; and to staff who claim in a chat."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from bot import requests, wishes
from bot.actions import Act, Action
from bot.cards import Card, Key, Line, Msg, key, quiet, text, title
from bot.exchange import Exchange
from bot.gathering_cards import ICON
from bot.state import Place
from bot.team import Claimed, Mine
from desk.asking import Reason, Solved, Subject
from desk.goods import GOODS
from desk.lifecycle import Turn

SHOWN = 5  # requests, the newest first


def mine(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """The person's requests, and how each stands; more can be said to those that wait."""
    rows = exchange.team.mine()[:SHOWN]
    lines = [title("bot.mine.title", "person"), *(_line(exchange, row) for row in rows)]
    if not rows:
        lines.append(text("bot.mine.none"))
    waiting = [] if exchange.person.attached is not None else [row for row in rows if row.state != Turn.DONE]
    keys: list[tuple[Key, ...]] = [
        (Key(Action(Act.ADD, (str(row.number),)), Msg("bot.mine.add", {"number": row.number}), "person"),)
        for row in waiting
    ]
    keys += [wishes.button(row.number) for row in waiting if not row.taken][:1]
    exchange.show(Card(tuple(lines), tuple(keys), edits=True), Place.MINE)


def reason(exchange: Exchange, args: tuple[str, ...]) -> None:
    """Why they are stuck joins the request; one answer is enough, and words may still follow."""
    number = int(args[0])
    if not exchange.team.add(number, Reason(args[1])):
        requests.gone(exchange)
        return
    requests.at(exchange, number)
    requests.confirm(exchange, text("bot.request.joined", "ok", number=number), quiet("bot.request.add"))


def about(exchange: Exchange, args: tuple[str, ...]) -> None:
    """What it is about. Where somebody reads the request already, it becomes one of its own."""
    number, subject = int(args[0]), Subject(args[1])
    if not exchange.team.add(number, subject):
        requests.ask(exchange, subject)
        return
    requests.at(exchange, number)
    exchange.state = replace(exchange.state, quick=GOODS if subject is Subject.GOODS else "")
    joined = text("bot.request.joined", "ok", number=number)
    beside = _company(exchange) if subject is Subject.TALK else ()
    requests.confirm(exchange, joined, *requests.gently(subject), quiet("bot.request.add"), beside=beside)


def _company(exchange: Exchange) -> tuple[Key, ...]:
    """For who would just like to talk: where people meet, if there is anything to come."""
    return (key(Act.EVENTS, "bot.event.mine", ICON),) if exchange.gatherings.mine() else ()


def solved(exchange: Exchange, args: tuple[str, ...]) -> None:
    """Yes: the bot goes on where they were. Not yet: the same request, the same assistant. Later: nobody asks again."""
    number, value = int(args[0]), Solved(args[1])
    if value is Solved.NO and exchange.person.barred:
        requests.shut(exchange)
        return
    if not exchange.team.add(number, value):
        requests.gone(exchange)
        return
    exchange.state = replace(exchange.state, request=number, joins_until=None)
    match value:
        case Solved.NO:
            exchange.show(Card((text("bot.handoff.reopened", "person", number=number),), nav=False))
        case Solved.LATER:
            exchange.show(Card((text("bot.handoff.later", "ok"),), _way_on(exchange)), Place.REQUEST)
        case Solved.YES:
            ask_how_it_was(exchange)
        case _:
            assert_never(value)


def ask_how_it_was(exchange: Exchange) -> None:
    """After a yes: thanks or a comment in own words, which nobody must write."""
    number = exchange.state.request or 0
    lines = (text("bot.handoff.glad", "ok"), quiet("bot.handoff.how_was_it"))
    rows = ((key(Act.SOLVED, "bot.handoff.solved_no", "bad", str(number), Solved.NO),), *_way_on(exchange))
    exchange.show(Card(lines, rows), Place.THANKS)


def thanked(exchange: Exchange, words: str) -> bool:
    """Words on the screen that asks for them are kept with the request that is closed; whether they were."""
    number = exchange.state.request
    if exchange.state.place is not Place.THANKS or number is None or not exchange.team.thank(number, words):
        return False
    exchange.joined = True
    exchange.show(Card((text("bot.handoff.thanks", "ok", number=number),), _way_on(exchange)), Place.HOME)
    return True


def claim(exchange: Exchange, args: tuple[str, ...]) -> None:
    """A member of staff pressed Claim in their own chat."""
    number = int(args[0])
    match exchange.team.claim(number):
        case Claimed.YOURS:
            line = text("bot.handoff.now_yours", "ok", number=number)
        case Claimed.TAKEN:
            line = text("bot.handoff.somebody_else", "person", number=number)
        case Claimed.NOT_STAFF:
            line = text("bot.notice.forged", "safety")
    exchange.show(Card((line,)))


def decline(exchange: Exchange, args: tuple[str, ...]) -> None:
    """A member of staff says "not now" to what a colleague offered."""
    number = int(args[0])
    declined = exchange.team.decline(number)
    exchange.show(Card((text("desk.alert.refused" if declined else "desk.alert.gone", number=number),), nav=False))


def _way_on(exchange: Exchange) -> tuple[tuple[Key, ...], ...]:
    running = exchange.state.session.run is not None
    return ((key(Act.CONTINUE, "bot.welcome.continue", "next"),),) if running else ()


def _line(exchange: Exchange, row: Mine) -> Line:
    if row.state == Turn.OURS and not row.taken and row.promised_by is not None:
        moment = exchange.world.calendar.local(row.promised_by)
        return text("bot.mine.ours", "date", number=row.number, moment=moment)
    if row.comes_back is not None:
        day = exchange.world.calendar.local(row.comes_back).date()
        return text("bot.mine.later", "date", number=row.number, date=day)
    return text(f"bot.mine.{'ours_open' if row.state == Turn.OURS else row.state}", "person", number=row.number)
