"""Walking a guide: events go to the engine, its effects become cards and requests."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from bot import gathering_acts, links, reminders, requests, screens, step_cards, terms
from bot.actions import Act
from bot.cards import Card, Line, Msg, key, text
from bot.exchange import Asked, Exchange
from bot.state import Place
from content.schema import DoStep, EndStep, Guide, PersonStep
from flows.effects import Effect, Ended, LeftAtStart, Moved, OpenRequest, Show, Stale
from flows.engine import FlowError, Turn, advance, begin
from flows.events import Event, Returned
from flows.model import FlowId, StepId


def open_intro(exchange: Exchange, guide_id: str, *, edits: bool = True) -> None:
    """Show a guide's intro card; where the guide is gone or broken, home with one line why."""
    guide = exchange.world.guide(guide_id)
    if guide is None:
        exchange.show(screens.at_home(exchange), Place.HOME)
        exchange.lead(text("bot.intro.broken", "safety"))
        return
    begun = any(run.flow == guide_id for run in exchange.state.session.runs[:1])
    today = exchange.world.today(exchange.now)
    card = step_cards.intro(exchange.world, guide, exchange.person.locale, today, begun=begun)
    card = replace(card, lines=(*card.lines, *terms.of_guide(exchange, guide)))
    exchange.show(replace(card, edits=edits), Place.INTRO, guide=guide_id)


def open_wanted(exchange: Exchange) -> None:
    """Open what a link named: an event, a guide's intro, or one of its steps to be read, with the way to begin."""
    guide_id, step = exchange.state.wanted
    exchange.state = replace(exchange.state, wanted=())
    if guide_id == links.EVENT:
        gathering_acts.show(exchange, (step,))
        return
    open_intro(exchange, guide_id, edits=False)
    shown = exchange.world.steps.get((guide_id, step))
    guide = exchange.world.guide(guide_id)
    if guide is not None and shown is not None:
        card = step_cards.step(exchange.world, guide, shown, Show(FlowId(guide_id), StepId(step), 0, 0))
        exchange.cards[-1] = replace(card, rows=exchange.cards[-1].rows)


def start(exchange: Exchange, guide_id: str) -> None:
    """Begin a guide. A guide that was begun already goes on where it was, so an old Start button loses nothing."""
    run = next(iter(exchange.state.session.runs), None)
    if run is not None and run.flow == guide_id:
        go(exchange, Returned())
    elif exchange.world.guide(guide_id) is None:
        open_intro(exchange, guide_id)
    else:
        _apply(
            exchange,
            begin(exchange.world.library, FlowId(guide_id), exchange.profile, exchange.state.session, exchange.now),
        )


def go(exchange: Exchange, event: Event, *, note: Line | None = None) -> None:
    """Give the engine an event and say what follows from it. note: a line before the step that is shown.

    A guide that has become broken or is gone is left, with one line why; everything else works on.
    """
    try:
        turn = advance(exchange.world.library, exchange.state.session, event, exchange.profile, exchange.now)
    except FlowError:
        exchange.state = replace(exchange.state, session=replace(exchange.state.session, runs=()))
        open_intro(exchange, "")
        return
    if not turn.effects:
        exchange.show(screens.at_home(exchange), Place.HOME)
        return
    changed = _changed_since(exchange)
    _apply(exchange, turn)
    notes = [line for line in (changed, note) if line is not None]
    if notes:
        exchange.lead(*notes)


def _changed_since(exchange: Exchange) -> Line | None:
    """One line on what changed in the guide since the person was last here; said once, with the next step."""
    run = exchange.state.session.run
    guide = exchange.world.guide(run.flow) if run else None
    if guide is None:
        return None
    positions = exchange.world.changes_since(guide, exchange.state.session.seen_at)
    if not positions:
        return None
    newest = guide.changes[positions[0]]
    words = Msg(f"{guide.id}.change-{positions[0] + 1}.text")
    return text("bot.welcome.change", "changed", date=newest.date, text=words)


def _apply(exchange: Exchange, turn: Turn) -> None:
    exchange.state = replace(exchange.state, session=turn.session)
    opened: list[Line] = []
    led: list[Line] = []
    for effect in turn.effects:
        _feel(exchange, effect, opened, led)
    if opened:
        exchange.cards[-1] = replace(exchange.cards[-1], lines=(*exchange.cards[-1].lines, *opened))
    if led and exchange.cards:
        exchange.lead(*led)


def _feel(exchange: Exchange, effect: Effect, opened: list[Line], led: list[Line]) -> None:
    match effect:
        case Show():
            _show(exchange, effect)
        case OpenRequest():
            asked = Asked(
                effect.type,
                exchange.person.locale,
                effect.flow,
                effect.step,
                dict(effect.answers),
                dict(effect.sensitive),
            )
            opened += requests.open_for(exchange, asked)
        case Stale():
            led.append(text("bot.notice.stale", "safety"))
            if exchange.state.session.run is None:
                exchange.show(screens.at_home(exchange), Place.HOME)
        case Moved():
            led.append(text("bot.notice.moved", "changed"))
        case LeftAtStart():
            open_intro(exchange, effect.flow)
        case Ended():
            exchange.state = replace(exchange.state, place=Place.END, base=Place.END)
        case _:
            assert_never(effect)


def _show(exchange: Exchange, show: Show) -> None:
    exchange.show(_step_card(exchange, show), Place.STEP, guide=show.flow, step=show.step)


def _step_card(exchange: Exchange, show: Show) -> Card:
    guide = exchange.world.pack.guides[show.flow]
    shown = exchange.world.steps[show.flow, show.step]
    lines, keys = terms.on_step(exchange, guide, shown)
    if isinstance(shown, DoStep) and _link(exchange, guide.id, shown.id):
        keys.append(key(Act.SHARE, "bot.share.step", "share", guide.id, shown.id))
    if isinstance(shown, EndStep) and exchange.saves:
        keys += reminders.at_end(exchange.world, guide.id, shown.id)
    card = step_cards.step(exchange.world, guide, shown, show, keys)
    card = replace(card, lines=(*card.lines, *lines))
    if isinstance(shown, EndStep) and shown.feedback and guide.id not in exchange.state.rated:
        card = replace(
            card, lines=(*card.lines, text("bot.feedback.ask")), rows=(*step_cards.rating(guide), *card.rows)
        )
    if isinstance(shown, PersonStep) and show.again:
        card = replace(card, lines=(*card.lines, *requests.standing(exchange, shown.person)))
    return card


def share(exchange: Exchange, args: tuple[str, ...]) -> None:
    """A link to a step, for somebody else; from a button of weeks ago too."""
    guide_id, step = args
    guide, shown = exchange.world.guide(guide_id), exchange.world.steps.get((guide_id, step))
    link = _link(exchange, guide_id, step)
    if guide is None or shown is None or not link:
        open_intro(exchange, guide_id)
        exchange.lead(text("bot.step.no_more"))
        return
    exchange.show(step_cards.share(guide, shown, link), Place.SHARE, guide=guide_id, step=step)


def _link(exchange: Exchange, guide_id: str, step: str) -> str:
    return links.to_step(exchange.world, exchange.channel, exchange.locale, guide_id, step)


def open_step(exchange: Exchange, guide_id: str, step: str) -> None:
    """A step to be read, with the way to begin; where somebody stands in a guide does not change."""
    exchange.state = replace(exchange.state, wanted=(guide_id, step))
    open_wanted(exchange)


def back_to(exchange: Exchange, guide_id: str) -> None:
    """From what stands beside a guide back to where the person is in it, to its ending, or to its intro."""
    if exchange.state.session.run is not None:
        go(exchange, Returned())
    elif exchange.state.base is Place.END:
        show_end(exchange)
    else:
        open_intro(exchange, guide_id)


def show_end(exchange: Exchange) -> None:
    """A guide's last words once more. A handoff opens no second request."""
    state = exchange.state
    flow = exchange.world.library.get(FlowId(state.guide))
    step = flow.steps.get(StepId(state.step)) if flow else None
    if step is None or not step.ending:  # gone since, or an old button led to another step meanwhile
        exchange.show(screens.at_home(exchange), Place.HOME)
        return
    exchange.show(_step_card(exchange, Show(FlowId(state.guide), StepId(state.step), 0, 0, again=True)), Place.END)


def current(exchange: Exchange) -> Show | None:
    """Where the person stands in a guide, without moving; None outside of guides."""
    if exchange.state.session.run is None:
        return None
    turn = advance(exchange.world.library, exchange.state.session, Returned(), exchange.profile, exchange.now)
    return next((effect for effect in turn.effects if isinstance(effect, Show)), None)


def rate(exchange: Exchange, guide_id: str, value: str) -> None:
    """Count feedback once per guide; a bad rating offers a person."""
    if guide_id not in exchange.state.rated:
        exchange.memory.rate(guide_id, value)
        exchange.state = replace(exchange.state, rated=(*exchange.state.rated, guide_id))
    exchange.show(screens.at_home(exchange), Place.HOME)
    exchange.lead(text("bot.feedback.sorry" if value == "bad" else "bot.feedback.thanks", "ok"))


def guide_of(exchange: Exchange) -> Guide | None:
    """The guide of the outermost run."""
    runs = exchange.state.session.runs
    return exchange.world.guide(runs[0].flow) if runs else None
