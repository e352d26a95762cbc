"""Do the ids in a guide name something? Within the guide, and in the tables of its country."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from content.fields import Where
from content.problems import Problem
from content.schema import BranchStep, CallStep, EndStep, Guide, Step

STEP_FIELDS = frozenset({"title", "text", "more", "warning"})  # a choice with such an id would take the field's key
GUIDE_PARTS = frozenset({"guide", "intro"})
PART_PREFIXES = ("fact-", "paper-", "card-", "change-", "deadline-")
LINK_WORDS = frozenset({"bot", "desk", "event", "invite", "occasions"})  # taken by texts and deep links

Fault = tuple[Where, str]


def problems_within(guide: Guide) -> Iterator[Problem]:
    """Find ids that are doubled, reserved, or name nothing in this guide; and days out of order."""
    faults = (*_ids(guide), *_facts_and_cards(guide), *_days(guide))
    return (Problem(guide.origin.file, guide.origin.line(*where), text) for where, text in faults)


def problems_across(
    guide: Guide, sources: Collection[str], icons: Collection[str], places: Collection[str]
) -> Iterator[Problem]:
    """Find sources, icons and places that the tables of the country do not have."""
    faults = [*_named(("icon",), [guide.icon], icons, "icon")]
    for id_, fact in guide.facts.items():
        faults += _named(("facts", id_, "sources"), fact.sources, sources, "source")
        faults += _named(("facts", id_, "icon"), [fact.icon] if fact.icon else [], icons, "icon")
    for index, step in enumerate(guide.steps):
        if not isinstance(step, BranchStep | CallStep):
            faults += _named(("steps", index, "places"), step.places, places, "place")
    return (Problem(guide.origin.file, guide.origin.line(*where), text) for where, text in faults)


def _named(where: Where, ids: Iterable[str], known: Collection[str], what: str) -> Iterator[Fault]:
    return ((where, f"there is no {what} {name!r}") for name in ids if name not in known)


def _doubled(where: Where, ids: Iterable[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, name in enumerate(ids):
        if name in seen:
            yield (*where, index), f"the id {name!r} stands twice"
        seen.add(name)


def _ids(guide: Guide) -> Iterator[Fault]:
    if guide.id in LINK_WORDS:
        yield ("guide",), f"the id {guide.id!r} is reserved"
    yield from _doubled(("steps",), (step.id for step in guide.steps))
    yield from _doubled(("papers",), (paper.id for paper in guide.papers))
    yield from _doubled(("deadlines",), (deadline.id for deadline in guide.deadlines))
    for index, step in enumerate(guide.steps):
        if step.id in GUIDE_PARTS or step.id.startswith(PART_PREFIXES):
            yield ("steps", index), f"the id {step.id!r} is reserved, or begins like the key of another part"
        yield from _choice_ids(index, step)


def _choice_ids(index: int, step: Step) -> Iterator[Fault]:
    choices = () if isinstance(step, BranchStep | CallStep | EndStep) else step.choices
    yield from _doubled(("steps", index, "choices"), (choice.id for choice in choices))
    for position, choice in enumerate(choices):
        if choice.id in STEP_FIELDS:
            yield ("steps", index, "choices", position), f"the id {choice.id!r} is reserved"


def _facts_and_cards(guide: Guide) -> Iterator[Fault]:
    yield from _named(("intro", "facts"), guide.intro.facts, guide.facts, "fact")
    if guide.rules:
        named = (guide.rules.fact, *guide.rules.replaces)
        yield from _named(("rules",), named, guide.facts, "fact")
    lists: Mapping[str, Iterable[tuple[int, str | None]]] = {
        "papers": enumerate(paper.fact for paper in guide.papers),
        "deadlines": enumerate(deadline.fact for deadline in guide.deadlines),
    }
    for part, facts in lists.items():
        for index, fact in facts:
            yield from _named((part, index, "fact"), [fact] if fact else [], guide.facts, "fact")
    for index, step in enumerate(guide.steps):
        if isinstance(step, BranchStep | CallStep):
            continue
        yield from _named(("steps", index, "facts"), step.facts, guide.facts, "fact")
        yield from _named(("steps", index, "more_facts"), step.more_facts, guide.facts, "fact")
        cards = [step.clerk_card] if step.clerk_card else []
        yield from _named(("steps", index, "clerk_card"), cards, guide.clerk_cards, "clerk card")
        asked = [step.asks_date] if step.asks_date else []
        yield from _named(("steps", index, "asks_date"), asked, _asking(guide), "deadline with asks and what")


def _asking(guide: Guide) -> list[str]:
    return [deadline.id for deadline in guide.deadlines if deadline.asks and deadline.what]


def _days(guide: Guide) -> Iterator[Fault]:
    if guide.review_by < guide.checked_on:
        yield ("review_by",), "the review lies before the day of the check"
    steps = {step.id for step in guide.steps} | guide.moved.keys()
    for index, change in enumerate(guide.changes):
        if index and change.date < guide.changes[index - 1].date:
            yield ("changes", index, "date"), "changes stand in the order of their days, the newest last"
        yield from _named(("changes", index, "steps"), change.steps, steps, "step")
