"""Where the person is: the same screen again, the one before it, and the way back to a guide or home."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot import (
    checklist,
    daily,
    doubt,
    finding,
    following,
    gathering_acts,
    goods,
    lacking,
    linking,
    news,
    occasions,
    people,
    requests,
    screens,
    step_cards,
    stopping,
    survey_acts,
    team_cards,
    telling,
    walking,
    wishes,
)
from bot.cards import Key, text
from bot.exchange import Exchange
from bot.state import Place
from flows.events import Returned, WentBack


def repeat(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """Show the screen where the person is once more."""
    state = exchange.state
    guide = exchange.world.guide(state.guide)
    if state.place is Place.STEP and state.session.run is not None:
        walking.go(exchange, Returned())
    elif state.place is Place.PAPERS and guide is not None:
        checklist.show(exchange, guide.id)
    elif state.place is Place.REQUEST:
        exchange.show(requests.again(exchange), Place.REQUEST)
    elif (
        state.place in {Place.MORE, Place.CARD} and guide is not None and (guide.id, state.step) in exchange.world.steps
    ):
        beside(exchange, (guide.id, state.step), state.place)
    elif simple := _AGAIN.get(state.place):
        simple(exchange)
    else:
        to_base(exchange)


def back(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """The screen before this one."""
    state = exchange.state
    match state.place:
        case Place.STEP if state.session.run is not None:
            walking.go(exchange, WentBack())
        case Place.INTRO | Place.CHANGES | Place.WELCOME:
            home(exchange)
        case Place.END:
            walking.open_intro(exchange, state.guide)
        case Place.CONSENT | Place.OTHERS:
            languages(exchange)
        case Place.HOME:
            home(exchange)
            exchange.lead(text("bot.notice.first"))
        case Place.NOTICE_LIST | Place.TOWN | Place.TOPICS | Place.PLACES | Place.SERIES | Place.EVENTS:
            news.home(exchange)
        case Place.OCCASION:
            occasions.listed(exchange)
        case Place.EVENT_PLACE:
            gathering_acts.again(exchange)
        case Place.SURVEY:
            survey_acts.back(exchange)
        case Place.KNOWN | Place.CHATS:
            stopping.data(exchange)
        case Place.PEOPLE:
            linking.show(exchange)
        case Place.LABEL:
            people.show(exchange)
        case Place.NOTICE:
            news.notices(exchange)
        case Place.PRIVACY if exchange.person.consent == "none":
            consent(exchange)
        case _:
            to_base(exchange)


def to_base(exchange: Exchange) -> None:
    """Back to the last step, ending, intro or home."""
    base = exchange.state.base
    if base is Place.STEP and exchange.state.session.run is not None:
        walking.go(exchange, Returned())
    elif base is Place.INTRO:
        walking.open_intro(exchange, exchange.state.guide)
    elif base is Place.END:
        walking.show_end(exchange)
    else:
        home(exchange)


def go_on(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """Continue where the person was in a guide, at its ending, else home."""
    if exchange.state.session.run is None and exchange.state.base is Place.END:
        walking.show_end(exchange)
    else:
        walking.go(exchange, Returned())


def home(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """The home screen; where a guide was begun, its first button goes on."""
    exchange.show(replace(screens.at_home(exchange), edits=True), Place.HOME)


def welcome(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """After days away: where they were, what changed meanwhile, and the way on."""
    guide, show = walking.guide_of(exchange), walking.current(exchange)
    if guide is None or show is None:
        to_base(exchange)
        return
    positions = exchange.world.changes_since(guide, exchange.state.session.seen_at)
    exchange.show(replace(step_cards.welcome(guide, show, positions), edits=True), Place.WELCOME, guide=guide.id)


def urgent(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """The emergency card."""
    exchange.show(screens.urgent(exchange.world), Place.URGENT)


def languages(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """The language picker."""
    exchange.show(replace(screens.picker(exchange.world, exchange.person), edits=True), Place.PICKER)


def picker_rows(exchange: Exchange) -> tuple[tuple[Key, ...], ...]:
    """The languages as the picker shows them to this person."""
    return screens.picker(exchange.world, exchange.person).rows


def needs_consent(exchange: Exchange) -> bool:
    """Whether the person has not answered today's consent text."""
    return exchange.person.consent_version != exchange.world.pack.consent.version


def consent(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """Who we are, and OK / without saving / privacy."""
    card = screens.consent(exchange.world, screens.promise(exchange.world), exchange.channel)
    exchange.show(replace(card, edits=True), Place.CONSENT)


def privacy(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """What is kept."""
    card = screens.privacy(exchange.world, exchange.person, exchange.channel)
    exchange.show(replace(card, edits=True), Place.PRIVACY)


def beside(exchange: Exchange, args: tuple[str, ...], place: Place) -> None:
    """What stands beside a step: it works for ever, also from a button of weeks ago."""
    guide = exchange.world.guide(args[0])
    shown = exchange.world.steps.get((args[0], args[1]))
    if guide is None or shown is None or (place is Place.CARD and not shown.clerk_card):
        to_base(exchange)
        exchange.lead(text("bot.step.no_more"))
        return
    if place is Place.CARD:
        card = step_cards.clerk_card(guide, shown)
    else:
        card = step_cards.more(exchange.world, guide, shown, exchange.world.today(exchange.now))
    exchange.show(card, place, guide=guide.id, step=shown.id)


def changes(exchange: Exchange, args: tuple[str, ...]) -> None:
    """What changed in a guide, all of it."""
    guide = exchange.world.guide(args[0])
    if guide is None or not guide.changes:
        go_on(exchange)
        return
    card = step_cards.changes(guide, list(reversed(range(len(guide.changes)))))
    exchange.show(replace(card, edits=True), Place.CHANGES, guide=guide.id)


_AGAIN: Mapping[Place, Callable[[Exchange], None]] = {
    Place.PICKER: languages,
    Place.OTHERS: lacking.others,
    Place.LACKING: lacking.show_lack,
    Place.CONSENT: consent,
    Place.PRIVACY: privacy,
    Place.HOME: home,
    Place.INTRO: lambda exchange: walking.open_intro(exchange, exchange.state.guide),
    Place.URGENT: urgent,
    Place.END: walking.show_end,
    Place.NOTICES: lambda exchange: (stopping.stop if exchange.person.stopped else stopping.unstop)(exchange),
    Place.DATA: stopping.data,
    Place.KNOWN: doubt.known,
    Place.FOUND: finding.show_again,
    Place.MISSED: finding.show_again,
    Place.WELCOME: welcome,
    Place.CHATS: linking.show,
    Place.PEOPLE: people.show,
    Place.LABEL: people.ask_label,
    Place.MINE: doubt.mine,
    Place.WISH: wishes.again,
    Place.WISH_COUNTRY: wishes.again,
    Place.WISH_LANGUAGE: wishes.again,
    Place.WISH_ORIGIN: wishes.again,
    Place.NEED: goods.again,
    Place.THANKS: team_cards.ask_how_it_was,
    Place.CHANGES: lambda exchange: changes(exchange, (exchange.state.guide,)),
    Place.DELETE: stopping.delete,
    Place.DAY: lambda exchange: telling.ask(exchange, (exchange.state.guide, exchange.state.step)),
    Place.NEWS: news.home,
    Place.NOTICE_LIST: lambda exchange: news.notices(exchange, (str(exchange.state.page),)),
    Place.NOTICE: lambda exchange: news.notice(exchange, (str(exchange.state.notice or 0),)),
    Place.TOWN: following.again,
    Place.PLACES: following.again,
    Place.TOPICS: following.topics,
    Place.SERIES: daily.again,
    Place.OCCASIONS: occasions.listed,
    Place.OCCASION: occasions.again,
    Place.EVENT: gathering_acts.again,
    Place.EVENT_PLACE: gathering_acts.again,
    Place.EVENTS: gathering_acts.listed,
    Place.SURVEY_INTRO: survey_acts.again,
    Place.SURVEY: survey_acts.again,
    Place.SHARE: lambda exchange: walking.share(exchange, (exchange.state.guide, exchange.state.step)),
}
