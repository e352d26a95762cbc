"""A series: one short piece a day for who asked for it. It ends by itself, and its place is kept when it is stopped."""

from __future__ import annotations

from dataclasses import replace

from bot import news
from bot.actions import Act
from bot.cards import Card, Line, Local, Msg, key, quiet, text
from bot.channels.outgoing import Style
from bot.exchange import Exchange
from bot.state import Place
from content.series import Series
from i18n.serbian import to_latin
from notices.daily import next_daily
from storage.series import Place as Progress


def show(exchange: Exchange, args: tuple[str, ...] = ()) -> None:
    """What the series is, how far the person is, and the switch. args: its id, else the first one."""
    id = args[0] if args else next(iter(exchange.world.pack.series), "")
    series = exchange.world.pack.series.get(id)
    if series is None or not exchange.saves:
        news.home(exchange)
        return
    progress = exchange.subscriptions.series().get(id, Progress())
    lines = [Line((Msg(f"{id}.series.title"),), Style.TITLE, series.icon), text(f"{id}.series.about")]
    if progress.position:
        lines.append(text("bot.daily.got", None, number=progress.position, count=len(series.parts)))
    if progress.wanted:
        lines.append(text("bot.daily.on", "ok"))
        switch = key(Act.SERIES_SET, "bot.daily.stop", "stop", id, "0")
    else:
        again = 0 < progress.position < len(series.parts)
        switch = key(Act.SERIES_SET, "bot.daily.go_on" if again else "bot.daily.start", "next", id, "1")
    exchange.show(Card(tuple(lines), ((switch,),), edits=True), Place.SERIES, guide=id)


def again(exchange: Exchange) -> None:
    """The same screen once more."""
    show(exchange, (exchange.state.guide,))


def switch(exchange: Exchange, args: tuple[str, ...]) -> None:
    """Bring a series into the state that the button names."""
    id, on = args
    series = exchange.world.pack.series.get(id)
    if series is None or not exchange.saves:
        show(exchange, (id,))
        return
    progress = exchange.subscriptions.series().get(id, Progress())
    first = None
    if on == "1":
        position = progress.position if progress.position < len(series.parts) else 0
        progress = Progress(position, wanted=True)
        first = next_daily(exchange.now, exchange.world.calendar.zone)
    else:
        progress = replace(progress, wanted=False)
    exchange.subscriptions.follow_series(id, progress, first)
    show(exchange, (id,))
    if first is not None:
        exchange.lead(text("bot.daily.first", "date", date=exchange.world.calendar.local(first)))
        if exchange.person.stopped:
            exchange.lead(text("bot.remind.stopped", "stop"))


def card(series: Series, position: int) -> Card:
    """One piece: what is said, in both scripts, how it sounds, and what it means."""
    part = series.parts[position]
    lines = [
        Line((Local(to_latin(part.local)),), Style.CARD, series.icon),
        Line((Local(part.local),), Style.CARD),
        *([text(f"{series.id}.{part.id}.says", "voice")] if part.says else []),
        text(f"{series.id}.{part.id}.means"),
        quiet("bot.daily.number", None, number=position + 1, count=len(series.parts)),
    ]
    if position + 1 == len(series.parts):
        lines.append(text("bot.daily.last", "ok"))
        return Card(tuple(lines))
    return Card(tuple(lines), ((key(Act.SERIES_SET, "bot.daily.stop", "stop", series.id, "0"),),), nav=False)
