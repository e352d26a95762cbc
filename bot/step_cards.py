"""The cards of a guide: intro, papers, a step, what stands behind More, the card for the clerk, what changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.actions import Act, Action
from bot.cards import Card, Icon, Key, Line, Local, Msg, key, quiet, text, title
from bot.channels.outgoing import Style
from bot.world import World
from content.occasions import Occasions
from content.parts import Paper
from content.schema import DoStep, EndStep, Fact, Guide, Shown
from flows.effects import Show
from i18n.serbian import to_latin

MORE_ICON, CARD_ICON, PERSON_ICON = "more", "card", "person"


def fact_line(domain: str, fact_id: str, fact: Fact) -> Line:
    """A fact as strong as it is: official plainly, check with "check first", weak and unknown as not known.

    domain: of its texts: the guide's id, or that of the occasions.
    """
    if not fact.shown:
        topic = Msg(f"{domain}.fact-{fact_id}.topic")
        return Line((Msg("bot.step.not_known", {"topic": topic}),), icon="unknown")
    words = Msg(f"{domain}.fact-{fact_id}.text")
    if fact.strength == "check":
        return Line((words, Icon("check"), Msg("bot.step.check")), icon=fact.icon)
    return Line((words,), icon=fact.icon)


def fact_lines(world: World, guide: Guide, ids: tuple[str, ...]) -> list[Line]:
    """The lines of several facts."""
    return [fact_line(guide.id, id, fact) for id, fact in world.facts(guide, ids)]


def checked(of: Guide | Occasions, today: date) -> Line:
    """When the facts were read or confirmed; past the review date that comes as a warning."""
    if today > of.review_by:
        return text("bot.intro.overdue", "safety", date=of.checked_on)
    if of.owner:
        return quiet("bot.intro.confirmed", "ok", date=of.checked_on, owner=of.owner)
    return quiet("bot.intro.read_on", "info", date=of.checked_on)


def intro(world: World, guide: Guide, locale: str, today: date, *, begun: bool) -> Card:
    """What one gets, for whom, how many steps, the facts that matter, and how sure all this is."""
    lines = [
        title(f"{guide.id}.guide.title", guide.icon),
        *fact_lines(world, guide, guide.live),
        text(f"{guide.id}.intro.gives"),
        text(f"{guide.id}.intro.for_whom"),
    ]
    if steps := world.lengths[guide.id]:
        lines.append(text("bot.intro.steps", "steps", count=steps))
    lines += [*fact_lines(world, guide, guide.intro.facts), checked(guide, today)]
    if locale != "en" and world.catalog.checked(locale, guide.id) is None:
        lines.append(quiet("bot.intro.unchecked", "info"))
    again = (key(Act.CONTINUE, "bot.welcome.continue", "next"), key(Act.RESTART, "bot.welcome.restart", "restart"))
    rows: list[tuple[Key, ...]] = [again] if begun else [(_start(guide),)]
    rows += [(key(Act.PAPERS, "bot.intro.papers", "papers", guide.id),)] if guide.papers else []
    return Card(tuple(lines), tuple(rows))


def _start(guide: Guide) -> Key:
    return key(Act.START, "bot.intro.start", "next", guide.id)


def papers(guide: Guide, ready: frozenset[str] | None, *, begun: bool) -> Card:
    """What to bring, numbered, each with its name at the counter in both scripts.

    ready: ids of the papers that are ticked; None for who did not agree to saving: then there is nothing to tick.
    """
    lines = [title("bot.intro.papers_title", "papers"), _how_many(guide, ready)]
    for number, paper in enumerate(guide.papers, 1):
        words = Msg(f"{guide.id}.paper-{paper.id}.text")
        lines.append(Line((Local(f"{number}."), words), icon=_box(paper, ready)))
        if paper.local:
            lines.append(Line((Local(f"{to_latin(paper.local)} / {paper.local}"),), Style.QUIET))
    rows = [(_keep_ticks(),)] if ready is None else [(_tick(guide, paper, ready),) for paper in guide.papers]
    way_on = key(Act.CONTINUE, "bot.welcome.continue", "next") if begun else _start(guide)
    return Card(tuple(lines), (*rows, (way_on,)))


def _how_many(guide: Guide, ready: frozenset[str] | None) -> Line:
    if ready is None:
        return quiet("bot.papers.unsaved", "privacy")
    done = sum(paper.id in ready for paper in guide.papers)
    if done == len(guide.papers):
        return text("bot.papers.all", "ok")
    return text("bot.papers.ready", None, done=done, count=len(guide.papers))


def _keep_ticks() -> Key:
    return key(Act.CONSENT, "bot.papers.keep", "done", "full")


def _tick(guide: Guide, paper: Paper, ready: frozenset[str]) -> Key:
    """The button says the other state, so pressing it twice is as good as once."""
    label = Msg(f"{guide.id}.paper-{paper.id}.{'label' if paper.label else 'text'}")
    turned = "0" if paper.id in ready else "1"
    return Key(Action(Act.TICK, (guide.id, paper.id, turned)), label, _box(paper, ready))


def _box(paper: Paper, ready: frozenset[str] | None) -> str:
    if ready is None:
        return "paper"
    return "done" if paper.id in ready else "open"


def step(world: World, guide: Guide, shown: Shown, show: Show, beside: Iterable[Key] = ()) -> Card:
    """One step: where it stands, what to do or answer, its facts, and its buttons. beside: more buttons of it."""
    lines = [_heading(guide, show), title(f"{guide.id}.{shown.id}.title")]
    if shown.id == guide.steps[0].id:
        lines += fact_lines(world, guide, guide.live)
    if shown.text:
        lines.append(text(f"{guide.id}.{shown.id}.text"))
    lines += fact_lines(world, guide, shown.facts)
    if shown.warning:
        lines.append(text(f"{guide.id}.{shown.id}.warning", "safety"))
    choices = () if isinstance(shown, EndStep) else shown.choices
    rows: list[tuple[Key, ...]] = [(_answer(guide, shown, show, choice.id),) for choice in choices]
    extras = []
    if shown.clerk_card:
        extras.append(key(Act.CARD, "bot.step.card", CARD_ICON, guide.id, shown.id))
    if has_more(guide, shown):
        extras.append(key(Act.MORE, "bot.step.more", MORE_ICON, guide.id, shown.id))
    extras += beside
    rows += [tuple(extras[first : first + 2]) for first in range(0, len(extras), 2)]
    if isinstance(shown, DoStep):
        rows.append((key(Act.PERSON, "bot.step.stuck", PERSON_ICON, "step_help"),))
    return Card(tuple(lines), tuple(rows))


def _heading(guide: Guide, show: Show) -> Line:
    name = Msg(f"{guide.id}.guide.title")
    if not show.number:
        return Line((Msg("bot.step.plain_heading", {"guide": name}),), Style.QUIET, guide.icon)
    dots = "●" * show.number + "○" * (show.of - show.number)
    heading = Msg("bot.step.heading", {"guide": name, "number": show.number, "count": show.of})
    return Line((heading, Local(dots)), Style.QUIET, guide.icon)


def _answer(guide: Guide, shown: Shown, show: Show, choice: str) -> Key:
    action = Action(Act.ANSWER, (str(show.run), str(show.visit), choice))
    return Key(action, Msg(f"{guide.id}.{shown.id}.{choice}"), choice if choice == "done" else None)


def has_more(guide: Guide, shown: Shown) -> bool:
    """Whether anything stands behind More: further words or facts, or sources of what is on the card."""
    return bool(shown.more or shown.more_facts or any(guide.facts[id].shown for id in shown.facts))


def more(world: World, guide: Guide, shown: Shown, today: date) -> Card:
    """Why, the further facts, and where everything on the step was read."""
    lines = [title("bot.step.more_title", MORE_ICON)]
    if shown.more:
        lines.append(text(f"{guide.id}.{shown.id}.more"))
    lines += fact_lines(world, guide, shown.more_facts)
    named = dict.fromkeys(
        source
        for _, fact in world.facts(guide, shown.facts + shown.more_facts)
        if fact.shown
        for source in fact.sources
    )
    lines += [_source(world, source) for source in named]
    lines.append(checked(guide, today))
    return Card(tuple(lines), ((key(Act.CONTINUE, "bot.welcome.continue", "next"),),))


def _source(world: World, source_id: str) -> Line:
    source = world.pack.sources[source_id]
    when: Msg | str = Msg("bot.step.undated")
    if source.date != "undated":
        day: str | date = date.fromisoformat(source.date) if len(source.date) == len("2024-05-16") else source.date
        when = Msg("bot.step.from", {"date": day})
    return quiet("bot.step.source", "paper", title=source.title, address=source.address, date=when)


def clerk_card(guide: Guide, shown: Shown) -> Card:
    """Big and clean, to be held up at a counter: the request in both scripts, and what it means."""
    card = guide.clerk_cards[shown.clerk_card or ""]
    lines = (
        title("bot.step.show_card", CARD_ICON),
        Line((Local(card.local),), Style.CARD),
        Line((Local(to_latin(card.local)),), Style.CARD),
        text("bot.step.card_means", gloss=Msg(f"{guide.id}.card-{shown.clerk_card}.gloss")),
    )
    return Card(lines, ((key(Act.CONTINUE, "bot.welcome.continue", "next"),),))


def share(guide: Guide, shown: Shown, link: str) -> Card:
    """A link to a step, to be sent on. It names the step and nothing of the person."""
    lines = (
        title("bot.share.title", "share"),
        text(f"{guide.id}.{shown.id}.title"),
        Line((Local(link),)),
        quiet("bot.share.nothing", "privacy"),
    )
    return Card(lines, ((key(Act.CONTINUE, "bot.welcome.continue", "next"),),))


def changes(guide: Guide, positions: list[int]) -> Card:
    """What has changed in the guide, newest first."""
    lines = [title("bot.welcome.changes_title", "changed")]
    lines += [_change(guide, n) for n in positions]
    return Card(tuple(lines), ((key(Act.CONTINUE, "bot.welcome.continue", "next"),),))


def _change(guide: Guide, position: int) -> Line:
    words = Msg(f"{guide.id}.change-{position + 1}.text")
    return text("bot.welcome.change", date=guide.changes[position].date, text=words)


def welcome(guide: Guide, show: Show, positions: list[int]) -> Card:
    """After days: where they were, what changed meanwhile, and the way on."""
    name = Msg(f"{guide.id}.guide.title")
    lines = [title("bot.welcome.title")]
    if show.number:
        lines.append(text("bot.welcome.place", guide.icon, guide=name, number=show.number, count=show.of))
    else:
        lines.append(text("bot.welcome.place_question", guide.icon, guide=name))
    rows = [(key(Act.CONTINUE, "bot.welcome.continue", "next"),)]
    if positions:
        lines.append(text("bot.welcome.updated", "changed", date=guide.changes[positions[0]].date))
        lines.append(_change(guide, positions[0]))
        rows.append((key(Act.CHANGES, "bot.welcome.changed", "changed", guide.id),))
    rows.append((key(Act.RESTART, "bot.welcome.restart", "restart"),))
    return Card(tuple(lines), tuple(rows))


def rating(guide: Guide) -> tuple[tuple[Key, ...], ...]:
    """The three buttons after the last step."""
    return tuple(
        (key(Act.FEEDBACK, f"bot.feedback.{value}", value, guide.id, value),) for value in ("good", "middling", "bad")
    )
