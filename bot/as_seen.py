"""A step as a person sees it, for the desk: the same card, composed in the same way."""

from __future__ import annotations

from bot import step_cards
from bot.compose import compose
from bot.world import World
from desk.canned import Seen
from flows.effects import Show
from flows.model import FlowId, StepId


def as_seen(world: World, guide_id: str, step: str, locale: str) -> Seen | None:
    """The message and what stands on its buttons; None where there is no such step (any more)."""
    guide, shown = world.guide(guide_id), world.steps.get((guide_id, step))
    if guide is None or shown is None:
        return None
    card = step_cards.step(world, guide, shown, Show(FlowId(guide_id), StepId(step), 0, 0))
    # Nobody presses these buttons, so they are signed for no address.
    message = compose(world, locale, card, screen=0, address_id=0)
    lines = tuple(paragraph.text for paragraph in message.paragraphs)
    return Seen(lines, tuple(button.label for row in message.rows for button in row))
